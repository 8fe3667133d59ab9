"""04.adam_step: momentum and scale with their bias corrected (Kingma and Ba 2015), against torch.optim.Adam."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .sequences import sequences, torch_path


def cases(rng: np.random.Generator) -> Iterator[Case]:
    hyper = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    other = {"lr": 0.04, "beta1": 0.7, "beta2": 0.95, "eps": 0.05}
    yield from sequences(rng, hyper, other, (0.03, 0.02, 0.005))
    flat = {"w": np.append(rng.uniform(0.5, 1.5, size=3), 0.0)}
    yield Case(
        "a parameter whose gradient is zero",
        kwargs={"params": {"w": rng.normal(size=4)}, "grads": [flat, flat], "hypers": [hyper] * 2},
    )


def oracle(**case):
    import torch

    return torch_path(
        torch.optim.Adam,
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"]},
        **case,
    )


def _moments(params, grads, state, beta1, beta2):
    """t, and both running averages, as new dicts."""
    m0, v0 = state.get("m", {}), state.get("v", {})
    m = {k: beta1 * m0.get(k, 0.0) + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v0.get(k, 0.0) + (1 - beta2) * grads[k] ** 2 for k in params}
    return state.get("t", 0) + 1, m, v


def eps_inside_the_root(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You have ε inside the root, √(v̂ + ε). Some libraries do. Here, as in the paper's algorithm and in PyTorch, it
    stands outside: √v̂ + ε."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    new = {
        k: p - lr * (m[k] / (1 - beta1**t)) / np.sqrt(v[k] / (1 - beta2**t) + eps) for k, p in params.items()
    }
    return new, {"t": t, "m": m, "v": v}


def eps_hat(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You fold the correction into the learning rate and add ε to the uncorrected √v: the paper's short form (its
    "ε hat"), which TensorFlow uses. Here ε is added to the corrected root: √v̂ + ε."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return {k: p - rate * m[k] / (np.sqrt(v[k]) + eps) for k, p in params.items()}, {"t": t, "m": m, "v": v}


def no_bias_correction(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Both averages start at 0 and are too small at first, and you use them as they are. Divide m by 1 - β₁ᵗ and v by
    1 - β₂ᵗ."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    return {k: p - lr * m[k] / (np.sqrt(v[k]) + eps) for k, p in params.items()}, {"t": t, "m": m, "v": v}


def corrects_m_only(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You correct the bias of m but not of v. v starts at 0 too: divide it by 1 - β₂ᵗ."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    new = {k: p - lr * m[k] / (1 - beta1**t) / (np.sqrt(v[k]) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def corrects_v_only(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You correct the bias of v but not of m. m starts at 0 too: divide it by 1 - β₁ᵗ."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    new = {k: p - lr * m[k] / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def keeps_the_corrected(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You store the corrected averages, so the next step corrects them again. Keep the raw m and v in the state and
    correct only what you step with."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    m = {k: a / (1 - beta1**t) for k, a in m.items()}
    v = {k: a / (1 - beta2**t) for k, a in v.items()}
    return {k: p - lr * m[k] / (np.sqrt(v[k]) + eps) for k, p in params.items()}, {"t": t, "m": m, "v": v}


def counts_parameters(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your step counter goes up once per array, not once per step. Count before the loop over the parameters."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    t, new = t - 1, {}
    for k, p in params.items():
        t += 1
        new[k] = p - lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return new, {"t": t, "m": m, "v": v}


def always_the_first_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your step counter never moves past 1, so the correction of the first step is made at every step. Store t in the
    state, beside m and v."""
    _, m, v = _moments(params, grads, state, beta1, beta2)
    new = {k: p - lr * (m[k] / (1 - beta1)) / (np.sqrt(v[k] / (1 - beta2)) + eps) for k, p in params.items()}
    return new, {"m": m, "v": v}


