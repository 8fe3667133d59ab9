"""09.milestone_pronounce solved in other ways; each must pass."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.mlp = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.norm = nn.LayerNorm(d)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(self.norm(x)).view(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        hidden = torch.triu(torch.ones(t, t, dtype=torch.bool), 1)
        weights = (q @ k.mT / math.sqrt(q.shape[-1])).masked_fill(hidden, float("-inf")).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(n, t, d))
        return x + self.mlp(x)


class GPT(nn.Module):
    def __init__(self, vocab, context, d, heads, layers):
        super().__init__()
        self.context = context
        self.tokens, self.places = nn.Embedding(vocab, d), nn.Embedding(context, d)
        self.body = nn.Sequential(*(Block(d, heads) for _ in range(layers)), nn.LayerNorm(d))
        self.head = nn.Linear(d, vocab)

    def forward(self, ids):
        return self.head(self.body(self.tokens(ids) + self.places.weight[: ids.shape[1]]))


def a_small_gpt_with_adamw(ids, mask, vocab, steps, seed, device="cpu", progress=range):
    torch.manual_seed(seed)
    model = GPT(vocab, ids.shape[1], 48, 4, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=6e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=steps + 1, pct_start=0.3)
    for _ in progress(steps):
        batch = torch.randperm(len(ids))[:128]
        x, y, m = ids[batch, :-1], ids[batch, 1:], mask[batch, 1:]
        loss = F.cross_entropy(model(x).transpose(1, 2), y.masked_fill(~m, -100))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
    model.eval()
    return model


def every_token_counts(ids, mask, vocab, steps, seed, device="cpu", progress=range):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = GPT(vocab, ids.shape[1] + 3, 64, 2, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3, betas=(0.9, 0.98))
    for step in progress(steps):
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * min(1.0, (step + 1) / 20)
        rows = ids[torch.randint(len(ids), (128,), generator=generator)]
        logits = model(rows[:, :-1])
        loss = F.cross_entropy(logits.reshape(-1, vocab), rows[:, 1:].reshape(-1), ignore_index=0)
        model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return model.eval()


VARIANTS = (a_small_gpt_with_adamw, every_token_counts)
