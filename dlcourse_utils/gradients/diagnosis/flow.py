"""Gradients that shrink or grow on their way back, or that jump while training runs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding
from .reading import median, models, powers, typical_gradient

FAR = 1e3
"""Between layers of one network typical gradients differ by a factor of ten or so; a thousand is not widths
any more.
"""

JUMP = 100.0
"""A whole gradient this many times its usual length is an explosion, not noise."""


def _ends(history: History) -> Iterator[tuple[str, list[int], np.ndarray]]:
    """For each model: the weights that get a gradient, input first, and their typical gradient over all
    steps.
    """
    typical = median(typical_gradient(history), axis=0)
    for model in models(history):
        columns = [
            j
            for j in history.weights
            if history.param_models[j] == model and history.trainable[j] and np.isfinite(typical[j]) and typical[j] > 0
        ]
        if len(columns) >= 2:
            yield model, columns, typical


def vanishing(history: History) -> Iterator[Finding]:
    """The weights nearest the input get a typical gradient a thousand times smaller than those nearest the
    loss.
    """
    for _, columns, typical in _ends(history):
        nearest_loss = max(typical[j] for j in columns[len(columns) // 2 :])
        starved = [j for j in columns[: -len(columns) // 2] if typical[j] * FAR < nearest_loss]
        if not starved:
            continue
        worst = min(starved, key=lambda j: typical[j])
        strongest = max(columns[len(columns) // 2 :], key=lambda j: typical[j])
        times = nearest_loss / typical[worst]
        more = f" So it is in {len(starved)} of {len(columns)} weights." if len(starved) > 1 else ""
        yield Finding(
            history.params[worst],
            "vanishing",
            f"Its typical gradient is {powers(typical[worst])}, {powers(times)} times smaller than that of "
            f"{history.params[strongest]} ({powers(typical[strongest])}).{more}",
            "an activation whose slope reaches 1 (ReLU in place of sigmoid), He or Xavier initialisation, "
            "normalisation layers or residual connections.",
        )


def exploding(history: History) -> Iterator[Finding]:
    """Gradients a thousand times larger at the input than at the loss, or a whole gradient that jumps."""
    for _, columns, typical in _ends(history):
        first, last = columns[0], columns[-1]
        if typical[first] > FAR * typical[last]:
            yield Finding(
                history.params[first],
                "exploding",
                f"Its typical gradient is {powers(typical[first])}, {powers(typical[first] / typical[last])} "
                f"times "
                f"larger than that of {history.params[last]}: it grows on the way back.",
                "smaller initial weights (He or Xavier), normalisation layers, and clipping by the global norm.",
            )
    yield from _jumps(history)


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
