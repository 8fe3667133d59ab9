"""Judging a trained classifier by its logits for samples that it has never seen."""

from typing import Any

import numpy as np
from scipy.special import softmax

from ..authoring import Verdict

CLASSES = 10


def weigh(
    value: dict[str, Any], truth: np.ndarray, goal: float, *, again: bool, function: str, hint: str = ""
) -> Verdict:
    """Return the verdict on what the probes "ch06.fit" and "ch07.train" report.

    again: the training was run twice and must give the same. hint: what to think of when the goal is not reached.
    """
    if not value.get("a Module"):
        return Verdict.broken(f"{function} should return the trained model, an nn.Module.", symptom="no model")
    scores: list[np.ndarray] = []
    for name in ("logits", "logits of a second look"):
        found = _numbers(value.get(name))
        if found is None or found.shape != (len(truth), CLASSES):
            shape = "nothing of the kind" if found is None else f"the shape {found.shape}"
            return Verdict.broken(
                f"For {len(truth)} samples the model should give logits of shape ({len(truth)}, {CLASSES}); yours gives {shape}.",
                symptom="shape",
            )
        if not np.isfinite(found).all():
            return Verdict.wrong("The logits are not finite: training ran away. A smaller learning rate?", symptom="NaN")
        scores.append(found)
    if again and value.get("in training mode"):  # in one case: forgetting it costs some points, not all
        return Verdict.wrong("The model is handed out in training mode. Return model.eval().", symptom="training mode")
    if not np.allclose(scores[0], scores[1], rtol=1e-3, atol=1e-4 * np.abs(scores[0]).max()):
        return Verdict.wrong(
            "The same samples get different logits on a second look. Is the model still in training mode (dropout, batch norm)? Return model.eval().",
            symptom="restless",
        )
    if (scores[0] >= 0).all() and np.allclose(scores[0].sum(axis=1), 1, atol=1e-4):
        return Verdict.wrong(
            "Your model returns probabilities: each row adds up to 1. Logits are asked for; leave the softmax out, cross_entropy brings its own.",
            symptom="probabilities",
        )
    verdict = _accuracy(scores[0], truth, goal, hint)
    if verdict.passed and again:
        repeated = _numbers(value.get("logits after training again"))
        if repeated is None or not np.array_equal(repeated, scores[0]):
            return Verdict.wrong(
                "Two trainings with the same seed gave different networks. Call torch.manual_seed(seed) before the model is built, and draw "
                "everything else from generators of that seed too.",
                symptom="not repeatable",
            )
    return _seed_matters(value) if verdict.passed else verdict


def _seed_matters(value: dict[str, Any]) -> Verdict:
    """Two seeds must not give the very same network."""
    pair = [_numbers(logits) for logits in value.get("logits of two seeds", [])]
    if len(pair) == 2 and pair[0] is not None and pair[1] is not None and np.array_equal(pair[0], pair[1]):
        return Verdict.wrong(
            "Two different seeds gave the very same network: the seed that is handed in is not used.", symptom="one seed"
        )
    return Verdict.ok()


def _accuracy(scores: np.ndarray, truth: np.ndarray, goal: float, hint: str) -> Verdict:
    guess = scores.argmax(axis=1)
    share = float((guess == truth).mean())
    if share >= goal:
        return Verdict.ok(f"{share:.1%} of {len(truth)} samples never seen.")
    told = f"{share:.1%} of {len(truth)} samples never seen are right; at least {goal:.0%} are asked for here."
    for shift in (1, CLASSES - 1):
        if ((guess + shift) % CLASSES == truth).mean() >= goal:
            return Verdict.wrong(f"{told} Every answer is one class off.", symptom="off by one")
    return Verdict.wrong(f"{told} {hint}".strip(), symptom=_how_low(scores, guess, truth, share))


def _how_low(scores: np.ndarray, guess: np.ndarray, truth: np.ndarray, share: float) -> str:
    """Tell a network that never learned from one that learned the wrong thing, or too little."""
    kinds = np.unique(truth)
    if softmax(scores, axis=1).max(axis=1).mean() < 0.25 and share < 1 / len(kinds) + 0.25:
        return "untrained"
    if (guess == kinds[-1]).mean() > 0.55 and (guess == kinds[-1])[truth == kinds[-1]].mean() > 0.93:
        return "the last kind wins"  # what an unshuffled walk through sorted data leaves behind
    if np.isin(guess, kinds).mean() > 0.95 and share < 1 / len(kinds) + 0.2:
        return "guessing"
    return "too low"


def _numbers(value: Any) -> np.ndarray | None:
    return value.astype(float) if isinstance(value, np.ndarray) and value.dtype.kind in "fiu" else None
