"""The model that pronounces words."""

from __future__ import annotations

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import private_randomness, tensor
from .models import Asker


@probe("ch09.pronounce")
def pronounce(
    attempt: Attempt,
    ids: np.ndarray,
    mask: np.ndarray,
    vocab: int,
    steps: int,
    seed: int,
    asked: list[np.ndarray],
    longest: int,
    again: bool = False,
) -> Parts:
    """Train on the words given; let the model say words that it has never seen, taking the likeliest sound each time.

    asked: arrays of prompts (n, L + 1), one for each length of word. longest: how many tokens are drawn.
    """
    import torch

    (train,) = attempt
    for turn in range(3 if again else 1):  # twice with one seed, then with another
        with private_randomness(1 + turn):
            model = train(tensor(ids, "int64"), tensor(mask, "bool"), vocab, steps, seed + turn // 2)
            yield f"a Module{turn}", isinstance(model, torch.nn.Module)
            if not isinstance(model, torch.nn.Module):
                return
            yield f"evaluation mode{turn}", not model.training
            ask = Asker(model)
            with torch.no_grad():
                for number, prompt in enumerate(asked):
                    yield f"prompt {number}, {turn}", ask(prompt)
                    yield f"a second look {number}, {turn}", ask(prompt)
                    said_aloud = prompt
                    for _ in range(longest):
                        logits = ask(said_aloud)
                        if not isinstance(logits, np.ndarray) or logits.ndim != 3:
                            return
                        said_aloud = np.concatenate([said_aloud, logits[:, -1:].argmax(axis=-1)], axis=1)
                    yield f"said {number}, {turn}", said_aloud[:, prompt.shape[1] :]
                    yield f"looking back {number}, {turn}", ask(said_aloud[:, :-1])
