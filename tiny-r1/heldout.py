"""Writes heldout.jsonl: 500 problems of the split that training never sees, and none that choices were made by."""

import json
import random
from dataclasses import replace
from pathlib import Path

from problems import HARD, Problem, problem

PATH = Path(__file__).with_name("heldout.jsonl")
COUNTS = {"product": 60, "chain": 260, "word": 80, "countdown": 100}
LOOKED_AT = {"product": 40, "chain": 120, "word": 40, "countdown": 80}


def make(counts=COUNTS, seed=2027, without=()):
    rng, found, keys = random.Random(seed), [], {made.key for made in without}
    for kind, count in counts.items():
        while count:
            made = problem(rng, held_out=True, kind=kind, mix=HARD)
            if made.key not in keys and kept_both_ways(made):
                keys.add(made.key)
                found.append(made)
                count -= 1
    return found


def looked_at():
    """Problems of the same split to choose weights by, so that those of heldout.jsonl need not be looked at."""
    return make(LOOKED_AT, seed=7)


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
    rows = [json.dumps(as_row(i, p), ensure_ascii=False) for i, p in enumerate(make(without=looked_at()))]
    PATH.write_text("\n".join(rows) + "\n")
    print(len(rows), "problems")
