"""01.milestone_letter_model written in other ways; each must pass."""

from collections import Counter

import numpy as np


def add_a_tenth(text, vocabulary):
    place = {c: i for i, c in enumerate(vocabulary)}
    ids = np.array([place[c] for c in text])
    counts = np.full((len(vocabulary),) * 3, 0.1)
    np.add.at(counts, (ids[:-2], ids[1:-1], ids[2:]), 1)
    return counts / counts.sum(axis=2, keepdims=True)


def add_one_with_a_loop(text, vocabulary):
    v = len(vocabulary)
    counts = np.ones((v, v, v))
    ids = [vocabulary.index(c) for c in text]
    for a, b, c in zip(ids, ids[1:], ids[2:]):
        counts[a, b, c] += 1
    return np.array([[row / row.sum() for row in table] for table in counts])


def mixed_with_shorter_memories(text, vocabulary):
    v = len(vocabulary)
    ids = np.array([vocabulary.index(c) for c in text])
    flat = np.bincount((ids[:-2] * v + ids[1:-1]) * v + ids[2:], minlength=v**3).reshape(v, v, v)
    single = (flat.sum(axis=(0, 1)) + 1) / (flat.sum() + v)
    pairs = (flat.sum(axis=0) + 5 * single) / (flat.sum(axis=(0, 2))[:, None] + 5)
    return (flat + 5 * pairs) / (flat.sum(axis=2, keepdims=True) + 5)


def with_counters(text, vocabulary):
    triples = Counter(zip(text, text[1:], text[2:]))
    raw = np.array([[[triples[a, b, c] for c in vocabulary] for b in vocabulary] for a in vocabulary])
    return np.einsum("abc,ab->abc", raw + 0.5, 1 / (raw + 0.5).sum(-1))


VARIANTS = (add_a_tenth, add_one_with_a_loop, mixed_with_shorter_memories, with_counters)
