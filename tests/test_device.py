"""pick_device keeps the order cuda, mps, cpu and says what is there when a wish cannot be met."""

import pytest
import torch

from dlcourse_utils import device


@pytest.fixture
def machine(monkeypatch):
    def set_up(cuda: int = 0, mps: bool = False):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return set_up


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"), [(0, False, "cpu"), (0, True, "mps"), (2, False, "cuda"), (1, True, "cuda")]
)
def test_the_fastest_kind_present_is_picked(machine, cuda, mps, expected):
    machine(cuda, mps)
    assert device.pick_device() == torch.device(expected)


def test_a_wish_is_granted(machine):
    machine(cuda=2)
    assert device.pick_device("cpu") == torch.device("cpu")
    assert device.pick_device("cuda:1") == torch.device("cuda:1")
    assert device.pick_device(torch.device("cuda")) == torch.device("cuda")


@pytest.mark.parametrize("wish", ["cuda", "cuda:2", "mps", "gpu", "xpu"])
def test_a_wish_that_cannot_be_met_names_what_is_there(machine, wish):
    machine(cuda=2 if wish == "cuda:2" else 0)
    there = "cuda, cpu" if wish == "cuda:2" else "cpu"
    with pytest.raises(ValueError, match=f"here there is {there}"):
        device.pick_device(wish)


def test_devices_are_described_in_words():
    assert device.device_name("cpu").startswith("CPU, ")
    assert device.available_devices()[-1] == "cpu"
