"""02.leaky_relu: a small slope in place of silence."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def _both_signs(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 2.0) -> np.ndarray:
    z = rng.uniform(0.2, 1.0, size=shape) * scale * rng.choice([-1.0, 1.0], size=shape)
    z.flat[0], z.flat[1] = -abs(z.flat[0]), abs(z.flat[1])
    return z


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("the usual alpha", args=(_both_signs(rng, (5, 3)),), weight=2.0)
    yield Case("alpha = 0.3", args=(_both_signs(rng, (7,)), 0.3), weight=2.0)
    yield Case("alpha given by name", args=(_both_signs(rng, (1, 6), 9.0),), kwargs={"alpha": 0.125})
    yield Case("alpha = 0, plain ReLU", args=(_both_signs(rng, (2, 4)), 0.0), weight=0.5)
    yield Case("alpha = 1, a straight line", args=(_both_signs(rng, (4, 2)), 1.0), weight=0.5)
    whole = rng.integers(1, 9, size=(2, 3, 4)) * rng.choice([-1, 1], size=(2, 3, 4))
    whole.flat[0], whole.flat[1] = -5, 4
    yield Case("whole numbers, alpha = 0.2", args=(whole, 0.2))


def oracle(z, alpha=0.01):
    """One number at a time, without NumPy's arithmetic."""
    return np.vectorize(lambda one: one if one > 0 else alpha * one, otypes=[float])(z)


def ignores_alpha(z, alpha=0.01):
    """Your slope is 0.01 whatever the caller asks for. Use the argument alpha."""
    return np.where(z > 0, z, 0.01 * z)


def plain_relu(z, alpha=0.01):
    """The negative side is 0 in your result: that is ReLU. Here it is alpha * z."""
    return np.maximum(z, 0.0)


def alpha_as_a_value(z, alpha=0.01):
    """On the negative side you return alpha itself, a flat line. alpha is a slope: return alpha * z there."""
    return np.where(z > 0, z, alpha)


def alpha_on_the_positive_side(z, alpha=0.01):
    """You scale the positive side and leave the negative one. It is the other way round."""
    return np.where(z > 0, alpha * z, z)


def bends_upwards(z, alpha=0.01):
    """Your negative side comes out positive. alpha * z is negative where z is negative: no minus is
    needed."""
    return np.where(z > 0, z, -alpha * z)


def scales_everything(z, alpha=0.01):
    """You multiply every value by alpha. Positive values pass unchanged; only negative ones are scaled."""
    return alpha * z


def squeezed_into_integers(z, alpha=0.01):
    """You write the scaled values into a copy that holds whole numbers, and -4 * 0.2 = -0.8 is cut to 0.
    Build the result from floats, with np.where for example."""
    out = z.copy()
    out[out < 0] = alpha * out[out < 0]
    return out


def changes_its_input(z, alpha=0.01):
    """You scale the negative values inside the caller's array. Build a new array, with np.where for
    example."""
    z[z < 0] = alpha * z[z < 0]
    return z


def scales_a_copy_in_place(z, alpha=0.01):
    """`*=` on a copy of whole numbers has nowhere to put fractions, and NumPy refuses. Build the result from floats,
    with np.where for example."""
    out = z.copy()
    out[out < 0] *= alpha
    return out


def adds_alpha_z_everywhere(z, alpha=0.01):
    """relu(z) + alpha * z is right on the negative side, but on the positive one it adds alpha * z to z. Positive values
    pass unchanged."""
    return np.maximum(z, 0) + alpha * z


EXERCISE = Exercise(
    id="02.leaky_relu",
    title="Leaky ReLU",
    objects=("leaky_relu",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        ignores_alpha,
        plain_relu,
        alpha_as_a_value,
        alpha_on_the_positive_side,
        bends_upwards,
        scales_everything,
        squeezed_into_integers,
        changes_its_input,
        scales_a_copy_in_place,
        adds_alpha_z_everywhere,
    ),
    hints=(
        "How do I treat two sides differently without a loop? → np.where(condition, a, b) takes from a"
        " where the condition holds and from b elsewhere, element by element.",
        "It works for alpha = 0.01 only. → Is the number 0.01 written in your body? It belongs in the"
        " signature only.",
        "```python\nreturn np.where(z > 0, z, alpha * z)\n```",
    ),
)
