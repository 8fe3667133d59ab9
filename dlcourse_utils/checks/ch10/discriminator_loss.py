"""10.discriminator_loss: two means, added; value and slopes laid beside closed forms."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise
from .logits import Answer, on_fake, on_real


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, real: int | tuple[int, int], fake: int | tuple[int, int], size: float = 2.0, shift: float = 0.6) -> Case:
        return Case(title, (rng.normal(size=real) * size + shift, rng.normal(size=fake) * size - shift))

    yield case("7 real, 5 fake", 7, 5)
    yield case("3 real, 8 fake, D is fooled", 3, 8, shift=-1.2)
    yield case("1 real, 4 fake", 1, 4)
    yield case("logits of shape (6, 1) and (4, 1)", (6, 1), (4, 1))
    yield Case("logits of about ±1000", (rng.normal(size=6) * 9 - 1000, rng.normal(size=4) * 9 + 1000))


def oracle(real: np.ndarray, fake: np.ndarray) -> Answer:
    (a, da), (b, db) = on_real(real), on_fake(fake)
    return {"loss": a + b, "slopes, logits 1": da, "slopes, logits 2": db}


def labels_swapped(real_logits, fake_logits):
    """Your labels are swapped: this loss falls when D calls the fakes real. D should be pushed up on real images and down on fakes."""
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


def one_mean_over_both(real_logits, fake_logits):
    """You take one mean over real and fake together, so the larger batch counts more. Take the mean over each, and add the two."""
    both = torch.cat([F.softplus(-real_logits).flatten(), F.softplus(fake_logits).flatten()])
    return both.mean()


def log_of_a_sigmoid(real_logits, fake_logits):
    """You take the log of a sigmoid. Once the sigmoid is rounded to 0 or 1, that is infinite, and the gradient is gone. Use softplus, F.logsigmoid or binary_cross_entropy_with_logits."""
    return -torch.log(torch.sigmoid(real_logits)).mean() - torch.log(1 - torch.sigmoid(fake_logits)).mean()


def summed(real_logits, fake_logits):
    """You sum over the samples. Take the mean over the real ones, the mean over the fakes, and add the two means."""
    return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()


def real_half_only(real_logits, fake_logits):
    """The fakes play no part in your loss. A D that calls everything real would be perfect."""
    return F.softplus(-real_logits).mean()


def fake_half_only(real_logits, fake_logits):
    """The real samples play no part in your loss. A D that calls everything fake would be perfect."""
    return F.softplus(fake_logits).mean()


def sigmoid_twice(real_logits, fake_logits):
    """You apply a sigmoid before a loss that applies it itself. Hand the loss the logits."""
    return F.softplus(-torch.sigmoid(real_logits)).mean() + F.softplus(torch.sigmoid(fake_logits)).mean()


def sign_forgotten(real_logits, fake_logits):
    """You return what D wants to *maximise*, mean log D(x) + mean log(1 − D(G(z))). An optimizer minimises: the loss is the negative of that."""
    return -(F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean())


def without_memory(real_logits, fake_logits):
    """You return a number that has forgotten how it was made (.item(), float(...) or .detach()), so no backward() can start from it. Return the tensor."""
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()).detach()


def halved(real_logits, fake_logits):
    """You follow the habit of halving D's loss, ½ (mean over real + mean over fake), as pix2pix and many programs do. Here the loss is the plain sum of the two means."""
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2


EXERCISE = Exercise(
    id="10.discriminator_loss",
    title="The detective's loss",
    objects=("discriminator_loss",),
    points=1,
    cases=cases,
    probe="ch10.loss",
    oracle=oracle,
    mistakes=(
        labels_swapped,
        one_mean_over_both,
        log_of_a_sigmoid,
        summed,
        real_half_only,
        fake_half_only,
        sigmoid_twice,
        sign_forgotten,
        without_memory,
    ),
    conventions=(halved,),
    hints=(
        "Where do I begin? → It is chapter 02's bce_with_logits, twice: with target 1 on the real logits, with target 0 on the fake ones.",
        "Is there a stable −log σ(x)? → Yes: F.softplus(-x). And −log(1 − σ(x)) is F.softplus(x).",
        "Mine is off when the two batches differ in size. → One mean for each batch, then add.",
        "Nearly everything:\n```python\nreturn F.softplus(-real_logits).mean() + ...\n```",
    ),
)
