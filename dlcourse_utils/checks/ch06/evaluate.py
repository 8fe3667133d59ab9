"""06.evaluate: accuracy that leaves the model as it was, laid beside batch norm's formula in NumPy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise, Recipe


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, n: int, batch_size: int, training: bool, **more: Any) -> Case:
        model = _hard_to_tell(rng, n, batch_size, bool(more.get("drop_last")))
        x, labels = model.pop("x"), model.pop("labels")
        return Case(
            title,
            kwargs={
                "model": Recipe("ch06.watched_net", training=training, **model),
                "loader": Recipe("ch06.loader", x=x, labels=labels, batch_size=batch_size, **more),
            },
        )

    yield case("the model comes in training mode", 24, 8, True)
    yield case("the model comes in evaluation mode", 20, 10, False)
    yield case("the last batch is smaller, 8 + 8 + 3", 19, 8, True)
    yield case("the loader drops the last batch: 16 of 19 seen", 19, 8, False, drop_last=True)
    yield case("a plain list of batches, 7 + 7 + 2", 16, 7, True, plain=True)


def _hard_to_tell(rng: np.random.Generator, n: int, batch_size: int, drop_last: bool) -> dict[str, Any]:
    """Draw data on which every wrong way of counting gives another number."""
    while True:
        model = {
            "w": rng.normal(size=(3, 4)),
            "b": rng.normal(size=3) / 2,
            "mean": rng.normal(size=4),
            "var": rng.uniform(0.5, 3.0, size=4),
        }
        x = rng.normal(size=(n, 4)) * 1.5 + 1.0
        best = _logits(model, x).argmax(axis=1)
        labels = np.where(rng.random(n) < 0.65, best, (best + rng.integers(1, 3, size=n)) % 3)
        right = (best == labels).astype(float)
        means = [right[i : i + batch_size].mean() for i in range(0, n, batch_size)]
        whole = n % batch_size == 0
        seen = right[: n - n % batch_size] if drop_last else right
        if 0.3 < seen.mean() < 0.9 and (whole or abs(np.mean(means) - right.mean()) > 0.01) and seen.sum() < n - 1:
            return model | {"x": x, "labels": labels}


def _logits(model: dict[str, Any], x: np.ndarray) -> np.ndarray:
    return (x - model["mean"]) / np.sqrt(model["var"] + 1e-5) @ model["w"].T + model["b"]


def oracle(model: Recipe, loader: Recipe) -> dict[str, Any]:
    facts, data = model.kwargs, loader.kwargs
    n = len(data["x"])
    seen = n - n % data["batch_size"] if data.get("drop_last") else n
    right = _logits(facts, data["x"]).argmax(axis=1) == data["labels"]
    return {
        "accuracy": float(right[:seen].mean()),
        "training afterwards": "yes" if facts["training"] else "no",
        "running mean afterwards": facts["mean"],
        "gradients were recorded": "no",
        "parameters want gradients afterwards": "yes",
        "recording is on afterwards": "yes",
    }


def _count(model, loader):
    right = seen = 0
    for x, labels in loader:
        right += (model(x).argmax(dim=1) == labels).sum().item()
        seen += len(labels)
    return right, seen


def stays_in_training_mode(model, loader):
    """You never call model.eval(). In training mode dropout switches units off at random and batch norm uses, and changes, its batch statistics: the number is not the model's, and the model is not the same afterwards."""
    with torch.no_grad():
        right, seen = _count(model, loader)
    return right / seen


def left_in_evaluation_mode(model, loader):
    """You leave the model in evaluation mode. If it was training before, dropout and batch norm stay frozen for the rest of the training. Remember model.training and put it back: model.train(was_training)."""
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    return right / seen


def always_back_to_training(model, loader):
    """You end with model.train() whatever the mode was on entry. A model that came in evaluation mode must leave in it: was_training = model.training … model.train(was_training)."""
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    model.train()
    return right / seen


def gradients_recorded(model, loader):
    """The forward passes record a graph that nobody will use: memory grows and time is lost. Put them inside `with torch.no_grad():`."""
    was = model.training
    model.eval()
    right, seen = _count(model, loader)
    model.train(was)
    return right / seen


