"""04.iterate_minibatches: every sample once per epoch, in an order of its own; judged by what the batches hold."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "23 samples in batches of 5: the last has 3", (23, 3), 5, weight=2.0)
    yield _case(rng, "24 samples in batches of 6: no rest", (24, 2), 6)
    yield _case(rng, "19 images in batches of 4", (19, 1, 3, 4), 4)
    yield _case(rng, "batches of one", (12, 2), 1)
    yield _case(rng, "more room than samples: one batch of 9", (9, 4), 32)


def _case(rng: np.random.Generator, name: str, shape: tuple[int, ...], size: int, weight: float = 1.0) -> Case:
    x = rng.normal(size=shape)
    y = rng.permutation(shape[0]) + 100  # a label of its own for each sample: nothing can be swapped unseen
    return Case(name, kwargs={"x": x, "y": y, "batch_size": size, "seed": int(rng.integers(2**31))}, weight=weight)


def judge(case: Case, observation: Observation) -> Verdict:
    """Each sample once, x beside its y, full batches and then the rest; shuffled by the generator and nothing else."""
    x, y, size = (case.kwargs[k] for k in ("x", "y", "batch_size"))
    orders = []
    for epoch in ("first", "second", "first again"):
        order = _order(observation.value.get(epoch), x, y, size)
        if isinstance(order, Verdict):
            return order
        orders.append(order)
    first, second, again = orders
    n = len(x)
    if n <= size:
        return Verdict.ok()
    if first == list(range(n)) and second == first:
        return Verdict.wrong("The samples come in the order of the file: nothing is shuffled.", symptom="in order")
    if first == second:
        return Verdict.wrong(
            "Two epochs on one generator come in the same order. Draw a new order at each call, from `rng`.",
            symptom="same order each epoch",
        )
    if first != again:
        return Verdict.wrong(
            "A generator with the same seed gives another order. Draw from `rng` alone, not from np.random.",
            symptom="other randomness",
        )
    blocks = [first[i : i + size] for i in range(0, n, size)]
    if size > 1 and all(sorted(b) == list(range(min(b), max(b) + 1)) for b in blocks):
        return Verdict.wrong(
            "Each batch holds neighbours of the file: only the batches change places. Shuffle the samples.",
            symptom="blocks",
        )
    return Verdict.ok()


def _order(batches: Any, x: np.ndarray, y: np.ndarray, size: int) -> Verdict | list[int]:
    """Return the sample numbers in the order in which they came, or what is wrong with the batches."""
    if not isinstance(batches, list) or not batches:
        return Verdict.broken("No batch came.")
    place = {row.tobytes(): i for i, row in enumerate(x)}
    order: list[int] = []
    for number, batch in enumerate(batches, start=1):
        if not (isinstance(batch, (tuple, list)) and len(batch) == 2):
            return Verdict.broken(f"Batch {number} is not a pair (x, y).", symptom="no pair")
        bx, by = batch
        if not (isinstance(bx, np.ndarray) and isinstance(by, np.ndarray)):
            return Verdict.broken(f"Batch {number} should hold two arrays.")
        if bx.shape[1:] != x.shape[1:] or by.ndim != 1 or len(bx) != len(by):
            return Verdict.broken(
                f"Batch {number} has the shapes {bx.shape} and {by.shape}; expected (n, …) like x and (n,)."
            )
        if len(bx) == 0:
            return Verdict.wrong(f"Batch {number} of {len(batches)} is empty.", symptom="empty batch")
        rows = [place.get(np.ascontiguousarray(row, dtype=x.dtype).tobytes(), -1) for row in bx]
        if -1 in rows:
            return Verdict.wrong(f"Batch {number} holds a sample that is not in x.", symptom="unknown sample")
        if not np.array_equal(y[rows], by):
            resting = np.array_equal(by, y[len(order) : len(order) + len(by)])
            return Verdict.wrong(
                f"In batch {number} a sample stands beside another sample's label.", y[rows], by,
                symptom="only x moves" if resting else "misaligned",
            )
        order += rows
    n = len(x)
    if len(set(order)) < len(order):
        twice = len(order) - len(set(order))
        return Verdict.wrong(f"{twice} times a sample comes that has come before in the same epoch.", symptom="repeats")
    if len(order) < n:
        return Verdict.wrong(f"Only {len(order)} of {n} samples come in an epoch.", symptom=f"{len(order)} of {n}")
    sizes = [len(b[0]) for b in batches]
    wanted = [size] * (n // size) + ([n % size] if n % size else [])
    if sizes != wanted:
        return Verdict.wrong(f"The batches have the sizes {sizes}; expected {wanted}.", symptom=f"sizes {sizes}")
    return order


def with_replacement(x, y, batch_size, rng):
    """You draw each batch afresh from all samples, so some come twice in an epoch and others never. Draw one
    permutation of all indices and cut it into pieces."""
    for start in range(0, len(x), batch_size):
        rows = rng.integers(0, len(x), size=min(batch_size, len(x) - start))
        yield x[rows], y[rows]


def drops_the_tail(x, y, batch_size, rng):
    """You leave out the last, smaller batch. Its samples count as well: let the last slice be shorter."""
    order = rng.permutation(len(x))
    for i in range(len(x) // batch_size):
        rows = order[i * batch_size : (i + 1) * batch_size]
        yield x[rows], y[rows]


def shuffles_separately(x, y, batch_size, rng):
    """x and y are shuffled each by a permutation of its own, so every image gets some other image's label. Draw one
    order and index both with it."""
    x, y = rng.permutation(x), rng.permutation(y)
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size], y[start : start + batch_size]


def shuffles_x_only(x, y, batch_size, rng):
    """You shuffle x and leave y as it was. Index both with the same order."""
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        yield x[order[start : start + batch_size]], y[start : start + batch_size]


def never_shuffles(x, y, batch_size, rng):
    """The batches come in the order of the file. If that is sorted by label, each batch holds one class only: draw
    rng.permutation(len(x))."""
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size], y[start : start + batch_size]


def a_generator_of_its_own(x, y, batch_size, rng):
    """You make a new generator inside, so every epoch comes in the same order. Draw from the `rng` that you are
    given: it goes on from where it was."""
    order = np.random.default_rng(0).permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


def the_global_generator(x, y, batch_size, rng):
    """You draw from np.random, which anything else in the program may change, so a run cannot be repeated. Draw from
    `rng`."""
    order = np.random.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


def an_empty_batch_at_the_end(x, y, batch_size, rng):
    """When the samples fit exactly, an empty batch comes last. Its mean loss would be 0 / 0. Let the slices start at
    0, batch_size, 2·batch_size … below N: range(0, len(x), batch_size)."""
    order = rng.permutation(len(x))
    for i in range(len(x) // batch_size + 1):
        rows = order[i * batch_size : (i + 1) * batch_size]
        yield x[rows], y[rows]


def shuffles_the_batches_only(x, y, batch_size, rng):
    """You cut the file into batches and shuffle those. The same neighbours then always meet: shuffle the samples
    first and cut afterwards."""
    starts = range(0, len(x), batch_size)
    full = [s for s in starts if s + batch_size <= len(x)]
    rest = [s for s in starts if s + batch_size > len(x)]
    for start in [*rng.permutation(full).astype(int), *rest]:
        yield x[start : start + batch_size], y[start : start + batch_size]


def returns_the_first_batch(x, y, batch_size, rng):
    """You `return` inside the loop, so it ends with the first batch, and looping over that gives x and y one after the
    other. `yield` hands out a batch and goes on."""
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        return x[rows], y[rows]


def shuffles_in_place(x, y, batch_size, rng):
    """You shuffle the caller's arrays in place, so their data stand in another order afterwards. Index with a
    permutation instead: x[order] is a new array."""
    order = rng.permutation(len(x))
    x[:], y[:] = x[order], y[order]
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size], y[start : start + batch_size]


EXERCISE = Exercise(
    id="04.iterate_minibatches",
    title="Minibatches",
    objects=("iterate_minibatches",),
    points=1,
    cases=cases,
    judge=judge,
    probe="two_epochs",
    mistakes=(
        with_replacement,
        drops_the_tail,
        shuffles_separately,
        shuffles_x_only,
        never_shuffles,
        a_generator_of_its_own,
        the_global_generator,
        an_empty_batch_at_the_end,
        shuffles_the_batches_only,
        shuffles_in_place,
        returns_the_first_batch,
    ),
    hints=(
        "What should come back? → Something to loop over: for xb, yb in iterate_minibatches(…). A function with `yield` is one; "
        "a list of pairs is too.",
        "How do x and y stay together? → Shuffle neither. Shuffle the numbers 0 … N-1 once, order = rng.permutation(len(x)), "
        "and index both with the same piece of it.",
        "How do I get the shorter last batch? → A slice past the end is simply shorter: order[20:25] of 23 has 3 entries.",
        "```python\norder = rng.permutation(len(x))\nfor start in range(0, len(x), batch_size):\n"
        "    rows = order[start : start + batch_size]\n    yield x[rows], y[rows]\n```",
    ),
)
