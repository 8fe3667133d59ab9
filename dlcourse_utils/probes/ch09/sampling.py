"""Models of our own that the learner's code lets write."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe, recipe
from ..torch_parts import as_array, private_randomness, tensor


@recipe("ch09.dice")
def dice(logits: np.ndarray, context: int, odd: np.ndarray | None = None) -> Any:
    """A model that has one opinion for ever, whatever it reads: independent draws from known odds.

    With `odd` it has this other one of texts that begin with an odd id.
    """
    return _writer(len(logits), context, lambda window: logits if odd is None or window[0] % 2 == 0 else odd)


@recipe("ch09.clockwork")
def clockwork(vocab: int, modulus: int, context: int) -> Any:
    """A model that is sure of each next id; it depends on all ids that it is shown, and on their order.

    s = 0; for each id in the window: s becomes (3 s + id + 1) mod modulus. The next id is s mod vocab.
    """

    def opinion(window: list[int]) -> np.ndarray:
        s = 0
        for i in window:
            s = (3 * s + i + 1) % modulus
        return 200.0 * (np.arange(vocab) == s % vocab)

    return _writer(vocab, context, opinion)


def _writer(vocab: int, context: int, opinion: Any) -> Any:
    import torch

    class Writer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context = context

        def forward(self, ids: Any) -> Any:
            if ids.shape[1] > context:
                raise IndexError(f"{ids.shape[1]} ids were given to a model whose context is {context}")
            rows = [[opinion(row[: t + 1]) for t in range(len(row))] for row in ids.tolist()]
            return torch.tensor(np.array(rows).reshape(*ids.shape, vocab))

    return Writer()


@probe("ch09.generate")
def generate(
    attempt: Attempt, model: Any, ids: np.ndarray, steps: int, temperature: float, top_k: int | None, seed: int
) -> Parts:
    """Write once, then shortly three times: two from one seed, one from another."""
    import torch

    (function,) = attempt
    model.eval()
    short = (("a short text", 6, seed, 1), ("again", 6, seed, 2), ("another seed", 6, seed + 1, 1))
    for name, new, own, elsewhere in (("ids", steps, seed, 1), *short):
        with private_randomness(elsewhere):
            before = torch.get_rng_state()
            prompt = tensor(ids, "int64")
            text = function(model, prompt, new, temperature, top_k, torch.Generator().manual_seed(own))
            yield name, as_array(text)
            if name == "ids":
                yield "global generator untouched", bool(torch.equal(before, torch.get_rng_state()))
                yield "prompt untouched", bool(np.array_equal(as_array(prompt), ids))
                yield "evaluation mode kept", not model.training
