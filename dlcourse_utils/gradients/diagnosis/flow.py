"""Gradients that shrink or grow on their way back, or that jump while training runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..history import History
from .finding import Finding
from .onset import lasting, onset, since
from .reading import median, models, powers, typical_gradient

FAR = 1e3
"""Between layers of one network typical gradients differ by a factor of ten or so; a thousand is not widths
any more.
"""

JUMP = 100.0
"""A whole gradient this many times its usual length is an explosion, not noise."""

Pair = tuple[int, int]
"""Columns of two weights of which the first one's gradient is too small for the second one's, or too large."""


def _ends(history: History, typical: np.ndarray) -> Iterator[list[int]]:
    """For each model: the weights that get a gradient, input first."""
    for model in models(history):
        columns = [
            j
            for j in history.weights
            if history.param_models[j] == model and history.trainable[j] and np.isfinite(typical[j]) and typical[j] > 0
        ]
        if len(columns) >= 2:
            yield columns


def vanishing(history: History) -> Iterator[Finding]:
    """The weights nearest the input get a typical gradient a thousand times smaller than those nearest the
    loss: over the whole run, or at every step from some step on.
    """
    for (worst, strongest), typical, began in _far_apart(history, _starved):
        columns = next(c for c in _ends(history, typical) if worst in c)
        starved = [j for j in columns[: -len(columns) // 2] if typical[j] * FAR < typical[strongest]]
        more = f" So it is in {len(starved)} of {len(columns)} weights." if len(starved) > 1 else ""
        yield Finding(
            history.params[worst],
            "vanishing",
            f"Its typical gradient is {powers(typical[worst])}, {powers(typical[strongest] / typical[worst])} times "
            f"smaller than that of {history.params[strongest]} ({powers(typical[strongest])})"
            f"{began}.{more}",
            "an activation whose slope reaches 1 (ReLU in place of sigmoid), He or Xavier initialisation, "
            "normalisation layers or residual connections.",
        )


def exploding(history: History) -> Iterator[Finding]:
    """Gradients a thousand times larger at the input than at the loss, or a whole gradient that jumps."""
    for (first, last), typical, began in _far_apart(history, _grown):
        yield Finding(
            history.params[first],
            "exploding",
            f"Its typical gradient is {powers(typical[first])}, {powers(typical[first] / typical[last])} times "
            f"larger than that of {history.params[last]}: it grows on the way back{began}.",
            "smaller initial weights (He or Xavier), normalisation layers, and clipping by the global norm.",
        )
    yield from _jumps(history)


def _starved(columns: list[int], typical: np.ndarray) -> Pair | None:
    strongest = max(columns[len(columns) // 2 :], key=lambda j: typical[j])
    worst = min(columns[: -len(columns) // 2], key=lambda j: typical[j])
    return (worst, strongest) if typical[worst] * FAR < typical[strongest] else None


def _grown(columns: list[int], typical: np.ndarray) -> Pair | None:
    first, last = columns[0], columns[-1]
    return (first, last) if typical[first] > FAR * typical[last] else None


def _far_apart(
    history: History, find: Callable[[list[int], np.ndarray], Pair | None]
) -> Iterator[tuple[Pair, np.ndarray, str]]:
    """For each model at most once: the two weights, every weight's typical gradient, and since when it is
    so, in words.

    Judged is the median over the run. Where it shows nothing, the last steps are asked which two weights it might be,
    and then each step whether it is so for good.
    """
    table = typical_gradient(history)
    whole, late = median(table, axis=0), median(table[-max(2, len(history) // 20) :], axis=0)
    done = set()
    for typical, is_whole in ((whole, True), (late, False)):
        for columns in _ends(history, typical):
            model, pair = history.param_models[columns[0]], find(columns, typical)
            if pair is None or model in done:
                continue
            apart, seen = _apart(table, pair)
            row = onset(apart, seen) if is_whole else lasting(apart, seen)
            if row is not None:
                done.add(model)
                yield pair, median(table[row:], axis=0), since(history, row, seen)


def _apart(table: np.ndarray, pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """(S,) whether the two are as far apart at a step as they are typically, and whether both were seen."""
    with np.errstate(all="ignore"):
        distance = np.abs(np.log10(table[:, pair[0]]) - np.log10(table[:, pair[1]]))
    return distance > np.log10(FAR), np.isfinite(distance)


def _jumps(history: History) -> Iterator[Finding]:
    for model in models(history):
        columns = [j for j, m in enumerate(history.param_models) if m == model]
        whole = whole_gradient(history, columns)
        for i in range(3, len(whole)):
            usual = median(whole[:i])
            if whole[i] > JUMP * usual > 0:
                yield Finding(
                    model,
                    "exploding",
                    f"At step {history.steps[i]} the whole gradient had length {powers(whole[i])}, "
                    f"{powers(whole[i] / usual)} times its usual {powers(usual)} until then.",
                    "clip by the global norm (torch.nn.utils.clip_grad_norm_), or a smaller learning rate.",
                )
                break


def whole_gradient(history: History, columns: list[int]) -> np.ndarray:
    """(S,) length of the gradient of several parameters together, before clipping; NaN where none was
    seen.
    """
    raw = history["raw_grad_norm"][:, columns]
    raw = np.where(np.isnan(raw), history["grad_norm"][:, columns], raw)
    seen = ~np.isnan(raw).all(axis=1) if columns else np.zeros(len(history), dtype=bool)
    with np.errstate(all="ignore"):
        return np.where(seen, np.sqrt(np.nansum(raw**2, axis=1)), np.nan)
