"""04.iterate_minibatches written in other ways; each must pass."""

import numpy as np


def generator(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


def list_of_pairs(x, y, batch_size, rng):
    order = np.arange(len(y))
    rng.shuffle(order)
    cuts = range(batch_size, len(x), batch_size)
    return [[x[rows], y[rows]] for rows in np.split(order, cuts)]


def sorted_by_random_keys(x, y, batch_size, rng):
    order = np.argsort(rng.random(len(x)))
    x, y = x[order], y[order]
    return zip(
        (x[i : i + batch_size] for i in range(0, len(x), batch_size)),
        (y[i : i + batch_size] for i in range(0, len(x), batch_size)),
        strict=True,
    )


def one_sample_at_a_time(x, y, batch_size, rng):
    rows = []
    for i in rng.choice(len(x), size=len(x), replace=False):
        rows.append(int(i))
        if len(rows) == batch_size:
            yield np.stack([x[r] for r in rows]), np.array([y[r] for r in rows])
            rows = []
    if rows:
        yield np.take(x, rows, axis=0), np.take(y, rows)


class draws_when_asked:
    def __init__(self, x, y, batch_size, rng):
        self.x, self.y, self.size, self.left = x, y, batch_size, list(rng.permutation(len(x)))

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        rows, self.left = self.left[: self.size], self.left[self.size :]
        return self.x[rows], self.y[rows]


VARIANTS = (generator, list_of_pairs, sorted_by_random_keys, one_sample_at_a_time, draws_when_asked)
