"""Batched sampling with a KV cache: many prompts of different lengths at once, each until its <|end|>."""

import torch

from tokens import END


class Cache:
    """Keys and values of all layers; columns are places in the padded batch."""

    def __init__(self, model, rows, columns):
        c = model.config
        shape = (rows, c.heads, columns, c.dim // c.heads)
        self.kv = {id(layer): (torch.zeros(shape), torch.zeros(shape)) for layer in model.layers}
        self.used = 0

    def put(self, layer, k, v):
        keys, values = self.kv[id(layer)]
        end = self.used + k.shape[2]
        keys[:, :, self.used : end], values[:, :, self.used : end] = k, v
        return keys[:, :, :end], values[:, :, :end]

    def keep(self, rows):
        self.kv = {layer: (k[rows], v[rows]) for layer, (k, v) in self.kv.items()}


@torch.no_grad()
def sample(model, prompts, temperature=0.8, limit=320, generator=None):
    """The new tokens of each prompt, with <|end|> where it came; temperature 0 is greedy."""
    longest = max(map(len, prompts))
    limit = min(limit, model.config.context - longest)
    pad = torch.tensor([longest - len(p) for p in prompts])
    ids = torch.tensor([[END] * (longest - len(p)) + p for p in prompts])
    columns = longest + limit
    hidden = (torch.arange(columns) < pad[:, None]).float() * -1e9  # what stands before a prompt's start
    cache = Cache(model, len(prompts), columns)
    positions = (torch.arange(longest) - pad[:, None]).clamp(min=0)
    mask = hidden[:, None, None, :longest] + torch.full((longest, longest), -1e9).triu(1)
    logits = model.step(ids, positions, mask, cache)
    cache.used = longest
    said, alive = [[] for _ in prompts], torch.arange(len(prompts))
    for _ in range(limit):
        if temperature == 0:
            chosen = logits.argmax(-1)
        else:
            chosen = torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator)[:, 0]
        for row, token in zip(alive.tolist(), chosen.tolist()):
            said[row].append(token)
        going = chosen != END
        if not going.any():
            break
        # A few that have ended go along until it is worth while to clear them away; what they say then is cut off below.
        if going.sum() < 0.8 * len(going) or len(going) < 8:
            kept = going.nonzero()[:, 0]
            cache.keep(kept)
            alive, chosen, pad, hidden = alive[kept], chosen[kept], pad[kept], hidden[kept]
        positions = (cache.used - pad)[:, None]
        logits = model.step(chosen[:, None], positions, hidden[:, None, None, : cache.used + 1], cache)
        cache.used += 1
    return [tokens[: tokens.index(END) + 1] if END in tokens else tokens for tokens in said]


def sample_all(model, prompts, rows=256, **options):
    """Any number of prompts, in batches of like length, in the order given."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    said = [None] * len(prompts)
    for at in range(0, len(order), rows):
        chunk = order[at : at + rows]
        for i, tokens in zip(chunk, sample(model, [prompts[i] for i in chunk], **options)):
            said[i] = tokens
    return said
