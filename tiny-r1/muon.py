"""Muon for the matrices (Jordan et al., 2024): momentum whose update is made orthogonal; AdamW for the embedding and the gains."""

import torch


def orthogonal(g, steps=5):
    """The nearest orthogonal matrix, nearly, by Newton-Schulz; for a stack of matrices [n, rows, columns] at once."""
    a, b, c = 3.4445, -4.7750, 2.0315
    wide = g.shape[-2] > g.shape[-1]
    x = g.transpose(-2, -1) if wide else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        y = x @ x.transpose(-2, -1)
        x = a * x + (b * y + c * (y @ y)) @ x
    return x.transpose(-2, -1) if wide else x


class Muon(torch.optim.Optimizer):
    """`stacks`: how many matrices lie one above the other in a parameter (3 in qkv, 2 in gate_up)."""

    def __init__(self, groups, lr=0.02, momentum=0.95, decay=0.0):
        super().__init__(groups, {"lr": lr, "momentum": momentum, "decay": decay, "stacks": 1})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            stacks, lr = group["stacks"], group["lr"]
            params = group["params"]
            for p in params:
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
            looking = [p.grad.lerp(self.state[p]["momentum"], group["momentum"]) for p in params]
            rows, columns = params[0].shape
            rows //= stacks
            update = orthogonal(torch.cat([u.view(stacks, rows, columns) for u in looking]))
            scale = lr * max(1, rows / columns) ** 0.5
            for p, u in zip(params, update.split(stacks)):
                p.mul_(1 - lr * group["decay"]).sub_(u.reshape(p.shape), alpha=scale)


def optimizers(model, matrix_lr, other_lr, decay):
    """Muon and AdamW over a model's parameters; each group remembers its peak rate as `peak`."""
    by_name = {}
    for name, p in model.named_parameters():
        by_name.setdefault(name.split(".")[-1], []).append(p)
    stacks = {"qkv": 3, "gate_up": 2, "wo": 1, "down": 1}
    muon = Muon([{"params": by_name[n], "stacks": s} for n, s in stacks.items()], lr=matrix_lr, decay=decay)
    adam = torch.optim.AdamW(by_name["embed"] + by_name["gain"], lr=other_lr, betas=(0.9, 0.95), weight_decay=0.0)
    for optimizer in (muon, adam):
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return [muon, adam]
