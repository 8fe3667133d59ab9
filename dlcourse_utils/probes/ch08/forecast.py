"""The forecast of hired bikes."""

from __future__ import annotations

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, private_randomness


@probe("ch08.forecast")
def forecast(
    attempt: Attempt, x: np.ndarray, y: np.ndarray, epochs: int, seed: int, unseen: np.ndarray, again: bool
) -> Parts:
    """Train on windows and hand over forecasts for windows never seen, all at once and the first ones alone.

    `again` trains a second time, and a third time with another seed.
    """
    import torch

    (train,) = attempt
    for turn, own in enumerate((seed, seed, seed + 1) if again else (seed,)):
        with private_randomness(1 + turn):
            predict = train(x.copy(), y.copy(), epochs, own)
            yield f"callable{turn}", callable(predict)
            if not callable(predict):
                return
            with torch.no_grad():
                yield f"forecasts{turn}", as_array(predict(unseen.copy()))
                yield f"the first ten alone{turn}", as_array(predict(unseen[:10].copy()))
