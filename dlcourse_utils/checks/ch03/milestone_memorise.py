"""03.milestone_memorise: a network that can learn must be able to learn 50 digits by heart.

The judge runs the returned weights itself, so only weights that know the digits pass.
"""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .networks import Params, as_params, logits_of
from .training_mistakes import (
    hardly_any_steps,
    learning_rate_far_too_large,
    learns_only_the_first_ten,
    learns_shuffled_labels,
    one_hidden_unit,
    tiny_learning_rate,
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    for name in ("fifty digits drawn at random", "fifty other digits"):
        rows = rng.permutation(len(digits.target))[:50]
        yield Case(name, args=(digits.data[rows] / 16.0, digits.target[rows].astype(np.int64)))


def judge(case: Case, observation: Observation) -> Verdict:
    x, labels = case.args
    params = as_params(observation.value)
    if isinstance(params, Verdict):
        return params
    w1, b1, w2, b2 = params
    if w1.shape[0] != 64 or w1.shape[1:] != b1.shape or b1.shape != w2.shape[:1] or w2.shape[1:] != b2.shape:
        shapes = ", ".join(str(p.shape) for p in params)
        return Verdict.broken(f"These shapes do not fit 64 pixels and each other: {shapes}.")
    logits = logits_of(params, x)
    right = int((logits.argmax(axis=1) == labels).sum())
    if right == 50:
        return Verdict.ok()
    logp = logits - logits.max(axis=1, keepdims=True)
    logp -= np.log(np.exp(logp).sum(axis=1, keepdims=True))
    seen = labels < logits.shape[1]
    loss = float(-logp[np.arange(50)[seen], labels[seen]].mean())
    silent = not (x @ w1 + b1 > 0).any()
    advice, symptom = _advice(params, silent, right, loss), "all units off" if silent and len(b1) > 1 else ""
    said = f"{right} of 50 digits are right (loss {loss:.2f}; guessing gives 2.30). {advice}"
    return Verdict.wrong(said, 50, right, symptom=symptom)


def _advice(params: Params, silent: bool, right: int, loss: float) -> str:
    """Say which way to turn. An untrained network, too, is a little worse than guessing: the loss alone does not tell."""
    if silent:
        return "Every image gets the same answer, because no hidden unit switches on: the steps are probably too long. Try a *smaller* lr."
    if loss > np.log(10) and max(np.abs(p).max() for p in params) > 20:
        return "Worse than guessing, with huge weights: the steps are probably too long. Try a *smaller* lr."
    if loss > 4 and right < 15:
        return "It is sure of itself and wrong: do x and labels still belong together in each batch?"
    if loss > np.log(10) and right < 15:
        return "This looks untrained. More steps, or a larger lr."
    return "More steps, a larger lr, or more hidden units; and train on all fifty."


EXERCISE = Exercise(
    id="03.milestone_memorise",
    title="Learn fifty digits by heart",
    objects=("memorise",),
    points=3,
    cases=cases,
    judge=judge,
    mistakes=(
        hardly_any_steps,
        tiny_learning_rate,
        learning_rate_far_too_large,
        one_hidden_unit,
        learns_only_the_first_ten,
        learns_shuffled_labels,
    ),
    builds_on=("03.train_mlp", "03.mlp_loss_and_grads"),
    hints=(
        "Which numbers should I choose? → Start with hidden=32, lr=0.5 and 300 steps, and look at the accuracy. Too low? Double the steps.",
        "The accuracy stays near 10 %. → Print the loss of the returned params. Near 2.30 it is guessing: is lr tiny? NaN or huge: is lr too large?",
        "It reaches 48 of 50 and stops. → Memorising takes patience at the end: more steps. More hidden units make it easier.",
        "Nearly everything:\n```python\ndef memorise(x, labels):\n    return train_mlp(x, labels, hidden=..., lr=..., steps=..., seed=0)\n```",
    ),
)
