"""Writes heldout.jsonl: 500 problems of the split that training never sees."""

import json
import random
from dataclasses import replace
from pathlib import Path

from problems import HARD, Problem, problem

PATH = Path(__file__).with_name("heldout.jsonl")
COUNTS = {"product": 60, "chain": 260, "word": 80, "countdown": 100}


def make(counts=COUNTS, seed=2026):
    rng, again, found, keys = random.Random(seed), random.Random(seed + 1), [], set()
    for kind, count in counts.items():
        while count:
            made = problem(rng, held_out=True, kind=kind, mix=HARD)
            if made.key not in keys:
                keys.add(made.key)
                while not kept_both_ways(made):
                    made = problem(again, held_out=True, kind=kind, mix=HARD)
                keys.add(made.key)
                found.append(made)
                count -= 1
    return found


def kept_both_ways(p: Problem):
    """Whether b × a was kept out of the training with a × b: the split is by the numbers in their order."""
    return p.kind != "product" or replace(p, key="×".join(reversed(p.key.split("×")))).held_out


def as_row(i, p: Problem):
    about = {"numbers": p.numbers, "target": p.target} if p.kind == "countdown" else {"answer": p.answer}
    return {"id": i, "kind": p.kind, "question": p.question, **about}


def read(path=PATH):
    """The problems as they are evaluated: without traces."""
    rows = [json.loads(line) for line in Path(path).read_text().splitlines()]
    return [
        Problem(r["kind"], "", r["question"], "", r.get("answer", ""), r.get("numbers", []), r.get("target", 0)) for r in rows
    ]


if __name__ == "__main__":
    rows = [json.dumps(as_row(i, p), ensure_ascii=False) for i, p in enumerate(make())]
    PATH.write_text("\n".join(rows) + "\n")
    print(len(rows), "problems")
