"""07.DigitCNN: three convolutions and two dense layers, 93,322 parameters; it gets known weights."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..authoring import Case, Exercise, Observation, Verdict
from ..ch06.parts import in_order
from .cnns import expected, random_layers

SHAPES = ((32, 1, 3, 3), (64, 32, 3, 3), (64, 64, 3, 3), (64, 576), (10, 64))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for title, n in (("a batch of 3 images", 3), ("a single image", 1)):
        yield Case(title, kwargs={"layers": random_layers(rng, SHAPES), "x": rng.normal(size=(n, 1, 28, 28))})


def judge(case: Case, observation: Observation) -> Verdict:
    return in_order(expected(SHAPES, **case.kwargs), observation.value)


class _Net(nn.Module):
    """The right network; each mistake below changes one thing."""

    def __init__(self, pad=0, features=576):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=pad)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=pad)
        self.conv3 = nn.Conv2d(64, 64, 3, padding=pad)
        self.hidden = nn.Linear(features, 64)
        self.head = nn.Linear(64, 10)

    def features(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        return torch.relu(self.conv3(x)).flatten(1)

    def forward(self, x):
        return self.head(torch.relu(self.hidden(self.features(x))))


class softmax_inside(_Net):
    """Your network ends with a softmax. Return logits: the cross-entropy loss outside applies log-softmax itself."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return torch.softmax(_Net.forward(self, x), dim=1)


class padded_convolutions(_Net):
    """Your convolutions are padded, so the maps end 7×7 and not 3×3, and the dense layer has more parameters than asked. Leave padding out: 28 → 26 → 13 → 11 → 5 → 3."""

    def __init__(self):
        super().__init__(pad=1, features=64 * 49)


class pooled_three_times(_Net):
    """You pool after the third convolution too. Its 3×3 maps would shrink to 1×1; the plan has two poolings only."""

    def __init__(self):
        super().__init__(features=64)

    def features(self, x):
        return F.max_pool2d(_Net.features(self, x).reshape(len(x), 64, 3, 3), 2).flatten(1)


class two_convolutions_only(nn.Module):
    """One convolution is missing: the plan is conv 32, pool, conv 64, pool, conv 64, and then the dense layers."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, 10),
        )  # fmt: skip

    def forward(self, x):
        return self.net(x)


class no_relu_after_the_dense_layer(_Net):
    """There is no ReLU between your two dense layers, so together they are only one linear layer."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return self.head(self.hidden(self.features(x)))


class no_relu_after_the_last_convolution(_Net):
    """The third convolution has no ReLU after it. Each convolution is followed by one, pooled or not."""

    def __init__(self):
        super().__init__()

    def features(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        return self.conv3(F.max_pool2d(torch.relu(self.conv2(x)), 2)).flatten(1)


class average_pooling(_Net):
    """You pool with the mean of each window. Max pooling is asked for: nn.MaxPool2d(2)."""

    def __init__(self):
        super().__init__()

    def features(self, x):
        x = F.avg_pool2d(torch.relu(self.conv1(x)), 2)
        return torch.relu(self.conv3(F.avg_pool2d(torch.relu(self.conv2(x)), 2))).flatten(1)


class with_dropout(_Net):
    """In training mode your network drops units at random. This network has no dropout, so that everybody's numbers can be compared."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return self.head(F.dropout(torch.relu(self.hidden(self.features(x))), 0.5, self.training))


class no_gradient_leaves_it(_Net):
    """The numbers are right, but no gradient can get from your logits to the weights: a torch.no_grad, a .detach() or .data on the way cuts the graph, and the network would never learn."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return _Net.forward(self, x).detach()


class relu_on_the_logits(_Net):
    """A ReLU follows the last layer, so no logit can be negative. Return the logits as they are."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return torch.relu(_Net.forward(self, x))


class log_softmax_inside(_Net):
    """Your network ends with a log-softmax. Return the logits as the last layer gives them; cross_entropy does the rest."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return torch.log_softmax(_Net.forward(self, x), dim=1)


EXERCISE = Exercise(
    id="07.DigitCNN",
    title="A deeper CNN",
    objects=("DigitCNN",),
    points=1,
    cases=cases,
    probe="ch07.cnn",
    judge=judge,
    mistakes=(
        softmax_inside,
        padded_convolutions,
        pooled_three_times,
        two_convolutions_only,
        no_relu_after_the_dense_layer,
        no_relu_after_the_last_convolution,
        average_pooling,
        with_dropout,
        no_gradient_leaves_it,
        relu_on_the_logits,
        log_softmax_inside,
    ),
    hints=(
        "Follow one side of the image. → 28 → conv → 26 → pool → 13 → conv → 11 → pool → 5 → conv → 3. So 64·3·3 = 576 numbers reach the dense layer.",
        "Where do the ReLUs stand? → After each of the three convolutions and after the dense layer with 64 units, not after the last.",
        "My count is off. → 320 + 18,496 + 36,928 + 36,928 + 650 = 93,322. Which of the five is different in your network?",
        "Nearly everything:\n```python\nself.net = nn.Sequential(\n    nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),\n    nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),\n"
        "    ...\n    nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10),\n)\n```",
    ),
)
