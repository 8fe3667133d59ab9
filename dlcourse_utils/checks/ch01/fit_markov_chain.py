"""01.fit_markov_chain: what comes after what, counted in a text."""

import itertools
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict, compare


def _random_text(rng: np.random.Generator, letters: str, n: int) -> str:
    """Letters with a preference for some successors, so that no two rows are alike."""
    p = rng.dirichlet(np.full(len(letters), 0.6), size=len(letters))
    text = [int(rng.integers(len(letters)))]
    while len(text) < n:
        text.append(int(rng.choice(len(letters), p=p[text[-1]])))
    return "".join(letters[i] for i in text)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("abracadabra", args=("abracadabra",))
    yield Case("a text of 4 letters", args=("dcb" + _random_text(rng, "abcd", 60) + "cabd",))
    yield Case("the last letter occurs nowhere else", args=("b" + _random_text(rng, "eabd", 25) + "ac",), weight=2.0)
    yield Case("pairs of letters, order=2", args=("cb" + _random_text(rng, "abc", 40) + "caac",), kwargs={"order": 2})
    ending = "b" + _random_text(rng, "ab", 30) + "aab "
    yield Case("order=3, with a last triple that stands alone", args=(ending,), kwargs={"order": 3}, weight=2.0)
    yield Case("capitals, blanks and a line end", args=("To be, or\nnot to be: that is To Be.",))
    yield Case("a single letter", args=("z",), weight=0.5)


def _oracle(text: str, order: int = 1) -> tuple[np.ndarray, list[str]]:
    """Count with a Counter, share out with exact fractions."""
    grams = [text[i : i + order] for i in range(len(text) - order + 1)]
    states = sorted(set(grams))
    steps = Counter(itertools.pairwise(grams))
    rows = []
    for here in states:
        total = sum(n for (first, _), n in steps.items() if first == here)
        rows.append([float(Fraction(steps[here, nxt], total) if total else Fraction(1, len(states))) for nxt in states])
    return np.array(rows), states


def judge(case: Case, observation: Observation) -> Verdict:
    """Right matrix and vocabulary; a string of single characters is as good a vocabulary as a list of them."""
    got: Any = observation.value
    if isinstance(got, (list, tuple)) and len(got) == 2 and isinstance(got[1], str) and case.kwargs.get("order", 1) == 1:
        got = (got[0], list(got[1]))
    matrix, states = _oracle(*case.args, **case.kwargs)
    if isinstance(got, (list, tuple)) and len(got) == 2 and isinstance(got[1], (list, tuple)):
        theirs = list(got[1])
        if theirs != states and sorted(map(str, theirs)) == states:
            return Verdict.wrong("Your vocabulary is complete but not sorted.", states, theirs, symptom="unsorted")
    return compare((matrix, states), got)


def _grams(text, order):
    return [text[i : i + order] for i in range(len(text) - order + 1)]


def _counts(grams, states):
    place = {gram: i for i, gram in enumerate(states)}
    counts = np.zeros((len(states), len(states)))
    for here, following in itertools.pairwise(grams):
        counts[place[here], place[following]] += 1
    return counts


def _shares(counts):
    """Rows to sum 1, an empty row to equal shares."""
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total > 0, counts / np.where(total > 0, total, 1), 1 / len(counts))


def transposed(text, order=1):
    """Your matrix lies on its side: its columns sum to 1. Row i should say what comes *after* state i."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    return _shares(_counts(grams, states)).T, states


def counts_not_normalised(text, order=1):
    """These are counts. Divide each row by its sum: row i should hold probabilities."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    return _counts(grams, states), states


def divided_by_the_total(text, order=1):
    """You divide by the number of all steps, so the whole matrix sums to 1. Each *row* should: given that we
    are in state i, where next?"""
    grams = _grams(text, order)
    states = sorted(set(grams))
    counts = _counts(grams, states)
    return counts / max(counts.sum(), 1), states


