"""Chapter 06: a measured gradient is told from autograd's, and a second forward pass is seen wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlcourse_utils.checks import registry
from dlcourse_utils.checks.judging import cases_for, judge
from dlcourse_utils.probes.observe import observe

torch = pytest.importorskip("torch")

CENTRAL = {1: 0.5, -1: -0.5}
FORWARD = {1: 1.0, 0: -1.0}
FIVE_POINTS = {2: -1 / 12, 1: 2 / 3, -1: -2 / 3, -2: 1 / 12}


def measuring(stencil: dict[int, float], step: float) -> Callable[..., Any]:
    """Return an answer that measures slopes: Σ weight · f(x + offset · step) / step, one entry at a time."""

    def gradients_of(f: Callable[..., Any], *tensors: Any) -> tuple[Any, ...]:
        copies = [t.detach().clone() for t in tensors]
        found = [torch.zeros_like(t) for t in copies]
        for t, slope in zip(copies, found, strict=True):
            for place in np.ndindex(*t.shape):
                kept = t[place].item()
                for offset, weight in stencil.items():
                    t[place] = kept + offset * step
                    slope[place] += weight * f(*copies) / step
                t[place] = kept
        return tuple(found)

    return gradients_of


@pytest.mark.parametrize("step", [1e-7, 1e-5, 1e-3])
@pytest.mark.parametrize("stencil", [CENTRAL, FORWARD, FIVE_POINTS], ids=["central", "forward", "five points"])
def test_no_step_makes_a_measured_gradient_pass(stencil: dict[int, float], step: float) -> None:
    exercise = registry.get("06.gradients_of")
    for seed in range(2):
        cases = cases_for(exercise, seed)
        seen = [observe(exercise.probe, (measuring(stencil, step),), c.args, c.kwargs) for c in cases]
        result = judge(exercise, cases, seen, seed)
        assert result.score <= 0.6
        assert result.diagnosis is not None
        assert result.diagnosis.name.startswith("measured_")


def once_more_first(model: Any, batch: Any, optimizer: Any) -> float:
    with torch.no_grad():
        before = torch.nn.functional.cross_entropy(model(batch[0]), batch[1]).item()
    one_step(model, batch, optimizer)
    return before


def once_more_last(model: Any, batch: Any, optimizer: Any) -> float:
    loss = one_step(model, batch, optimizer)
    model(batch[0])
    return loss


def one_step(model: Any, batch: Any, optimizer: Any) -> float:
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(batch[0]), batch[1])
    loss.backward()
    optimizer.step()
    return loss.item()


@pytest.mark.parametrize("step", [once_more_first, once_more_last])
def test_a_second_forward_pass_is_named_wherever_it_stands(step: Callable[..., float]) -> None:
    exercise = registry.get("06.training_step")
    cases = cases_for(exercise, 0)
    for attempt, passes in ((step, False), (one_step, True)):
        seen = [observe(exercise.probe, (attempt,), c.args, c.kwargs) for c in cases]
        result = judge(exercise, cases, seen, 0)
        assert (result.score == 1) == passes
        assert (result.diagnosis is None) if passes else (result.diagnosis.name == "a_second_forward_pass")
