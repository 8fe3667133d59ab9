"""09.generate: a text from a GPT, id by id. Frequencies are held against the odds that only the judge knows."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import softmax

from ..authoring import Case, Exercise, Observation, Recipe, Verdict
from .generate_mistakes import MISTAKES
from .readymade import READYMADE

ROWS, DRAWS = 40, 20  # 800 draws; one opinion for all of them


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def clockwork(title: str, n: int, start: int, steps: int, context: int, top_k: int | None = None) -> Case:
        vocab = int(rng.integers(6, 10))
        model = Recipe("ch09.clockwork", vocab=vocab, modulus=int(rng.choice([83, 89, 97, 101, 103])), context=context)
        ids = rng.integers(0, vocab, size=(n, start))
        facts: dict[str, Any] = {"model": model, "ids": ids, "steps": steps, "temperature": 1.0, "top_k": top_k}
        return Case(title, kwargs={**facts, "seed": int(rng.integers(10_000))})

    def dice(title: str, temperature: float, top_k: int | None) -> Case:
        logits = rng.permutation(np.array([2.2, 1.0, 0.1, -0.8, -1.6])) - 4.0
        model = Recipe("ch09.dice", logits=logits, context=8)
        facts: dict[str, Any] = {"model": model, "ids": rng.integers(0, 5, size=(ROWS, 2)), "steps": DRAWS}
        return Case(title, kwargs={**facts, "temperature": temperature, "top_k": top_k, "seed": int(rng.integers(10_000))})

    yield clockwork("a model that is sure, 2 texts within its context", 2, 3, 5, 12)
    yield clockwork("a text that outgrows the context", 3, 4, 11, 6)
    yield clockwork("a prompt longer than the context", 2, 7, 6, 4, top_k=2)
    yield dice(f"{ROWS * DRAWS} draws at temperature 1", 1.0, None)
    yield dice(f"{ROWS * DRAWS} draws at temperature 2.5", 2.5, None)
    yield dice(f"{ROWS * DRAWS} draws at temperature 0.6", 0.6, None)
    yield dice(f"{ROWS * DRAWS} draws among the top 2", 1.0, 2)
    yield dice(f"{ROWS * DRAWS} draws among the top 3 at temperature 2", 2.0, 3)
    two = dict(dice("", 1.0, 2).kwargs)
    logits = two["model"].kwargs["logits"]
    two["model"] = Recipe("ch09.dice", logits=logits, odd=rng.permutation(logits) + 1.5, context=2 + DRAWS)
    two["ids"][:, 0] = np.arange(ROWS) % 2
    yield Case(f"{ROWS * DRAWS} draws among the top 2, half the texts with other odds", kwargs=two)


def judge(case: Case, observation: Observation) -> Verdict:
    value, facts = observation.value or {}, case.kwargs
    given, steps, text = facts["ids"], facts["steps"], value.get("ids")
    if not isinstance(text, np.ndarray) or text.ndim != 2 or text.dtype.kind not in "iu":
        what = f"a tensor of shape {text.shape}, {text.dtype}" if isinstance(text, np.ndarray) else "something else"
        return Verdict.broken(f"Expected ids of shape (N, T + steps); yours is {what}.", symptom="form")
    (n, start), asked = given.shape, (len(given), given.shape[1] + steps)
    if text.shape == (n, steps) and not np.array_equal(text[:, :start], given[:, :steps]):
        return Verdict.wrong("You return the new ids alone; asked for is the prompt with the new ids behind it.", symptom="only new")
    if text.shape != asked:
        return Verdict.wrong(f"Expected the shape {asked}, prompt and {steps} new ids; yours is {text.shape}.", symptom=f"{text.shape[1] - asked[1]:+d} ids")
    if not value.get("prompt untouched"):
        return Verdict.wrong("The prompt that came in has been changed. torch.cat makes a new tensor.", symptom="changed")
    if not np.array_equal(text[:, :start], given):
        return Verdict.wrong("Your texts do not begin with the prompts.", given, text[:, :start], symptom="prompt")
    if not value.get("global generator untouched") or not _same(value, "again"):
        return Verdict.wrong("The same generator state gives different texts: not all draws come from the generator handed in.", symptom="generator")
    if not value.get("evaluation mode kept"):
        return Verdict.wrong("The model came in evaluation mode and is in training mode afterwards: its dropout would be on.", symptom="mode")
    new = text[:, start:]
    if "odd" in facts["model"].kwargs:
        return _both(new, facts, value)
    if "logits" in facts["model"].kwargs:
        return _frequencies(new, facts["model"].kwargs["logits"], facts["temperature"], facts["top_k"], value)
    return _path(new, facts)


def _both(new: np.ndarray, facts: Any, value: dict[str, Any]) -> Verdict:
    """Judge the texts that begin with an even id, then those with an odd one, of which the model thinks otherwise."""
    odd = facts["model"].kwargs["odd"]
    first = facts["ids"][:, 0] % 2 == 1
    even = _frequencies(new[~first], facts["model"].kwargs["logits"], facts["temperature"], facts["top_k"], value)
    if not even.passed:
        return even
    other = _frequencies(new[first], odd, facts["temperature"], facts["top_k"], value)
    told = "The first text's ids come with the right frequencies, those of texts with other odds do not. Each row has its own top_k."
    return other if other.passed else Verdict.wrong(told, other.expected, other.got, symptom=f"other texts: {other.symptom}")


def _same(value: dict[str, Any], name: str) -> bool:
    return bool(np.array_equal(np.asarray(value.get("a short text")), np.asarray(value.get(name))))


def _path(new: np.ndarray, facts: Any) -> Verdict:
    clock, given = facts["model"].kwargs, facts["ids"]
    context = clock["context"]

    def follow(window: Callable[[list[int]], list[int]]) -> np.ndarray:
        rows = [[int(i) for i in row] for row in given]
        for _ in range(facts["steps"]):
            for row in rows:
                s = 0
                for i in window(row):
                    s = (3 * s + i + 1) % clock["modulus"]
                row.append(s % clock["vocab"])
        return np.array(rows)[:, given.shape[1] :]

    right = follow(lambda row: row[-context:])
    if np.array_equal(new, right):
        return Verdict.ok()
    if (new == new[0]).all():
        return Verdict.wrong("All your texts go on in the same way: one draw serves the whole batch.", right, new, symptom="one draw for all")
    others: dict[str, Callable[[list[int]], list[int]]] = {
        "last id only": lambda row: row[-1:],
        "first ids": lambda row: row[:context],
        "one short": lambda row: row[-(context - 1) :],
        "prompt only": lambda row: row[: given.shape[1]][-context:],
        "first place": lambda row: row[-context:][:1],
    }
    symptom = next((name for name, window in others.items() if np.array_equal(new, follow(window))), "path")
    return Verdict.wrong("This model is sure of every next id, and yours are others: it was not shown what it needs to know.", right, new, symptom=symptom)


def _frequencies(new: np.ndarray, logits: np.ndarray, temperature: float, top_k: int | None, value: dict[str, Any]) -> Verdict:
    v, count = len(logits), new.size
    if new.min() < 0 or new.max() >= v:
        return Verdict.wrong("There are ids that the model has no logit for.", symptom="range")
    if (new == new[0]).all():
        return Verdict.wrong("All your texts go on in the same way: one draw serves the whole batch.", symptom="one draw for all")
    share = np.bincount(new.ravel(), minlength=v) / count
    if share.max() > 0.995:
        return Verdict.wrong(f"All of your {count} draws are the same id. Draw at random, with the model's probabilities.", symptom="always the same")
    odds = _odds(logits / temperature, top_k)
    if _agree(share, odds, count):
        if temperature > 2 and _same(value, "another seed"):
            return Verdict.wrong("Another generator state gives the same text: yours is not used.", symptom="generator")
        return Verdict.ok()
    wrong = {"multiplied": _odds(logits * temperature, top_k), "ignored": _odds(logits, top_k), "uniform": np.full(v, 1 / v)}
    if top_k is not None:
        keep = np.argsort(logits)[-top_k:]
        wrong |= {
            "top_k ignored": softmax(logits / temperature),
            "zeros": softmax(np.where(np.isin(np.arange(v), keep), logits / temperature, 0.0)),
            "one too many": _odds(logits / temperature, top_k + 1),
            "one too few": _odds(logits / temperature, top_k - 1),
            "the smallest": _odds(logits / temperature, top_k, smallest=True),
            "even": np.isin(np.arange(v), keep) / top_k,
        }
    symptom = next((name for name, p in wrong.items() if _agree(share, p, count)), "odds")
    what = f"temperature {temperature:g}" + ("" if top_k is None else f" and top_k = {top_k}")
    return Verdict.wrong(f"At {what} the ids should come with other frequencies than yours do.", odds, share, symptom=symptom)


def _odds(logits: np.ndarray, top_k: int | None, smallest: bool = False) -> np.ndarray:
    if top_k is None:
        return softmax(logits)
    order = np.argsort(logits)
    keep = np.isin(np.arange(len(logits)), order[:top_k] if smallest else order[-top_k:])
    return softmax(np.where(keep, logits, -np.inf))


def _agree(share: np.ndarray, odds: np.ndarray, draws: int) -> bool:
    """Tell whether the shares can come from these odds: five standard deviations, and nothing where nothing may be."""
    near = np.abs(share - odds) <= 0.01 + 5 * np.sqrt(odds * (1 - odds) / draws)
    return bool((near & ((odds > 0) | (share == 0))).all())


EXERCISE = Exercise(
    id="09.generate",
    title="Writing",
    objects=("generate",),
    points=2,
    cases=cases,
    probe="ch09.generate",
    judge=judge,
    forbids=READYMADE,
    mistakes=MISTAKES,
    hints=(
        "What do I feed? → The latest ids, at most model.context of them: ids[:, -model.context :]. There is no state to carry; the model reads them all again.",
        "Which logits do I want? → Those of the last place: model(…)[:, -1], of shape (N, V).",
        "How do I keep the top k? → The k-th largest logit of each row is torch.topk(logits, top_k).values[:, -1:]. What is smaller becomes −inf.",
        "Nearly everything:\n```python\nfor _ in range(steps):\n    logits = model(ids[:, -model.context :])[:, -1] / temperature\n    if top_k is not None:\n"
        "        least = torch.topk(logits, top_k).values[:, -1:]\n        logits = logits.masked_fill(...)\n"
        "    new = torch.multinomial(torch.softmax(logits, dim=-1), 1, generator=generator)\n    ids = ...\nreturn ids\n```",
    ),
)
