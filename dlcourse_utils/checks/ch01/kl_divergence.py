"""01.kl_divergence: the price of believing q when p is true."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.special import rel_entr

from ..authoring import Case, Exercise, Observation, Verdict, compare


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def shares(k: int) -> np.ndarray:
        return rng.dirichlet(np.full(k, 1.5)) * 0.9 + 0.1 / k

    yield Case("two outcomes", args=(shares(2), shares(2)))
    yield Case("six outcomes", args=(shares(6), shares(6)))
    yield Case("27 outcomes", args=(shares(27), shares(27)))
    p = shares(5)
    p[1] = 0.0
    yield Case("something that never happens", args=(p / p.sum(), shares(5)), weight=2.0)
    p, q = shares(4), shares(4)
    p[3] = q[3] = 0.0
    yield Case("something that never happens and is not expected", args=(p / p.sum(), q / q.sum()))
    q = shares(4)
    q[2] = 0.0
    yield Case("something happens that was held impossible", args=(shares(4), q / q.sum()), weight=1.5)
    yield Case("whole numbers: sure of the third", args=(np.array([0, 0, 1, 0]), shares(4)))


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with SciPy's relative entropy; say apart the two ways of losing an infinity."""
    p, q = case.args
    terms = rel_entr(p, q)
    verdict = compare(float(terms.sum()), observation.value)
    got = observation.value
    if verdict.passed or not np.isinf(terms).any() or not isinstance(got, (int, float)) or not np.isfinite(got):
        return verdict
    skipped = np.isclose(got, terms[np.isfinite(terms)].sum())
    return replace(verdict, symptom="terms skipped" if skipped else "made finite")


def _terms(p, q):
    """p log(p/q), with 0 where p is 0."""
    happens = p > 0
    ratio = np.divide(p, q, out=np.ones(len(p)), where=happens)
    return np.where(happens, p * np.log(ratio), 0.0)


def reversed_arguments(p, q):
    """You computed KL(q ‖ p). The weights and the top of the fraction belong to p, the truth; the two
    directions differ."""
    return _terms(q, p).sum()


def base_two(p, q):
    """You use log2, which measures in bits. Here it is nats: the natural logarithm np.log."""
    return _terms(p, q).sum() / np.log(2)


def nan_where_p_is_zero(p, q):
    """0 · log 0 is NaN on a computer. Where p is 0 nothing happens, so nothing is paid: leave those terms
    out."""
    return np.sum(p * np.log(p / q))


def propped_up_with_eps(p, q):
    """The small number that you add keeps log and division quiet, but turns the infinite price of an outcome
    held impossible into an ordinary one. Skip the terms with p = 0 and leave the rest exact."""
    return np.sum(p * np.log((p + 1e-12) / (q + 1e-12)))


def skips_where_q_is_zero(p, q):
    """You also skip the outcomes with q = 0. Where p > 0 and q = 0, something happened that q held
    impossible, and the answer is infinite."""
    both = (p > 0) & (q > 0)
    return np.sum(p[both] * np.log(p[both] / q[both]))


def minus_forgotten_or_too_many(p, q):
    """The sign is wrong: log(p / q) with a plus, or log(q / p) with a minus. The divergence is never
    negative."""
    return -_terms(p, q).sum()


def cross_entropy_only(p, q):
    """This is the cross-entropy -Σ p log q. Subtract p's own entropy, so that p against itself costs 0."""
    happens = p > 0
    return -np.sum(p[happens] * np.log(q[happens]))


def weights_forgotten(p, q):
    """You add up log(p / q) without the weights p. Each outcome counts as often as it happens."""
    happens = p > 0
    return np.sum(np.log(p[happens] / q[happens]))


def averaged(p, q):
    """You take the mean of the terms. The weights p are the averaging already: sum them."""
    return _terms(p, q).mean()


def both_directions(p, q):
    """You average both directions (or more: a symmetric version). Asked for is KL(p ‖ q) alone."""
    return 0.5 * (_terms(p, q).sum() + _terms(q, p).sum())


EXERCISE = Exercise(
    id="01.kl_divergence",
    title="The price of a wrong belief",
    objects=("kl_divergence",),
    points=1,
    cases=cases,
    judge=judge,
    mistakes=(
        reversed_arguments,
        base_two,
        nan_where_p_is_zero,
        propped_up_with_eps,
        skips_where_q_is_zero,
        minus_forgotten_or_too_many,
        cross_entropy_only,
        weights_forgotten,
        averaged,
        both_directions,
    ),
    hints=(
        "I get NaN. → Somewhere p is 0, and 0 · log 0 is NaN for NumPy. Those terms should count as 0: select"
        " the others first, with p > 0.",
        "What about q = 0? → If p is 0 there too, the term is gone already. If p > 0, the answer is infinite,"
        " and p / 0 gives inf by itself.",
        "```python\nhappens = p > 0\nreturn float(np.sum(p[happens] * np.log(p[happens] / q[happens])))\n```",
    ),
)
