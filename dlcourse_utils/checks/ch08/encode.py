"""08.encode: a text as ids, laid beside a plain look-up."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from .words import random_words


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, pattern: str, repeat: int = 0) -> Case:
        words = random_words(rng, 14)
        vocab = {w: i for i, w in enumerate(["<pad>", "<unk>", *words[:9]])}
        known, unknown = iter(rng.permutation(words[:9]).tolist()), iter(words[9:])
        parts = {"k": lambda: next(known), "K": lambda: next(known).capitalize(), "u": lambda: next(unknown)}
        text = [parts[p]() for p in pattern]
        return Case(title, (" ".join(text + text[:repeat]), vocab))

    yield case("all words are known", "kkkkkk")
    yield case("two unknown words", "kkukKuk")
    yield case("capitals", "KkKkk")
    yield case("only unknown words", "uuu")
    yield case("words that come twice", "kukk", repeat=3)


def oracle(text: str, vocab: dict[str, int]) -> list[int]:
    return [vocab[w] if w in vocab else vocab["<unk>"] for w in text.lower().split()]


def unknown_becomes_padding(text, vocab):
    """An unknown word becomes 0 for you, and 0 is padding: the word would vanish. Use vocab["<unk>"]."""
    return [vocab.get(w, 0) for w in text.lower().split()]


def unknown_left_out(text, vocab):
    """You leave unknown words out. Then "not <unk> good" reads "not good", and positions shift. Put vocab["<unk>"] in their place."""
    return [vocab[w] for w in text.lower().split() if w in vocab]


def unknown_raises(text, vocab):
    """An unknown word stops your function with a KeyError. vocab.get(word, vocab["<unk>"]) has an answer for every word."""
    return [vocab[w] for w in text.lower().split()]


def unknown_becomes_the_last(text, vocab):
    """An unknown word becomes −1 for you, and an embedding has no row −1. Use vocab["<unk>"]."""
    return [vocab.get(w, -1) for w in text.lower().split()]


def capitals_kept(text, vocab):
    """"Good" is unknown to you because the vocabulary holds "good". Lower-case the text first."""
    return [vocab.get(w, vocab["<unk>"]) for w in text.split()]


def letter_by_letter(text, vocab):
    """You walk through the text letter by letter: iterating over a text gives characters. Split it into words first."""
    return [vocab.get(c, vocab["<unk>"]) for c in text.lower()]


def sorted_ids(text, vocab):
    """Your ids are sorted. The order of the words is what a recurrent network is for: keep it."""
    return sorted(vocab.get(w, vocab["<unk>"]) for w in text.lower().split())


def each_word_once(text, vocab):
    """You keep every id once only. A text is a sequence, repetitions included."""
    return list(dict.fromkeys(vocab.get(w, vocab["<unk>"]) for w in text.lower().split()))


def ids_shifted_by_one(text, vocab):
    """All your ids are one too small. The vocabulary already counts <pad> and <unk>: use its numbers as they are."""
    return [vocab.get(w, vocab["<unk>"]) - 1 for w in text.lower().split()]


def each_known_word_once(text, vocab):
    """You drop words that came before. A text is a sequence, repetitions included."""
    return [vocab.get(w, vocab["<unk>"]) for w in dict.fromkeys(text.lower().split())]


def none_for_unknown(text, vocab):
    """An unknown word becomes None: vocab.get(word) has no number for it. Give the second argument: vocab.get(word, vocab["<unk>"])."""
    return [vocab.get(w) for w in text.lower().split()]


EXERCISE = Exercise(
    id="08.encode",
    title="A text as numbers",
    objects=("encode",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        unknown_becomes_padding,
        unknown_left_out,
        unknown_raises,
        unknown_becomes_the_last,
        capitals_kept,
        letter_by_letter,
        sorted_ids,
        each_word_once,
        ids_shifted_by_one,
        each_known_word_once,
        none_for_unknown,
    ),
    builds_on=("08.build_vocab",),
    hints=(
        "How do I get words? → As the vocabulary did: text.lower().split().",
        'KeyError. → A word that the vocabulary does not hold. vocab.get(word, vocab["<unk>"]) gives the id of <unk> for it.',
        'Nearly everything:\n```python\nreturn [vocab.get(word, ...) for word in text.lower().split()]\n```',
    ),
)
