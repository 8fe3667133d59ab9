"""Multi-head attention written in ways that have the right shapes and the wrong numbers."""

import math

import torch
from torch import nn


class _Layers(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(d_model, d_model) for _ in range(4))

    def split(self, x):
        n, t, d = x.shape
        return x.view(n, t, self.heads, d // self.heads).transpose(1, 2)

    def merge(self, out):
        n, h, t, d = out.shape
        return out.transpose(1, 2).reshape(n, t, h * d)

    def weights(self, q, k, mask, scale=None):
        scores = q @ k.transpose(-2, -1) / (math.sqrt(q.shape[-1]) if scale is None else scale)
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        return torch.softmax(scores, dim=-1)

    def forward(self, query, key, value, mask=None):
        q, k, v = self.split(self.q_proj(query)), self.split(self.k_proj(key)), self.split(self.v_proj(value))
        w = self.weights(q, k, mask)
        return self.out_proj(self.merge(w @ v)), w


class heads_by_reshape_alone(_Layers):
    """You cut (N, T, d_model) into (N, heads, T, d_head) with one view or reshape, which deals *time steps* out to the heads. First view(N, T, heads, d_head), then transpose(1, 2)."""

    def split(self, x):
        n, t, d = x.shape
        return x.reshape(n, self.heads, t, d // self.heads)


class merged_without_transpose(_Layers):
    """You put the heads together with a reshape alone, so numbers of different time steps are mixed. Undo the split in reverse: transpose(1, 2), then reshape."""

    def merge(self, out):
        n, h, t, d = out.shape
        return out.reshape(n, t, h * d)


class heads_interleaved(_Layers):
    """Your head h takes every heads-th number, not a block of d_head neighbours. view(N, T, heads, d_head) cuts blocks; view(N, T, d_head, heads) deals like cards."""

    def split(self, x):
        n, t, d = x.shape
        return x.view(n, t, d // self.heads, self.heads).permute(0, 3, 1, 2)

    def merge(self, out):
        return out.permute(0, 2, 3, 1).flatten(2)


class scaled_by_d_model(_Layers):
    """You scale by √d_model. Each head's scores are sums over d_head = d_model / heads products: scale by the root of *that*."""

    def weights(self, q, k, mask, scale=None):
        return super().weights(q, k, mask, math.sqrt(q.shape[-1] * self.heads))


class one_head_after_all(_Layers):
    """You never split into heads: there is one look, not several. The weights should have the shape (N, heads, Tq, Tk)."""

    def split(self, x):
        return x[:, None]


class out_proj_left_out(_Layers):
    """You return the heads side by side. out_proj mixes them, at the very end."""

    def forward(self, query, key, value, mask=None):
        q, k, v = self.split(self.q_proj(query)), self.split(self.k_proj(key)), self.split(self.v_proj(value))
        w = self.weights(q, k, mask)
        return self.merge(w @ v) + 0 * self.out_proj.bias, w


class projections_left_out(_Layers):
    """You attend with the inputs themselves. Each goes through its projection first: q_proj(query), k_proj(key), v_proj(value)."""

    def forward(self, query, key, value, mask=None):
        q, k, v = self.split(query), self.split(key), self.split(value)
        w = self.weights(q, k, mask)
        return self.out_proj(self.merge(w @ v)), w


class values_made_of_the_keys(_Layers):
    """You make the values out of key. They come from value, which may be something else: v_proj(value)."""

    def forward(self, query, key, value, mask=None):
        return super().forward(query, key, key, mask)


class looks_only_at_itself(_Layers):
    """Your queries, keys and values all come from query. That is self-attention; here key and value may be another sequence."""

    def forward(self, query, key, value, mask=None):
        return super().forward(query, query, query, mask)


class mask_not_handed_on(_Layers):
    """You don't hand the mask on, so everything is looked at."""

    def forward(self, query, key, value, mask=None):
        return super().forward(query, key, value)


class queries_and_keys_swapped(_Layers):
    """You have swapped queries and keys: your q comes from k_proj, your k from q_proj."""

    def forward(self, query, key, value, mask=None):
        q, k, v = self.split(self.k_proj(query)), self.split(self.q_proj(key)), self.split(self.v_proj(value))
        w = self.weights(q, k, mask)
        return self.out_proj(self.merge(w @ v)), w


class weights_averaged_over_the_heads(_Layers):
    """Your weights are averaged over the heads. Each head's look is wanted: (N, heads, Tq, Tk)."""

    def forward(self, query, key, value, mask=None):
        out, w = super().forward(query, key, value, mask)
        return out, w.mean(dim=1)


class out_alone(_Layers):
    """You return the output alone. The weights are wanted too: return (out, weights)."""

    def forward(self, query, key, value, mask=None):
        return super().forward(query, key, value, mask)[0]


class true_means_blocked(_Layers):
    """You read the mask as nn.MultiheadAttention does, where True means blocked. In this course True means: may attend."""

    def forward(self, query, key, value, mask=None):
        return super().forward(query, key, value, None if mask is None else ~mask)


MISTAKES = (
    heads_by_reshape_alone,
    merged_without_transpose,
    heads_interleaved,
    scaled_by_d_model,
    one_head_after_all,
    out_proj_left_out,
    projections_left_out,
    values_made_of_the_keys,
    looks_only_at_itself,
    mask_not_handed_on,
    queries_and_keys_swapped,
    weights_averaged_over_the_heads,
    out_alone,
)
CONVENTIONS = (true_means_blocked,)
