"""04.rmsprop_step: each parameter by its own scale (Hinton's lecture 6e, 2012), checked against torch.optim.RMSprop."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .sequences import sequences, torch_path


def cases(rng: np.random.Generator) -> Iterator[Case]:
    hyper = {"lr": 0.01, "beta": 0.99, "eps": 1e-8}
    yield from sequences(rng, hyper, {"lr": 0.05, "beta": 0.8, "eps": 0.05}, (0.03, 0.02, 0.005))
    flat = {"w": np.append(rng.uniform(0.5, 1.5, size=3), 0.0)}
    yield Case(
        "a parameter whose gradient is zero",
        kwargs={"params": {"w": rng.normal(size=4)}, "grads": [flat, flat], "hypers": [hyper] * 2},
    )


def oracle(**case):
    import torch

    return torch_path(
        torch.optim.RMSprop, lambda h: {"lr": h["lr"], "alpha": h["beta"], "eps": h["eps"]}, **case
    )


def eps_inside_the_root(params, grads, state, lr, beta=0.99, eps=1e-8):
    """You have ε inside the root, √(s + ε), as TensorFlow's RMSProp does. Here, as in PyTorch, it stands outside:
    √s + ε."""
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / np.sqrt(s[k] + eps) for k, p in params.items()}, s


def starts_at_one(params, grads, state, lr, beta=0.99, eps=1e-8):
    """Your running average starts at 1, as TensorFlow's does. Here it starts at 0, as PyTorch's does; the first
    steps are then longer."""
    s = {k: beta * state.get(k, 1.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


def no_square_root(params, grads, state, lr, beta=0.99, eps=1e-8):
    """You divide by s, the average of the *squares*. Take its root first: then a gradient that is ten times as large
    makes the same step, not a ten times smaller one."""
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (s[k] + eps) for k, p in params.items()}, s


def sums_the_squares(params, grads, state, lr, beta=0.99, eps=1e-8):
    """Your s is the sum of all squares so far and can only grow, so the steps die out: that is Adagrad. RMSProp
    forgets: s = βs + (1 - β)g²."""
    s = {k: state.get(k, 0.0) + grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


def beta_swapped(params, grads, state, lr, beta=0.99, eps=1e-8):
    """β and 1 - β have changed places, so your average forgets nearly everything at each step. The old average keeps
    the share β, the new square gets 1 - β."""
    s = {k: (1 - beta) * state.get(k, 0.0) + beta * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


def without_one_minus_beta(params, grads, state, lr, beta=0.99, eps=1e-8):
    """The new square enters at full weight, s = βs + g², which is no average: with β = 0.99 it grows to a hundred
    times g². Weigh the new square by 1 - β."""
    s = {k: beta * state.get(k, 0.0) + grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


def no_eps(params, grads, state, lr, beta=0.99, eps=1e-8):
    """There is no ε in the denominator, so a parameter whose gradient is 0 becomes 0 / 0, not a number. Divide by
    √s + ε."""
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / np.sqrt(s[k]) for k, p in params.items()}, s


def corrects_the_bias(params, grads, state, lr, beta=0.99, eps=1e-8):
    """You correct the bias of the running average, as Adam does. RMSProp does not: its first steps are long because
    s starts at 0."""
    t = state.get("t", 0) + 1
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    new = {k: p - lr * grads[k] / (np.sqrt(s[k] / (1 - beta**t)) + eps) for k, p in params.items()}
    return new, {**s, "t": t}


def one_average_for_all(params, grads, state, lr, beta=0.99, eps=1e-8):
    """All your parameters share one running average, so a steep one slows down the flat ones, which is just what
    RMSProp is there to avoid. Keep one average per key."""
    s, new = state.get("s", 0.0), {}
    for k, p in params.items():
        s = beta * s + (1 - beta) * grads[k] ** 2
        new[k] = p - lr * grads[k] / (np.sqrt(s) + eps)
    return new, {"s": s}


def forgets_the_average(params, grads, state, lr, beta=0.99, eps=1e-8):
    """The running average starts from zero at every step. What you return as state comes back at the next call: put
    the new average in it."""
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, state


def changes_the_state(params, grads, state, lr, beta=0.99, eps=1e-8):
    """You write into the state that you were given, so the same call made again gives another answer. Build a new
    state dict with new arrays, and return that."""
    for k in params:
        state[k] = beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2
    return {k: p - lr * grads[k] / (np.sqrt(state[k]) + eps) for k, p in params.items()}, state


def changes_its_input(params, grads, state, lr, beta=0.99, eps=1e-8):
    """The update happens in the caller's arrays (params[k] -= … writes into them). Return a new dict with new
    arrays; the old parameters stay as they were."""
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    for k in params:
        change = lr * grads[k] / (np.sqrt(s[k]) + eps)
        if params[k].dtype.kind == "f":
            params[k] -= change
        else:
            params[k] = params[k] - change
    return params, s


def settings_fixed(params, grads, state, lr, beta=0.99, eps=1e-8):
    """β and ε have fixed values in your code, whatever was asked for. 0.99 and 1e-8 are only their values when nobody
    says otherwise: use beta and eps."""
    s = {k: 0.99 * state.get(k, 0.0) + 0.01 * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + 1e-8) for k, p in params.items()}, s


def one_number_per_array(params, grads, state, lr, beta=0.99, eps=1e-8):
    """You average the squares over the whole array, so all its elements share one rate. g² goes into s element by
    element: s has the array's shape."""
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * np.mean(grads[k] ** 2) for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


def starts_with_the_first_square(params, grads, state, lr, beta=0.99, eps=1e-8):
    """Your average starts with the first g². Here it starts at 0 like everything in a state, so after the first step it
    is (1 - β) g²."""
    s = {k: beta * state.get(k, grads[k] ** 2) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s


EXERCISE = Exercise(
    id="04.rmsprop_step",
    title="RMSProp",
    objects=("rmsprop_step",),
    points=1,
    cases=cases,
    oracle=oracle,
    probe="optimizer_steps",
    mistakes=(
        no_square_root,
        sums_the_squares,
        beta_swapped,
        without_one_minus_beta,
        no_eps,
        corrects_the_bias,
        one_average_for_all,
        forgets_the_average,
        changes_the_state,
        changes_its_input,
        settings_fixed,
        one_number_per_array,
        starts_with_the_first_square,
    ),
    conventions=(eps_inside_the_root, starts_at_one),
    hints=(
        "What is averaged? → The square of the gradient, element by element: g**2, not (g @ g).",
        "Which of the two gets β? → The old average keeps the share β, near 1, so that it changes slowly. The new square gets 1 - β.",
        "I get NaN. → A gradient of 0 gives s = 0 and 0 / 0. ε goes into the denominator, outside the root: np.sqrt(s) + eps.",
        "```python\ns = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}\n"
        "return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s\n```",
    ),
)
