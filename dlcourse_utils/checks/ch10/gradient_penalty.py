"""10.gradient_penalty: its value and its slopes, beside a network whose gradient is written down in closed form."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Recipe, Verdict
from ..ch06.networks import flat, random_layers
from ..ch06.parts import in_order
from .games import Layers, copied, slopes
from .gradient_penalty_mistakes import MISTAKES, one_sided


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, shape: tuple[int, ...], stale: float = 0.0) -> Case:
        d = int(np.prod(shape[1:]))
        while True:  # some gradients longer than 1 and some shorter, or one-sided penalties look right
            layers = [{k: v * size for k, v in layer.items()} for layer, size in zip(random_layers(rng, (d, 5, 1)), (1.2, 2.5), strict=True)]
            real, fake = rng.normal(size=shape) + 0.5, rng.normal(size=shape) * 1.5 - 0.5
            seed = int(rng.integers(10_000))
            lengths = _lengths(layers, _mixed(real, fake, seed, "float64", False))
            if lengths.min() < 0.7 and lengths.max() > 1.4:
                break
        D = Recipe("ch10.critic", layers=layers, stale=stale)
        return Case(title, kwargs={"D": D, "real": real, "fake": fake, "seed": seed})

    yield case("7 points in the plane", (7, 2))
    yield case("5 images of 1×2×3, old gradients lie in D", (5, 1, 2, 3), stale=2.0)
    yield case("4 images of 2×2×2", (4, 2, 2, 2))


def _mixed(real: np.ndarray, fake: np.ndarray, seed: int, dtype: str, reverse: bool) -> np.ndarray:
    """Points between, as the generator's first numbers place them."""
    generator = torch.Generator().manual_seed(seed)
    eps = torch.rand(len(real), generator=generator, dtype=getattr(torch, dtype)).double().numpy()
    eps = eps.reshape(-1, *[1] * (real.ndim - 1))
    a, b = (fake, real) if reverse else (real, fake)
    return eps * a + (1 - eps) * b


def _lengths(layers: Layers, x: np.ndarray) -> Any:
    """|∇D| at each row of x for D(x) = v·tanh(Wx + b) + c: the gradient is Wᵀ(v (1 − tanh²))."""
    first, last = layers
    inner = np.tanh(x.reshape(len(x), -1) @ first["w"].T + first["b"])
    slope = ((1 - inner**2) * last["w"]) @ first["w"]
    return np.sqrt((slope**2).sum(axis=1))


def judge(case: Case, observation: Observation) -> Verdict:
    """Either orientation, and draws in single or double precision, are right, if value and slopes agree."""
    facts = case.kwargs
    first: Verdict | None = None
    for reverse in (False, True):
        for dtype in ("float32", "float64"):
            x = _mixed(facts["real"], facts["fake"], facts["seed"], dtype, reverse)

            def penalty(layers: Layers, x: np.ndarray = x) -> Any:
                return ((_lengths(layers, x) - 1) ** 2).mean()

            layers = copied(facts["D"].kwargs["layers"])
            expected = {"penalty": float(penalty(layers)), "a number with a graph": "yes", "slopes for D's parameters": flat(slopes(penalty, layers))}
            verdict = in_order(expected | _LEFT, observation.value)
            if verdict.passed:
                return verdict
            further = first is not None and first.where == "penalty" and verdict.where != "penalty"
            first = verdict if first is None or further else first
    assert first is not None
    return first


_FOUND = {f"D's {what} as found": "yes" for what in (".grad", "requires_grad", "mode")}
_LEFT = {"pushes the samples": "no", **_FOUND, "global generator used": "no"}


EXERCISE = Exercise(
    id="10.gradient_penalty",
    title="A gradient on a leash",
    objects=("gradient_penalty",),
    points=3,
    cases=cases,
    judge=judge,
    probe="ch10.gradient_penalty",
    mistakes=MISTAKES,
    conventions=(one_sided,),
    hints=(
        "How do I mix? → eps = torch.rand(len(real), generator=generator), reshaped to (N, 1, 1, 1) or (N, 1): eps * real + (1 - eps) * fake. "
        "eps.reshape(-1, *[1] * (real.dim() - 1)) fits both.",
        "One of the differentiated tensors does not require grad. → The mixed points are new data: .detach().requires_grad_() on them, then D(x).",
        "How do I get each sample's gradient at once? → D's answer for one sample depends on that sample only, so the gradient of the *sum* holds them all, row by row: "
        "torch.autograd.grad(D(x).sum(), x, create_graph=True)[0].",
        "Nearly everything:\n```python\nx = (eps * real + (1 - eps) * fake).detach().requires_grad_()\n(slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)\n"
        "length = slope.flatten(1).norm(dim=1)\nreturn ...\n```",
    ),
)
