"""08.masked_cross_entropy written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def pick_the_real(logits, targets, mask):
    return F.cross_entropy(logits[mask], targets[mask])


def weighted_sum(logits, targets, mask):
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    return (losses * mask).sum() / mask.sum()


def ignore_index(logits, targets, mask):
    marked = targets.masked_fill(~mask, -100)
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), marked.reshape(-1), ignore_index=-100)


def by_hand(logits, targets, mask):
    log_p = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
    picked = log_p.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    return -torch.where(mask, picked, torch.zeros_like(picked)).sum() / mask.float().sum()


VARIANTS = (pick_the_real, weighted_sum, ignore_index, by_hand)
