"""08.sample_text: a text from a model, id by id. Frequencies are held against the odds that only the judge knows."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from scipy.special import softmax

from ..authoring import Case, Exercise, Observation, Recipe, Verdict

DRAWS = 400


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def clockwork(title: str, start: int, length: int, temperature: float) -> Case:
        vocab = int(rng.integers(5, 9))
        ids = rng.integers(0, vocab, size=start)
        model = Recipe("ch08.clockwork", vocab=vocab, modulus=int(rng.choice([83, 89, 97, 101, 103])))
        return Case(title, kwargs={**_rest(rng, model, ids), "length": length, "temperature": temperature})

    def dice(title: str, temperature: float) -> Case:
        logits = rng.permutation(np.array([2.2, 0.7, -0.3, -1.2])) + rng.normal()
        model = Recipe("ch08.dice", logits=logits)
        return Case(title, kwargs={**_rest(rng, model, rng.integers(0, 4, size=2)), "length": DRAWS, "temperature": temperature})

    yield clockwork("a model that is sure, 4 ids to start from", 4, 20, 1.0)
    yield clockwork("a model that is sure, 1 id to start from", 1, 15, 0.8)
    yield dice(f"{DRAWS} draws at temperature 1", 1.0)
    yield dice(f"{DRAWS} draws at temperature 0.5", 0.5)
    yield dice(f"{DRAWS} draws at temperature 2.5", 2.5)


def _rest(rng: np.random.Generator, model: Recipe, start: np.ndarray) -> dict[str, Any]:
    return {"model": model, "start": start, "seed": int(rng.integers(10_000))}


def judge(case: Case, observation: Observation) -> Verdict:
    value, start, length = observation.value or {}, case.kwargs["start"], case.kwargs["length"]
    ids = value.get("ids")
    if not isinstance(ids, np.ndarray) or ids.ndim != 1:
        given = f"a tensor of shape {ids.shape}" if isinstance(ids, np.ndarray) else "something else"
        return Verdict.broken(f"Expected a 1-D tensor of ids; yours is {given}.", symptom="form")
    if len(ids) == length and not np.array_equal(ids[: len(start)], start):
        return Verdict.wrong("You return the new ids alone; asked for is the start with the new ids behind it.", symptom="only new")
    if len(ids) != len(start) + length:
        return Verdict.wrong(
            f"Expected {len(start)} ids to start with and {length} new ones, {len(start) + length} in all; yours are {len(ids)}.",
            symptom=f"{len(ids) - len(start) - length:+d} ids",
        )
    if not np.array_equal(ids[: len(start)], start):
        return Verdict.wrong("Your text does not begin with the start.", start, ids[: len(start)], symptom="start")
    if not value.get("global generator untouched") or not _same(value, "a short text", "again"):
        return Verdict.wrong(
            "The same generator state gives different texts: not all draws come from the generator handed in.", symptom="generator"
        )
    facts = case.kwargs["model"].kwargs
    if "logits" in facts:
        return _frequencies(ids[len(start) :], facts["logits"], case.kwargs["temperature"], value)
    return _path(ids, start, facts)


def _same(value: dict[str, Any], name: str, other: str) -> bool:
    return bool(np.array_equal(np.asarray(value.get(name)), np.asarray(value.get(other))))


def _path(ids: np.ndarray, start: np.ndarray, facts: dict[str, int]) -> Verdict:
    expected = [int(i) for i in start]
    s = 0
    for i in expected:
        s = (3 * s + i + 1) % facts["modulus"]
    while len(expected) < len(ids):
        expected.append(s % facts["vocab"])
        s = (3 * s + expected[-1] + 1) % facts["modulus"]
    if np.array_equal(ids, expected):
        return Verdict.ok()
    symptom = _other_path(ids, start, facts)
    sentence = "This model is sure of every next id, and yours are others: it was not given what it needs to know."
    return Verdict.wrong(sentence, np.array(expected), ids, symptom=symptom)


def _other_path(ids: np.ndarray, start: np.ndarray, facts: dict[str, int]) -> str:
    """Return the known way of feeding the model that gives this path."""
    m, v = facts["modulus"], facts["vocab"]

    def read(s: int, these: list[int]) -> int:
        for i in these:
            s = (3 * s + i + 1) % m
        return s

    def follow(way: str) -> list[int]:
        text = [int(i) for i in start]
        s = read(0, text) if way != "start's last id only" else read(0, text[-1:])
        if way == "start read twice":
            s = read(s, text[-1:])
        while len(text) < len(ids):
            text.append(s % v)
            if way == "state not carried":
                s = read(0, text[-1:])
            elif way == "all read again on top":
                s = read(s, text)
            elif way == "new id not read":
                s = read(s, [int(start[-1])])
            else:
                s = read(s, text[-1:])
        return text

    ways = ("state not carried", "all read again on top", "start's last id only", "start read twice", "new id not read")
    return next((way for way in ways if list(ids) == follow(way)), "path")


def _frequencies(new: np.ndarray, logits: np.ndarray, temperature: float, value: dict[str, Any]) -> Verdict:
    if new.min() < 0 or new.max() >= len(logits):
        return Verdict.wrong("There are ids that the model has no logit for.", symptom="range")
    share = np.bincount(new, minlength=len(logits)) / len(new)
    if share.max() > 0.995:
        return Verdict.wrong(
            f"All of your {len(new)} draws are the same id. Draw at random, with the model's probabilities.", symptom="always the same"
        )
    odds = softmax(logits / temperature)
    if _agree(share, odds, len(new)):
        if temperature > 2 and _same(value, "a short text", "another seed"):
            return Verdict.wrong("Another generator state gives the same text: yours is not used.", symptom="generator")
        return Verdict.ok()
    wrong = {"multiplied": softmax(logits * temperature), "ignored": softmax(logits), "uniform": np.full(len(logits), 1 / len(logits))}
    symptom = next((name for name, p in wrong.items() if _agree(share, p, len(new))), "odds")
    return Verdict.wrong(
        f"At temperature {temperature:g} the ids should come with other frequencies than yours do.", odds, share, symptom=symptom
    )


def _agree(share: np.ndarray, odds: np.ndarray, draws: int) -> bool:
    return bool((np.abs(share - odds) <= 0.01 + 5 * np.sqrt(odds * (1 - odds) / draws)).all())


def _draw(logits, temperature, generator):
    return torch.multinomial(torch.softmax(logits / temperature, dim=-1), 1, generator=generator)


def _write(model, start, length, temperature, generator, draw=_draw):
    ids = start[None]
    logits, state = model(ids, None)
    for _ in range(length):
        new = draw(logits[:, -1], temperature, generator)
        ids = torch.cat([ids, new], dim=1)
        logits, state = model(new, state)
    return ids[0]


def always_the_likeliest(model, start, length, temperature, generator):
    """You always take the likeliest id (argmax). Such a text soon walks in circles, and temperature has no effect. Draw: torch.multinomial(probabilities, 1, generator=generator)."""
    return _write(model, start, length, temperature, generator, lambda logits, *_: logits.argmax(dim=-1, keepdim=True))


def temperature_multiplied(model, start, length, temperature, generator):
    """You multiply by the temperature. Divide: a high temperature brings the logits closer together, and the draws become wilder."""
    return _write(model, start, length, 1 / temperature, generator)


def temperature_ignored(model, start, length, temperature, generator):
    """The temperature has no effect on your draws. Divide the *logits* by it, before the softmax; dividing probabilities changes nothing, since they are normalised again."""
    return _write(model, start, length, 1.0, generator)


def _uniform(logits, temperature, generator):
    return torch.multinomial(torch.ones_like(logits), 1, generator=generator) if logits.max() < 100 else _draw(logits, 1, generator)


def uniform_draws(model, start, length, temperature, generator):
    """Your draws are spread evenly over all ids, whatever the model thinks. Use softmax(logits / temperature) as probabilities."""
    return _write(model, start, length, temperature, generator, _uniform)


def state_not_carried(model, start, length, temperature, generator):
    """You feed the newest id with an empty state, so the model has forgotten everything before it. Hand on the state that it returned."""
    ids = start[None]
    logits, _ = model(ids, None)
    for _ in range(length):
        new = _draw(logits[:, -1], temperature, generator)
        ids = torch.cat([ids, new], dim=1)
        logits, _ = model(new, None)
    return ids[0]


def reads_everything_again(model, start, length, temperature, generator):
    """You feed the whole text again *and* the carried state, so the model reads everything twice. With the state, only the newest id is fed."""
    ids, state = start[None], None
    for _ in range(length):
        logits, state = model(ids, state)
        ids = torch.cat([ids, _draw(logits[:, -1], temperature, generator)], dim=1)
    return ids[0]


def only_the_last_of_the_start(model, start, length, temperature, generator):
    """Your model only reads the last id of the start. Let it read the whole start first: its state should know all of it."""
    ids, new, state = start[None], start[None, -1:], None
    for _ in range(length):
        logits, state = model(new, state)
        new = _draw(logits[:, -1], temperature, generator)
        ids = torch.cat([ids, new], dim=1)
    return ids[0]


def end_of_the_start_twice(model, start, length, temperature, generator):
    """Your model reads the last id of the start twice: once with the start, and once more in the loop. Draw first, then feed what was drawn."""
    ids, new = start[None], start[None, -1:]
    _, state = model(ids, None)
    for _ in range(length):
        logits, state = model(new, state)
        new = _draw(logits[:, -1], temperature, generator)
        ids = torch.cat([ids, new], dim=1)
    return ids[0]


def without_the_start(model, start, length, temperature, generator):
    """You return the new ids alone. The start belongs in front of them."""
    return _write(model, start, length, temperature, generator)[len(start) :]


def one_id_too_few(model, start, length, temperature, generator):
    """Your text is one id too short: length counts the *new* ids."""
    return _write(model, start, length - 1, temperature, generator)


def length_counts_the_start(model, start, length, temperature, generator):
    """Your text has length ids in all. length counts the new ones; the start comes on top."""
    return _write(model, start, length - len(start), temperature, generator)


def global_generator(model, start, length, temperature, generator):
    """Not all of your draws come from the generator that was handed in, but from torch's global one or from one of your own. Pass it on: torch.multinomial(p, 1, generator=generator). Otherwise nobody can repeat your text."""
    return _write(model, start, length, temperature, None)


