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


def trained(step, where="cpu"):
    """Ten steps of a small CNN with batch norm and dropout, the same numbers each time; its losses and weights."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Flatten(),
        torch.nn.Linear(8 * 36, 3),
    ).to(where)  # fmt: skip
    x, labels = torch.randn(30, 1, 8, 8).to(where), torch.arange(30, device=where) % 3
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=1e-2), []
    for _ in range(10):
        optimizer.zero_grad()
        losses.append(step(model, x, labels, optimizer).item())
    return losses, [p.detach().cpu() for p in model.parameters()]


def ordinary(model, x, labels, optimizer):
    loss = torch.nn.functional.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss


def mixed(half):
    def step(model, x, labels, optimizer):
        with half.forward():
            logits = model(x)
            loss = torch.nn.functional.cross_entropy(logits, labels)
        assert logits.dtype == (half.dtype or torch.float32)
        assert loss.dtype == torch.float32
        half.step(loss, optimizer)
        return loss

    return step


@pytest.mark.parametrize("where", ["cpu", torch.device("cpu"), "mps"])
def test_mixed_precision_changes_no_bit_without_an_nvidia_gpu(where):
    half = device.MixedPrecision(where)
    assert half.dtype is None
    (losses, weights), (expected, right) = trained(mixed(half)), trained(ordinary)
    assert losses == expected
    assert all(torch.equal(a, b) for a, b in zip(weights, right, strict=True))


@pytest.mark.parametrize(("native", "dtype"), [(True, torch.bfloat16), (False, torch.float16)])
def test_mixed_precision_takes_what_the_gpu_is_fast_at(machine, monkeypatch, native, dtype):
    machine(cuda=1)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: native or including_emulation)
    half = device.MixedPrecision("cuda:0")
    assert half.dtype == dtype
    assert half.scaler.is_enabled() == (dtype == torch.float16)


@pytest.mark.parametrize("native", [True, False])
def test_mixed_precision_trains_on_a_gpu(monkeypatch, needs_part, native):
    needs_part("cuda")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: native)
    losses, weights = trained(mixed(device.MixedPrecision("cuda")), "cuda")
    assert losses[-1] < losses[0]
    assert all(p.dtype == torch.float32 and p.isfinite().all() for p in weights)
