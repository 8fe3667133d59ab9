"""01.bayes_posterior written in other ways; each must pass."""

from fractions import Fraction

import numpy as np
from scipy import special


def with_logarithms(prior, likelihood):
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + np.log(likelihood)
    joint = np.exp(log_joint - log_joint.max())
    return joint / joint.sum()


def rescaled_first(prior, likelihood):
    possible = np.where(prior > 0, likelihood, 0)
    joint = prior * (possible / possible.max())
    joint = joint / joint.max()
    return joint / joint.sum()


def with_scipy(prior, likelihood):
    return special.softmax(np.log(prior) + np.log(likelihood))


def ratios_to_the_best(prior, likelihood):
    best = np.argmax(np.log(prior) + np.log(likelihood))
    ratios = (likelihood / likelihood[best]) * (prior / prior[best])
    return ratios / np.sum(ratios)


def exact(prior, likelihood):
    joint = [Fraction(a) * Fraction(b) for a, b in zip(prior.tolist(), likelihood.tolist())]
    return np.array([float(j / sum(joint)) for j in joint])


VARIANTS = (with_logarithms, rescaled_first, with_scipy, ratios_to_the_best, exact)
