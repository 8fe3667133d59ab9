"""What DCGAN's two networks must look like, read from their outputs and their first weights.

A. Radford, L. Metz, S. Chintala, Unsupervised representation learning with deep convolutional generative adversarial
networks (2015): tanh at G's end, no batch norm in G's output and D's input layer, weights N(0, 0.02).
"""

from typing import Any

import numpy as np

from ..authoring import Verdict

SIZE = (1, 28, 28)


def module_and_form(value: dict[str, Any], n: int, shape: tuple[int, ...], name: str, also: tuple[int, ...] = ()) -> Verdict | None:
    """Return a verdict when there is no module, or its output in either mode has another shape than (n, *shape)."""
    if not value.get("a Module"):
        return Verdict.broken(f"{name} should be an nn.Module.", symptom="no module")
    if value.get("wants four axes"):
        return Verdict.broken(
            f"z comes as {n} rows, (N, z_dim). Your network wants (N, z_dim, 1, 1): reshape at the start of forward, z[:, :, None, None].",
            symptom="four axes",
        )
    for mode in ("out", "out in training mode"):
        got = value.get(mode)
        fits = isinstance(got, np.ndarray) and got.shape in ((n, *shape), (n, *also))
        if not fits:
            said = f"the shape {got.shape}" if isinstance(got, np.ndarray) else "no tensor"
            return Verdict.broken(f"Expected the shape {(n, *shape)}; yours is {said}.", symptom="shape")
    if not np.array_equal(value["out"], value["the same again"]):
        return Verdict.wrong("In evaluation mode the same input gets another answer the second time.", symptom="restless")
    return None


def first_weights(value: dict[str, Any]) -> Verdict | None:
    """Return a verdict when the weights are not N(0, 0.02) or the batch-norm scales not N(1, 0.02)."""
    for (count, mean, spread), layer in zip(value["weights"], value["weighted layers"], strict=True):
        if count >= 300 and not _about(mean, spread, count, 0.0):
            return Verdict.wrong(
                f"The {layer}'s weights start with mean {mean:.4f} and standard deviation {spread:.4f}; asked for is N(0, 0.02).",
                symptom="weights",
            )
    count, mean, spread = value["norm scales"]
    if count >= 10 and not _about(mean, spread, count, 1.0):
        if spread == 0:
            return Verdict.wrong("All batch-norm scales start at exactly 1; asked for is N(1, 0.02).", symptom="scales all 1")
        return Verdict.wrong(
            f"The batch-norm scales start with mean {mean:.3f} and standard deviation {spread:.3f}; asked for is N(1, 0.02).",
            symptom="scales around 0" if abs(mean) < 0.5 else "scales",
        )
    return None


def _about(mean: float, spread: float, count: float, centre: float) -> bool:
    """Within six standard errors of N(centre, 0.02)."""
    error = 0.02 / np.sqrt(count)
    return bool(abs(mean - centre) < 6 * error + 1e-6 and abs(spread - 0.02) < 6 * error / np.sqrt(2) + 2e-4)


def activations(value: dict[str, Any], name: str, slope: float) -> Verdict | None:
    """Return a verdict when a batch norm comes after the activation, or two layers are joined by another one.

    slope: the factor below 0. What is no function of each number by itself (enlarging, dropout) counts as right.
    """
    for following, factors in zip(value["layers in order"][1:], value["slopes between layers"], strict=True):
        if not factors:
            continue
        negative, positive = factors
        straight = abs(negative - 1) < 0.01 and abs(positive - 1) < 0.01
        if following == "norm" and not straight:
            return Verdict.wrong(f"An activation stands before a batch norm. Batch norm comes first, then {name}.", symptom="order")
        if following == "weights" and (abs(negative - slope) > 0.005 or abs(positive - 1) > 0.01):
            said = "nothing" if straight else f"a factor {negative:.2g} below 0 and {positive:.2g} above"
            return Verdict.wrong(f"{name} is asked for between two layers; between two of yours stands {said}.", symptom=f"activation {negative:.2f}")
    return None
