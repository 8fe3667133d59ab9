"""05.xavier_init: a variance that suits the way forward and the way back (Glorot and Bengio 2010)."""

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .drawing import cases, judge_variance


def judge(case: Case, observation: Observation) -> Verdict:
    return judge_variance(case, observation, lambda n_in, n_out: 2 / (n_in + n_out))


def caffe_fan_in_only(fan_in, fan_out, rng):
    """Your variance is 1 / fan_in. Caffe calls that "xavier", and it is LeCun's older rule. Here Glorot and Bengio's own
    compromise between the way forward and the way back is asked for: 2 / (fan_in + fan_out)."""
    return rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in)


def std_in_place_of_variance(fan_in, fan_out, rng):
    """2 / (fan_in + fan_out) is the variance, and rng.normal takes the standard deviation: give it the square root."""
    return rng.normal(0, 2 / (fan_in + fan_out), size=(fan_in, fan_out))


def fans_swapped(fan_in, fan_out, rng):
    """Your array has shape (fan_out, fan_in). Weights stand as (in, out) here, so that x @ w works."""
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_out, fan_in))


def uniform_up_to_the_std(fan_in, fan_out, rng):
    """You draw uniformly between -s and s with s² = 2 / (fan_in + fan_out). A uniform draw up to a has the variance
    a² / 3 only, so the limit must be √(6 / (fan_in + fan_out))."""
    limit = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def limit_given_to_normal(fan_in, fan_out, rng):
    """√(6 / (fan_in + fan_out)) is the limit of the uniform form. As the standard deviation of a normal it is √3 times
    too large."""
    return rng.normal(0, np.sqrt(6 / (fan_in + fan_out)), size=(fan_in, fan_out))


def all_positive(fan_in, fan_out, rng):
    """All your weights are positive: the draw is not centred at 0, and the sums in the next layer will run away."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return limit * 2 * rng.random((fan_in, fan_out))


def the_two_forgotten(fan_in, fan_out, rng):
    """Your variance is 1 / (fan_in + fan_out). The mean of the two fans is half their sum, and one over that is
    2 / (fan_in + fan_out)."""
    return rng.normal(0, np.sqrt(1 / (fan_in + fan_out)), size=(fan_in, fan_out))


def he_instead(fan_in, fan_out, rng):
    """This is He's rule, 2 / fan_in, for ReLU layers. Xavier's is 2 / (fan_in + fan_out)."""
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))


def a_generator_of_its_own(fan_in, fan_out, rng):
    """You make a new generator inside, so two layers of the same size get the same weights. Draw from the `rng` you are
    given."""
    return np.random.default_rng(0).normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


def the_global_generator(fan_in, fan_out, rng):
    """You draw from np.random, so the run cannot be repeated from its seed. Draw from `rng`."""
    return np.random.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


EXERCISE = Exercise(
    id="05.xavier_init",
    title="Xavier initialisation",
    objects=("xavier_init",),
    points=1,
    cases=cases,
    judge=judge,
    probe="drawn_weights",
    mistakes=(
        std_in_place_of_variance,
        fans_swapped,
        uniform_up_to_the_std,
        limit_given_to_normal,
        all_positive,
        the_two_forgotten,
        he_instead,
        a_generator_of_its_own,
        the_global_generator,
    ),
    conventions=(caffe_fan_in_only,),
    hints=(
        "How do I draw with a given variance? → rng.normal(0, s, size=…) draws with the standard deviation s, the square root of "
        "the variance.",
        "My variance is far too small. → Did you give the variance where the standard deviation belongs?",
        "I would rather draw uniformly. → Between -a and a the variance is a²/3. Set a²/3 = 2 / (fan_in + fan_out).",
        "```python\nreturn rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))\n```",
    ),
)
