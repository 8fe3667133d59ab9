"""07.conv_output_size: how many positions a kernel has; the oracle counts them one by one."""

import math
from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    n, k = int(rng.integers(9, 30)), int(rng.integers(2, 6))
    yield Case(f"n={n}, kernel={k}", (n, k))
    n, k, p = int(rng.integers(9, 30)), int(rng.integers(4, 7)), int(rng.integers(1, 3))
    yield Case(f"n={n}, kernel={k}, pad={p}", (n, k), {"pad": p})
    k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
    n = k + 5 * s + s - 1  # the last step does not fit by a whole stride
    yield Case(f"n={n}, kernel={k}, stride={s}: a rest is left", (n, k), {"stride": s})
    k, d = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    n = int(rng.integers(20, 40))
    yield Case(f"n={n}, kernel={k}, dilation={d}", (n, k), {"dilation": d})
    n, k = int(rng.integers(20, 40)), int(rng.integers(3, 6))
    yield Case(f"n={n}, kernel={k}, stride=3, pad=2, dilation=2", (n, k, 3, 2, 2))
    yield Case(f"n={k}, kernel={k}: one position", (k, k))


def oracle(n: int, kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    last_cell = n + 2 * pad - 1
    starts = range(0, n + 2 * pad, stride)
    return sum(start + (kernel - 1) * dilation <= last_cell for start in starts)


def pad_on_one_side_only(n, kernel, stride=1, pad=0, dilation=1):
    """You count the padding once. It is added on both sides: 2·pad."""
    return (n + pad - dilation * (kernel - 1) - 1) // stride + 1


def no_plus_one(n, kernel, stride=1, pad=0, dilation=1):
    """One position is missing. (n − kernel) // stride counts the *steps*; the place where you start counts too: + 1. Try n = kernel."""
    return (n + 2 * pad - dilation * (kernel - 1) - 1) // stride


def rounded_up(n, kernel, stride=1, pad=0, dilation=1):
    """You round up. A kernel that hangs over the edge has no output: round down (//)."""
    return math.ceil((n + 2 * pad - dilation * (kernel - 1) - 1) / stride) + 1


def dilation_ignored(n, kernel, stride=1, pad=0, dilation=1):
    """You leave the dilation out. A dilated kernel is wider: it spans dilation·(kernel − 1) + 1 cells."""
    return (n + 2 * pad - kernel) // stride + 1


def dilation_times_kernel(n, kernel, stride=1, pad=0, dilation=1):
    """You take the width of a dilated kernel as dilation·kernel. Count the gaps: kernel cells have kernel − 1 gaps, so it spans dilation·(kernel − 1) + 1."""
    return (n + 2 * pad - dilation * kernel) // stride + 1


def stride_ignored(n, kernel, stride=1, pad=0, dilation=1):
    """You leave the stride out. With stride s only every s-th position counts."""
    return n + 2 * pad - dilation * (kernel - 1)


def stride_before_the_kernel(n, kernel, stride=1, pad=0, dilation=1):
    """You divide the length by the stride before the kernel is taken off. First see how far the kernel can move, n + 2·pad − span; that way is walked in steps of the stride."""
    return (n + 2 * pad) // stride - dilation * (kernel - 1)


def not_a_whole_number(n, kernel, stride=1, pad=0, dilation=1):
    """You divide with /, which gives a fraction when the stride does not fit. Use //: half a position is none."""
    return (n + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1


def dilation_taken_as_gap(n, kernel, stride=1, pad=0, dilation=1):
    """You take dilation as the number of pixels left out between two cells. It is the distance from cell to cell: with dilation 1 they are neighbours, and the kernel spans dilation·(kernel − 1) + 1."""
    return (n + 2 * pad - (dilation + 1) * (kernel - 1) - 1) // stride + 1


EXERCISE = Exercise(
    id="07.conv_output_size",
    title="How many positions?",
    objects=("conv_output_size",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        pad_on_one_side_only,
        no_plus_one,
        rounded_up,
        dilation_ignored,
        dilation_times_kernel,
        stride_ignored,
        stride_before_the_kernel,
        not_a_whole_number,
        dilation_taken_as_gap,
    ),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Where do I start? → Draw n = 7 cells and a kernel of 3. Its left end can stand at 0, 1, 2, 3 or 4: that is n − kernel + 1 places.",
        "And with a stride? → The left end stands at 0, s, 2s, …; it may go as far as n − kernel. So (n − kernel) // s steps, plus the start.",
        "And the rest? → Padding makes the row longer on both sides, n + 2·pad. Dilation makes the kernel wider, dilation·(kernel − 1) + 1.",
        "Nearly everything:\n```python\nspan = dilation * (kernel - 1) + 1\nreturn (n + 2 * pad - span) // stride + ...\n```",
    ),
)
