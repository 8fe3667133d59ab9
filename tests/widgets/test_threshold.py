"""Four counts from one threshold, against scikit-learn, and a widget that follows its slider."""

import numpy as np
import pytest
from sklearn import metrics

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.threshold import decide, draw_decision, threshold_explorer


@pytest.fixture
def patients():
    rng = np.random.default_rng(0)
    y = (rng.random(400) < 0.2).astype(int)
    return y, 1 / (1 + np.exp(-(rng.normal(size=400) + 2 * y - 1)))


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.5, 0.9])
def test_counts_and_ratios_agree_with_scikit_learn(patients, threshold):
    y, score = patients
    now, called = decide(y, score, threshold), (score >= threshold).astype(int)
    (cleared, alarms), (missed, found) = metrics.confusion_matrix(y, called, labels=[0, 1])
    assert (now.found, now.missed, now.false_alarms, now.cleared) == (found, missed, alarms, cleared)
    assert now.precision == pytest.approx(metrics.precision_score(y, called, zero_division=0))
    assert now.recall == pytest.approx(metrics.recall_score(y, called))
    assert now.accuracy == pytest.approx(metrics.accuracy_score(y, called))


def test_nobody_called_has_precision_zero_and_says_so(patients):
    y, score = patients
    assert decide(y, score, 1.1).precision == 0
    assert f"0 of {y.sum()} sick found" in decide(y, score, 1.1).sentence


def test_the_drawn_curve_has_the_area_under_the_roc(patients):
    y, score = patients
    curve = draw_decision(y, score, 0.5).axes[1].lines[0]
    area = -np.trapezoid(curve.get_ydata(), curve.get_xdata())
    assert area == pytest.approx(metrics.roc_auc_score(y, score), abs=0.01)


def test_the_widget_follows_its_slider(patients):
    slider, *_, view = threshold_explorer(*patients).children
    slider.value = 0.2
    assert view.value == threshold_explorer(*patients, 0.2).view.value


@pytest.mark.parametrize(
    ("y", "score"),
    [([0, 0], [0.1, 0.2]), ([0, 1], [0.1, 1.2]), ([0, 1], [0.1, np.nan]), ([0, 1, 1], [0.1, 0.2])],
)
def test_what_is_no_diagnosis_is_refused(y, score):
    with pytest.raises(CourseError):
        threshold_explorer(np.array(y), np.array(score))
