"""09.TinyGPT: judged by its properties. What comes later cannot change what was said before."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .gpt_mistakes import MISTAKES
from .readymade import READYMADE


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, n: int, t: int, named: bool = True, **sizes: int) -> Case:
        ids = np.stack([rng.permutation(sizes["vocab"] - 1)[:t] for _ in range(n)])
        full = rng.integers(0, sizes["vocab"], size=(1, sizes["context"]))
        facts: dict[str, Any] = {"sizes": sizes, "seed": int(rng.integers(1000)), "ids": ids, "full": full}
        return Case(title, kwargs={**facts, "named": named})

    yield case("2 texts of 6, one block", 2, 6, vocab=13, context=9, d_model=8, heads=2, layers=1)
    yield case("3 texts of 7, two blocks", 3, 7, vocab=17, context=7, d_model=12, heads=3, layers=2)
    yield case("2 texts of 5, three blocks", 2, 5, named=False, vocab=11, context=12, d_model=8, heads=4, layers=3)


def judge(case: Case, observation: Observation) -> Verdict:
    value, sizes, ids = observation.value or {}, case.kwargs["sizes"], case.kwargs["ids"]
    if value.get("ready-made"):
        return Verdict.broken(f"There is an nn.{value['ready-made'][0]} inside. Here you write it yourself.", symptom="ready-made")
    (n, t), v = ids.shape, sizes["vocab"]
    for name, shape in (("logits", (n, t, v)), ("full", (1, sizes["context"], v))):
        logits = value.get(name)
        if not isinstance(logits, np.ndarray) or logits.shape != shape:
            given = f"the shape {logits.shape}" if isinstance(logits, np.ndarray) else str(logits or "nothing")
            kind = "last place" if isinstance(logits, np.ndarray) and logits.shape == (shape[0], v) else "shape"
            return Verdict.broken(f"Ids of shape {shape[:2]} should give one tensor of logits, {shape}; yours gives {given}.", symptom=kind)
        if not np.isfinite(logits).all():
            return Verdict.wrong("The logits are not finite.", symptom="NaN")
    if value.get("context") != sizes["context"]:
        return Verdict.wrong(f"self.context should be {sizes['context']}, what the model was made for; `generate` asks for it.", symptom="context")
    return _size(value, sizes) or _properties(value, value["logits"], sizes)


def _size(value: dict[str, Any], sizes: dict[str, int]) -> Verdict | None:
    d, layers = sizes["d_model"], sizes["layers"]
    least = sizes["vocab"] * d + layers * (4 * d * d + 4 * d * d)  # a frugal MLP, head tied, positions without weights
    if value["parameters"] >= least:
        return None
    return Verdict.wrong(
        f"Your model knows of {value['parameters']} parameters. {layers} blocks and an embedding have at least {least}: some are shared, or hidden from "
        "PyTorch.",
        symptom="shared" if value["attention layers"] else "hidden",
    )


def _properties(value: dict[str, Any], logits: np.ndarray, sizes: dict[str, int]) -> Verdict:
    t = logits.shape[1]
    if not _close(value.get("the same again"), logits):
        return Verdict.wrong("The same ids get other logits on a second look.", symptom="restless")
    moved = np.array([~_equal_places(other, logits).all(axis=0) for other in value["changed"]])  # [changed, seen]: does it move?
    ahead = [(c, s) for c in range(t) for s in range(c) if moved[c, s]]
    if ahead:
        return _leak(moved, ahead)
    if not moved.diagonal().all():
        return Verdict.wrong("Changing a token leaves the logits at its own place as they are.", symptom="blind to itself")
    deaf = [(c, s) for c in range(t) for s in range(c + 1, t) if not moved[c, s]]
    if deaf:
        return Verdict.wrong(f"Changing token {deaf[0][0]} leaves the logits at {deaf[0][1]} as they are: the past is not read.", symptom="deaf")
    first = logits[:, 0]
    if all(np.allclose(row.sum(axis=-1), 1, atol=1e-3) and (row >= 0).all() for row in (first, logits[:, -1])):
        return Verdict.wrong("Your output has been through a softmax; logits are asked for.", symptom="softmax")
    if np.allclose(np.exp(logits).sum(axis=-1), 1, atol=1e-3):
        return Verdict.wrong("Your output has been through a log-softmax; logits are asked for.", symptom="log-softmax")
    same = value["one id throughout"]
    if np.allclose(same, same[:, :1], rtol=1e-4, atol=1e-4):
        return Verdict.wrong("One id repeated gets the same logits everywhere: the model does not know where it is.", symptom="no positions")
    for length, beginning in enumerate(value["beginnings"], start=1):
        if not _close(beginning, logits[:, :length]):
            return Verdict.wrong(f"The first {length} tokens alone get other logits than with more behind them.", symptom="beginning")
    if not _close(value.get("alone"), logits[:1]):
        return Verdict.wrong("A text gets other logits when other texts are in the batch.", symptom="batch")
    return _parts(value, sizes, np.abs(logits).mean()) or Verdict.ok()


def _parts(value: dict[str, Any], sizes: dict[str, int], loudness: float) -> Verdict | None:
    """Ask whether all that was built is used, with the heads asked for, and a norm at the end."""
    if len(value["idle"]) == value["tensors"]:
        return Verdict.wrong("The numbers are right, but no gradient comes back from them: something in forward cuts the graph.", symptom="graph")
    # behind a last norm the logits keep their size; post-norm blocks end with a norm of their own
    if value["norms"] <= 2 * sizes["layers"] and np.abs(value["loud"]).mean() > 50 * loudness:
        return Verdict.wrong("There is no norm between the last block and the head: embeddings a thousand times larger make the logits so, too.", symptom="no last norm")
    if value["idle"]:
        return Verdict.wrong(
            f"No gradient comes back to these parameters, so they would never learn: {', '.join(value['idle'][:4])}. Are they used in forward?",
            symptom="idle block" if any("_proj." in name for name in value["idle"]) else "idle",
        )
    other = [h for h in value["heads"] if h != sizes["heads"]]
    if other:
        return Verdict.wrong(f"{sizes['heads']} heads are asked for; your blocks look with {other[0]}.", symptom="heads")
    return None


def _leak(moved: np.ndarray, ahead: list[tuple[int, int]]) -> Verdict:
    changed, seen = ahead[-1]
    told = f"Changing token {changed} changes the logits at {seen}, which is before it: the future leaks. "
    t = len(moved)
    if not moved[0, 1:].any():
        return Verdict.wrong(told + "And what came before is not read.", symptom="reversed")
    if moved[t - 1, 0]:
        return Verdict.wrong(told + "Even the first place sees the last token.", symptom="leak")
    return Verdict.wrong(told + "Each block sees a step too far.", symptom="one ahead")


def _equal_places(other: Any, logits: np.ndarray) -> np.ndarray:
    """Return (N, T), True where all V logits agree."""
    if not isinstance(other, np.ndarray) or other.shape != logits.shape:
        return np.zeros(logits.shape[:2], dtype=bool)
    return np.isclose(other, logits, rtol=1e-4, atol=1e-5).all(axis=-1)


def _close(other: Any, logits: np.ndarray) -> bool:
    return isinstance(other, np.ndarray) and other.shape == logits.shape and np.allclose(other, logits, rtol=1e-3, atol=1e-4)


EXERCISE = Exercise(
    id="09.TinyGPT",
    title="A small GPT",
    objects=("TinyGPT",),
    points=3,
    cases=cases,
    probe="ch09.gpt",
    judge=judge,
    forbids=READYMADE,
    mistakes=MISTAKES,
    builds_on=("09.causal_mask", "09.TransformerBlock"),
    hints=(
        "Which layers? → nn.Embedding(vocab, d_model) for the tokens, nn.Embedding(context, d_model) for the positions, `layers` blocks, a last LayerNorm, "
        "nn.Linear(d_model, vocab).",
        "PyTorch does not find the parameters of my blocks. → A plain list hides them. nn.ModuleList(TransformerBlock(d_model, heads) for _ in range(layers)).",
        "How do I add the positions? → torch.arange(T, device=ids.device) are the first T of them; their embedding (T, d_model) is broadcast over the batch.",
        "The future leaks. → causal_mask(T), handed to *every* block. On a GPU it must lie where the ids lie: causal_mask(T).to(ids.device).",
        "Nearly everything:\n```python\ndef forward(self, ids):\n    T = ids.shape[1]\n    x = self.tokens(ids) + self.positions(torch.arange(T, device=ids.device))\n"
        "    mask = causal_mask(T).to(ids.device)\n    for block in self.blocks:\n        x = ...\n    return self.head(self.norm(x))\n```",
    ),
)
