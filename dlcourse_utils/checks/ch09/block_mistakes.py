"""Transformer blocks whose shapes are right and whose arrangement is not."""

import math

import torch
from torch import nn


class _Attention(nn.Module):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(d_model, d_model) for _ in range(4))

    def forward(self, x, mask=None):
        n, t, d = x.shape
        q, k, v = (p(x).view(n, t, self.heads, -1).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        return self.out_proj((torch.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(n, t, d))


class _Parts(nn.Module):
    activation: type[nn.Module] = nn.GELU

    def __init__(self, d_model, heads):
        super().__init__()
        self.attention = _Attention(d_model, heads)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.mlp = nn.Sequential(nn.Linear(d_model, 4 * d_model), self.activation(), nn.Linear(4 * d_model, d_model))


class no_residual(_Parts):
    """Attention and MLP *replace* what comes in. Add their results to it (x + …): a block starts from what it is given and corrects it, and the gradient has a straight way home."""

    def forward(self, x, mask=None):
        return self.mlp(self.norm2(self.attention(self.norm1(x), mask)))


class no_residual_around_attention(_Parts):
    """The attention's result replaces x. Add it: x = x + attention(norm1(x))."""

    def forward(self, x, mask=None):
        x = self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm2(x))


class no_residual_around_the_mlp(_Parts):
    """You return the MLP's result alone. Add it to what went in: x + mlp(norm2(x))."""

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm1(x), mask)
        return self.mlp(self.norm2(x))


class adds_to_the_normalised(_Parts):
    """You write x = norm(x) first and then add to *that*. The norm belongs to the branch alone; the shortcut carries x as it came: x + attention(norm1(x))."""

    def forward(self, x, mask=None):
        x = self.norm1(x)
        x = self.norm2(x + self.attention(x, mask))
        return x + self.mlp(x)


class normalises_what_comes_out(_Parts):
    """Your norm stands at the end of each branch: x + norm(attention(x)). It belongs to its entrance: x + attention(norm(x))."""

    def forward(self, x, mask=None):
        x = x + self.norm1(self.attention(x, mask))
        return x + self.norm2(self.mlp(x))


class norms_never_used(_Parts):
    """Your norms are made in __init__ and never used in forward."""

    def forward(self, x, mask=None):
        x = x + self.attention(x, mask)
        return x + self.mlp(x)


class second_norm_forgotten(_Parts):
    """Your MLP reads x without its norm: x + mlp(norm2(x))."""

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(x)


class first_norm_forgotten(_Parts):
    """Your attention reads x without its norm: with h = norm1(x), it is x + attention(h, h, h)."""

    def forward(self, x, mask=None):
        x = x + self.attention(x, mask)
        return x + self.mlp(self.norm2(x))


class first_norm_used_twice(_Parts):
    """You use the first norm in both places, and the second never. Each branch has its own: they learn different scales."""

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm1(x))


class writes_into_x(_Parts):
    """You write into the x that you were given (x += …), and others may still need it. x = x + … makes a new tensor."""

    def forward(self, x, mask=None):
        x += self.attention(self.norm1(x), mask)
        x += self.mlp(self.norm2(x))
        return x


class mlp_first(_Parts):
    """Your MLP comes before the attention. First let positions look at each other, then let each think for itself."""

    def forward(self, x, mask=None):
        x = x + self.mlp(self.norm2(x))
        return x + self.attention(self.norm1(x), mask)


class second_shortcut_from_the_start(_Parts):
    """Your second sum starts from the block's input, so the attention's result gets lost on the way. Add to the x that already holds it."""

    def forward(self, x, mask=None):
        h = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm2(h))


class mask_not_handed_on(_Parts):
    """You don't hand the mask on to the attention, so everything is looked at."""

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class no_activation(_Parts):
    """Your MLP has two linear layers and nothing between them, which is one linear layer written twice. Put nn.GELU() between them."""

    activation = nn.Identity

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm2(x))


class one_norm_for_both(nn.Module):
    """You use one LayerNorm twice. Each branch has its own: they learn different scales."""

    def __init__(self, d_model, heads):
        super().__init__()
        self.attention = _Attention(d_model, heads)
        self.norm = nn.LayerNorm(d_model)
        self.mlp = nn.Sequential(nn.Linear(d_model, 4 * d_model), nn.GELU(), nn.Linear(4 * d_model, d_model))

    def forward(self, x, mask=None):
        x = x + self.attention(self.norm(x), mask)
        return x + self.mlp(self.norm(x))


class post_norm(_Parts):
    """Your block is the one of the paper of 2017, post-norm: norm(x + attention(x)). Asked for is pre-norm, x + attention(norm(x)), which most models since GPT-2 use because deep stacks of it train without tricks."""

    def forward(self, x, mask=None):
        x = self.norm1(x + self.attention(x, mask))
        return self.norm2(x + self.mlp(x))


class both_branches_side_by_side(_Parts):
    """Your branches both start from x, side by side, as in GPT-J and PaLM. Asked for is one after the other: the MLP reads what the attention has written."""

    def forward(self, x, mask=None):
        return x + self.attention(self.norm1(x), mask) + self.mlp(self.norm2(x))


MISTAKES = (
    no_residual,
    no_residual_around_attention,
    no_residual_around_the_mlp,
    adds_to_the_normalised,
    normalises_what_comes_out,
    norms_never_used,
    second_norm_forgotten,
    first_norm_forgotten,
    first_norm_used_twice,
    writes_into_x,
    mlp_first,
    second_shortcut_from_the_start,
    mask_not_handed_on,
    no_activation,
    one_norm_for_both,
)
CONVENTIONS = (post_norm, both_branches_side_by_side)
