"""09.milestone_pronounce: a trained model is judged by how it says words that it has never seen.

The check makes a little language up, in which a letter's sound may depend on the letter after it, so that a short
training tells a right one from a wrong one and there is nothing to look up. The chapter's own cell trains on English.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import softmax

from ..authoring import Case, Exercise, Observation, Verdict
from .pronounce_mistakes import MISTAKES
from .readymade import READYMADE

END, SAY, FIRST = 1, 2, 3  # 0 is padding, as in the chapter
LETTERS, LENGTHS = 8, (3, 4, 5)
SEEN, UNSEEN, STEPS = 700, 150, 120
GOAL = 0.65


def cases(rng: np.random.Generator) -> Iterator[Case]:
    ids, mask = _language(rng, SEEN + UNSEEN)
    seeds = [int(s) for s in rng.integers(0, 1000, size=2)]
    common = {"vocab": FIRST + 2 * LETTERS, "longest": max(LENGTHS) + 1}
    few = {"ids": ids[:160], "mask": mask[:160], "steps": 2, "seed": seeds[0], "asked": _prompts(ids[160:190]), "again": True}
    yield Case("2 steps, trained twice with one seed and once with another", kwargs={**few, **common})
    many = {"ids": ids[:SEEN], "mask": mask[:SEEN], "steps": STEPS, "seed": seeds[1], "asked": _prompts(ids[SEEN:])}
    yield Case(f"{STEPS} steps on {SEEN} words of a made-up language, then {UNSEEN} others", kwargs={**many, **common}, weight=3.0)


def _language(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ids (count, 12): letters, <say>, their sounds, <end>; and where the sounds and <end> stand.

    Each letter has its sound; three of them have another before either of two letters, as c has before e and i.
    """
    plain = rng.permutation(LETTERS)
    order = rng.permutation(LETTERS)
    soft = plain.copy()
    soft[order[:3]] = np.roll(plain[order[:3]], 1)
    words: dict[tuple[int, ...], None] = {}
    while len(words) < count:
        words[tuple(int(i) for i in rng.integers(0, LETTERS, size=rng.choice(LENGTHS)))] = None
    ids = np.zeros((count, 2 * max(LENGTHS) + 2), dtype=np.int64)
    mask = np.zeros(ids.shape, dtype=bool)
    for row, word in enumerate(words):
        sounds = [(soft if after in order[3:5] else plain)[c] for c, after in zip(word, [*word[1:], -1], strict=True)]
        tokens = [*(FIRST + c for c in word), SAY, *(FIRST + LETTERS + s for s in sounds), END]
        ids[row, : len(tokens)] = tokens
        mask[row, len(word) + 1 : len(tokens)] = True
    return ids, mask


def _prompts(ids: np.ndarray) -> list[np.ndarray]:
    """Return the beginnings up to <say>, one array for each length of word."""
    lengths = (ids == SAY).argmax(axis=1)
    return [ids[lengths == n, : n + 1] for n in LENGTHS]


def _rules(ids: np.ndarray) -> dict[tuple[int, int], int]:
    """Read off the training words how each letter is said before each other one (and before SAY, at the end)."""
    rules = {}
    for row in ids.tolist():
        n = row.index(SAY)
        for i in range(n):
            rules[row[i], row[i + 1]] = row[n + 1 + i]
    return rules


def _truth(prompt: np.ndarray, rules: dict[tuple[int, int], int]) -> np.ndarray:
    """Return (n, L + 1): the sounds and <end>. A pair that no training word shows has −1, which nobody can get right."""
    return np.array([[*(rules.get((a, b), -1) for a, b in pairwise(row)), END] for row in prompt.tolist()])


def judge(case: Case, observation: Observation) -> Verdict:
    value, facts = observation.value or {}, case.kwargs
    if not value.get("a Module0"):
        return Verdict.broken("train_pronouncer should return the trained model, an nn.Module.", symptom="no model")
    for turn in range(2 if facts.get("again") else 1):
        unfit = _unfit(value, facts, turn)
        if unfit:
            return unfit
    if not value["evaluation mode0"]:
        return Verdict.wrong("The model comes back in training mode. Return model.eval().", symptom="restless")
    numbers = range(len(facts["asked"]))
    for i in numbers:
        first = value[f"prompt {i}, 0"]
        if not np.allclose(first, value[f"a second look {i}, 0"], rtol=1e-3, atol=1e-5):
            return Verdict.wrong(
                "The same words get different logits on a second look. Is dropout still on? Return the model in evaluation mode.", symptom="restless"
            )
        if not np.allclose(first, value[f"looking back {i}, 0"][:, : first.shape[1]], rtol=1e-3, atol=1e-3):
            return Verdict.wrong("The logits of a spelling change when its sounds follow: the model sees the future.", symptom="future")
    if facts.get("again"):
        if all(np.array_equal(value[f"prompt {i}, 0"], value[f"prompt {i}, 1"]) for i in numbers):
            if not all(np.array_equal(value[f"prompt {i}, 0"], value[f"prompt {i}, 2"]) for i in numbers):
                return Verdict.ok()
            return Verdict.wrong("Two trainings with different seeds gave the same model: the seed handed in has no effect.", symptom="one seed")
        return Verdict.wrong(
            "Two trainings with the same seed gave different models. torch.manual_seed(seed) before the model is built and the batches are drawn.",
            symptom="not repeatable",
        )
    return _score(value, facts)


