"""An LSTM classifier worked out in NumPy from its weights, and what it gives when it is read off in a wrong place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import log_softmax, softmax

Weights = dict[str, np.ndarray]


def sort_out(weights: Sequence[np.ndarray], vocab: int, embed: int, hidden: int, classes: int) -> Weights | None:
    """Return the weights by name when they are one embedding, one LSTM and one linear layer, found by their shapes."""
    shapes = {
        "embedding": (vocab, embed),
        "w_ih": (4 * hidden, embed),
        "w_hh": (4 * hidden, hidden),
        "b_ih": (4 * hidden,),
        "b_hh": (4 * hidden,),
        "head": (classes, hidden),
        "bias": (classes,),
    }
    rest = [w.astype(float) for w in weights]
    found: Weights = {}
    for name, shape in shapes.items():
        for w in rest:
            if w.shape == shape:
                found[name] = w
                rest = [other for other in rest if other is not w]
                break
    return found if len(found) == len(shapes) and not rest and len(set(shapes.values())) == 6 else None


def states(w: Weights, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return h and c after every step, (N, T, H) each."""
    x = w["embedding"][ids]
    h = c = np.zeros((len(ids), w["w_hh"].shape[1]))
    hs, cs = [], []
    for t in range(ids.shape[1]):
        i, f, g, o = np.split(x[:, t] @ w["w_ih"].T + h @ w["w_hh"].T + w["b_ih"] + w["b_hh"], 4, axis=1)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)


def readings(w: Weights, ids: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    """Return the logits by what they were read off: "last real step" is right, the others are known mistakes."""
    h, c = states(w, ids)
    rows, last = np.arange(len(ids)), mask.sum(axis=1) - 1
    real = mask[..., None]
    turned = states(w, ids.T)[0].transpose(1, 0, 2)
    backwards = states(w, ids[:, ::-1])[0]
    read_off = {
        "last real step": h[rows, last],
        "padded step": h[:, -1],
        "first step": h[:, 0],
        "one step early": h[rows, np.maximum(last - 1, 0)],
        "mean over all steps": h.mean(axis=1),
        "mean over real steps": (h * real).sum(axis=1) / real.sum(axis=1),
        "maximum over real steps": np.where(real, h, -np.inf).max(axis=1),
        "sum over real steps": (h * real).sum(axis=1),
        "memory": c[rows, last],
        "batch as time": turned[rows, last],
        "batch as time, padded step": turned[:, -1],
        "read backwards": backwards[:, -1],
        "sorted rows": h[rows, last][np.argsort(-last, kind="stable")],
    }
    logits = {name: r @ w["head"].T + w["bias"] for name, r in read_off.items()}
    right = logits["last real step"]
    return logits | {"softmax": softmax(right, axis=1), "log-softmax": log_softmax(right, axis=1)}
