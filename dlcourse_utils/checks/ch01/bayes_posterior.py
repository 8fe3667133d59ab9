"""01.bayes_posterior: what to believe after seeing something."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def prior(k: int) -> np.ndarray:
        return rng.dirichlet(np.full(k, 2.0)) * 0.9 + 0.1 / k

    rare = float(rng.uniform(0.002, 0.02))
    test = np.array([rng.uniform(0.85, 0.95), rng.uniform(0.05, 0.12)])
    yield Case("a medical test", args=(np.array([rare, 1 - rare]), test))
    yield Case("five hypotheses", args=(prior(5), rng.uniform(0.05, 0.9, size=5)))
    likelihood = rng.uniform(0.1, 0.8, size=4)
    likelihood[2] = 0.0
    yield Case("one hypothesis is ruled out", args=(prior(4), likelihood))
    excluded = prior(4)
    excluded[0] = 0.0
    yield Case("one was impossible before", args=(excluded / excluded.sum(), rng.uniform(0.2, 0.9, size=4)))
    tiny = rng.integers(1, 9, size=6) * 5e-324
    yield Case("likelihoods at the end of the floats, 5e-324", args=(np.full(6, 1 / 6), tiny), weight=2.0)
    unlikely = np.array([1 - 3e-10, 1e-10, 2e-10]), np.array([0.0, 5e-318, 1e-318]) * rng.uniform(1, 2)
    yield Case("unlikely and rare", args=unlikely)
    huge = rng.uniform(1, 9, size=3) * np.array([30.0, 2.0, 400.0])
    yield Case("densities above one", args=(prior(3), huge))


def oracle(prior, likelihood):
    """Exact fractions: no float is rounded before the end."""
    products = [Fraction(float(p)) * Fraction(float(q)) for p, q in zip(prior, likelihood, strict=True)]
    total = sum(products)
    return np.array([float(product / total) for product in products])


def _safe(prior, likelihood):
    """The right posterior, for the mistakes that have another flaw."""
    with np.errstate(divide="ignore"):
        log_p = np.log(prior) + np.log(likelihood)
    p = np.exp(log_p - log_p.max())
    return p / p.sum()


def not_normalised(prior, likelihood):
    """Your products do not sum to 1 yet. Divide by their sum, which is the probability of what you saw."""
    return prior * likelihood


def adds_in_place_of_multiplying(prior, likelihood):
    """You add prior and likelihood. Both must hold at once, so they multiply: what was impossible before
    stays impossible."""
    total = prior + likelihood
    return total / total.sum()


def underflows(prior, likelihood):
    """The products are smaller than the smallest float and become 0, and 0 / 0 is NaN. Only ratios matter:
    divide by the largest first, or add logarithms and subtract the largest."""
    joint = prior * likelihood
    return joint / joint.sum()


def propped_up_with_eps(prior, likelihood):
    """A small number in the denominator prevents 0 / 0, but all your probabilities become 0 with tiny
    likelihoods. Rescale before you multiply."""
    joint = prior * likelihood
    return joint / (joint.sum() + 1e-12)


def prior_ignored(prior, likelihood):
    """You normalise the likelihood and forget the prior. That is the classic mistake with rare diseases: a
    good test does not make them common."""
    scaled = likelihood / likelihood.max()
    return scaled / scaled.sum()


def likelihood_ignored(prior, likelihood):
    """You return the prior: what you saw has changed nothing."""
    return prior / prior.sum()


def log_probabilities(prior, likelihood):
    """You return logarithms. Asked for are probabilities, which sum to 1."""
    with np.errstate(divide="ignore"):
        return np.log(_safe(prior, likelihood))


def divides_by_the_largest(prior, likelihood):
    """You divide by the largest product, so the best hypothesis gets 1. Divide by the sum: together they get
    1."""
    p = _safe(prior, likelihood)
    return p / p.max()


def winner_takes_all(prior, likelihood):
    """You give everything to the likeliest hypothesis. The others keep their share of belief."""
    p = _safe(prior, likelihood)
    return (p == p.max()).astype(float)


EXERCISE = Exercise(
    id="01.bayes_posterior",
    title="Bayes' rule",
    objects=("bayes_posterior",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        not_normalised,
        adds_in_place_of_multiplying,
        underflows,
        propped_up_with_eps,
        prior_ignored,
        likelihood_ignored,
        log_probabilities,
        divides_by_the_largest,
        winner_takes_all,
    ),
    hints=(
        "What is the rule in words? → posterior ∝ prior × likelihood: multiply element by element, then divide"
        " by the sum so that it adds up to 1.",
        "Where does NaN come from? → A product below 5e-324 is 0 for a computer. The posterior does not change"
        " when all likelihoods are multiplied by the same number: what happens if you divide by the largest"
        " product, computed with logarithms?",
        "What about log(0)? → It is -inf, with a warning, and exp(-inf) is 0 again: exactly right. You can"
        " silence the warning with np.errstate(divide='ignore').",
        "```python\nlog_joint = np.log(prior) + np.log(likelihood)\njoint = np.exp(log_joint - log_joint.max())"
        "\nreturn joint / joint.sum()\n```",
    ),
)
