"""07.SmallCNN: two convolutions and a head, 34,826 parameters; it gets known weights, and its logits are compared."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..authoring import Case, Exercise, Observation, Verdict
from ..ch06.parts import in_order
from .cnns import expected, random_layers

SHAPES = ((32, 1, 3, 3), (64, 32, 3, 3), (10, 1600))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for title, n in (("a batch of 3 images", 3), ("a single image", 1)):
        yield Case(title, kwargs={"layers": random_layers(rng, SHAPES), "x": rng.normal(size=(n, 1, 28, 28))})


def judge(case: Case, observation: Observation) -> Verdict:
    return in_order(expected(SHAPES, **case.kwargs), observation.value)


class _Net(nn.Module):
    """The right network; each mistake below changes one thing."""

    def __init__(self, pad=0, features=1600):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=pad)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=pad)
        self.head = nn.Linear(features, 10)

    def features(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        return F.max_pool2d(torch.relu(self.conv2(x)), 2).flatten(1)

    def forward(self, x):
        return self.head(self.features(x))


class softmax_inside(_Net):
    """Your network ends with a softmax. Return logits: the cross-entropy loss outside applies log-softmax itself, and twice softmax learns slowly."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return torch.softmax(_Net.forward(self, x), dim=1)


class padded_convolutions(_Net):
    """Your convolutions are padded, so the maps stay larger (28 → 28 → 14 → 14 → 7) and the last layer needs 64·7·7 inputs: more parameters than asked. Leave padding out: 28 → 26 → 13 → 11 → 5."""

    def __init__(self):
        super().__init__(pad=1, features=64 * 49)


class last_pooling_forgotten(_Net):
    """The second pooling is missing: the maps are still 11×11 when they are flattened, and the last layer has almost five times the inputs it should have."""

    def __init__(self):
        super().__init__(features=64 * 121)

    def features(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        return torch.relu(self.conv2(x)).flatten(1)


class average_pooling(_Net):
    """You pool with the mean of each window. Max pooling is asked for: nn.MaxPool2d(2)."""

    def __init__(self):
        super().__init__()

    def features(self, x):
        x = F.avg_pool2d(torch.relu(self.conv1(x)), 2)
        return F.avg_pool2d(torch.relu(self.conv2(x)), 2).flatten(1)


class no_activation(_Net):
    """There is no ReLU after your convolutions. Each of the two is followed by one."""

    def __init__(self):
        super().__init__()

    def features(self, x):
        return F.max_pool2d(self.conv2(F.max_pool2d(self.conv1(x), 2)), 2).flatten(1)


class a_hidden_layer_too_many(_Net):
    """Between the maps and the ten logits you have a hidden layer. In this network the last layer reads the 1,600 map values directly."""

    def __init__(self):
        super().__init__(features=64)
        self.hidden = nn.Linear(1600, 64)

    def forward(self, x):
        return self.head(torch.relu(self.hidden(self.features(x))))


class relu_on_the_logits(_Net):
    """A ReLU follows the last layer, so no logit can be negative. Return the logits as they are."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return torch.relu(_Net.forward(self, x))


class with_dropout(_Net):
    """In training mode your network drops units at random. Dropout is a good idea for another day; this network has none, so that everybody's numbers can be compared."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return self.head(F.dropout(self.features(x), 0.5, self.training))


class no_gradient_leaves_it(_Net):
    """The numbers are right, but no gradient can get from your logits to the weights: a torch.no_grad, a .detach() or .data on the way cuts the graph, and the network would never learn."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return _Net.forward(self, x).detach()


class first_relu_missing(_Net):
    """There is no ReLU after your first convolution. Each of the two is followed by one."""

    def __init__(self):
        super().__init__()

    def features(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        return F.max_pool2d(torch.relu(self.conv2(x)), 2).flatten(1)


class second_relu_missing(_Net):
    """There is no ReLU after your second convolution. Each of the two is followed by one."""

    def __init__(self):
        super().__init__()

    def features(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        return F.max_pool2d(self.conv2(x), 2).flatten(1)


EXERCISE = Exercise(
    id="07.SmallCNN",
    title="A small CNN",
    objects=("SmallCNN",),
    points=1,
    cases=cases,
    probe="ch07.cnn",
    judge=judge,
    mistakes=(
        softmax_inside,
        padded_convolutions,
        last_pooling_forgotten,
        average_pooling,
        no_activation,
        a_hidden_layer_too_many,
        relu_on_the_logits,
        with_dropout,
        no_gradient_leaves_it,
        first_relu_missing,
        second_relu_missing,
    ),
    hints=(
        "Which pieces are there? → nn.Conv2d(in_channels, out_channels, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(in, out). "
        "nn.Sequential runs them one after the other.",
        "How many inputs does the last layer have? → Follow one side: 28 → conv 3 → 26 → pool → 13 → conv 3 → 11 → pool → 5. So 64·5·5.",
        "My count is off. → print each p.shape of model.parameters(). Expected: (32, 1, 3, 3), (32,), (64, 32, 3, 3), (64,), (10, 1600), (10,).",
        "Nearly everything:\n```python\nself.net = nn.Sequential(\n    nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),\n    ...\n    nn.Flatten(), nn.Linear(1600, 10),\n)\n```",
    ),
)
