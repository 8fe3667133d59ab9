"""03.unbroadcast: what was copied on the way forward is summed on the way back."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise

SHAPES = (
    ("a bias row, (5, 3) back to (3,)", (5, 3), (3,)),
    ("a column, (4, 6) back to (4, 1)", (4, 6), (4, 1)),
    ("nothing was copied, (3, 4) back to (3, 4)", (3, 4), (3, 4)),
    ("a single number, (4, 3) back to ()", (4, 3), ()),
    ("both at once, (2, 5, 4, 3) back to (5, 1, 3)", (2, 5, 4, 3), (5, 1, 3)),
    ("a batch of one, (1, 4) back to (4,)", (1, 4), (4,)),
    ("all ones, (3, 2, 5) back to (1, 1)", (3, 2, 5), (1, 1)),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for name, grad_shape, shape in SHAPES:
        yield Case(name, args=(rng.normal(size=grad_shape) + 0.5, shape))


def oracle(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    import torch

    small = torch.zeros(tuple(shape), dtype=torch.float64, requires_grad=True)
    (back,) = torch.autograd.grad(small.expand(grad.shape), small, torch.tensor(grad))
    return back.numpy()


def _prepended(grad, shape, reduce=np.sum):
    """Bring the axes that broadcasting put in front down to nothing."""
    extra = grad.ndim - len(shape)
    return reduce(grad, axis=tuple(range(extra))) if extra else grad


def misses_size_one_axes(grad, shape):
    """You sum the axes that were put in front, but not the axes where shape has a 1. Those were copied too: sum them with keepdims=True."""
    return _prepended(grad, shape)


def misses_prepended_axes(grad, shape):
    """You sum the axes where shape has a 1, but not the axes that broadcasting put in front: (3,) became (5, 3), and that 5 has to go as well."""
    for axis in range(1, min(grad.ndim, len(shape)) + 1):
        if shape[-axis] == 1:
            grad = grad.sum(axis=-axis, keepdims=True)
    return grad


def means_instead_of_sums(grad, shape):
    """You average where you should sum. Every copy pushed on the loss at full strength, so the contributions add."""
    grad = _prepended(grad, shape, np.mean)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.mean(axis=axis, keepdims=True)
    return grad


def drops_size_one_axes(grad, shape):
    """The sums are right, but the axes of length 1 are gone: (4, 1) came back as (4,). Keep them with keepdims=True."""
    grad = _prepended(grad, shape)
    return np.asarray(grad.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1)))


def sums_trailing_axes(grad, shape):
    """You remove the extra axes from the end. Broadcasting lines shapes up on the right and adds new axes on the left, so the extra axes are the first ones."""
    extra = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(len(shape), grad.ndim))) if extra else grad
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def keeps_the_first_copy(grad, shape):
    """You keep the gradient of one copy and drop the others. All copies are the same number, so what each one contributes has to be added up."""
    extra = grad.ndim - len(shape)
    grad = grad[(0,) * extra]
    for axis, n in enumerate(shape):
        if n == 1:
            grad = np.take(grad, [0], axis=axis)
    return np.asarray(grad)


def sums_everything(grad, shape):
    """You add up the whole gradient and write that one number everywhere. Sum only over the axes that broadcasting created or stretched."""
    return np.full(shape, grad.sum())


def mean_over_new_axes(grad, shape):
    """You take the mean over the axes that broadcasting put in front. Every copy pushed on the loss at full strength: sum there too."""
    grad = _prepended(grad, shape, np.mean)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def mean_over_size_one_axes(grad, shape):
    """You take the mean over the axes where shape has a 1. Every copy pushed on the loss at full strength: sum there too."""
    grad = _prepended(grad, shape)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.mean(axis=axis, keepdims=True)
    return grad


EXERCISE = Exercise(
    id="03.unbroadcast",
    title="Undo a broadcast",
    objects=("unbroadcast",),
    points=1,
    cases=cases,
    probe="array_of",
    oracle=oracle,
    mistakes=(
        misses_size_one_axes,
        misses_prepended_axes,
        means_instead_of_sums,
        drops_size_one_axes,
        sums_trailing_axes,
        keeps_the_first_copy,
        sums_everything,
        mean_over_new_axes,
        mean_over_size_one_axes,
    ),
    hints=(
        "Which axes do I sum? → Two kinds. Axes that grad has and shape has not (they were put in front), and axes where shape says 1 "
        "but grad says more.",
        "How many axes were put in front? → extra = grad.ndim - len(shape). Sum over the first `extra` axes; they disappear.",
        "My result is (4,) and should be (4, 1). → The axes of length 1 must stay: sum with keepdims=True.",
        "Nearly everything:\n```python\nextra = grad.ndim - len(shape)\ngrad = grad.sum(axis=tuple(range(extra)))\n"
        "for axis, n in enumerate(shape):\n    if n == 1:\n        grad = ...   # sum this axis, but keep it\nreturn grad\n```",
    ),
)
