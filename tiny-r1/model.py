"""The transformer: pre-norm, RMSNorm, rotary positions, SwiGLU, tied embedding, no biases (the file's format: export.py)."""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Config:
    vocab: int
    dim: int = 128
    layers: int = 4
    heads: int = 4
    hidden: int = 344
    context: int = 512
    theta: float = 10000.0
    eps: float = 1e-5


class Norm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.gain, self.eps = nn.Parameter(torch.ones(dim)), eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.gain


class Layer(nn.Module):
    """`qkv` holds wq, wk and wv one above the other, `gate_up` gate and up: two large products instead of five small ones."""

    def __init__(self, c: Config):
        super().__init__()
        self.heads = c.heads
        self.norm1, self.norm2 = Norm(c.dim, c.eps), Norm(c.dim, c.eps)
        self.qkv = nn.Parameter(torch.randn(3 * c.dim, c.dim) / math.sqrt(c.dim))
        self.wo = nn.Parameter(torch.randn(c.dim, c.dim) / math.sqrt(c.dim * 2 * c.layers))
        self.gate_up = nn.Parameter(torch.randn(2 * c.hidden, c.dim) / math.sqrt(c.dim))
        self.down = nn.Parameter(torch.randn(c.dim, c.hidden) / math.sqrt(c.hidden * 2 * c.layers))

    def forward(self, x, cos, sin, mask, cache=None):
        b, t, d = x.shape
        q, k, v = F.linear(self.norm1(x), self.qkv).view(b, t, 3 * self.heads, -1).transpose(1, 2).chunk(3, dim=1)
        q, k = turn(q, cos, sin), turn(k, cos, sin)
        if cache is not None:
            k, v = cache.put(self, k, v)
        # For a single token a product by elements is several times faster than many tiny matrix products.
        scores = (k * q).sum(-1).unsqueeze(2) if t == 1 else q @ k.transpose(2, 3)
        weights = (scores / math.sqrt(q.shape[-1]) + mask).softmax(-1)
        mixed = (weights.transpose(2, 3) * v).sum(2) if t == 1 else (weights @ v).transpose(1, 2)
        x = x + F.linear(mixed.reshape(b, t, d), self.wo)
        gate, up = F.linear(self.norm2(x), self.gate_up).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, self.down)


def turn(x, cos, sin):
    """Rotary positions, "rotate half"."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


class Tiny(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.embed = nn.Parameter(torch.randn(config.vocab, config.dim) * 0.02)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = Norm(config.dim, config.eps)
        half = config.dim // config.heads // 2
        angles = torch.outer(torch.arange(config.context).float(), config.theta ** (-torch.arange(half).float() / half))
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def hidden(self, ids):
        """What the last norm gives at each position, for whole sequences that begin at position 0."""
        t = ids.shape[1]
        mask = torch.full((t, t), -1e9).triu(1)
        x = F.embedding(ids, self.embed)
        for layer in self.layers:
            x = layer(x, self.cos[:t], self.sin[:t], mask)
        return self.norm(x)

    def logits(self, hidden):
        return F.linear(hidden, self.embed)

    def forward(self, ids):
        return self.logits(self.hidden(ids))

    def step(self, ids, positions, mask, cache):
        """One more token for each sequence of a batch (`ids` [batch, t]), with what the cache holds of those before."""
        cos, sin = self.cos[positions].unsqueeze(1), self.sin[positions].unsqueeze(1)
        x = F.embedding(ids, self.embed)
        for layer in self.layers:
            x = layer(x, cos, sin, mask, cache)
        return self.logits(self.norm(x[:, -1]))


def save(path, model, **more):
    torch.save({"config": asdict(model.config), "model": model.state_dict(), **more}, path)


def load(path):
    saved = torch.load(path, map_location="cpu")
    model = Tiny(Config(**saved["config"]))
    model.load_state_dict(saved["model"])
    return model, saved
