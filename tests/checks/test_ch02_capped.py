"""Whatever small number props up a logarithm, the loss's check says so; other errors are not mistaken for that."""

import numpy as np
import pytest
from scipy.special import expit, softmax

from autograde.proof import run
from dlcourse_utils.checks import get
from dlcourse_utils.checks.ch02._capped import compare_prices


def bce(eps):
    def bce_with_logits(z, t):
        p = expit(z)
        return -np.mean(t * np.log(p + eps) + (1 - t) * np.log(1 - p + eps))

    return bce_with_logits


def log_p(eps):
    return lambda z: np.log(softmax(z, axis=1) + eps)


def price(eps):
    return lambda z, labels: -np.mean(np.log(np.clip(softmax(z, axis=1), eps, 1))[np.arange(len(labels)), labels])


@pytest.mark.parametrize("eps", [1e-6, 1e-9, 1e-12, 1e-15])
@pytest.mark.parametrize(("name", "made"), [("bce_with_logits", bce), ("log_softmax", log_p), ("cross_entropy", price)])
def test_any_small_number_is_recognised(name, made, eps):
    found = run(get(f"02.{name}"), (made(eps),), seed=3).diagnosis
    assert found is not None
    assert (found.name, found.share) == ("propped_up_with_eps", "")


@pytest.mark.parametrize("got", [900.0, 0.5, -28.0, float("inf"), float("nan"), np.array([28.0]), None])
def test_other_failures_keep_their_verdict(got):
    verdict = compare_prices(925.0, got)
    assert not verdict.passed
    assert verdict.symptom == ""


def test_one_wrong_ordinary_value_is_enough_to_rule_a_cap_out():
    expected = np.array([-800.0, -0.7, -0.7])
    assert compare_prices(expected, np.array([-28.0, -0.7, -0.7])).symptom
    assert not compare_prices(expected, np.array([-28.0, -1.0, -0.7])).symptom
    assert compare_prices(expected, expected).passed
