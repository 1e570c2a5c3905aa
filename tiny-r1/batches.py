"""Problems as padded batches of tokens, with the places that are learned."""

import random

import torch

from arithmetic import MEND, SLIP
from extras import extra
from problems import problem
from tokens import END, Tokens


def encoded(tokens: Tokens, question: str, reply: str):
    """Ids and a flag for each: whether it is learned. The question is not, nor is what stands between SLIP and MEND."""
    ids = tokens.prompt(question)
    learned = [False] * len(ids)
    for i, part in enumerate(reply.replace(MEND, SLIP).split(SLIP)):
        piece = tokens.encode(part)
        ids += piece
        learned += [i % 2 == 0] * len(piece)
    return [*ids, END], [*learned, True]


def padded(examples):
    """Inputs, targets and the mask of what is learned, as tensors [batch, longest - 1]."""
    longest = max(len(ids) for ids, _ in examples)
    ids = torch.full((len(examples), longest), END)
    mask = torch.zeros(len(examples), longest, dtype=torch.bool)
    for row, (own, learned) in enumerate(examples):
        ids[row, : len(own)] = torch.tensor(own)
        mask[row, : len(own)] = torch.tensor(learned)
    return ids[:, :-1], ids[:, 1:], mask[:, 1:]


def batch(tokens: Tokens, seed: int, step: int, size: int, extras: float, mix, pool=8):
    """Batch number `step`: the same at every run. Problems of like length are put together, out of a pool of some batches."""
    rng = random.Random(f"{seed}:{step // pool}")
    made = []
    for _ in range(size * pool):
        question, reply = extra(rng, mix) if rng.random() < extras else ask(rng, mix)
        made.append(encoded(tokens, question, reply))
    made.sort(key=lambda e: len(e[0]))
    order = list(range(pool))
    rng.shuffle(order)
    at = order[step % pool]
    return padded(made[at * size : (at + 1) * size])


def ask(rng, mix):
    made = problem(rng, mix=mix)
    return made.question, made.reply
