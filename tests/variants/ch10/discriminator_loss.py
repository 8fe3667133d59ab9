"""10.discriminator_loss written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def with_bce(real_logits, fake_logits):
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real + fake


def with_logsigmoid(real_logits, fake_logits):
    return -(F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean())


def with_logaddexp(real_logits, fake_logits):
    zero = torch.zeros((), dtype=real_logits.dtype)
    real = torch.logaddexp(zero, -real_logits).sum() / real_logits.numel()
    return real + torch.logaddexp(zero, fake_logits).sum() / fake_logits.numel()


VARIANTS = (with_bce, with_logsigmoid, with_logaddexp)
