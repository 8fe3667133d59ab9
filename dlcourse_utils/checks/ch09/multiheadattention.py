"""09.MultiHeadAttention: with copied weights, the numbers of nn.MultiheadAttention."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Verdict, compare
from .multi_head_mistakes import CONVENTIONS, MISTAKES
from .readymade import READYMADE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, sizes: tuple[int, int, int, int], heads: int, cross: bool = False, mask: np.ndarray | None = None, weight: float = 1.0) -> Case:
        n, tq, tk, d = sizes
        weights = {}
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            weights[f"{name}.weight"] = (rng.normal(size=(d, d)) / np.sqrt(d) * 1.5).astype(np.float32)
            weights[f"{name}.bias"] = (rng.normal(size=d) / 2).astype(np.float32)
        query, key, value = (rng.normal(size=(n, t, d)).astype(np.float32) for t in (tq, tk, tk))
        given = (query, key, value) if cross else (query, query, query)
        facts: dict[str, Any] = {"d_model": d, "heads": heads, "weights": weights}
        facts |= dict(zip(("query", "key", "value"), given, strict=True))
        return Case(title, kwargs=facts if mask is None else {**facts, "mask": mask}, weight=weight)

    yield case("self-attention, 3 heads", (2, 5, 5, 12), 3)
    yield case("4 queries look at 6 keys with other values", (3, 4, 6, 8), 2, cross=True, weight=2.0)
    yield case("one head, a single sequence", (1, 3, 3, 6), 1)
    # in both masks each query has something to look at and something hidden: read the other way round, no row is empty
    yield case("each query sees one key more, 2 heads", (2, 4, 5, 10), 2, cross=True, mask=np.tri(4, 5, dtype=bool))
    lengths = np.array([5, 2, 4])
    padding = (np.arange(6) < lengths[:, None])[:, None, None, :]
    yield case("padded keys, 4 heads", (3, 4, 6, 12), 4, cross=True, mask=padding)


def oracle(d_model: int, heads: int, weights: dict[str, np.ndarray], query: Any, key: Any, value: Any, mask: Any = None) -> dict[str, np.ndarray]:
    """Return what PyTorch's own layer gives with the same weights."""
    layer = torch.nn.MultiheadAttention(d_model, heads, batch_first=True).eval()
    projections = ("q_proj", "k_proj", "v_proj")
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.tensor(np.concatenate([weights[f"{p}.weight"] for p in projections])))
        layer.in_proj_bias.copy_(torch.tensor(np.concatenate([weights[f"{p}.bias"] for p in projections])))
        layer.out_proj.weight.copy_(torch.tensor(weights["out_proj.weight"]))
        layer.out_proj.bias.copy_(torch.tensor(weights["out_proj.bias"]))
        shape = (len(query), heads, query.shape[1], key.shape[1])
        blocked = None if mask is None else ~torch.tensor(np.broadcast_to(mask, shape).reshape(-1, *shape[2:]))
        given = (torch.tensor(a) for a in (query, key, value))
        out, shares = layer(*given, attn_mask=blocked, average_attn_weights=False)
    return {"out": out.numpy(), "weights": shares.numpy()}


def judge(case: Case, observation: Observation) -> Verdict:
    value = observation.value or {}
    if value.get("ready-made"):
        return Verdict.broken(f"There is an nn.{value['ready-made'][0]} inside. Here you write it yourself.", symptom="ready-made")
    if value.get("layers") != "as asked":
        return Verdict.broken(
            f"Four layers are asked for, q_proj, k_proj, v_proj and out_proj, each nn.Linear(d_model, d_model): {value.get('layers')}.", symptom="layers"
        )
    if "result" in value:
        return Verdict.broken(f"forward should return the pair (out, weights); yours returns {value['result']}.", symptom="pair")
    expected = oracle(**case.kwargs)
    verdict = compare(expected, {name: value.get(name) for name in expected}, rtol=1e-3, atol=1e-4)
    if verdict.passed and value.get("can learn") != "yes":
        return Verdict.wrong("The numbers are right, but no gradient comes back from them: something in forward cuts the graph.", symptom="graph")
    cross = case.kwargs["query"].shape != case.kwargs["key"].shape  # else one input may stand in for all three
    if verdict.passed and cross and value.get("deaf"):
        told = f"The numbers are right, but no gradient comes back to {' and '.join(value['deaf'])}: something in forward cuts the graph."
        return Verdict.wrong(told, symptom="graph")
    return verdict


EXERCISE = Exercise(
    id="09.MultiHeadAttention",
    title="Several looks at once",
    objects=("MultiHeadAttention",),
    points=3,
    cases=cases,
    probe="ch09.multi_head",
    judge=judge,
    rtol=1e-3,
    forbids=READYMADE,
    mistakes=MISTAKES,
    conventions=CONVENTIONS,
    builds_on=("09.scaled_dot_product_attention",),
    hints=(
        "Which layers? → Four times nn.Linear(d_model, d_model): self.q_proj, self.k_proj, self.v_proj, self.out_proj. Not one for each head: their rows are "
        "shared out among the heads.",
        "How do I split (N, T, d_model) into heads? → In two moves: .view(N, T, heads, d_model // heads), and then .transpose(1, 2) for (N, heads, T, d_head). "
        "A single view straight to (N, heads, T, d_head) has the right shape and the wrong numbers.",
        "And the way back? → The same moves reversed: .transpose(1, 2), then .reshape(N, Tq, d_model). Then out_proj.",
        "Which T? → The query's own length for q, the key's for k and v. They may differ.",
        "Nearly everything:\n```python\ndef split(self, x):\n    N, T, D = x.shape\n    return x.view(N, T, self.heads, D // self.heads).transpose(1, 2)\n\n"
        "def forward(self, query, key, value, mask=None):\n    q, k, v = self.split(self.q_proj(query)), ...\n    out, weights = scaled_dot_product_attention(q, k, v, mask)\n"
        "    out = out.transpose(1, 2).reshape(query.shape)\n    return self.out_proj(out), weights\n```",
    ),
)
