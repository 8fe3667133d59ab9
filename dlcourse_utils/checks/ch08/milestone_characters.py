"""08.milestone_characters: a character model is judged in bits per character of a text that it has never seen.

The check trains a small model for a few dozen updates on a piece of the novel; the chapter's own cell takes all of it.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import log_softmax

from ...data import ALPHABET, letters_only, load_austen
from ..authoring import Case, Exercise, Observation, Verdict
from .characters_mistakes import MISTAKES
from .scores import finite_scores, repeatable

TRAIN, UNSEEN = 24_000, 800
SAME_SEED = "Two trainings with the same seed gave different networks. torch.manual_seed(seed), before the model is built."


@lru_cache(maxsize=1)
def _novel() -> np.ndarray:
    """Return the novel as ids 0 … 26."""
    return np.array([ALPHABET.index(c) for c in letters_only(load_austen().text)])


def cases(rng: np.random.Generator) -> Iterator[Case]:
    novel = _novel()
    first = int(rng.integers(0, len(novel) - TRAIN - UNSEEN))
    shuffled = rng.permutation(len(ALPHABET))[novel[first : first + TRAIN + UNSEEN]]  # other ids every time
    common = {"vocab": len(ALPHABET), "hidden": 48}
    seeds = [int(s) for s in rng.integers(0, 1000, size=2)]
    few = {"ids": shuffled[:4000], "unseen": shuffled[TRAIN : TRAIN + 60], "steps": 2, "seed": seeds[0], "again": True}
    yield Case("2 updates, trained twice, then with another seed", kwargs={**few, **common})
    many = {"ids": shuffled[:TRAIN], "unseen": shuffled[TRAIN:], "steps": 80, "seed": seeds[1], "again": False}
    yield Case(f"80 updates on {TRAIN:,} characters", kwargs={**many, **common}, weight=3.0)


def judge(case: Case, observation: Observation) -> Verdict:
    value, unseen, vocab = observation.value or {}, case.kwargs["unseen"], case.kwargs["vocab"]
    if not value.get("a Module"):
        return Verdict.broken("train_characters should return the trained model, an nn.Module.", symptom="no model")
    half = len(unseen) // 2
    shapes = {"logits": len(unseen), "a second look": len(unseen), "first half, read alone": half, "second half, with the state": len(unseen) - half}
    read: dict[str, np.ndarray] = {}
    for name, length in {**shapes, **({"trained again": len(unseen), "another seed": len(unseen)} if case.kwargs["again"] else {})}.items():
        scores = finite_scores(value.get(name), (1, length, vocab), "The logits")
        if isinstance(scores, Verdict):
            return scores
        read[name] = scores[0]
    return _honest(read, half) or (repeatable(read["logits"], read["trained again"], read["another seed"], SAME_SEED) if case.kwargs["again"] else _bits(read["logits"], case.kwargs))


def _honest(read: dict[str, np.ndarray], half: int) -> Verdict | None:
    """Return a verdict on a model that is restless, looks ahead or forgets its state, or None."""
    if not np.allclose(read["a second look"], read["logits"], rtol=1e-3, atol=1e-3):
        return Verdict.wrong(
            "The same text gets different logits on a second look. Is dropout still on? Return the model in evaluation mode.",
            symptom="restless",
        )
    if not np.allclose(read["first half, read alone"], read["logits"][:half], rtol=1e-3, atol=1e-3):
        return Verdict.wrong(
            "The first half of the text gets other logits when the second half is there too: your model sees the future. A character "
            "model may only look back.",
            symptom="future",
        )
    if not np.allclose(read["second half, with the state"], read["logits"][half:], rtol=1e-3, atol=1e-3):
        return Verdict.wrong(
            "A text read in two pieces gets other logits than read at once: the state that comes in is not used, or the one that goes out is "
            "not the last.",
            symptom="state",
        )
    return None


def _bits(logits: np.ndarray, facts: Mapping[str, Any]) -> Verdict:
    ids, unseen = facts["ids"], facts["unseen"]
    log_p = log_softmax(logits[:-1], axis=1) / np.log(2)
    bits = float(-log_p[np.arange(len(log_p)), unseen[1:]].mean())
    share = (np.bincount(ids, minlength=facts["vocab"]) + 0.5) / (len(ids) + facts["vocab"] / 2)
    alone = float(-np.log2(share)[unseen[1:]].mean())  # what knowing the letters' frequencies costs
    told = f"{bits:.2f} bits per character; knowing how often each letter comes, and nothing more, costs {alone:.2f}."
    if bits < alone - 0.3:
        return Verdict.ok(told)
    if (logits[:-1].argmax(axis=1) == unseen[:-1]).mean() > 0.7:
        return Verdict.wrong(f"{told} Your model forecasts the character that it has just read.", symptom="copies")
    if (logits[:-2].argmax(axis=1) == unseen[2:]).mean() > (logits[:-1].argmax(axis=1) == unseen[1:]).mean() + 0.02:
        return Verdict.wrong(f"{told} Your model forecasts the character after the next.", symptom="one too far")
    if bits > alone + 0.35 and bits < np.log2(facts["vocab"]) + 0.25:
        return Verdict.wrong(f"{told} Blind guessing costs {np.log2(facts['vocab']):.2f}: yours is close to that.", symptom="untrained")
    if abs(bits - alone) <= 0.3:
        return Verdict.wrong(f"{told} Yours knows hardly more than that.", symptom="frequencies only")
    return Verdict.wrong(told, symptom="too high")


EXERCISE = Exercise(
    id="08.milestone_characters",
    title="Milestone: writing like Jane Austen",
    objects=("train_characters",),
    points=3,
    cases=cases,
    probe="ch08.characters",
    judge=judge,
    mistakes=MISTAKES,
    builds_on=("08.truncated_bptt_steps",),
    hints=(
        "Which pieces do I need? → torch.manual_seed(seed), a CharacterModel, an optimizer, the text laid out as parallel streams by `as_streams`, "
        "and truncated_bptt_steps.",
        "How do I make exactly `steps` updates? → One call walks through T characters in ceil(T / chunk) updates. With `done` of them made, "
        "hand it the first (steps − done) · chunk columns: it walks to the streams' end, or stops earlier in the last walk.",
        "The bits stay near 4. → Too few or too small steps: Adam with lr=1e-2 gets below 3.3 in 80 updates.",
        "Nearly everything:\n```python\ntorch.manual_seed(seed)\nmodel = CharacterModel(vocab, hidden).to(device)\noptimizer = torch.optim.Adam(model.parameters(), lr=1e-2)\n"
        "inputs, targets = (part.to(device) for part in as_streams(ids, 32))\nper_walk = int(np.ceil(inputs.shape[1] / 48))\n"
        "for done in progress(0, steps, per_walk):\n    ...  # the learning rate\n    columns = 48 * (steps - done)\n"
        "    truncated_bptt_steps(model, inputs[:, :columns], ...)\nreturn model.eval()\n```",
    ),
)
