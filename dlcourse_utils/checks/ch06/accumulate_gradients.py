"""06.accumulate_gradients: several small batches, one update, the same as one big batch worked out in NumPy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Recipe
from .networks import Batches, flat, loss_and_gradients, random_batches, random_layers, sgd


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[int, ...], **more: Any) -> Case:
        net = Recipe("ch06.net", layers=random_layers(rng, (3, 5, 4)))
        return Case(title, kwargs={"model": net, "batches": random_batches(rng, 3, 4, rows), "lr": 0.3, **more})

    yield case("three batches of 4", (4, 4, 4))
    yield case("batches of 6, 2 and 5, weight decay", (6, 2, 5), momentum=0.9, weight_decay=0.2)
    yield case("the batches come from a generator", (3, 5, 1, 4), once=True)
    yield case("old gradients are there on entry", (2, 6), stale=2.0)
    yield case("a single batch", (5,), once=True)


def oracle(model: Recipe, batches: Batches, lr: float, momentum: float = 0.0, **rest: Any) -> dict[str, Any]:
    x, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    layers, velocity = model.kwargs["layers"], None
    decay = rest.get("weight_decay", 0.0)
    parts: dict[str, Any] = {}
    for number in (1, 2):
        loss, grads = loss_and_gradients(layers, x, labels)
        layers, velocity = sgd(layers, grads, velocity, lr, momentum, decay)
        parts[f"loss {number}"] = loss
        parts[f"parameters after update {number}"] = flat(layers)
    return parts | {"more than one batch at once": "no", "graphs kept at once": 1}


def mean_of_the_batch_means(model, batches, optimizer):
    """You average the batches' means, so a sample in a small batch counts more than one in a large batch. Weigh each batch by its size: add up sums over samples and divide by the number of samples."""
    batches = list(batches)
    optimizer.zero_grad()
    total = 0.0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels) / len(batches)
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def batch_means_added_up(model, batches, optimizer):
    """You add up the batches' mean losses and never divide: with ten batches your step is ten times too long. The result must be the mean over all samples."""
    optimizer.zero_grad()
    total = 0.0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def sum_over_all_samples(model, batches, optimizer):
    """Your gradient is the sum over all samples. Divide it by their number: then it equals that of one big batch with a mean loss."""
    optimizer.zero_grad()
    total, count = 0.0, 0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels, reduction="sum")
        loss.backward()
        total, count = total + loss.item(), count + len(labels)
    optimizer.step()
    return total / count


def a_step_for_each_batch(model, batches, optimizer):
    """You make an update after each batch. Accumulating means: backward for each batch, and one optimizer.step() at the end."""
    total, count = 0.0, 0
    for x, labels in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        total, count = total + loss.item() * len(labels), count + len(labels)
    return total / count


def cleared_in_the_loop(model, batches, optimizer):
    """You clear the gradients inside the loop, so only the last batch is left when the step comes. Clear once, before the first batch: that backward *adds* is what you want here."""
    batches = list(batches)
    count = sum(len(labels) for _, labels in batches)
    total = 0.0
    for x, labels in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), labels, reduction="sum") / count
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def never_cleared(model, batches, optimizer):
    """Gradients from before the call take part in your step. Call optimizer.zero_grad() once, before the first batch."""
    batches = list(batches)
    count = sum(len(labels) for _, labels in batches)
    total = 0.0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels, reduction="sum") / count
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def concatenated(model, batches, optimizer):
    """You put the batches together into one big batch. The numbers are right, but the point is lost: accumulating is for batches that do *not* fit into memory at once. Run each through the model by itself."""
    batches = list(batches)
    x, labels = torch.cat([b[0] for b in batches]), torch.cat([b[1] for b in batches])
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def walks_through_twice(model, batches, optimizer):
    """You walk through `batches` twice, once to count and once to train. A generator is used up after the first walk, and nothing is left to train on. Count while you train, and divide the gradients before the step; or make a list first."""
    count = sum(len(labels) for _, labels in batches)
    optimizer.zero_grad()
    total = 0.0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels, reduction="sum") / count
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def loss_of_the_last_batch(model, batches, optimizer):
    """The update is right, but you return the last batch's loss. Return the mean over all samples of all batches."""
    batches = list(batches)
    count = sum(len(labels) for _, labels in batches)
    optimizer.zero_grad()
    for x, labels in batches:
        (F.cross_entropy(model(x), labels, reduction="sum") / count).backward()
    last = F.cross_entropy(model(x), labels).item()
    optimizer.step()
    return last


