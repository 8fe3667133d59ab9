"""09.TinyGPT written in other ways; each must pass."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, d, heads, norm_first=True):
        super().__init__()
        self.heads, self.norm_first = heads, norm_first
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def attend(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        hidden = torch.triu(torch.ones(t, t, dtype=torch.bool, device=x.device), 1)
        weights = scores.masked_fill(hidden, float("-inf")).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).reshape(n, t, d))

    def forward(self, x):
        if self.norm_first:
            x = x + self.attend(self.n1(x))
            return x + self.down(F.gelu(self.up(self.n2(x))))
        x = self.n1(x + self.attend(x))
        return self.n2(x + self.down(F.relu(self.up(x))))


class tied_with_sinusoids(nn.Module):
    def __init__(self, vocab, context, d_model, heads, layers):
        super().__init__()
        self.context = context
        self.embedding = nn.Embedding(vocab, d_model)
        angles = torch.arange(context)[:, None] * 10_000 ** (-torch.arange(0, d_model, 2) / d_model)
        self.register_buffer("table", torch.stack([angles.sin(), angles.cos()], -1).flatten(1))
        self.blocks = nn.Sequential(*(Block(d_model, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(d_model)

    def forward(self, ids):
        x = self.embedding(ids) * math.sqrt(self.embedding.embedding_dim) + self.table[: ids.shape[1]]
        return F.linear(self.norm(self.blocks(x)), self.embedding.weight)


class post_norm_without_a_last_one(nn.Module):
    def __init__(self, vocab, context, d_model, heads, layers):
        super().__init__()
        self.vocab, self.context = vocab, context
        self.wte = nn.Embedding(vocab, d_model)
        self.wpe = nn.Parameter(torch.randn(context, d_model) * 0.02)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList([Block(d_model, heads, norm_first=False) for _ in range(layers)])
        self.head = nn.Linear(d_model, vocab, bias=False)

    def forward(self, ids):
        h = self.drop(self.wte(ids) + self.wpe[: ids.size(1)])
        for layer in self.layers:
            h = layer(h)
        return self.head(h)


VARIANTS = (tied_with_sinusoids, post_norm_without_a_last_one)
