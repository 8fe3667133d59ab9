"""08.milestone_sentiment: a trained reader is judged by what it says about reviews that it has never seen.

The check makes a little language up, with words that please and words that don't, so that a short training tells a
right reader from a wrong one and there is nothing to look up. The chapter's own cell trains on real reviews.
"""

from collections.abc import Iterator

import numpy as np
from scipy.special import softmax

from ..authoring import Case, Exercise, Observation, Verdict
from .scores import finite_scores, repeatable
from .sentiment_mistakes import MISTAKES
from .words import random_words

SEEN, UNSEEN = 400, 300
GOAL = 0.75
OPINIONS, FILLERS = 6, 24


def cases(rng: np.random.Generator) -> Iterator[Case]:
    texts, labels = _reviews(rng, SEEN + UNSEEN)
    seeds = [int(s) for s in rng.integers(0, 1000, size=2)]
    few = {"texts": texts[:48], "labels": labels[:48], "asked": texts[48:78]}
    yield Case("48 reviews, 1 epoch, trained twice, then with another seed", kwargs={**few, "epochs": 1, "seed": seeds[0], "again": True})
    many = {"texts": texts[:SEEN], "labels": labels[:SEEN], "asked": texts[SEEN:], "epochs": 12, "seed": seeds[1]}
    title = f"{SEEN} reviews in a made-up language, 12 epochs, then {UNSEEN} others"
    yield Case(title, kwargs=many, weight=3.0)


def _reviews(rng: np.random.Generator, count: int) -> tuple[list[str], np.ndarray]:
    """Draw sentences of 3 to 8 words in which one word pleases (label 1) or does not (label 0)."""
    words = random_words(rng, 2 * OPINIONS + FILLERS)
    labels = rng.integers(0, 2, size=count)
    texts = []
    for label in labels:
        sentence = rng.choice(words[2 * OPINIONS :], size=rng.integers(2, 8)).tolist()
        sentence.insert(int(rng.integers(len(sentence) + 1)), words[int(rng.integers(OPINIONS)) + OPINIONS * int(label)])
        texts.append(" ".join(sentence).capitalize())
    return texts, labels


def judge(case: Case, observation: Observation) -> Verdict:
    value, asked = observation.value or {}, case.kwargs["asked"]
    if not value.get("a Module0") or not value.get("a dict0"):
        return Verdict.broken("train_sentiment should return the pair (model, vocab): an nn.Module and a dict.", symptom="pair")
    looks = []
    for name in ("logits0", "a second look0", *(["logits1", "logits2"] if case.kwargs.get("again") else [])):
        scores = finite_scores(value.get(name), (len(asked), 2), "The logits")
        if isinstance(scores, Verdict):
            return scores
        looks.append(scores)
    if not np.allclose(looks[0], looks[1], rtol=1e-3, atol=1e-5):
        return Verdict.wrong(
            "The same sentences get different logits on a second look. Is dropout still on? Return the model in evaluation mode.",
            symptom="restless",
        )
    if case.kwargs.get("again"):
        return repeatable(
            looks[0],
            looks[2],
            looks[3],
            "Two trainings with the same seed gave different networks. torch.manual_seed(seed) before the model is built, and a generator of "
            "that seed for the order of the batches.",
        )
    return _accuracy(looks[0], _truth(case.kwargs["texts"], case.kwargs["labels"], asked))


def _truth(texts: list[str], labels: np.ndarray, asked: list[str]) -> np.ndarray:
    """Return the labels of the reviews asked about: only the words that carry an opinion keep to one label."""
    met: dict[str, set[int]] = {}
    for text, label in zip(texts, labels, strict=True):
        for word in text.lower().split():
            met.setdefault(word, set()).add(int(label))
    opinion = {word: next(iter(kinds)) for word, kinds in met.items() if len(kinds) == 1}
    return np.array([next(opinion[word] for word in text.lower().split() if word in opinion) for text in asked])


def _accuracy(scores: np.ndarray, truth: np.ndarray) -> Verdict:
    share = float((scores.argmax(axis=1) == truth).mean())
    told = f"{share:.0%} of {len(truth)} reviews never seen are right; at least {GOAL:.0%} are asked for here."
    if share >= GOAL:
        return Verdict.ok(f"{share:.0%} of {len(truth)} reviews never seen are right.")
    if share <= 1 - GOAL:
        return Verdict.wrong(f"{told} Your answers are the wrong way round.", symptom="the wrong way round")
    if softmax(scores, axis=1).max(axis=1).mean() < 0.6:
        return Verdict.wrong(f"{told} All its answers are close to a coin.", symptom="untrained")
    if share < 0.62:
        return Verdict.wrong(f"{told} It is sure of itself, and right as often as a coin.", symptom="scrambled")
    return Verdict.wrong(told, symptom="too low")


EXERCISE = Exercise(
    id="08.milestone_sentiment",
    title="Milestone: does the reviewer like it?",
    objects=("train_sentiment",),
    points=3,
    cases=cases,
    probe="ch08.sentiment",
    judge=judge,
    mistakes=MISTAKES,
    builds_on=("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients"),
    hints=(
        "Which pieces do I need? → build_vocab and encode for the texts, torch.manual_seed(seed), an LSTMClassifier, an optimizer, and two "
        "loops: over epochs, and over the batches that `shuffled_batches` gives.",
        "What happens for each batch? → pad_batch makes ids and mask; then the five lines of every training step, with clip_gradients between "
        "backward and step.",
        "It learns the training sentences by heart and little else. → With few sentences, a network does. Hide a quarter of the words in training "
        "(set their ids to 1, <unk>): then no single word can carry the answer.",
        "Nearly everything:\n```python\nvocab = build_vocab(texts, 8000, 2)\nrows = [encode(text, vocab) for text in texts]\n"
        "torch.manual_seed(seed)\nmodel = LSTMClassifier(len(vocab), 16, 32).to(device)\noptimizer = torch.optim.Adam(model.parameters(), lr=8e-3)\n"
        "for epoch in progress(epochs):\n    for batch in shuffled_batches(rows, 64, seed + epoch):\n        ids, mask = pad_batch([rows[i] for i in batch])\n"
        "        loss = ...\n        ...\nreturn model.eval(), vocab\n```",
    ),
)
