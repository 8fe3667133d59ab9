"""03.milestone_digits: train on 1,437 digits, name 360 that were held out.

The labels of the held-out digits never reach the learner's side: the judge finds them again by the images.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from ..exercise import DEEP_LIBRARIES
from .training_mistakes import (
    answers_are_one_too_large,
    names_the_least_likely,
    scales_only_the_training_images,
    stops_after_twenty_steps,
    trains_on_forty,
    untrained,
)

ENOUGH = 0.95  # a sound solution gets 96.7 to 98.6 % on such splits; logistic regression 95.8 to 97.5 %


@lru_cache(maxsize=1)
def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.data / 16.0, digits.target.astype(np.int64)


@lru_cache(maxsize=1)
def _label_of_image() -> dict[bytes, int]:
    """Image → label; all 1,797 images differ."""
    x, y = _digits()
    return {row.tobytes(): int(label) for row, label in zip(x, y, strict=True)}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    from sklearn.model_selection import train_test_split

    x, y = _digits()
    for name in ("360 digits held out", "another 360 held out"):
        x_train, x_test, y_train, _ = train_test_split(
            x, y, test_size=0.2, stratify=y, random_state=int(rng.integers(2**31))
        )
        yield Case(name, args=(x_train, y_train, x_test))


def judge(case: Case, observation: Observation) -> Verdict:
    labels = np.array([_label_of_image()[row.tobytes()] for row in case.args[2]])
    got = observation.value
    if got is None:
        return Verdict.broken("Nothing came back (None). Is a `return` missing?")
    got = np.asarray(got) if isinstance(got, (list, tuple, np.ndarray)) else None
    if got is None or got.size != len(labels) or got.ndim > 2 or got.dtype.kind not in "biuf":
        what = "" if got is None else f" of shape ({len(labels)},); yours has the shape {got.shape}"
        return Verdict.broken(f"Expected one digit per held-out image{what or ', as an array'}.")
    right = float((got.ravel() == labels).mean())
    if right >= ENOUGH:
        return Verdict.ok(f"{right:.1%} of the held-out digits are right.")
    symptom = ""
    if (got.ravel() - 1 == labels).mean() > 0.9:
        advice = "Every answer is one too large."
    elif (got == got.ravel()[0]).all():  # which digit it is hangs on the last bit of a run that blew up
        symptom = "one answer"
        advice = "Every image gets the same answer: the network is dead. Is lr too large, or NaN in the weights?"
    elif right < 0.3:
        advice = "That is close to guessing, which gives 10 %. Does the network you trained make the predictions?"
    else:
        advice = "More steps, another lr, or more hidden units."
    return Verdict.wrong(f"{right:.1%} of the held-out digits are right, {ENOUGH:.0%} are asked for. {advice}", symptom=symptom)


EXERCISE = Exercise(
    id="03.milestone_digits",
    title="Read digits nobody has shown it",
    objects=("recognise",),
    points=3,
    cases=cases,
    judge=judge,
    mistakes=(
        untrained,
        stops_after_twenty_steps,
        scales_only_the_training_images,
        trains_on_forty,
        names_the_least_likely,
        answers_are_one_too_large,
    ),
    forbids=(*DEEP_LIBRARIES, "sklearn"),  # its logistic regression would do
    builds_on=("03.train_mlp", "03.mlp_loss_and_grads"),
    hints=(
        "What are the parts? → params = train_mlp(...) on the training images; then a forward pass on x_test; then the most likely class "
        "of each row.",
        "How do I make predictions from params? → Layer by layer: linear_forward, relu_forward, linear_forward. Each gives (out, cache); "
        "you only need out. Then logits.argmax(axis=1).",
        "I am at 90 % and it should be 95 %. → Train longer. hidden=64, lr=0.3 and 1,500 steps of 32 images are enough.",
        "Nearly everything:\n```python\nparams = train_mlp(x_train, labels_train, hidden=64, lr=0.3, steps=1500, seed=0)\n"
        "h, _ = linear_forward(x_test, *params[0])\nh, _ = relu_forward(h)\nlogits, _ = ...\nreturn logits.argmax(axis=1)\n```",
    ),
)
