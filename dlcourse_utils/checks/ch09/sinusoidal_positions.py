"""09.sinusoidal_positions: a pattern of sines and cosines for every position (Vaswani and others 2017, section 3.5)."""

from collections.abc import Iterator

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Tensor, Verdict, compare
from .readymade import READYMADE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("7 positions, d = 6", (7, 6))
    yield Case("d = 2: one pair", (5, 2))
    yield Case("a single position", (1, 8), weight=0.5)
    t, pairs = int(rng.integers(12, 30)), int(rng.integers(2, 9))
    yield Case(f"{t} positions, d = {2 * pairs}", (t, 2 * pairs))
    yield Case("300 positions, d = 16", (300, 16))


def _expected(t: int, d: int) -> np.ndarray:
    """Turn a pointer on the unit circle for each pair: its imaginary part is the sine, its real part the cosine."""
    turn = np.exp(1j * 10_000.0 ** (-2 * np.arange(d // 2) / d))
    pointers = turn ** np.arange(t)[:, None]
    return np.stack([pointers.imag, pointers.real], axis=-1).reshape(t, d)


def judge(case: Case, observation: Observation) -> Verdict:
    return compare(Tensor(_expected(*case.args), "float64"), observation.value, rtol=1e-3, atol=2e-4)


def _angles(t, d, first=0, base=10_000.0, power=2.0):
    return torch.arange(first, first + t)[:, None] * base ** (-power * torch.arange(d // 2) / d)


def _table(angles, even=torch.sin, odd=torch.cos):
    return torch.stack([even(angles), odd(angles)], dim=-1).flatten(1)


def counts_from_one(t, d):
    """Your first row belongs to position 1. Positions count from 0, so the first row is 0, 1, 0, 1 …"""
    return _table(_angles(t, d, first=1))


def cosine_first(t, d):
    """You have the cosine in the even columns. Sine in columns 0, 2, 4 …, cosine in 1, 3, 5 …"""
    return _table(_angles(t, d), torch.cos, torch.sin)


def sines_only(t, d):
    """All your columns are sines. Each pair has a sine and a cosine of the *same* angle; only together do they tell where on the circle it is."""
    return _table(_angles(t, d), torch.sin, torch.sin)


def an_angle_for_every_column(t, d):
    """You count columns where pairs are to be counted, so the cosine has another angle than the sine before it. Both columns of pair i use 10000^(−2i/d)."""
    angles = torch.arange(t)[:, None] * 10_000.0 ** (-torch.arange(d) / d)
    return torch.where(torch.arange(d) % 2 == 0, torch.sin(angles), torch.cos(angles))


def exponent_without_the_two(t, d):
    """Your angles fall too slowly: the exponent is 2i/d for pair i, so that the last pair is near 1/10000."""
    return _table(_angles(t, d, power=1.0))


def one_angle_for_all(t, d):
    """All your pairs turn at the same speed. Pair i turns by 10000^(−2i/d) per position: the first fast, the last very slowly."""
    return _table(_angles(t, d, power=0.0))


def faster_and_faster(t, d):
    """Your pairs turn faster and faster: the exponent's sign is missing. Divide the position by 10000^(2i/d)."""
    return _table(_angles(t, d, power=-2.0).double())


def another_base(t, d):
    """Your base is 1000; asked for is 10000."""
    return _table(_angles(t, d, base=1000.0))


def transposed(t, d):
    """Your table is (d, t). One row for each position: (t, d)."""
    return _table(_angles(t, d)).T.contiguous()


def sines_then_cosines(t, d):
    """You put all sines first and all cosines after them, as the authors' own code (tensor2tensor) does. Here they take turns, as in the paper: sine, cosine, sine, cosine …"""
    angles = _angles(t, d)
    return torch.cat([torch.sin(angles), torch.cos(angles)], dim=1)


EXERCISE = Exercise(
    id="09.sinusoidal_positions",
    title="Where am I?",
    objects=("sinusoidal_positions",),
    points=1,
    cases=cases,
    judge=judge,
    rtol=1e-3,
    atol=2e-4,
    forbids=READYMADE,
    mistakes=(
        counts_from_one,
        cosine_first,
        sines_only,
        an_angle_for_every_column,
        exponent_without_the_two,
        one_angle_for_all,
        faster_and_faster,
        another_base,
        transposed,
    ),
    conventions=(sines_then_cosines,),
    hints=(
        "What are the angles? → A table (t, d/2): row = position, column = pair. torch.arange(t)[:, None] * speeds, with the speeds 10000 ** (-2 * i / d) for "
        "i = torch.arange(d // 2).",
        "How do sine and cosine take turns? → Make zeros (t, d), then fill [:, 0::2] with the sines and [:, 1::2] with the cosines.",
        "Nearly everything:\n```python\nangles = torch.arange(t)[:, None] * 10000 ** (-2 * torch.arange(d // 2) / d)\ntable = torch.zeros(t, d)\n"
        "table[:, 0::2] = ...\ntable[:, 1::2] = ...\nreturn table\n```",
    ),
)
