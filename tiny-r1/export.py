"""Writes tiny-r1.bin (half precision) from a checkpoint, reads it back, and records logits for the TypeScript's test.

u32 length of the header; JSON {format, config, vocab, tensors}; from the next multiple of 16 bytes the tensors, each at a
multiple of 16 counted from there. Little endian, rows first.
"""

import argparse
import json
import struct
import textwrap
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from heldout import read as problems
from model import Config, Tiny, load
from sampling import sample
from tokens import Tokens

HERE = Path(__file__).parent
CASES = HERE.parent / "test" / "upstream" / "tiny" / "logits.json"


def up(n, to=16):
    return -(-n // to) * to


def named(model: Tiny):
    """The tensors under the names of the file: qkv and gate_up taken apart again."""
    yield "embed", model.embed
    for i, layer in enumerate(model.layers):
        wq, wk, wv = layer.qkv.chunk(3)
        gate, up_ = layer.gate_up.chunk(2)
        parts = {"norm1": layer.norm1.gain, "wq": wq, "wk": wk, "wv": wv, "wo": layer.wo}
        parts |= {"norm2": layer.norm2.gain, "gate": gate, "up": up_, "down": layer.down}
        for name, tensor in parts.items():
            yield f"layers.{i}.{name}", tensor
    yield "norm", model.norm.gain


def write(path, model: Tiny, vocab):
    tensors, data = [], b""
    for name, tensor in named(model):
        tensors.append({"name": name, "shape": list(tensor.shape), "type": "f16", "offset": len(data)})
        raw = tensor.detach().numpy().astype("<f2").tobytes()
        data += raw.ljust(up(len(raw)), b"\0")
    about = {"format": "tiny-r1/1", "config": asdict(model.config), "vocab": vocab, "tensors": tensors}
    header = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
    head = struct.pack("<I", len(header)) + header
    Path(path).write_bytes(head.ljust(up(len(head)), b"\0") + data)


def read(path) -> tuple[Tiny, Tokens]:
    """The model as it is stored, in float32."""
    raw = Path(path).read_bytes()
    (length,) = struct.unpack_from("<I", raw)
    about = json.loads(raw[4 : 4 + length])
    start, model = up(4 + length), Tiny(Config(**about["config"]))
    stored = {}
    for t in about["tensors"]:
        values = np.frombuffer(raw, "<f2", int(np.prod(t["shape"])), start + t["offset"]).astype("f4")
        stored[t["name"]] = torch.from_numpy(values.reshape(t["shape"]))
    with torch.no_grad():
        for name, tensor in named(model):
            tensor.copy_(stored[name])
    return model, Tokens(about["vocab"])


@torch.no_grad()
def record(model, tokens, path=CASES):
    """Token ids and the logits at their last position: prompts alone, and with a part or all of a greedy reply."""
    cases, held = [], problems()
    for i, part in ((0, 0.0), (120, 0.5), (260, 1.0), (320, 0.7), (450, 0.4), (480, 1.0)):
        prompt = tokens.prompt(held[i].question)
        reply = sample(model, [prompt], temperature=0)[0]
        ids = [*prompt, *reply[: int(part * (len(reply) - 1))]][:200]
        logits = model(torch.tensor([ids]))[0, -1]
        cases.append({"ids": ids, "logits": [round(x, 6) for x in logits.tolist()]})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{\n  "cases": [\n' + ",\n".join(map(laid_out, cases)) + "\n  ]\n}\n")


def laid_out(case):
    """JSON as the repository's formatter lays it out: 120 columns wide."""
    fields = []
    for name, values in case.items():
        line = f'      "{name}": [{", ".join(map(str, values))}]'
        if len(line) >= 120:
            rows = textwrap.wrap(", ".join(map(str, values)), 112)
            line = f'      "{name}": [\n' + "\n".join(" " * 8 + row for row in rows) + "\n      ]"
        fields.append(line)
    return "    {\n" + ",\n".join(fields) + "\n    }"


if __name__ == "__main__":
    arg = argparse.ArgumentParser()
    arg.add_argument("checkpoint", nargs="?", default=HERE / "work" / "sft.pt")
    a = arg.parse_args()
    trained, _ = load(a.checkpoint)
    write(HERE / "tiny-r1.bin", trained, Tokens.load().vocab)
    model, tokens = read(HERE / "tiny-r1.bin")
    far = max((a_ - b).abs().max().item() for (_, a_), (_, b) in zip(named(trained), named(model)))
    record(model, tokens)
    print(f"{(HERE / 'tiny-r1.bin').stat().st_size:,} bytes, farthest weight {far:.5f}")
