"""06.MLP: a network as nn.Module. Its layers get known weights, so its logits can be worked out in NumPy."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from ..authoring import Case, Exercise, Observation, Verdict
from .networks import Layers, forward, random_layers
from .parts import in_order


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, sizes: tuple[int, ...], n: int) -> Case:
        parts = {"layers": random_layers(rng, sizes), "x": rng.normal(size=(n, sizes[0]))}
        return Case(title, kwargs={"sizes": list(sizes), **parts})

    yield case("MLP([4, 7, 3]) on a batch of 5", (4, 7, 3), 5)
    yield case("MLP([3, 8, 6, 5, 2]), three hidden layers", (3, 8, 6, 5, 2), 4)
    yield case("MLP([6, 4]), no hidden layer", (6, 4), 3)
    yield case("MLP([2, 9, 5]) on a single sample", (2, 9, 5), 1)


def expected(sizes: list[int], layers: Layers, x: np.ndarray) -> dict[str, Any]:
    return {
        "an nn.Module": "yes",
        "number of parameters": sum(a * b + b for a, b in pairwise(sizes)),
        "starts from weights that differ": "yes",
        "layers": "as asked",
        "same input, same output": "yes",
        "logits": forward(layers, x)[-1],
        "logits in training mode": forward(layers, x)[-1],
        "a gradient for every parameter": "yes",
    }


def judge(case: Case, observation: Observation) -> Verdict:
    return in_order(expected(**case.kwargs), observation.value)


def _linears(sizes):
    return [nn.Linear(a, b) for a, b in pairwise(sizes)]


def _run(layers, x):
    for layer in layers[:-1]:
        x = torch.relu(layer(x))
    return layers[-1](x)


class layers_in_a_plain_list(nn.Module):
    """Your layers stand in a plain Python list, which nn.Module does not look into: model.parameters() is empty, and no optimizer would ever move them. Use nn.ModuleList, nn.Sequential, or one attribute for each layer."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = _linears(sizes)

    def forward(self, x):
        return _run(self.layers, x)


class softmax_at_the_end(nn.Module):
    """Your network ends with a softmax and returns probabilities. Return the logits: cross_entropy applies log-softmax itself, and doing it twice makes the gradients small and training slow."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        return torch.softmax(_run(self.layers, x), dim=1)


class log_softmax_at_the_end(nn.Module):
    """Your network ends with a log-softmax. Return the logits as the last layer gives them; cross_entropy does the rest."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        return torch.log_softmax(_run(self.layers, x), dim=1)


class relu_after_the_last_layer(nn.Module):
    """A ReLU follows the last layer too, so no logit can be negative. ReLU belongs *between* layers only."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        return torch.relu(_run(self.layers, x))


class nothing_between_the_layers(nn.Module):
    """There is no activation between your layers: however many you stack, together they are one linear layer. Put a ReLU between them."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.Sequential(*_linears(sizes))

    def forward(self, x):
        return self.layers(x)


class tanh_in_place_of_relu(nn.Module):
    """Your hidden layers use tanh. It works, but here ReLU is asked for, as in chapter 03's network."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


class sigmoid_in_place_of_relu(nn.Module):
    """Your hidden layers use a sigmoid. Here ReLU is asked for: it hands the gradient on undiminished."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.sigmoid(layer(x))
        return self.layers[-1](x)


class relu_before_each_layer(nn.Module):
    """Your ReLU comes before each layer, so the input itself loses its negative numbers. First the layer, then ReLU; the last layer has none."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        for layer in self.layers:
            x = layer(torch.relu(x))
        return x


class dropout_added(nn.Module):
    """In training mode your network drops units at random. Dropout was not asked for: without it everybody's numbers can be compared."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        return self.drop(_run(self.layers, x))


class no_gradient_leaves_it(nn.Module):
    """The numbers are right, but no gradient can get from your logits to the weights: a torch.no_grad, a .detach() or an .item() on the way cuts the graph, and the network would never learn. Leave it out; whoever only wants the numbers writes no_grad outside."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        return _run(self.layers, x).detach()


class one_layer_short(nn.Module):
    """One layer is missing. sizes counts the layers of *numbers*, input and output included: between k sizes lie k − 1 linear layers."""

    def __init__(self, sizes):
        super().__init__()
        kept = sizes[:-2] + sizes[-1:] if len(sizes) > 2 else sizes
        self.layers = nn.ModuleList(_linears(kept))

    def forward(self, x):
        return _run(self.layers, x)


class no_biases(nn.Module):
    """Your layers have no biases. nn.Linear(a, b) brings one along unless you say bias=False."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b, bias=False) for a, b in pairwise(sizes)])

    def forward(self, x):
        return _run(self.layers, x)


class all_weights_start_equal(nn.Module):
    """All weights of a layer start at the same number, so its units get the same gradient and stay copies of each other for ever. nn.Linear's own random start is fine."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(_linears(sizes))
        for layer in self.layers:
            nn.init.zeros_(layer.weight)

    def forward(self, x):
        return _run(self.layers, x)


EXERCISE = Exercise(
    id="06.MLP",
    title="A network as a Module",
    objects=("MLP",),
    points=2,
    cases=cases,
    probe="ch06.mlp",
    judge=judge,
    mistakes=(
        layers_in_a_plain_list,
        softmax_at_the_end,
        log_softmax_at_the_end,
        relu_after_the_last_layer,
        nothing_between_the_layers,
        tanh_in_place_of_relu,
        one_layer_short,
        no_biases,
        sigmoid_in_place_of_relu,
        relu_before_each_layer,
        dropout_added,
        no_gradient_leaves_it,
        all_weights_start_equal,
    ),
    hints=(
        'AttributeError: "cannot assign module before Module.__init__() call". → The first line of __init__ must be super().__init__().',
        "My number of parameters is 0. → The layers stand in a plain list. nn.ModuleList([...]) is a list that nn.Module looks into.",
        "Which sizes belong together? → Neighbours: zip(sizes[:-1], sizes[1:]) gives (input, output) of each nn.Linear.",
        "Where do the ReLUs go? → After every layer but the last. Loop over self.layers[:-1], then apply self.layers[-1] by itself.",
        "Nearly everything:\n```python\nclass MLP(nn.Module):\n    def __init__(self, sizes):\n        super().__init__()\n"
        "        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:]))\n\n    def forward(self, x):\n"
        "        for layer in self.layers[:-1]:\n            x = ...\n        return self.layers[-1](x)\n```",
    ),
)
