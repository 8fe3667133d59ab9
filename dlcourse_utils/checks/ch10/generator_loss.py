"""10.generator_loss: the non-saturating loss; value and slopes laid beside closed forms."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise
from .logits import Answer, on_real


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("7 fakes", (rng.normal(size=7) * 2,))
    yield Case("5 fakes that D is sure about", (rng.normal(size=5) - 6,))
    yield Case("4 fakes that fool D", (rng.normal(size=4) + 3,))
    yield Case("logits of shape (6, 1)", (rng.normal(size=(6, 1)),))
    yield Case("logits of about −1000", (rng.normal(size=3) * 5 - 1000,))


def oracle(fake: np.ndarray) -> Answer:
    loss, slopes = on_real(fake)
    return {"loss": loss, "slopes, logits 1": slopes}


def saturating(fake_logits):
    """This is the saturating loss, mean log(1 − D(G(z))). Where D is sure, it is flat and the generator gets almost no gradient. Asked for is the non-saturating one: mean of −log D(G(z))."""
    return -F.softplus(fake_logits).mean()


def labels_swapped(fake_logits):
    """Your loss falls when D recognises the fakes: this G would work for D. G wants its fakes to be called real."""
    return F.softplus(fake_logits).mean()


def sign_forgotten(fake_logits):
    """You return mean log D(G(z)), which G wants to *maximise*. An optimizer minimises: put a minus in front."""
    return -F.softplus(-fake_logits).mean()


def log_of_a_sigmoid(fake_logits):
    """You take the log of a sigmoid. For a D that is very sure the sigmoid is rounded to 0, and the log is infinite: just where G needs its gradient most. Use softplus or F.logsigmoid."""
    return -torch.log(torch.sigmoid(fake_logits)).mean()


def summed(fake_logits):
    """You sum over the fakes. Take the mean."""
    return F.softplus(-fake_logits).sum()


def sigmoid_twice(fake_logits):
    """You apply a sigmoid before a loss that applies it itself. Hand the loss the logits."""
    return F.softplus(-torch.sigmoid(fake_logits)).mean()


def without_memory(fake_logits):
    """You return a number that has forgotten how it was made, so no backward() can start from it. Return the tensor."""
    return F.softplus(-fake_logits).mean().detach()


EXERCISE = Exercise(
    id="10.generator_loss",
    title="The forger's loss",
    objects=("generator_loss",),
    points=1,
    cases=cases,
    probe="ch10.loss",
    oracle=oracle,
    mistakes=(saturating, labels_swapped, sign_forgotten, log_of_a_sigmoid, summed, sigmoid_twice, without_memory),
    hints=(
        "What does G want? → That D says \"real\", target 1, of its fakes. So it is the loss that D has on *real* samples, computed on the fakes.",
        "Is there a stable −log σ(x)? → F.softplus(-x).",
        "Nearly everything: F.softplus(...).mean(), with the right sign inside.",
    ),
)
