"""04.momentum_step: a velocity that remembers (Polyak 1964), checked against torch.optim.SGD(momentum=…)."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .sequences import sequences, torch_path


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield from sequences(rng, {"lr": 0.1, "beta": 0.9}, {"lr": 0.03, "beta": 0.6}, (0.3, 0.2, 0.05))


def oracle(**case):
    import torch

    return torch_path(torch.optim.SGD, lambda h: {"lr": h["lr"], "momentum": h["beta"]}, **case)


def moving_average(params, grads, state, lr, beta=0.9):
    """Your velocity is a moving average, v = βv + (1 - β)g, as in Andrew Ng's course. That is a well-known form,
    with steps (1 - β) times as long. Here PyTorch's form is asked for: v = βv + g."""
    v = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v


def learning_rate_inside_the_velocity(params, grads, state, lr, beta=0.9):
    """Your velocity contains the learning rate, v = βv - lr·g, p + v, as in Sutskever's paper and in Keras. With a
    fixed learning rate that is the same; when it changes on the way, it is not. Here v = βv + g and then
    p - lr·v are asked for."""
    v = {k: beta * state.get(k, 0.0) - lr * grads[k] for k in params}
    return {k: p + v[k] for k, p in params.items()}, v


def nesterov(params, grads, state, lr, beta=0.9):
    """This is Nesterov's variant, p - lr (g + βv), which looks one step ahead. Here the classical form is asked
    for: p - lr·v with the new v."""
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p - lr * (grads[k] + beta * v[k]) for k, p in params.items()}, v


def forgets_the_velocity(params, grads, state, lr, beta=0.9):
    """The velocity starts from zero at every step, so this is plain gradient descent. What you return as state
    comes back at the next call: put the new velocity in it."""
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, state


def steps_with_the_old_velocity(params, grads, state, lr, beta=0.9):
    """You step with the velocity of the step before, so the first step goes nowhere. Update v first, then step with
    the new one."""
    old = {k: state.get(k, np.zeros(np.shape(p))) for k, p in params.items()}
    v = {k: beta * old[k] + grads[k] for k in params}
    return {k: p - lr * old[k] for k, p in params.items()}, v


def one_velocity_for_all(params, grads, state, lr, beta=0.9):
    """All your parameters share one velocity, so each is pushed along by the gradients of the others. Keep one
    velocity per key."""
    v, new = state.get("v", 0.0), {}
    for k, p in params.items():
        v = beta * v + grads[k]
        new[k] = p - lr * v
    return new, {"v": v}


def changes_its_input(params, grads, state, lr, beta=0.9):
    """The update happens in the caller's arrays (params[k] -= … writes into them). Return a new dict with new
    arrays; the old parameters stay as they were."""
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    for k in params:
        if params[k].dtype.kind == "f":
            params[k] -= lr * v[k]
        else:
            params[k] = params[k] - lr * v[k]
    return params, v


def changes_the_state(params, grads, state, lr, beta=0.9):
    """You write into the state that you were given, so the same call made again gives another answer. Build a new
    state dict with new arrays, and return that."""
    for k in params:
        state[k] = beta * state.get(k, 0.0) + grads[k]
    return {k: p - lr * state[k] for k, p in params.items()}, state


_MEMORY: dict = {}


def remembers_in_a_global(params, grads, state, lr, beta=0.9):
    """The velocity lives outside the state, so two networks trained in turn push each other about. All memory
    belongs into the state that you return."""
    if not state:
        _MEMORY.clear()
    for k in params:
        _MEMORY[k] = beta * _MEMORY.get(k, 0.0) + grads[k]
    return {k: p - lr * _MEMORY[k] for k, p in params.items()}, {"started": True}


def beta_on_the_gradient(params, grads, state, lr, beta=0.9):
    """β stands beside the gradient: v + βg. It belongs to the old velocity, which must fade: βv + g. Yours never
    forgets a push."""
    v = {k: state.get(k, 0.0) + beta * grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v


def climbs(params, grads, state, lr, beta=0.9):
    """You add the velocity. It points uphill, as the gradients do: subtract lr times it."""
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p + lr * v[k] for k, p in params.items()}, v


def changes_the_arrays_in_the_state(params, grads, state, lr, beta=0.9):
    """You copied the state, but the copy still holds the old arrays, and v *= … writes into those. Then the same call
    made again gives another answer. Build new arrays: beta * v + g."""
    kept = dict(state)
    for k, g in grads.items():
        kept.setdefault(k, np.zeros(np.shape(g)))
        kept[k] *= beta
        kept[k] += g
    return {k: p - lr * kept[k] for k, p in params.items()}, kept


def beta_fixed(params, grads, state, lr, beta=0.9):
    """β is 0.9 in your code whatever was asked for. 0.9 is only its value when nobody says otherwise: use beta."""
    v = {k: 0.9 * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v


def parameters_alone(params, grads, state, lr, beta=0.9):
    """You return the parameters alone. Every step gives back a pair, the new parameters and the new state: return new,
    v."""
    return {k: p - lr * grads[k] for k, p in params.items()}


EXERCISE = Exercise(
    id="04.momentum_step",
    title="Momentum",
    objects=("momentum_step",),
    points=1,
    cases=cases,
    oracle=oracle,
    probe="optimizer_steps",
    mistakes=(
        forgets_the_velocity,
        steps_with_the_old_velocity,
        one_velocity_for_all,
        changes_its_input,
        changes_the_state,
        remembers_in_a_global,
        beta_on_the_gradient,
        climbs,
        changes_the_arrays_in_the_state,
        beta_fixed,
        parameters_alone,
    ),
    conventions=(moving_average, learning_rate_inside_the_velocity, nesterov),
    hints=(
        "Where does the velocity come from at the first step? → state is {} then. state.get(k, 0.0) gives 0 for a key "
        "that is not there yet, and 0 · β + g has g's shape.",
        "My steps are those of plain SGD. → Do you return the velocity? What you return as state is handed to you at the next call.",
        "It says that a second call differs. → You wrote into the state you were given. Make a new dict.",
        "```python\nv = {k: beta * state.get(k, 0.0) + grads[k] for k in params}\n"
        "return {k: p - lr * v[k] for k, p in params.items()}, v\n```",
    ),
)
