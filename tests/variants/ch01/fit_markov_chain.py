"""01.fit_markov_chain written in other ways; each must pass."""

from collections import Counter, defaultdict

import numpy as np


def count_and_divide(text, order=1):
    grams = [text[i : i + order] for i in range(len(text) - order + 1)]
    vocabulary = sorted(set(grams))
    place = {gram: i for i, gram in enumerate(vocabulary)}
    counts = np.zeros((len(vocabulary), len(vocabulary)))
    for here, following in zip(grams, grams[1:]):
        counts[place[here], place[following]] += 1
    counts[counts.sum(axis=1) == 0] = 1
    return counts / counts.sum(axis=1, keepdims=True), vocabulary


def with_numpy(text, order=1):
    grams = np.array([text[i : i + order] for i in range(len(text) - order + 1)])
    vocabulary, ids = np.unique(grams, return_inverse=True)
    counts = np.zeros((len(vocabulary),) * 2, dtype=int)
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    total = counts.sum(1)
    matrix = np.full(counts.shape, 1 / len(vocabulary))
    matrix[total > 0] = counts[total > 0] / total[total > 0, None]
    return matrix, tuple(vocabulary)


def with_counters(text, order=1):
    after = defaultdict(Counter)
    for i in range(len(text) - order):
        after[text[i : i + order]][text[i + 1 : i + 1 + order]] += 1
    vocabulary = sorted({text[i : i + order] for i in range(len(text) - order + 1)})
    rows = []
    for gram in vocabulary:
        if after[gram]:
            total = sum(after[gram].values())
            rows.append([after[gram][g] / total for g in vocabulary])
        else:
            rows.append([1 / len(vocabulary)] * len(vocabulary))
    return np.array(rows), vocabulary


def vocabulary_as_a_string(text, order=1):
    matrix, vocabulary = count_and_divide(text, order)
    return matrix, "".join(vocabulary) if order == 1 else vocabulary


def one_hot_products(text, order=1):
    grams = [text[i : i + order] for i in range(len(text) - order + 1)]
    vocabulary = np.unique(grams)
    hot = (np.array(grams)[:, None] == vocabulary).astype(float)
    counts = hot[:-1].T @ hot[1:]
    total = counts.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return [np.where(total == 0, 1 / len(vocabulary), counts / total), vocabulary]


VARIANTS = (count_and_divide, with_numpy, with_counters, vocabulary_as_a_string, one_hot_products)
