"""Numbers that the text of chapter 09 states in so many words, found again with the chapter's own answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from autograde.attempts import solved
from dlcourse_utils.data import LETTERS, PHONEMES, load_cmudict

CHAPTER = Path(__file__).resolve().parents[2] / "solutions" / "09_attention.py"
TEXT = CHAPTER.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    return solved(CHAPTER)


def test_the_dictionary_holds_what_the_opening_says() -> None:
    data = load_cmudict()
    spoken = data.words(3, 8)
    assert f"lists {len(set(data.spellings)):,} words" in TEXT
    assert f"# {len(spoken):,} words of 3 to 8 letters" in TEXT
    assert f"# {3 + len(LETTERS) + len(PHONEMES)} of them" in TEXT
    said_by_two = ("tough", "cough")
    ough = {spoken[w][-2 if w in said_by_two else -1 :] for w in ("though", "through", "bough", *said_by_two)}
    assert len(ough) == 5, "five words, five sounds"
    assert [spoken[word][0] for word in ("kin", "chin", "sin", "shin")] == ["K", "CH", "S", "SH"]
    assert [spoken[word][1] for word in ("man", "see")] == ["AE", "IY"]
    assert {spoken[word][0] for word in ("cat", "city", "chat", "chef", "czar")} == {"K", "S", "CH", "SH", "Z"}


def test_heads_share_the_same_weights_out(answers: dict[str, Any]) -> None:
    counts = {sum(p.numel() for p in answers["MultiHeadAttention"](64, heads).parameters()) for heads in (1, 8)}
    assert counts == {16_640}
    assert "= 16,640 in both cases" in TEXT


def test_attention_moves_along_with_its_input(answers: dict[str, Any]) -> None:
    torch.manual_seed(0)
    layer, sequence = answers["MultiHeadAttention"](16, 4), torch.randn(1, 5, 16)
    order = torch.tensor([3, 0, 4, 1, 2])
    straight, _ = layer(sequence, sequence, sequence)
    shuffled, _ = layer(*[sequence[:, order]] * 3)
    assert torch.allclose(shuffled, straight[:, order], atol=1e-6)


def test_likeness_of_positions_depends_on_their_distance_alone(answers: dict[str, Any]) -> None:
    table = answers["sinusoidal_positions"](60, 32)
    alike = table @ table.T
    for distance in (0, 1, 7, 30):
        diagonal = alike.diagonal(distance)
        assert torch.allclose(diagonal, diagonal[0].expand_as(diagonal), atol=1e-3)


def test_three_layers_without_a_shortcut_forget_who_is_who(answers: dict[str, Any]) -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 12, 32, generator=torch.Generator().manual_seed(1))
    kept = x
    with torch.no_grad():
        for _ in range(3):
            layer, h, g = answers["MultiHeadAttention"](32, 4), F.layer_norm(x, (32,)), F.layer_norm(kept, (32,))
            x, kept = layer(h, h, h)[0], kept + layer(g, g, g)[0]
    left, stayed = ((y - y.mean(dim=1, keepdim=True)).norm() / y.norm() for y in (x, kept))
    assert left < 1e-5
    assert stayed > 0.5


def test_a_weight_masked_after_the_softmax_knows_of_what_it_hides() -> None:
    scores = torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0, 9.0]])  # the last one is the future, hidden afterwards
    weights = torch.softmax(scores, dim=1)[:, :2]
    assert not torch.allclose(weights[0], weights[1])
    assert torch.allclose(weights[0] / weights[0].sum(), weights[1] / weights[1].sum())
