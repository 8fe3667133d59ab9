"""Numbers as colours: blue below zero, white at zero, red above."""

from __future__ import annotations

import base64
import io

import numpy as np

BLUE, WHITE, RED = np.array([33, 102, 172]), np.array([255, 255, 255]), np.array([178, 24, 43])
SIDE, LARGEST = 220, 20  # pixels: of a picture, about; of one cell, at most
SMALLEST = 4  # a cell needs so many pixels for its cross
LOWEST = 16  # a vector's only row is as high as a line of text


def shade(values: np.ndarray, limit: float) -> np.ndarray:
    """Return 8-bit colours, shape (*values.shape, 3): full blue at -limit, full red at limit, grey for NaN.

    The ends are those of ColorBrewer's RdBu, which colour-blind people tell apart.
    """
    with np.errstate(invalid="ignore"):
        strength = np.clip(values / limit, -1, 1)[..., None]
    colours = WHITE + np.abs(strength) * (np.where(strength < 0, BLUE, RED) - WHITE)
    return np.where(np.isnan(strength), 190, colours).round().astype(np.uint8)


def heatmap(values: np.ndarray, limit: float, crossed: np.ndarray | None = None) -> str:
    """Return a picture of a 2-D array as a data address: PNG, one rectangle a cell, those of `crossed` with a cross."""
    from matplotlib.image import imsave  # writes the file; a figure would take a hundred times as long

    side = 3 * SIDE if len(values) == 1 else SIDE  # three pictures stand beside each other, single rows below
    cell = max(SMALLEST, min(LARGEST, side // max(values.shape)))
    high = max(cell, LOWEST) if len(values) == 1 else cell
    pixels = np.kron(shade(values, limit), np.ones((high, cell, 1), np.uint8))
    if crossed is not None:
        inside = np.arange(1, cell - 1)
        for row, column in np.argwhere(crossed):
            top, left = row * high + (high - cell) // 2, column * cell
            square = pixels[top : top + cell, left : left + cell]
            colour = 255 if int(square[0, 0].sum()) < 380 else 0
            square[inside, inside] = square[inside, cell - 1 - inside] = colour
    pixels = np.pad(pixels, ((1, 1), (1, 1), (0, 0)), constant_values=60)  # a frame: zeros are as white as the page
    file = io.BytesIO()
    imsave(file, np.ascontiguousarray(pixels), format="png")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
