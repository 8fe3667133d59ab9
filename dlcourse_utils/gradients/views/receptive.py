"""Which input pixels one unit looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import AMOUNT, RED
from .view import View

if TYPE_CHECKING:
    import torch
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class ReceptiveField(View):
    """weight (H, W): mean |d unit / d pixel| over random inputs, scaled to a largest value of 1.

    box         (top, left, height, width) of all pixels with any gradient
    effective   fraction of the box's pixels that together carry 95 % of the gradient

    Cures: "a 15 × 15 receptive field sees 15 × 15 pixels". It sees the middle well and the rim hardly.
    Source: Luo et al., Understanding the Effective Receptive Field (2016).
    """

    how_to_read: ClassVar[str] = (
        "the darker a pixel, the more the unit's value changes with it. The frame holds every pixel "
        "that reaches the unit at all."
    )
    size: ClassVar[tuple[float, float]] = (5.2, 5.0)

    weight: np.ndarray
    box: tuple[int, int, int, int]
    effective: float

    def draw(self, ax: Axes) -> None:
        from matplotlib.patches import Rectangle

        image = ax.imshow(self.weight, cmap=AMOUNT, vmin=0, vmax=1, interpolation="nearest")
        top, left, height, width = self.box
        if height and width:
            ax.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, fill=False, edgecolor=RED, linewidth=1.5))
            title = f"{height} × {width} pixels, 95 % of the gradient in {self.effective:.0%} of them"
        else:
            title = "No pixel reaches this unit"
        ax.set_title(title, fontsize=10)
        ax.set(xlabel="column", ylabel="row")
        ax.figure.colorbar(image, ax=ax, label="mean |gradient|, largest = 1", shrink=0.8)


def receptive_field(
    model: torch.nn.Module,
    shape: tuple[int, int, int],
    unit: tuple[int, int, int] | None = None,
    samples: int = 32,
    seed: int = 0,
) -> ReceptiveField:
    """Take the gradient of one output unit of a convolutional network with respect to random images.

    model   maps (N, C, H, W) to (N, F, h, w); shape is (C, H, W); unit is (channel, row, column), by default
            the middle
    The mode and every .grad stay as found. Raises CourseError when the output is no map or the unit lies
    outside.
    """
    import torch

    from ..attribution.frozen import evaluating

    generator = torch.Generator().manual_seed(seed)
    like = next(model.parameters(), torch.empty(0))
    x = torch.randn(samples, *shape, generator=generator).to(like).requires_grad_()
    with evaluating(model), torch.enable_grad():
        out = model(x)
        if out.dim() != 4:
            raise CourseError(
                f"The model gives an output of shape {tuple(out.shape)}; a map (N, F, h, w) was expected: "
                f"pass the convolutional part only."
            )
        place = unit or (0, out.shape[2] // 2, out.shape[3] // 2)
        if any(not 0 <= i < n for i, n in zip(place, out.shape[1:], strict=True)):
            raise CourseError(f"There is no unit {place} in an output of shape {tuple(out.shape[1:])}.")
        (grad,) = torch.autograd.grad(out[(slice(None), *place)].sum(), x)
    weight: Any = grad.abs().mean(dim=(0, 1)).double().cpu().numpy()
    rows, columns = np.flatnonzero(weight.any(axis=1)), np.flatnonzero(weight.any(axis=0))
    if not rows.size:
        return ReceptiveField(weight, (0, 0, 0, 0), 0.0)
    box = (int(rows[0]), int(columns[0]), int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1))
    falling = np.cumsum(np.sort(weight.reshape(-1))[::-1]) / weight.sum()
    needed = int(np.searchsorted(falling, 0.95) + 1)
    return ReceptiveField(weight / weight.max(), box, needed / (box[2] * box[3]))