def mean_of_batch_means(model, loader):
    """You average the batches' accuracies, so a sample in a small last batch counts more than the others. Count the right ones and the seen ones, and divide once."""
    was = model.training
    model.eval()
    with torch.no_grad():
        means = [(model(x).argmax(dim=1) == labels).double().mean().item() for x, labels in loader]
    model.train(was)
    return sum(means) / len(means)


def divides_by_the_data_sets_length(model, loader):
    """You divide by the length of the whole data set, but a loader may leave samples out (drop_last). Count the samples that you have seen."""
    was = model.training
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    model.train(was)
    return right / (len(loader.dataset) if hasattr(loader, "dataset") else seen)


def a_count_in_place_of_a_share(model, loader):
    """You return how many are right. Accuracy is the share: divide by the number of samples seen."""
    was = model.training
    model.eval()
    with torch.no_grad():
        right, _ = _count(model, loader)
    model.train(was)
    return float(right)


def in_percent(model, loader):
    """Your accuracy is in percent. Here it is a share between 0 and 1."""
    was = model.training
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    model.train(was)
    return 100 * right / seen


def returns_a_tensor(model, loader):
    """Your accuracy is a tensor. Return a float: .item() takes the number out."""
    was = model.training
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    model.train(was)
    return torch.tensor(right / seen, dtype=torch.float64)


def only_the_first_batch(model, loader):
    """You return from inside the loop, so only the first batch counts. Move the return to the left, behind the loop."""
    was = model.training
    model.eval()
    with torch.no_grad():
        for x, labels in loader:
            right = (model(x).argmax(dim=1) == labels).sum().item()
            model.train(was)
            return right / len(labels)


def the_wrong_ones(model, loader):
    """You return the share of the wrong ones, the error rate. Accuracy counts the right ones."""
    was = model.training
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    model.train(was)
    return 1 - right / seen


def parameters_frozen(model, loader):
    """You set requires_grad to False on the parameters, so the model cannot learn any more afterwards. To record nothing, `with torch.no_grad():` is enough, and it undoes itself."""
    for p in model.parameters():
        p.requires_grad_(False)
    was = model.training
    model.eval()
    with torch.no_grad():
        right, seen = _count(model, loader)
    model.train(was)
    return right / seen


def recording_switched_off_for_good(model, loader):
    """You switch recording off with torch.set_grad_enabled(False) and leave it off, for everything that comes after. `with torch.no_grad():` switches it on again at the end of the block."""
    torch.set_grad_enabled(False)
    was = model.training
    model.eval()
    right, seen = _count(model, loader)
    model.train(was)
    return right / seen


EXERCISE = Exercise(
    id="06.evaluate",
    title="Look, don't touch",
    objects=("evaluate",),
    points=2,
    cases=cases,
    probe="ch06.evaluate",
    oracle=oracle,
    mistakes=(
        stays_in_training_mode,
        left_in_evaluation_mode,
        always_back_to_training,
        gradients_recorded,
        mean_of_batch_means,
        divides_by_the_data_sets_length,
        a_count_in_place_of_a_share,
        in_percent,
        returns_a_tensor,
        only_the_first_batch,
        the_wrong_ones,
        parameters_frozen,
        recording_switched_off_for_good,
    ),
    hints=(
        "Which switches are there? → model.eval() for the behaviour of dropout and batch norm, torch.no_grad() for the recording of the graph. "
        "They have nothing to do with each other; you need both.",
        "How do I leave the mode as it was? → was_training = model.training at the start, model.train(was_training) at the end.",
        "My accuracy is slightly off. → Add up the right ones and the seen ones over all batches, and divide once at the end.",
        "Nearly everything:\n```python\nwas_training = model.training\nmodel.eval()\nright = seen = 0\nwith torch.no_grad():\n"
        "    for x, labels in loader:\n        right += (model(x).argmax(dim=1) == labels).sum().item()\n        seen += ...\n"
        "model.train(was_training)\nreturn right / seen\n```",
    ),
)
