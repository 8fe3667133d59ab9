"""09.TransformerBlock: attention and an MLP, each behind a norm and beside a shortcut."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .block_by_hand import readings
from .block_mistakes import CONVENTIONS, MISTAKES
from .readymade import READYMADE

SENTENCES = {
    "post-norm": "You normalise after each sum. Asked for is pre-norm: x + attention(norm(x)).",
    "parallel": "Both branches start from x. Asked for is one after the other.",
    "no residual": "Neither attention nor the MLP is added to what came in.",
    "no residual around attention": "The attention's result replaces x; it should be added to it.",
    "no residual around the MLP": "The MLP's result replaces what came in; it should be added to it.",
    "normalised residual": "You add to the normalised x. The shortcut carries x itself.",
    "norm of the branch": "You normalise what comes out of each branch. Asked for is the norm of what goes in.",
    "no norm": "The norms are made and never used.",
    "first norm left out": "The attention reads its input without a norm.",
    "one norm only": "The MLP reads its input without a norm.",
    "MLP first": "The MLP comes first. Asked for is attention, then the MLP.",
    "second residual from x": "Your second shortcut starts from the block's input; it should start from after the attention.",
    "mask ignored": "The mask makes no difference: hand it on to the attention.",
    "no activation": "Your MLP has no activation, so its two layers are one linear map.",
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, sizes: tuple[int, int, int], heads: int, mask: np.ndarray | None = None, weight: float = 1.0) -> Case:
        x = rng.normal(size=sizes) * 1.5 + 0.3
        facts = {"d_model": sizes[2], "heads": heads, "seed": int(rng.integers(1000)), "x": x.astype(np.float32)}
        return Case(title, kwargs=facts if mask is None else {**facts, "mask": mask}, weight=weight)

    yield case("2 sequences of 5, 2 heads", (2, 5, 8), 2)
    yield case("3 sequences of 4, 3 heads", (3, 4, 12), 3)
    yield case("a causal mask", (2, 6, 8), 4, mask=np.tri(6, dtype=bool), weight=2.0)
    yield case("a single position, 1 head", (2, 1, 6), 1)


def judge(case: Case, observation: Observation) -> Verdict:
    value, x, heads = observation.value or {}, case.kwargs["x"], case.kwargs["heads"]
    mask = case.kwargs.get("mask")
    if value.get("ready-made"):
        return Verdict.broken(f"There is an nn.{value['ready-made'][0]} inside. Here you write it yourself.", symptom="ready-made")
    if value.get("attention") != "yes":
        return Verdict.broken("There is no MultiHeadAttention inside the block: self.attention = MultiHeadAttention(d_model, heads).", symptom="attention")
    if value["norms"] != 2:
        return Verdict.wrong(f"Two nn.LayerNorm(d_model) are asked for, one for each branch; yours has {value['norms']}.", symptom=f"{value['norms']} norms")
    d = case.kwargs["d_model"]
    shapes = sorted(map(list, value["linear layers"]), key=lambda s: s[1] != d)
    if shapes != [[4 * d, d], [d, 4 * d]]:
        return Verdict.broken(
            f"Beside the attention, two linear layers are asked for: nn.Linear({d}, {4 * d}) and nn.Linear({4 * d}, {d}). Yours have the weights {shapes}.",
            symptom="MLP",
        )
    out = value["out"]
    if not isinstance(out, np.ndarray) or out.shape != x.shape:
        given = f"the shape {out.shape}" if isinstance(out, np.ndarray) else out
        return Verdict.broken(f"forward(x, mask) should return one tensor shaped like x, {x.shape}; yours gives {given}.", symptom="shape")
    if not value["x untouched"]:
        return Verdict.wrong("The x that came in has been changed: x += … writes into it. x = x + … makes a new tensor.", symptom="x changed")
    known = readings(value, heads, x.astype(float), mask)
    _, right = first = next(known)
    number, name = next(((i, n) for i, (n, other) in enumerate(chain([first], known)) if np.allclose(out, other, rtol=1e-3, atol=1e-3)), (0, "other"))
    if name == "pre-norm":
        return _learns(case, value, number) or Verdict.ok()
    return Verdict.wrong(SENTENCES.get(name, "These are not the numbers of x + attention(norm(x)), then + MLP(norm(·))."), right, out, symptom=name)


def _learns(case: Case, value: dict[str, Any], number: int) -> Verdict | None:
    """Ask whether every parameter and x itself get their gradients; `number` is the reading that fits the output."""
    if value["idle"]:
        return Verdict.wrong(f"The numbers are right, but these parameters get no gradient: {', '.join(value['idle'])}. Is each norm used once?", symptom="idle")
    x, heads, mask = case.kwargs["x"].astype(float), case.kwargs["heads"], case.kwargs.get("mask")
    way = np.cos(np.arange(x.size)).reshape(x.shape) * 1e-5
    up, down = (next(islice(readings(value, heads, x + step, mask), number, None))[1].sum() for step in (way, -way))
    slope = value.get("slope")
    rate, got = (up - down) / 2e-5, None if slope is None else float(np.sum(slope * way)) / 1e-5
    if got is None or abs(got - rate) > 0.01 * (1 + abs(rate)):
        return Verdict.wrong("The numbers are right, but the gradient for x is not: something in forward cuts a part of it off.", symptom="graph")
    return None


EXERCISE = Exercise(
    id="09.TransformerBlock",
    title="A block to stack",
    objects=("TransformerBlock",),
    points=2,
    cases=cases,
    probe="ch09.block",
    judge=judge,
    forbids=READYMADE,
    mistakes=MISTAKES,
    conventions=CONVENTIONS,
    builds_on=("09.MultiHeadAttention",),
    hints=(
        "What is in the block? → MultiHeadAttention(d_model, heads), two nn.LayerNorm(d_model), and an MLP: nn.Linear(d_model, 4 * d_model), nn.GELU(), "
        "nn.Linear(4 * d_model, d_model).",
        "Where do the norms stand? → At the entrance of each branch. What is *added to* is never normalised.",
        "MultiHeadAttention gives me a pair. → (out, weights): you want the first. In self-attention query, key and value are the same thing, norm1(x).",
        "Nearly everything:\n```python\ndef forward(self, x, mask=None):\n    h = self.norm1(x)\n    x = x + self.attention(h, h, h, mask)[0]\n    return x + ...\n```",
    ),
)
