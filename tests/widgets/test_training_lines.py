"""Four orders of the same lines, against the recurrences worked out by hand, and a widget that follows."""

import pytest

from dlcourse_utils.widgets.training_lines import ORDERS, ROUNDS, draw_run, run_lines, sentence, training_lines

RIGHT, NO_ZERO, LOST, LATE = ORDERS


def path(order: str) -> list[float]:
    """w after each round."""
    lines = run_lines(order)
    return [line.w for i, line in enumerate(lines) if i + 1 == len(lines) or lines[i + 1].round != line.round]


def test_the_right_order_walks_a_fifth_of_the_way_in_each_round() -> None:
    want = [3 - 3 * 0.8**n for n in range(1, ROUNDS + 1)]
    assert path(RIGHT) == pytest.approx(want, rel=1e-5)


def test_without_zero_grad_gradients_pile_up() -> None:
    w, total, want = 0.0, 0.0, []
    for _ in range(ROUNDS):
        total += 2 * (w - 3)
        w -= 0.1 * total
        want.append(w)
    assert path(NO_ZERO) == pytest.approx(want, rel=1e-4)
    assert max(want) > 5, "the text says that it swings past the goal"


def test_cleared_before_the_step_nothing_moves() -> None:
    assert path(LOST) == [0.0] * ROUNDS


def test_a_step_before_backward_uses_an_old_gradient() -> None:
    w, slope, want = 0.0, 0.0, []  # slope: what the round before left in .grad
    for _ in range(ROUNDS):
        at = w
        w -= 0.1 * slope
        slope = 2 * (at - 3)  # backward goes through the forward pass from before the step
        want.append(w)
    assert path(LATE) == pytest.approx(want, rel=1e-4)


def test_count_stops_in_the_middle_and_the_words_say_where() -> None:
    assert len(run_lines(RIGHT, 5)) == 5
    assert sentence(RIGHT, 3).endswith("loss.backward() has just run; w is 0.000 and w.grad is -6.000.")
    assert "Nothing has run" in sentence(RIGHT, 0)


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_can_be_drawn_from_start_to_end(order: str) -> None:
    for count in (0, 1, ROUNDS * len(ORDERS[order])):
        assert len(draw_run(order, count).axes) == 2


def test_the_widget_follows_its_controls() -> None:
    choice, slider, *_, view = training_lines().children
    slider.value = 4
    assert view.value == training_lines(NO_ZERO, 4).view.value
    choice.value = RIGHT
    assert slider.value == 0
    assert slider.max == 4 * ROUNDS
    assert view.value == training_lines(RIGHT, 0).view.value


def test_an_unknown_order_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="step before backward"):
        training_lines("backwards")
