"""The medical test: counts against exact fractions, one mark per person, and sliders that redraw."""

import math
from fractions import Fraction

import pytest

from dlcourse_utils.widgets.medical_test import draw_people, medical_test_explorer, outcome_of


@pytest.mark.parametrize(
    ("ill", "found", "false_alarm"), [("0.01", "0.9", "0.09"), ("0.2", "0.75", "0.5"), ("1", "0.5", "0.3")]
)
def test_counts_and_posterior_follow_from_exact_shares(ill, found, false_alarm):
    a, b, c = Fraction(ill), Fraction(found), Fraction(false_alarm)
    outcome = outcome_of(float(a), float(b), float(c))
    assert outcome.posterior == pytest.approx(float(a * b / (a * b + (1 - a) * c)))
    assert sum(outcome.counts) == 1000
    exact = (a * b, a * (1 - b), (1 - a) * c, (1 - a) * (1 - c))
    for count, share in zip(outcome.counts, exact, strict=True):
        assert abs(count - 1000 * share) <= 1


def test_the_famous_example_says_nine_in_a_hundred():
    sentence = outcome_of(0.01, 0.9, 0.09).sentence
    assert sentence == "Of 1000 people 98 get an alarm, and 9 of those are ill: P(ill | alarm) = 9.2%."


def test_no_alarm_at_all_has_no_posterior():
    outcome = outcome_of(0.3, 0.0, 0.0)
    assert math.isnan(outcome.posterior)
    assert outcome.sentence == "Nobody gets an alarm."
    assert 'alt="Nobody gets an alarm."' in medical_test_explorer(0.3, 0.0, 0.0).view.value


def test_every_person_has_a_mark_and_the_alarms_stand_left_of_the_line():
    outcome = outcome_of(0.013, 0.9, 0.09)
    ax = draw_people(outcome).axes[0]
    ill_alarm, healthy_alarm, missed, quiet, line = ax.lines
    people = (ill_alarm, healthy_alarm, missed, quiet)
    assert sum(len(marks.get_xdata()) for marks in people) == 1000
    places = {(x, y) for marks in people for x, y in zip(marks.get_xdata(), marks.get_ydata(), strict=True)}
    assert len(places) == 1000, "two people stand on one spot"
    border = line.get_xdata()[0]
    assert max(*ill_alarm.get_xdata(), *healthy_alarm.get_xdata()) < border
    assert min(*missed.get_xdata(), *quiet.get_xdata()) > border
    assert len({marks.get_marker() for marks in people}) == 4


def test_a_share_outside_zero_to_one_is_named():
    with pytest.raises(ValueError, match=r"found should lie between 0 and 1, not at 1\.2"):
        outcome_of(0.1, 1.2, 0.1)


def test_moving_a_slider_redraws():
    explorer = medical_test_explorer()
    ill, found, false_alarm, *_, view = explorer.children
    assert (ill.value, found.value, false_alarm.value) == (1.0, 90.0, 9.0)
    assert "9.2%" in view.value
    ill.value = 20.0
    assert outcome_of(0.2, 0.9, 0.09).sentence in view.value
