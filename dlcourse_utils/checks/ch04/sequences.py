"""What the five optimizers' checks share: sequences of gradients, and the same steps taken by torch.optim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..authoring import Case

Arrays = dict[str, np.ndarray]


def _arrays(rng: np.random.Generator, **shapes: tuple[int, ...]) -> Arrays:
    """Arrays well away from zero, so that no step hides in rounding."""
    return {k: rng.uniform(0.3, 2.0, size=s) * rng.choice([-1.0, 1.0], size=s) for k, s in shapes.items()}


def sequences(
    rng: np.random.Generator, hyper: dict[str, float], second: dict[str, float], rates: Sequence[float]
) -> Iterator[Case]:
    """Yield the cases that every optimizer must pass; `hyper` and `second` are two settings, `rates` a schedule."""
    shapes = {"w": (3, 2), "b": (2,)}
    yield Case("one step", kwargs=_run(rng, shapes, [hyper]))
    yield Case("five steps, the state handed on", kwargs=_run(rng, shapes, [hyper] * 5), weight=2.0)
    yield Case("two arrays of the same shape", kwargs=_run(rng, {"a": (4,), "b": (4,), "c": (4,)}, [hyper] * 3))
    yield Case("other settings", kwargs=_run(rng, {"w": (2, 5), "b": (5,), "v": (1, 3)}, [second] * 4))
    yield Case(
        "a learning rate that changes on the way",
        kwargs=_run(rng, shapes, [{**hyper, "lr": rate} for rate in rates]),
    )
    ordered = _run(rng, {"w": (2,), "b": (2,)}, [hyper] * 2)
    ordered["grads"] = [dict(reversed(g.items())) for g in ordered["grads"]]
    yield Case("the gradients' keys in another order", kwargs=ordered)
    whole = _run(rng, {"w": (2, 3)}, [hyper] * 2)
    whole["params"] = {"w": rng.integers(1, 9, size=(2, 3))}
    yield Case("parameters that are whole numbers", kwargs=whole)
    yield Case("each call made twice: nothing may have changed", kwargs=_run(rng, shapes, [hyper] * 3) | {"twice": True})
    one, two = (_run(rng, shapes, [hyper] * 3) for _ in range(2))
    yield Case("two networks trained in turn", kwargs=one | {"other": (two["params"], two["grads"])})


def _run(rng: np.random.Generator, shapes: dict[str, tuple[int, ...]], hypers: list[dict[str, float]]) -> dict[str, Any]:
    return {
        "params": _arrays(rng, **shapes),
        "grads": [_arrays(rng, **shapes) for _ in hypers],
        "hypers": hypers,
    }


def torch_path(
    optimizer: Callable[..., Any],
    settings: Callable[[dict[str, float]], dict[str, Any]],
    params: Arrays,
    grads: Sequence[Arrays],
    hypers: Sequence[dict[str, float]],
    twice: bool = False,
    other: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """The same run by a torch.optim class; `settings` turns our names of the settings into torch's."""
    path = _steps(optimizer, settings, params, grads, hypers)
    second = _steps(optimizer, settings, other[0], other[1], hypers) if other else None
    expected: dict[str, Any] = {}
    for number, arrays in enumerate(path, start=1):
        expected[f"parameters after step {number}"] = arrays
        if twice:
            expected[f"a second call of step {number}"] = arrays
        if second:
            expected[f"the second network after step {number}"] = second[number - 1]
    return expected


def _steps(
    optimizer: Callable[..., Any],
    settings: Callable[[dict[str, float]], dict[str, Any]],
    params: Arrays,
    grads: Sequence[Arrays],
    hypers: Sequence[dict[str, float]],
) -> list[Arrays]:
    import torch

    leaves = {k: torch.nn.Parameter(torch.tensor(p, dtype=torch.float64)) for k, p in params.items()}
    method = optimizer(list(leaves.values()), **settings(hypers[0]))
    path = []
    for g, hyper in zip(grads, hypers, strict=True):
        method.param_groups[0].update(settings(hyper))
        for key, leaf in leaves.items():
            leaf.grad = torch.tensor(g[key], dtype=torch.float64)
        method.step()
        path.append({k: leaf.detach().numpy().copy() for k, leaf in leaves.items()})
    return path
