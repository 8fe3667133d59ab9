"""01.numerical_gradient: slopes by nudging each number a little."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import softmax

from ..authoring import Case, Exercise, Observation, Recipe, Verdict, compare

GRADIENTS: dict[str, Callable[..., np.ndarray]] = {
    "01.weighted_squares": lambda x, weights, centre: 2 * weights * (x - centre),
    "01.waves": lambda x, weights: weights * np.cos(x),
    "01.log_sum_exp": lambda x, weights: weights * softmax(weights * x),
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def weights(shape: tuple[int, ...]) -> np.ndarray:
        return rng.uniform(0.5, 3.0, size=shape) * np.where(rng.random(shape) < 0.5, -1, 1)

    def squares(shape: tuple[int, ...]) -> Recipe:
        return Recipe("01.weighted_squares", weights=weights(shape), centre=rng.normal(size=shape))

    yield Case("a vector", args=(Recipe("01.waves", weights=weights((5,))), rng.normal(size=5)))
    yield Case("a table", args=(Recipe("01.log_sum_exp", weights=weights((3, 4))), rng.normal(size=(3, 4))))
    yield Case("larger steps, eps=0.001", args=(squares((4,)), rng.normal(size=4) * 3), kwargs={"eps": 1e-3})
    whole = rng.integers(1, 6, size=(2, 3)) * rng.choice([-1, 1], size=(2, 3))
    yield Case("x of whole numbers", args=(squares((2, 3)), whole), weight=2.0)
    single = np.array(rng.uniform(0.3, 1.2))
    yield Case("x a single number, of shape ()", args=(Recipe("01.waves", weights=weights(())), single))
    spread = Recipe("01.spread_out", values=rng.normal(size=(4, 3)))  # built beside the learner: plain data is contiguous
    yield Case("a table stored column by column, with gaps", args=(squares((4, 3)), spread))
    cube = rng.normal(size=(2, 3, 2))
    yield Case("three axes", args=(Recipe("01.waves", weights=weights((2, 3, 2))), cube))


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the derivative found on paper. For x of shape () a plain number is as good as an array."""
    f, x = case.args
    x = x.build() if isinstance(x, Recipe) else x
    expected: Any = np.asarray(GRADIENTS[f.name](np.asarray(x, dtype=float), **f.kwargs))
    got: Any = observation.value
    if np.ndim(x) == 0 and isinstance(got, (int, float)):
        got = np.asarray(got)
    return compare(expected, got, atol=1e-8)


