"""How far the gradient of a minibatch lies from that of the whole data set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import BLUE, GREY, RED
from .view import View, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class MinibatchNoise(View):
    """sizes (B,); cosine and noise (B, repeats).

    cosine   of the angle between the minibatch's and the full gradient
    noise    ‖minibatch − full‖ / ‖full‖
    expected (B,) the root mean square noise that the spread of the single gradients predicts, without
    replacement

    Cures: "twice the batch, twice as good a gradient". The error falls with the square root of the batch
    size.
    """

    how_to_read: ClassVar[str] = (
        "each dot is one random minibatch. Left: 1 is the full gradient's direction, 0 tells nothing about "
        "it. Right: the "
        "error beside the gradient's own length; the dashed line falls as 1/√batch. Above the line at 1 "
        "there is more "
        "noise than gradient, and training works all the same."
    )
    size: ClassVar[tuple[float, float]] = (8.0, 3.8)

    sizes: np.ndarray
    cosine: np.ndarray
    noise: np.ndarray
    expected: np.ndarray

    def draw(self, ax: Axes) -> None:
        ax.set_title("Minibatch gradients beside the full one", pad=16)
        ((left, right),) = panels(ax, 1, 2, gap=(0.25, 0.0))
        for panel, values, colour in ((left, self.cosine, BLUE), (right, self.noise, RED)):
            # a little to the sides, so that equal dots do not hide each other
            spread = self.sizes[:, None] * np.linspace(0.9, 1.1, values.shape[1])[None, :]
            panel.plot(spread, values, ".", color=colour, alpha=0.5, markersize=4)
            level = np.sqrt(np.mean(values**2, axis=1)) if panel is right else np.mean(values, axis=1)
            panel.plot(self.sizes, level, color="black", marker="_", markersize=12, linestyle="")
            panel.set_xscale("log", base=2)
            panel.set_xlabel("batch size")
        left.set_ylabel("cosine to the full gradient")
        left.set_ylim(min(-0.05, float(self.cosine.min()) - 0.05), 1.05)
        left.axhline(0, color="black", linewidth=0.6)
        right.plot(self.sizes, self.expected, color=GREY, linestyle="--", label="expected")
        right.axhline(1, color="black", linewidth=0.6)
        right.set_yscale("log")
        right.set_ylabel("‖error‖ / ‖full gradient‖")
        right.legend(fontsize=8)


def minibatch_noise(
    gradient_of: Callable[[np.ndarray], Any],
    samples: int,
    sizes: Sequence[int] = (1, 4, 16, 64, 256),
    repeats: int = 20,
    seed: int = 0,
) -> MinibatchNoise:
    """Compare minibatch gradients with the full one.

    gradient_of(indices)   your mean gradient over those samples, as one array or a list, tuple or dict of
                           arrays
    samples                how many there are; batches are drawn without replacement, larger `sizes` are left
                           out
    Raises CourseError when the full gradient is zero or no size fits.
    """
    rng = np.random.default_rng(seed)
    used = [int(s) for s in sizes if 1 <= s <= samples]
    if not used:
        raise CourseError(f"No batch size of {list(sizes)} fits {samples} samples.")
    full = _flat(gradient_of(np.arange(samples)))
    length = float(np.linalg.norm(full))
    if not length > 0:
        raise CourseError("The full gradient is 0 or NaN here, so nothing can be compared with it; take other weights.")
    cosine, noise = np.empty((len(used), repeats)), np.empty((len(used), repeats))
    for i, size in enumerate(used):
        for k in range(repeats):
            g = _flat(gradient_of(rng.choice(samples, size=size, replace=False)))
            cosine[i, k] = g @ full / max(float(np.linalg.norm(g)) * length, 1e-300)
            noise[i, k] = np.linalg.norm(g - full) / length
    # noise² of batch B without replacement is σ² (N − B) / (B (N − 1)); every batch size gives an estimate of
    # σ²
    batch = np.asarray(used)
    shape = (samples - batch) / (batch * max(samples - 1, 1))
    inside = shape > 0
    variance = np.median(np.mean(noise[inside] ** 2, axis=1) / shape[inside]) if inside.any() else 0.0
    expected = np.where(inside, np.sqrt(variance * shape), np.nan)
    return MinibatchNoise(batch, cosine, noise, expected)


def _flat(gradient: Any) -> np.ndarray:
    if isinstance(gradient, dict):
        gradient = list(gradient.values())
    if isinstance(gradient, list | tuple):
        return np.concatenate([_flat(g) for g in gradient]) if len(gradient) else np.empty(0)
    return np.asarray(gradient, dtype=float).reshape(-1)
