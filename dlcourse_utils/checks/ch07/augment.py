"""07.augment: random shifts and flips. No result is known beforehand, so each image is asked how it came about."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from ..exercise import DEEP_LIBRARIES
from .augment_mistakes import MISTAKES

Way = tuple[bool, int, int]  # flipped, moved down, moved right


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def images(n: int, c: int, h: int, w: int, dtype: str = "float32") -> np.ndarray:
        return (rng.uniform(0.2, 1.0, size=(n, c, h, w))).astype(dtype)

    def seeds(count: int) -> list[int]:
        return [int(s) for s in rng.choice(10_000, size=count, replace=False)]

    yield Case("200 images, shifts up to 2, half of them flipped", kwargs={"x": images(200, 1, 7, 6), "seeds": seeds(1), "settings": {}})
    yield Case("shifts up to 1, no flip, float64", kwargs={"x": images(120, 2, 5, 7, "float64"), "seeds": seeds(1), "settings": {"max_shift": 1, "p_flip": 0.0}})
    yield Case("no shift, every image flipped", kwargs={"x": images(40, 3, 4, 5), "seeds": seeds(1), "settings": {"max_shift": 0, "p_flip": 1.0}})
    yield Case("shifts up to 3, a fifth flipped", kwargs={"x": images(200, 1, 8, 8), "seeds": seeds(1), "settings": {"max_shift": 3, "p_flip": 0.2}})
    one, other = seeds(2)
    yield Case("the generator alone decides", kwargs={"x": images(30, 1, 6, 6), "seeds": [one, one, other], "settings": {}})


def judge(case: Case, observation: Observation) -> Verdict:
    x, settings = case.kwargs["x"], {"max_shift": 2, "p_flip": 0.5} | case.kwargs["settings"]
    value = observation.value or {}
    results = []
    for number in range(1, len(case.kwargs["seeds"]) + 1):
        out = value.get(f"images {number}")
        if not isinstance(out, np.ndarray) or out.shape != x.shape:
            what = "nothing" if out is None else f"the shape {out.shape}" if isinstance(out, np.ndarray) else "no array"
            return Verdict.broken(f"Expected images of shape {x.shape}; what came back has {what}.", symptom="shape")
        if out.dtype != x.dtype:
            return Verdict.broken(f"The images came as {x.dtype} and leave as {out.dtype}. Keep the dtype.", symptom="dtype")
        if value.get(f"shares memory {number}"):
            return Verdict.wrong("What you return is (a view of) the input. Return a new array.", symptom="view")
        results.append(out)
    if len(results) == 3:
        return _generator_decides(*results)
    ways = explain(x, results[0], settings["max_shift"])
    if None in ways:
        return _what_else(x, results[0], ways.index(None), settings["max_shift"])
    return _spread([w for w in ways if w is not None], settings)


def explain(x: np.ndarray, out: np.ndarray, most: int, fill: str = "zeros") -> list[Way | None]:
    """Return for each image the flip and shift that give exactly `out`, or None."""
    found: list[Way | None] = [None] * len(x)
    for flipped in (False, True):
        base = x[..., ::-1] if flipped else x
        for down in range(-most, most + 1):
            for right in range(-most, most + 1):
                same = (_moved(base, down, right, fill) == out).all(axis=(1, 2, 3))
                for i in np.flatnonzero(same):
                    found[i] = found[i] or (flipped, down, right)
    return found


def _moved(x: np.ndarray, down: int, right: int, fill: str) -> np.ndarray:
    if fill == "edge":
        h, w = x.shape[2:]
        padded = np.pad(x, ((0, 0), (0, 0), (abs(down), abs(down)), (abs(right), abs(right))), mode="edge")
        top, left = abs(down) - down, abs(right) - right
        return padded[:, :, top : top + h, left : left + w]
    rolled = np.roll(x, (down, right), axis=(2, 3))
    if fill == "zeros":
        rolled[:, :, : max(down, 0)] = rolled[:, :, rolled.shape[2] + min(down, 0) :] = 0
        rolled[..., : max(right, 0)] = rolled[..., rolled.shape[3] + min(right, 0) :] = 0
    return rolled


def _generator_decides(first: np.ndarray, again: np.ndarray, other: np.ndarray) -> Verdict:
    if not np.array_equal(first, again):
        return Verdict.wrong(
            "Two generators of the same seed gave different images. Draw every random number from `rng`, none from np.random.",
            first, again, symptom="not from rng",
        )  # fmt: skip
    if np.array_equal(first, other):
        return Verdict.wrong("Generators of different seeds gave the same images: `rng` is not used.", symptom="rng not used")
    return Verdict.ok()


def _what_else(x: np.ndarray, out: np.ndarray, index: int, most: int) -> Verdict:
    if None not in explain(x, out, most, "wraps"):
        sentence, symptom = "What leaves on one side comes back on the other. Fill with zeros instead.", "wraps around"
    elif None not in explain(x[:, :, ::-1], out, most) or _either_way(x, out, most):
        sentence, symptom = "Some images stand upside down. Flip left to right: the last axis.", "upside down"
    elif None not in explain(x, out, most, "edge"):
        sentence, symptom = "The gap at the border is filled with copies of the border. Fill with zeros.", "edge"
    elif None not in explain(x, out, most + 2):
        sentence, symptom = f"Some images are shifted by more than {most} pixels.", "too far"
    else:
        sentence, symptom = (
            f"No shift of at most {most} pixels, filled with zeros, and no left-right flip makes this out of image {index}.",
            "unexplained",
        )
    return Verdict.wrong(sentence, x[index], out[index], where=f"[{index}]", symptom=symptom)


def _either_way(x: np.ndarray, out: np.ndarray, most: int) -> bool:
    upright, turned = explain(x, out, most), explain(x[:, :, ::-1], out, most)
    return all(a or b for a, b in zip(upright, turned, strict=True))


def _spread(ways: list[Way], settings: dict[str, Any]) -> Verdict:
    """Look at how the drawn shifts and flips are spread over the images."""
    flips, down, right = (np.array(part) for part in zip(*ways, strict=True))
    most, p = settings["max_shift"], settings["p_flip"]
    if most and len(set(zip(down.tolist(), right.tolist(), strict=True))) == 1:
        return Verdict.wrong(
            f"All {len(ways)} images are shifted alike, by ({down[0]}, {right[0]}). Each image should get a shift of its own.", symptom="one shift"
        )
    if 0 < p < 1 and (flips.all() or not flips.any()):
        which = "all" if flips.all() else "none"
        return Verdict.wrong(f"Of {len(ways)} images {which} are flipped. Toss a coin for each image.", symptom="one coin")
    share = float(flips.mean())
    if abs(share - p) > 4 * np.sqrt(p * (1 - p) / len(ways)):
        return Verdict.wrong(f"{share:.0%} of the images are flipped where {p:.0%} were asked for.", symptom=f"flip share {share > p}")
    for name, moved in (("up and down", down), ("left and right", right)):
        if most and not moved.any():
            return Verdict.wrong(f"No image ever moves {name}.", symptom=f"never {name}")
    one_way = [name for name, moved in (("down", down), ("up", -down), ("right", right), ("left", -right)) if max(moved) < 1]
    if most and one_way:
        return Verdict.wrong(f"No image ever moves {' or '.join(one_way)}. Shifts go both ways.", symptom="one way")
    for sign, name in ((1, "+"), (-1, "-")):
        if most and (max(sign * down) < most or max(sign * right) < most):
            return Verdict.wrong(f"Among {len(ways)} images none is shifted by {name}{most} in both directions. Is the end of the range left out?", symptom=f"never {name}")
    if most and np.array_equal(abs(down), abs(right)):
        return Verdict.wrong("Every image moves as far down as it moves right. Draw the two shifts separately.", symptom="on the diagonal")
    return Verdict.ok()


EXERCISE = Exercise(
    id="07.augment",
    title="More images than you have",
    objects=("augment",),
    points=2,
    cases=cases,
    probe="ch07.augment",
    judge=judge,
    mistakes=MISTAKES,
    forbids=DEEP_LIBRARIES,
    hints=(
        "How do I shift and fill with zeros? → Pad all images with max_shift zeros on each side; then cut a window of the old size out of "
        "each, at a place drawn by chance. A window that starts at max_shift is no shift.",
        "How do I draw for each image? → rng.integers(0, 2 * max_shift + 1, size=len(x)) gives a start per image; draw once for rows and once "
        "for columns. The end of integers is exclusive.",
        "And the flips? → rng.random(len(x)) < p_flip says for each image whether to flip. image[..., ::-1] is the image from right to left.",
        "Nearly everything:\n```python\nn, c, h, w = x.shape\npadded = np.pad(x, ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)))\n"
        "out = np.empty_like(x)\nfor i in range(n):\n    top, left = rng.integers(0, 2 * max_shift + 1, size=2)\n    image = padded[i, :, top : top + h, ...]\n"
        "    out[i] = image[..., ::-1] if rng.random() < p_flip else image\nreturn out\n```",
    ),
)
