"""02.activation_grads: the slope of each activation at z."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """ReLU's slope at exactly 0 is a matter of taste, so no case asks for it."""
    z = rng.uniform(0.1, 3.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    z.flat[0], z.flat[1] = -abs(z.flat[0]), abs(z.flat[1])
    return z


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a vector", args=(_away_from_zero(rng, (6,)),))
    yield Case("a batch of 4 rows, 3 columns", args=(_away_from_zero(rng, (4, 3)),))
    yield Case("one row", args=(_away_from_zero(rng, (1, 5)),))
    whole = rng.choice([-3, -2, -1, 1, 2, 3], size=(2, 4))
    whole.flat[0], whole.flat[1] = -2, 3
    yield Case("whole numbers", args=(whole,))
    far = np.array([[1000.0, -1000.0], [-1.3, 0.8], [-720.0, 720.0]])
    far += rng.uniform(-0.4, 0.4, size=far.shape)
    yield Case("far out: from -1000 to 1000", args=(far,), weight=2.0)


def oracle(z):
    """Complex-step differentiation (Squire and Trapp, 1998): exact to rounding, and no derivative formula is written."""
    step = np.asarray(z, dtype=np.float64) + 1e-150j
    values = {
        "sigmoid": 0.5 * (1 + np.tanh(step / 2)),
        "tanh": np.tanh(step),
        "relu": np.where(step.real > 0, step, 0),
    }
    return {name: value.imag / 1e-150 for name, value in values.items()}


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def of_the_output_not_of_z(z):
    """s (1 - s) and 1 - t² want the activation's *output* s or t, and you put z itself in. Compute sigmoid(z)
    and tanh(z) first, then use those."""
    return {"sigmoid": z * (1.0 - z), "tanh": 1.0 - z**2, "relu": (z > 0).astype(float)}


def sigmoid_slope_from_z(z):
    """For the sigmoid you compute z (1 - z). In s (1 - s) the s is the sigmoid's *output*: compute s = sigmoid(z)
    first."""
    return {"sigmoid": z * (1.0 - z), "tanh": 1 - np.tanh(z) ** 2, "relu": (z > 0).astype(float)}


def tanh_slope_from_z(z):
    """For tanh you compute 1 - z². In 1 - t² the t is tanh's *output*: compute t = np.tanh(z) first."""
    s = _sigmoid(z)
    return {"sigmoid": s * (1 - s), "tanh": 1.0 - z**2, "relu": (z > 0).astype(float)}


def relu_slope_is_its_sign(z):
    """Your ReLU slope is -1 on the negative side. The curve is flat there, so its slope is 0; np.sign gives
    -1."""
    s, t = _sigmoid(z), np.tanh(z)
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": np.sign(z).astype(float)}


def relu_value_for_its_slope(z):
    """Under "relu" you return max(z, 0), the value. Its slope is 1 on the positive side, however large z is,
    and 0 on the other."""
    s, t = _sigmoid(z), np.tanh(z)
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": np.maximum(z, 0.0)}


def values_for_slopes(z):
    """These are the activations themselves. Their derivatives are asked for: how steep is each curve at z?"""
    return {"sigmoid": _sigmoid(z), "tanh": np.tanh(z), "relu": np.maximum(z, 0.0)}


def tanh_not_squared(z):
    """For tanh you have 1 - t. The derivative is 1 - t²; at z = -1 yours is above 1, steeper than tanh ever
    gets."""
    s, t = _sigmoid(z), np.tanh(z)
    return {"sigmoid": s * (1 - s), "tanh": 1 - t, "relu": (z > 0).astype(float)}


def sigmoid_formula_for_tanh(z):
    """You use t (1 - t) for tanh, which is the sigmoid's formula. For tanh it is 1 - t²."""
    s, t = _sigmoid(z), np.tanh(z)
    return {"sigmoid": s * (1 - s), "tanh": t * (1 - t), "relu": (z > 0).astype(float)}


def overflows(z):
    """exp(-z) / (1 + exp(-z))² is right on paper, but at z = -1000 it is infinity / infinity, which is NaN.
    Compute s first, then s (1 - s): nothing there can overflow."""
    t = np.tanh(z)
    return {"sigmoid": np.exp(-z) / (1 + np.exp(-z)) ** 2, "tanh": 1 - t**2, "relu": (z > 0).astype(float)}


EXERCISE = Exercise(
    id="02.activation_grads",
    title="Slopes of activations",
    objects=("activation_grads",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        of_the_output_not_of_z,
        sigmoid_slope_from_z,
        tanh_slope_from_z,
        relu_slope_is_its_sign,
        relu_value_for_its_slope,
        values_for_slopes,
        tanh_not_squared,
        sigmoid_formula_for_tanh,
        overflows,
    ),
    hints=(
        "What is a slope here? → Nudge z by a tiny step. The slope is how much the output moves per unit of"
        " that step. You can always test yourself with (f(z + 1e-5) - f(z - 1e-5)) / 2e-5.",
        "I get numbers like -6 from s (1 - s). → s must be a sigmoid's output, between 0 and 1. Did you put"
        " z in its place?",
        "What is ReLU's slope as an array? → 1 where z > 0 and 0 elsewhere: (z > 0) turned into floats.",
        "```python\ns, t = sigmoid(z), np.tanh(z)\n"
        'return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": (z > 0).astype(float)}\n```',
    ),
    builds_on=("02.sigmoid",),
)
