"""05.he_init: twice the variance, because ReLU silences half (He, Zhang, Ren and Sun 2015)."""

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .drawing import cases, judge_variance


def judge(case: Case, observation: Observation) -> Verdict:
    return judge_variance(case, observation, lambda n_in, n_out: 2 / n_in)


def std_in_place_of_variance(fan_in, fan_out, rng):
    """2 / fan_in is the variance, and rng.normal takes the standard deviation: give it the square root."""
    return rng.normal(0, 2 / fan_in, size=(fan_in, fan_out))


def fans_swapped(fan_in, fan_out, rng):
    """You divide by fan_out. What adds up in a neuron are its fan_in inputs: the variance is 2 / fan_in."""
    return rng.normal(0, np.sqrt(2 / fan_out), size=(fan_in, fan_out))


def shape_swapped(fan_in, fan_out, rng):
    """Your array has shape (fan_out, fan_in). Weights stand as (in, out) here, so that x @ w works."""
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_out, fan_in))


def the_two_forgotten(fan_in, fan_out, rng):
    """Your variance is 1 / fan_in. ReLU sets half of its inputs to 0 and so halves the mean square that goes on; the 2
    makes up for that."""
    return rng.normal(0, np.sqrt(1 / fan_in), size=(fan_in, fan_out))


def uniform_up_to_the_std(fan_in, fan_out, rng):
    """You draw uniformly between -s and s with s² = 2 / fan_in. A uniform draw up to a has the variance a² / 3 only, so
    the limit must be √(6 / fan_in)."""
    limit = np.sqrt(2 / fan_in)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def xavier_instead(fan_in, fan_out, rng):
    """This is Xavier's rule, 2 / (fan_in + fan_out). He's looks at the inputs only: 2 / fan_in."""
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def standard_normal(fan_in, fan_out, rng):
    """Your weights have variance 1, whatever the width. Then every layer multiplies the signal by √(fan_in / 2)."""
    return rng.normal(size=(fan_in, fan_out))


def one_hundredth(fan_in, fan_out, rng):
    """You use 0.01 for every width, an old habit. In wide layers it happens to be about right, in others the signal
    dies out layer by layer."""
    return 0.01 * rng.normal(size=(fan_in, fan_out))


def a_generator_of_its_own(fan_in, fan_out, rng):
    """You make a new generator inside, so two layers of the same size get the same weights. Draw from the `rng` you are
    given."""
    return np.random.default_rng(0).normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))


def pytorch_default(fan_in, fan_out, rng):
    """You draw uniformly between -1/√fan_in and 1/√fan_in, which is what PyTorch's Linear does by itself: a variance of
    1 / (3 fan_in), a sixth of He's. For 2 / fan_in the limit is √(6 / fan_in)."""
    limit = 1 / np.sqrt(fan_in)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


EXERCISE = Exercise(
    id="05.he_init",
    title="He initialisation",
    objects=("he_init",),
    points=1,
    cases=cases,
    judge=judge,
    probe="drawn_weights",
    mistakes=(
        std_in_place_of_variance,
        fans_swapped,
        shape_swapped,
        the_two_forgotten,
        uniform_up_to_the_std,
        xavier_instead,
        standard_normal,
        one_hundredth,
        a_generator_of_its_own,
        pytorch_default,
    ),
    hints=(
        "Which number counts, in or out? → A neuron adds up fan_in products. The more there are, the smaller each must be.",
        "Why a 2? → ReLU lets half of the inputs through. Twice the variance makes up for the missing half.",
        "```python\nreturn rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))\n```",
    ),
)
