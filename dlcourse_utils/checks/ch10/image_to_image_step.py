"""10.image_to_image_step: D first, then G with an L1 term; laid beside steps worked out without autograd."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Recipe
from ..ch06.networks import flat, random_layers, sgd
from . import games
from .games import Layers, copied, out, slopes, softplus


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[int, ...], lr: tuple[float, float], stale: float = 0.0, **more: Any) -> Case:
        G = Recipe("ch10.painter", layers=random_layers(rng, (1, 3, 1)), stale=-stale)
        D = Recipe("ch10.critic", layers=random_layers(rng, (12, 4, 1)), stale=stale)
        pairs = [(rng.normal(size=(n, 1, 2, 3)), np.tanh(rng.normal(size=(n, 1, 2, 3)) + 0.5)) for n in rows]
        return Case(title, kwargs={"G": G, "D": D, "pairs": pairs, "lr": list(lr), **more})

    yield case("one step, l1_weight = 2", (4,), (0.2, 0.3), l1_weight=2.0)
    yield case("old gradients lie in both networks, l1_weight = 5", (3,), (0.05, 0.4), stale=1.5, l1_weight=5.0)
    yield case("three steps, l1_weight = 1", (4, 3, 5), (0.1, 0.2), l1_weight=1.0)
    yield case("the default l1_weight, 100", (5,), (0.004, 0.3))


def oracle(
    G: Recipe, D: Recipe, pairs: list[tuple[np.ndarray, np.ndarray]], lr: list[float], l1_weight: float = 100.0
) -> dict[str, Any]:
    g, d = copied(G.kwargs["layers"]), copied(D.kwargs["layers"])
    parts: dict[str, Any] = {}
    for number, (edges, images) in enumerate(pairs, start=1):

        def paint(g: Layers, edges: np.ndarray = edges) -> np.ndarray:
            return np.tanh(out(g, edges[:, 0, :, :, None]))[..., 0].reshape(len(edges), -1)

        flat_edges, flat_images = (a.reshape(len(a), -1) for a in (edges, images))
        real, fake = np.hstack([flat_edges, flat_images]), np.hstack([flat_edges, paint(g)])

        def loss_of_d(d: Layers, real: np.ndarray = real, fake: np.ndarray = fake) -> Any:
            return games.d_loss(d, real, fake)

        parts[f"d_loss {number}"] = float(loss_of_d(d))
        d, _ = sgd(d, slopes(loss_of_d, d), None, lr[1], 0.0)

        def loss_of_g(g: Layers, d: Layers = d, e: np.ndarray = flat_edges, wanted: np.ndarray = flat_images, paint: Any = paint) -> Any:
            painted = paint(g)
            gap = painted - wanted
            return softplus(-out(d, np.hstack([e, painted]))).mean() + l1_weight * (gap * np.sign(gap.real)).mean()

        parts[f"g_loss {number}"] = float(loss_of_g(g))
        g, _ = sgd(g, slopes(loss_of_g, g), None, lr[0], 0.0)
        parts[f"D after step {number}"] = flat(d)
        parts[f"G after step {number}"] = flat(g)
    return parts | {f"{name}'s {what} as found": "yes" for name in "GD" for what in ("requires_grad", "mode")}


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
    g_loss.backward(inputs=list(G.parameters()))
    opt_g.step()
    return d_loss.item(), g_loss.item()


def losses_exchanged(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You return (g_loss, d_loss). Asked for is (d_loss, g_loss)."""
    d, g = _step(G, D, opt_g, opt_d, edges, images, l1_weight)
    return g, d


def halved(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """You halve D's loss, as the pix2pix paper does to slow D down. Here D is updated with the plain discriminator_loss, the sum of two means."""
    return _step(G, D, opt_g, opt_d, edges, images, l1_weight, half=0.5)


EXERCISE = Exercise(
    id="10.image_to_image_step",
    title="From edges to a photograph",
    objects=("image_to_image_step",),
    points=3,
    cases=cases,
    probe="ch10.image_to_image",
    oracle=oracle,
    mistakes=(
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
        losses_exchanged,
    ),
    conventions=(halved,),
    builds_on=("10.discriminator_loss", "10.generator_loss"),
    hints=(
        "In which order? → fake = G(edges). D: loss on the real pair and on the pair with fake.detach(), clear, backward, step. Then G: ask D anew about (edges, fake), add the L1 term, clear, backward, step.",
        "What is a pair? → torch.cat([edges, image], 1): channels side by side, so D sees whether this image belongs to these edges.",
        "My G is a little off. → Is its loss computed with the *updated* D? And are G's gradients cleared right before its own backward?",
        "Nearly everything:\n```python\nfake = G(edges)\nd_loss = discriminator_loss(D(torch.cat([edges, images], 1)), D(torch.cat([edges, fake.detach()], 1)))\n"
        "opt_d.zero_grad()\nd_loss.backward()\nopt_d.step()\ng_loss = generator_loss(D(...)) + l1_weight * ...\n...\nreturn d_loss.item(), g_loss.item()\n```",
    ),
)
