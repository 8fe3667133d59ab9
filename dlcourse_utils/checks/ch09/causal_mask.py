"""09.causal_mask: position t may look at positions 0 … t."""

from collections.abc import Iterator

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Tensor, Verdict, compare
from .readymade import READYMADE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for t in (4, int(rng.integers(5, 9)), 2, int(rng.integers(10, 20))):
        yield Case(f"t = {t}", (t,))
    yield Case("a single position", (1,), weight=0.5)


def judge(case: Case, observation: Observation) -> Verdict:
    (t,) = case.args
    verdict = compare(Tensor(np.arange(t)[:, None] >= np.arange(t), "bool"), observation.value)
    if verdict.passed and observation.value.dtype != "bool":
        return Verdict.broken(
            f"The right pattern, but as {observation.value.dtype}. A mask is bool: `~mask` and `masked_fill` want it so.", symptom="dtype"
        )
    return verdict


def looks_ahead(t):
    """Your mask is the upper triangle: each position sees itself and its *future*. Row t is the one that looks: columns 0 … t are True, so keep the lower triangle (torch.tril)."""
    return torch.triu(torch.ones(t, t, dtype=torch.bool))


def not_itself(t):
    """Your diagonal is False: a position may not look at itself, and the first one has nothing to look at. The diagonal belongs to the lower triangle."""
    return torch.tril(torch.ones(t, t, dtype=torch.bool), diagonal=-1)


def one_step_ahead(t):
    """Your mask lets each position see the next one: it could read off the answer that it is asked for. Use diagonal 0."""
    return torch.tril(torch.ones(t, t, dtype=torch.bool), diagonal=1)


def only_itself(t):
    """In your mask each position sees only itself. It may look at everything before it, too."""
    return torch.eye(t, dtype=torch.bool)


def all_may_look(t):
    """Your mask is True everywhere and hides nothing."""
    return torch.ones(t, t, dtype=torch.bool)


def numbers_for_truth(t):
    """Your mask holds the numbers 0 and 1. A mask is bool here: dtype=torch.bool."""
    return torch.tril(torch.ones(t, t))


def four_axes(t):
    """Your mask has the shape (1, 1, t, t). Asked for is (t, t); broadcasting adds the rest."""
    return torch.tril(torch.ones(1, 1, t, t, dtype=torch.bool))


def true_means_blocked(t):
    """Your mask is True where a position may *not* look, the way of nn.MultiheadAttention. In this course True means: may attend."""
    return torch.triu(torch.ones(t, t, dtype=torch.bool), diagonal=1)


def minus_infinity_to_add(t):
    """Your mask holds 0 and −inf, to be added to the scores (nn.Transformer has one like it). Here a mask is bool, True = may attend."""
    return torch.triu(torch.full((t, t), float("-inf")), diagonal=1)


EXERCISE = Exercise(
    id="09.causal_mask",
    title="No looking ahead",
    objects=("causal_mask",),
    points=1,
    cases=cases,
    judge=judge,
    forbids=READYMADE,
    mistakes=(looks_ahead, not_itself, one_step_ahead, only_itself, all_may_look, numbers_for_truth, four_axes),
    conventions=(true_means_blocked, minus_infinity_to_add),
    hints=(
        "Which triangle? → Row i is the position that looks, column j the one that is looked at. It may look where j ≤ i: on and below the diagonal.",
        "How do I cut a triangle out? → torch.tril keeps the lower one of a matrix, diagonal included.",
        "My mask holds 1. and 0. → torch.ones(t, t, dtype=torch.bool).",
        "Nearly everything:\n```python\nreturn torch.tril(torch.ones(t, t, dtype=...))\n```",
    ),
)
