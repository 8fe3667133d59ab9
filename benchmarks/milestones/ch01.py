"""01.milestone_letter_model: two letters of memory; each seed draws the twelve chapters that judge it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlcourse_utils.data import ALPHABET, letters_only, load_austen

from . import Milestone, Solved, timed

HELD_OUT = 12


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    chapters = load_austen().chapters
    ours, one_letter, frequencies, seconds = [], [], [], []
    for seed in seeds:
        away = set(np.random.default_rng(seed).permutation(len(chapters))[:HELD_OUT].tolist())
        book = letters_only(" ".join(c for i, c in enumerate(chapters) if i not in away))
        unseen = letters_only(" ".join(c for i, c in enumerate(chapters) if i in away))
        model, took = timed(lambda book=book: solved["letter_model"](book, ALPHABET))
        read, ids = (np.array([ALPHABET.index(c) for c in text]) for text in (book, unseen))
        ours.append(float(-np.log2(model[ids[:-2], ids[1:-1], ids[2:]]).mean()))
        pairs = np.full((27, 27), 0.1)
        np.add.at(pairs, (read[:-1], read[1:]), 1)
        one_letter.append(float(-np.log2((pairs / pairs.sum(axis=1, keepdims=True))[ids[:-1], ids[1:]]).mean()))
        frequencies.append(float(-np.log2(np.bincount(read, minlength=27) / len(read))[ids].mean()))
        seconds.append(took)
    baselines = {"one letter of memory": one_letter, "frequencies of letters": frequencies}
    yield Milestone(
        "01.milestone_letter_model",
        "bits per character, held-out chapters",
        "2.95 in the check, from 30,000 letters",
        ".3f",
        ours,
        baselines,
        seconds,
        higher_is_better=False,
    )
