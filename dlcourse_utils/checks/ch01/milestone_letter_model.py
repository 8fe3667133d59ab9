"""01.milestone_letter_model: a model of written English, judged by the bits it needs on chapters it never saw.

Smoothed letter trigrams: Shannon, "Prediction and entropy of printed English", Bell System Technical Journal 30,
1951; Jurafsky and Martin, "Speech and Language Processing", chapter 3.
"""

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from ...data import ALPHABET, letters_only, load_austen
from ..authoring import Case, Exercise, Observation, Verdict

# Bits per character that must be reached, by what the training text is. Seen on held-out chapters: add-one counts of
# three letters 2.80 to 2.85 (30,000 letters), one letter of memory 3.3, none 4.1; in the coarse alphabet 1.17, one symbol
# of memory 1.28.
GOALS = {27: 2.95, 28: 2.95, 3: 1.2}
VOWELS = str.maketrans({c: "v" if c in "aeiou" else "c" for c in ALPHABET[1:]})
TOO_MANY = 1e3  # bits: stands for infinity in comparisons


@lru_cache(maxsize=1)
def _novel() -> tuple[str, str]:
    """Training text (chapters 1 to 49) and the first 40,000 letters of the held-out chapters 50 to 61."""
    chapters = load_austen().chapters
    return letters_only(" ".join(chapters[:49])), letters_only(" ".join(chapters[49:]))[:40_000]


def _stretch(rng: np.random.Generator, n: int) -> str:
    text = _novel()[0]
    start = int(rng.integers(len(text) - n))
    return text[start : start + n]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("30,000 letters of the novel", args=(_stretch(rng, 30_000), ALPHABET), weight=2.0)
    shuffled = "".join(rng.permutation([*ALPHABET, "é"]))
    while shuffled[0] == " " or shuffled[-1] == "é":
        shuffled = "".join(rng.permutation([*ALPHABET, "é"]))
    yield Case("the alphabet in another order, and a letter that never occurs", args=(_stretch(rng, 30_000), shuffled))
    coarse = _stretch(rng, 10_000).translate(VOWELS)
    yield Case("only vowels v, consonants c and blanks", args=(coarse, "vc "))


def judge(case: Case, observation: Observation) -> Verdict:
    """Right form, every pair's row a distribution, and the goal reached on text that nobody trained on."""
    text, vocabulary = case.args
    size, model = len(vocabulary), observation.value
    if model is None:
        return Verdict.broken("Nothing came back (None). Is a `return` missing?")
    if not (isinstance(model, np.ndarray) and model.dtype.kind in "fiu"):
        return Verdict.broken("Expected an array of probabilities.")
    if model.shape != (size,) * 3:
        return Verdict.broken(f"Expected the shape {(size,) * 3}, (V, V, V); yours is {model.shape}.", symptom="shape")
    if not np.isfinite(model).all():
        return Verdict.wrong(
            "Some rows are NaN: a pair of letters that never occurs has no counts to divide by.", symptom="nan"
        )
    if model.min() < 0:
        return Verdict.wrong("Some probabilities are negative.", symptom="negative")
    problem = _not_a_distribution(model, len(text))
    if problem is not None:
        return problem
    return _verdict_on_bits(model, text, vocabulary)


def _not_a_distribution(model: np.ndarray, letters: int) -> Verdict | None:
    if np.allclose(model.sum(axis=2), 1, atol=1e-6):
        return None
    if np.isclose(model.sum(), 1, atol=1e-6):
        return Verdict.wrong("The whole array sums to 1. Each row model[a, b] should.", symptom="joint")
    for axis in (0, 1):
        if np.allclose(model.sum(axis=axis), 1, atol=1e-6):
            return Verdict.wrong(f"Your sums are 1 along axis {axis}. The next letter lies along the last axis, 2.",
                                 symptom=f"axis {axis}")  # fmt: skip
    reached = f"Each row model[a, b] should sum to 1; model[0, 0] sums to {model[0, 0].sum():.6g}."
    return Verdict.wrong(reached, symptom="counts" if model.sum() > 0.5 * letters else "not normalised")


def _bits(model: np.ndarray, ids: np.ndarray) -> float:
    with np.errstate(divide="ignore"):
        return float(min(-np.log2(model[ids[:-2], ids[1:-1], ids[2:]]).mean(), TOO_MANY))


