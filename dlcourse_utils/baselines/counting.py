"""Text by counting which character followed each stretch of k: `CountingModel(train, longest, alphabet)`."""

from __future__ import annotations

import math
from collections import Counter, defaultdict


class CountingModel:
    """Markov chains over characters, of every order up to `longest`; a rare context leans on the shorter one.

    With c counts of a character after a context, n counts in all and d different characters seen there, the p of the
    next shorter context becomes (c + d · p) / (n + d). Below the empty context all characters are alike.
    Source: I. Witten, T. Bell, IEEE Transactions on Information Theory 37(4), 1991, method C.
    """

    def __init__(self, train: str, longest: int, alphabet: str) -> None:
        self.uniform = 1 / len(alphabet)
        self.tables: list[dict[str, Counter[str]]] = []
        for k in range(longest + 1):
            table: dict[str, Counter[str]] = defaultdict(Counter)
            for i in range(k, len(train)):
                table[train[i - k : i]][train[i]] += 1
            self.tables.append(dict(table))
        self.totals = [{context: seen.total() for context, seen in table.items()} for table in self.tables]

    def entries(self, order: int) -> int:
        """Return how many counts a chain of this order keeps, its shorter contexts included."""
        return sum(len(seen) for table in self.tables[: order + 1] for seen in table.values())

    def probability(self, context: str, character: str) -> float:
        """Return p(character | context); the order is the context's length."""
        p = self.uniform
        for k in range(len(context) + 1):
            stretch = context[len(context) - k :]
            seen = self.tables[k].get(stretch)
            if seen:
                p = (seen[character] + len(seen) * p) / (self.totals[k][stretch] + len(seen))
        return p

    def bits_per_character(self, text: str, order: int) -> float:
        """Return the mean of −log₂ p over the characters of a text; the first `order` of them are context only."""
        bits = [-math.log2(self.probability(text[i - order : i], text[i])) for i in range(order, len(text))]
        return sum(bits) / len(bits)
