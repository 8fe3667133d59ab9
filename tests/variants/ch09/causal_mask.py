"""09.causal_mask written in other ways; each must pass."""

import torch


def compares_positions(t):
    i = torch.arange(t)
    return i[:, None] >= i[None, :]


def not_the_upper(t):
    return ~torch.ones(t, t, dtype=torch.bool).triu(1)


def row_by_row(t):
    return torch.tensor([[j <= i for j in range(t)] for i in range(t)])


VARIANTS = (compares_positions, not_the_upper, row_by_row)
