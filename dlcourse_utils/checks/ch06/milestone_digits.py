"""06.milestone_digits: a trained network is judged by what it says about digits that it has never seen.

The labels of those digits stay on the judge's side. The network, the optimizer and the batches are the learner's choice.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from ...data import DigitsSplit, load_digits_split
from ..authoring import Case, Exercise, Observation, Verdict
from .milestone_mistakes import MISTAKES

GOAL = 0.87  # from 600 digits in the check; the chapter asks for 0.96 from all 1,437
AT_CHANCE = 0.3


@lru_cache(maxsize=4)
def _split(seed: int) -> DigitsSplit:
    return load_digits_split(seed)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    split = _split(int(rng.integers(3)))
    parts = {"x": split.x_train[:600], "labels": split.y_train[:600], "unseen": split.x_test}
    yield Case("600 digits, trained twice", kwargs={**parts, "seed": int(rng.integers(1000)), "again": True})
    order = np.argsort(parts["labels"], kind="stable")
    parts |= {"x": parts["x"][order], "labels": parts["labels"][order]}
    yield Case("600 digits, sorted by label", kwargs={**parts, "seed": int(rng.integers(1000)), "again": False})


def _truth(unseen: np.ndarray) -> np.ndarray:
    return next(s.y_test for s in map(_split, range(3)) if np.array_equal(s.x_test, unseen))


def judge(case: Case, observation: Observation) -> Verdict:
    value = observation.value or {}
    if not value.get("a Module"):
        return Verdict.broken("fit_digits should return the trained model, an nn.Module.", symptom="no model")
    truth = _truth(case.kwargs["unseen"])
    looks = [_scores(value.get(name)) for name in ("logits", "logits of a second look")]
    scored: list[np.ndarray] = []
    for scores in looks:
        if scores is None or scores.shape != (len(truth), 10):
            shape = "nothing of the kind" if scores is None else f"the shape {scores.shape}"
            return Verdict.broken(
                f"For {len(truth)} digits the model should give logits of shape ({len(truth)}, 10); yours gives {shape}.",
                symptom="shape",
            )
        if not np.isfinite(scores).all():
            return Verdict.wrong("The logits are not finite: training ran away. A smaller learning rate?", symptom="NaN")
        scored.append(scores)
    if not np.array_equal(scored[0], scored[1]):
        return Verdict.wrong(
            "The same digits get different logits on a second look. Is dropout still on? Hand the model out in evaluation mode.",
            symptom="restless",
        )
    return _reached(scored[0], truth, value if case.kwargs["again"] else {})


def _reached(scores: np.ndarray, truth: np.ndarray, value: dict[str, Any]) -> Verdict:
    guess = scores.argmax(axis=1)
    share = float((guess == truth).mean())
    told = f"{share:.1%} of {len(truth)} digits never seen are right; at least {GOAL:.0%} are asked for here."
    if share < GOAL:
        for shift in (1, 9):
            if ((guess + shift) % 10 == truth).mean() >= GOAL:
                return Verdict.wrong(f"{told} Every answer is one digit off.", symptom="off by one")
        if not value:
            return Verdict.wrong(told, symptom="low on sorted data")
        return Verdict.wrong(told, symptom="at chance" if share < AT_CHANCE else "too low")
    again = _scores(value.get("logits after training again")) if value else scores
    if again is None or not np.array_equal(again, scores):
        return Verdict.wrong(
            "Two trainings with the same seed gave different networks. Call torch.manual_seed(seed) before the model is built, and shuffle "
            "with a generator of that seed too.",
            symptom="not repeatable",
        )
    return Verdict.ok(f"{share:.1%} of {len(truth)} digits never seen.")


def _scores(value: Any) -> np.ndarray | None:
    array = getattr(value, "array", value)
    return array.astype(float) if isinstance(array, np.ndarray) and array.dtype.kind in "fiu" else None


EXERCISE = Exercise(
    id="06.milestone_digits",
    title="Milestone: chapter 03's network again",
    objects=("fit_digits",),
    points=3,
    cases=cases,
    judge=judge,
    probe="ch06.fit",
    mistakes=MISTAKES,
    builds_on=("06.MLP", "06.ArrayDataset", "06.training_step"),
    hints=(
        "Which pieces do I need? → torch.manual_seed(seed), an MLP([64, 100, 10]), an ArrayDataset in a DataLoader with shuffle=True, an "
        "optimizer, and training_step in two loops: over epochs, and over batches.",
        "It reaches 80 % only. → Train longer or with larger steps: Adam with lr=3e-3 and 15 epochs of batches of 64 is enough.",
        "It works, but not on sorted data. → DataLoader(..., shuffle=True): without it the last batches hold one digit only.",
        "Two trainings differ. → torch.manual_seed(seed) must come before the model is built: its first weights are random too.",
        "Nearly everything:\n```python\ntorch.manual_seed(seed)\nmodel = MLP([x.shape[1], 100, 10])\noptimizer = torch.optim.Adam(model.parameters(), lr=3e-3)\n"
        "loader = DataLoader(ArrayDataset(x, labels), batch_size=64, shuffle=True)\nfor _ in range(15):\n    for batch in loader:\n        ...\n"
        "return model.eval()\n```",
    ),
)
