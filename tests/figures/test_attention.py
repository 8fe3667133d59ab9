"""What attention looks at is read off a model without a trace, and drawn as it is."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
import torch
from torch import nn

from dlcourse_utils.errors import CourseError
from dlcourse_utils.figures.attention import attention_weights, draw_maps

matplotlib.use("Agg")


class Looks(nn.Module):
    """An attention layer with weights of its own making: head h of layer n looks at position h, with share n / 10."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.q_proj = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        n, t, _ = x.shape
        weights = torch.zeros(n, 2, t, t)
        for head in range(2):
            weights[:, head, :, head] = self.number / 10
        return self.q_proj(x), weights


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.layers = nn.Embedding(9, 2), nn.ModuleList([Looks(1), Looks(2), Looks(3)])

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embedding(ids)
        for layer in self.layers:
            x, _ = layer(x)
        return x


def test_every_layer_is_heard_in_order_and_nothing_stays_behind() -> None:
    model, ids = Model(), torch.tensor([[1, 2, 3, 4], [5, 6, 7, 8]])
    before = model(ids)
    weights = attention_weights(model, ids)
    assert weights.shape == (3, 2, 2, 4, 4)
    assert weights[:, 0, 1, 2, 1].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert not weights.requires_grad
    assert torch.equal(model(ids), before)
    assert not any(m._forward_hooks for m in model.modules())


def test_hooks_go_even_when_the_model_stops() -> None:
    model = Model()
    with pytest.raises(IndexError):
        attention_weights(model, torch.tensor([[99]]))
    assert not any(m._forward_hooks for m in model.modules())


def test_a_model_without_attention_gets_a_sentence() -> None:
    with pytest.raises(CourseError, match="q_proj"):
        attention_weights(nn.Embedding(3, 2), torch.tensor([[1]]))


def test_each_panel_shows_its_weights_with_rows_and_columns_named() -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(4), size=(5, 3))  # five looks, three queries, four keys
    figure = draw_maps(weights, ["K", "AE", "T"], "cats", [f"look {n}" for n in range(5)], across=3)
    panels = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in panels] == [f"look {n}" for n in range(5)]
    for ax, look in zip(panels, weights, strict=True):
        assert np.array_equal(ax.images[0].get_array(), look)
        assert ax.images[0].get_clim() == (0, 1)
        assert [t.get_text() for t in ax.get_xticklabels()] == list("cats")
    assert [t.get_text() for t in panels[3].get_yticklabels()] == ["K", "AE", "T"]


def test_numbers_stand_in_the_squares_that_are_not_empty() -> None:
    figure = draw_maps(np.array([[[1.0, 0.0], [0.25, 0.75]]]), "ab", "ab", ["one"], numbers=True)
    assert [t.get_text() for t in figure.axes[0].texts] == ["1.00", ".25", ".75"]
