"""10.js_divergence: in nats, with zeros; laid beside entropies, H(m) − (H(p) + H(q)) / 2."""

from collections.abc import Iterator

import numpy as np
from scipy.special import entr, rel_entr

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two distributions over 5", (rng.dirichlet(np.full(5, 0.7)), rng.dirichlet(np.full(5, 0.7))))
    p, q = rng.dirichlet(np.ones(7)), rng.dirichlet(np.ones(7))
    p[1] = q[4] = 0.0
    p[5] = q[5] = 0.0
    yield Case("with zeros", (p / p.sum(), q / q.sum()))
    yield Case("nothing in common", (np.append(rng.dirichlet(np.ones(3)), [0.0, 0.0]), np.append([0.0] * 3, rng.dirichlet(np.ones(2)))))
    near = rng.dirichlet(np.full(6, 3.0))
    yield Case("nearly the same", (near, 0.9 * near + 0.1 * rng.dirichlet(np.full(6, 3.0))))


def oracle(p: np.ndarray, q: np.ndarray) -> float:
    return float(entr((p + q) / 2).sum() - (entr(p).sum() + entr(q).sum()) / 2)


def kl_in_place_of_js(p, q):
    """This is KL(p ‖ q), which is infinite as soon as q misses something. JS compares each with their average m = (p + q) / 2."""
    return float(rel_entr(p, q).sum())


def symmetric_kl(p, q):
    """You average KL(p ‖ q) and KL(q ‖ p). JS compares both with their *average* m = (p + q) / 2, so it stays finite."""
    return float((rel_entr(p, q).sum() + rel_entr(q, p).sum()) / 2)


def not_halved(p, q):
    """You add the two KL divergences to the average; take half of each. The largest JS divergence is log 2 = 0.693."""
    m = (p + q) / 2
    return float(rel_entr(p, m).sum() + rel_entr(q, m).sum())


def average_not_halved(p, q):
    """Your m is p + q, which sums to 2. The average is (p + q) / 2."""
    m = p + q
    return float((rel_entr(p, m).sum() + rel_entr(q, m).sum()) / 2)


def one_side_only(p, q):
    """You compare only p with the average. JS is the mean of KL(p ‖ m) and KL(q ‖ m), the same when p and q change places."""
    return float(rel_entr(p, (p + q) / 2).sum())


def in_bits(p, q):
    """You use log2, so yours is in bits. Nats are asked for: the natural logarithm."""
    m = (p + q) / 2
    return float((rel_entr(p, m).sum() + rel_entr(q, m).sum()) / 2 / np.log(2))


def nan_at_zero(p, q):
    """0 · log 0 gives NaN in NumPy, and here it counts as 0: what never happens adds nothing. Sum only over the entries that are positive."""
    m = (p + q) / 2
    return float(((p * np.log(p / m)).sum() + (q * np.log(q / m)).sum()) / 2)


def its_root(p, q):
    """You return the Jensen–Shannon *distance*, the root of the divergence, as SciPy's jensenshannon does. Asked for is the divergence itself, without the root."""
    m = (p + q) / 2
    return float(np.sqrt((rel_entr(p, m).sum() + rel_entr(q, m).sum()) / 2))


EXERCISE = Exercise(
    id="10.js_divergence",
    title="How far apart are two distributions?",
    objects=("js_divergence",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(kl_in_place_of_js, symmetric_kl, not_halved, average_not_halved, one_side_only, in_bits, nan_at_zero),
    conventions=(its_root,),
    hints=(
        "What is m? → The average of the two, (p + q) / 2. Then half of KL(p ‖ m) and half of KL(q ‖ m).",
        "NaN where a probability is 0. → Sum over the positive entries: k = p > 0; (p[k] * np.log(p[k] / m[k])).sum(). m is positive wherever p is.",
        "Nearly everything:\n```python\ndef kl(a, b):\n    k = a > 0\n    return (a[k] * np.log(a[k] / b[k])).sum()\nm = ...\nreturn 0.5 * kl(p, m) + ...\n```",
    ),
)