def last_row_left_empty(text, order=1):
    """A state that occurs only at the very end has no successor, and its row stays 0. The chain would stop
    there. Give it the uniform row: every state 1 / V."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    counts = _counts(grams, states)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), states


def last_row_nan(text, order=1):
    """A state that occurs only at the very end has no successor, and its row is 0 / 0: NaN. Give it the
    uniform row: every state 1 / V."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    counts = _counts(grams, states)
    return counts / counts.sum(axis=1, keepdims=True), states


def wraps_around(text, order=1):
    """You let the end of the text run on into its beginning. The text just ends: no step from last to
    first."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    return _shares(_counts([*grams, grams[0]], states)), states


def one_added_to_every_count(text, order=1):
    """You add 1 to every count (Laplace smoothing). That is useful, and comes in the milestone; here the plain
    shares are asked for, with 0 for what never happened."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    counts = _counts(grams, states) + 1
    return counts / counts.sum(axis=1, keepdims=True), states


def vocabulary_not_sorted(text, order=1):
    """Your states stand in the order of their first appearance. They should be sorted, so that everyone's
    matrix means the same."""
    grams = _grams(text, order)
    states = list(dict.fromkeys(grams))
    return _shares(_counts(grams, states)), states


def order_ignored(text, order=1):
    """You always use single characters. With order=2 the states are all neighbouring pairs: "ab", "br", "ra",
    …"""
    states = sorted(set(text))
    return _shares(_counts(list(text), states)), states


def grams_cut_side_by_side(text, order=1):
    """You cut the text into separate pieces: "ab", "ra", "ca". The states overlap: "ab", "br", "ra", … each
    one character further."""
    grams = [text[i : i + order] for i in range(0, len(text) - order + 1, order)]
    states = sorted(set(grams))
    return _shares(_counts(grams, states)), states


def last_gram_missed(text, order=1):
    """You stop one state too early: the last one of the text, and the step into it, are missing. There are
    len(text) - order + 1 states in a row."""
    grams = _grams(text, order)[:-1]
    states = sorted(set(grams))
    return _shares(_counts(grams, states)), states


def columns_normalised(text, order=1):
    """You divide the columns by their sums. *Rows* must sum to 1: p[this, next]. Sum with axis=1, keepdims=True."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    counts = _counts(grams, states)
    counts[counts.sum(axis=1) == 0] = 1
    total = counts.sum(axis=0, keepdims=True)
    return np.where(total > 0, counts / np.where(total > 0, total, 1), 0), states


def counted_backwards(text, order=1):
    """Your rows say what came *before* each state. Row and column are swapped while counting: it is counts[this, next], so p[this, next]."""
    grams = _grams(text, order)
    states = sorted(set(grams))
    return _shares(_counts(grams, states).T), states


EXERCISE = Exercise(
    id="01.fit_markov_chain",
    title="A chain of letters",
    objects=("fit_markov_chain",),
    points=2,
    probe="01.chain",
    cases=cases,
    judge=judge,
    mistakes=(
        transposed,
        counts_not_normalised,
        divided_by_the_total,
        last_row_left_empty,
        last_row_nan,
        wraps_around,
        one_added_to_every_count,
        vocabulary_not_sorted,
        order_ignored,
        grams_cut_side_by_side,
        last_gram_missed,
        columns_normalised,
        counted_backwards,
    ),
    hints=(
        "What are the states? → With order=1 the characters. With order=2 the overlapping pairs: text[0:2],"
        " text[1:3], text[2:4], … The last one starts at len(text) - order.",
        "How do I count? → place = {gram: i for i, gram in enumerate(vocabulary)} gives each state its row"
        " and column. Walk through zip(grams, grams[1:]) and add 1 for each step.",
        "What if a row's sum is 0? → That state occurs only at the end of the text. Fill its row with 1 / V"
        " before or after dividing.",
        "```python\ngrams = [text[i : i + order] for i in range(len(text) - order + 1)]\n"
        "vocabulary = sorted(set(grams))\nplace = {gram: i for i, gram in enumerate(vocabulary)}\n"
        "counts = np.zeros((len(vocabulary), len(vocabulary)))\nfor here, following in zip(grams, grams[1:]):\n"
        "    counts[place[here], place[following]] += 1\n"
        "counts[counts.sum(axis=1) == 0] = 1   # no successor: all equally likely\n# … now divide each row\n```",
    ),
)