def one_sided(f, x, eps=1e-5):
    """You step to one side only: (f(x + eps) - f(x)) / eps. Its error shrinks with eps, that of the two-sided
    (f(x + eps) - f(x - eps)) / (2 eps) with eps², for one more evaluation."""
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    here = f(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        grad[i] = (f(x) - here) / eps
        x[i] = old
    return grad


def divides_by_eps(f, x, eps=1e-5):
    """Your slopes are twice too large: from x - eps to x + eps the distance is 2 eps."""
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        grad[i] = (above - f(x)) / eps
        x[i] = old
    return grad


def steps_swapped(f, x, eps=1e-5):
    """Your slopes have the wrong sign: it is f(x + eps) minus f(x - eps)."""
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old - eps
        below = f(x)
        x[i] = old + eps
        grad[i] = (below - f(x)) / (2 * eps)
        x[i] = old
    return grad


def nudge_left_in(f, x, eps=1e-5):
    """You do not put the nudged element back, so the caller's x has moved, and every later slope is measured
    at a slightly different place. Work on a copy, and restore the element before the next one."""
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += eps
        above = f(x)
        x[i] -= 2 * eps
        grad[i] = (above - f(x)) / (2 * eps)
    return grad


def undone_by_arithmetic(f, x, eps=1e-5):
    """You undo the nudge by adding eps again, and rounding leaves the caller's x a little off. Keep the old
    value and write it back; better still, work on a copy."""
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += eps
        above = f(x)
        x[i] -= 2 * eps
        grad[i] = (above - f(x)) / (2 * eps)
        x[i] += eps
    return grad


def nudges_whole_numbers(f, x, eps=1e-5):
    """x holds whole numbers here, and 3 + 0.00001 stored among whole numbers is 3 again. Make a copy as
    floats first: np.array(x, dtype=float)."""
    x = x.copy()
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        grad[i] = (above - f(x)) / (2 * eps)
        x[i] = old
    return grad


def gradient_of_whole_numbers(f, x, eps=1e-5):
    """For an x of whole numbers np.zeros_like(x) makes whole numbers too, and neither the nudge nor the slope
    fits into one. Start with np.array(x, dtype=float)."""
    x = x.copy()
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        grad[i] = (above - f(x)) / (2 * eps)
        x[i] = old
    return grad


def cut_to_whole_numbers(f, x, eps=1e-5):
    """You nudge a copy in floats, but store the slopes in np.zeros_like of the whole-numbered x, which cuts off
    their fractions. Make the gradient np.zeros(x.shape), or copy x to floats before zeros_like."""
    grad = np.zeros_like(x)
    x = np.array(x, dtype=float)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        grad[i] = (above - f(x)) / (2 * eps)
        x[i] = old
    return grad


def all_elements_at_once(f, x, eps=1e-5):
    """You nudge all elements together, which gives a single slope, the sum of all. Nudge one at a time: each
    element has a slope of its own."""
    return (f(x + eps) - f(x - eps)) / (2 * eps)


def whole_rows_at_once(f, x, eps=1e-5):
    """for i in range(len(x)) walks along the first axis only, so a table is nudged a whole row at a time. Use
    np.ndindex(x.shape), which visits every element of any shape."""
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        old = x[i].copy()
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        grad[i] = (above - f(x)) / (2 * eps)
        x[i] = old
    return grad


def nudges_a_flattened_copy(f, x, eps=1e-5):
    """You nudge x.reshape(-1), but for an array stored column by column that is a copy: f never sees the
    nudge and the slopes are 0. Index x itself, with np.ndindex(x.shape)."""
    x = np.array(x, dtype=float)
    flat, grad = x.reshape(-1), np.zeros(x.shape)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + eps
        above = f(x)
        flat[i] = old - eps
        grad.flat[i] = (above - f(x)) / (2 * eps)
        flat[i] = old
    return grad


def comes_back_flat(f, x, eps=1e-5):
    """Your gradient has come back as one long row. It should have the shape of x: reshape at the end."""
    x = np.array(x, dtype=float, order="C")
    grad = []
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        grad.append((above - f(x)) / (2 * eps))
        x[i] = old
    return np.array(grad)


EXERCISE = Exercise(
    id="01.numerical_gradient",
    title="Slopes by nudging",
    objects=("numerical_gradient",),
    points=2,
    cases=cases,
    judge=judge,
    mistakes=(
        one_sided,
        divides_by_eps,
        steps_swapped,
        nudge_left_in,
        undone_by_arithmetic,
        nudges_whole_numbers,
        gradient_of_whole_numbers,
        cut_to_whole_numbers,
        all_elements_at_once,
        whole_rows_at_once,
        nudges_a_flattened_copy,
        comes_back_flat,
    ),
    hints=(
        "How do I visit every element of any shape? → for i in np.ndindex(x.shape): gives index tuples, (0,"
        " 0), (0, 1), … For shape () it gives one empty tuple, and x[()] is the single number.",
        "Why does the check say that I changed x? → Nudge a copy: x = np.array(x, dtype=float). It also turns"
        " whole numbers into floats, which can hold a nudge.",
        "What happens to one element? → Remember it; set it to old + eps and call f; set it to old - eps and"
        " call f; write the old value back.",
        "```python\nx = np.array(x, dtype=float)\ngrad = np.zeros(x.shape)\nfor i in np.ndindex(x.shape):\n"
        "    old = x[i]\n    x[i] = old + eps\n    above = f(x)\n    x[i] = old - eps\n    below = f(x)\n"
        "    x[i] = old\n    grad[i] = ...   # rise over run\nreturn grad\n```",
    ),
)
