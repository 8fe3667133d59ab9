"""The names of a History's tables, and how many numbers each holds for one name at one step (0: one)."""

from __future__ import annotations

from .magnitudes import LOG10_EDGES, QUANTILES

BINS = LOG10_EDGES.size - 1

PARAM_TABLES = {
    "grad_norm": 0,  # L2 norm of the gradient as the optimizer used it
    "raw_grad_norm": 0,  # the same before clipping (and with the AMP scale taken out)
    "weight_norm": 0,
    "update_norm": 0,  # L2 norm of the change that the optimizer's step made
    "learning_rate": 0,
    "grad_zero": 0,  # fraction of exact zeros
    "grad_nonfinite": 0,  # fraction of NaN and infinities
    "grad_missing": 0,  # 1 where .grad was None
    "grad_quantiles": len(QUANTILES),
    "grad_histogram": BINS,
}

LAYER_TABLES = {
    "activation_rms": 0,
    "activation_mean": 0,
    "activation_std": 0,
    "activation_zero": 0,
    "activation_nonfinite": 0,
    "activation_saturated": 0,  # sigmoid and tanh: fraction with less than 5 % of the largest slope
    "activation_dead": 0,  # rectifiers: fraction of units that were zero for the whole batch
    "activation_quantiles": len(QUANTILES),
    "activation_histogram": BINS,
    "gradient_rms": 0,  # dL/d(activation)
    "gradient_zero": 0,
    "gradient_nonfinite": 0,
    "gradient_quantiles": len(QUANTILES),
    "gradient_histogram": BINS,
}
