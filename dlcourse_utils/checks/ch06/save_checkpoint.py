"""06.save_checkpoint: a resumed run must equal the uninterrupted one bit for bit.

No value is known beforehand: two runs of the learner's own code are laid side by side.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .checkpoint_mistakes import MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, optimizer: str, scheduler: bool, as_text: bool) -> Case:
        settings = {"optimizer": optimizer, "scheduler": scheduler, "as_text": as_text}
        epochs = {"seed": int(rng.integers(1000)), "epochs": int(rng.integers(2, 4)), "more": 2}
        return Case(title, kwargs=epochs | settings)

    yield case("Adam, no scheduler", "adam", False, False)
    yield case("SGD with momentum and a scheduler", "momentum", True, False)
    yield case("Adam and a scheduler; the path is a string", "adam", True, True)


_SENTENCES = {
    "weights": "The weights are not the saved ones. Is model.load_state_dict(...) there? Assigning a new model to the name `model` changes nothing for the caller.",
    "running averages": "The weights are back, but batch norm's running averages are not. They are no parameters (nothing goes downhill on them), yet they are part of the model: model.state_dict() holds both.",
    "mode": "Saving or loading changed the model's mode. A run goes on in the mode it was in: leave model.train() and model.eval() to the caller.",
    "optimizer": "The optimizer has lost its memory (momentum, or Adam's moments). Save and load optimizer.state_dict() too.",
    "learning rate": "The learning rate is not the saved one: it stands in optimizer.state_dict().",
    "scheduler": "The scheduler starts over. When there is one, save and load scheduler.state_dict() too.",
    "torch": "torch's generator is not where it was: dropout will draw other masks. torch.get_rng_state() and torch.set_rng_state(...).",
    "NumPy": "NumPy's generator is not where it was. np.random.get_state() and np.random.set_state(...).",
    "Python": "Python's generator is not where it was: random.shuffle will give another order. random.getstate() and random.setstate(...).",
    "weights in the end": "Everything looked alike after loading, and yet the two runs part later on.",
}


def judge(case: Case, observation: Observation) -> Verdict:
    value = observation.value or {}
    if not value.get("there is a file", True):
        return Verdict.wrong("After save_checkpoint there is no file at `path`.", symptom="no file")
    if not value.get("saving draws nothing", True):
        return Verdict.wrong(
            "Saving itself drew random numbers, so a run with checkpoints differs from one without.", symptom="saving draws"
        )
    first, second = value.get("uninterrupted"), value.get("resumed")
    if not isinstance(first, dict) or not isinstance(second, dict):
        return Verdict.broken("The two runs could not be laid side by side.", symptom="no runs")
    parted = [name for name in _SENTENCES if not _equal(first.get(name), second.get(name))]
    if not value.get("loads with weights_only=True"):
        return Verdict.wrong(
            "Your file does not load with torch.load(path, weights_only=True), the safe way: it holds objects that would have to be unpickled. "
            "Keep tensors, numbers, strings, lists and dicts only; a NumPy state's array becomes a tensor, torch.tensor(keys).",
            symptom=" ".join(["pickle", *parted]),
        )
    if not parted:
        return Verdict.ok()
    return Verdict.wrong(_SENTENCES[parted[0]], first[parted[0]], second[parted[0]], where=parted[0], symptom=" ".join(parted))


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_equal(p, q) for p, q in zip(a, b, strict=True))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and a == b


EXERCISE = Exercise(
    id="06.save_checkpoint",
    title="Stop, and go on as if nothing had happened",
    objects=("save_checkpoint", "load_checkpoint"),
    points=3,
    cases=cases,
    probe="ch06.checkpoint",
    judge=judge,
    mistakes=MISTAKES,
    hints=(
        "What is the state of a training run? → The weights, the optimizer's memory, the scheduler's place, and where each random generator "
        "stands: torch's, NumPy's and Python's.",
        "How do I ask for it? → model.state_dict(), optimizer.state_dict(), scheduler.state_dict(), torch.get_rng_state(), np.random.get_state(), "
        "random.getstate(); each has a partner that puts it back.",
        'torch.load complains about "weights_only". → Your dict holds something that would have to be unpickled, such as NumPy\'s array of '
        "keys. Store torch.tensor(keys.astype(np.int64)) and turn it back with .numpy().astype(np.uint32).",
        "random.setstate raises TypeError. → It wants tuples: (version, tuple(numbers), gauss). If they were saved as lists or tensors, make tuples again.",
        "Nearly everything of saving:\n```python\nname, keys, *rest = np.random.get_state()\nstate = {\n    \"model\": model.state_dict(),\n"
        "    \"optimizer\": optimizer.state_dict(),\n    \"scheduler\": None if scheduler is None else scheduler.state_dict(),\n"
        "    \"torch\": torch.get_rng_state(),\n    \"numpy\": (name, torch.tensor(keys.astype(np.int64)), *rest),\n    \"python\": random.getstate(),\n}\n"
        "torch.save(state, path)\n```",
    ),
)
