"""10.minimax_generator_loss written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def with_logsigmoid(fake_logits):
    return F.logsigmoid(-fake_logits).mean()


def with_bce(fake_logits):
    return -F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))


def by_subtraction(fake_logits):
    return (F.logsigmoid(fake_logits) - fake_logits).mean()


VARIANTS = (with_logsigmoid, with_bce, by_subtraction)
