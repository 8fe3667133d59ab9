"""04.sgd_step: one step down the gradient, checked against torch.optim.SGD."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .sequences import sequences, torch_path


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from sequences(rng, {"lr": 0.1}, {"lr": 0.025}, (0.3, 0.2, 0.05))


def oracle(**case):
    import torch

    return torch_path(torch.optim.SGD, lambda h: {"lr": h["lr"]}, **case)


def climbs(params, grads, state, lr):
    """You add the gradient. It points uphill, where the loss grows fastest; to go down, subtract it."""
    return {k: p + lr * grads[k] for k, p in params.items()}, state


def learning_rate_forgotten(params, grads, state, lr):
    """You subtract the whole gradient. The learning rate says how far to go along it: p - lr * g."""
    return {k: p - grads[k] for k, p in params.items()}, state


def divides_by_the_learning_rate(params, grads, state, lr):
    """You divide by lr, so a smaller learning rate makes longer steps. Multiply: p - lr * g."""
    return {k: p - grads[k] / lr for k, p in params.items()}, state


def changes_its_input(params, grads, state, lr):
    """The update happens in the caller's arrays (params[k] -= … writes into them). A pure step leaves the old
    parameters alone and returns a new dict: {k: p - lr * grads[k] for k, p in params.items()}."""
    for k in params:
        if params[k].dtype.kind == "f":
            params[k] -= lr * grads[k]
        else:
            params[k] = params[k] - lr * grads[k]
    return params, state


def pairs_by_position(params, grads, state, lr):
    """You pair parameters and gradients by their position in the two dicts. Their order may differ: look the
    gradient up by its key, grads[k]."""
    return {k: p - lr * g for (k, p), g in zip(params.items(), grads.values(), strict=True)}, state


def length_one(params, grads, state, lr):
    """You scale each gradient to length 1 before the step. Then the steps never get shorter near the bottom.
    SGD uses the gradient as it is, length included."""
    return {k: p - lr * grads[k] / np.linalg.norm(grads[k]) for k, p in params.items()}, state


def only_the_sign(params, grads, state, lr):
    """You step by lr times the gradient's sign. SGD keeps its size: a steep direction takes a longer step."""
    return {k: p - lr * np.sign(grads[k]) for k, p in params.items()}, state


def returns_the_change(params, grads, state, lr):
    """You return the change, -lr * g. The new parameters are asked for: the old ones plus that change."""
    return {k: -lr * grads[k] for k in params}, state


def parameters_alone(params, grads, state, lr):
    """You return the parameters alone. Every step gives back a pair, the new parameters and the state: return new,
    state."""
    return {k: p - lr * grads[k] for k, p in params.items()}


EXERCISE = Exercise(
    id="04.sgd_step",
    title="Gradient descent, one step",
    objects=("sgd_step",),
    points=1,
    cases=cases,
    oracle=oracle,
    probe="optimizer_steps",
    mistakes=(
        climbs,
        learning_rate_forgotten,
        divides_by_the_learning_rate,
        changes_its_input,
        pairs_by_position,
        length_one,
        only_the_sign,
        returns_the_change,
        parameters_alone,
    ),
    hints=(
        "What is params? → A dict of arrays, {\"w\": …, \"b\": …}. grads has the same keys. Do the same thing to each key.",
        "What do I do with state? → Plain gradient descent remembers nothing. Return state as it came.",
        "It says that I changed the input. → params[k] -= … writes into the caller's array. Build a new dict instead.",
        "```python\nnew = {k: p - lr * grads[k] for k, p in params.items()}\nreturn new, state\n```",
    ),
)
