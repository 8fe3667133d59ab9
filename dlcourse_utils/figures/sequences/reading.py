"""A recurrent network while it reads a line, and the trace of one changed letter: `read_letters`, `draw_reading`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

LETTERS, UNITS = " abcdefghijklmnopqrstuvwxyz", 24


def read_letters(step: Callable[..., Any], text: str) -> np.ndarray:
    """Return the states (T, 24) of a network with random weights that reads a text of small letters and blanks.

    step(x, h, Wx, Wh, b) → (new h, cache) is the learner's. Each letter comes in as a one-hot row of 27. Wh is a
    rotation: it turns the state and keeps its length, so that only the tanh lets a trace fade.
    """
    rng = np.random.default_rng(4)
    rotation = np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0]
    letters_in = 0.4 * rng.normal(size=(len(LETTERS), UNITS))
    h, states = np.zeros((1, UNITS)), []
    for letter in text:
        x = np.eye(len(LETTERS))[[LETTERS.index(letter)]]  # (1, 27)
        h, _ = step(x, h, letters_in, rotation, np.zeros(UNITS))
        states.append(h[0])
    return np.array(states)


def draw_reading(states: np.ndarray, others: np.ndarray, line: str, changed: int) -> None:
    """Draw the states (T, H) above, and below how far a second reading is from them, letter by letter.

    others (T, H): the states while reading the same line with its letter number `changed` replaced.
    """
    import matplotlib.pyplot as plt

    fig, (upper, lower) = plt.subplots(2, 1, figsize=(9, 4.4), height_ratios=[2, 1], sharex=True)
    picture = upper.imshow(states.T, aspect="auto", cmap="PuOr", vmin=-1, vmax=1)
    fig.colorbar(picture, ax=[upper, lower], label="value of the unit")
    upper.set(title=f"{states.shape[1]} hidden units while reading", ylabel="hidden unit")
    lower.semilogy(np.linalg.norm(states - others, axis=1), "ko-", markersize=4)
    lower.axvline(changed, color="C1", linestyle="--")
    lower.set(xlabel="letter read", ylabel="difference", title="How far apart the two readings are")
    lower.set_xticks(range(len(line)), list(line))
