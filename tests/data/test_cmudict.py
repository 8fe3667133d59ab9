"""The dictionary is whole, and each word has its own pronunciation."""

from dlcourse_utils.data import LETTERS, PHONEMES, load_cmudict, phonemes_only


def test_every_line_is_there_with_its_pronunciation():
    data = load_cmudict()
    assert len(data.spellings) == len(data.pronunciations) == 135_166
    assert list(data.spellings) != sorted(set(data.spellings)), "words with two pronunciations stand there twice"
    said = [p for s, p in zip(data.spellings, data.pronunciations, strict=True) if s == "tomato"]
    assert said == [("T", "AH0", "M", "EY1", "T", "OW2"), ("T", "AH0", "M", "AA1", "T", "OW2")]


def test_remarks_are_no_sounds():
    data = load_cmudict()
    assert data.pronunciations[data.spellings.index("aalborg")] == ("AO1", "L", "B", "AO0", "R", "G")
    assert {p for pronunciation in data.pronunciations for p in phonemes_only(pronunciation)} == set(PHONEMES)
    assert all(data.pronunciations)


def test_words_are_letters_of_the_lengths_asked_for_with_their_first_pronunciation():
    words = load_cmudict().words(3, 8)
    assert len(words) == 84_377
    assert {len(w) for w in words} == {3, 4, 5, 6, 7, 8}
    assert set("".join(words)) == set(LETTERS)
    assert words["tomato"] == ("T", "AH", "M", "EY", "T", "OW")
    assert words["cough"] == ("K", "AA", "F")
