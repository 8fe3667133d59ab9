"""Expected beside yours beside the difference: as a table of numbers, or as three pictures."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from dlcourse_utils.checks.heatmap import shade
from dlcourse_utils.checks.side_by_side import MAX_SIDE, TITLES, side_by_side

EXPECTED = np.array([[1.0, -2.0, 0.0], [0.5, 1e-9, 1234.5]])
GOT = np.array([[1.0, 2.0, 0.0], [0.5, 1e-9, np.nan]])


def parsed(html: str) -> ET.Element:
    return ET.fromstring(f"<all>{re.sub(r'(<img[^>]*)>', r'<i' + r'mg/>', html)}</all>")


def tables(html: str) -> dict[str, list[list[str]]]:
    """Return the text of every table's cells by its caption, with its first row and column."""
    found = {}
    for table in parsed(html).iter("table"):
        rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
        found["".join(table.find("caption").itertext())] = rows  # type: ignore[union-attr]
    return found


def pictures(html: str) -> list[np.ndarray]:
    """Return every picture as RGB without its frame."""
    found = re.findall(r"base64,([^\"]+)", html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))[1:-1, 1:-1] for png in found]


def test_a_small_array_is_three_tables_of_numbers() -> None:
    shown = tables(side_by_side(EXPECTED, GOT))
    head = ["", "0", "1", "2"]
    assert shown == {
        TITLES[0]: [head, ["0", "1", "−2", "0"], ["1", "0.5", "1e−9", "1.23e+3"]],
        TITLES[1]: [head, ["0", "1", "2", "0"], ["1", "0.5", "1e−9", "nan"]],
        TITLES[2]: [head, ["0", "0", "✗ 4", "0"], ["1", "0", "0", "✗ nan"]],
    }


def test_rows_of_a_deeper_array_carry_all_their_indices() -> None:
    shown = tables(side_by_side(np.zeros((2, 2, 3)), np.ones((2, 2, 3))))
    assert [row[0] for row in shown["yours"][1:]] == ["0, 0", "0, 1", "1, 0", "1, 1"]


def test_a_vector_is_one_row_under_its_indices() -> None:
    assert tables(side_by_side(np.zeros(3), np.arange(3.0)))["yours"] == [["0", "1", "2"], ["0", "1", "2"]]


def test_what_is_right_in_both_is_never_crossed() -> None:
    same = np.array([[np.inf, -np.inf, np.nan, 1.0]])
    shown = tables(side_by_side(same, np.array([[np.inf, -np.inf, np.nan, 2.0]])))
    assert shown[TITLES[2]][1] == ["0", "0", "0", "0", "✗ 1"]


@pytest.mark.parametrize(
    ("expected", "got"),
    [(np.ones(3), np.ones(4)), (1.0, 2.0), (np.ones(1), np.zeros(1)), ("a", "b"), (None, None)],
)
def test_nothing_is_shown_where_nothing_can_be_laid_side_by_side(expected: object, got: object) -> None:
    assert side_by_side(expected, got) == ""


def test_a_larger_array_is_three_pictures_and_wrong_cells_are_crossed() -> None:
    expected = np.zeros((20, 10))
    got = expected.copy()
    got[3, 7], got[19, 0] = 1.0, -1.0
    html = side_by_side(expected, got)
    flat, yours, gap = pictures(html)
    cell = len(flat) // 20
    assert flat.shape == yours.shape == gap.shape == (20 * cell, 10 * cell, 3)
    assert (flat == 255).all()
    wrong = yours[3 * cell, 7 * cell].astype(int), yours[19 * cell, 0].astype(int)
    assert wrong[0][0] > wrong[0][2]  # red above zero
    assert wrong[1][2] > wrong[1][0]  # blue below
    square = gap[3 * cell : 4 * cell, 7 * cell : 8 * cell]
    assert len(np.unique(square.reshape(-1, 3), axis=0)) == 2, "its colour, and the cross's"
    assert (gap[: 3 * cell] == 255).all()
    assert "2 of 200 crossed" in html


@pytest.mark.parametrize("shape", [(1000, 900), (2, 3, 40, 50), (7,), (500,), (60, 1)])
def test_arrays_of_any_shape_show_the_part_that_differs(shape: tuple[int, ...]) -> None:
    got = np.ones(shape)
    got.flat[-1] = np.nan
    html = side_by_side(np.ones(shape), got)
    assert f"shape {shape}" in html
    assert ("shown:" in html) is any(side > MAX_SIDE for side in (int(np.prod(shape[:-1])), shape[-1]))
    if "<img" in html:
        assert "1 of " in html
        widths = [picture.shape[1] for picture in pictures(html)]
        together = max(widths) if "dlc-below" in html else sum(widths)
        assert together <= 700, "as wide as a card, beside or below each other"
        assert ("dlc-below" in html) is (int(np.prod(shape[:-1])) == 1)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=3, max_side=6), elements=st.floats(width=64)), st.data())
def test_each_array_gives_markup_that_holds(expected: np.ndarray, data: st.DataObject) -> None:
    got = data.draw(hnp.arrays(float, expected.shape, elements=st.floats(width=64)))
    html = side_by_side(expected, got)
    if html:
        crossed = html.count("✗") - 1
        shown = tables(html)
        if shown:
            told = [cell for row in shown[TITLES[2]][1:] for cell in row]
            assert crossed == sum(cell.startswith("✗") for cell in told)
            with np.errstate(all="ignore"):
                same = ((expected == got) | (np.isnan(expected) & np.isnan(got))).all()
            assert (crossed == 0) == bool(same)


def test_colours_go_from_blue_over_white_to_red_and_stop_at_the_limit() -> None:
    colours = shade(np.array([-2.0, -1.0, 0.0, 1.0, 2.0, np.nan, np.inf]), 1.0)
    assert colours[2].tolist() == [255, 255, 255]
    assert colours[0].tolist() == colours[1].tolist() == [33, 102, 172]
    assert colours[3].tolist() == colours[4].tolist() == colours[6].tolist() == [178, 24, 43]
    assert len(set(colours[5].tolist())) == 1  # grey