def _unfit(value: dict[str, Any], facts: Any, turn: int) -> Verdict | None:
    for i, prompt in enumerate(facts["asked"]):
        logits, shape = value.get(f"prompt {i}, {turn}"), (*prompt.shape, facts["vocab"])
        if not isinstance(logits, np.ndarray) or logits.shape != shape:
            given = f"the shape {logits.shape}" if isinstance(logits, np.ndarray) else str(logits or "nothing")
            return Verdict.broken(f"The model should turn ids {prompt.shape} into logits {shape}; yours gives {given}.", symptom="shape")
        if not np.isfinite(logits).all():
            return Verdict.wrong("The logits are not all finite: training ran away. Take smaller steps.", symptom="NaN")
    return None


def _score(value: dict[str, Any], facts: Any) -> Verdict:
    rules = _rules(facts["ids"])
    right, first, later, copied, chances = [], [], [], [], []
    for i, prompt in enumerate(facts["asked"]):
        truth = _truth(prompt, rules)
        said = value[f"said {i}, 0"]
        after_say = value[f"looking back {i}, 0"][:, prompt.shape[1] - 1 :]  # the logits that each sound was drawn from
        hits = said[:, : truth.shape[1]] == truth
        right.append(hits.ravel())
        first.append(hits[:, 0])
        later.append(hits[:, 1:].ravel())
        read = np.concatenate([prompt[:, -1:], said[:, :-1]], axis=1)
        copied.append((said == read).ravel())
        chances.append(softmax(after_say, axis=-1).reshape(-1, facts["vocab"]))
    share, at_first, afterwards, copies = (float(np.concatenate(part).mean()) for part in (right, first, later, copied))
    odds = np.concatenate(chances)
    told = f"{share:.0%} of the sounds of {UNSEEN} words never seen are right; at least {GOAL:.0%} are asked for here."
    if at_first < 0.55 and afterwards > max(at_first + 0.1, 0.3):
        return Verdict.wrong(f"{told} The first sound of a word is right in {at_first:.0%}, those after it in {afterwards:.0%}.", symptom="first sound")
    if share >= GOAL:
        return Verdict.ok(f"{share:.0%} of the sounds of {UNSEEN} words never seen are right.")
    if odds[:, FIRST : FIRST + LETTERS].sum(axis=1).mean() > 0.85:
        return Verdict.wrong(f"{told} Your model goes on spelling where it should speak.", symptom="spells")
    if odds.max(axis=1).mean() < 0.35:
        return Verdict.wrong(f"{told} It is unsure of everything, as an untrained model is.", symptom="untrained")
    if copies > 0.7:
        return Verdict.wrong(f"{told} Your model says again what it has just read.", symptom="copies")
    return Verdict.wrong(told, symptom="too low")


EXERCISE = Exercise(
    id="09.milestone_pronounce",
    title="Milestone: say it",
    objects=("train_pronouncer",),
    points=3,
    cases=cases,
    probe="ch09.pronounce",
    judge=judge,
    forbids=READYMADE,
    mistakes=MISTAKES,
    builds_on=("09.TinyGPT",),
    hints=(
        "Which pieces do I need? → torch.manual_seed(seed), TinyGPT(vocab, ids.shape[1], 64, 4, 2), an optimizer, and for each step a batch: "
        "torch.randint(len(ids), (128,)).",
        "What are inputs and targets? → The same tokens, shifted by one: logits = model(ids[batch, :-1]), targets ids[batch, 1:]. The mask belongs to the "
        "targets, so it is shifted with them.",
        "It stays near guessing. → Is the learning rate warmed up and then lowered? `rate_at(step, steps)` does both.",
        "Nearly everything:\n```python\ntorch.manual_seed(seed)\nmodel = TinyGPT(vocab, ids.shape[1], 64, 4, 2).to(device)\n"
        "optimizer = torch.optim.Adam(model.parameters())\nids, mask = ids.to(device), mask.to(device)\nfor step in progress(steps):\n"
        "    for group in optimizer.param_groups:\n        group[\"lr\"] = rate_at(step, steps)\n    batch = torch.randint(len(ids), (128,))\n"
        "    logits = model(ids[batch, :-1])\n    loss = masked_cross_entropy(logits, ...)\n    ...\nreturn model.eval()\n```",
    ),
)
