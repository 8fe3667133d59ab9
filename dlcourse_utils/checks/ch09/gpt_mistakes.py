"""Small GPTs that leak, forget, or lose some of their parts."""

import math

import torch
from torch import nn


class _Block(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(d_model, d_model) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.mlp = nn.Sequential(nn.Linear(d_model, 4 * d_model), nn.GELU(), nn.Linear(4 * d_model, d_model))

    def forward(self, x, mask=None):
        n, t, d = x.shape
        h = self.norm1(x)
        q, k, v = (p(h).view(n, t, self.heads, -1).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        x = x + self.out_proj((torch.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(n, t, d))
        return x + self.mlp(self.norm2(x))


def _causal(t):
    return torch.tril(torch.ones(t, t, dtype=torch.bool))


class _GPT(nn.Module):
    def __init__(self, vocab, context, d_model, heads, layers):
        super().__init__()
        self.context = context
        self.tokens, self.positions = nn.Embedding(vocab, d_model), nn.Embedding(context, d_model)
        self.blocks = self.stack(d_model, heads, layers)
        self.norm, self.head = nn.LayerNorm(d_model), nn.Linear(d_model, vocab)

    def stack(self, d_model, heads, layers):
        return nn.ModuleList(_Block(d_model, heads) for _ in range(layers))

    def embed(self, ids):
        return self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))

    def mask(self, t):
        return _causal(t)

    def forward(self, ids):
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, self.mask(ids.shape[1]))
        return self.head(self.norm(x))


class no_mask(_GPT):
    """Your GPT sees the future: every place looks at every other. It would learn to read the answer off, and know nothing when it has to write. Hand causal_mask(T) to every block."""

    def mask(self, t):
        return None


class mask_upside_down(_GPT):
    """Your GPT sees the future and not the past: the mask is the wrong triangle, or its True and False are exchanged."""

    def mask(self, t):
        return _causal(t).T


class sees_one_step_ahead(_GPT):
    """Your mask lets each place see one step ahead, and that one step is the answer. torch.tril with diagonal 0."""

    def mask(self, t):
        return torch.tril(torch.ones(t, t, dtype=torch.bool), diagonal=1)


class no_positions(_GPT):
    """Your GPT does not know where it is: nothing about the position goes in. Add the position's embedding to the token's."""

    def embed(self, ids):
        return self.tokens(ids)


class positions_from_the_end(_GPT):
    """Your positions count from the end of the text, so every token's place changes when another is appended. Count from 0 at the front."""

    def embed(self, ids):
        t = ids.shape[1]
        return self.tokens(ids) + self.positions(torch.arange(self.context - t, self.context))


class positions_for_the_full_context_only(_GPT):
    """Your GPT takes texts of exactly `context` tokens. Take only as many positions as there are tokens: torch.arange(ids.shape[1])."""

    def embed(self, ids):
        return self.tokens(ids) + self.positions(torch.arange(self.context))


class blocks_in_a_plain_list(_GPT):
    """Your blocks stand in a plain Python list, where PyTorch does not find their parameters: an optimizer would never train them. Use nn.ModuleList."""

    def stack(self, d_model, heads, layers):
        return [_Block(d_model, heads) for _ in range(layers)]


class one_block_again_and_again(_GPT):
    """You have one block and use it `layers` times ([block] * layers holds the same one each time). Make a new one for each layer."""

    def stack(self, d_model, heads, layers):
        return nn.ModuleList([_Block(d_model, heads)] * layers)


class blocks_without_effect(_GPT):
    """You call the blocks and throw away what they return, so no token ever sees another. x = block(x, mask)."""

    def forward(self, ids):
        x = self.embed(ids)
        for block in self.blocks:
            block(x, _causal(ids.shape[1]))
        return self.head(self.norm(x))


class first_block_every_time(_GPT):
    """You make `layers` blocks and use only one of them. Walk through them all: for block in self.blocks."""

    def forward(self, ids):
        x = self.embed(ids)
        for _ in self.blocks:
            x = self.blocks[0](x, _causal(ids.shape[1]))
        return self.head(self.norm(x))


class last_norm_forgotten(_GPT):
    """There is no norm between your last block and the head. What travels along the shortcuts is never normalised, so it grows from block to block: head(norm(x))."""

    def __init__(self, *sizes, **named):
        super().__init__(*sizes, **named)
        self.norm = nn.Identity()


class ends_with_softmax(_GPT):
    """Your model ends with a softmax. Return the logits; cross_entropy and generate do the rest."""

    def forward(self, ids):
        return torch.softmax(super().forward(ids), dim=-1)


class last_place_only(_GPT):
    """You return the logits of the last place alone. Training wants a forecast at *every* place: (N, T, vocab)."""

    def forward(self, ids):
        return super().forward(ids)[:, -1]


class context_not_kept(_GPT):
    """Your model does not say how long its context is. Keep it: self.context = context. `generate` asks for it."""

    def __init__(self, *sizes, **named):
        super().__init__(*sizes, **named)
        del self.context


MISTAKES = (
    no_mask,
    mask_upside_down,
    sees_one_step_ahead,
    no_positions,
    positions_from_the_end,
    positions_for_the_full_context_only,
    blocks_in_a_plain_list,
    one_block_again_and_again,
    blocks_without_effect,
    first_block_every_time,
    last_norm_forgotten,
    ends_with_softmax,
    last_place_only,
    context_not_kept,
)
