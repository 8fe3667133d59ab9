"""05.oversample: repeat rare samples until all classes are equally common; judged by what the new set holds."""

from collections.abc import Iterator
from math import comb, prod
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "two classes, 20 to 4", [(0, 20), (1, 4)], (3,), weight=2.0)
    yield _case(rng, "three classes, 5 / 17 / 9", [(0, 5), (1, 17), (2, 9)], (2,), weight=2.0)
    yield _case(rng, "labels 3, 5 and 8", [(3, 12), (5, 7), (8, 2)], (4,))
    yield _case(rng, "images, 11 to 3", [(1, 11), (0, 3)], (1, 2, 2))
    yield _case(rng, "balanced already", [(0, 6), (1, 6)], (3,), weight=0.5)


def _case(
    rng: np.random.Generator, name: str, counts: list[tuple[int, int]], shape: tuple[int, ...], weight: float = 1.0
) -> Case:
    y = rng.permutation(np.repeat([c for c, _ in counts], [n for _, n in counts]))
    x = rng.normal(size=(len(y), *shape))
    return Case(name, kwargs={"x": x, "y": y, "seed": int(rng.integers(2**31))}, weight=weight)


def judge(case: Case, observation: Observation) -> Verdict:
    """Every class at the majority's size, every original there, each row beside its own label."""
    x, y = case.kwargs["x"], case.kwargs["y"]
    value = observation.value.get("first")
    if value is None:
        return Verdict.broken("Nothing came back (None). Is a `return` missing?")
    if not (isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(v, np.ndarray) for v in value)):
        return Verdict.broken("Expected the pair (x, y) of arrays.")
    new_x, new_y = value
    if new_x.shape[1:] != x.shape[1:] or new_y.shape != (len(new_x),):
        return Verdict.broken(f"Expected shapes (M, …) like x and (M,); yours are {new_x.shape} and {new_y.shape}.")
    place = {row.tobytes(): i for i, row in enumerate(x)}
    rows = np.array([place.get(np.ascontiguousarray(r, dtype=x.dtype).tobytes(), -1) for r in new_x], dtype=int)
    if (rows == -1).any():
        return Verdict.wrong(f"{(rows == -1).sum()} rows are not among the given samples.", symptom="unknown rows")
    mismatched = int((y[rows] != new_y).sum())
    if mismatched:
        return Verdict.wrong(f"{mismatched} rows carry a label that is not theirs.",
                             symptom="out of step" if _same_counts(y[rows], new_y) else "wrong labels")
    most = max((y == c).sum() for c in np.unique(y))
    counts = {int(c): int((new_y == c).sum()) for c in np.unique(y)}
    if any(n != most for n in counts.values()):
        return Verdict.wrong(
            f"The classes have the sizes {list(counts.values())}; each should have {most}.",
            symptom=_which(y, counts, int(most)),
        )
    lost = len(x) - len(set(rows.tolist()))
    if lost:
        return Verdict.wrong(f"{lost} of the given samples are gone; all originals stay.", symptom="lost originals")
    return _drawn(x, y, int(most), observation.value)


def _same_counts(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(np.sort(one), np.sort(other))


def _drawn(x: np.ndarray, y: np.ndarray, most: int, value: dict[str, Any]) -> Verdict:
    """Is the choice of the added rows drawn from `rng`, where there is a choice?"""
    counts = [int((y == c).sum()) for c in np.unique(y)]
    if prod(comb(n, most % n) for n in counts) < 50:  # whole copies and a few rows over is right too, and has few ways
        return Verdict.ok()
    first, second, third, again = (_sorted_rows(value.get(k)) for k in ("first", "second", "third", "same seed"))
    if first == second == third:
        return Verdict.wrong("Three calls on one generator add the same rows: nothing is drawn from `rng`.",
                             symptom="not drawn")
    if first != again:
        return Verdict.wrong("The same seed adds other rows. Draw from `rng` alone.", symptom="other randomness")
    return Verdict.ok()


def _sorted_rows(pair: Any) -> list[bytes]:
    """The rows of x without their order, so that the same choice is known again."""
    return sorted(np.ascontiguousarray(row, dtype=float).tobytes() for row in pair[0])


def _which(y: np.ndarray, counts: dict[int, int], most: int) -> str:
    had = {int(c): int((y == c).sum()) for c in np.unique(y)}
    if all(n == min(had.values()) for n in counts.values()):
        return "down to the smallest"
    if all(n == had[c] + most for c, n in counts.items()):
        return "most added to each"
    if all(n == had[c] + (most if had[c] < most else 0) for c, n in counts.items()):
        return "most added to the rare"
    if all(n == had[c] * (most // had[c]) for c, n in counts.items()):
        return "whole copies"
    return "as it was" if counts == had else "other sizes"


def draws_from_the_wrong_class(x, y, rng):
    """The added rows are drawn from all samples but labelled as the rare class. Draw them from the rows of that class:
    np.flatnonzero(y == c)."""
    most = max((y == c).sum() for c in np.unique(y))
    xs, ys = [x], [y]
    for c in np.unique(y):
        n = most - (y == c).sum()
        other = np.flatnonzero(y != c)
        xs.append(x[rng.choice(other, size=n)])
        ys.append(np.full(n, c))
    return np.concatenate(xs), np.concatenate(ys)


def loses_originals(x, y, rng):
    """You draw every class anew with replacement, so some of the given samples are lost. Keep all originals and draw only
    what is missing."""
    most = max((y == c).sum() for c in np.unique(y))
    rows = np.concatenate([rng.choice(np.flatnonzero(y == c), size=most) for c in np.unique(y)])
    return x[rows], y[rows]


def undersamples(x, y, rng):
    """You cut every class down to the smallest one's size and throw the rest away: undersampling. Here every class grows
    to the size of the largest."""
    least = min((y == c).sum() for c in np.unique(y))
    rows = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:least] for c in np.unique(y)])
    return x[rows], y[rows]


