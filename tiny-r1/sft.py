"""Stage 1: supervised traces. `python3 sft.py --steps N` goes on from the last checkpoint if there is one."""

import argparse
import math
import os
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from batches import batch
from export import read as read_exported
from model import Config, Tiny, load, save
from muon import optimizers
from pair import RANKS, launch, shared_gradients, summed
from problems import NARROW, WAYS, WIDE
from tokens import Tokens

MIXES = {"wide": WIDE, "narrow": NARROW, "ways": WAYS}
HERE = Path(__file__).parent


def rate(step, steps, warm=100):
    """Warm-up, then half a cosine down to 2 % of the peak."""
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm)))


def loss_of(model, inputs, targets, mask):
    """Summed loss of the learned tokens; the logits of the others are never computed."""
    return F.cross_entropy(model.logits(model.hidden(inputs)[mask]), targets[mask], reduction="sum")


def train(rank, a):
    torch.manual_seed(a.seed)
    tokens = Tokens.load()
    fresh = read_exported(a.start)[0] if a.start else Tiny(Config(vocab=len(tokens.vocab)))
    model, start, seen, spent = fresh, 0, 0, 0.0
    optimizing = optimizers(model, a.matrix_lr, a.lr, a.decay)
    if os.path.exists(a.out):
        model, saved = load(a.out)
        optimizing = optimizers(model, a.matrix_lr, a.lr, a.decay)
        for optimizer, state in zip(optimizing, saved["optimizers"]):
            optimizer.load_state_dict(state)
        start, seen, spent = saved["step"], saved["seen"], saved["spent"]
    elif rank == 0:
        print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {vars(a)}", flush=True)

    end = min(a.steps, a.stop)
    began, total, count = time.time() - spent, 0.0, 0
    for step in range(start, end):
        inputs, targets, mask = batch(tokens, a.seed, step, a.size, a.extras, MIXES[a.mix])
        loss = loss_of(model, *(x[rank::RANKS] for x in (inputs, targets, mask))) / mask.sum()
        for optimizer in optimizing:
            optimizer.zero_grad()
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate(step, a.steps)
        loss.backward()
        shared_gradients(model)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizing:
            optimizer.step()
        seen += inputs.numel()
        total, count = total + loss.item(), count + 1
        if (step + 1) % 50 == 0:
            (loss_sum,) = summed(total / count)
            elapsed = time.time() - began
            total, count = 0.0, 0
            if rank == 0:
                told = f"step {step + 1} loss {loss_sum:.4f}, {seen / 1e6:.2f} M tokens, {elapsed / 60:.1f} min"
                print(f"{told}, {seen / elapsed:.0f} tokens/s", flush=True)
        if rank == 0 and ((step + 1) % 200 == 0 or step + 1 == end):
            kept = {"optimizers": [o.state_dict() for o in optimizing], "step": step + 1, "seen": seen}
            save(f"{a.out}.new", model, **kept, spent=time.time() - began)
            os.replace(f"{a.out}.new", a.out)


def main():
    arg = argparse.ArgumentParser()
    arg.add_argument("--steps", type=int, default=5000)
    arg.add_argument("--size", type=int, default=32, help="problems in a batch")
    arg.add_argument("--matrix-lr", type=float, default=0.02)
    arg.add_argument("--lr", type=float, default=0.004)
    arg.add_argument("--decay", type=float, default=0.1)
    arg.add_argument("--extras", type=float, default=0.05, help="share of the judging and greeting examples")
    arg.add_argument("--mix", choices=MIXES, default="narrow")
    arg.add_argument("--seed", type=int, default=1)
    arg.add_argument("--stop", type=int, default=10**9, help="end here, though the schedule is for --steps")
    arg.add_argument("--start", help="begin with the weights of this exported file, with new optimizers")
    arg.add_argument("--out", default=str(HERE / "work" / "sft.pt"))
    a = arg.parse_args()
    Path(a.out).parent.mkdir(exist_ok=True)
    Path(f"{a.out}.meet").unlink(missing_ok=True)
    launch(train, a)


if __name__ == "__main__":
    main()
