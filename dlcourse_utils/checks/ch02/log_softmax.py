"""02.log_softmax: log-probabilities that survive any gap."""

from collections.abc import Iterator

import numpy as np
from scipy.special import log_softmax as scipy_log_softmax

from ..authoring import Case, Exercise, Observation, Verdict
from ._capped import compare_prices


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("5 samples, 4 classes", args=(rng.normal(size=(5, 4)) * 2,))
    yield Case("3 samples, 7 classes", args=(rng.normal(size=(3, 7)),))
    yield Case("one sample", args=(rng.normal(size=(1, 6)),))
    yield Case("whole numbers", args=(rng.integers(-3, 4, size=(4, 3)),))
    gap = np.array([[-400.0, 400, -399, 399], [-2, 3, -1600, 2], [350, -460, 349, 30]])
    gap += rng.uniform(-0.4, 0.4, size=gap.shape)
    yield Case("logits of one row 800 apart", args=(gap,), weight=2.0)
    alone = np.array([[0.0, 1, -1, 2500], [2400, 2, 0, -2], [1, 0, 2600, -1]])
    alone += rng.uniform(-0.4, 0.4, size=alone.shape)
    yield Case("one logit far above the rest of its row", args=(alone,))
    far = np.array([[1000.0, 1001.0, 999.0], [720.0, 721.0, 722.5]])
    yield Case("logits near 1000", args=(far + rng.uniform(-0.4, 0.4, size=far.shape),), weight=2.0)


def oracle(z):
    return scipy_log_softmax(np.asarray(z, dtype=np.float64), axis=1)


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the oracle; a price that is capped is recognised by that, whatever small number caps it."""
    return compare_prices(oracle(*case.args), observation.value)


def log_of_softmax(z):
    """Where one logit lies 800 below another, its softmax is too small for a float and becomes 0, and log(0)
    is -inf. The right answer is about -800. Take the logarithm on paper first: log softmax(z) = z - m -
    log(sum(exp(z - m)))."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True))


def propped_up_with_eps(z):
    """Adding a small number inside the log hides the -inf but answers -14 (for 1e-6) or -28 (for 1e-12) where -800 is
    right: the far-off class looks almost possible. Simplify the formula instead of propping it up."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True) + 1e-6)


def overflows(z):
    """log(sum(exp(z))) is right on paper, but exp(z) overflows for large logits. Subtract each row's largest
    logit before exp."""
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def maximum_lost_on_the_way(z):
    """You take the maximum away inside exp but not in front: what you subtract from z is then too small by m.
    Use z - m in both places."""
    m = z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


def over_the_batch(z):
    """You normalise over the batch (axis 0). Each sample's probabilities should sum to 1: work along axis
    1."""
    m = z.max(axis=0)
    return z - m - np.log(np.exp(z - m).sum(axis=0))


def keepdims_forgotten(z):
    """A sum along axis 1 has shape (N,) and lines up with the classes. keepdims=True keeps it (N, 1), beside
    the samples."""
    m = z.max(axis=1, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=1))


def base_two(z):
    """You use log2. Logarithms here are natural ones (np.log), the inverse of exp."""
    m = z.max(axis=1, keepdims=True)
    return (z - m) / np.log(2) - np.log2(np.exp(z - m).sum(axis=1, keepdims=True))


def sign_flipped(z):
    """Your values are positive. A probability is at most 1, so its logarithm is at most 0; the minus belongs
    to the loss."""
    m = z.max(axis=1, keepdims=True)
    return np.log(np.exp(z - m).sum(axis=1, keepdims=True)) + m - z


def softmax_without_log(z):
    """These are probabilities. Their logarithms are asked for."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def changes_its_input(z):
    """z -= … writes into the caller's logits. Write z = z - …, which makes a new array."""
    z -= z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def mean_in_place_of_max(z):
    """Subtracting the row's mean changes nothing on paper, but the mean does not stop exp from overflowing. Only the row's
    largest logit makes every exponent ≤ 0."""
    shifted = z - z.mean(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def sum_forgotten(z):
    """log(exp(z - m)) is z - m again, so you subtract each number from itself. The logarithm is of the row's *sum*:
    np.exp(z - m).sum(axis=1, keepdims=True)."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted))


def log_forgotten(z):
    """You subtract the row's sum itself. A quotient's logarithm is log a - log b: subtract the *logarithm* of the sum."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=1, keepdims=True)


def base_ten_for_the_sum(z):
    """np.log10 is the logarithm to base 10. Here it is the natural one, np.log, the inverse of exp."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log10(np.exp(shifted).sum(axis=1, keepdims=True))


def base_two_for_the_sum(z):
    """np.log2 is the logarithm to base 2. Here it is the natural one, np.log, the inverse of exp."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log2(np.exp(shifted).sum(axis=1, keepdims=True))


def sum_over_the_batch(z):
    """Your maximum runs along the rows, as it should, but your sum runs down the columns (axis=0). Each row is normalised
    for itself: sum(axis=1, keepdims=True)."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


def sum_over_the_whole_array(z):
    """Your sum has no axis, so it adds up the whole batch. Each row is normalised for itself: sum(axis=1,
    keepdims=True)."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum())


EXERCISE = Exercise(
    id="02.log_softmax",
    title="Log-softmax",
    objects=("log_softmax",),
    points=2,
    cases=cases,
    judge=judge,
    mistakes=(
        log_of_softmax,
        propped_up_with_eps,
        overflows,
        maximum_lost_on_the_way,
        over_the_batch,
        keepdims_forgotten,
        base_two,
        sign_flipped,
        softmax_without_log,
        changes_its_input,
        mean_in_place_of_max,
        sum_forgotten,
        log_forgotten,
        base_ten_for_the_sum,
        base_two_for_the_sum,
        sum_over_the_batch,
        sum_over_the_whole_array,
    ),
    hints=(
        "Why not simply np.log(softmax(z))? → Try z = np.array([[0.0, 800.0]]). What is softmax of it, and"
        " what is the log of that?",
        "How do I simplify it? → log(a / b) = log a - log b, and log(exp(u)) = u. Only the log of the sum"
        " is left.",
        "Large logits give inf. → Let m be the row's maximum and use z - m in place of z, everywhere.",
        "```python\nshifted = z - z.max(axis=1, keepdims=True)\n"
        "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))\n```",
    ),
)
