"""The three milestones on sequences: reviews, a novel, bicycles; one split each, another training for each seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from dlcourse_utils.baselines import CountingModel, bag_of_words_accuracy, bridged, forecast_errors
from dlcourse_utils.data import load_austen, load_bikeshare, load_movie_sentiment

from . import Milestone, Solved, timed

CUT, REVIEW_EPOCHS = 8_484, 6
HIDDEN, UPDATES, UNSEEN = 128, 1000, 20_000
TEST_FROM, BIKE_EPOCHS = 24 * 292, 10


def measure(solved: Solved, seeds: Sequence[int], device: str) -> Iterator[Milestone]:
    yield _reviews(solved, seeds, device)
    yield _novel(solved, seeds, device)
    yield _bicycles(solved, seeds, device)


def _reviews(solved: Solved, seeds: Sequence[int], device: str) -> Milestone:
    reviews = load_movie_sentiment()
    order = np.random.default_rng(0).permutation(len(reviews.texts))
    texts, labels = [reviews.texts[i] for i in order], (reviews.ratings[order] > 0).astype(int)
    ours, seconds = [], []
    for seed in seeds:
        (model, vocab), took = timed(
            lambda seed=seed: solved["train_sentiment"](texts[:CUT], labels[:CUT], REVIEW_EPOCHS, seed, device), device
        )
        ids, mask = solved["pad_batch"]([solved["encode"](text, vocab) for text in texts[CUT:]])
        with torch.no_grad():
            named = model(ids.to(device), mask.to(device)).argmax(dim=1).cpu().numpy()
        ours.append(float((named == labels[CUT:]).mean()))
        seconds.append(took)
    bag = bag_of_words_accuracy(texts[:CUT], labels[:CUT], texts[CUT:], labels[CUT:])
    return Milestone(
        "08.milestone_sentiment",
        "held-out sentences judged as people do",
        "75 % in the check, of a made-up language",
        ".1%",
        ours,
        {"TF-IDF + logistic regression": [bag]},
        seconds,
    )


def _novel(solved: Solved, seeds: Sequence[int], device: str) -> Milestone:
    novel = " ".join("\n".join(load_austen().chapters).split())
    characters = sorted(set(novel))
    ids, split = torch.tensor([characters.index(c) for c in novel]), int(0.9 * len(novel))
    unseen = ids[split : split + UNSEEN]
    ours, seconds = [], []
    for seed in seeds:
        model, took = timed(
            lambda seed=seed: solved["train_characters"](
                ids[:split], len(characters), HIDDEN, UPDATES, seed, device
            ),
            device,
        )
        with torch.no_grad():
            logits = model(unseen[None, :-1].to(device), None)[0][0].cpu()
        ours.append(torch.nn.functional.cross_entropy(logits, unseen[1:]).item() / np.log(2))
        seconds.append(took)
    table = CountingModel(novel[:split], 5, "".join(characters))
    held_out = novel[split : split + UNSEEN]
    baselines = {f"table, {k} characters back": [table.bits_per_character(held_out, k)] for k in (5, 3)}
    return Milestone(
        "08.milestone_characters",
        "bits per character, held-out chapters",
        "0.3 below the letters' frequencies, in the check",
        ".2f",
        ours,
        baselines,
        seconds,
        higher_is_better=False,
    )


def _bicycles(solved: Solved, seeds: Sequence[int], device: str) -> Milestone:
    demand = bridged(load_bikeshare().bikers)
    past, future = solved["make_windows"](demand[TEST_FROM - 168 :], 168, 24)
    windows = solved["make_windows"](demand[:TEST_FROM], 48, 24)
    ours, seconds = [], []
    for seed in seeds:
        predict, took = timed(lambda seed=seed: solved["train_forecaster"](*windows, BIKE_EPOCHS, seed, device), device)
        ours.append(float(np.abs(predict(past[:, -48:]) - future).mean()))
        seconds.append(took)
    errors = forecast_errors(past, future, *solved["make_windows"](demand[:TEST_FROM], 168, 24))
    kept = ("linear regression, 168 hours", "same hour a week ago", "same hour yesterday")
    return Milestone(
        "08.milestone_bikes",
        "mean absolute error in bicycles, 1 to 24 hours ahead",
        "1.1 times “yesterday”, in the check",
        ".1f",
        ours,
        {name: [float(errors[name].mean())] for name in kept},
        seconds,
        higher_is_better=False,
    )
