"""The panel and the map: what they say, where they lead, and that colour is not needed to read them."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from dlcourse_utils.progress import course_map, panel, place, standing, store
from dlcourse_utils.progress.book import Book, Entry
from dlcourse_utils.progress.chapters import CHAPTERS, Chapter
from dlcourse_utils.progress.standing import standings

TIME = "2026-01-01T00:00:00Z"


@pytest.fixture
def chapters(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy with chapters 00 and 02, chapter 02 begun; the working directory is where the welcome page is."""
    monkeypatch.setattr(standing, "released", lambda: CHAPTERS[:4])
    for chapter in (CHAPTERS[0], CHAPTERS[2]):
        (copy / chapter.notebook).parent.mkdir(exist_ok=True)
        (copy / chapter.notebook).write_text("{}")
    names = ("00.scale_to_unit", "00.mlp_parameter_count", "00.milestone_nearest_mean", "02.sigmoid")
    book = Book()
    for number, name in enumerate(names):
        book = book.with_try(name, Entry("correct", 1.0, 1, 1, TIME, TIME.replace("00Z", f"0{number}Z")))
    store.update(copy / ".dlcourse" / place.FILE, lambda _: book)
    monkeypatch.chdir(copy)
    return copy


def links(html: str) -> list[str]:
    return [unquote(link) for link in re.findall(r"href='([^']*)'", html)]


def test_every_chapter_says_its_state_in_words_and_signs(chapters: Path) -> None:
    html = re.sub(r"<[^>]+>", " ", panel()._repr_html_().partition("<table>")[2])
    text = " ".join(html.split())
    assert "00 · Start here ✓ done ■■■■■■ 3 of 3" in text
    assert "01 · The maths toolbox – untouched □□□□□□ 0 of 12" in text
    assert "02 · Neurons and losses … in progress ■□□□□□ 1 of 12 1 of 19 3 to 4 hours 00 (01 helps) NumPy" in text
    assert "02 · Neurons and losses (in progress)" in repr(panel())


def test_it_leads_to_the_notebooks_that_are_there_and_to_the_next_exercise(chapters: Path) -> None:
    made = panel()
    assert made._repr_html_().count("<a ") == 3  # two chapters are there, and what comes next
    name = "02_neurons_and_losses/02_neurons_and_losses.ipynb"
    assert links(made._repr_html_()) == [
        f"{name}#cell-id=02-relu", "00_start_here/00_start_here.ipynb", name,
    ]  # fmt: skip
    assert "Next: <a " in made._repr_html_()


def test_from_inside_a_chapter_the_links_start_there(chapters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(chapters / "02_neurons_and_losses")
    assert "../00_start_here/00_start_here.ipynb" in links(panel()._repr_html_())


def test_run_again_it_is_fresh(chapters: Path) -> None:
    before = repr(panel())
    entry = Entry("correct", 1.0, 1, 1, TIME, TIME)
    store.update(chapters / ".dlcourse" / place.FILE, lambda book: book.with_try("02.relu", entry))
    assert repr(panel()) != before
    assert panel()._repr_html_().count("2 of 12") == 1


def test_damage_and_strangers_are_said_in_a_sentence(chapters: Path) -> None:
    file = chapters / ".dlcourse" / place.FILE
    file.write_bytes(file.read_bytes().replace(b"02.sigmoid", b"02.old-name").replace(b'"format": 1', b'"format": 0'))
    html = panel()._repr_html_()
    assert "was damaged: it is kept as progress.damaged-1.json" in html
    assert "(02.old-name); it is kept." in html


def test_review_is_offered(chapters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "<code>review()</code>, in the cell below" in panel()._repr_html_()
    monkeypatch.setenv(place.SWITCH, "off")
    assert "Once you have begun, <code>review()</code>" in panel()._repr_html_()
    assert "Next: chapter 00, Start here" in repr(panel())


def test_the_page_needs_no_script_and_nothing_from_elsewhere(chapters: Path) -> None:
    html = panel()._repr_html_()
    assert "<script" not in html
    assert "http" not in re.sub(r"base64,[^\"]+", "", html)


def parsed(made: list) -> ElementTree.Element:
    return ElementTree.fromstring(course_map.as_svg(made))


def test_the_map_has_a_box_for_each_chapter_and_an_arrow_for_each_prerequisite(chapters: Path) -> None:
    made = standings(Book(), lambda number: [f"{number}.x"], CHAPTERS)
    name = "{http://www.w3.org/2000/svg}"
    drawn = parsed(made)
    assert len(drawn.findall(f"{name}rect")) == len(CHAPTERS)
    assert len(drawn.findall(f"{name}path")) == sum(len(c.after) + len(c.helps) for c in CHAPTERS)
    text = " ".join(t.text or "" for t in drawn.iter(f"{name}text"))
    assert all(c.title in text and c.time in text for c in CHAPTERS)
    image = course_map.as_svg_image(made)
    assert b64decode(image.partition("base64,")[2].rstrip('">')).startswith(b"<svg")
    assert "00 comes first; 01 after 00; 02 after 00, helped by 01; 03 after 02" in image


def test_no_two_boxes_lie_on_each_other_and_arrows_lead_rightwards() -> None:
    places = course_map.positions(CHAPTERS)
    assert len(set(places.values())) == len(CHAPTERS)
    assert all(places[before][0] < places[c.number][0] for c in CHAPTERS for before in c.after)
    assert [places[number][1] for number in ("00", "02", "03", "04", "05")] == [0] * 5  # the main road is straight


def test_a_title_is_escaped() -> None:
    odd = (Chapter("00_a", "A & <b>", (60, 60), 1),)
    made = standings(Book(), lambda _: ["00.x"], odd)
    assert parsed(made) is not None
    assert "A &amp; &lt;b&gt;" in course_map.as_svg(made)
