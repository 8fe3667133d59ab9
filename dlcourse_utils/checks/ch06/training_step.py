"""06.training_step: what one step must do, laid beside the same step worked out in NumPy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Recipe
from .networks import Batches, flat, loss_and_gradients, random_batches, random_layers, sgd


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[int, ...], **more: Any) -> Case:
        net = Recipe("ch06.net", layers=random_layers(rng, (4, 6, 3)))
        return Case(title, kwargs={"model": net, "batches": random_batches(rng, 4, 3, rows), **more})

    yield case("one step", (7,), lr=0.3)
    yield case("old gradients are there on entry", (6,), lr=0.2, stale=1.5)
    yield case("three steps, the model in evaluation mode", (5, 5, 5), lr=0.4, training=False)
    yield case("three steps with momentum, batches of different sizes", (8, 3, 5), lr=0.2, momentum=0.9)


def oracle(
    model: Recipe, batches: Batches, lr: float, momentum: float = 0.0, stale: float = 0.0, training: bool = True
) -> dict[str, Any]:
    mode = "training" if training else "evaluation"
    layers, velocity = model.kwargs["layers"], None
    parts: dict[str, Any] = {}
    for number, (x, labels) in enumerate(batches, start=1):
        loss, grads = loss_and_gradients(layers, x, labels)
        layers, velocity = sgd(layers, grads, velocity, lr, momentum)
        parts[f"loss {number}"] = loss
        parts[f"parameters after step {number}"] = flat(layers)
    return parts | {"the model ran in": [mode], "mode afterwards": mode}


def no_zero_grad(model, batch, optimizer):
    """Old gradients take part in your step: backward *adds* to what is already in .grad. Call optimizer.zero_grad() first, before backward."""
    x, labels = batch
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def nothing_moves(model, batch, optimizer):
    """Your parameters are the same after the step. Either optimizer.step() is missing, or there were no gradients when it ran: zero_grad first, then backward, then step."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    return loss.item()


def steps_before_backward(model, batch, optimizer):
    """You step before backward, so each update uses the gradient of the batch *before* (and the first uses none, or a stale one). Backward first, then step."""
    x, labels = batch
    loss = F.cross_entropy(model(x), labels)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def returns_a_tensor(model, batch, optimizer):
    """Your loss is still a tensor, and its graph stays in memory as long as somebody keeps it: a list of a thousand losses holds a thousand graphs. Return loss.item(), a float."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss


def loss_after_the_update(model, batch, optimizer):
    """You return the loss computed again after the update. Asked for is the one that the gradient belongs to, from before; it costs no second forward pass either."""
    x, labels = batch
    optimizer.zero_grad()
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()
    return F.cross_entropy(model(x), labels).item()


def loss_summed(model, batch, optimizer):
    """Your loss is the sum over the batch. Use the mean (cross_entropy's default): then the learning rate does not depend on the batch size."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels, reduction="sum")
    loss.backward()
    optimizer.step()
    return loss.item()


def softmax_before_the_loss(model, batch, optimizer):
    """You put the logits through a softmax before cross_entropy, which applies log-softmax itself. Hand it the logits."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(torch.softmax(model(x), dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def steps_twice(model, batch, optimizer):
    """Your parameters move twice per call. One batch, one backward, one optimizer.step()."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.item()


def _step(model, batch, optimizer):
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def switches_to_training_mode(model, batch, optimizer):
    """You call model.train() inside the step. The mode is the caller's affair: who trains a model with its batch norm frozen on purpose finds it thawed. Leave the mode as it is."""
    model.train()
    return _step(model, batch, optimizer)


def switches_to_evaluation_mode(model, batch, optimizer):
    """You call model.eval() inside the step, which switches dropout off while you train. Leave the mode as it is."""
    model.eval()
    return _step(model, batch, optimizer)


def ends_in_evaluation_mode(model, batch, optimizer):
    """After your step the model is in evaluation mode, so dropout is off in the next one. Leave the mode as it is; the caller decides."""
    loss = _step(model, batch, optimizer)
    model.eval()
    return loss


EXERCISE = Exercise(
    id="06.training_step",
    title="One step of training",
    objects=("training_step",),
    points=2,
    cases=cases,
    probe="ch06.training_step",
    oracle=oracle,
    mistakes=(
        no_zero_grad,
        nothing_moves,
        steps_before_backward,
        returns_a_tensor,
        loss_after_the_update,
        loss_summed,
        softmax_before_the_loss,
        steps_twice,
        switches_to_training_mode,
        switches_to_evaluation_mode,
        ends_in_evaluation_mode,
    ),
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
