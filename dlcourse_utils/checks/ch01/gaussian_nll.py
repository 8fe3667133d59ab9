"""01.gaussian_nll: how surprising are these numbers to a bell curve?"""

from collections.abc import Iterator

import numpy as np
from scipy.stats import norm

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    x = rng.normal(size=9) * 3 + 1
    yield Case("nine numbers, one bell curve", args=(x, float(rng.uniform(0.5, 2)), float(rng.uniform(1.5, 4))))
    table = rng.normal(size=(5, 3)) * 2
    yield Case("a curve for each column", args=(table, rng.normal(size=3), rng.uniform(0.3, 3, size=3)))
    own = rng.normal(size=(4, 2)), rng.normal(size=(4, 2)) + 0.5, rng.uniform(1.2, 2.5, size=(4, 2))
    yield Case("a curve for each number", args=own)
    column = rng.normal(size=(6, 1)) + 2, rng.normal(size=4), rng.uniform(0.4, 2, size=4)
    yield Case("every number under each of four curves", args=column, weight=2.0)
    yield Case("whole numbers", args=(rng.integers(-5, 6, size=7), 2, 3))
    yield Case("90 standard deviations out", args=(np.array([91.0, 1.3, -88.5]) + rng.uniform(0, 0.5, 3), 0.5, 1.02))


def oracle(x, mu, sigma):
    return float(-norm.logpdf(x, loc=mu, scale=sigma).mean())


def _nll(x, mu, sigma):
    return 0.5 * ((x - mu) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)


def log_sigma_forgotten(x, mu, sigma):
    """log σ is missing. Without it a huge σ would make every surprise small for free."""
    return np.mean(0.5 * ((x - mu) / sigma) ** 2 + 0.5 * np.log(2 * np.pi) + 0 * sigma)


def sigma_taken_as_variance(x, mu, sigma):
    """You treat σ as if it were the variance σ². Here it is the standard deviation: square it under the
    (x - μ)², and do not halve log σ."""
    return np.mean(0.5 * (x - mu) ** 2 / sigma + 0.5 * np.log(sigma) + 0.5 * np.log(2 * np.pi))


def half_forgotten(x, mu, sigma):
    """The factor ½ in front of the squared distance is missing."""
    return np.mean(((x - mu) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi))


def distance_not_squared(x, mu, sigma):
    """You do not square the distance. The bell curve falls with exp(-½ z²), z = (x - μ) / σ."""
    return np.mean(0.5 * np.abs(x - mu) / sigma + np.log(sigma) + 0.5 * np.log(2 * np.pi))


def summed(x, mu, sigma):
    """You add up the surprises. Asked for is their mean."""
    return np.sum(_nll(x, mu, sigma))


def divided_by_the_size_of_x(x, mu, sigma):
    """You divide by the number of elements of x. When mu or sigma stretch it, there are more terms than that;
    take .mean() of the stretched array."""
    return np.sum(_nll(x, mu, sigma)) / np.size(x)


def minus_forgotten(x, mu, sigma):
    """This is the log-likelihood. The *negative* of it is asked for: less likely, larger loss."""
    return -np.mean(_nll(x, mu, sigma))


def logarithm_of_zero(x, mu, sigma):
    """Far out the density underflows to exactly 0, and its logarithm is -inf. Take the logarithm on paper:
    log of exp(-½ z²) is just -½ z²."""
    density = np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    return -np.mean(np.log(density))


def mean_of_densities_first(x, mu, sigma):
    """You average the densities and take one logarithm at the end. Each number has a surprise of its own:
    logarithm first, then the mean."""
    density = np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    return -np.log(np.mean(density))


def one_value_per_element(x, mu, sigma):
    """You return one surprise per element. Take their mean."""
    return _nll(x, mu, sigma)


def constant_dropped(x, mu, sigma):
    """You leave out ½ log 2π. Many do, PyTorch's GaussianNLLLoss among them, because it changes no gradient.
    Here it belongs in: only with it is this the logarithm of a true density."""
    return np.mean(0.5 * ((x - mu) / sigma) ** 2 + np.log(sigma))


EXERCISE = Exercise(
    id="01.gaussian_nll",
    title="Surprise under a bell curve",
    objects=("gaussian_nll",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        log_sigma_forgotten,
        sigma_taken_as_variance,
        half_forgotten,
        distance_not_squared,
        summed,
        divided_by_the_size_of_x,
        minus_forgotten,
        logarithm_of_zero,
        mean_of_densities_first,
        one_value_per_element,
    ),
    conventions=(constant_dropped,),
    hints=(
        "Where does the logarithm go? → Into the formula, on paper. The log of a product is a sum of logs, and"
        " log(exp(-½ z²)) = -½ z² with z = (x - μ) / σ.",
        "Which three terms are left? → ½ z², log σ and ½ log(2π), all with a plus sign, because the whole is"
        " negated.",
        "My mean is too large when mu has another shape than x. → Build the whole expression first, let NumPy"
        " stretch it, and take .mean() of the result.",
        "```python\nz = (x - mu) / sigma\nreturn float(np.mean(0.5 * z**2 + np.log(sigma) + 0.5 * np.log(2 *"
        " np.pi)))\n```",
    ),
)
