"""What the two initialisations' checks share: is the variance of the drawn weights the one that was asked for?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..authoring import Case, Observation, Verdict

# Every draw has at least 20,000 weights: the sample variance then lies within 5 % (four standard errors of a normal).
SIZES = ((300, 100), (80, 400), (1000, 40), (160, 160))
TOLERANCE = 0.06


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for fan_in, fan_out in SIZES:
        seed = int(rng.integers(2**31))
        yield Case(f"{fan_in} in, {fan_out} out", kwargs={"fan_in": fan_in, "fan_out": fan_out, "seed": seed})


def judge_variance(case: Case, observation: Observation, wanted: Callable[[int, int], float]) -> Verdict:
    """Shape, mean 0, the wanted variance, weights of their own, and drawn from the generator that was given."""
    n_in, n_out = case.kwargs["fan_in"], case.kwargs["fan_out"]
    w = observation.value.get("w")
    if w is None:
        return Verdict.broken("Nothing came back (None). Is a `return` missing?")
    if not isinstance(w, np.ndarray) or w.dtype.kind != "f":
        return Verdict.broken("Expected an array of floats.")
    if w.shape != (n_in, n_out):
        return Verdict.broken(f"Expected the shape (fan_in, fan_out) = ({n_in}, {n_out}); yours is {w.shape}.")
    if not np.isfinite(w).all():
        return Verdict.wrong("Not every weight is a finite number.", symptom="not finite")
    variance, goal = float(w.var()), wanted(n_in, n_out)
    if abs(w.mean()) > 6 * np.sqrt(goal / w.size) + 0.02 * np.sqrt(max(variance, goal)):
        return Verdict.wrong(f"The weights' mean is {w.mean():.3g}; it should be 0.", symptom="mean not zero")
    if abs(variance / goal - 1) > TOLERANCE:
        return Verdict.wrong(
            f"The weights' variance is {variance:.3g}; {goal:.3g} is asked for.", goal, variance,
            symptom=_which(variance, n_in, n_out),
        )
    if len(np.unique(w.round(12))) < 0.9 * w.size:
        return Verdict.wrong("Many weights are equal; each should be drawn by itself.", symptom="equal weights")
    if np.array_equal(w, observation.value.get("next")):
        return Verdict.wrong(
            "A second layer drawn from the same generator gets the same weights. Draw from the `rng` you are given.",
            symptom="same weights each time",
        )
    if not np.array_equal(w, observation.value.get("same seed")):
        return Verdict.wrong(
            "The same seed gives other weights. Draw from `rng`, not from np.random.", symptom="other randomness"
        )
    return Verdict.ok(f"variance {variance:.3g}, asked for {goal:.3g}")


def _which(variance: float, n_in: int, n_out: int) -> str:
    """Name the formula that a wrong variance follows, so that two mistakes of one kind are known as one."""
    known = {
        "1": 1.0, "1/in": 1 / n_in, "1/out": 1 / n_out, "2/in": 2 / n_in, "2/out": 2 / n_out,
        "2/(in+out)": 2 / (n_in + n_out), "1/(in+out)": 1 / (n_in + n_out), "6/(in+out)": 6 / (n_in + n_out),
        "(2/in)^2": (2 / n_in) ** 2, "(2/out)^2": (2 / n_out) ** 2, "(2/(in+out))^2": (2 / (n_in + n_out)) ** 2,
        "third of 2/in": 2 / n_in / 3, "third of 1/in": 1 / n_in / 3, "third of 2/(in+out)": 2 / (n_in + n_out) / 3, "root 2/in": (2 / n_in) ** 0.5,
        "root 2/(in+out)": (2 / (n_in + n_out)) ** 0.5, "0.01^2": 1e-4, "1/12": 1 / 12,
    }  # fmt: skip
    close = {name: abs(np.log(max(variance, 1e-300) / value)) for name, value in known.items()}
    name = min(close, key=lambda n: close[n])
    return f"variance {name}" if close[name] < 0.1 else f"variance about 10^{np.log10(max(variance, 1e-300)):.1f}"