def all_graphs_kept_to_the_end(model, batches, optimizer):
    """You add up the losses and go backward once, at the end. The numbers are right, but until then every batch's graph waits in memory, as much as one big batch needs. Call backward for each batch: it lets go of the graph."""
    optimizer.zero_grad()
    total, count = 0.0, 0
    for x, labels in batches:
        total = total + F.cross_entropy(model(x), labels, reduction="sum")
        count += len(labels)
    loss = total / count
    loss.backward()
    optimizer.step()
    return loss.item()


def learning_rate_divided(model, batches, optimizer):
    """You divide the learning rate in place of the gradients. For plain gradient descent that is the same; weight decay and Adam, which look at the gradient itself, see one that is too large. Divide p.grad."""
    optimizer.zero_grad()
    total, count = 0.0, 0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels, reduction="sum")
        loss.backward()
        total, count = total + loss.item(), count + len(labels)
    for group in optimizer.param_groups:
        group["lr"] /= count
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= count
    return total / count


def mean_of_means_returned(model, batches, optimizer):
    """The update is right, but the loss you return is the mean of the batches' means. Weigh each batch by its size: the sum over all samples, divided by their number."""
    batches = list(batches)
    count = sum(len(labels) for _, labels in batches)
    optimizer.zero_grad()
    means = []
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels)
        (loss * len(labels) / count).backward()
        means.append(loss.item())
    optimizer.step()
    return sum(means) / len(means)


def returns_a_tensor(model, batches, optimizer):
    """Your loss is a tensor. Return a float: add up loss.item(), which takes the number and lets go of the graph."""
    optimizer.zero_grad()
    total, count = torch.tensor(0.0, dtype=torch.float64), 0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels, reduction="sum")
        loss.backward()
        total, count = total + loss.detach(), count + len(labels)
    for p in model.parameters():
        p.grad /= count
    optimizer.step()
    return total / count


EXERCISE = Exercise(
    id="06.accumulate_gradients",
    title="A big batch in small pieces",
    objects=("accumulate_gradients",),
    points=2,
    cases=cases,
    probe="ch06.accumulate",
    oracle=oracle,
    mistakes=(
        mean_of_the_batch_means,
        batch_means_added_up,
        sum_over_all_samples,
        a_step_for_each_batch,
        cleared_in_the_loop,
        never_cleared,
        concatenated,
        walks_through_twice,
        loss_of_the_last_batch,
        mean_of_means_returned,
        all_graphs_kept_to_the_end,
        learning_rate_divided,
        returns_a_tensor,
    ),
    hints=(
        "How does anything accumulate? → backward() adds to .grad. Clear once at the start, call backward for each batch, step once at the end.",
        "My result is off when the batches differ in size. → A mean of means weighs samples unequally. Use reduction=\"sum\" for each batch "
        "and divide by the number of all samples.",
        "I don't know the number of samples before the end. → Divide afterwards: when the loop is over, p.grad /= count for every parameter, "
        "then step.",
        "Nearly everything:\n```python\noptimizer.zero_grad()\ntotal, count = 0.0, 0\nfor x, labels in batches:\n"
        "    loss = F.cross_entropy(model(x), labels, reduction=\"sum\")\n    loss.backward()\n    total += loss.item()\n    count += len(labels)\n"
        "for p in model.parameters():\n    ...\noptimizer.step()\nreturn total / count\n```",
    ),
)
