"""The three fields lie inside each other, each with its words inside its own box."""

from itertools import pairwise

from matplotlib.figure import Figure

from dlcourse_utils.figures.fields import FIELDS, draw_fields


def test_each_box_lies_inside_the_one_around_it_and_holds_its_own_words():
    ax = draw_fields(Figure(figsize=(9, 4.4)).subplots())
    ax.figure.draw_without_rendering()
    boxes = [patch.get_window_extent() for patch in ax.patches]
    assert len(boxes) == len(FIELDS) == 3
    for outer, inner in pairwise(boxes):
        assert outer.x0 < inner.x0 < inner.x1 < outer.x1
        assert outer.y0 < inner.y0 < inner.y1 < outer.y1
    words = {text.get_text(): text.get_window_extent() for text in ax.texts}
    for field, box, inside in zip(FIELDS, boxes, [*boxes[1:], None], strict=True):
        for line in (field.name, field.meaning, field.examples):
            place = words[line]
            assert box.x0 < place.x0, line
            assert place.x1 < box.x1, line
            assert box.y0 < place.y0, line
            assert inside is None or place.y0 > inside.y1, f"{line!r} belongs outside the next box"
