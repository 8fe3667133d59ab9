"""What 03.train_mlp's judge reads from single steps: how long they are, which way they go, and which rows they used."""

from typing import Any

import numpy as np

from ..authoring import Verdict
from .networks import gradients_with_torch

Runs = list[dict[str, Any]]


def plain_steps(runs: Runs, trained: list[Any]) -> Verdict:
    """Judge four runs on samples that are all the same: lr 0, one step, three steps, lr 0 again."""
    start, one, three, again = trained
    if not np.array_equal(flat(start), flat(again)):
        return not_repeatable()
    if np.allclose(start[0], start[0][:, :1]):
        return Verdict.wrong(
            "All hidden units start with the same weights, so they will stay copies of each other. Start from small random weights.",
            symptom="symmetric start",
        )
    x, labels, lr = runs[1]["x"][:1], runs[1]["labels"][:1], runs[1]["lr"]
    path = _descend(start, 3, x, labels, lr)
    moved = (flat(one) != flat(start)).any()
    if moved and _close(one, path[1], start) and _close(three, path[3], start):
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
    step, plain = flat(one) - flat(start), flat(path[1]) - flat(start)
    if step.any() and _close(one, path[1], start):
        if np.allclose(flat(three) - flat(start), 3 * plain, rtol=1e-3, atol=1e-3 * np.abs(plain).max()):
            return "stale", "Your first step is right, but the later ones repeat its gradient. Compute the gradient anew at the current params before each step."
        return "later steps", "Your first step is lr times the mean gradient, but the later ones are not plain steps from where you stand."
    for k in range(2, len(path)):
        if step.any() and _close(one, path[k], start):
            return "too many", f"With steps=1 you made {k} updates. `steps` counts minibatch updates, not epochs."
    if not step.any() and (flat(three) != flat(start)).any():  # lr = 0 led to the same place
        return "lr ignored", "With lr = 0 and with lr = 0.05 your weights come out the same: the learning rate changes nothing. One step is w - lr * dw."
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


def not_repeatable() -> Verdict:
    return Verdict.wrong(
        "Two calls with the same seed gave different weights. Draw everything from one np.random.default_rng(seed).",
        symptom="not repeatable",
    )


def first_batches(runs: Runs, trained: list[Any]) -> Verdict:
    """Judge what the first batch held, for several seeds (pairs of runs: lr 0 and one step).

    The first half of the rows is one point with its label, the second half another point with another label.
    """
    held = [_composition(runs[i + 1], trained[i], trained[i + 1]) for i in range(0, len(runs), 2)]
    known = np.array([h for h in held if h is not None])  # (seeds, 2 points, 2 labels), each sums to 1
    if len(known) == 0:
        return Verdict.ok()
    if (known[:, 0, 1] + known[:, 1, 0]).max() > 0.01:
        return Verdict.wrong(
            "x and labels no longer belong together: you reordered one, or both differently. Draw one permutation per epoch "
            "and use it for both: x[rows], labels[rows].",
            symptom="apart",
        )
    share = known[:, 0, 0]
    if np.ptp(share) < 1e-3 and abs(share[0] - 0.5) > 1e-3:
        return Verdict.wrong(
            f"Whatever the seed, your first batch holds {share[0]:.0%} class 0, because the rows are sorted by label and you start at the top. "
            "Shuffle the rows anew each epoch (or use all of them in every step).",
            symptom="order matters",
        )
    return Verdict.ok()


def _composition(run: dict[str, Any], start: Any, after: Any) -> np.ndarray | None:
    """Solve step = -lr · Σ share[point, label] · gradient of that pair. None where the step is no such sum."""
    points, names = run["x"][[0, -1]], run["labels"][[0, -1]]
    pairs = [gradients_with_torch(start, points[i : i + 1], names[j : j + 1]) for i in (0, 1) for j in (0, 1)]
    g = np.stack([flat(pair) for pair in pairs], axis=1)
    step = (flat(start) - flat(after)) / run["lr"]
    shares, _, rank, _ = np.linalg.lstsq(g, step, rcond=None)
    if rank < 4 or abs(shares.sum()) < 1e-6 or np.abs(g @ shares - step).max() > 1e-3 * np.abs(step).max():
        return None
    return shares.reshape(2, 2) / shares.sum()


def rows_used(runs: Runs, trained: list[Any]) -> Verdict:
    """Judge three runs on rows with one feature each (lr 0, 2 steps, 40 steps): row i of w1 moves when row i of x is used."""
    start, few, many = (params[0] for params in trained)
    soon, later = ((w1 != start).any(axis=1) for w1 in (few, many))
    if not later.any():
        return Verdict.wrong(f"After {runs[-1]['steps']} steps w1 is where it started: the first layer learns nothing.", symptom="w1 stays")
    if np.array_equal(soon, later) and not later.all():
        return Verdict.wrong(
            f"Every step uses the same {later.sum()} rows of {len(later)}. Move on through the order, batch by batch, and reshuffle "
            "when it is used up.",
            symptom="same rows",
        )
    return Verdict.ok()


def flat(params: Any) -> np.ndarray:
    """All weights and biases in one row."""
    return np.concatenate([np.ravel(p) for p in params]).astype(float)


def _close(got: Any, wanted: Any, start: Any) -> bool:
    """Equal as steps away from `start`; 1e-3 leaves room for float32."""
    step = np.abs(flat(wanted) - flat(start)).max()
    return bool(np.allclose(flat(got), flat(wanted), rtol=0, atol=1e-3 * step + 1e-12))
