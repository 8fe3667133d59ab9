"""10.image_to_image_step: D first, then G with an L1 term; laid beside steps worked out without autograd."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Recipe
from ..ch06.networks import flat, random_layers, sgd
from . import games
from .games import Layers, copied, out, slopes, softplus
from .image_to_image_mistakes import MISTAKES, halved


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[int, ...], lr: tuple[float, float], stale: float = 0.0, norm: bool = False, **more: Any) -> Case:
        G = Recipe("ch10.painter", layers=random_layers(rng, (1, 3, 1)), stale=-stale)
        D = Recipe("ch10.critic", layers=random_layers(rng, (12, 4, 1)), stale=stale, norm=norm)
        pairs = [(rng.normal(size=(n, 1, 2, 3)), np.tanh(rng.normal(size=(n, 1, 2, 3)) + 0.5)) for n in rows]
        return Case(title, kwargs={"G": G, "D": D, "pairs": pairs, "lr": list(lr), **more})

    yield case("one step, l1_weight = 2", (4,), (0.2, 0.3), l1_weight=2.0)
    yield case("old gradients lie in both networks, l1_weight = 5", (3,), (0.05, 0.4), stale=1.5, l1_weight=5.0)
    yield case("three steps, D has batch norm, l1_weight = 1", (4, 6, 5), (0.1, 0.2), norm=True, l1_weight=1.0)
    yield case("the default l1_weight, 100", (5,), (0.004, 0.3))


def oracle(
    G: Recipe, D: Recipe, pairs: list[tuple[np.ndarray, np.ndarray]], lr: list[float], l1_weight: float = 100.0
) -> dict[str, Any]:
    g, d, norm = copied(G.kwargs["layers"]), copied(D.kwargs["layers"]), D.kwargs["norm"]
    parts: dict[str, Any] = {}
    for number, (edges, images) in enumerate(pairs, start=1):

        def paint(g: Layers, edges: np.ndarray = edges) -> np.ndarray:
            return np.tanh(out(g, edges[:, 0, :, :, None]))[..., 0].reshape(len(edges), -1)

        flat_edges, flat_images = (a.reshape(len(a), -1) for a in (edges, images))
        real, fake = np.hstack([flat_edges, flat_images]), np.hstack([flat_edges, paint(g)])

        def loss_of_d(d: Layers, real: np.ndarray = real, fake: np.ndarray = fake) -> Any:
            return games.d_loss(d, real, fake, norm)

        parts[f"d_loss {number}"] = float(loss_of_d(d))
        d, _ = sgd(d, slopes(loss_of_d, d), None, lr[1], 0.0)

        def loss_of_g(g: Layers, d: Layers = d, e: np.ndarray = flat_edges, wanted: np.ndarray = flat_images, paint: Any = paint) -> Any:
            painted = paint(g)
            gap = painted - wanted
            return softplus(-out(d, np.hstack([e, painted]), norm)).mean() + l1_weight * (gap * np.sign(gap.real)).mean()

        parts[f"g_loss {number}"] = float(loss_of_g(g))
        g, _ = sgd(g, slopes(loss_of_g, g), None, lr[0], 0.0)
        parts[f"D after step {number}"] = flat(d)
        parts[f"G after step {number}"] = flat(g)
    return parts | {f"{name}'s {what} as found": "yes" for name in "GD" for what in ("requires_grad", "mode")}


EXERCISE = Exercise(
    id="10.image_to_image_step",
    title="From edges to a photograph",
    objects=("image_to_image_step",),
    points=3,
    cases=cases,
    probe="ch10.image_to_image",
    oracle=oracle,
    mistakes=MISTAKES,
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
