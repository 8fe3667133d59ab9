"""08.build_vocab: words to ids, the same on every machine and in every run, laid beside a plain sort."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict, compare
from .words import random_texts


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("room for everything", (random_texts(rng, {5: 1, 4: 1, 3: 2, 2: 4, 1: 7}), 1000, 1))
    yield Case("every word at least twice", (random_texts(rng, {6: 1, 3: 3, 2: 3, 1: 6}), 1000, 2))
    yield Case("at most 7 entries", (random_texts(rng, {7: 1, 5: 2, 4: 1, 3: 3, 2: 2, 1: 4}), 7, 1))
    yield Case("at most 9 entries, each at least 3 times", (random_texts(rng, {8: 1, 6: 1, 5: 1, 4: 2, 3: 7, 2: 4}), 9, 3))


def oracle(texts: list[str], max_size: int, min_count: int) -> dict[str, int]:
    words = " ".join(texts).lower().split()
    ranked = sorted((-words.count(w), w) for w in set(words) if words.count(w) >= min_count)
    return dict(zip(["<pad>", "<unk>", *(w for _, w in ranked)][:max_size], range(max_size), strict=False))


def judge(case: Case, observation: Observation) -> Verdict:
    expected = oracle(*case.args)
    verdict = compare(expected, observation.value)
    if verdict.passed or not isinstance(observation.value, dict):
        return verdict
    counts = Counter(" ".join(case.args[0]).lower().split())
    symptom = _order_of_ties(observation.value, expected, counts)
    if symptom:
        return Verdict.wrong(
            "Words that occur equally often stand in another order than the alphabetical one.",
            list(expected),
            sorted(observation.value, key=lambda w: observation.value[w]),
            symptom=symptom,
        )
    missing, extra = set(expected) - set(observation.value), set(observation.value) - set(expected)
    if missing or extra:
        words = [f"{', '.join(sorted(missing)[:3])} should be in it" if missing else ""]
        words += [f"{', '.join(map(repr, sorted(extra)[:3]))} should not" if extra else ""]
        return Verdict.wrong(f"Of the words, {' and '.join(w for w in words if w)}.", expected, observation.value)
    return verdict


def _order_of_ties(value: dict[str, int], expected: dict[str, int], counts: Counter[str]) -> str:
    """Return how ties are ordered, when that is all that differs: "as they came" or "in no order"."""
    mine = sorted((w for w in value), key=lambda w: value[w])
    if [value[w] for w in mine] != list(range(len(expected))) or mine[:2] != ["<pad>", "<unk>"]:
        return ""
    if [counts[w] for w in mine[2:]] != [counts[w] for w in list(expected)[2:]]:
        return ""
    came = {word: number for number, word in enumerate(counts)}
    as_they_came = sorted(came, key=lambda w: (-counts[w], came[w]))[: len(mine) - 2]
    return "as they came" if mine[2:] == as_they_came else "in no order"


def _build(texts, max_size, min_count, key=None, specials=("<pad>", "<unk>"), split=str.split, lower=True):
    counts = Counter(w for text in texts for w in split(text.lower() if lower else text))
    words = sorted((w for w in counts if counts[w] >= min_count), key=key(counts) if key else lambda w: (-counts[w], w))
    return {w: i for i, w in enumerate([*specials, *words][:max_size])}


def ties_as_they_came(texts, max_size, min_count):
    """Words that occur equally often stand in the order in which they first came (Counter.most_common does that). Another order of the texts then gives another vocabulary. Sort by (−count, word)."""
    return _build(texts, max_size, min_count, key=lambda counts: lambda w: -counts[w])


def ties_by_hash(texts, max_size, min_count):
    """Words that occur equally often stand in whatever order a set or a hash gave them, and Python's hash of a text changes from run to run: a saved model would meet other ids tomorrow. Sort by (−count, word)."""
    return _build(texts, max_size, min_count, key=lambda counts: lambda w: (-counts[w], w[::-1], len(w)))


def zero_is_a_word(texts, max_size, min_count):
    """Your ids begin with a word at 0, and 0 is also what padding will be: the network could not tell them apart. Keep 0 for <pad> and 1 for <unk>."""
    return _build(texts, max_size, min_count, specials=())