def adds_as_many_as_the_majority(x, y, rng):
    """You add as many rows as the majority has, on top of those that are there. Add only the difference."""
    most = max((y == c).sum() for c in np.unique(y))
    rows = [np.arange(len(y))]
    for c in np.unique(y):
        own = np.flatnonzero(y == c)
        if len(own) < most:
            rows.append(rng.choice(own, size=most))
    rows = np.concatenate(rows)
    return x[rows], y[rows]


def whole_copies_only(x, y, rng):
    """You repeat each class a whole number of times, so 5 rows become 15 when the majority has 17. Draw the missing few
    at random from the class."""
    most = max((y == c).sum() for c in np.unique(y))
    own = [np.flatnonzero(y == c) for c in np.unique(y)]
    rows = np.concatenate([np.tile(r, most // len(r)) for r in own])
    return x[rows], y[rows]


def labels_shuffled_apart(x, y, rng):
    """x and y have got out of step: the rows are the right ones, but they stand beside other rows' labels. Collect row
    numbers in one order, and index both with it."""
    most = max((y == c).sum() for c in np.unique(y))
    own = [np.flatnonzero(y == c) for c in np.unique(y)]
    rows = np.concatenate([np.append(r, rng.choice(r, size=most - len(r))) for r in own])
    return x[rng.permutation(rows)], y[np.roll(rows, 1)]


def always_the_same_rows(x, y, rng):
    """You repeat the same rows every time; `rng` is never asked. Which rows come twice should be a matter of chance:
    rng.choice(rows_of_the_class, size=missing)."""
    most = max((y == c).sum() for c in np.unique(y))
    rows = np.concatenate([np.resize(np.flatnonzero(y == c), most) for c in np.unique(y)])
    return x[rows], y[rows]


def draws_from_np_random(x, y, rng):
    """You draw from np.random, so the run cannot be repeated from its seed. Draw from `rng`."""
    most = max((y == c).sum() for c in np.unique(y))
    own = [np.flatnonzero(y == c) for c in np.unique(y)]
    rows = np.concatenate([np.append(r, np.random.choice(r, size=most - len(r))) for r in own])
    return x[rows], y[rows]


def nothing_happens(x, y, rng):
    """The set comes back as it was, the rare classes as rare as before."""
    order = rng.permutation(len(y))
    return x[order], y[order]


EXERCISE = Exercise(
    id="05.oversample",
    title="Oversampling",
    objects=("oversample",),
    points=1,
    cases=cases,
    judge=judge,
    probe="resampled",
    mistakes=(
        draws_from_the_wrong_class,
        loses_originals,
        undersamples,
        adds_as_many_as_the_majority,
        whole_copies_only,
        labels_shuffled_apart,
        nothing_happens,
        always_the_same_rows,
        draws_from_np_random,
    ),
    hints=(
        "How many rows does a class need? → As many as the largest class has. So it lacks most - n_c.",
        "Where do the new rows come from? → From the class itself, drawn with rng.choice(rows_of_the_class, size=missing).",
        "How do x and y stay together? → Collect row numbers only, and index both at the very end.",
        "```python\nclasses, n = np.unique(y, return_counts=True)\nrows = [np.arange(len(y))]\nfor c, count in zip(classes, n):\n"
        "    rows.append(rng.choice(np.flatnonzero(y == c), size=n.max() - count))\nrows = np.concatenate(rows)\n"
        "return x[rows], y[rows]\n```",
    ),
)
