"""Numbers that the texts of chapters 00 and 01 state in so many words, found again with other people's code."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.preprocessing import MinMaxScaler

from dlcourse_utils.data import letters_only, load_austen, load_digits_split

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
START = (SOLUTIONS / "00_start_here.py").read_text(encoding="utf-8")
TOOLBOX = (SOLUTIONS / "01_math_toolbox.py").read_text(encoding="utf-8")


def test_wines_go_from_seven_in_ten_to_nineteen_in_twenty():
    wine = load_wine()
    tables = wine.data, MinMaxScaler().fit_transform(wine.data)

    def share(table, seed):
        order = np.random.default_rng(seed).permutation(178)
        learn, judge = order[:100], order[100:]
        return NearestCentroid().fit(table[learn], wine.target[learn]).score(table[judge], wine.target[judge])

    seed = int(re.search(r"default_rng\((\d+)\)\.permutation\(178\)\n", START).group(1))
    assert [round(share(table, seed), 2) for table in tables] == [0.69, 0.96]
    raw, scaled = (np.mean([share(table, s) for s in range(40)]) for table in tables)
    assert f"{raw:.0%}".replace("%", " %") in START
    assert f"{scaled:.0%}".replace("%", " %") in START


@pytest.mark.filterwarnings("ignore:self.within_class_std_dev_:UserWarning")  # the corner pixels are always 0
def test_the_nearest_mean_reads_nine_digits_in_ten_and_the_nearest_example_all_but_six():
    d = load_digits_split(seed=0)
    assert f"{NearestCentroid().fit(d.x_train, d.y_train).score(d.x_test, d.y_test):.1%}" == "90.0%"
    neighbour = KNeighborsClassifier(1).fit(d.x_train, d.y_train)
    assert (neighbour.predict(d.x_test) != d.y_test).sum() == 6
    assert "only six mistakes in 360" in TOOLBOX
    assert "98.3 %" in TOOLBOX


@pytest.fixture(scope="module")
def novel():
    chapters = load_austen().chapters
    return letters_only(" ".join(chapters[:49])), letters_only(" ".join(chapters[49:]))


def test_one_letter_is_worth_the_mutual_information_of_neighbours(novel):
    book, _ = novel
    pairs, singles = Counter(pairwise(book)), Counter(book)
    saved = 2 * entropy(list(singles.values()), base=2) - entropy(list(pairs.values()), base=2)
    assert f"{saved:.2f}" == "0.80"
    assert "**0.80 bits**" in TOOLBOX
    q = Counter(b for (a, b), n in pairs.items() for _ in range(n) if a == "q")
    surprise = sum(n / q.total() * np.log2((n / q.total()) / (singles[c] / len(book))) for c, n in q.items())
    assert 5 < surprise < 6, "the text says: more than five bits"


def test_the_bits_per_character_that_the_milestone_is_told_to_reach(novel):
    book, held_out = novel
    seen = Counter(zip(book, book[1:], book[2:], strict=False))
    before = Counter(pairwise(book[:-1]))
    triples = list(zip(held_out, held_out[1:], held_out[2:], strict=False))
    bits = -np.mean([np.log2((seen[t] + 0.1) / (before[t[:2]] + 2.7)) for t in triples])
    assert f"{bits:.2f}" == "2.56"
    assert "From 4.75 bits to about 2.56" in TOOLBOX
    assert len(seen) < 27**3 / 2, "the text says that most triples never occur"
    impossible = sum(pair not in before for pair in pairwise(held_out))
    assert 1 <= impossible <= 10, "the text says: a handful of steps"
