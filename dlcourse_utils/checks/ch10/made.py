"""What both milestones ask of a trained generator before they look at what it makes."""

from typing import Any

import numpy as np

from ..authoring import Verdict


def samples(value: dict[str, Any], shape: tuple[int, ...], function: str) -> np.ndarray | Verdict:
    """Return the samples, or the verdict on a generator that is none, or gives another form, or cannot be repeated."""
    if not value.get("a Module"):
        return Verdict.broken(f"{function} should return the trained generator, an nn.Module.", symptom="no module")
    made = value.get("samples")
    if not isinstance(made, np.ndarray) or made.shape != shape:
        said = f"the shape {made.shape}" if isinstance(made, np.ndarray) else "no tensor"
        return Verdict.broken(f"For {shape[0]} rows of z the generator should give the shape {shape}; yours gives {said}.", symptom="shape")
    if not np.isfinite(made).all():
        return Verdict.wrong("The samples are not all finite: training ran away. Smaller steps?", symptom="NaN")
    part = value["samples of the first third alone"]
    if not isinstance(part, np.ndarray) or not np.allclose(part, made[: len(part)], rtol=1e-3, atol=1e-4):
        return Verdict.wrong(
            "The same z gives another sample in other company. Is the generator still in training mode (batch norm, dropout)? Return G.eval().", symptom="restless"
        )
    if "samples after training again" in value and not np.array_equal(value["samples after training again"], made):
        return Verdict.wrong(
            "Two trainings with the same seed gave different generators. Call torch.manual_seed(seed) before the networks are built, and draw everything else from "
            "generators of that seed too.",
            symptom="not repeatable",
        )
    return made


def learned_by_heart(made: np.ndarray, data: np.ndarray) -> Verdict | None:
    """Return a verdict when more than a tenth of the samples are rows of the training data, to three digits."""
    known = {row.tobytes() for row in np.round(data.reshape(len(data), -1).astype(float), 3) + 0.0}
    share = np.mean([row.tobytes() in known for row in np.round(made.reshape(len(made), -1).astype(float), 3) + 0.0])
    if share <= 0.1:
        return None
    return Verdict.wrong(f"{share:.0%} of your samples are training data, number by number. A generator makes new ones.", symptom="by heart")
