"""10.milestone_digits: a generator is judged by a Fréchet distance in a classifier's features, and by its classes.

The classifier, the held-out digits and every label stay on the judge's side. The check trains on three kinds of digits
for a few seconds; the chapter's own cell trains on all ten.
"""

import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from ...data import load_mnist5k
from ..authoring import Case, Exercise, Observation, Verdict
from .digits_mistakes import MISTAKES
from .frechet_distance import oracle as frechet
from .made import learned_by_heart, samples

KINDS = (0, 1, 4)
STEPS, ASKED, Z = 160, 240, 64
FARTHEST = 7.0  # real digits: 0.1; the farthest of 60 right runs: 5.1; noise of the right mean and spread: 10; the average digit: 13; one kind only: 16
LEAST_SHARE = 0.02  # the scarcest kind in 60 right runs: 4 %; in a generator that never met it: 0 %


@lru_cache(maxsize=1)
def _digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images (5000, 28, 28), labels, and which are held out."""
    mnist = load_mnist5k()
    return mnist.images, mnist.labels, np.arange(len(mnist.labels)) % 5 == 0


def _small(images: np.ndarray) -> np.ndarray:
    return images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, 49)


@lru_cache(maxsize=1)
def _classifier() -> Any:
    """A small network that reads 90 % of the held-out digits; its hidden units are the features."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    images, labels, held = _digits()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # thirty rounds are enough for features
        net = MLPClassifier((32,), max_iter=30, random_state=0, learning_rate_init=3e-3)
        return net.fit(_small(images[~held]), labels[~held])


def _cloud(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    net = _classifier()
    features = np.maximum(_small(images) @ net.coefs_[0] + net.intercepts_[0], 0)
    return features.mean(axis=0), np.cov(features, rowvar=False)


@lru_cache(maxsize=1)
def _real_cloud() -> tuple[np.ndarray, np.ndarray]:
    images, labels, held = _digits()
    return _cloud(images[held & np.isin(labels, KINDS)])


def cases(rng: np.random.Generator) -> Iterator[Case]:
    images, labels, held = _digits()
    rows = np.flatnonzero(~held & np.isin(labels, KINDS))  # sorted by digit
    z = rng.normal(size=(ASKED, Z))
    seed = int(rng.integers(1000))
    few = {"data": images[rows[::10], None], "steps": 3, "seed": seed, "z": z[:12], "again": True}
    yield Case("3 steps, trained twice", kwargs=few, weight=0.5)
    most = np.sort(rng.choice(rows, size=900, replace=False))
    title = f"{STEPS} steps on zeros, ones and fours, sorted by digit"
    yield Case(title, kwargs={"data": images[most, None], "steps": STEPS, "seed": seed + 1, "z": z, "again": False})


def judge(case: Case, observation: Observation) -> Verdict:
    again = case.kwargs["again"]
    made = samples(observation.value or {}, (len(case.kwargs["z"]), 1, 28, 28), "train_digits")
    if isinstance(made, Verdict):
        return made
    if made.min() < -1.001 or made.max() > 1.001:
        return Verdict.wrong(f"Pixels should lie in [−1, 1]; yours go from {made.min():.2f} to {made.max():.2f}.", symptom="range")
    if again:
        return Verdict.ok()
    if np.median(made) > -0.6 and made.min() > -0.8:
        return Verdict.wrong(
            "The paper of your digits is grey, near 0, not black at −1: were the real images, which come in [0, 1], scaled to [−1, 1]?", symptom="grey paper"
        )
    images = (made[:, 0] + 1) / 2
    distance = frechet(*_real_cloud(), *_cloud(images))
    said = _classifier().predict(_small(images))
    shares = [float((said == kind).mean()) for kind in KINDS]
    told = f"Fréchet distance {distance:.1f} (asked for: at most {FARTHEST:g}); shares of 0, 1 and 4: " + ", ".join(f"{s:.0%}" for s in shares)
    if images.std(axis=0).max() < 0.1:
        return Verdict.wrong(f"All your images are alike. {told}.", symptom="all alike")
    if max(shares) < LEAST_SHARE * 3 or (distance > FARTHEST and images.std() < 0.12):
        return Verdict.wrong(f"These are not digits yet. {told}.", symptom="no digits")
    missing = [kind for kind, share in zip(KINDS, shares, strict=True) if share < LEAST_SHARE]
    if missing:
        return Verdict.wrong(f"Hardly any {' and '.join(map(str, missing))} among your digits. {told}.", symptom="class missing")
    if distance > FARTHEST:
        return Verdict.wrong(f"{told}.", symptom="too far")
    return learned_by_heart(images, case.kwargs["data"]) or Verdict.ok(f"{told}.")


EXERCISE = Exercise(
    id="10.milestone_digits",
    title="Milestone: digits from noise",
    objects=("train_digits",),
    points=3,
    cases=cases,
    judge=judge,
    probe="ch10.train",
    mistakes=MISTAKES,
    builds_on=("10.DCGenerator", "10.DCDiscriminator", "10.discriminator_step", "10.generator_step"),
    hints=(
        "Which pieces do I need? → torch.manual_seed(seed), DCGenerator(64), DCDiscriminator(), two Adam optimizers with betas=(0.5, 0.9), and a loop of discriminator_step and generator_step.",
        "It learns too slowly. → lr = 1e-3 for G and 5e-4 for D are faster than DCGAN's 2e-4, and still calm with batches of 64.",
        "My digits are grey on grey. → tanh gives [−1, 1], the images come in [0, 1]: 2 * images − 1.",
        "One kind is missing. → Draw batches at random from all rows: rng.integers(len(images), size=64).",
        "Nearly everything:\n```python\ntorch.manual_seed(seed)\nrng = np.random.default_rng(seed)\nG, D = DCGenerator(64).to(device), DCDiscriminator().to(device)\n"
        "opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))\nopt_d = ...\nreal = 2 * torch.tensor(images, device=device) - 1\nfor _ in range(steps):\n"
        "    z = torch.randn(64, 64, device=device)\n    discriminator_step(G, D, opt_d, real[rng.integers(len(real), size=64)], z)\n    ...\nreturn G.eval()\n```",
    ),
)
