"""Made-up words and texts with known counts: nothing that a learner could have seen."""

import numpy as np

_STARTS, _MIDDLES, _ENDS = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v"], ["a", "e", "i", "o", "u", "ea", "ou"], ["n", "r", "st", "l", "m", "nd", "ck"]


def random_words(rng: np.random.Generator, count: int) -> list[str]:
    """Return that many different words, some with a mark at the end, in no order."""
    words: dict[str, None] = {}
    while len(words) < count:
        word = "".join(rng.choice(part) for part in (_STARTS, _MIDDLES, _STARTS, _MIDDLES, _ENDS))
        words[word] = None
    return [w + ("!.,"[number // 4 % 3] if number % 4 == 3 else "") for number, w in enumerate(words)]


def random_texts(rng: np.random.Generator, counts: dict[int, int]) -> list[str]:
    """Return five texts in which counts[c] words occur c times each, now and then with a capital;
    between two words there may be a line break, or two blanks.

    All occurrences of the most frequent word stand in the first text: counting texts differs from counting occurrences.
    """
    words = random_words(rng, sum(counts.values()))
    times = [c for c, number in counts.items() for _ in range(number)]
    bag = [w for w, c in zip(words, times, strict=True) for _ in range(c)]
    order = rng.permutation(len(bag))
    rows = [[bag[i] for i in part] for part in np.array_split(order, 5)]
    frequent = words[0]
    rows = [[w for w in row if w != frequent] for row in rows]
    rows[0] += [frequent] * times[0]
    texts = [" ".join(w.capitalize() if rng.random() < 0.3 else w for w in row) for row in rows if row]
    return [texts[0].replace(" ", "  ", 1), *(t.replace(" ", "\n", 1) for t in texts[1:])]
