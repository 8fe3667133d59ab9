"""10.gradient_penalty written in other ways; each must pass."""

import torch
from torch.func import grad, vmap


def summed_outputs(D, real, fake, generator):
    shape = (len(real),) + (1,) * (real.dim() - 1)
    eps = torch.rand(shape, generator=generator, dtype=real.dtype)
    mixed = torch.lerp(fake.detach(), real.detach(), eps).requires_grad_(True)
    (slope,) = torch.autograd.grad(D(mixed).sum(), mixed, create_graph=True)
    length = slope.flatten(1).norm(dim=1)
    return torch.mean((length - 1) ** 2)


def the_other_way_round(D, real, fake, generator):
    """ε weighs the fake, 1 − ε the real sample; drawn in float32."""
    eps = torch.rand(len(real), generator=generator).view(-1, *[1] * (real.dim() - 1))
    mixed = (eps * fake + (1 - eps) * real).detach().requires_grad_()
    logits = D(mixed)
    slope = torch.autograd.grad(logits, mixed, grad_outputs=torch.ones_like(logits), create_graph=True)[0]
    return ((slope.pow(2).flatten(1).sum(dim=1).sqrt() - 1) ** 2).mean()


def with_torch_func(D, real, fake, generator):
    eps = torch.rand(len(real), generator=generator).to(real).reshape(-1, *[1] * (real.dim() - 1))
    mixed = (eps * real + (1 - eps) * fake).detach()
    slope = vmap(grad(lambda x: D(x[None]).squeeze()))(mixed)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()


VARIANTS = (summed_outputs, the_other_way_round, with_torch_func)
