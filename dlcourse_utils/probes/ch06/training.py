"""Steps of training, evaluation and accumulated gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import (
    as_array,
    parameter_values,
    private_randomness,
    said,
    tensor,
)


@probe("ch06.training_step")
def training_step(
    attempt: Attempt,
    model: Any,
    batches: list[tuple[np.ndarray, np.ndarray]],
    lr: float,
    momentum: float = 0.0,
    stale: float = 0.0,
    training: bool = True,
    seed: int = 0,
) -> Parts:
    """One step per batch; `stale` puts gradients of that size on the parameters before the first.

    Where the model starts with a batch norm, what that has seen is told too.
    """
    import torch

    (step,) = attempt
    optimizer = _sgd(model.train(training), lr, momentum, stale)
    with private_randomness(seed):
        for number, (x, labels) in enumerate(batches, start=1):
            yield f"loss {number}", step(model, (tensor(x, "float64"), tensor(labels, "int64")), optimizer)
            yield f"parameters after step {number}", parameter_values(model)
    if isinstance(model[0], torch.nn.BatchNorm1d):
        yield "batches that batch norm has seen", int(as_array(model[0].num_batches_tracked))
        yield "running mean afterwards", as_array(model[0].running_mean)
        yield "running variance afterwards", as_array(model[0].running_var)
    yield "the model ran in", sorted(set(model.ran_in))
    yield "mode afterwards", "training" if model.training else "evaluation"


def _sgd(model: Any, lr: float, momentum: float, stale: float, weight_decay: float = 0.0) -> Any:
    import torch

    if stale:
        for p in model.parameters():
            p.grad = torch.full_like(p, stale).detach()
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)


@probe("ch06.accumulate")
def accumulate(
    attempt: Attempt,
    model: Any,
    batches: list[tuple[np.ndarray, np.ndarray]],
    lr: float,
    momentum: float = 0.0,
    stale: float = 0.0,
    weight_decay: float = 0.0,
    once: bool = False,
) -> Parts:
    """One update from several batches, twice in a row; with `once` they come from a generator."""
    (function,) = attempt
    optimizer = _sgd(model, lr, momentum, stale, weight_decay)
    for number in (1, 2):
        model.graphs = 0
        pairs: Any = ((tensor(x, "float64"), tensor(y, "int64")) for x, y in batches)
        yield f"loss {number}", function(model, pairs if once else list(pairs), optimizer)
        yield f"parameters after update {number}", parameter_values(model)
    yield "more than one batch at once", said(model.largest_batch > max(len(y) for _, y in batches))
    yield "graphs kept at once", model.graphs_at_once


@recipe("ch06.loader")
def loader(x: np.ndarray, labels: np.ndarray, batch_size: int, drop_last: bool = False, plain: bool = False) -> Any:
    """A DataLoader in the order of the rows, or (plain) a list of batches."""
    import torch

    data = torch.utils.data.TensorDataset(tensor(x, "float64"), tensor(labels, "int64"))
    batches = torch.utils.data.DataLoader(data, batch_size=batch_size, drop_last=drop_last)
    return list(batches) if plain else batches


@probe("ch06.evaluate")
def evaluate(attempt: Attempt, model: Any, loader: Any) -> Parts:
    """Evaluate once, and look at the model, and at torch's switch, afterwards."""
    import torch

    (function,) = attempt
    with private_randomness(), torch.enable_grad():  # leaving the block puts the switch back
        yield "accuracy", function(model, loader)
        still_on = torch.is_grad_enabled()
    yield "training afterwards", said(model.training)
    yield "running mean afterwards", as_array(model.norm.running_mean)
    yield "gradients were recorded", said(model.recorded)
    yield "parameters want gradients afterwards", said(all(p.requires_grad for p in model.parameters()))
    yield "recording is on afterwards", said(still_on)
