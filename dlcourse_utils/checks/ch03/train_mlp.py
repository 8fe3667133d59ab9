"""03.train_mlp: what training must do whatever the batch size and the initialisation are.

No two right answers have equal weights, so properties are judged: plain descent steps (on data whose samples are all
the same, where every batch gives the same gradient), reproducibility, and what the trained network can do.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .networks import as_params, predictions
from .train_mlp_mistakes import MISTAKES
from .train_mlp_steps import first_batches, flat, not_repeatable, plain_steps, rows_used

SAME, SEEDS, SORTED, RINGS, MOVES_ON = (
    "three plain steps, all samples the same",
    "the seed, and nothing else, decides",
    "data sorted by label",
    "a disc inside a ring",
    "200 rows, one feature each: which of them are used?",
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    point = rng.normal(size=5)
    x = np.tile(point / np.linalg.norm(point), (768, 1))  # short: even a step with lr = 1 leaves a gradient behind
    same = {"x": x, "labels": np.full(768, 2), "hidden": 7, "seed": int(rng.integers(1000))}
    plain = [dict(same, lr=lr, steps=n) for lr, n in ((0.0, 1), (0.05, 1), (0.05, 3), (0.0, 1))]
    yield Case(SAME, kwargs={"runs": plain})

    x, labels = _blobs(rng, 20)
    some = {"x": x, "labels": labels, "hidden": 6, "lr": 0.1, "steps": 12}
    a, b = (int(s) for s in rng.choice(1000, size=2, replace=False))
    yield Case(SEEDS, kwargs={"runs": [dict(some, seed=seed) for seed in (a, a, b)]})

    two = np.repeat(rng.normal(size=(2, 3)), 384, axis=0)
    halves = {"x": two, "labels": np.repeat([0, 2], 384), "hidden": 12, "steps": 1}
    first = int(rng.integers(1000))
    pairs = [dict(halves, seed=seed, lr=lr) for seed in range(first, first + 12) for lr in (0.0, 0.1)]
    x, labels = _blobs(rng, 175)
    order = np.argsort(labels, kind="stable")
    main = {"x": x[order], "labels": labels[order], "hidden": 12, "lr": 0.2, "steps": 150, "seed": first}
    yield Case(SORTED, kwargs={"runs": [*plain, *pairs, main]})

    x, labels = _rings(rng, 240)
    main = {"x": x, "labels": labels, "hidden": 24, "lr": 0.3, "steps": 500, "seed": int(rng.integers(1000))}
    yield Case(RINGS, kwargs={"runs": [*plain, *pairs[:4], main]})

    own = {"x": rng.uniform(1, 2, size=(200, 1)) * np.eye(200), "labels": rng.permutation(np.resize([0, 1, 2], 200))}
    seed = int(rng.integers(1000))
    runs = [dict(own, hidden=16, lr=lr, steps=n, seed=seed) for lr, n in ((0.0, 1), (0.1, 2), (0.1, 40))]
    yield Case(MOVES_ON, kwargs={"runs": runs})


def _blobs(rng: np.random.Generator, per_class: int) -> tuple[np.ndarray, np.ndarray]:
    """Four well separated clouds in the plane, in random order."""
    labels = rng.permutation(np.repeat(np.arange(4), per_class))
    angle = labels * np.pi / 2 + 0.4
    centres = 1.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centres + rng.normal(size=(len(labels), 2)) * 0.25, labels


def _rings(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Class 0 is a disc, class 1 the ring around it: no straight line tells them apart."""
    labels = rng.permutation(np.resize([0, 1], n))
    radius = np.where(labels == 1, rng.uniform(1.6, 2.2, n), rng.uniform(0, 0.9, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


def judge(case: Case, observation: Observation) -> Verdict:
    runs = case.kwargs["runs"]
    trained: list[Any] = []
    for number, run in enumerate(runs, start=1):
        shape = (run["x"].shape[1], run["hidden"], int(run["labels"].max()) + 1)
        params = as_params((observation.value or {}).get(f"run {number}"), shape)
        if isinstance(params, Verdict):
            return params
        trained.append(params)
    return _JUDGES[case.name](runs, trained)


def _seeds(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    first, again, other = (flat(p) for p in trained)
    if not np.array_equal(first, again, equal_nan=True):
        return not_repeatable()
    if np.array_equal(first, other, equal_nan=True):
        return Verdict.wrong("Two different seeds gave the same weights: the seed is not used.", symptom="seed ignored")
    return Verdict.ok()


def _sorted_labels(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    what_it_saw = first_batches(runs[4:-1], trained[4:-1])
    if not what_it_saw.passed:
        return what_it_saw
    right = _accuracy(runs[-1], trained[-1])
    if right >= 0.9:
        return Verdict.ok()
    said = f"After {runs[-1]['steps']} steps your network gets {right:.0%} of four well separated clouds right."
    return _because_of_its_steps(runs, trained, said)


def _rings_learned(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    share = _accuracy(runs[-1], trained[-1])
    if share >= 0.9:
        return Verdict.ok()
    said = f"After {runs[-1]['steps']} steps your network gets {share:.0%} right; 90 % should be easy."
    apart = first_batches(runs[4:-1], trained[4:-1])
    if apart.symptom == "apart":
        return Verdict.wrong(f"{said} {apart.sentence}", symptom="apart")
    return _because_of_its_steps(runs, trained, f"{said} A straight line cannot do it: does the hidden layer learn?")


def _because_of_its_steps(runs: list[dict[str, Any]], trained: list[Any], said: str) -> Verdict:
    """A network that has not learned: the symptom is that of its plain steps, so nothing is blamed that they don't show."""
    return Verdict.wrong(said, symptom=plain_steps(runs[:4], trained[:4]).symptom)


def _accuracy(run: dict[str, Any], params: Any) -> float:
    return float((predictions(params, run["x"]) == run["labels"]).mean())


_JUDGES = {SAME: plain_steps, SEEDS: _seeds, SORTED: _sorted_labels, RINGS: _rings_learned, MOVES_ON: rows_used}


EXERCISE = Exercise(
    id="03.train_mlp",
    title="Train it",
    objects=("train_mlp",),
    points=3,
    cases=cases,
    probe="train_runs",
    judge=judge,
    mistakes=MISTAKES,
    builds_on=("03.mlp_loss_and_grads",),
    hints=(
        "How do I start? → One generator: rng = np.random.default_rng(seed). Draw w1 (D, hidden) and w2 (hidden, K) from it, scaled by "
        "sqrt(2 / fan-in); biases are zeros; K = labels.max() + 1.",
        "How do I get batches without repeating a sample? → Shuffle the numbers 0 … N-1 with rng.permutation and walk through them in "
        "slices. When they are used up, shuffle again. A full batch every time is allowed too.",
        "My loss goes up or becomes NaN. → p - lr * g, with g from *this* batch at the *current* params. Check that the loss is a mean, "
        "and that you don't add several batches' gradients.",
        "It works on mixed data and fails on sorted data. → Without shuffling, the last steps see one class only and the network forgets "
        "the others. Shuffle x and labels with the same permutation.",
        "It always uses the same rows. → Keep what is left of the order: order = order[batch_size:]. When it is empty, draw a new one.",
        "Nearly everything:\n```python\norder = []\nfor _ in range(steps):\n    if len(order) == 0:\n        order = rng.permutation(len(x))\n"
        "    batch, order = order[:batch_size], order[batch_size:]\n    loss, grads = mlp_loss_and_grads(params, x[batch], labels[batch])\n"
        "    params = ...   # every (w, b) one step downhill\nreturn params\n```",
    ),
)
