"""09.scaled_dot_product_attention: each query's weighted mean of the values, and the weights."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from scipy.special import softmax as scipy_softmax

from ..authoring import Case, Exercise, Observation, Tensor, Verdict, compare
from .readymade import READYMADE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, lead: tuple[int, ...], sizes: tuple[int, int, int, int], scale: float = 1.0, weight: float = 1.0) -> Case:
        tq, tk, d, dv = sizes
        shapes = ((*lead, tq, d), (*lead, tk, d), (*lead, tk, dv))
        q, k, v = (rng.normal(size=shape) for shape in shapes)
        return Case(title, tuple(Tensor(a, "float64") for a in (q * scale, k * scale, v)), weight=weight)

    def masked(title: str, lead: tuple[int, ...], sizes: tuple[int, int, int, int], mask: np.ndarray, weight: float = 1.0, scale: float = 1.0) -> Case:
        plain = case(title, lead, sizes, scale)
        return Case(title, (*plain.args, Tensor(mask, "bool")), weight=weight)

    def holes(*shape: int) -> np.ndarray:
        """Draw a mask in which every row has something to look at and something hidden."""
        order = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
        return (order == 0) | ((order > 1) & (rng.random(shape) < 0.5))

    yield case("3 queries, 5 keys, no mask", (), (3, 5, 4, 6))
    yield case("a batch of 2, no mask", (2,), (4, 3, 7, 5))
    yield case("scores in the thousands", (2,), (3, 6, 16, 2), scale=40.0)
    yield masked("a batch of 2, a mask for each", (2,), (3, 6, 5, 4), holes(2, 3, 6), weight=2.0)
    yield masked("3 samples, 2 heads, one mask for all", (3, 2), (4, 5, 3, 3), holes(4, 5), weight=2.0)
    yield masked("3 samples, 2 heads, a mask for each sample's keys", (3, 2), (4, 6, 3, 2), holes(3, 1, 1, 6))
    q, k, v, mask = masked("a mask, and scores far below zero", (2,), (3, 7, 12, 4), holes(2, 3, 7), scale=11.0).args
    low = Tensor(np.abs(q.array), "float64"), Tensor(-np.abs(k.array), "float64")
    yield Case("a mask, and scores far below zero", (*low, v, mask))
    nothing = holes(2, 3, 5)
    nothing[1, 2] = False
    yield masked("one query that may look at nothing", (2,), (3, 5, 4, 2), nothing)


def _expected(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return out, weights and, per query, whether it may look at anything."""
    q, k, v = (part.array for part in case.args[:3])
    scores = np.einsum("...id,...jd->...ij", q, k) * q.shape[-1] ** -0.5
    mask = np.broadcast_to(case.args[3].array if len(case.args) > 3 else np.ones(1, dtype=bool), scores.shape)
    sees: np.ndarray = np.any(mask, axis=-1, keepdims=True)
    weights = scipy_softmax(np.where(mask | ~sees, scores, -np.inf), axis=-1)
    return np.einsum("...ij,...jv->...iv", weights, v), weights, sees


def _slopes(case: Case) -> dict[str, np.ndarray]:
    """Return the slopes of Σ cos(n)·outₙ along q, k and v, by the chain rule on paper."""
    q, k, v = (part.array for part in case.args[:3])
    out, weights, _ = _expected(case)
    dout = np.cos(np.arange(out.size)).reshape(out.shape)
    dweights = np.einsum("...iv,...jv->...ij", dout, v)
    dscores = weights * (dweights - np.sum(dweights * weights, axis=-1, keepdims=True)) * q.shape[-1] ** -0.5
    return {
        "q": np.einsum("...ij,...jd->...id", dscores, k),
        "k": np.einsum("...ij,...id->...jd", dscores, q),
        "v": np.einsum("...ij,...iv->...jv", weights, dout),
    }


def judge(case: Case, observation: Observation) -> Verdict:
    value = (observation.value or {}).get("result")
    out, weights, sees = _expected(case)
    if value is None:
        return compare((Tensor(out, "float64"), Tensor(weights, "float64")), None)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return Verdict.broken(f"Expected the pair (out, weights); yours is {'one tensor' if isinstance(value, Tensor) else 'something else'}.")
    for name, want, got in (("out", out, value[0]), ("weights", weights, value[1])):
        if isinstance(got, Tensor) and got.array.shape == want.shape:  # what such a query gets is free, if it is finite
            want = np.where(sees | ~np.isfinite(got.array), want, got.array)
        verdict = compare(Tensor(want, "float64"), got)
        if not verdict.passed:
            return verdict.at(name)
    return _learns(case, (observation.value or {}).get("slopes")) or Verdict.ok()


def _learns(case: Case, slopes: dict[str, Any] | None) -> Verdict | None:
    if slopes is None:
        return None
    for name, want in _slopes(case).items():
        got = slopes.get(name)
        if got is None:
            told = f"The numbers are right, but no gradient comes back to {name}: something on the way (detach, numpy, no_grad) cuts it off."
            return Verdict.wrong(told, symptom="graph")
        # roomy: the numbers have been held to more digits, this looks for parts that are missing
        verdict = compare(Tensor(want, "float64"), got, rtol=1e-3, atol=1e-6 + 1e-3 * np.abs(want).max())
        if not verdict.passed:
            told = f"The numbers are right, but the gradient for {name} is not: something on the way (detach, numpy, no_grad) cuts a part of it off."
            return Verdict.wrong(told, want, got.array if isinstance(got, Tensor) else got, symptom="graph")
    return None


def _attend(q, k, v, mask=None, scale=None, dim=-1, fill=-1e30):
    scores = q @ k.transpose(-2, -1) / (math.sqrt(q.shape[-1]) if scale is None else scale)
    if mask is not None:
        scores = scores.masked_fill(~mask, fill)
    weights = torch.softmax(scores, dim=dim)
    return weights @ v, weights


