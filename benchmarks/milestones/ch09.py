"""09.milestone_pronounce: sounds of 1,000 held-out words, beside an LSTM with as many and with twice as many steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
import torch

from dlcourse_utils.baselines.pronouncer import train_lstm_pronouncer
from dlcourse_utils.data import LETTERS, PHONEMES, load_cmudict

from . import Milestone, Solved, timed

WORDS, STEPS = 40_000, 800  # the chapter's, on the CPU


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    spoken = load_cmudict().words(3, 8)
    tokens = ["<pad>", "<end>", "<say>", *LETTERS, *PHONEMES]
    settings = {  # what the chapter's own functions look up by name
        "spoken": spoken,
        "PAD": 0,
        "END": 1,
        "SAY": 2,
        "TOKENS": tokens,
        "TOKEN_ID": {token: i for i, token in enumerate(tokens)},
        "LONGEST": max(len(spelling) + len(sounds) for spelling, sounds in spoken.items()) + 2,
        "device": torch.device(device),
    }
    cast(dict, solved).update(settings)
    words = np.random.default_rng(0).permutation(sorted(spoken)).tolist()
    test, train = words[:1000], words[1000 : 1000 + WORDS]
    ids, mask = solved["as_sequences"](train)
    ours, as_many, twice, seconds = [], [], [], []
    for seed in seeds:
        model, took = timed(
            lambda seed=seed: solved["train_pronouncer"](ids, mask, len(tokens), STEPS, seed, device), device
        )
        ours.append(solved["phoneme_error_rate"](model, test))
        for rates, steps in ((as_many, STEPS), (twice, 2 * STEPS)):
            lstm = train_lstm_pronouncer(ids, mask, len(tokens), steps, seed, device)
            rates.append(solved["phoneme_error_rate"](lstm, test))
        seconds.append(took)
    baselines = {"LSTM, as many steps": as_many, "LSTM, twice as many steps": twice}
    yield Milestone(
        "09.milestone_pronounce",
        "phoneme error rate, held-out words",
        "35 % in the check, of a made-up language",
        ".1%",
        ours,
        baselines,
        seconds,
        higher_is_better=False,
    )
