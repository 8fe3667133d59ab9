"""08.pad_batch: sequences of different lengths in one rectangle, with a mask that says what is real."""

from collections.abc import Iterator

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Tensor, Verdict, compare


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, lengths: tuple[int, ...]) -> Case:
        return Case(title, ([[int(i) for i in rng.permutation(np.arange(2, 40))[:n]] for n in lengths],))

    yield case("lengths 3, 5, 2", (3, 5, 2))
    yield case("the longest comes last", (1, 4, 2, 6))
    yield case("the longest comes first", (7, 1, 3))
    yield case("all equally long", (4, 4))
    yield case("a single sequence", (5,))


def _expected(sequences: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    mask = np.arange(max(map(len, sequences))) < np.array([[len(s)] for s in sequences])
    ids = np.zeros(mask.shape, dtype=np.int64)
    ids[mask] = np.concatenate(sequences)
    return ids, mask


def judge(case: Case, observation: Observation) -> Verdict:
    value = observation.value
    if not isinstance(value, (tuple, list)) or len(value) != 2 or not all(isinstance(part, Tensor) for part in value):
        return compare((Tensor(np.zeros(1)), Tensor(np.zeros(1))), value) if value is None else Verdict.broken(
            "Expected the pair (ids, mask) of two torch tensors; yours is something else."
        )
    ids, mask = _expected(*case.args)
    given, real = value
    for name, want, part in (("ids", ids, given), ("mask", mask, real)):
        verdict = compare(Tensor(want), part)
        if not verdict.passed:
            return verdict.at(name)
    if given.dtype != "int64":
        return Verdict.broken(
            f"The numbers are right, but ids are {given.dtype}. An embedding looks rows up and wants whole numbers: int64 (torch.long).",
            symptom="ids as floats" if given.dtype.startswith("float") else f"ids as {given.dtype}",
            where="ids",
        )
    if real.dtype != "bool":
        return Verdict.broken(
            f"The numbers are right, but the mask is {real.dtype}. Only a bool mask can pick places, ids[mask], or be turned around, ~mask.",
            symptom="mask as numbers",
            where="mask",
        )
    return Verdict.ok()


def _pad(sequences, left=False, fill=0, longest=None, dtype=torch.int64):
    longest = longest or max(len(s) for s in sequences)
    ids = torch.full((len(sequences), longest), fill, dtype=dtype)
    mask = torch.zeros(len(sequences), longest, dtype=torch.bool)
    for i, s in enumerate(sequences):
        s = s[:longest]
        where = slice(longest - len(s), longest) if left else slice(0, len(s))
        ids[i, where], mask[i, where] = torch.tensor(s, dtype=dtype), True
    return ids, mask


def pads_on_the_left(sequences):
    """You pad on the left. Here the real tokens come first and the padding after them, on the right."""
    return _pad(sequences, left=True)


def pads_with_one(sequences):
    """You pad with 1, which is <unk>, a word like others. Padding is 0."""
    return _pad(sequences, fill=1)


def pads_with_minus_one(sequences):
    """You pad with −1. An embedding has no row −1: use 0, which the vocabulary keeps for <pad>."""
    return _pad(sequences, fill=-1)


def mask_inverted(sequences):
    """Your mask is True where the padding is. Here True means real."""
    ids, mask = _pad(sequences)
    return ids, ~mask


def sorted_by_length(sequences):
    """You sort the sequences by length, so the rows no longer belong to their labels. Keep the order they came in."""
    return _pad(sorted(sequences, key=len, reverse=True))


def cut_to_the_shortest(sequences):
    """You cut all sequences to the shortest one and lose tokens. Pad the short ones to the length of the longest."""
    return _pad(sequences, longest=min(len(s) for s in sequences))


def one_column_too_many(sequences):
    """Your rectangle has one column more than the longest sequence needs."""
    return _pad(sequences, longest=max(len(s) for s in sequences) + 1)


def ids_as_floats(sequences):
    """Your ids are floats. An embedding looks rows up by whole numbers: dtype=torch.int64."""
    return _pad(sequences, dtype=torch.float32)


def transposed(sequences):
    """Your result is (T, N). Here the batch comes first: (N, T)."""
    ids, mask = _pad(sequences)
    return ids.T.contiguous(), mask.T.contiguous()


def only_the_ids(sequences):
    """You return the ids alone. Without the mask nobody can tell how long a sequence really is: return (ids, mask)."""
    return _pad(sequences)[0]


def mask_misses_the_last_token(sequences):
    """Your mask is one token short: the last real token of each row counts as padding. Position t is real where t < length."""
    ids, _ = _pad(sequences)
    lengths = torch.tensor([len(s) for s in sequences])
    return ids, torch.arange(ids.shape[1]) < lengths[:, None] - 1


def ids_as_int32(sequences):
    """Your ids are int32. They are whole numbers already, but torch's losses and most of its indexing want int64 (torch.long)."""
    return _pad(sequences, dtype=torch.int32)


def mask_as_numbers(sequences):
    """Your mask holds the numbers 0 and 1. Make it bool (dtype=torch.bool): only then does ids[mask] pick places and ~mask turn it around."""
    ids, mask = _pad(sequences)
    return ids, mask.float()


EXERCISE = Exercise(
    id="08.pad_batch",
    title="A rectangle and its mask",
    objects=("pad_batch",),
    points=1,
    cases=cases,
    judge=judge,
    mistakes=(
        pads_on_the_left,
        pads_with_one,
        pads_with_minus_one,
        mask_inverted,
        sorted_by_length,
        cut_to_the_shortest,
        one_column_too_many,
        ids_as_floats,
        transposed,
        only_the_ids,
        mask_misses_the_last_token,
        ids_as_int32,
        mask_as_numbers,
    ),
    hints=(
        "How large is the rectangle? → As many rows as sequences, as many columns as the longest has tokens: torch.zeros(N, T, dtype=torch.int64).",
        "How do I fill row i? → ids[i, : len(s)] = torch.tensor(s). The rest stays 0.",
        "And the mask? → Zeros of dtype torch.bool, and mask[i, : len(s)] = True in the same loop.",
        "Nearly everything:\n```python\nlongest = max(len(s) for s in sequences)\nids = torch.zeros(len(sequences), longest, dtype=torch.int64)\n"
        "mask = torch.zeros(len(sequences), longest, dtype=torch.bool)\nfor i, s in enumerate(sequences):\n    ids[i, : len(s)] = torch.tensor(s)\n    ...\n"
        "return ids, mask\n```",
    ),
)