def _ids(text: str, vocabulary: str) -> np.ndarray:
    place = {c: i for i, c in enumerate(vocabulary)}
    return np.array([place[c] for c in text])


def _verdict_on_bits(model: np.ndarray, text: str, vocabulary: str) -> Verdict:
    goal = GOALS[len(vocabulary)]
    held_out = _novel()[1] if len(vocabulary) > 3 else _novel()[1].translate(VOWELS)
    ids = _ids(held_out, vocabulary)
    bits = _bits(model, ids)
    if bits <= goal:
        return Verdict.ok(f"{bits:.2f} bits per character on held-out chapters.")
    if model.min() == 0.0:
        return Verdict.wrong(
            "Some letters get probability 0 somewhere. The day one comes, it costs infinitely many bits.", symptom="zero"
        )
    reached = f"{bits:.2f} bits per character on held-out chapters; the goal is {goal}."
    return Verdict.wrong(reached, symptom=_what_it_forgets(model, ids, vocabulary, goal))


def _what_it_forgets(model: np.ndarray, ids: np.ndarray, vocabulary: str, goal: float) -> str:
    """Name a structure that explains too many bits, or return "": then only equal numbers name a mistake."""
    older, newer = np.allclose(model, model[:1]), np.allclose(model, model[:, :1])
    if older or newer:
        return "no memory" if older and newer else "newer letter only" if older else "older letter only"
    in_sorted_order: Any = np.ix_(*[_ids(vocabulary, "".join(sorted(vocabulary)))] * 3)
    for axes in itertools.permutations(range(3)):
        if axes != (0, 1, 2) and _bits(_renormalised(model.transpose(axes)), ids) <= goal:
            return f"axes {axes}"
        if _bits(_renormalised(model[in_sorted_order].transpose(axes)), ids) <= goal:
            return "sorted vocabulary"
    if model.min() < 1e-7:
        return "hardly smoothed"
    counted = model - model.min(axis=2, keepdims=True) + 1e-3 * model.mean(axis=2, keepdims=True)  # the credit taken out
    return "drowned" if _bits(_renormalised(counted), ids) <= goal else ""


def _renormalised(model: np.ndarray) -> np.ndarray:
    return model / np.maximum(model.sum(axis=2, keepdims=True), 1e-300)


def _counts(text, vocabulary, start):
    """How often each triple occurs, counted from `start`."""
    place = {c: i for i, c in enumerate(vocabulary)}
    ids = np.array([place[c] for c in text])
    counts = np.full((len(vocabulary),) * 3, float(start))
    np.add.at(counts, (ids[:-2], ids[1:-1], ids[2:]), 1)
    return counts


def not_smoothed(text, vocabulary):
    """You count only what you saw, so every triple that never occurred gets probability 0, and pairs that
    never occurred have nothing to divide by. Start all counts at a small number, such as 1 or 0.1."""
    counts = _counts(text, vocabulary, 0)
    with np.errstate(invalid="ignore"):
        return counts / counts.sum(axis=2, keepdims=True)


def unseen_pairs_repaired_only(text, vocabulary):
    """You repaired the pairs that never occurred, but a triple that never occurred still gets probability 0:
    the first new one costs infinitely many bits. Start *all* counts above 0."""
    counts = _counts(text, vocabulary, 0)
    counts[counts.sum(axis=2) == 0] = 1
    return counts / counts.sum(axis=2, keepdims=True)


def normalised_as_a_whole(text, vocabulary):
    """You divide by the number of all triples, so the whole array sums to 1. Given the pair, the *next letter*
    has probabilities that sum to 1: divide each row model[a, b] by its own sum."""
    counts = _counts(text, vocabulary, 0.1)
    return counts / counts.sum()


def normalised_over_the_older_letter(text, vocabulary):
    """Your sums run over the first axis, the older letter. The letter that is predicted lies along the last
    axis: sum(axis=2, keepdims=True)."""
    counts = _counts(text, vocabulary, 0.1)
    return counts / counts.sum(axis=0, keepdims=True)


