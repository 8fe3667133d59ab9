"""06.milestone_digits: a trained network is judged by what it says about digits that it has never seen.

The labels of those digits stay on the judge's side. The network, the optimizer and the batches are the learner's choice.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ...data import DigitsSplit, load_digits_split
from ..authoring import Case, Exercise, Observation, Verdict
from .milestone_mistakes import MISTAKES
from .unseen import weigh

GOAL = 0.85  # from 600 digits in the check; the chapter asks for 0.96 from all 1,437


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
    truth = _truth(case.kwargs["unseen"])
    again = case.kwargs["again"]
    hint = "" if again else "The rows came sorted by label: were they shuffled?"
    return weigh(observation.value or {}, truth, GOAL, again=again, function="fit_digits", hint=hint)


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
        "It reaches 80 % only. → Train longer or with larger steps: Adam with lr=3e-3 and 40 epochs of batches of 64 is enough.",
        "It works, but not on sorted data. → DataLoader(..., shuffle=True): without it the last batches hold one digit only.",
        "Two trainings differ. → torch.manual_seed(seed) must come before the model is built: its first weights are random too.",
        "Nearly everything:\n```python\ntorch.manual_seed(seed)\nmodel = MLP([x.shape[1], 100, 10])\noptimizer = torch.optim.Adam(model.parameters(), lr=3e-3)\n"
        "loader = DataLoader(ArrayDataset(x, labels), batch_size=64, shuffle=True)\nfor _ in range(40):\n    for batch in loader:\n        ...\n"
        "return model.eval()\n```",
    ),
)
