"""Which entries a weight and an input touch: measured by nudging them, and drawn with hatching."""

import numpy as np
import pytest

from dlcourse_utils.widgets.product_figure import draw_touched, touched_by_input, touched_by_weight


@pytest.mark.parametrize(("name", "index"), [("w", (1, 3)), ("w", (2, 0)), ("x", (2, 1)), ("x", (0, 2))])
def test_the_touched_entries_are_those_that_move(name, index):
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(4, 3)), "w": rng.normal(size=(3, 5))}
    before = arrays["x"] @ arrays["w"]
    other = {"x": "w", "w": "x"}[name]
    arrays[name][index] += 1.0
    moved = arrays["x"] @ arrays["w"] != before
    marked = (touched_by_weight if name == "w" else touched_by_input)(4, 3, 5, index)
    np.testing.assert_array_equal(marked["out"], moved)
    assert np.argwhere(marked[name]).tolist() == [list(index)]
    # without the entries it meets, the nudge would not be felt
    arrays[other][marked[other]] = 0.0
    felt = arrays["x"] @ arrays["w"]
    arrays[name][index] += 1.0
    np.testing.assert_array_equal(arrays["x"] @ arrays["w"], felt)


def test_marked_cells_are_hatched_and_every_grid_says_its_shape():
    figure = draw_touched(n=4, d=3, m=5, weight=(1, 3), entry=(2, 1))
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[2] == "out (N=4, M=5)\ntouches out[:, 3]"
    assert titles[3] == "x (N=4, D=3)\nthe input x[2, 1]"
    hatched = [sum(bool(p.get_hatch()) for p in ax.patches) for ax in figure.axes]
    assert hatched == [4, 1, 4, 1, 5, 5]
