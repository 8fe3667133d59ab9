"""The novel is whole, cut at its chapters, and reduced to letters without losing one."""

import shutil

import pytest

from dlcourse_utils.data import ALPHABET, letters_only, load_austen
from dlcourse_utils.data.registry import FILES
from dlcourse_utils.errors import CourseError


def test_the_novel_has_its_61_chapters_and_its_famous_first_sentence():
    novel = load_austen()
    assert len(novel.chapters) == 61
    assert novel.chapters[0].startswith("It is a truth universally acknowledged, that a single man")
    assert novel.chapters[-1].endswith("had been the means of uniting them.")
    assert len(novel.text) == 684_768
    assert not any("Chapter " in chapter for chapter in novel.chapters)


def test_letters_only_keeps_every_letter_and_puts_single_blanks_between():
    assert letters_only('  "You _want_ to tell me,\n\nMr. B--" ') == "you want to tell me mr b"
    text = load_austen().chapters[3]
    reduced = letters_only(text)
    assert set(reduced) == set(ALPHABET)
    assert "  " not in reduced
    assert reduced.replace(" ", "") == "".join(c for c in text.lower() if "a" <= c <= "z")


def test_a_damaged_novel_is_one_sentence(tmp_path):
    folder = shutil.copytree(FILES, tmp_path / "files")
    (folder / "austen/prideprejudice.txt.gz").write_bytes(b"It is a truth")
    with pytest.raises(CourseError, match="checksum differs"):
        load_austen(folder)
