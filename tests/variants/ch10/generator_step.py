"""10.generator_step written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def with_autograd_grad(G, D, optimizer, z):
    loss = F.softplus(-D(G(z))).mean()
    parameters = list(G.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = slope
    optimizer.step()
    return loss.item()


def D_frozen_for_a_moment(G, D, optimizer, z):
    switches = [p.requires_grad for p in D.parameters()]
    for p in D.parameters():
        p.requires_grad_(False)
    loss = -F.logsigmoid(D(G(z))).mean()
    for p, switch in zip(D.parameters(), switches, strict=True):
        p.requires_grad_(switch)
    optimizer.zero_grad()
    loss.backward(inputs=list(G.parameters()))
    optimizer.step()
    return float(loss)


def frozen_throughout(G, D, optimizer, z):
    switches = [p.requires_grad for p in D.parameters()]
    D.requires_grad_(False)
    logits = D(G(z))
    loss = F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))
    G.zero_grad()
    loss.backward()
    optimizer.step()
    for p, switch in zip(D.parameters(), switches, strict=True):
        p.requires_grad_(switch)
    return loss.item()


def gradients_of_D_put_back(G, D, optimizer, z):
    kept = [None if p.grad is None else p.grad.clone() for p in D.parameters()]
    optimizer.zero_grad()
    loss = F.softplus(-D(G(z))).mean()
    loss.backward()
    optimizer.step()
    for p, old in zip(D.parameters(), kept, strict=True):
        p.grad = old
    return loss.item()


VARIANTS = (with_autograd_grad, D_frozen_for_a_moment, frozen_throughout, gradients_of_D_put_back)
