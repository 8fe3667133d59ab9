"""The engine carries modules and training steps: a throw-away torch exercise shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from autograde.proof import run
from dlcourse_utils.checks.authoring import Case, Exercise, Observation, Recipe, Tensor, Verdict
from dlcourse_utils.probes import probe, recipe
from dlcourse_utils.probes.wire import pack, unpack


@recipe("throwaway.model")
def model(seed: int) -> torch.nn.Module:
    torch.manual_seed(seed)
    return torch.nn.Linear(3, 2)


@probe("throwaway.step")
def step(attempt: tuple[Any, ...], net: torch.nn.Module, x: torch.Tensor, labels: torch.Tensor) -> Iterator[Any]:
    """Give stale gradients on entry; report the loss and the parameters afterwards."""
    (training_step,) = attempt
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    yield "loss", training_step(net, (x, labels), optimizer)
    yield "params", dict(net.named_parameters())


def cases(rng: np.random.Generator) -> Iterator[Case]:
    x = Tensor(rng.normal(size=(5, 3)).astype(np.float32))
    labels = Tensor(rng.integers(0, 2, 5), "int64")
    yield Case("one step", (Recipe("throwaway.model", seed=int(rng.integers(100))), x, labels))


def judge(case: Case, observation: Observation) -> Verdict:
    net = case.args[0].build()
    loss = torch.nn.functional.cross_entropy(
        net(torch.from_numpy(case.args[1].array)), torch.from_numpy(case.args[2].array)
    )
    loss.backward()
    if not isinstance(observation.value["loss"], float):
        return Verdict.broken("The loss should be a float.", symptom="tensor")
    for name, p in net.named_parameters():
        want = (p - 0.1 * p.grad).detach().numpy()
        if not np.allclose(observation.value["params"][name].array, want, atol=1e-6):
            return Verdict.wrong("Stale gradients took part in the step.", want, symptom="stale", where=name)
    return Verdict.ok()


def _step(model: Any, batch: Any, optimizer: Any, zero: bool = True) -> Any:
    if zero:
        optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(batch[0]), batch[1])
    loss.backward()
    optimizer.step()
    return loss


def no_zero_grad(model: Any, batch: Any, optimizer: Any) -> float:
    """Old gradients are still there."""
    return _step(model, batch, optimizer, zero=False).item()


def returns_a_tensor(model: Any, batch: Any, optimizer: Any) -> Any:
    """The loss keeps its graph alive."""
    return _step(model, batch, optimizer)


STEP = Exercise(
    "99.step", "A step", ("training_step",), 2, cases, judge=judge, probe="throwaway.step",
    mistakes=(no_zero_grad, returns_a_tensor),
)  # fmt: skip


def test_a_training_step_is_judged_by_its_properties() -> None:
    assert run(STEP, [lambda *a: _step(*a).item()], 0).status == "correct"
    for wrong in STEP.mistakes:
        result = run(STEP, [wrong], 0)
        assert result.diagnosis is not None
        assert result.diagnosis.name == wrong.__name__


def test_its_cases_and_observations_cross_the_wire() -> None:
    from dlcourse_utils.checks import cases_for
    from dlcourse_utils.probes import observe

    (case,) = cases_for(STEP, 0)
    args = unpack(pack(list(case.args)))
    seen = observe(STEP.probe, [lambda *a: _step(*a).item()], args)
    back = Observation.from_plain(unpack(pack(seen.to_plain())))
    assert judge(case, back).passed
