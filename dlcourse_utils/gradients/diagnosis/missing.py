"""Parameters that training never reaches, or no longer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding
from .onset import lasting, onset, since

LITTLE = 0.1
"""A loss that ends at 0 was learned if it was so small a share of its largest before; if not, it was cut off."""


def no_gradient(history: History) -> Iterator[Finding]:
    """Frozen, in no optimizer, not reached by the backward pass, or reached by exact zeros only: throughout, or from
    some step on.
    """
    reasons: dict[tuple[str, str], list[int]] = {}
    for j in range(len(history.params)):
        if reason := _reason(history, j):
            reasons.setdefault(reason, []).append(j)
    for (evidence, advice), columns in reasons.items():
        first = history.params[columns[0]]
        more = f" The same holds for {len(columns) - 1} more." if len(columns) > 1 else ""
        yield Finding(first, "no gradient", evidence + more, advice)


def _reason(history: History, j: int) -> tuple[str, str] | None:
    """Evidence and advice for one parameter; None when its gradient arrives."""
    seen = ~np.isnan(history["grad_missing"][:, j])
    missing = history["grad_missing"][:, j] == 1
    # Both: a sample of 4,096 may miss the one word of a large embedding, and squares of 1e-30 are 0 in a norm.
    zero = (history["grad_zero"][:, j] == 1) & ~(history["grad_norm"][:, j] > 0)
    if not history.trainable[j]:
        return (
            f"Frozen: requires_grad is False{since(history, onset(missing | zero, seen), seen)}.",
            "unfreeze with requires_grad_(True), if that was not the plan.",
        )
    if not history.optimizers[j]:
        return (
            "It is in no optimizer that was given, so nothing updates it.",
            "build the optimizer from model.parameters(), and pass every optimizer to record.",
        )
    if (row := _throughout_or_from(missing, seen)) is not None:
        return (
            f"Its .grad was None at {_steps(history, seen, row)}: the loss does not reach it.",
            "look for detach(), .item(), .numpy() or torch.no_grad() between it and the loss, or a layer that "
            "forward() never calls.",
        )
    row = _throughout_or_from(zero, seen & ~_nothing_left_to_learn(history))
    if row is not None:
        return (
            f"Every element of its gradient was exactly 0 at {_steps(history, seen, row)}.",
            "look for dead units after it, a factor of 0, or a loss that does not depend on it.",
        )
    return None


def _throughout_or_from(bad: np.ndarray, seen: np.ndarray) -> int | None:
    if not seen.any():
        return None
    return 0 if bad[seen].all() else lasting(bad, seen)


def _steps(history: History, seen: np.ndarray, row: int) -> str:
    count = int(seen[row:].sum())
    return f"all {count} sampled steps" if row == 0 else f"the last {count} sampled steps{since(history, row, seen)}"


def _nothing_left_to_learn(history: History) -> np.ndarray:
    """(S,) where the loss, as a hinge loss does, had come down to 0: then no gradient is as it should be."""
    loss = history.scalars.get("loss", np.full(len(history), np.nan))
    earlier = np.abs(loss[np.isfinite(loss) & (loss != 0)])
    learned = earlier.size > 0 and earlier[-1] < LITTLE * earlier.max()
    return np.asarray((loss == 0) & learned)
