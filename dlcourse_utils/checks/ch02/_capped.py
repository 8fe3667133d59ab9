"""One symptom that three losses share: a small number was added inside the log, which caps every price."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..authoring import Verdict, compare

HIGHEST_CAP = 40.0  # -log of any small number that people add: 14 for 1e-6, 28 for 1e-12, 37 for 1e-16
SURELY_LARGE = 15.0  # no ordinary case has a price like this
NEARLY = 0.01  # what adding 1e-6 inside the log does to ordinary prices is smaller


def compare_prices(expected: Any, got: Any) -> Verdict:
    """Compare prices (or log-probabilities); the verdict on propped-up ones carries the symptom "propped up".

    Then the mistake is recognised whatever small number was chosen: values that should be large are finite and too
    small, and all others are right but for a little.
    """
    verdict = compare(expected, got)
    if verdict.kind != "value":
        return verdict
    want, have = np.asarray(expected, dtype=float), np.asarray(got, dtype=float)
    off = ~np.isclose(have, want, rtol=NEARLY, atol=NEARLY)
    too_small = np.abs(have) < np.minimum(0.95 * np.abs(want), HIGHEST_CAP)
    capped = (np.abs(want) > SURELY_LARGE) & too_small & (np.abs(have) > 1) & (np.sign(have) == np.sign(want))
    return replace(verdict, symptom="propped up") if capped[off].all() else verdict
