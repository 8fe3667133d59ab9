"""Eighty years of neural networks in one picture: `draw_timeline(ax)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that changed the field. `source` is where it was published; `chapter` is where learners build it."""

    year: int
    name: str
    what: str
    source: str
    chapter: str = ""


EVENTS = (
    Event(1943, "The neuron on paper", "a sum and a threshold can compute logic",
          "W. McCulloch, W. Pitts, Bulletin of Mathematical Biophysics 5", "02"),
    Event(1958, "Perceptron", "a machine sets its own weights from examples",
          "F. Rosenblatt, Psychological Review 65", "02"),
    Event(1969, "“Perceptrons”, the book", "proves what a single layer can never do",
          "M. Minsky, S. Papert, MIT Press"),
    Event(1986, "Backpropagation", "gradients for all layers; hidden layers learn",
          "D. Rumelhart, G. Hinton, R. Williams, Nature 323", "03"),
    Event(1989, "Convolutional network", "reads postcodes on letters",
          "Y. LeCun and others, Neural Computation 1", "07"),
    Event(1997, "LSTM", "a network that remembers over long sequences",
          "S. Hochreiter, J. Schmidhuber, Neural Computation 9", "08"),
    Event(2006, "Deep belief network", "deep stacks can be trained, layer by layer",
          "G. Hinton, S. Osindero, Y.-W. Teh, Neural Computation 18"),
    Event(2012, "AlexNet", "errors in naming photographs fall from 26 % to 15 %",
          "A. Krizhevsky, I. Sutskever, G. Hinton, NIPS 25", "07"),
    Event(2014, "GAN", "two networks play a game; one learns to draw",
          "I. Goodfellow and others, NIPS 27", "10"),
    Event(2015, "ResNet", "shortcuts make 152 layers trainable",
          "K. He, X. Zhang, S. Ren, J. Sun, arXiv:1512.03385", "07"),
    Event(2017, "Transformer", "attention alone, no recurrence",
          "A. Vaswani and others, NIPS 30", "09"),
    Event(2021, "AlphaFold 2", "protein shapes from their sequences",
          "J. Jumper and others, Nature 596"),
    Event(2022, "ChatGPT", "language models reach everyone",
          "OpenAI, released in November 2022"),
)  # fmt: skip

WINTERS = ((1974, 1980), (1987, 1993))  # years of little money and less hope; the ends are a matter of opinion
FIRST, LAST = 1938, 2030


def draw_timeline(ax: Any) -> Any:
    """Draw the events as a staircase, one row each, true to scale from left to right; return `ax`."""
    for start, end in WINTERS:
        ax.axvspan(start, end, color="k", alpha=0.08, linewidth=0, zorder=5)  # over the white boxes of the labels
        middle = (start + end) / 2
        ax.text(middle, len(EVENTS) - 0.35, "“AI winter”", ha="center", va="center", fontsize=8, color="0.35")
    for row, event in enumerate(EVENTS):
        ax.plot([event.year] * 2, [row, len(EVENTS)], color="0.85", linewidth=0.8, zorder=1)
        ax.plot(event.year, row, "o", color="C0", markeredgecolor="k", markersize=7, zorder=3)
        right = event.year < 1985  # early events have room on their right, late ones on their left
        where = f" ({event.chapter})" if event.chapter else ""
        ax.annotate(
            f"{event.year} · {event.name}{where}\n{event.what}",
            (event.year, row),
            xytext=(10 if right else -10, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.9},
            zorder=4,
        )
    ax.set(xlim=(FIRST, LAST), ylim=(len(EVENTS), -1), yticks=[])
    ax.set(xlabel="year", title="Eighty years of neural networks")
    ax.set_xticks(range(1940, 2030, 10))
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    return ax
