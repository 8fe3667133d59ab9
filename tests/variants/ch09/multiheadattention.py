"""09.MultiHeadAttention written in other ways; each must pass."""

import math

import torch
from torch import nn


class with_einsum(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.h = heads
        self.out_proj = nn.Linear(d_model, d_model)
        self.v_proj = nn.Linear(d_model, d_model)
        self.k_proj = nn.Linear(d_model, d_model)
        self.q_proj = nn.Linear(d_model, d_model)

    def forward(self, query, key, value, mask=None):
        q = self.q_proj(query).unflatten(-1, (self.h, -1))
        k = self.k_proj(key).unflatten(-1, (self.h, -1))
        v = self.v_proj(value).unflatten(-1, (self.h, -1))
        scores = torch.einsum("nihd,njhd->nhij", q, k) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(mask.logical_not(), float("-inf"))
        weights = scores.softmax(-1)
        return self.out_proj(torch.einsum("nhij,njhd->nihd", weights, v).flatten(2)), weights


class head_by_head(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads, self.size = heads, d_model // heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(d_model, d_model))

    def forward(self, query, key, value, mask=None):
        q, k, v = self.q_proj(query), self.k_proj(key), self.v_proj(value)
        if mask is not None:
            mask = mask.expand(len(q), self.heads, q.shape[1], k.shape[1])
        outs, looks = [], []
        for h in range(self.heads):
            part = slice(h * self.size, (h + 1) * self.size)
            scores = q[..., part] @ k[..., part].mT * self.size**-0.5
            if mask is not None:
                scores = torch.where(mask[:, h], scores, scores.new_full((), -1e9))
            looks.append(torch.softmax(scores, dim=-1))
            outs.append(looks[-1] @ v[..., part])
        return self.out_proj(torch.cat(outs, dim=-1)), torch.stack(looks, dim=1)


class heads_into_the_batch(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.v_proj, self.out_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)

    def cut(self, x):
        return torch.stack(x.chunk(self.heads, dim=-1), dim=1)

    def forward(self, query, key, value, mask=None):
        q, k, v = self.cut(self.q_proj(query)), self.cut(self.k_proj(key)), self.cut(self.v_proj(value))
        n, h, tq, d = q.shape
        scores = torch.bmm(q.flatten(0, 1), k.flatten(0, 1).transpose(1, 2)).view(n, h, tq, -1) / d**0.5
        if mask is not None:
            scores = scores + torch.where(mask, 0.0, -1e9)
        weights = torch.softmax(scores, dim=-1)
        out = torch.cat(list((weights @ v).unbind(1)), dim=-1)
        return self.out_proj(out), weights


VARIANTS = (with_einsum, head_by_head, heads_into_the_batch)