def no_scale(q, k, v, mask=None):
    """You don't divide the scores by √d, the length of a query. Sums of d products grow with d, and the softmax goes to one key alone."""
    return _attend(q, k, v, mask, scale=1.0)


def divided_by_d(q, k, v, mask=None):
    """You divide the scores by d; asked for is its square root. A sum of d random products has a spread of √d, not d."""
    return _attend(q, k, v, mask, scale=q.shape[-1])


def root_of_the_number_of_keys(q, k, v, mask=None):
    """You divide by the root of the number of keys. What makes scores large is the length of a query and a key: q.shape[-1]."""
    return _attend(q, k, v, mask, scale=math.sqrt(k.shape[-2]))


def softmax_over_the_queries(q, k, v, mask=None):
    """Your softmax runs over the queries, so your columns sum to one. Each query shares its attention among the *keys*: dim=-1."""
    return _attend(q, k, v, mask, dim=-2)


def mask_added_as_0_and_1(q, k, v, mask=None):
    """You add the mask to the scores, so a hidden key only loses 1. It must lose everything: masked_fill(~mask, -inf) before the softmax."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    weights = torch.softmax(scores if mask is None else scores + mask.to(scores.dtype), dim=-1)
    return weights @ v, weights


def scores_multiplied_by_the_mask(q, k, v, mask=None):
    """You multiply the scores by the mask, so a hidden key has the score 0, which is an average one. A hidden key's score must be −inf."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    weights = torch.softmax(scores if mask is None else scores * mask, dim=-1)
    return weights @ v, weights


def masked_after_the_softmax(q, k, v, mask=None):
    """You set hidden weights to 0 *after* the softmax, so the rest of each row no longer sums to one. Mask the scores, before it."""
    _, weights = _attend(q, k, v)
    weights = weights if mask is None else weights * mask
    return weights @ v, weights


def mask_ignored(q, k, v, mask=None):
    """Your result is the same with and without the mask. Where it is False, the score must become −inf before the softmax."""
    return _attend(q, k, v)


def not_low_enough(q, k, v, mask=None):
    """You give hidden keys the score −100, which is not low where real scores are at −300. Use -1e9 or −inf."""
    return _attend(q, k, v, mask, fill=-100.0)


def root_of_the_length_of_the_values(q, k, v, mask=None):
    """You divide by the root of the length of the *values*. The scores are sums over the length of a query and a key: q.shape[-1]."""
    return _attend(q, k, v, mask, scale=math.sqrt(v.shape[-1]))


def gradients_cut_off(q, k, v, mask=None):
    """Your numbers are right, but you detach them on the way, so nothing before this layer could ever learn. Leave detach(), .numpy() and no_grad away."""
    out, weights = _attend(q, k, v, mask)
    return out.detach(), weights.detach()


def nan_where_nothing_may_be_seen(q, k, v, mask=None):
    """A query that may look at nothing has only scores of −inf, and the softmax of those is 0/0. Use a very low finite number such as -1e9, or torch.nan_to_num afterwards."""
    return _attend(q, k, v, mask, fill=-math.inf)


def overflows(q, k, v, mask=None):
    """Your softmax overflows with large scores: exp of a thousand is infinite. Use torch.softmax, or subtract each row's maximum first."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    e = torch.exp(scores * 1.0)
    e = e if mask is None else e * mask
    weights = e / e.sum(dim=-1, keepdim=True)
    return weights @ v, weights


def gives_scores_for_weights(q, k, v, mask=None):
    """The second thing you return is the scores from before the softmax. Asked for are the weights, whose rows sum to one."""
    out, _ = _attend(q, k, v, mask)
    return out, q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])


def weights_first(q, k, v, mask=None):
    """You return (weights, out). Asked for is (out, weights)."""
    return _attend(q, k, v, mask)[::-1]


def out_alone(q, k, v, mask=None):
    """You return the output alone. The weights are wanted too, to look at: return (out, weights)."""
    return _attend(q, k, v, mask)[0]


def true_means_blocked(q, k, v, mask=None):
    """You read the mask as nn.MultiheadAttention does, where True means blocked. In this course True means: may attend."""
    return _attend(q, k, v, None if mask is None else ~mask)


EXERCISE = Exercise(
    id="09.scaled_dot_product_attention",
    title="A soft look-up",
    objects=("scaled_dot_product_attention",),
    points=2,
    cases=cases,
    probe="ch09.attention",
    judge=judge,
    forbids=READYMADE,
    mistakes=(
        no_scale,
        divided_by_d,
        root_of_the_number_of_keys,
        root_of_the_length_of_the_values,
        softmax_over_the_queries,
        mask_added_as_0_and_1,
        scores_multiplied_by_the_mask,
        masked_after_the_softmax,
        mask_ignored,
        not_low_enough,
        nan_where_nothing_may_be_seen,
        overflows,
        gradients_cut_off,
        gives_scores_for_weights,
        weights_first,
        out_alone,
    ),
    conventions=(true_means_blocked,),
    hints=(
        "What are the scores? → Every query with every key: q @ k.transpose(-2, -1). Rows belong to queries, columns to keys.",
        "My rows don't sum to one. → softmax over the keys, the last axis: torch.softmax(scores, dim=-1).",
        "How do I apply the mask? → Before the softmax: scores.masked_fill(~mask, -1e9). Where the mask is False, the weight becomes 0. (With −inf, a "
        "row that may look at nothing gives 0/0.)",
        "Nearly everything:\n```python\nscores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\nif mask is not None:\n    scores = scores.masked_fill(~mask, -1e9)\n"
        "weights = ...\nreturn weights @ v, weights\n```",
    ),
)
