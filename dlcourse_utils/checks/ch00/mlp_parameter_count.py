"""00.mlp_parameter_count: how many numbers does a network learn?"""

import itertools
from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def widths(n: int) -> list[int]:
        return [int(w) for w in rng.permutation(np.arange(2, 40))[:n]]

    yield Case("input and output, nothing between", args=(widths(2),))
    yield Case("one hidden layer", args=([64, int(rng.integers(20, 60)), 10],))
    yield Case("three hidden layers", args=(widths(5),))
    yield Case("layers of one neuron among others", args=([7, 1, int(rng.integers(3, 9)), 1],))
    yield Case("a large network", args=([12_288, int(rng.integers(3000, 4000)), 4096, 1000],))
    yield Case("a single width: no layer at all", args=([int(rng.integers(3, 30))],), weight=0.5)


def oracle(sizes):
    """Give every layer one more input that always says 1; its connections are the biases."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in itertools.pairwise(sizes))


def forgets_biases(sizes):
    """You count the weights only. Every neuron after the input also has a bias of its own."""
    return sum(a * b for a, b in itertools.pairwise(sizes))


def biases_for_the_input_too(sizes):
    """You give the input layer biases as well. Inputs are given, not computed: nothing is learned there."""
    return sum(a * b for a, b in itertools.pairwise(sizes)) + sum(sizes)


def misses_the_last_layer(sizes):
    """The last layer is missing from your sum. n widths make n - 1 layers of connections; check where your
    loop ends."""
    return sum(a * b + b for a, b in itertools.pairwise(sizes[:-1]))


def misses_the_first_layer(sizes):
    """The first layer, from the input to the first hidden neurons, is missing from your sum. Check where your
    loop starts."""
    return sum(a * b + b for a, b in itertools.pairwise(sizes[1:]))


def one_bias_per_layer(sizes):
    """You add one bias per layer. Each *neuron* has its own, so a layer of 10 neurons has 10 biases."""
    return sum(a * b + 1 for a, b in itertools.pairwise(sizes))


def biases_of_the_sending_layer(sizes):
    """You add as many biases as the layer has inputs. Biases belong to the neurons that compute, on the
    receiving side."""
    return sum(a * b + a for a, b in itertools.pairwise(sizes))


def counts_neurons(sizes):
    """You count neurons. Parameters sit on the connections: between layers of a and b neurons there are a · b
    weights, and b biases."""
    return sum(sizes)


def multiplies_everything(sizes):
    """You multiply all widths together. Only neighbouring layers are connected: multiply pairs, and add the
    pairs up."""
    product = 1
    for size in sizes:
        product *= size
    return product


def runs_past_the_end(sizes):
    """Your loop asks for sizes[i + 1] when i is already the last place. There is one layer fewer than there
    are widths: range(len(sizes) - 1)."""
    total = 0
    for i in range(len(sizes)):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


def empties_the_list(sizes):
    """Your answer is right, but the caller's list is not what it was: pop takes items out of it. Read from
    the list without changing it."""
    total = 0
    while len(sizes) > 1:
        fan_in = sizes.pop(0)
        total += fan_in * sizes[0] + sizes[0]
    return total


def returns_inside_the_loop(sizes):
    """Your return stands inside the loop, so the first layer ends it and the others are never counted. Move the
    return out, to the level of the `for`."""
    total = 0
    for a, b in itertools.pairwise(sizes):
        total += a * b + b
        return total


EXERCISE = Exercise(
    id="00.mlp_parameter_count",
    title="Counting what a network learns",
    objects=("mlp_parameter_count",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        forgets_biases,
        biases_for_the_input_too,
        misses_the_last_layer,
        misses_the_first_layer,
        one_bias_per_layer,
        biases_of_the_sending_layer,
        counts_neurons,
        multiplies_everything,
        runs_past_the_end,
        empties_the_list,
        returns_inside_the_loop,
    ),
    hints=(
        "Where do I start? → Take one layer on paper: 3 inputs, 2 neurons. Draw the lines. 3 · 2 = 6 weights,"
        " and one bias for each of the 2 neurons: 8 parameters.",
        "How do I walk through neighbouring widths? → zip(sizes, sizes[1:]) gives (first, second), (second,"
        " third), … and stops by itself.",
        "What about a single width? → Then there is no layer and the answer is 0. A sum over nothing is 0"
        " already.",
        "```python\ntotal = 0\nfor fan_in, fan_out in zip(sizes, sizes[1:]):\n"
        "    total += fan_in * fan_out + fan_out\nreturn total\n```",
    ),
)
