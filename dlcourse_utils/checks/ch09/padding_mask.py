"""09.padding_mask: True on the real tokens of each row."""

from collections.abc import Iterator

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Tensor, Verdict, compare
from .readymade import READYMADE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, lengths: list[int], t: int) -> Case:
        return Case(title, (Tensor(np.array(lengths), "int64"), t))

    yield case("lengths 3, 5, 1 of 5", [3, 5, 1], 5)
    yield case("t beyond the longest", [2, 4, 1, 3], 7)
    yield case("a single sequence", [int(rng.integers(2, 6))], 8)
    lengths = rng.integers(1, 9, size=6)
    yield case("six sequences, drawn", [int(n) for n in lengths], int(lengths.max()) + 2)


def judge(case: Case, observation: Observation) -> Verdict:
    lengths, t = case.args
    verdict = compare(Tensor(np.arange(t) < lengths.array[:, None], "bool"), observation.value)
    if verdict.passed and observation.value.dtype != "bool":
        return Verdict.broken(
            f"The right pattern, but as {observation.value.dtype}. A mask is bool: `~mask` and `masked_fill` want it so.", symptom="dtype"
        )
    return verdict


def one_too_many(lengths, t):
    """Your rows have one True too many: positions count from 0, so a row of length 3 is real at 0, 1 and 2. Use <, not ≤."""
    return torch.arange(t) <= lengths[:, None]


def one_too_few(lengths, t):
    """Your rows have one True too few: the last real token is hidden. Position p is real where p < length."""
    return torch.arange(t) < lengths[:, None] - 1


def as_wide_as_the_longest(lengths, t):
    """Your mask is as wide as the longest row. It has t columns, whatever the lengths."""
    return torch.arange(int(lengths.max())) < lengths[:, None]


def padding_on_the_left(lengths, t):
    """Your real tokens stand at the end of each row. In this course padding comes after them, on the right."""
    return torch.arange(t) >= t - lengths[:, None]


def transposed(lengths, t):
    """Your mask is (t, N). One row for each sequence: (N, t)."""
    return (torch.arange(t)[:, None] < lengths).contiguous()


def only_the_last_token(lengths, t):
    """Your mask is True at the last real token only. All tokens before it are real, too."""
    return torch.arange(t) == lengths[:, None] - 1


def numbers_for_truth(lengths, t):
    """Your mask holds the numbers 0 and 1. A mask is bool here."""
    return (torch.arange(t) < lengths[:, None]).float()


def true_means_padding(lengths, t):
    """Your mask is True on the padding, as nn.MultiheadAttention's key_padding_mask. In this course True means real: may be attended to."""
    return torch.arange(t) >= lengths[:, None]


EXERCISE = Exercise(
    id="09.padding_mask",
    title="No looking at nothing",
    objects=("padding_mask",),
    points=1,
    cases=cases,
    judge=judge,
    forbids=READYMADE,
    mistakes=(
        one_too_many,
        one_too_few,
        as_wide_as_the_longest,
        padding_on_the_left,
        transposed,
        only_the_last_token,
        numbers_for_truth,
    ),
    conventions=(true_means_padding,),
    hints=(
        "When is a position real? → Position p of a row of length n is real where p < n.",
        "How do I compare every position with every length? → torch.arange(t) has the shape (t,), lengths[:, None] has (N, 1). Together they broadcast to (N, t).",
        "Nearly everything:\n```python\nreturn torch.arange(t) < ...\n```",
    ),
)
