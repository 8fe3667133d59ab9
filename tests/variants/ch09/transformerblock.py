"""09.TransformerBlock written in other ways; each must pass."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.v_proj, self.out_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)

    def forward(self, query, key, value, mask=None):
        def split(x):
            return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.q_proj(query)), split(self.k_proj(key)), split(self.v_proj(value))
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        weights = scores.softmax(-1)
        return self.out_proj((weights @ v).transpose(1, 2).flatten(2)), weights


class with_relu(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.ln_2 = nn.LayerNorm(d_model)
        self.ln_1 = nn.LayerNorm(d_model)
        self.down = nn.Linear(4 * d_model, d_model)
        self.up = nn.Linear(d_model, 4 * d_model)
        self.attn = Attention(d_model, heads)

    def forward(self, x, mask=None):
        y = self.ln_1(x)
        attended, _ = self.attn(y, y, y, mask)
        x = x + attended
        return x + self.down(F.relu(self.up(self.ln_2(x))))


class with_dropout_and_silu(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.mha = Attention(d_model, heads)
        self.norms = nn.ModuleList([nn.LayerNorm(d_model), nn.LayerNorm(d_model)])
        self.ff = nn.Sequential(
            nn.Linear(d_model, 4 * d_model), nn.SiLU(), nn.Linear(4 * d_model, d_model), nn.Dropout(0.1)
        )

    def forward(self, x, mask=None):
        h = self.norms[0](x)
        h, weights = self.mha(h, h, h, mask=mask)
        x = torch.add(x, h)
        return torch.add(x, self.ff(self.norms[1](x)))


class tanh_gelu_in_sequences(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = Attention(d_model, heads)
        self.branch = nn.Sequential(
            nn.LayerNorm(d_model),
            nn.Linear(d_model, 4 * d_model),
            nn.GELU(approximate="tanh"),
            nn.Linear(4 * d_model, d_model),
        )

    def forward(self, x, mask=None):
        after = x + self.attention(*[self.norm1(x)] * 3, mask)[0]
        return after + self.branch(after)


VARIANTS = (with_relu, with_dropout_and_silu, tanh_gelu_in_sequences)
