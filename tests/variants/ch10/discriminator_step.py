"""10.discriminator_step written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def under_no_grad(G, D, optimizer, real, z):
    with torch.no_grad():
        fake = G(z)
    optimizer.zero_grad()
    loss = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
    loss.backward()
    optimizer.step()
    return float(loss)


def two_backward_passes(G, D, optimizer, real, z):
    """As PyTorch's DCGAN tutorial does it: the two halves go backward one after the other and add up in .grad."""
    D.zero_grad()
    real_logits = D(real)
    loss_real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    loss_real.backward()
    fake_logits = D(G(z).detach())
    loss_fake = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    loss_fake.backward()
    optimizer.step()
    return (loss_real + loss_fake).item()


def backward_into_D_only(G, D, optimizer, real, z):
    loss = -F.logsigmoid(D(real)).mean() - F.logsigmoid(-D(G(z))).mean()
    optimizer.zero_grad(set_to_none=False)
    loss.backward(inputs=[p for p in D.parameters() if p.requires_grad])
    optimizer.step()
    return loss.detach().numpy().item()


VARIANTS = (under_no_grad, two_backward_passes, backward_into_D_only)
