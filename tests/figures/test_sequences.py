"""The arithmetic behind chapter 08's pictures, beside other ways to the same numbers; and the pictures draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn

from dlcourse_utils.figures import sequences as pictures
from dlcourse_utils.figures.sequences.recall import recall_batch


@pytest.fixture(autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    plt.close("all")


def step(x: np.ndarray, h: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, None]:
    return np.tanh(x @ Wx + h @ Wh + b), None


def test_two_readings_part_at_the_changed_letter_and_not_before() -> None:
    one, other = (pictures.read_letters(step, text) for text in ("so it is", "so if is"))
    apart = np.linalg.norm(one - other, axis=1)
    assert apart[:4].max() == 0
    assert apart[4:].min() > 0
    pictures.draw_reading(one, other, "so it is", changed=4)
    assert [t.get_text() for t in plt.gcf().axes[1].get_xticklabels()] == list("so it is")


def test_the_slopes_of_the_cliff_are_those_of_the_loss() -> None:
    def forward(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> tuple[np.ndarray, Any]:
        w = torch.tensor(Wh, requires_grad=True)
        h, states = torch.tensor(h0), []
        for _ in range(x.shape[1]):
            h = torch.tanh(h @ w + torch.tensor(b))
            states.append(h)
        out = torch.stack(states, dim=1)
        return out.detach().numpy(), (w, out)

    def backward(dh: np.ndarray, cache: Any) -> tuple[Any, ...]:
        w, out = cache
        (dw,) = torch.autograd.grad((out * torch.tensor(dh)).sum(), w)
        return None, None, None, dw.numpy(), None

    ws, losses, slopes = pictures.walk_over_w(forward, backward)
    smooth = ws < 2  # left of the cliff differences are trustworthy
    np.testing.assert_allclose(np.gradient(losses[smooth], ws[smooth])[1:-1], slopes[smooth][1:-1], rtol=0.02)
    h = 0.5
    for _ in range(15):
        h = np.tanh(1.2 * h - 0.5)
    assert losses[0] == pytest.approx(0.5 * (h - 0.9) ** 2)  # at w = 1.2, the first
    assert 2.05 < ws[np.abs(slopes).argmax()] < 2.15
    pictures.draw_cliff(ws, losses, slopes)


def test_a_cell_with_an_open_forget_gate_keeps_what_came_in() -> None:
    def forgetful(x: np.ndarray, h: np.ndarray, c: np.ndarray, params: Any) -> tuple[np.ndarray, np.ndarray]:
        return h, params["f"] * c + x

    units = {0.0: {"f": np.array(0.5)}, 2.0: {"f": np.array(0.9)}, 5.0: {"f": np.array(1.0)}}
    pictures.draw_memory_cells(forgetful, units, steps=6, event=2)
    drawn = [np.asarray(line.get_ydata(), dtype=float) for line in plt.gca().lines]
    np.testing.assert_allclose(drawn[0], [0, 0, 1, 0.5, 0.25, 0.125])
    np.testing.assert_allclose(drawn[2], [0, 0, 1, 1, 1, 1])


def test_the_symbol_to_recall_stands_at_the_first_step_only() -> None:
    x, labels = recall_batch(50, 7, torch.Generator().manual_seed(0))
    assert torch.equal(x[:, 0, :4].argmax(dim=1), labels)
    assert x[:, 0].sum() == 50
    assert not x[:, 1:, :4].any()


def test_operations_are_counted_once() -> None:
    a = torch.ones(2, requires_grad=True)
    b = a * 2
    assert pictures.operations_behind(b + b) == 3  # the sum, the product, the leaf
    assert pictures.operations_behind(b.detach()) == 0


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.letters, self.rnn, self.head = nn.Embedding(5, 3), nn.GRU(3, 4, batch_first=True), nn.Linear(4, 5)

    def forward(self, ids: torch.Tensor, state: Any) -> Any:
        out, state = self.rnn(self.letters(ids), state)
        return self.head(out), state


def test_influence_agrees_with_nudges_of_the_embedding_and_leaves_no_gradient() -> None:
    torch.manual_seed(0)
    model, ids = Model().double(), torch.tensor([0, 1, 2, 3])  # all different, so a row is one place
    found = pictures.influence_on(model, ids)
    assert all(p.grad is None for p in model.parameters())

    def log_p() -> float:
        return torch.log_softmax(model(ids[None, :-1], None)[0][0, -1], dim=0)[ids[-1]].item()

    for place in range(3):
        slopes = []
        for k in range(3):
            with torch.no_grad():
                model.letters.weight[place, k] += 1e-6
                up = log_p()
                model.letters.weight[place, k] -= 2e-6
                slopes.append((up - log_p()) / 2e-6)
                model.letters.weight[place, k] += 1e-6
        assert found[place] == pytest.approx(np.linalg.norm(slopes), rel=1e-4)
    pictures.draw_influence("abc", found, "d")


def test_a_model_without_an_embedding_gets_a_sentence_and_an_empty_picture(capsys: pytest.CaptureFixture[str]) -> None:
    influence = pictures.influence_on(nn.GRU(3, 3), torch.tensor([0, 1, 2]))
    assert "nn.Embedding" in capsys.readouterr().out
    assert np.isnan(influence).all()
    pictures.draw_influence("ab", influence, "c")
    plt.gcf().canvas.draw()


def test_the_confusion_matrix_counts() -> None:
    pictures.draw_confusion(np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 1, 0]))
    assert [t.get_text() for t in plt.gca().texts] == ["1", "2", "1", "1"]
