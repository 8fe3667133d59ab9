"""03.train_mlp: what training must do whatever the batch size and the initialisation are.

No two right answers have equal weights, so properties are judged: plain descent steps (on data whose samples are all
the same, where every batch gives the same gradient), reproducibility, and what the trained network can do.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .networks import as_params, gradients_with_torch, predictions
from .train_mlp_mistakes import MISTAKES

SAME, SEEDS, SORTED, RINGS = (
    "three plain steps, all samples the same",
    "the seed, and nothing else, decides",
    "data sorted by label",
    "a disc inside a ring",
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    x = np.tile(rng.normal(size=5), (768, 1))
    same = {"x": x, "labels": np.full(768, 2), "hidden": 7, "seed": int(rng.integers(1000))}
    yield Case(SAME, kwargs={"runs": [dict(same, lr=lr, steps=n) for lr, n in ((0.0, 1), (0.05, 1), (0.05, 3), (0.0, 1))]})

    x, labels = _blobs(rng, 20)
    some = {"x": x, "labels": labels, "hidden": 6, "lr": 0.1, "steps": 12}
    a, b = (int(s) for s in rng.choice(1000, size=2, replace=False))
    yield Case(SEEDS, kwargs={"runs": [dict(some, seed=seed) for seed in (a, a, b)]})

    two = np.repeat(rng.normal(size=(2, 3)), 384, axis=0)
    halves = {"x": two, "labels": np.repeat([0, 1], 384), "hidden": 6, "steps": 1}
    first = int(rng.integers(1000))
    runs = [dict(halves, seed=seed, lr=lr) for seed in range(first, first + 12) for lr in (0.0, 0.1)]
    x, labels = _blobs(rng, 175)
    order = np.argsort(labels, kind="stable")
    runs.append({"x": x[order], "labels": labels[order], "hidden": 12, "lr": 0.2, "steps": 150, "seed": first})
    yield Case(SORTED, kwargs={"runs": runs})

    x, labels = _rings(rng, 240)
    yield Case(
        RINGS,
        kwargs={"runs": [{"x": x, "labels": labels, "hidden": 24, "lr": 0.3, "steps": 500, "seed": int(rng.integers(1000))}]},
    )


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
    return {SAME: _plain_steps, SEEDS: _seeds, SORTED: _sorted_labels, RINGS: _rings_learned}[case.name](runs, trained)


def _plain_steps(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    start, one, three, again = trained
    if not np.array_equal(_flat(start), _flat(again)):
        return _not_repeatable()
    if np.allclose(start[0], start[0][:, :1]):
        return Verdict.wrong(
            "All hidden units start with the same weights, so they will stay copies of each other. Start from small random weights.",
            symptom="symmetric start",
        )
    x, labels, lr = runs[1]["x"][:1], runs[1]["labels"][:1], runs[1]["lr"]
    path = _descend(start, 3, x, labels, lr)
    if _close(one, path[1], start) and _close(three, path[3], start):
        return Verdict.ok()
    symptom, sentence = _how_it_steps(start, one, three, _descend(start, 48, x, labels, lr))
    return Verdict.wrong(sentence, symptom=symptom)


def _descend(start: Any, steps: int, x: np.ndarray, labels: np.ndarray, lr: float) -> list[Any]:
    """The params after 0, 1, … `steps` plain steps."""
    path = [start]
    for _ in range(steps):
        grads = gradients_with_torch(path[-1], x, labels)
        path.append([p - lr * g for p, g in zip(path[-1], grads, strict=True)])
    return path


def _how_it_steps(start: Any, one: Any, three: Any, path: list[Any]) -> tuple[str, str]:
    """Recognise what the steps were instead of plain ones."""
    step, plain = _flat(one) - _flat(start), _flat(path[1]) - _flat(start)
    if _close(one, path[1], start):
        if np.allclose(_flat(three) - _flat(start), 3 * plain, rtol=1e-3, atol=1e-3 * np.abs(plain).max()):
            return "stale", "Your first step is right, but the later ones repeat its gradient. Compute the gradient anew at the current params before each step."
        return "later steps", "Your first step is lr times the mean gradient, but the later ones are not plain steps from where you stand."
    for k in range(2, len(path)):
        if _close(one, path[k], start):
            return "too many", f"With steps=1 you made {k} updates. `steps` counts minibatch updates, not epochs."
    moved = np.abs(step) > 1e-3 * np.abs(plain).max()
    if not moved.any():
        return "no step", "After one step the params are where they started. Is the update assigned back, and returned?"
    if np.allclose(step, -plain, rtol=1e-3, atol=1e-3 * np.abs(plain).max()):
        return "uphill", "Your step goes uphill: the gradient points to higher loss. Subtract it."
    for index, name in enumerate(("w1", "b1", "w2", "b2")):
        if np.array_equal(one[index], start[index]) and not np.array_equal(path[1][index], start[index]):
            return f"frozen {name}", f"{name} never moves: it gets no update."
    ratio = float(step @ plain / (plain @ plain))
    if np.allclose(step, ratio * plain, rtol=1e-3, atol=1e-3 * np.abs(step).max()):
        if ratio > 1:
            return "too long", f"Your step is {ratio:.3g} times lr · mean gradient. Gradients of several samples or batches seem to be added up; use one batch's mean for one step."
        return "too short", f"Your step is only {ratio:.3g} times lr · mean gradient. Is something divided by the batch size twice?"
    return "other step", "One step is not p - lr · gradient of the mean loss."


def _seeds(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    first, again, other = (_flat(p) for p in trained)
    if not np.array_equal(first, again, equal_nan=True):
        return _not_repeatable()
    if np.array_equal(first, other, equal_nan=True):
        return Verdict.wrong("Two different seeds gave the same weights: the seed is not used.", symptom="seed ignored")
    return Verdict.ok()


def _not_repeatable() -> Verdict:
    return Verdict.wrong(
        "Two calls with the same seed gave different weights. Draw everything from one np.random.default_rng(seed).",
        symptom="not repeatable",
    )


def _sorted_labels(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    """The first half of the rows is one point of class 0, the second half one of class 1: the first step tells what its batch held."""
    share = np.array([_share_of_class_0(runs[i + 1], trained[i], trained[i + 1]) for i in range(0, len(runs) - 1, 2)])
    if np.ptp(share) < 1e-3 and abs(share[0] - 0.5) > 1e-3:
        return Verdict.wrong(
            f"Whatever the seed, your first batch holds {share[0]:.0%} class 0, because the rows are sorted by label and you start at the top. "
            "Shuffle the rows anew each epoch (or use all of them in every step).",
            symptom="order matters",
        )
    right = _accuracy(runs[-1], trained[-1])
    if right >= 0.9:
        return Verdict.ok()
    return Verdict.wrong(
        f"After {runs[-1]['steps']} steps your network gets {right:.0%} of four well separated clouds right.", symptom="clouds"
    )


def _share_of_class_0(run: dict[str, Any], start: Any, after: Any) -> float:
    """Solve step = -lr · (share · g0 + (1 - share) · g1) for the share."""
    g = [_flat(gradients_with_torch(start, run["x"][i : i + 1], run["labels"][i : i + 1])) for i in (0, len(run["x"]) - 1)]
    step = (_flat(start) - _flat(after)) / run["lr"]
    (a, b), *_ = np.linalg.lstsq(np.stack(g, axis=1), step, rcond=None)
    return float(a / (a + b)) if abs(a + b) > 1e-9 else 0.5


def _rings_learned(runs: list[dict[str, Any]], trained: list[Any]) -> Verdict:
    share = _accuracy(runs[0], trained[0])
    if share >= 0.9:
        return Verdict.ok()
    return Verdict.wrong(
        f"After {runs[0]['steps']} steps your network gets {share:.0%} right; 90 % should be easy. A straight line cannot do it: "
        "does the hidden layer learn?",
        symptom="ring",
    )


def _accuracy(run: dict[str, Any], params: Any) -> float:
    return float((predictions(params, run["x"]) == run["labels"]).mean())


def _flat(params: Any) -> np.ndarray:
    return np.concatenate([np.ravel(p) for p in params]).astype(float)


def _close(got: Any, wanted: Any, start: Any) -> bool:
    """Equal as steps away from `start`; 1e-3 leaves room for float32."""
    step = np.abs(_flat(wanted) - _flat(start)).max()
    return bool(np.allclose(_flat(got), _flat(wanted), rtol=0, atol=1e-3 * step + 1e-12))


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
        "Nearly everything:\n```python\norder = []\nfor _ in range(steps):\n    if len(order) == 0:\n        order = rng.permutation(len(x))\n"
        "    batch, order = order[:batch_size], order[batch_size:]\n    loss, grads = mlp_loss_and_grads(params, x[batch], labels[batch])\n"
        "    params = ...   # every (w, b) one step downhill\nreturn params\n```",
    ),
)
