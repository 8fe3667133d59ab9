"""Pictures of a reader of sentences: its learning curve, its confusion matrix, its opinion after each word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

ANSWERS = ("displeased", "pleased")


def draw_learning_curve(epochs: Sequence[int], seen: Sequence[float], unseen: Sequence[float], baseline: float) -> None:
    """Draw accuracies after so many epochs, on sentences seen in training and on others, beside the bag of words'."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7, 3))
    ax.plot(epochs, seen, "ks--", label="sentences it was trained on")
    ax.plot(epochs, unseen, "C0o-", label="held-out sentences")
    ax.axhline(baseline, color="k", linestyle=":", label="TF-IDF + logistic regression, held out")
    ax.set(title="Learning curve of the reader", xlabel="epochs", ylabel="accuracy", ylim=(0.5, 1.0), xticks=epochs)
    ax.legend(fontsize=8, loc="lower right")
    fig.tight_layout()


def draw_confusion(labels: np.ndarray, guesses: np.ndarray) -> None:
    """Draw how often each guess (0 or 1) met each label: rows are labels, columns guesses."""
    import matplotlib.pyplot as plt

    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (labels, guesses), 1)
    fig, ax = plt.subplots(figsize=(3.6, 2.9))
    ax.imshow(table, cmap="Greys", vmin=0, vmax=2 * table.max())
    for row in range(2):
        for column in range(2):
            ax.text(column, row, str(table[row, column]), ha="center", va="center", fontsize=13)
    ax.set(title="Held-out sentences", xlabel="your LSTM says", ylabel="people say")
    ax.set_xticks([0, 1], ANSWERS)
    ax.set_yticks([0, 1], ANSWERS, rotation=90, va="center")
    fig.tight_layout()


def draw_opinions(opinions: Mapping[str, np.ndarray]) -> None:
    """Draw sentence → P(pleased) after each of its words, a panel for each sentence."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(opinions), 1, figsize=(9, 1.6 * len(opinions)), sharey=True)
    for ax, (sentence, p) in zip(axes, opinions.items(), strict=True):
        words = sentence.split()
        ax.plot(p, "ko-", markersize=4)
        ax.axhline(0.5, color="0.7", linewidth=0.8)
        ax.set(ylim=(-0.05, 1.05), yticks=[0, 0.5, 1], xlim=(-0.5, len(words) - 0.5))
        ax.set_xticks(range(len(words)), words, fontsize=8)
    axes[0].set_title("P(pleased) after each word")
    fig.supylabel("probability")
    fig.tight_layout()