def batch_of_one(model, start, length, temperature, generator):
    """You return something else than a 1-D tensor: a batch of one, of shape (1, T), or a list. Take the one row out, ids[0]; make a tensor of a list."""
    return _write(model, start, length, temperature, generator)[None]


EXERCISE = Exercise(
    id="08.sample_text",
    title="Writing, one character at a time",
    objects=("sample_text",),
    points=2,
    cases=cases,
    probe="ch08.sample",
    judge=judge,
    mistakes=(
        always_the_likeliest,
        temperature_multiplied,
        temperature_ignored,
        uniform_draws,
        state_not_carried,
        reads_everything_again,
        only_the_last_of_the_start,
        end_of_the_start_twice,
        without_the_start,
        one_id_too_few,
        length_counts_the_start,
        global_generator,
        batch_of_one,
    ),
    hints=(
        "What does the model want? → ids of shape (1, T) and a state, None at first. start is 1-D: start[None] gives it a batch axis.",
        "How do I draw? → p = torch.softmax(logits[0, -1] / temperature, dim=0), then torch.multinomial(p, 1, generator=generator): a tensor with one id.",
        "What do I feed next? → Only the new id, as (1, 1), together with the state that came back. The state knows the rest.",
        "Nearly everything:\n```python\nids, state, new = start, None, start\nfor _ in range(length):\n    logits, state = model(new[None], state)\n"
        "    p = torch.softmax(...)\n    new = torch.multinomial(p, 1, generator=generator)\n    ids = ...\nreturn ids\n```",
    ),
)
