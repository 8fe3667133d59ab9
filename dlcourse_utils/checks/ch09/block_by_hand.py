"""A transformer block in NumPy, in the arrangement asked for and in those that people mix up with it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import erf, expit
from scipy.special import softmax as scipy_softmax

Function = Callable[[np.ndarray], np.ndarray]


def _tanh_gelu(z: np.ndarray) -> np.ndarray:
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


ACTIVATIONS: dict[str, Function] = {
    "GELU": lambda z: 0.5 * z * (1 + erf(z / np.sqrt(2))),
    "GELU by tanh": _tanh_gelu,
    "ReLU": lambda z: np.maximum(z, 0),
    "SiLU": lambda z: z * expit(z),
}
ARRANGEMENTS: dict[str, Callable[[np.ndarray, Function, Function, Function], np.ndarray]] = {
    "pre-norm": lambda x, A, M, n: _then(x, lambda h: h + A(n(h)), lambda h: h + M(n(h))),
    "post-norm": lambda x, A, M, n: _then(x, lambda h: n(h + A(h)), lambda h: n(h + M(h))),
    "parallel": lambda x, A, M, n: x + A(n(x)) + M(n(x)),
    "no residual": lambda x, A, M, n: _then(x, lambda h: A(n(h)), lambda h: M(n(h))),
    "no residual around attention": lambda x, A, M, n: _then(x, lambda h: A(n(h)), lambda h: h + M(n(h))),
    "no residual around the MLP": lambda x, A, M, n: _then(x, lambda h: h + A(n(h)), lambda h: M(n(h))),
    "normalised residual": lambda x, A, M, n: _then(x, lambda h: n(h) + A(n(h)), lambda h: n(h) + M(n(h))),
    "norm of the branch": lambda x, A, M, n: _then(x, lambda h: h + n(A(h)), lambda h: h + n(M(h))),
    "no norm": lambda x, A, M, n: _then(x, lambda h: h + A(h), lambda h: h + M(h)),
    "one norm only": lambda x, A, M, n: _then(x, lambda h: h + A(n(h)), lambda h: h + M(h)),
    "first norm left out": lambda x, A, M, n: _then(x, lambda h: h + A(h), lambda h: h + M(n(h))),
    "MLP first": lambda x, A, M, n: _then(x, lambda h: h + M(n(h)), lambda h: h + A(n(h))),
    "second residual from x": lambda x, A, M, n: x + M(n(x + A(n(x)))),
}


def _then(x: np.ndarray, first: Function, second: Function) -> np.ndarray:
    return second(first(x))


def readings(value: dict[str, Any], heads: int, x: np.ndarray, mask: np.ndarray | None) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what each arrangement gives with the weights that the probe put in; "pre-norm", with GELU, comes first.

    value: the probe's observation. Other activations than GELU are as right; none at all is a mistake.
    """
    (w1, b1), (w2, b2) = value["mlp"] if value["mlp"][0][0].shape[1] == x.shape[-1] else value["mlp"][::-1]

    def norm(h: np.ndarray) -> np.ndarray:
        centred = h - h.mean(axis=-1, keepdims=True)
        return centred / np.sqrt(h.var(axis=-1, keepdims=True) + 1e-5) * value["gamma"] + value["beta"]

    def attention(h: np.ndarray, mask: np.ndarray | None = mask) -> np.ndarray:
        q, k, v = (_heads(h @ w.T + b, heads) for w, b in (value["projections"][p] for p in ("q_proj", "k_proj", "v_proj")))
        scores = np.einsum("nhid,nhjd->nhij", q, k) / np.sqrt(q.shape[-1])
        weights = scipy_softmax(scores if mask is None else np.where(mask, scores, -np.inf), axis=-1)
        w, b = value["projections"]["out_proj"]
        return np.einsum("nhij,nhjd->nihd", weights, v).reshape(h.shape) @ w.T + b

    def mlp(act: Function) -> Function:
        return lambda h: act(h @ w1.T + b1) @ w2.T + b2

    for name, arrange in ARRANGEMENTS.items():
        for act in ACTIVATIONS.values():
            yield name, arrange(x, attention, mlp(act), norm)
    first = ARRANGEMENTS["pre-norm"]
    if mask is not None:
        for act in ACTIVATIONS.values():
            yield "mask ignored", first(x, lambda h: attention(h, None), mlp(act), norm)
    yield "no activation", first(x, attention, mlp(lambda z: z), norm)


def _heads(h: np.ndarray, heads: int) -> np.ndarray:
    n, t, d = h.shape
    return h.reshape(n, t, heads, d // heads).swapaxes(1, 2)
