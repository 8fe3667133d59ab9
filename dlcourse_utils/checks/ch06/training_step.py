"""06.training_step: what one step must do, laid beside the same step worked out in NumPy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Observation, Recipe, Verdict, compare
from .networks import Batches, flat, loss_and_gradients, random_batches, random_layers, sgd
from .training_step_mistakes import MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[int, ...], dropout: float = 0.0, weight: float = 1.0, **more: Any) -> Case:
        net = Recipe("ch06.net", layers=random_layers(rng, (4, 6, 3)), dropout=dropout)
        return Case(title, kwargs={"model": net, "batches": random_batches(rng, 4, 3, rows), **more}, weight=weight)

    yield case("one step", (7,), lr=0.3)
    yield case("old gradients are there on entry", (6,), lr=0.2, stale=1.5)
    yield case("three steps, the model in evaluation mode", (5, 5, 5), lr=0.4, training=False)
    yield case("three steps with momentum, batches of different sizes", (8, 3, 5), lr=0.2, momentum=0.9)
    seed = int(rng.integers(1000))  # a second forward pass moves batch norm's averages and draws from dropout again
    yield case("a model with batch norm and dropout, three steps", (6, 4, 7), 0.3, 2.0, lr=0.3, seed=seed)


def oracle(
    model: Recipe,
    batches: Batches,
    lr: float,
    momentum: float = 0.0,
    stale: float = 0.0,
    training: bool = True,
    seed: int = 0,
) -> dict[str, Any]:
    mode = "training" if training else "evaluation"
    layers, velocity, dropout = model.kwargs["layers"], None, model.kwargs["dropout"]
    parts: dict[str, Any] = {}
    if dropout:
        batches, parts = _noised(batches, dropout, seed)
    for number, (x, labels) in enumerate(batches, start=1):
        loss, grads = loss_and_gradients(layers, x, labels)
        layers, velocity = sgd(layers, grads, velocity, lr, momentum)
        parts[f"loss {number}"] = loss
        parts[f"parameters after step {number}"] = flat(layers)
    return parts | {"the model ran in": [mode], "mode afterwards": mode}


def _noised(batches: Batches, dropout: float, seed: int) -> tuple[Batches, dict[str, Any]]:
    """Return what batch norm and dropout make of the batches, each passing once, and batch norm's averages then.

    The layers stand at the input and have nothing to learn, so no gradient goes through them.
    """
    features = batches[0][0].shape[1]
    mean, var, noised = np.zeros(features), np.ones(features), []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for x, labels in batches:
            kept = F.dropout(torch.ones(x.shape, dtype=torch.float64), dropout).numpy()
            noised.append((kept * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5), labels))
            mean, var = 0.9 * mean + 0.1 * x.mean(axis=0), 0.9 * var + 0.1 * x.var(axis=0, ddof=1)
    seen = {BATCHES: len(batches), "running mean afterwards": mean, "running variance afterwards": var}
    return noised, seen


BATCHES = "batches that batch norm has seen"


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the oracle; where a batch went through the model more than once, say so first."""
    steps, seen = len(case.kwargs["batches"]), (observation.value or {}).get(BATCHES, 0)
    if seen > steps:
        told = f"In {steps} steps, {seen} batches went through the model: there is a second forward pass."
        return Verdict.wrong(told, steps, seen, symptom="second pass")
    return compare(oracle(**case.kwargs), observation.value)


EXERCISE = Exercise(
    id="06.training_step",
    title="One step of training",
    objects=("training_step",),
    points=2,
    cases=cases,
    probe="ch06.training_step",
    judge=judge,
    mistakes=MISTAKES,
    hints=(
        "In which order? → Clear, forward, loss, backward, step: optimizer.zero_grad(); logits = model(x); loss = F.cross_entropy(logits, "
        "labels); loss.backward(); optimizer.step().",
        "Old gradients take part in my step. → optimizer.zero_grad() must come before loss.backward(). backward adds to .grad, as your "
        "Value did with +=.",
        "My loss is a tensor, not a float. → loss.item() gives the number and lets go of the graph.",
        "Nearly everything:\n```python\nx, labels = batch\noptimizer.zero_grad()\nloss = F.cross_entropy(model(x), labels)\n...\n"
        "optimizer.step()\nreturn loss.item()\n```",
    ),
)
