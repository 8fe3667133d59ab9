"""04.adamw_step: weight decay beside Adam, not inside it (Loshchilov and Hutter 2019), against torch.optim.AdamW."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .sequences import sequences, torch_path


def cases(rng: np.random.Generator) -> Iterator[Case]:
    hyper = {"lr": 0.02, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.3}
    other = {"lr": 0.04, "beta1": 0.7, "beta2": 0.95, "eps": 0.05, "weight_decay": 0.05}
    yield from sequences(rng, hyper, other, (0.03, 0.02, 0.005))
    yield Case(
        "no decay at all",
        kwargs={
            "params": {"w": rng.normal(size=(2, 3))},
            "grads": [{"w": rng.normal(size=(2, 3))} for _ in range(3)],
            "hypers": [{**hyper, "weight_decay": 0.0}] * 3,
        },
        weight=0.5,
    )


def oracle(**case):
    import torch

    return torch_path(
        torch.optim.AdamW,
        lambda h: {
            "lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"], "weight_decay": h["weight_decay"]
        },
        **case,
    )


def _adam(params, grads, state, lr, beta1, beta2, eps):
    """Adam's step."""
    t, m0, v0 = state.get("t", 0) + 1, state.get("m", {}), state.get("v", {})
    m = {k: beta1 * m0.get(k, 0.0) + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v0.get(k, 0.0) + (1 - beta2) * grads[k] ** 2 for k in params}
    new = {k: p - lr * (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k, p in params.items()}
    return new, {"t": t, "m": m, "v": v}


def skips_one_dimensional_arrays(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """You spare biases and other one-dimensional arrays from the decay. Many training scripts do that on purpose, by
    giving those arrays weight_decay=0. The step asked for here decays every array it is given."""
    kept = {k: p * (1 - lr * weight_decay) if np.ndim(p) > 1 else p for k, p in params.items()}
    return _adam(kept, grads, state, lr, beta1, beta2, eps)


def decay_without_the_learning_rate(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """You shrink by 1 - weight_decay, without the learning rate, as in the paper's own formula. Here, as in PyTorch,
    the decay is scaled by it: 1 - lr · weight_decay."""
    kept = {k: p * (1 - weight_decay) for k, p in params.items()}
    return _adam(kept, grads, state, lr, beta1, beta2, eps)


def coupled(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """You add the decay to the gradient (g + wd · p), so it goes through m and v and is divided by √v̂ like everything
    else: that is Adam with an L2 penalty. The W in AdamW means that it stays outside: p (1 - lr · wd), then
    Adam's step from the pure gradient."""
    more = {k: grads[k] + weight_decay * p for k, p in params.items()}
    return _adam(params, more, state, lr, beta1, beta2, eps)


def decay_after_the_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """You shrink the parameters after Adam's step, so the step itself shrinks too. First p (1 - lr · wd), then the
    step."""
    new, state = _adam(params, grads, state, lr, beta1, beta2, eps)
    return {k: p * (1 - lr * weight_decay) for k, p in new.items()}, state


def no_decay(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """weight_decay has no effect: this is plain Adam. Shrink the parameters by 1 - lr · weight_decay before the
    step."""
    return _adam(params, grads, state, lr, beta1, beta2, eps)


def grows(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """Your parameters grow by 1 + lr · weight_decay. Decay pulls towards zero: 1 - lr · weight_decay."""
    kept = {k: p * (1 + lr * weight_decay) for k, p in params.items()}
    return _adam(kept, grads, state, lr, beta1, beta2, eps)


def constant_decay(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """You subtract lr · weight_decay itself. The decay is a share of each parameter: subtract lr · weight_decay · p,
    so that large ones lose most and negative ones rise."""
    kept = {k: p - lr * weight_decay for k, p in params.items()}
    return _adam(kept, grads, state, lr, beta1, beta2, eps)


def no_bias_correction(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The decay is right, but the averages of Adam's step are used uncorrected. Divide m by 1 - β₁ᵗ and v by 1 - β₂ᵗ."""
    t, m0, v0 = state.get("t", 0) + 1, state.get("m", {}), state.get("v", {})
    m = {k: beta1 * m0.get(k, 0.0) + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v0.get(k, 0.0) + (1 - beta2) * grads[k] ** 2 for k in params}
    shrink = 1 - lr * weight_decay
    return {k: p * shrink - lr * m[k] / (np.sqrt(v[k]) + eps) for k, p in params.items()}, {"t": t, "m": m, "v": v}


def changes_its_input(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The decay is written into the caller's arrays (params[k] *= … changes them). Multiply into new arrays."""
    for k in params:
        params[k] = params[k] * (1 - lr * weight_decay)
    return _adam(params, grads, state, lr, beta1, beta2, eps)


def settings_not_handed_on(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The decay is right, but beta1, beta2 and eps do not reach Adam's step, which then uses its own 0.9, 0.999 and
    1e-8. Hand them on: adam_step(…, beta1=beta1, beta2=beta2, eps=eps)."""
    kept = {k: p * (1 - lr * weight_decay) for k, p in params.items()}
    return _adam(kept, grads, state, lr, 0.9, 0.999, 1e-8)


EXERCISE = Exercise(
    id="04.adamw_step",
    title="AdamW",
    objects=("adamw_step",),
    points=1,
    cases=cases,
    oracle=oracle,
    probe="optimizer_steps",
    mistakes=(
        coupled,
        decay_after_the_step,
        no_decay,
        grows,
        constant_decay,
        no_bias_correction,
        changes_its_input,
        settings_not_handed_on,
    ),
    conventions=(skips_one_dimensional_arrays, decay_without_the_learning_rate),
    hints=(
        "Do I write Adam again? → No. Shrink the parameters, then call your adam_step with the shrunken ones.",
        "What is shrunk by how much? → Every array: p * (1 - lr * weight_decay). The gradients stay as they are.",
        "Where does the order matter? → Decay first, Adam's step second; the step itself is not shrunk.",
        "```python\nshrunk = {k: p * (1 - lr * weight_decay) for k, p in params.items()}\n"
        "return adam_step(shrunk, grads, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)\n```",
    ),
    builds_on=("04.adam_step",),
)
