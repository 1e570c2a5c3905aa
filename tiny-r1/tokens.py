"""Words and digits to numbers and back; the TypeScript side splits text in the same way (`src/upstream/tiny/`)."""

import json
import re
from pathlib import Path

SPECIALS = ["<|user|>", "<|assistant|>", "<|end|>", "<think>", "</think>"]
USER, ASSISTANT, END, THINK, THOUGHT = range(5)
LETTERS = [chr(c) for c in range(32, 127)] + ["\n"] + list("×÷−·–—’‹›“”…→√²°")
LIMIT = 512
PIECE = re.compile(r"<think>|</think>| ?[^\W\d_]+|\d|[^\w]|_", re.S)


def pieces(text: str) -> list[str]:
    return PIECE.findall(text)


class Tokens:
    def __init__(self, vocab: list[str]):
        self.vocab = vocab
        self.ids = {piece: i for i, piece in enumerate(vocab)}

    def encode(self, text: str) -> list[int]:
        """A piece that is a word of the vocabulary is one token; any other is spelled out, with ? for what has no letter."""
        ids, unknown = [], self.ids["?"]
        for piece in pieces(text):
            known = self.ids.get(piece)
            ids += [known] if known is not None else [self.ids.get(letter, unknown) for letter in piece]
        return ids

    def decode(self, ids) -> str:
        return "".join(self.vocab[i] for i in ids if i not in (USER, ASSISTANT, END))

    def prompt(self, question: str) -> list[int]:
        return [USER, *self.encode(question), ASSISTANT]

    @staticmethod
    def load() -> "Tokens":
        return Tokens(json.loads((Path(__file__).parent / "vocab.json").read_text()))
