"""08.encode written in other ways; each must pass."""

import numpy as np


def look_up(text, vocab):
    unknown = vocab["<unk>"]
    return [vocab.get(word, unknown) for word in text.lower().split()]


def with_try(text, vocab):
    ids = []
    for word in text.split():
        try:
            ids.append(vocab[word.lower()])
        except KeyError:
            ids.append(1)
    return ids


def numpy_integers(text, vocab):
    words = text.lower().split()
    return list(np.array([vocab[w] if w in vocab else vocab["<unk>"] for w in words], dtype=np.int64))


VARIANTS = (look_up, with_try, numpy_integers)
