"""08.LSTMClassifier: the same answer whatever the padding, read off the last real step.

Where the model is one embedding, one LSTM and one linear layer, its logits are worked out in NumPy from known weights;
a model of another make (two layers, both directions) is judged by its properties.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .lstm_by_hand import readings, sort_out
from .lstmclassifier_mistakes import MISTAKES

SENTENCES = {
    "padded step": "Your logits come from the last column, which is padding for all but the longest sequences.",
    "first step": "Your logits come from the first step, before anything has been read.",
    "one step early": "Your logits come from the step before the last real one.",
    "mean over all steps": "Your logits come from the mean over all steps, padding included.",
    "mean over real steps": "Your logits come from the mean over the real steps.",
    "maximum over real steps": "Your logits come from the maximum over the real steps.",
    "sum over real steps": "Your logits come from the sum over the real steps.",
    "memory": "Your logits come from the memory c of the last real step; asked for is its state h.",
    "batch as time": "Your LSTM walks along the batch and takes the steps for samples.",
    "batch as time, padded step": "Your LSTM walks along the batch and takes the steps for samples.",
    "read backwards": "Your LSTM reads the sequences from their end, padding first.",
    "sorted rows": "Your rows come back in another order than they went in.",
    "softmax": "Your output has been through a softmax; logits are asked for.",
    "log-softmax": "Your output has been through a log-softmax; logits are asked for.",
}
PADDING = ("four more columns of padding", "other ids under the padding", "each sequence alone")


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, lengths: tuple[int, ...], named: bool = True, **sizes: int) -> Case:
        mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
        ids = np.where(mask, rng.integers(2, sizes["vocab"], size=mask.shape), 0)
        seed = int(rng.integers(1000))
        return Case(title, kwargs={"sizes": sizes, "ids": ids, "mask": mask, "seed": seed, "named": named})

    yield case("lengths 5, 2, 4, 1", (5, 2, 4, 1), vocab=13, embed=6, hidden=4, classes=3)
    yield case("lengths 3, 7, 2", (3, 7, 2), named=False, vocab=9, embed=3, hidden=5, classes=4)
    yield case("a single sequence", (6,), vocab=17, embed=7, hidden=3, classes=2)
    yield case("embed, hidden and classes not given", (4, 2, 6), vocab=12)


def judge(case: Case, observation: Observation) -> Verdict:
    value, sizes = observation.value or {}, case.kwargs["sizes"]
    ids, mask = case.kwargs["ids"], case.kwargs["mask"]
    if not value.get("a Module"):
        return Verdict.broken("LSTMClassifier should be an nn.Module.", symptom="no module")
    full = {"embed": 64, "hidden": 64, "classes": 2} | sizes
    logits = value.get("logits")
    shape = (len(ids), full["classes"])
    if not isinstance(logits, np.ndarray) or logits.shape != shape:
        given = f"the shape {logits.shape}" if isinstance(logits, np.ndarray) else str(logits or "nothing")
        return Verdict.broken(
            f"forward(ids, mask) should give one tensor of logits, here of shape {shape}; yours gives {given}.", symptom="shape"
        )
    if not np.isfinite(logits).all():
        return Verdict.wrong("The logits are not finite.", symptom="NaN")
    if not np.array_equal(logits, np.asarray(value.get("the same again"))):
        return Verdict.wrong("The same batch gets different logits on a second look.", symptom="restless")
    too_small = _too_small(value["shapes"], full)
    if too_small:
        return too_small
    held = _properties(value, logits)
    weights = sort_out(value["weights"], **full)
    if weights is None:
        return held if not held.passed else _learns(value)
    known = readings(weights, ids, mask)
    right = known.pop("last real step")
    if np.allclose(logits, right, rtol=1e-3, atol=1e-4):
        if held.symptom in (*PADDING, "axis lost"):
            return held
        return _learns(value)
    found = [name for name, wrong in known.items() if np.allclose(logits, wrong, rtol=1e-3, atol=1e-4)]
    if found:
        return Verdict.wrong(SENTENCES[found[0]], right, logits, symptom=found[0])
    if not held.passed:
        return held
    return Verdict.wrong("The logits are not those of embedding, LSTM, last real step, linear layer.", right, logits, symptom="other")


def _learns(value: dict[str, Any]) -> Verdict:
    if value.get("a gradient for every parameter") == "yes":
        return Verdict.ok()
    return Verdict.wrong(
        "The logits are right, but their gradient does not reach all parameters: a no_grad, a .detach() or .data on the way cuts it off.",
        symptom="cut off",
    )


def _too_small(shapes: list[list[int]], full: dict[str, int]) -> Verdict | None:
    v, e, h, c = full["vocab"], full["embed"], full["hidden"], full["classes"]
    count = sum(int(np.prod(s)) for s in shapes)
    least = v * e + 4 * h * (e + h + 1) + c * h
    if [v, e] not in [list(s) for s in shapes]:
        return Verdict.wrong(f"There is no embedding of shape ({v}, {e}), vocab × embed, among your parameters.", symptom="embedding")
    if count < least:
        return Verdict.wrong(
            f"Your model has {count} parameters. An embedding, an LSTM with its four gates and a linear layer have at least {least} here.",
            symptom="too few",
        )
    return None


def _properties(value: dict[str, Any], logits: np.ndarray) -> Verdict:
    for name in PADDING:
        other = value.get(name)
        if isinstance(other, np.ndarray) and other.shape != logits.shape:
            return Verdict.broken(
                f"With {name}, the logits have another shape, {other.shape} in place of {logits.shape}. Did a batch of one lose its axis (.squeeze())?",
                symptom="axis lost",
            )
        if not isinstance(other, np.ndarray) or not np.allclose(other, logits, rtol=1e-4, atol=1e-5):
            return Verdict.wrong(
                f"With {name}, the same sequences get other logits. Padding must make no difference.", logits, other, symptom=name
            )
    for name in ("another first token", "another last token"):
        other = value.get(name)
        moved = np.abs(np.asarray(other, dtype=float) - logits).max(axis=1)
        if not (moved > 1e-6).all():
            return Verdict.wrong(f"With {name}, a sequence keeps its logits: that token is not read.", symptom=name)
    return Verdict.ok()


EXERCISE = Exercise(
    id="08.LSTMClassifier",
    title="An LSTM that reads a sentence",
    objects=("LSTMClassifier",),
    points=2,
    cases=cases,
    probe="ch08.classifier",
    judge=judge,
    mistakes=MISTAKES,
    hints=(
        "Which layers? → nn.Embedding(vocab, embed), nn.LSTM(embed, hidden, batch_first=True), nn.Linear(hidden, classes).",
        "What does nn.LSTM return? → out, (h, c). out holds the state after every step, (N, T, hidden). h is the state after the last "
        "*column*, which is padding for short rows.",
        "How do I find the last real step? → Row i has mask[i].sum() real tokens, so its last one stands in column mask[i].sum() − 1.",
        "How do I pick another column in each row? → out[torch.arange(len(ids)), last], with last of shape (N,).",
        "Nearly everything:\n```python\ndef forward(self, ids, mask):\n    out, _ = self.lstm(self.embedding(ids))\n    last = mask.sum(dim=1) - 1\n"
        "    return self.head(...)\n```",
    ),
)
