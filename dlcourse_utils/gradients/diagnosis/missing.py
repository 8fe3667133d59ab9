"""Parameters that training never reaches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..history import History
from .finding import Finding


def no_gradient(history: History) -> Iterator[Finding]:
    """Frozen, in no optimizer, never reached by the backward pass, or reached by exact zeros only."""
    reasons: dict[tuple[str, str], list[int]] = {}
    missing, zero = history["grad_missing"], history["grad_zero"]
    for j in range(len(history.params)):
        seen = ~np.isnan(missing[:, j])
        if not history.trainable[j]:
            key = (
                "Frozen: requires_grad is False.",
                "unfreeze with requires_grad_(True), if that was not the plan.",
            )
        elif not history.optimizers[j]:
            key = (
                "It is in no optimizer that was given, so nothing updates it.",
                "build the optimizer from model.parameters(), and pass every optimizer to record.",
            )
        elif seen.any() and (missing[seen, j] == 1).all():
            key = (
                f"Its .grad was None at all {seen.sum()} sampled steps: the loss does not reach it.",
                "look for detach(), .item(), .numpy() or torch.no_grad() between it and the loss, or a layer "
                "that "
                "forward() never calls.",
            )
        elif seen.any() and (zero[seen, j] == 1).all():
            key = (
                f"Every element of its gradient was exactly 0 at all {seen.sum()} sampled steps.",
                "look for dead units after it, a factor of 0, or a loss that does not depend on it.",
            )
        else:
            continue
        reasons.setdefault(key, []).append(j)
    for (evidence, advice), columns in reasons.items():
        first = history.params[columns[0]]
        more = f" The same holds for {len(columns) - 1} more." if len(columns) > 1 else ""
        yield Finding(first, "no gradient", evidence + more, advice)
