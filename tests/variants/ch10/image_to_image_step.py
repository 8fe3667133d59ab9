"""10.image_to_image_step written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def with_bce(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    with torch.no_grad():
        fake = G(edges)
    real_logits, fake_logits = D(torch.cat([edges, images], 1)), D(torch.cat([edges, fake], 1))
    d_loss = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    d_loss = d_loss + F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    fake = G(edges)
    logits = D(torch.cat([edges, fake], 1))
    g_loss = F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits)) + l1_weight * F.l1_loss(fake, images)
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


def two_backward_passes(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    opt_d.zero_grad()
    fake = G(edges)
    loss_real = F.softplus(-D(torch.cat((edges, images), dim=1))).mean()
    loss_real.backward()
    loss_fake = F.softplus(D(torch.cat((edges, fake), dim=1).detach())).mean()
    loss_fake.backward()
    opt_d.step()
    opt_g.zero_grad()
    adversarial = F.softplus(-D(torch.cat((edges, fake), dim=1))).mean()
    pixels = l1_weight * (images - fake).abs().mean()
    (adversarial + pixels).backward(inputs=list(G.parameters()))
    opt_g.step()
    return [float(loss_real + loss_fake), float(adversarial + pixels)]


VARIANTS = (with_bce, two_backward_passes)
