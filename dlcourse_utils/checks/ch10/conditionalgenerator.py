"""10.ConditionalGenerator: judged by what a label and a z can change, and what they cannot."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from ..authoring import Case, Exercise, Observation, Verdict
from .convolutional import SIZE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for title, z_dim, classes, n in (("10 classes", 16, 10, 6), ("3 classes", 24, 3, 4)):
        z, other = rng.normal(size=(2, n, z_dim))
        labels = rng.permutation(np.arange(n) % classes)
        yield Case(title, kwargs={"settings": [z_dim, classes], "z": z, "other": other, "labels": labels, "seed": int(rng.integers(1000))})


def judge(case: Case, observation: Observation) -> Verdict:
    value, n, classes = observation.value or {}, len(case.kwargs["z"]), case.kwargs["settings"][1]
    if not value.get("a Module"):
        return Verdict.broken("ConditionalGenerator should be an nn.Module.", symptom="no module")
    for name, rows in (("images", n), ("images in training mode", n), ("every class, one z", classes)):
        got = value.get(name)
        if not isinstance(got, np.ndarray) or got.shape != (rows, *SIZE):
            said = f"the shape {got.shape}" if isinstance(got, np.ndarray) else "no tensor"
            return Verdict.broken(f"Expected the shape {(rows, *SIZE)}; yours is {said}.", symptom="shape")
    return _range(value["images with large weights"]) or _dependence(value)


def _range(loud: np.ndarray) -> Verdict | None:
    if loud.max() > 1 + 1e-6 or loud.min() < -1 - 1e-6:
        return Verdict.wrong("With large weights your images leave [−1, 1]: is the tanh at the end missing?", symptom="no tanh")
    if loud.min() > -0.5 or loud.max() < 0.5:
        return Verdict.wrong(
            f"With large weights your pixels lie between {loud.min():.2f} and {loud.max():.2f}; a tanh at the end reaches from −1 to 1.", symptom="range"
        )
    return None


def _dependence(value: dict[str, Any]) -> Verdict:
    images, moved = value["images"], value["another label in row 1"]
    if not np.array_equal(images, value["the same again"]):
        return Verdict.wrong("In evaluation mode the same z and labels give other images the second time.", symptom="restless")
    if not np.allclose(images[[0, *range(2, len(images))]], moved[[0, *range(2, len(images))]], rtol=1e-9, atol=1e-12):
        return Verdict.wrong("Another label in row 1 changes the other rows too: each image has a label of its own.", symptom="mixed")
    every = value["every class, one z"].reshape(len(value["every class, one z"]), -1)
    alike = [(a, b) for a in range(len(every)) for b in range(a) if np.abs(every[a] - every[b]).max() < 1e-12]
    if len(alike) == len(every) * (len(every) - 1) // 2:
        return Verdict.wrong("The label changes nothing: the same z gives the same image for every class.", symptom="label ignored")
    if alike:
        return Verdict.wrong(f"The classes {alike[0][1]} and {alike[0][0]} give the same image.", symptom="two alike")
    other = value["every class, another z"].reshape(len(every), -1)
    still = [k for k in range(len(every)) if np.abs(every[k] - other[k]).max() < 1e-12]
    if still:
        which = "any class" if len(still) == len(every) else f"class {still[0]}"
        return Verdict.wrong(f"Another z gives the same image for {which}: there is only one of it.", symptom=f"z ignored for {which}")
    return Verdict.ok()


class _Net(nn.Module):
    def __init__(self, z_dim, classes, end=None):
        super().__init__()
        self.classes = classes
        self.label = nn.Embedding(classes, z_dim)
        self.net = nn.Sequential(nn.Linear(2 * z_dim, 40), nn.ReLU(), nn.Linear(40, 784), end or nn.Tanh())

    def forward(self, z, labels):
        return self.draw(z, self.label(labels))

    def draw(self, z, told):
        return self.net(torch.cat([z, told], dim=1)).reshape(-1, 1, 28, 28)


class label_ignored(_Net):
    """The label changes nothing in your images. Give the network both: for example torch.cat([z, embedding(labels)], dim=1)."""

    def forward(self, z, labels):
        return self.draw(z, torch.zeros_like(z))


class z_ignored(_Net):
    """Every class has only one image: z changes nothing. Give the network both, z and the label."""

    def forward(self, z, labels):
        return self.draw(torch.zeros_like(z), self.label(labels))


class z_times_the_label(_Net):
    """You multiply z by the number of the class, so class 0 loses its z. Classes are names, not amounts: use an embedding or a one-hot code."""

    def forward(self, z, labels):
        return self.draw(z * labels[:, None], z * labels[:, None])


class labels_averaged(_Net):
    """Your labels are mixed over the batch: a label in one row changes the images of others. Each row of z has a label of its own."""

    def forward(self, z, labels):
        return self.draw(z, self.label(labels) + self.label(labels).mean(dim=0))


class one_class_too_few(_Net):
    """Your last two classes are the same. Labels run from 0 to classes − 1, and each needs a row of its own."""

    def forward(self, z, labels):
        return self.draw(z, self.label(labels.clamp(max=self.classes - 2)))


class sigmoid_at_the_end(_Net):
    """Your images lie in [0, 1]: that is a sigmoid at the end. Use tanh, as in DCGenerator."""

    def __init__(self, z_dim, classes):
        super().__init__(z_dim, classes, nn.Sigmoid())


class nothing_at_the_end(_Net):
    """Your pixels are not bounded. End with a tanh."""

    def __init__(self, z_dim, classes):
        super().__init__(z_dim, classes, nn.Identity())


class flat_images(_Net):
    """Your images are rows of 784 numbers. Give them the shape of images, (N, 1, 28, 28)."""

    def forward(self, z, labels):
        return _Net.forward(self, z, labels).flatten(1)


EXERCISE = Exercise(
    id="10.ConditionalGenerator",
    title="A seven, please",
    objects=("ConditionalGenerator",),
    points=2,
    cases=cases,
    judge=judge,
    probe="ch10.conditional",
    mistakes=(
        label_ignored,
        z_ignored,
        z_times_the_label,
        labels_averaged,
        one_class_too_few,
        sigmoid_at_the_end,
        nothing_at_the_end,
        flat_images,
    ),
    builds_on=("10.DCGenerator",),
    hints=(
        "How do I hand over a label? → As a vector: nn.Embedding(classes, e)(labels) is (N, e), and torch.cat([z, that], dim=1) is (N, z_dim + e). "
        "F.one_hot(labels, classes).float() does as well.",
        "May I use my DCGenerator? → Yes: a DCGenerator(z_dim + e) inside, fed with both.",
        "Nearly everything:\n```python\nself.label = nn.Embedding(classes, 16)\nself.draw = DCGenerator(z_dim + 16)\n...\nreturn self.draw(torch.cat([z, ...], dim=1))\n```",
    ),
)
