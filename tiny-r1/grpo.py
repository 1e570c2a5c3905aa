"""Stage 2: group-relative policy optimisation (Shao et al., 2024) on problems of the training split, from the supervised model.

A group of samples of one problem; advantage (r - mean) / std within the group; reward 1 for a right answer and 0.1 for the form.
Each batch is used once, so the ratio is 1 and the clipped objective is the plain policy gradient; a small KL holds the model near
the supervised one.
"""

import argparse
import os
import random
import re
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from batches import padded
from model import load, save
from pair import RANKS, launch, shared_gradients, summed
from problems import HARD, problem
from sampling import sample
from tokens import END, Tokens

# Where a group differs only in form, its small differences stay small; else form outweighs what is right.
FLOOR = 0.2
HERE = Path(__file__).parent


def reward(made, ids, text):
    """1 for a right answer, and 0.1 for one block of thinking, an answer as it was asked for, and an end."""
    form = re.fullmatch(r"<think>[^<]*</think>The answer is (\\boxed\{[^{}]+\}|[^{}\\]+)\.", text, re.S)
    return float(made.correct(text)) + 0.1 * bool(form and ids[-1] == END and (r"\boxed" in text) == made.boxed)


def log_probs(model, inputs, targets, mask):
    return -F.cross_entropy(model.logits(model.hidden(inputs)[mask]), targets[mask], reduction="none")


def rollout(model, tokens, problems, group, temperature, generator):
    """Encoded samples of groups that differ in reward, their advantages, and the mean rewards of all."""
    prompts = [tokens.prompt(made.question) for made in problems]
    said = sample(model, [p for p in prompts for _ in range(group)], temperature, 280, generator)
    examples, advantages, right, formed = [], [], 0, 0
    for i, made in enumerate(problems):
        own = said[i * group : (i + 1) * group]
        rewards = torch.tensor([reward(made, ids, tokens.decode(ids)) for ids in own])
        right, formed = right + (rewards >= 1).sum().item(), formed + (rewards % 1 > 0.05).sum().item()
        if rewards.std() > 0.01:
            examples += [(prompts[i] + ids, [False] * len(prompts[i]) + [True] * len(ids)) for ids in own]
            advantages += ((rewards - rewards.mean()) / (rewards.std() + FLOOR)).tolist()
    return examples, torch.tensor(advantages), right, formed, sum(map(len, said))


def train(rank, a):
    tokens = Tokens.load()
    model, first = load(a.start)[0], 0
    before, _ = load(a.start)
    if os.path.exists(a.out):
        model, saved = load(a.out)
        first = saved["step"]
    optimizer = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.95), weight_decay=0.0)
    if first:
        optimizer.load_state_dict(saved["optimizer"])
    if rank == 0:
        print(vars(a), flush=True)
    began, told = time.time(), []
    for step in range(first, min(a.steps, a.stop)):
        rng = random.Random(f"grpo {a.seed}:{step}:{rank}")
        generator = torch.Generator().manual_seed(rng.randrange(2**31))
        problems = [problem(rng, mix=HARD) for _ in range(a.problems // RANKS)]
        examples, advantages, right, formed, length = rollout(model, tokens, problems, a.group, a.temperature, generator)
        (learned,) = summed(sum(sum(flags) for _, flags in examples))
        optimizer.zero_grad()
        model.embed.grad = torch.zeros_like(model.embed)
        kl = 0.0
        for at in range(0, len(examples), 64):
            inputs, targets, mask = padded(examples[at : at + 64])
            new = log_probs(model, inputs, targets, mask)
            with torch.no_grad():
                gap = log_probs(before, inputs, targets, mask)
            gap = gap - new
            divergence = gap.exp() - gap - 1
            weight = advantages[at : at + 64, None].expand_as(mask)[mask]
            ((a.beta * divergence - weight * (new - new.detach()).exp()).sum() / learned).backward()
            kl += divergence.sum().item()
        for p in model.parameters():
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
        shared_gradients(model)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = a.lr * min(1, (step + 1) / 10) * (1 - 0.9 * step / a.steps)
        optimizer.step()
        count = a.problems * a.group
        told.append(summed(right / count, formed / count, length / count, kl / max(1, learned), len(examples) / count))
        if (step + 1) % 10 == 0:
            right, formed, length, kl, used = (sum(x) / len(told) for x in zip(*told))
            told = []
            if rank == 0:
                figures = f"right {right:.3f} form {formed:.3f} tokens {length:.0f} kl {kl:.4f} used {used:.2f}"
                print(f"step {step + 1} {figures}, {(time.time() - began) / 60:.1f} min", flush=True)
        if rank == 0 and ((step + 1) % 20 == 0 or step + 1 == min(a.steps, a.stop)):
            save(f"{a.out}.new", model, step=step + 1, optimizer=optimizer.state_dict())
            os.replace(f"{a.out}.new", a.out)


def main():
    arg = argparse.ArgumentParser()
    arg.add_argument("--start", default=str(HERE / "work" / "sft.pt"))
    arg.add_argument("--out", default=str(HERE / "work" / "grpo.pt"))
    arg.add_argument("--steps", type=int, default=150)
    arg.add_argument("--stop", type=int, default=10**9)
    arg.add_argument("--problems", type=int, default=16, help="in a batch")
    arg.add_argument("--group", type=int, default=8, help="samples of a problem")
    arg.add_argument("--temperature", type=float, default=1.0)
    arg.add_argument("--lr", type=float, default=2e-4)
    arg.add_argument("--beta", type=float, default=0.02)
    arg.add_argument("--seed", type=int, default=1)
    a = arg.parse_args()
    Path(f"{a.out}.meet").unlink(missing_ok=True)
    launch(train, a)


if __name__ == "__main__":
    main()
