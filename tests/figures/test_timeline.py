"""The timeline holds the steps that the course builds on, in order, and shows every one of them."""

from itertools import pairwise

from matplotlib.figure import Figure

from dlcourse_utils.figures.timeline import EVENTS, FIRST, LAST, WINTERS, draw_timeline


def test_the_steps_that_the_course_builds_on_are_there_in_order():
    years = [event.year for event in EVENTS]
    assert all(a < b for a, b in pairwise(years))
    assert years[0] == 1943
    names = {event.name: event.year for event in EVENTS}
    for name, year in {
        "Perceptron": 1958, "Backpropagation": 1986, "Deep belief network": 2006,
        "AlexNet": 2012, "GAN": 2014, "Transformer": 2017,
    }.items():  # fmt: skip
        assert names[name] == year
    assert all(event.source and event.what for event in EVENTS)


def test_every_event_stands_at_its_year_with_its_words_inside_the_picture():
    ax = draw_timeline(Figure(figsize=(9.5, 6.5)).subplots())
    shown = {text.get_text(): text for text in ax.texts}
    for row, event in enumerate(EVENTS):
        label = next(text for words, text in shown.items() if words.startswith(f"{event.year} · {event.name}"))
        assert label.xy == (event.year, row)
        assert event.what in label.get_text()
        assert FIRST < event.year < LAST
    assert all(FIRST < start < end < LAST for start, end in WINTERS)
    assert ax.get_xlabel() == "year"
    figure = ax.figure
    figure.draw_without_rendering()
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0, f"{text.get_text()!r} leaves the picture"
        assert box.x1 <= figure.bbox.width, f"{text.get_text()!r} leaves the picture"
