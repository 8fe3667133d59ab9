"""08.masked_cross_entropy: a mean over real tokens and nothing else, loss and gradient worked out in NumPy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch.nn.functional as F
from scipy.special import log_softmax

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, lengths: tuple[int, ...], t: int, v: int) -> Case:
        n = len(lengths)
        mask = np.arange(t) < np.array(lengths)[:, None]
        targets = rng.integers(0, v, size=(n, t))
        targets[0, 0] = 0  # id 0 can be real, too, where the mask says so
        return Case(title, (2 * rng.normal(size=(n, t, v)), targets, mask))

    yield case("lengths 5, 2, 4", (5, 2, 4), 5, 7)
    yield case("mostly padding", (1, 2, 6, 1), 6, 4)
    yield case("no padding at all", (4, 4, 4), 4, 6)
    yield case("one sequence, half of it real", (3,), 6, 5)


def oracle(logits: np.ndarray, targets: np.ndarray, mask: np.ndarray) -> dict[str, Any]:
    rows, labels = logits[mask], targets[mask]
    log_p = log_softmax(rows, axis=1)
    dlogits = np.zeros_like(logits)
    dlogits[mask] = (np.exp(log_p) - np.eye(logits.shape[2])[labels]) / len(labels)
    return {"targets and mask are as they were": "yes", "loss": float(-log_p[np.arange(len(labels)), labels].mean()), "dlogits": dlogits}


def _each(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").reshape(targets.shape)


def counts_the_padding(logits, targets, mask):
    """The padding counts in your loss: you take the mean over all N·T places and never use the mask. The network would learn to forecast padding, and little else."""
    return _each(logits, targets).mean()


def divides_by_all_places(logits, targets, mask):
    """You leave the padding out of the sum but divide by N·T. The more padding a batch has, the smaller your loss. Divide by the number of real tokens, mask.sum()."""
    return (_each(logits, targets) * mask).mean()


def summed(logits, targets, mask):
    """Your loss is the sum over the real tokens. Divide by their number."""
    return (_each(logits, targets) * mask).sum()


def mean_of_the_sequence_means(logits, targets, mask):
    """You average each sequence first and then the sequences, so a token of a short one counts more. One mean over all real tokens of the batch."""
    losses = _each(logits, targets) * mask
    return (losses.sum(dim=1) / mask.sum(dim=1)).mean()


def divides_by_the_batch(logits, targets, mask):
    """You divide by the number of sequences. Divide by the number of real tokens, mask.sum()."""
    return (_each(logits, targets) * mask).sum() / len(targets)


def mask_inverted(logits, targets, mask):
    """You keep the padding and throw the real tokens away. True means real."""
    wrong = ~mask
    return (_each(logits, targets) * wrong).sum() / wrong.sum().clamp(min=1)


def masks_the_logits(logits, targets, mask):
    """You multiply the logits by the mask. Equal logits are an answer too ("all ids alike"), and they cost log V each. Mask the losses, not the logits."""
    return _each(logits * mask[..., None], targets).mean()


def ignores_target_zero(logits, targets, mask):
    """You leave out the places whose target is 0. The mask says what is padding; here a real token may have the id 0, and padding may hold anything."""
    keep = targets != 0
    return (_each(logits, targets) * keep).sum() / keep.sum()


def returns_a_float(logits, targets, mask):
    """Nothing can go backward from your loss: .item(), float(...) or .detach() has cut it off from the logits. Return the tensor as it is."""
    losses = _each(logits, targets)
    return losses[mask].mean().item()


def writes_into_the_targets(logits, targets, mask):
    """You write into the targets that were handed in (masked_fill_, or targets[~mask] = …), so the caller's batch is no longer what it was. masked_fill without the underscore makes a new tensor."""
    targets.masked_fill_(~mask, -100)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def softmax_first(logits, targets, mask):
    """You put the logits through a softmax first; cross_entropy brings its own. Hand it the logits."""
    return _each(logits.softmax(dim=-1), targets)[mask].mean()


def in_bits(logits, targets, mask):
    """Your loss is in bits: you divided by log 2. Here it is in nats, as cross_entropy gives it."""
    return _each(logits, targets)[mask].mean() / np.log(2)


EXERCISE = Exercise(
    id="08.masked_cross_entropy",
    title="A loss that knows what is real",
    objects=("masked_cross_entropy",),
    points=1,
    cases=cases,
    probe="ch08.masked_loss",
    oracle=oracle,
    mistakes=(
        counts_the_padding,
        divides_by_all_places,
        summed,
        mean_of_the_sequence_means,
        divides_by_the_batch,
        mask_inverted,
        masks_the_logits,
        ignores_target_zero,
        returns_a_float,
        writes_into_the_targets,
        softmax_first,
        in_bits,
    ),
    hints=(
        "Which shapes does F.cross_entropy want? → (rows, V) and (rows,). logits[mask] picks the real tokens and gives just that, targets[mask] too.",
        "By what do I divide? → By the number of real tokens in the whole batch. The mean over the picked rows does it.",
        "Nearly everything:\n```python\nreturn F.cross_entropy(logits[mask], ...)\n```",
    ),
)
