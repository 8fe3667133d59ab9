"""10.gradient_penalty: its value and its slopes, beside a network whose gradient is written down in closed form."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Recipe, Verdict
from ..ch06.networks import flat, random_layers
from ..ch06.parts import in_order
from .games import Layers, copied, slopes


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


_LEFT = {"pushes the samples": "no", "D's .grad as found": "yes", "global generator used": "no"}


def _between(real, fake, generator):
    eps = torch.rand(len(real), generator=generator).reshape(-1, *[1] * (real.dim() - 1))
    return (eps * real + (1 - eps) * fake).detach().requires_grad_()


def _slope(D, x):
    return torch.autograd.grad(D(x).sum(), x, create_graph=True)[0].flatten(1)


def at_the_data(D, real, fake, generator):
    """You penalise the gradient at the real samples. Asked for are points *between* a real sample and a fake, at a place that is drawn for each pair."""
    return ((_slope(D, real.detach().clone().requires_grad_()).norm(dim=1) - 1) ** 2).mean()


def at_the_fakes(D, real, fake, generator):
    """You penalise the gradient at the fakes. Asked for are points *between* a real sample and a fake, at a place that is drawn for each pair."""
    return ((_slope(D, fake.detach().clone().requires_grad_()).norm(dim=1) - 1) ** 2).mean()


def norm_over_the_batch(D, real, fake, generator):
    """You take one length over the whole batch. Each sample's gradient has a length of its own: flatten(1).norm(dim=1)."""
    return (_slope(D, _between(real, fake, generator)).norm() - 1) ** 2


def graph_not_kept(D, real, fake, generator):
    """Your penalty has no graph, so it cannot teach D anything: a penalty on a gradient needs the gradient *of* that gradient. Pass create_graph=True to torch.autograd.grad."""
    x = _between(real, fake, generator)
    (slope,) = torch.autograd.grad(D(x).sum(), x)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def one_coefficient_for_all(D, real, fake, generator):
    """You draw one coefficient for the whole batch. Draw one for each sample, so that different places are visited."""
    eps = torch.rand(1, generator=generator)
    x = (eps * real + (1 - eps) * fake).detach().requires_grad_()
    return ((_slope(D, x).norm(dim=1) - 1) ** 2).mean()


def one_coefficient_for_each_number(D, real, fake, generator):
    """You draw a coefficient for every single number, so your points lie anywhere in a box and not on the line between the two samples. One coefficient per sample: shape (N, 1, 1, 1) for images."""
    eps = torch.rand(real.shape, generator=generator)
    x = (eps * real + (1 - eps) * fake).detach().requires_grad_()
    return ((_slope(D, x).norm(dim=1) - 1) ** 2).mean()


def gradient_of_the_mean(D, real, fake, generator):
    """You take the gradient of D's *mean*, so each sample's slope is divided by N. Take that of the sum: sample by sample, nothing is divided."""
    x = _between(real, fake, generator)
    (slope,) = torch.autograd.grad(D(x).mean(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def pulled_to_zero(D, real, fake, generator):
    """You penalise the length itself, which pulls D flat. The length should be 1: (length − 1)²."""
    return (_slope(D, _between(real, fake, generator)).norm(dim=1) ** 2).mean()


def squared_length_minus_one(D, real, fake, generator):
    """You penalise (length² − 1)². Take the root first: (length − 1)²."""
    return (((_slope(D, _between(real, fake, generator)) ** 2).sum(dim=1) - 1) ** 2).mean()


def with_lambda(D, real, fake, generator):
    """You multiply by λ = 10 inside. The weight is the caller's affair: return the bare penalty."""
    return 10 * ((_slope(D, _between(real, fake, generator)).norm(dim=1) - 1) ** 2).mean()


def global_generator(D, real, fake, generator):
    """You draw from torch's global generator. Pass the one you were given: torch.rand(..., generator=generator)."""
    return ((_slope(D, _between(real, fake, None)).norm(dim=1) - 1) ** 2).mean()


def fakes_not_constant(D, real, fake, generator):
    """Your penalty leads back into the samples: with fakes that come fresh from G, it would push G about. Detach real and fake before you mix them."""
    eps = torch.rand(len(real), generator=generator).reshape(-1, *[1] * (real.dim() - 1))
    return ((_slope(D, eps * real + (1 - eps) * fake).norm(dim=1) - 1) ** 2).mean()


def fills_Ds_gradients(D, real, fake, generator):
    """You call backward(), which writes into D's .grad, and the optimizer would step along it. torch.autograd.grad gives the slope at x and leaves every .grad alone."""
    x = _between(real, fake, generator)
    D(x).sum().backward(create_graph=True)
    return ((x.grad.flatten(1).norm(dim=1) - 1) ** 2).mean()


def one_sided(D, real, fake, generator):
    """You use the one-sided penalty, max(0, length − 1)², of Petzka, Fischer and Lukovnikov (2018). Asked for is the two-sided one of Gulrajani et al. (2017): (length − 1)²."""
    return (torch.relu(_slope(D, _between(real, fake, generator)).norm(dim=1) - 1) ** 2).mean()


EXERCISE = Exercise(
    id="10.gradient_penalty",
    title="A gradient on a leash",
    objects=("gradient_penalty",),
    points=3,
    cases=cases,
    judge=judge,
    probe="ch10.gradient_penalty",
    mistakes=(
        at_the_data,
        at_the_fakes,
        norm_over_the_batch,
        graph_not_kept,
        one_coefficient_for_all,
        one_coefficient_for_each_number,
        gradient_of_the_mean,
        pulled_to_zero,
        squared_length_minus_one,
        with_lambda,
        global_generator,
        fakes_not_constant,
        fills_Ds_gradients,
    ),
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
