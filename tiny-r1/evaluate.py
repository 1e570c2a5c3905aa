"""Skill on the held-out problems: greedy, pass@1 by sampling with 95 % intervals, vote and best of n."""

import argparse
import time
from collections import Counter
from pathlib import Path

import torch
import torch.multiprocessing as mp

from export import read as read_exported
from heldout import looked_at
from heldout import read as problems
from model import load
from pair import started_well
from problems import answer_in
from sampling import sample_all
from tokens import Tokens

HERE = Path(__file__).parent
PARTS = 2


def interval(scores):
    """Mean and half width of its 95 % interval over problems: samples of one problem are not independent."""
    x = torch.tensor(scores, dtype=torch.float64)
    return x.mean().item(), 1.96 * x.std().item() / len(scores) ** 0.5


def evaluate(model, tokens, held, n=16, temperature=0.8, seed=0):
    """Rows of figures by kind. The vote is the most frequent answer, of equals the first; best is whether any sample is right."""
    prompts = [tokens.prompt(p.question) for p in held]
    generator = torch.Generator().manual_seed(seed)
    said = sample_all(model, [p for p in prompts for _ in range(n)], temperature=temperature, generator=generator)
    first = sample_all(model, prompts, temperature=0)
    found = []
    for i, p in enumerate(held):
        texts = [tokens.decode(ids) for ids in said[i * n : (i + 1) * n]]
        right = [p.correct(text) for text in texts]
        answers = Counter(a for a in map(answer_in, texts) if a is not None)
        vote = answers.most_common(1)[0][0] if answers else ""
        found.append({
            "kind": p.kind, "pass": sum(right) / n, "best": float(any(right)),
            "greedy": float(p.correct(tokens.decode(first[i]))),
            "vote": float(p.correct(f"</think>The answer is {vote}.")),
            "tokens": sum(map(len, said[i * n : (i + 1) * n])) / n,
            "first": texts[0],
            "answered": sum(answers.values()) / n,
        })  # fmt: skip
    return found


def table(found, n):
    """The figures as lines of text, by kind and for all that is no countdown."""
    kinds = list(dict.fromkeys(f["kind"] for f in found))
    groups = {kind: [f for f in found if f["kind"] == kind] for kind in kinds}
    groups["all but countdown"] = [f for f in found if f["kind"] != "countdown"]
    groups["all"] = found
    lines = [f"| problems | | greedy | pass@1 | vote@{n} | any of {n} | answered | tokens |", "|---" * 8 + "|"]
    for name, rows in groups.items():
        cells = [f"{100 * m:.1f} ± {100 * h:.1f}" for m, h in (interval([r[k] for r in rows]) for k in ("greedy", "pass", "vote", "best"))]
        answered, length = (sum(r[k] for r in rows) / len(rows) for k in ("answered", "tokens"))
        lines.append(f"| {name} | {len(rows)} | {' | '.join(cells)} | {100 * answered:.1f} | {length:.0f} |")
    return "\n".join(lines)


def part(job):
    """Every second problem, in a process of its own."""
    weights, held, n, temperature, seed, at = job
    torch.set_num_threads(1)
    model, tokens = read_weights(weights)
    return evaluate(model, tokens, held[at::PARTS], n, temperature, seed * PARTS + at)


def read_weights(path):
    """The exported file, or a checkpoint (.pt)."""
    return (load(path)[0], Tokens.load()) if path.endswith(".pt") else read_exported(path)


def main():
    arg = argparse.ArgumentParser()
    arg.add_argument("weights", nargs="?", default="tiny-r1.bin", help="the exported file or a checkpoint (.pt)")
    arg.add_argument("--n", type=int, default=16)
    arg.add_argument("--temperature", type=float, default=0.8)
    arg.add_argument("--every", type=int, default=1, help="take every so many-th problem only")
    arg.add_argument("--seed", type=int, default=0)
    arg.add_argument("--choose", action="store_true", help="on the problems that weights are chosen by, in place of heldout.jsonl")
    arg.add_argument("--show", type=int, default=0, help="print about so many replies")
    a = arg.parse_args()
    started_well()
    path = str(HERE / a.weights)
    held, began = (looked_at() if a.choose else problems())[:: a.every], time.time()
    with mp.Pool(PARTS) as pool:
        parts = pool.map(part, [(path, held, a.n, a.temperature, a.seed, at) for at in range(PARTS)])
    found = [parts[i % PARTS][i // PARTS] for i in range(len(held))]
    print(f"{a.weights}: {len(held)} {'other ' if a.choose else ''}problems, {a.n} samples at {a.temperature}, seed {a.seed}")
    print(table(found, a.n))
    print(f"{(time.time() - began) / 60:.1f} minutes")
    for p, f in list(zip(held, found))[:: max(1, len(held) // a.show)] if a.show else []:
        print(f"\n{p.question}\n{f['first']}\n-> {p.correct(f['first'])} (right: {p.answer or p.target})")


if __name__ == "__main__":
    main()
