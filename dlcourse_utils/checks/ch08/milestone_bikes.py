"""08.milestone_bikes: a forecaster is judged by its mean absolute error, in bicycles, on hours that it has never seen.

The check trains on four hundred windows of one day, so that it takes a second; the chapter's own cell takes ten months.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ...data import load_bikeshare
from ..authoring import Case, Exercise, Observation, Verdict
from .bikes_mistakes import MISTAKES
from .scores import finite_scores, repeatable

LENGTH, HORIZON = 24, 3
ROOM = 1.1  # after so short a training it may be a little worse than "as yesterday"


@lru_cache(maxsize=1)
def _hours() -> np.ndarray:
    """Return the year's demand with its gaps bridged by straight lines."""
    bikers = load_bikeshare().bikers
    known = np.flatnonzero(~np.isnan(bikers))
    return np.interp(np.arange(len(bikers)), known, bikers[known])


@lru_cache(maxsize=1)
def _future_of() -> dict[bytes, np.ndarray]:
    hours = _hours()
    ends = range(LENGTH, len(hours) - HORIZON + 1)
    return {hours[e - LENGTH : e].tobytes(): hours[e : e + HORIZON] for e in ends}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    hours = _hours()
    first = int(rng.integers(2500, 4500))  # from spring to early autumn, when demand is high

    def windows(starts: np.ndarray) -> np.ndarray:
        return hours[starts[:, None] + np.arange(LENGTH + HORIZON)]

    seen = windows(first + 3 * np.arange(480))  # 60 days
    later = windows(first + 1440 + LENGTH + HORIZON + 3 * np.arange(240))  # the 30 days after them
    parts = {"x": seen[:, :LENGTH], "y": seen[:, LENGTH:], "unseen": later[:, :LENGTH]}
    seeds = [int(s) for s in rng.integers(0, 1000, size=2)]
    few = {"x": parts["x"][:64], "y": parts["y"][:64], "unseen": parts["unseen"][:20]}
    yield Case("64 windows, 1 epoch, trained twice, then with another seed", kwargs={**few, "epochs": 1, "seed": seeds[0], "again": True})
    title = "windows from 60 days, 12 epochs, then the 30 days after them"
    yield Case(title, kwargs={**parts, "epochs": 12, "seed": seeds[1], "again": False}, weight=3.0)


def judge(case: Case, observation: Observation) -> Verdict:
    value, unseen = observation.value or {}, case.kwargs["unseen"]
    if not value.get("callable0"):
        return Verdict.broken("train_forecaster should return a function that takes windows and gives forecasts.", symptom="no function")
    shape = (len(unseen), HORIZON)
    forecasts = finite_scores(value.get("forecasts0"), shape, "The forecasts")
    alone = finite_scores(value.get("the first ten alone0"), (10, HORIZON), "The forecasts")
    if isinstance(forecasts, Verdict) or isinstance(alone, Verdict):
        return forecasts if isinstance(forecasts, Verdict) else alone if isinstance(alone, Verdict) else Verdict.ok()
    if np.abs(alone - forecasts[:10]).max() > 1e-3 * np.abs(forecasts).max() + 0.01:
        return Verdict.wrong(
            "A window gets another forecast when other windows are asked about with it. Scale with numbers taken from the training data, "
            "never from the windows to be forecast.",
            symptom="company",
        )
    if np.allclose(forecasts, unseen[:, -1:]):
        told = "Every hour of your forecast is the last value that its window has."
        return Verdict.wrong(told, symptom="last value")
    if case.kwargs["again"]:
        told = "Two trainings with the same seed gave different forecasts. torch.manual_seed(seed), before the model is built."
        return repeatable(forecasts, value.get("forecasts1"), value.get("forecasts2"), told)
    return _error(forecasts, np.stack([_future_of()[window.tobytes()] for window in unseen]), unseen)


def _error(forecasts: np.ndarray, truth: np.ndarray, unseen: np.ndarray) -> Verdict:
    error, naive = float(np.abs(forecasts - truth).mean()), float(np.abs(unseen[:, :HORIZON] - truth).mean())
    told = f"Your forecasts are off by {error:.0f} bicycles on average; \"as yesterday at this hour\" is off by {naive:.0f}."
    if np.abs(forecasts[:, ::-1] - truth).mean() < 0.9 * error:  # even where they would pass
        return Verdict.wrong(f"{told} Read from the last hour to the first they would be better.", symptom="reversed")
    if error < ROOM * naive:
        return Verdict.ok(told)
    if np.abs(forecasts).max() < 10:
        return Verdict.wrong(f"{told} All your forecasts are small numbers: are they still scaled?", symptom="scaled")
    if np.ptp(forecasts, axis=0).max() < 0.35 * np.ptp(truth):
        return Verdict.wrong(f"{told} Yours hardly depend on what is in the window.", symptom="flat")
    return Verdict.wrong(told, symptom="too far off")


EXERCISE = Exercise(
    id="08.milestone_bikes",
    title="Milestone: how many bicycles next?",
    objects=("train_forecaster",),
    points=3,
    cases=cases,
    probe="ch08.forecast",
    judge=judge,
    mistakes=MISTAKES,
    builds_on=("08.clip_gradients",),
    hints=(
        "How do numbers get into an LSTM? → One number a step: x[:, :, None] makes (N, length, 1) of (N, length). The last state goes through an "
        "nn.Linear(hidden, horizon).",
        "It does not learn. → Counts go to 600, and tanh is flat there. Take mean and std of the *training* windows, train on (x − mean) / std, and "
        "undo it in the forecasts: · std + mean.",
        "What do I return? → A function: def predict(x): … that scales, asks the model under torch.no_grad(), scales back and gives a NumPy array.",
        "Nearly everything:\n```python\nmean, std = x.mean(), x.std()\ntorch.manual_seed(seed)\nmodel = Forecaster(48, y.shape[1])\n"
        "inputs = torch.tensor((x - mean) / std, dtype=torch.float32)\ntargets = ...\noptimizer = torch.optim.Adam(model.parameters(), lr=1e-2)\n"
        "for _ in range(epochs):\n    for rows in torch.randperm(len(x)).split(64):\n        ...\n\ndef predict(x):\n    with torch.no_grad():\n"
        "        scaled = model(torch.tensor((x - mean) / std, dtype=torch.float32))\n    return ...\n\nreturn predict\n```",
    ),
)
