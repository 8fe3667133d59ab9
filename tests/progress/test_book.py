"""What is kept, as data: it comes back from its JSON, the best counts, and any bytes can be read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse_utils.progress.book import FORMAT, Book, Entry, Reading, Shown, dump, parse

times = st.datetimes().map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20))
entries = st.builds(
    Entry,
    st.sampled_from(["broken", "incorrect", "correct"]),
    st.floats(0, 1),
    st.integers(1, 3),
    st.integers(1, 99),
    times,
    times,
)
books = st.builds(
    Book,
    st.dictionaries(st.text(max_size=8), entries, max_size=5),
    st.dictionaries(st.text(max_size=8), st.builds(Shown, st.integers(1, 9), times), max_size=5),
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def tried(status: str, score: float, second: int) -> Entry:
    time = f"2026-01-01T00:00:{second:02d}Z"
    return Entry(status, score, 2, 1, time, time)


@given(books)
def test_a_book_comes_back_from_its_json(book: Book) -> None:
    assert parse(dump(book)) == Reading(book)


def test_a_person_can_read_it() -> None:
    text = dump(Book().with_try("02.softmax", tried("incorrect", 0.5, 7))).decode()
    assert json.loads(text)["format"] == FORMAT
    assert '\n  "02.softmax": {\n   "status": "incorrect",\n   "score": 0.5,' in text


def test_the_best_counts_and_the_times_span() -> None:
    book = Book()
    for entry in (tried("incorrect", 0.4, 1), tried("correct", 1.0, 2), tried("broken", 0.0, 3)):
        book = book.with_try("02.softmax", entry)
    (kept,) = book.exercises.values()
    assert (kept.status, kept.score, kept.tries) == ("correct", 1.0, 3)
    assert (kept.first[-3:-1], kept.last[-3:-1]) == ("01", "03")


@given(st.permutations([tried("incorrect", 0.4, 1), tried("correct", 1.0, 2), tried("broken", 0.0, 3)]))
def test_the_order_of_the_tries_is_of_no_account(order: list[Entry]) -> None:
    book = Book()
    for entry in order:
        book = book.with_try("x", entry)
    assert book.exercises["x"] == Entry("correct", 1.0, 2, 3, "2026-01-01T00:00:01Z", "2026-01-01T00:00:03Z")


def test_two_records_of_the_same_exercise_join() -> None:
    twice = tried("incorrect", 0.4, 1).after(tried("broken", 0.0, 2))
    assert twice.after(twice).tries == 4


def test_what_a_later_release_adds_is_kept() -> None:
    stored = {"format": 1, "exercises": {"a": {**_fields(), "mood": "good"}}, "questions": {}, "streak": 3}
    again = json.loads(dump(parse(json.dumps(stored).encode()).book.with_try("a", tried("broken", 0, 9))))
    assert again["streak"] == 3
    assert again["exercises"]["a"]["mood"] == "good"
    assert again["exercises"]["a"]["tries"] == 2


@given(st.binary(max_size=200) | plain.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_can_be_read_and_written_again(content: bytes) -> None:
    reading = parse(content)
    assert reading.damaged  # nothing here states a format
    assert not parse(dump(reading.book)).damaged


@given(st.sampled_from(["status", "score", "points", "tries", "first", "last"]), plain)
def test_one_bad_entry_costs_no_other(name: str, value: object) -> None:
    stored = {"format": 1, "exercises": {"bad": {**_fields(), name: value}, "good": _fields()}, "questions": {}}
    reading = parse(json.dumps(stored).encode())
    assert "good" in reading.book.exercises
    assert reading.damaged == ("bad" not in reading.book.exercises)
    assert not parse(dump(reading.book)).damaged


@pytest.mark.parametrize("version", [None, True, "1", 1.0, 0, -1])
def test_a_format_that_is_none_is_damage_and_the_entries_are_still_read(version: object) -> None:
    reading = parse(json.dumps({"format": version, "exercises": {"a": _fields()}}).encode())
    assert reading.damaged
    assert not reading.newer
    assert "a" in reading.book.exercises


def test_a_newer_format_is_no_damage_whatever_it_holds() -> None:
    reading = parse(json.dumps({"format": 2, "exercises": {"a": _fields(), "b": "by then a text"}}).encode())
    assert (reading.newer, reading.damaged) == (True, False)
    assert list(reading.book.exercises) == ["a"]


def _fields() -> dict[str, object]:
    return {"status": "correct", "score": 1.0, "points": 1, "tries": 1, "first": "2026-01-01T00:00:00Z",
            "last": "2026-01-01T00:00:00Z"}  # fmt: skip
