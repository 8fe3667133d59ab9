"""Rows of small images: `draw_images({"row's name": images, …})`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def draw_images(rows: Mapping[str, Any], title: str = "", columns: tuple[str, ...] = ()) -> None:
    """Draw each row's images (n, H, W) or (n, 1, H, W) side by side, dark paper for the smallest pixel value.

    columns: names above the first row.
    """
    import matplotlib.pyplot as plt

    pictures = {name: np.asarray(images).reshape(len(images), *np.shape(images)[-2:]) for name, images in rows.items()}
    n = max(len(images) for images in pictures.values())
    fig, axes = plt.subplots(len(rows), n, figsize=(9.5, 0.3 + 0.83 * len(rows)), squeeze=False)
    for line, (name, images) in zip(axes, pictures.items(), strict=True):
        for ax in line:
            ax.axis("off")
        for ax, image in zip(line, images, strict=False):
            ax.imshow(image, cmap="gray", vmin=images.min(), vmax=images.max())
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center", fontsize=9)
    for ax, name in zip(axes[0], columns, strict=False):
        ax.set_title(name, fontsize=9)
    if title:
        fig.suptitle(title, fontsize=10)
