"""05.EarlyStopping: stop when the validation loss has not improved for a while, and remember the best."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    base = float(rng.integers(4, 9))  # halves and quarters are exact in binary: a tie is a tie

    def run(name: str, losses: list[float], patience: int, min_delta: float = 0.0, weight: float = 1.0) -> Case:
        settings = {"patience": patience, **({"min_delta": min_delta} if min_delta else {})}
        return Case(name, kwargs={"losses": [base + v for v in losses], **settings}, weight=weight)

    yield run("down, then up: patience 3", [0, -1, -2, -1.5, -1, -0.5, 0], 3, weight=2.0)
    yield run("ups and downs, each time in good time", [0, 0.5, -0.5, 0, 0.25, -1, -0.5, -0.75, -1.5], 3)
    yield run("a tie is no improvement: patience 2", [0, -1, -1, -1, -1], 2)
    yield run("patience 1", [0, -1, -2, -1, -3], 1)
    yield run("tiny gains count for nothing: min_delta 0.25", [0, -0.125, -0.1875, -0.25, -0.1875], 4, 0.25)
    yield run("a slow slide adds up: min_delta 0.25", [0, -0.125, -0.25, -0.375, -0.5, -0.625, -0.75], 3, 0.25)
    yield run("down from 0.5 with a wobble", [0.5, 0.75, 0.25, 0.5, 0.375, 0.25, 0.125], 4, weight=1.0)
    yield run("still worse after the stop", [0, 1, 2, 3, 4], 2)


def oracle(losses, patience, min_delta=0.0):
    """From the definition, looking back over the whole list instead of keeping a counter."""
    improved = [0]
    for i, loss in enumerate(losses):
        if i and loss < losses[improved[-1]] - min_delta:
            improved.append(i)
    latest = [max(j for j in improved if j <= i) for i in range(len(losses))]
    return {
        "answers": [i - last >= patience for i, last in enumerate(latest)],
        "best after each update": [losses[last] for last in latest],
    }


class counts_from_the_first_epoch:
    """Your counter is never set back, so it counts all the bad updates since the first epoch. After an improvement the
    patience starts anew: set it to 0."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, float("inf"), 0

    def update(self, loss):
        if loss < self.best - self.min_delta:
            self.best = loss
        else:
            self.bad += 1
        return self.bad >= self.patience


class resets_on_ties:
    """A loss that only equals the best counts as an improvement for you, so a network that has stopped learning may run
    for ever. Improvement means strictly lower: loss < best - min_delta."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, float("inf"), 0

    def update(self, loss):
        if loss <= self.best - self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


class one_update_too_late:
    """You stop one update too late, after patience + 1 without an improvement. The patience-th one in a row is already
    the end: >=, not >."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, float("inf"), 0

    def update(self, loss):
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad > self.patience


class compares_with_the_previous:
    """You compare with the loss just before. Up 2, down 1, up 2, down 1 would then never stop. Compare with the best so
    far."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, float("inf"), 0
        self.previous = float("inf")

    def update(self, loss):
        if loss < self.previous - self.min_delta:
            self.bad = 0
            self.best = min(self.best, loss)
        else:
            self.bad += 1
        self.previous = loss
        return self.bad >= self.patience


class min_delta_ignored:
    """min_delta has no effect: any gain, however tiny, buys another round of patience. An improvement is loss < best -
    min_delta."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.best, self.bad = patience, float("inf"), 0

    def update(self, loss):
        if loss < self.best:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


class min_delta_added:
    """min_delta has the wrong sign: with best + min_delta even a worse loss counts as an improvement. It must be beaten
    *by* min_delta: loss < best - min_delta."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, float("inf"), 0

    def update(self, loss):
        if loss < self.best + self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


class best_creeps_down:
    """You lower .best by every tiny gain, so a slow slide never adds up to an improvement. best is the loss of the last
    real improvement; leave it alone otherwise."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, float("inf"), 0

    def update(self, loss):
        if loss < self.best - self.min_delta:
            self.bad = 0
        else:
            self.bad += 1
        self.best = min(self.best, loss)
        return self.bad >= self.patience


class best_is_the_latest:
    """.best is the latest loss, not the lowest. Overwrite it only on an improvement."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.lowest, self.bad = patience, min_delta, float("inf"), 0

    def update(self, loss):
        if loss < self.lowest - self.min_delta:
            self.lowest, self.bad = loss, 0
        else:
            self.bad += 1
        self.best = loss
        return self.bad >= self.patience


class higher_is_better:
    """You stop while the loss is falling: your comparison takes higher for better. A loss should go down."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.bad = patience, min_delta, -float("inf"), 0

    def update(self, loss):
        if loss > self.best + self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


EXERCISE = Exercise(
    id="05.EarlyStopping",
    title="Early stopping",
    objects=("EarlyStopping",),
    points=1,
    cases=cases,
    oracle=oracle,
    probe="early_stopping",
    mistakes=(
        counts_from_the_first_epoch,
        resets_on_ties,
        one_update_too_late,
        compares_with_the_previous,
        min_delta_ignored,
        min_delta_added,
        best_creeps_down,
        best_is_the_latest,
        higher_is_better,
    ),
    hints=(
        "What must the object remember? → Its two settings, the best loss so far (start with infinity), and how many updates in a row "
        "brought no improvement.",
        "When do I set the counter back? → At an improvement, loss < best - min_delta, and only then. There best changes too.",
        "It stops too late. → With patience 2 the second bad update in a row says stop: bad >= patience.",
        "```python\ndef update(self, loss):\n    if loss < self.best - self.min_delta:\n        self.best, self.bad = loss, 0\n"
        "    else:\n        self.bad += 1\n    return self.bad >= self.patience\n```",
    ),
)
