"""10.minimax_generator_loss: the loss of the 2014 game as it was written; value and slopes beside closed forms."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise
from .logits import Answer, on_fake


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("6 fakes", (rng.normal(size=6) * 2,))
    yield Case("5 fakes that D is sure about", (rng.normal(size=5) - 5,))
    yield Case("4 fakes that fool D", (rng.normal(size=4) + 3,))
    yield Case("logits of shape (7, 1)", (rng.normal(size=(7, 1)),))
    yield Case("logits of about 1000", (rng.normal(size=3) * 5 + 1000,))


def oracle(fake: np.ndarray) -> Answer:
    loss, slopes = on_fake(fake)
    return {"loss": -loss, "slopes, logits 1": -slopes}


def non_saturating(fake_logits):
    """This is the non-saturating loss, −log D(G(z)), of the exercise before. Here the loss is mean log(1 − D(G(z))), as in the game's formula."""
    return F.softplus(-fake_logits).mean()


def sign_flipped(fake_logits):
    """Your sign is D's: −log(1 − D(G(z))) is what D minimises. G minimises the opposite, mean log(1 − D(G(z))), a number below 0."""
    return F.softplus(fake_logits).mean()


def log_of_one_minus_sigmoid(fake_logits):
    """You compute log(1 − sigmoid): once the sigmoid is rounded to 1 this is log 0. Use −softplus(x), which is the same and stays finite."""
    return torch.log(1 - torch.sigmoid(fake_logits)).mean()


def summed(fake_logits):
    """You sum over the fakes. Take the mean."""
    return -F.softplus(fake_logits).sum()


def without_memory(fake_logits):
    """You return a number that has forgotten how it was made, so no backward() can start from it. Return the tensor."""
    return -F.softplus(fake_logits).mean().detach()


EXERCISE = Exercise(
    id="10.minimax_generator_loss",
    title="The loss of the game as it was written",
    objects=("minimax_generator_loss",),
    points=1,
    cases=cases,
    probe="ch10.loss",
    oracle=oracle,
    mistakes=(non_saturating, sign_flipped, log_of_one_minus_sigmoid, summed, without_memory),
    hints=(
        "What is it? → The fake half of the game's value, mean log(1 − σ(x)), as it stands: D maximises it, G minimises it.",
        "It becomes −inf. → log(1 − σ(x)) = −softplus(x).",
        "Nearly everything: a minus, F.softplus(fake_logits), and a mean.",
    ),
)
