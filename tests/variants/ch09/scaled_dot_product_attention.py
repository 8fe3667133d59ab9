"""09.scaled_dot_product_attention written in other ways; each must pass."""

import math

import torch


def minus_infinity_then_zeros(q, k, v, mask=None):
    scores = torch.einsum("...id,...jd->...ij", q, k) / math.sqrt(k.size(-1))
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(float("-inf"), dtype=scores.dtype))
    weights = torch.nan_to_num(torch.softmax(scores, -1))
    return torch.einsum("...ij,...jv->...iv", weights, v), weights


def scales_the_queries(q, k, v, mask=None):
    scores = (q * q.shape[-1] ** -0.5).matmul(k.mT)
    if mask is not None:
        scores = scores + torch.zeros_like(scores).masked_fill(~mask, -1e9)
    scores = scores - scores.amax(dim=-1, keepdim=True)
    e = scores.exp()
    weights = e / e.sum(-1, keepdim=True)
    return weights @ v, weights


def mask_and_renormalise(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is None:
        mask = torch.ones_like(scores, dtype=torch.bool)
    lowest = torch.finfo(scores.dtype).min
    top = scores.masked_fill(~mask, lowest).max(dim=-1, keepdim=True).values
    e = torch.exp((scores - top).clamp(max=0)) * mask
    weights = e / e.sum(dim=-1, keepdim=True).clamp(min=1e-30)
    return [weights @ v, weights]


VARIANTS = (minus_infinity_then_zeros, scales_the_queries, mask_and_renormalise)