def one_step_ahead(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your step counter is one ahead: the first step must use t = 1. Start from 0 and add 1 before you correct, or
    start from 1 and add 1 afterwards, but not both."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    u = t + 1
    new = {k: p - lr * (m[k] / (1 - beta1**u)) / (np.sqrt(v[k] / (1 - beta2**u)) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def no_square_root(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You divide by v̂, an average of squares. Take its root first: √v̂ + ε."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    new = {k: p - lr * (m[k] / (1 - beta1**t)) / (v[k] / (1 - beta2**t) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def squares_the_average(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your v averages the square of m. It averages the square of the gradient, g²."""
    t, m, _ = _moments(params, grads, state, beta1, beta2)
    old = state.get("v", {})
    v = {k: beta2 * old.get(k, 0.0) + (1 - beta2) * m[k] ** 2 for k in params}
    new = {k: p - lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def betas_swapped(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """β₁ and β₂ have changed places. β₁ (0.9) belongs to m, the average gradient; β₂ (0.999) to v, the average
    square."""
    t, m, v = _moments(params, grads, state, beta2, beta1)
    new = {k: p - lr * (m[k] / (1 - beta2**t)) / (np.sqrt(v[k] / (1 - beta1**t)) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def averages_shared(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """All your parameters share one m and one v. Each array needs its own pair: keep them per key."""
    t, m, v, new = state.get("t", 0) + 1, state.get("m", 0.0), state.get("v", 0.0), {}
    for k, p in params.items():
        m = beta1 * m + (1 - beta1) * grads[k]
        v = beta2 * v + (1 - beta2) * grads[k] ** 2
        new[k] = p - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return new, {"t": t, "m": m, "v": v}


def changes_the_state(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You write into the state that you were given, so the same call made again gives another answer. Build new dicts
    with new arrays (a copy of the outer dict still shares the inner ones), and return those."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    state.update(t=t, m=m, v=v)
    new = {k: p - lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k, p in params.items()}
    return new, state


def changes_its_input(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The update happens in the caller's arrays (params[k] -= … writes into them). Return a new dict with new
    arrays; the old parameters stay as they were."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    for k in params:
        change = lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
        if params[k].dtype.kind == "f":
            params[k] -= change
        else:
            params[k] = params[k] - change
    return params, {"t": t, "m": m, "v": v}


def changes_the_inner_dicts(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You copied the state, but the copy still holds the same inner dicts, and you write into those. Then the same call
    made again gives another answer. Build new dicts m and v in every step."""
    kept = dict(state) or {"t": 0, "m": {}, "v": {}}
    kept["t"] += 1
    t, m, v, new = kept["t"], kept["m"], kept["v"], {}
    for k, p in params.items():
        m[k] = beta1 * m.get(k, 0.0) + (1 - beta1) * grads[k]
        v[k] = beta2 * v.get(k, 0.0) + (1 - beta2) * grads[k] ** 2
        new[k] = p - lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return new, kept


def counts_before_and_inside_the_loop(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your step counter goes up before the loop over the parameters and again inside it, for every array. t counts
    steps: add 1 once, before the loop."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    new = {}
    for k, p in params.items():
        t += 1
        new[k] = p - lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return new, {"t": t, "m": m, "v": v}


def counts_from_zero(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your first step has t = 0, and 1 - β⁰ is 0: a division by 0. The first step is number 1. Add 1 before you
    correct."""
    t, m, v = _moments(params, grads, state, beta1, beta2)
    one, two = np.float64(1 - beta1 ** (t - 1)), np.float64(1 - beta2 ** (t - 1))
    with np.errstate(all="ignore"):
        return {k: p - lr * (m[k] / one) / (np.sqrt(v[k] / two) + eps) for k, p in params.items()}, {"t": t, "m": m, "v": v}


def settings_fixed(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """β₁, β₂ and ε have fixed values in your code, whatever was asked for. 0.9, 0.999 and 1e-8 are only their values
    when nobody says otherwise: use beta1, beta2 and eps."""
    t, m, v = _moments(params, grads, state, 0.9, 0.999)
    new = {k: p - lr * (m[k] / (1 - 0.9**t)) / (np.sqrt(v[k] / (1 - 0.999**t)) + 1e-8) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


EXERCISE = Exercise(
    id="04.adam_step",
    title="Adam",
    objects=("adam_step",),
    points=2,
    cases=cases,
    oracle=oracle,
    probe="optimizer_steps",
    mistakes=(
        no_bias_correction,
        corrects_m_only,
        corrects_v_only,
        keeps_the_corrected,
        counts_parameters,
        always_the_first_step,
        one_step_ahead,
        no_square_root,
        squares_the_average,
        betas_swapped,
        averages_shared,
        changes_the_state,
        changes_its_input,
        changes_the_inner_dicts,
        counts_before_and_inside_the_loop,
        counts_from_zero,
        settings_fixed,
    ),
    conventions=(eps_inside_the_root, eps_hat),
    hints=(
        "What goes into the state? → Three things: the number of steps t, and for each key the averages m and v. "
        'For instance {"t": t, "m": {…}, "v": {…}}.',
        "At the first step there is no state. → state.get(\"t\", 0) + 1 is 1 then; state.get(\"m\", {}).get(k, 0.0) is 0.",
        "My first step is far too small (or too long). → The bias correction: m / (1 - beta1**t) and v / (1 - beta2**t). "
        "At t = 1 they give back g and g² exactly, so the first step has length lr in every direction.",
        "My second step is wrong. → Do you store m and v as they are *before* the correction? And does t go up once per step?",
        "Nearly everything:\n```python\nt = state.get(\"t\", 0) + 1\nm, v, new = {}, {}, {}\nfor k, p in params.items():\n"
        "    m[k] = beta1 * state.get(\"m\", {}).get(k, 0.0) + (1 - beta1) * grads[k]\n"
        "    v[k] = ...  # the same with beta2 and the square\n    m_hat = m[k] / (1 - beta1**t)\n    v_hat = ...\n"
        "    new[k] = p - lr * m_hat / (np.sqrt(v_hat) + eps)\nreturn new, {\"t\": t, \"m\": m, \"v\": v}\n```",
    ),
)