def keepdims_forgotten(text, vocabulary):
    """counts.sum(axis=2) has shape (V, V), and NumPy lines that up with the *last* two axes. With
    keepdims=True it stays (V, V, 1), one sum for each row."""
    counts = _counts(text, vocabulary, 0.1)
    return counts / counts.sum(axis=2)


def counts_returned(text, vocabulary):
    """These are counts. Divide each row model[a, b] by its sum."""
    return _counts(text, vocabulary, 0.1)


def only_one_letter_of_memory(text, vocabulary):
    """Your model looks at the newer letter only, so it is a chain of order 1. The older of the two letters
    knows a lot: after "th" and after "sh" different letters follow."""
    pairs = _counts(text, vocabulary, 0).sum(axis=0) + 0.1
    return np.repeat((pairs / pairs.sum(axis=1, keepdims=True))[None], len(vocabulary), axis=0)


def frequencies_only(text, vocabulary):
    """Your model gives every pair the same row, the letters' plain frequencies. It remembers nothing."""
    single = _counts(text, vocabulary, 0).sum(axis=(0, 1)) + 0.1
    return np.broadcast_to(single / single.sum(), (len(vocabulary),) * 3).copy()


def memory_the_wrong_way_round(text, vocabulary):
    """The two letters of memory are swapped: model[a, b] should mean that a came first, then b."""
    counts = _counts(text, vocabulary, 0.1).transpose(1, 0, 2)
    return counts / counts.sum(axis=2, keepdims=True)


def backwards(text, vocabulary):
    """Your model reads backwards: it predicts the first letter of a triple from the last two. The next letter
    belongs on the last axis."""
    counts = _counts(text, vocabulary, 0.1).transpose(2, 1, 0)
    return counts / counts.sum(axis=2, keepdims=True)


def sorted_vocabulary(text, vocabulary):
    """You sort the vocabulary first. Place 0 belongs to vocabulary[0], in the order in which it is given."""
    counts = _counts(text, "".join(sorted(vocabulary)), 0.1)
    return counts / counts.sum(axis=2, keepdims=True)


def smoothed_after_dividing(text, vocabulary):
    """What you add for unseen triples drowns what you counted. Add little, 0.1 to 1, and add it to the *counts*, before
    dividing: added to probabilities, 1 is as much as everything you have seen."""
    counts = _counts(text, vocabulary, 0)
    shares = counts / np.maximum(counts.sum(axis=2, keepdims=True), 1) + 1
    return shares / shares.sum(axis=2, keepdims=True)


def hardly_smoothed(text, vocabulary):
    """You leave next to nothing for what you have not seen, a billionth or less, and each new triple costs
    thirty bits. A credit of 0.1 to 1 *count* is small beside what you have seen, and enough."""
    counts = _counts(text, vocabulary, 1e-10)
    return counts / counts.sum(axis=2, keepdims=True)


EXERCISE = Exercise(
    id="01.milestone_letter_model",
    title="Milestone: a model that writes",
    objects=("letter_model",),
    points=3,
    cases=cases,
    judge=judge,
    mistakes=(
        not_smoothed,
        unseen_pairs_repaired_only,
        normalised_as_a_whole,
        normalised_over_the_older_letter,
        keepdims_forgotten,
        counts_returned,
        only_one_letter_of_memory,
        frequencies_only,
        memory_the_wrong_way_round,
        backwards,
        sorted_vocabulary,
        smoothed_after_dividing,
        hardly_smoothed,
    ),
    hints=(
        "Where do I start? → Turn the text into numbers: place = {c: i for i, c in enumerate(vocabulary)},"
        " then ids = np.array([place[c] for c in text]).",
        "How do I count triples? → ids[:-2], ids[1:-1] and ids[2:] are the older letter, the newer one and the"
        " next, side by side. np.add.at(counts, (older, newer, following), 1) adds 1 for each triple, also"
        " where the same one comes again. A loop does it too.",
        "Some rows are NaN, or some letter has probability 0. → Never start from 0: np.full((V, V, V), 0.1)"
        " gives every triple a little credit before you count.",
        "```python\nV = len(vocabulary)\ncounts = np.full((V, V, V), 0.1)\n"
        "np.add.at(counts, (ids[:-2], ids[1:-1], ids[2:]), 1)\n# … and each row counts[a, b] divided by its sum\n```",
    ),
)
