"""What lstm_step and gru_step share: parameters named and shaped as PyTorch's cells, random and without zeros."""

from typing import Any

import numpy as np


def random_params(rng: np.random.Generator, gates: int, d: int, h: int) -> dict[str, np.ndarray]:
    """Return weight_ih (gates·H, D), weight_hh (gates·H, H), bias_ih and bias_hh (gates·H,)."""

    def bias() -> np.ndarray:
        return rng.uniform(0.2, 0.8, size=gates * h) * rng.choice([-1.0, 1.0], size=gates * h)

    return {
        "weight_ih": rng.normal(size=(gates * h, d)) / np.sqrt(d),
        "weight_hh": rng.normal(size=(gates * h, h)) / np.sqrt(h),
        "bias_ih": bias(),
        "bias_hh": bias(),
    }


def loaded(cell: Any, params: dict[str, np.ndarray]) -> Any:
    """Return the torch cell in float64 with these numbers in it."""
    import torch

    cell = cell.double().requires_grad_(False)
    cell.load_state_dict({name: torch.tensor(values) for name, values in params.items()})
    return cell
