"""Image-to-image steps that went wrong, and the habit of halving."""

import torch
import torch.nn.functional as F


def _d_loss(D, real, fake):
    return F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()


def _pair(edges, images):
    return torch.cat([edges, images], 1)


def _update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _l1(a, b):
    return (a - b).abs().mean()


def _step(G, D, opt_g, opt_d, edges, images, weight, pair=_pair, gap=_l1, half=1.0, adversarial=lambda logits: F.softplus(-logits).mean()):
    fake = G(edges)
    d_loss = half * _d_loss(D, pair(edges, images), pair(edges, fake.detach()))
    _update(opt_d, d_loss)
    g_loss = adversarial(D(pair(edges, fake))) + weight * gap(fake, images)
    _update(opt_g, g_loss)
    return d_loss.item(), g_loss.item()


def asks_D_before_its_update(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """Your G moves against the D from *before* its update: either G moves first, or its loss uses logits from before opt_d.step(). D moves first; then ask it again."""
    fake = G(edges)
    loss = F.softplus(-D(_pair(edges, fake))).mean() + l1_weight * _l1(fake, images)
    pushes = torch.autograd.grad(loss, list(G.parameters()))
    d_loss = _d_loss(D, _pair(edges, images), _pair(edges, fake.detach()))
    _update(opt_d, d_loss)
    for p, slope in zip(G.parameters(), pushes, strict=True):
        p.grad = slope
    opt_g.step()
    return d_loss.item(), loss.item()


def fakes_leak_into_G(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """In D's step the fakes are not detached, and G's gradients are cleared too early, so G also steps along the gradient of D's loss. Detach the fakes for D, and clear G's gradients right before its own backward."""
    opt_g.zero_grad()
    d_loss = _d_loss(D, _pair(edges, images), _pair(edges, G(edges)))
    _update(opt_d, d_loss)
    fake = G(edges)
    g_loss = F.softplus(-D(_pair(edges, fake))).mean() + l1_weight * _l1(fake, images)
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


def image_before_edges(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You stack image and edges the other way round. D sees torch.cat([edges, image], 1)."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, pair=lambda e, i: torch.cat([i, e], 1))


def squared_difference(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You use the squared difference. It prefers blurred averages; the L1 term is the mean of |difference|."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, gap=lambda a, b: ((a - b) ** 2).mean())


def difference_summed(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You sum |difference| over all pixels. Take the mean, or the weight means something else for every image size."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, gap=lambda a, b: (a - b).abs().sum())


def weight_fixed_at_100(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You use 100 whatever l1_weight is. Use the argument."""
    return _step(G, D, opt_g, opt_d, edges, images, 100.0)


def no_l1_term(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """The L1 term is missing: D alone says whether an image is plausible, not whether it is *this* one."""
    return _step(G, D, opt_g, opt_d, edges, images, 0.0)


def no_adversarial_term(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """D has no say in your G's loss. Add generator_loss(D(pair)) to the L1 term."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, adversarial=lambda logits: 0 * logits.mean())


def saturating(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """Your G uses the saturating loss log(1 − D). Use generator_loss."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, adversarial=lambda logits: -F.softplus(logits).mean())


def no_zero_grad(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """Old gradients take part in your steps. Clear each network's gradients right before its own backward."""
    fake = G(edges)
    d_loss = _d_loss(D, _pair(edges, images), _pair(edges, fake.detach()))
    d_loss.backward()
    opt_d.step()
    g_loss = F.softplus(-D(_pair(edges, fake))).mean() + l1_weight * _l1(fake, images)
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


def D_is_not_cleared(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You clear G's gradients but not D's. G's backward runs through D and fills its .grad too, so D needs opt_d.zero_grad() right before its own backward."""
    fake = G(edges)
    d_loss = _d_loss(D, _pair(edges, images), _pair(edges, fake.detach()))
    d_loss.backward()
    opt_d.step()
    g_loss = F.softplus(-D(_pair(edges, fake))).mean() + l1_weight * _l1(fake, images)
    _update(opt_g, g_loss)
    return d_loss.item(), g_loss.item()


def one_pass_for_both(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You send real and fake pairs through D in one batch. Batch norm then mixes them, and G's move, with fakes alone, meets another D. Two passes, please."""
    fake = G(edges)
    logits = D(torch.cat([_pair(edges, images), _pair(edges, fake.detach())]))
    d_loss = F.softplus(-logits[: len(edges)]).mean() + F.softplus(logits[len(edges) :]).mean()
    _update(opt_d, d_loss)
    g_loss = F.softplus(-D(_pair(edges, fake))).mean() + l1_weight * _l1(fake, images)
    _update(opt_g, g_loss)
    return d_loss.item(), g_loss.item()


def returns_g_loss_without_l1(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """G moves as it should, but you return only D's part of its loss. g_loss is the sum, with the L1 term."""
    parts = []

    def adversarial(logits):
        parts.append(F.softplus(-logits).mean())
        return parts[0]

    d_loss, _ = _step(G, D, opt_g, opt_d, edges, images, l1_weight, adversarial=adversarial)
    return d_loss, parts[0].item()


def l1_term_detached(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """Your L1 term counts in g_loss but pulls nothing: the painted image in it is detached. Only D sees a detached fake."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, gap=lambda a, b: _l1(a.detach(), b))


def truth_are_the_edges(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """Your L1 term pulls the painted image to the edges. The truth is in images."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, gap=lambda a, b: _l1(a, edges))


def losses_exchanged(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You return (g_loss, d_loss). Asked for is (d_loss, g_loss)."""
    d, g = _step(G, D, opt_g, opt_d, edges, images, l1_weight)
    return g, d


def halved(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You halve D's loss, as the pix2pix paper does to slow D down. Here D is updated with the plain discriminator_loss, the sum of two means."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, half=0.5)


MISTAKES = (
    asks_D_before_its_update,
    fakes_leak_into_G,
    image_before_edges,
    squared_difference,
    difference_summed,
    weight_fixed_at_100,
    no_l1_term,
    no_adversarial_term,
    saturating,
    no_zero_grad,
    D_is_not_cleared,
    one_pass_for_both,
    returns_g_loss_without_l1,
    l1_term_detached,
    truth_are_the_edges,
    losses_exchanged,
)
