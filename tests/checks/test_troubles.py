"""Models on another device, in another precision, too large, in need of a file, restless: a sentence for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from autograde.attempts import solved
from autograde.proof import run
from dlcourse_utils.checks import registry
from dlcourse_utils.checks.session import RESTLESS, check
from dlcourse_utils.checks.troubles import trouble_of
from dlcourse_utils.probes.traces import Raised, describe

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def right(exercise_id: str) -> type[nn.Module]:
    (text,) = SOLUTIONS.glob(f"{exercise_id[:2]}_*.py")
    return solved(text)[exercise_id[3:]]


def sentence(exercise_id: str, attempt: Any) -> str:
    result = run(registry.get(exercise_id), (attempt,), 0)
    assert result.status == "broken"
    assert result.failure is not None
    return result.failure.verdict.sentence


MODELS = ("06.MLP", "07.SmallCNN", "07.ResidualBlock", "08.LSTMClassifier")


@pytest.mark.parametrize("exercise_id", MODELS)
def test_a_model_on_another_device_is_told_where_the_check_runs(exercise_id: str) -> None:
    class Elsewhere(right(exercise_id)):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.to("meta")

    assert "The check runs on the CPU" in sentence(exercise_id, Elsewhere)


@pytest.mark.parametrize("exercise_id", MODELS)
def test_a_model_that_is_too_large_is_told_so(exercise_id: str) -> None:
    class Huge(right(exercise_id)):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.table = nn.Embedding(10**8, 10**5)

    assert "more memory than there is" in sentence(exercise_id, Huge)


@pytest.mark.parametrize("exercise_id", MODELS)
def test_a_model_that_needs_a_file_is_told_that_there_is_none(exercise_id: str) -> None:
    class Loads(right(exercise_id)):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.load_state_dict(torch.load("weights.pt"))

    assert "no file of yours lies beside it" in sentence(exercise_id, Loads)


def test_another_precision_is_named_and_not_taken_for_another_mistake() -> None:
    class Double(right("07.ResidualBlock")):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.double()

    result = run(registry.get("07.ResidualBlock"), (Double,), 0)
    if result.status != "correct":  # a check may adapt itself to the model's precision; if it does not, it says so
        assert result.failure is not None
        assert "Two precisions meet" in result.failure.verdict.sentence
        assert result.diagnosis is None


def test_a_module_without_forward_is_told_so() -> None:
    class Silent(nn.Module):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__()
            self.layer = nn.Linear(64, 10)

        def foward(self, x: torch.Tensor) -> torch.Tensor:
            return self.layer(x)

    assert "has no method `forward`" in sentence("06.milestone_digits", lambda x, labels, seed: Silent().eval())


def test_a_restless_character_model_is_not_said_to_see_the_future() -> None:
    class Dropout(nn.Module):
        def __init__(self, vocab: int) -> None:
            super().__init__()
            self.embedding, self.head = nn.Embedding(vocab, 8), nn.Linear(8, vocab)

        def forward(self, ids: torch.Tensor, state: Any) -> Any:
            return self.head(nn.functional.dropout(self.embedding(ids), 0.5)), torch.zeros(1)

    answer = (lambda ids, vocab, *rest: Dropout(vocab),)
    failure = run(registry.get("08.milestone_characters"), answer, 0).failure
    assert failure is not None
    assert "different logits on a second look" in failure.verdict.sentence


def test_what_is_no_module_is_told_what_it_lacks() -> None:
    class Plain:
        def __init__(self, *args: Any) -> None:
            pass

    assert "nn.Module" in sentence("08.LSTMClassifier", lambda *args, **kwargs: Plain())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("device", lambda: torch.ones(1) + torch.ones(1, device="meta")),
        ("device", lambda: nn.Linear(2, 2).to("meta")(torch.ones(1, 2)).numpy()),
        ("device", lambda: torch.ones(1, device="meta").cpu()),
        ("device", lambda: torch.ones(1, device="cuda")),
        ("precision", lambda: torch.ones(1, 2) @ torch.ones(2, 1, dtype=torch.float64)),
        ("precision", lambda: nn.Conv2d(1, 1, 1).double()(torch.ones(1, 1, 2, 2))),
        ("precision", lambda: nn.LSTM(1, 1).double()(torch.ones(1, 1, 1))),
        ("memory", lambda: torch.empty(10**15)),
        ("memory", lambda: np.empty(10**15)),
        ("file", lambda: open("not-here.csv")),  # noqa: SIM115  it cannot be opened
        (None, lambda: torch.ones(2, 3) @ torch.ones(2, 3)),
        (None, lambda: [][0]),
    ],
)
def test_torchs_own_words_are_recognised(kind: str | None, code: Any) -> None:
    if torch.cuda.is_available() and "cuda" in code.__code__.co_consts:
        pytest.skip("there is a GPU here, so asking for one is no trouble")
    with pytest.raises(Exception) as caught:  # noqa: PT011  every kind
        code()
    trouble = trouble_of(describe(caught.value))
    assert (trouble.name if trouble else None) == kind


def test_a_gpus_words_are_recognised_without_one() -> None:
    said = {
        "RuntimeError": "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu",
        "TypeError": "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor",
    }
    for type_name, message in said.items():
        trouble = trouble_of(Raised(type_name, message))
        assert trouble is not None
        assert trouble.name == "device"
    out_of_memory = trouble_of(Raised("OutOfMemoryError", "CUDA out of memory. Tried to allocate 20.00 GiB."))
    assert out_of_memory is not None
    assert out_of_memory.name == "memory"


def test_torchs_not_implemented_is_no_unsolved_exercise() -> None:
    with pytest.raises(NotImplementedError) as caught:
        torch.ones(1, device="meta").cpu()
    assert not describe(caught.value).is_stub
    with pytest.raises(NotImplementedError) as caught:
        raise NotImplementedError
    assert describe(caught.value).is_stub


def test_a_restless_answer_is_told_so_and_a_wrong_one_is_not() -> None:
    noise = np.random.default_rng(0)
    restless = check("02.relu", lambda z: np.maximum(z, 0) + noise.normal(size=z.shape), seed=1)
    assert RESTLESS in restless.notes
    wrong = check("02.relu", lambda z: np.maximum(z, 0) + 0.123, seed=1)
    assert wrong.status == "incorrect"
    assert RESTLESS not in wrong.notes
