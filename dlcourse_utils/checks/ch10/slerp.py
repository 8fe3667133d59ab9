"""10.slerp: along the arc; laid beside a rotation in the plane of the two vectors, in NumPy."""

from collections.abc import Iterator

import numpy as np
import torch

from ..authoring import Case, Exercise, Tensor


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, z0: np.ndarray, z1: np.ndarray, t: float) -> Case:
        return Case(title, (Tensor(z0, "float64"), Tensor(z1, "float64"), t))

    z = rng.normal(size=(10, 6))
    yield case("two vectors, a third of the way", z[0], z[1] * 2, 1 / 3)
    yield case("4 rows, t = 0.7", z[:4], z[4:8] * 1.5, 0.7)
    yield case("other lengths, t = 0.2", 3 * z[2:5], z[5:8] / 2, 0.2)
    yield case("the end, t = 1", z[:2], z[3:5], 1.0)
    axes = np.diag([2.5, 4.0, 0.5, 8.0, 1.0, 2.0])  # products and roots without rounding: the angle is exactly 0
    yield case("equal directions, other lengths", axes, 2 * axes, 0.4)


def oracle(z0: Tensor, z1: Tensor, t: float) -> torch.Tensor:
    a, b = np.atleast_2d(z0.array), np.atleast_2d(z1.array)
    rows = [_turned(u, v, t) for u, v in zip(a, b, strict=True)]
    return torch.tensor(np.array(rows).reshape(z0.array.shape))


def _turned(u: np.ndarray, v: np.ndarray, t: float) -> np.ndarray:
    """In the basis (e, f) of the plane, each vector is a length at an angle; solve for the two shares there."""
    e = u / np.linalg.norm(u)
    rest = v - (v @ e) * e
    if np.linalg.norm(rest) < 1e-12:
        return (1 - t) * u + t * v
    f = rest / np.linalg.norm(rest)
    omega = np.arctan2(v @ f, v @ e)
    unit = np.cos(t * omega) * e + np.sin(t * omega) * f  # the unit vector at angle tω
    b = np.linalg.solve(np.array([[1, np.cos(omega)], [0, np.sin(omega)]]), [unit @ e, unit @ f])
    return b[0] * u + b[1] * v


def _slerp(z0, z1, t, cosine):
    omega = torch.acos(cosine)
    sine = torch.sin(omega)
    straight = sine < 1e-6
    safe = torch.where(straight, torch.ones_like(sine), sine)
    arc = torch.sin((1 - t) * omega) / safe * z0 + torch.sin(t * omega) / safe * z1
    return torch.where(straight, (1 - t) * z0 + t * z1, arc)


def _cosine(z0, z1):
    dot = (z0 * z1).sum(dim=-1, keepdim=True)
    return (dot / (z0.norm(dim=-1, keepdim=True) * z1.norm(dim=-1, keepdim=True))).clamp(-1, 1)


def straight_line(z0, z1, t):
    """You go straight through, (1 − t) z0 + t z1. Half-way, such a point is too short: a generator rarely met a z like that. Go along the arc."""
    return (1 - t) * z0 + t * z1


def one_angle_for_all(z0, z1, t):
    """You use one angle for the whole batch. Each row has an angle of its own: sum over the last axis, keepdim=True."""
    cosine = ((z0 * z1).sum() / (z0.norm() * z1.norm())).clamp(-1, 1)
    return _slerp(z0, z1, t, cosine)


def dot_not_divided_by_the_lengths(z0, z1, t):
    """Your angle comes from the plain product z0·z1. Divide by both lengths: the cosine is of the *directions*."""
    return _slerp(z0, z1, t, (z0 * z1).sum(dim=-1, keepdim=True).clamp(-1, 1))


def nothing_over_nothing(z0, z1, t):
    """For equal directions the angle is 0, and you divide by its sine: NaN. Fall back to the straight line there; the limit is the same."""
    omega = torch.acos(_cosine(z0, z1))
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / torch.sin(omega)


def ends_exchanged(z0, z1, t):
    """Your t runs the other way: t = 0 should give z0, t = 1 should give z1."""
    return _slerp(z1, z0, t, _cosine(z0, z1))


def lengths_lost(z0, z1, t):
    """You return a unit vector, or one between unit vectors. Directions decide the angle only; the shares are taken of z0 and z1 themselves."""
    u0, u1 = z0 / z0.norm(dim=-1, keepdim=True), z1 / z1.norm(dim=-1, keepdim=True)
    return _slerp(u0, u1, t, _cosine(z0, z1))


EXERCISE = Exercise(
    id="10.slerp",
    title="From one image to another",
    objects=("slerp",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(straight_line, one_angle_for_all, dot_not_divided_by_the_lengths, nothing_over_nothing, ends_exchanged, lengths_lost),
    hints=(
        "How do I get an angle for each row? → cosine = (z0 * z1).sum(dim=-1, keepdim=True) / (z0.norm(dim=-1, keepdim=True) * z1.norm(dim=-1, keepdim=True)). "
        "dim=-1 works for (D,) and (N, D) alike.",
        "NaN. → torch.acos of 1.0000001 is NaN: clamp(-1, 1). And sin 0 stands below the line: use torch.where with a denominator that is not 0.",
        "Nearly everything:\n```python\nomega = torch.acos(cosine.clamp(-1, 1))\nsine = torch.sin(omega)\nflat = sine < 1e-6\nsafe = torch.where(flat, torch.ones_like(sine), sine)\n"
        "arc = (torch.sin((1 - t) * omega) * z0 + ...) / safe\nreturn torch.where(flat, ..., arc)\n```",
    ),
)
