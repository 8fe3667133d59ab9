"""07.milestone_fashion: a trained classifier is judged by what it says about clothes that it has never seen.

Their labels stay on the judge's side. The check trains on a few hundred images of three kinds, so that it takes
seconds; the chapter's own cell trains on all ten thousand.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ...data import FashionMnist, load_fashion_mnist
from ..authoring import Case, Exercise, Observation, Verdict
from ..ch06.unseen import weigh
from .milestone_mistakes import MISTAKES

KINDS = (5, 7, 9)  # sandal, sneaker, ankle boot: a short training tells them apart, an unshuffled one forgets
GOAL = 0.7


@lru_cache(maxsize=1)
def _data() -> FashionMnist:
    return load_fashion_mnist()


def cases(rng: np.random.Generator) -> Iterator[Case]:
    data = _data()
    pool = np.flatnonzero(np.isin(data.y_train, KINDS))
    rows = rng.choice(pool, size=300, replace=False)
    unseen = rng.choice(np.flatnonzero(np.isin(data.y_test, KINDS)), size=300, replace=False)
    seen = {"x": data.x_train[rows], "labels": data.y_train[rows], "unseen": data.x_test[unseen]}
    order = np.argsort(seen["labels"], kind="stable")
    seed = int(rng.integers(1000))
    few = {"x": seen["x"][:64], "labels": seen["labels"][:64], "unseen": seen["unseen"]}
    yield Case("64 images, one epoch, trained twice", kwargs={**few, "epochs": 1, "seed": seed, "again": True}, weight=0.5)
    sorted_by_label = {"x": seen["x"][order], "labels": seen["labels"][order], "unseen": seen["unseen"]}
    yield Case("300 sandals, sneakers and boots, sorted by label, 10 epochs", kwargs={**sorted_by_label, "epochs": 10, "seed": seed + 1, "again": False})


def judge(case: Case, observation: Observation) -> Verdict:
    data = _data()
    truth_of = {image.tobytes(): label for image, label in zip(data.x_test, data.y_test, strict=True)}
    truth = np.array([truth_of[image.tobytes()] for image in case.kwargs["unseen"]])
    goal = 0.0 if case.kwargs["again"] else GOAL
    hint = "The images came sorted by label: were they shuffled?"
    return weigh(observation.value or {}, truth, goal, again=case.kwargs["again"], function="train_fashion", hint=hint)


EXERCISE = Exercise(
    id="07.milestone_fashion",
    title="Milestone: what is it wearing?",
    objects=("train_fashion",),
    points=3,
    cases=cases,
    judge=judge,
    probe="ch07.train",
    mistakes=MISTAKES,
    builds_on=("07.SmallCNN", "07.augment"),
    hints=(
        "Which pieces do I need? → torch.manual_seed(seed), a model, an optimizer, and two loops: over epochs, and over shuffled batches. Inside: "
        "clear, forward, cross-entropy, backward, step.",
        "How do I use augment? → On the NumPy images of one batch, with one generator np.random.default_rng(seed) made before the loops: "
        "torch.tensor(augment(x[rows], rng)).",
        "It fails on sorted data. → Shuffle anew in each epoch: order = rng.permutation(len(x)).",
        "How do I get the last percent? → Let the learning rate fall to zero over the epochs (torch.optim.lr_scheduler.OneCycleLR or "
        "CosineAnnealingLR), shift by one pixel only, and add batch norm if you like: the network is yours.",
        "Nearly everything:\n```python\ntorch.manual_seed(seed)\nrng = np.random.default_rng(seed)\nmodel = SmallCNN()\noptimizer = torch.optim.Adam(model.parameters(), lr=2e-3)\n"
        "for epoch in range(epochs):\n    for rows in np.array_split(rng.permutation(len(x)), max(1, len(x) // 64)):\n        images = torch.tensor(augment(x[rows], rng))\n        ...\n"
        "return model.eval()\n```",
    ),
)
