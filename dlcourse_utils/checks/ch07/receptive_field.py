"""07.receptive_field: how much of the input one output sees; the oracle follows the cells back, one by one."""

from collections.abc import Iterator
from math import prod

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    k = [int(i) for i in rng.integers(2, 6, size=6)]
    s = [int(i) for i in rng.choice([2, 3], size=2)]
    yield Case("one layer", ([(k[0] + 1, 1)],))
    yield Case("three layers with stride 1", ([(k[1], 1), (k[2], 1), (k[3], 1)],))
    yield Case("strides, as in conv, pool, conv, pool", ([(k[4], 1), (2, s[0]), (k[5] + 1, 1), (3, s[1])],))
    yield Case("a stride in the first layer, none after", ([(5, 3), (k[0], 1)],))
    yield Case("dilation", ([(3, 1), (k[1], 1, 2), (3, 2, 4), (k[2], 1, 2)],))
    yield Case("no layer at all", ([],), weight=0.5)


def oracle(layers: list[tuple[int, ...]]) -> int:
    cells = {0}
    for kernel, stride, *dilation in reversed(layers):
        cells = {c * stride + i * (dilation[0] if dilation else 1) for c in cells for i in (0, kernel - 1)}
        cells = set(range(min(cells), max(cells) + 1))
    return len(cells)


def _spans(layers):
    return [((k - 1) * (d[0] if d else 1), s) for k, s, *d in layers]


def strides_ignored(layers):
    """You leave the strides out. After a layer with stride 2, one step in its output is two steps in the input, so all later kernels reach twice as far."""
    return 1 + sum(span for span, _ in _spans(layers))


def own_stride_counted(layers):
    """You multiply by a layer's own stride too early. Its stride spreads the *later* kernels apart, not its own: add first, then multiply the step."""
    field, step = 1, 1
    for span, stride in _spans(layers):
        step *= stride
        field += span * step
    return field


def kernels_multiplied(layers):
    """You multiply the kernel sizes. Two 3-wide layers see 5 cells, not 9: each layer adds kernel − 1."""
    return prod(span + 1 for span, _ in _spans(layers))


def whole_kernels_added(layers):
    """You add kernel per layer; the cells overlap, so each layer adds only kernel − 1 (in its own steps)."""
    field, step = 1, 1
    for span, stride in _spans(layers):
        field += (span + 1) * step
        step *= stride
    return field


def from_zero(layers):
    """You start at 0. Before any layer a cell sees itself: 1."""
    field, step = 0, 1
    for span, stride in _spans(layers):
        field += span * step
        step *= stride
    return field


def dilation_ignored(layers):
    """You leave the dilation out. A dilated kernel spans dilation·(kernel − 1) + 1 cells."""
    field, step = 1, 1
    for kernel, stride, *_ in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


def from_the_wrong_end(layers):
    """Your rule and your direction do not belong together. From input to output: field += (kernel − 1)·step, then step *= stride. From output to input: field = (field − 1)·stride + kernel."""
    return _forwards(_spans(layers)[::-1])


def _forwards(spans):
    field, step = 1, 1
    for span, stride in spans:
        field += span * step
        step *= stride
    return field


def strides_added_up(layers):
    """You add the strides up. They multiply: after two layers with stride 2, one step is four pixels."""
    field, step = 1, 1
    for span, stride in _spans(layers):
        field += span * step
        step += stride
    return field


def last_stride_counted(layers):
    """You count the last layer's stride too. It sets how far the *next* unit lies away; what this one sees, it does not change."""
    return _forwards(_spans(layers)) + (layers[-1][1] - 1 if layers else 0)


EXERCISE = Exercise(
    id="07.receptive_field",
    title="How far does it see?",
    objects=("receptive_field",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        strides_ignored,
        own_stride_counted,
        kernels_multiplied,
        whole_kernels_added,
        from_zero,
        dilation_ignored,
        from_the_wrong_end,
        strides_added_up,
        last_stride_counted,
    ),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Where do I start? → With no layer a cell sees 1 cell: itself. One layer with kernel 3 makes it 3, a second one 5: each adds kernel − 1.",
        "And strides? → Keep a second number, `step`: how many input cells one step in the current layer is. It starts at 1, and each layer "
        "multiplies it by its stride, after it has added (kernel − 1)·step.",
        "A layer has two or three numbers. → `for kernel, stride, *rest in layers:` and `dilation = rest[0] if rest else 1`.",
        "Nearly everything:\n```python\nfield, step = 1, 1\nfor kernel, stride, *rest in layers:\n    dilation = rest[0] if rest else 1\n"
        "    field += ...\n    step *= stride\nreturn field\n```",
    ),
)
