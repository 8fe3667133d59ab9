"""08.clip_gradients written in other ways; each must pass."""

import torch


def torchs_own(model, max_norm):
    return float(torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm))


def one_long_vector(model, max_norm):
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.cat([g.flatten() for g in grads]).norm().item()
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return norm


def norm_of_norms(model, max_norm):
    with_grad = [p for p in model.parameters() if p.grad is not None]
    norm = sum(float(p.grad.norm()) ** 2 for p in with_grad) ** 0.5
    scale = min(1.0, max_norm / norm)
    for p in with_grad:
        p.grad = p.grad * scale
    return norm


VARIANTS = (torchs_own, one_long_vector, norm_of_norms)
