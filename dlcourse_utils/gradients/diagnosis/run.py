"""Ask every rule in turn; what explains other findings comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..history import History
from .balance import imbalance
from .finding import Finding
from .flow import exploding, vanishing
from .missing import no_gradient
from .nonfinite import nonfinite_origin
from .units import dead_units, saturated_units
from .updates import update_out_of_band

_RULES: tuple[Callable[[History], Iterator[Finding]], ...] = (
    no_gradient,
    exploding,
    vanishing,
    dead_units,
    saturated_units,
    update_out_of_band,
    imbalance,
)


def diagnose(history: History) -> list[Finding]:
    """Return the findings of a history, [] when nothing stands out.

    Once a NaN is in the network every later number is a consequence of it, so only the steps before are
    judged further. The limits stand in each rule's file; they are wide on purpose: a finding should be worth
    a learner's time.
    """
    if len(history) == 0:
        return [
            Finding(
                "",
                "nothing recorded",
                "The history has no sampled step.",
                "call optimizer.step() (or rec.step(…)) inside the block, and let `every` be smaller than "
                "the number "
                "of steps.",
            )
        ]
    found = list(nonfinite_origin(history))
    healthy = history.before_nonfinite()
    if len(healthy):
        for rule in _RULES:
            found += rule(healthy)
    return found
