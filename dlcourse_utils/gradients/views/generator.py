"""What the discriminator tells the generator: its surface, and the arrows that the generator feels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ...errors import CourseError
from .style import BLUE, RED
from .view import View, label_contours, panels

if TYPE_CHECKING:
    import torch
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class GeneratorArrows(View):
    """x (W,), y (H,), probability (H, W) = D's "real"; real (M, 2), fake (N, 2) points; arrows: loss name →
    (N, 2).

    An arrow is −dL/d(sample) of one fake sample's own loss: the direction in which G moves it, and how
    strongly.

    Cures: "G minimises and D maximises the same loss, in practice too". With log(1 − D) a sample that D is
    sure about gets almost no arrow; with −log D it gets the longest.
    """

    how_to_read: ClassVar[str] = (
        "shading and contour lines: the probability that D calls a point real. Circles are real, crosses "
        "fake. An arrow "
        "is where the generator's loss pushes that sample; both panels draw lengths on the same scale. The "
        "number is the "
        "mean length: where it is small, the generator starves."
    )
    size: ClassVar[tuple[float, float]] = (9.0, 4.8)

    x: np.ndarray
    y: np.ndarray
    probability: np.ndarray
    real: np.ndarray
    fake: np.ndarray
    arrows: Mapping[str, np.ndarray]

    def draw(self, ax: Axes) -> None:
        ax.set_title("The discriminator's surface and what the generator feels", pad=24)
        longest = max((float(np.linalg.norm(a, axis=1).max()) for a in self.arrows.values() if len(a)), default=0.0)
        width = float(self.x[-1] - self.x[0])
        grid = panels(ax, 1, len(self.arrows), gap=(0.1, 0.0))
        for panel, (name, arrows) in zip(grid[0], self.arrows.items(), strict=True):
            panel.contourf(self.x, self.y, self.probability, levels=np.linspace(0, 1, 11), cmap="Greys", alpha=0.45)
            lines = panel.contour(
                self.x, self.y, self.probability, levels=[0.01, 0.1, 0.5, 0.9, 0.99], colors="#444444", linewidths=0.7
            )
            panel.plot(*self.real.T, "o", color=BLUE, markersize=4, markerfacecolor="none", label="real")
            panel.plot(*self.fake.T, "x", color=RED, markersize=5, label="fake")
            if longest > 0:
                panel.quiver(
                    *self.fake.T, *arrows.T, angles="xy", scale_units="xy", scale=longest / (0.2 * width), width=0.006,
                    color="black", zorder=3,
                )  # fmt: skip
            mean = float(np.linalg.norm(arrows, axis=1).mean()) if len(arrows) else 0.0
            panel.set_title(f"{name}: mean length {mean:.2g}", fontsize=9)
            panel.set_xlim(self.x[0], self.x[-1])
            panel.set_ylim(self.y[0], self.y[-1])
            label_contours(panel, lines, fmt="%g")
            panel.set_xlabel("first feature")
            if panel is not grid[0][0]:
                panel.tick_params(labelleft=False)
        grid[0][0].set_ylabel("second feature")
        grid[0][0].legend(fontsize=8, loc="lower right")


def generator_arrows(
    discriminator: torch.nn.Module, real: Any, fake: Any, margin: float = 0.3, resolution: int = 60
) -> GeneratorArrows:
    """Evaluate a discriminator of points in the plane, (N, 2) → logits (N,) or (N, 1), and its pull on each
    fake sample.

    The losses are "saturating" log(1 − D) and "non-saturating" −log D, of one sample each. The mode and every
    .grad stay as found. Raises CourseError unless both sets are (N, 2).
    """
    import torch
    from torch.nn.functional import softplus

    from ..attribution.frozen import evaluating

    like = next(discriminator.parameters(), torch.empty(0))
    points = {name: torch.as_tensor(p).detach().to(like) for name, p in (("real", real), ("fake", fake))}
    for name, p in points.items():
        if p.dim() != 2 or p.shape[1] != 2 or not len(p):
            raise CourseError(f"The {name} points have shape {tuple(p.shape)}; (N, 2) was expected.")
    everything = torch.cat(list(points.values())).cpu().double().numpy()
    low, high = everything.min(axis=0), everything.max(axis=0)
    centre, half = (low + high) / 2, (0.5 + margin) * max(float((high - low).max()), 1e-6)
    x, y = (np.linspace(c - half, c + half, resolution) for c in centre)
    grid = torch.as_tensor(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)).to(like)
    arrows = {}
    with evaluating(discriminator), torch.enable_grad():
        with torch.no_grad():
            surface = torch.sigmoid(discriminator(grid).reshape(-1)).reshape(resolution, resolution)
        for name, sign in (("saturating log(1 − D)", 1), ("non-saturating −log D", -1)):
            samples = points["fake"].clone().requires_grad_()
            logits = discriminator(samples).reshape(-1)
            loss = (-softplus(logits) if sign == 1 else softplus(-logits)).sum()
            (gradient,) = torch.autograd.grad(loss, samples)
            arrows[name] = -gradient.cpu().double().numpy()
    both = {name: p.cpu().double().numpy() for name, p in points.items()}
    return GeneratorArrows(x, y, surface.cpu().double().numpy(), both["real"], both["fake"], arrows)