def no_unknown(texts, max_size, min_count):
    """<unk> is missing. Words that the vocabulary does not know need an id as well: 1."""
    return _build(texts, max_size, min_count, specials=("<pad>",))


def unknown_before_padding(texts, max_size, min_count):
    """Your <unk> is 0 and <pad> is 1. The other way round: 0 is padding."""
    return _build(texts, max_size, min_count, specials=("<unk>", "<pad>"))


def more_than_min_count(texts, max_size, min_count):
    """You ask for *more* than min_count. A word that occurs exactly min_count times belongs in: count >= min_count."""
    return _build(texts, max_size, min_count + 1)


def min_count_ignored(texts, max_size, min_count):
    """You keep rare words too. Only words with count >= min_count belong in."""
    return _build(texts, max_size, 1)


def specials_not_counted(texts, max_size, min_count):
    """Your vocabulary has max_size words *and* the two specials. max_size counts all entries, so that it can be the number of rows of the embedding."""
    return _build(texts, max_size + 2, min_count)


def capitals_kept(texts, max_size, min_count):
    """"Good" and "good" are two words to you. Lower-case the texts first."""
    return _build(texts, max_size, min_count, lower=False)


def _letters(text):
    return "".join(c if c.isalnum() or c.isspace() else " " for c in text).split()


def punctuation_cut_off(texts, max_size, min_count):
    """You cut punctuation away from the words. That may be a good idea, but here texts are split at white space and nothing else."""
    return _build(texts, max_size, min_count, split=_letters)


def counts_texts(texts, max_size, min_count):
    """You count in how many *texts* a word occurs. Count every occurrence, also the second in one text."""
    return _build([" ".join(dict.fromkeys(t.lower().split())) for t in texts], max_size, min_count)


def rarest_first(texts, max_size, min_count):
    """Your rarest words come first, so max_size throws the frequent ones away. Most frequent first: sort by −count."""
    return _build(texts, max_size, min_count, key=lambda counts: lambda w: (counts[w], w))


def alphabetical(texts, max_size, min_count):
    """Your words stand in the order of the alphabet. Most frequent first; the alphabet only decides between equals."""
    return _build(texts, max_size, min_count, key=lambda counts: lambda w: w)


def splits_at_single_blanks(texts, max_size, min_count):
    """You split with .split(" "): between two blanks that makes an empty word, and a line break stays inside a word. .split() without an argument splits at white space of any kind and length."""
    return _build(texts, max_size, min_count, split=lambda text: text.split(" "))


def ids_from_zero(texts, max_size, min_count):
    """Your words count from 0, so the first two share their ids with <pad> and <unk>. Words count from 2."""
    found = _build(texts, max_size, min_count)
    return {w: i if w in ("<pad>", "<unk>") else i - 2 for w, i in found.items()}


def ids_from_one(texts, max_size, min_count):
    """Your words count from 1, so the first one shares its id with <unk>. Words count from 2."""
    found = _build(texts, max_size, min_count)
    return {w: i if w in ("<pad>", "<unk>") else i - 1 for w, i in found.items()}


EXERCISE = Exercise(
    id="08.build_vocab",
    title="A vocabulary",
    objects=("build_vocab",),
    points=1,
    cases=cases,
    judge=judge,
    mistakes=(
        ties_as_they_came,
        ties_by_hash,
        zero_is_a_word,
        no_unknown,
        unknown_before_padding,
        more_than_min_count,
        min_count_ignored,
        specials_not_counted,
        capitals_kept,
        punctuation_cut_off,
        counts_texts,
        rarest_first,
        alphabetical,
        splits_at_single_blanks,
        ids_from_zero,
        ids_from_one,
    ),
    hints=(
        "How do I count? → collections.Counter, fed with text.lower().split() for each text.",
        "My words that occur equally often are in another order. → Sort by two things at once: sorted(words, key=lambda w: (-counts[w], w)). "
        "A tuple is compared part by part.",
        "How long may it be? → max_size entries in all, <pad> and <unk> among them.",
        'Nearly everything:\n```python\ncounts = Counter(word for text in texts for word in text.lower().split())\nkept = [w for w in counts if ...]\n'
        'kept.sort(key=lambda w: (-counts[w], w))\nwords = ["<pad>", "<unk>", *kept][:max_size]\nreturn {word: i for i, word in enumerate(words)}\n```',
    ),
)
