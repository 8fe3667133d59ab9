"""Chapter 09: oracles beside other ways to the same number, and what answers of the wrong kind are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograde.proof import run, variants_of
from dlcourse_utils.checks import cases_for, get
from dlcourse_utils.checks.ch09 import milestone_pronounce, scaled_dot_product_attention, sinusoidal_positions
from dlcourse_utils.checks.ch09.block_by_hand import readings
from dlcourse_utils.probes import observe
from dlcourse_utils.probes.allowed import forbidden_uses
from dlcourse_utils.probes.data import build


def test_the_expected_attention_is_pytorchs_own() -> None:
    for case in cases_for(get("09.scaled_dot_product_attention"), 4):
        q, k, v, *mask = build(case.args)
        out, weights, sees = scaled_dot_product_attention._expected(case)
        theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[0] if mask else None).numpy()
        rows = np.broadcast_to(sees, out.shape)
        assert np.allclose(out[rows], theirs[rows])
        assert np.allclose(weights.sum(axis=-1), 1)


def test_the_slopes_on_paper_are_autograds() -> None:
    for case in cases_for(get("09.scaled_dot_product_attention"), 5):
        q, k, v, *mask = build(case.args)
        if mask and not mask[0].any(dim=-1).all():
            continue
        leaves = [t.requires_grad_() for t in (q, k, v)]
        out = F.scaled_dot_product_attention(*leaves, attn_mask=mask[0] if mask else None)
        rates = torch.arange(out.numel(), dtype=out.dtype).cos().reshape(out.shape)
        theirs = torch.autograd.grad((rates * out).sum(), leaves)
        for want, got in zip(scaled_dot_product_attention._slopes(case).values(), theirs, strict=True):
            assert np.allclose(want, got.numpy())


def test_the_block_by_hand_is_pytorchs_own_layer() -> None:
    torch.manual_seed(0)
    for norm_first, name in ((True, "pre-norm"), (False, "post-norm")):
        layer = nn.TransformerEncoderLayer(8, 2, 32, 0.0, F.gelu, batch_first=True, norm_first=norm_first).eval()
        x, mask = torch.randn(2, 5, 8), torch.ones(5, 5).tril().bool()
        with torch.no_grad():
            for norm in (layer.norm1, layer.norm2):
                norm.weight.copy_(torch.linspace(0.5, 1.5, 8))
                norm.bias.copy_(torch.linspace(-0.3, 0.3, 8))
            layer.self_attn.in_proj_bias.normal_()
            right = layer(x, src_mask=~mask).numpy()
        parts = zip(layer.self_attn.in_proj_weight.chunk(3), layer.self_attn.in_proj_bias.chunk(3), strict=True)
        arrays = [[a.detach().numpy() for a in pair] for pair in parts]
        linear = [[m.weight.detach().numpy(), m.bias.detach().numpy()] for m in (layer.self_attn.out_proj,)]
        value = {
            "projections": dict(zip(("q_proj", "k_proj", "v_proj", "out_proj"), [*arrays, *linear], strict=True)),
            "mlp": [[m.weight.detach().numpy(), m.bias.detach().numpy()] for m in (layer.linear2, layer.linear1)],
            "gamma": layer.norm1.weight.detach().numpy(),
            "beta": layer.norm1.bias.detach().numpy(),
        }
        found = [n for n, out in readings(value, 2, x.numpy(), mask.numpy()) if np.allclose(out, right, atol=1e-4)]
        assert found in ([name], [name, name])  # with exact GELU, and where it is near enough with tanh's


def test_positions_agree_with_the_papers_formula() -> None:
    table = sinusoidal_positions._expected(9, 6)
    for p in range(9):
        for i in range(3):
            angle = p / 10_000 ** (2 * i / 6)
            assert table[p, 2 * i] == pytest.approx(np.sin(angle))
            assert table[p, 2 * i + 1] == pytest.approx(np.cos(angle))


def test_the_judge_knows_how_the_made_up_words_are_said() -> None:
    ids, mask = milestone_pronounce._language(np.random.default_rng(5), 900)
    rules = milestone_pronounce._rules(ids[:700])
    for row, real in zip(ids[700:], mask[700:], strict=True):
        n = int((row == milestone_pronounce.SAY).argmax())
        assert milestone_pronounce._truth(row[None, : n + 1], rules)[0].tolist() == row[real].tolist()
    sounds = {pair: sound for pair, sound in rules.items() if pair[1] != milestone_pronounce.SAY}
    by_letter = {a: {s for (b, _), s in sounds.items() if b == a} for a, _ in sounds}
    assert sorted(len(s) for s in by_letter.values()) == [1] * 5 + [2] * 3, "three letters have two sounds"
    prompts = [p for p in milestone_pronounce._prompts(ids) for p in p.tolist()]
    assert len({tuple(p) for p in prompts}) == 900, "a word held out never stands in training"


class ReadyMade(nn.Module):
    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__()
        self.inner = getattr(nn, "Multihead" + "Attention")(d_model, heads, batch_first=True)

    def forward(self, query: Any, key: Any, value: Any, mask: Any = None) -> Any:
        return self.inner(query, key, value)


class TwoProjections(nn.Module):
    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__()
        self.q_proj, self.k_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)


class OneNumber(nn.Module):
    def __init__(self, *sizes: Any, **named: Any) -> None:
        super().__init__()
        self.context = 9

    def forward(self, ids: Any, *rest: Any) -> Any:
        return torch.zeros(3)


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("09.scaled_dot_product_attention", lambda q, k, v, mask=None: q, "(out, weights); yours is one tensor"),
        ("09.MultiHeadAttention", ReadyMade, "There is an nn.MultiheadAttention inside"),
        ("09.MultiHeadAttention", TwoProjections, "there is no parameter v_proj.weight"),
        ("09.MultiHeadAttention", lambda d_model, heads: 3, "should be an nn.Module; yours is a int"),
        ("09.TransformerBlock", OneNumber, "no MultiHeadAttention inside"),
        ("09.TinyGPT", OneNumber, "should give one tensor of logits"),
        ("09.generate", lambda model, ids, *rest: ids[0], "Expected ids of shape (N, T + steps)"),
        ("09.milestone_pronounce", lambda *given: 3, "return the trained model"),
        ("09.milestone_pronounce", lambda *given: OneNumber(), "into logits"),
    ],
)
def test_an_answer_of_the_wrong_kind_gets_a_sentence(exercise: str, answer: Any, words: str) -> None:
    result = run(get(exercise), (answer,), 0)
    assert result.score == 0
    assert result.failure is not None
    assert words in result.failure.verdict.sentence


def borrows_the_function(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


class BorrowsTheLayer(nn.Module):
    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__()
        self.inner = nn.TransformerEncoderLayer(d_model, heads)


@pytest.mark.parametrize("answer", [borrows_the_function, BorrowsTheLayer])
def test_what_pytorch_has_ready_made_is_forbidden_and_our_own_answers_are_free_of_it(answer: Any) -> None:
    for name in ("scaled_dot_product_attention", "MultiHeadAttention", "TransformerBlock", "TinyGPT"):
        exercise = get(f"09.{name}")
        assert forbidden_uses((answer,), exercise.forbidden)
        assert not [v for v in variants_of(exercise.id).VARIANTS if forbidden_uses((v,), exercise.forbidden)]


def an_answer(exercise: str, name: str) -> Any:
    return next(v for v in variants_of(exercise).VARIANTS if v.__name__ == name)


class CutsTheAttentionOff(an_answer("09.TransformerBlock", "with_relu")):  # type: ignore[misc]
    def forward(self, x: Any, mask: Any = None) -> Any:
        y = self.ln_1(x.detach())
        x = x + self.attn(y, y, y, mask)[0]
        return x + self.down(F.relu(self.up(self.ln_2(x))))


class CutsTheKeysOff(an_answer("09.MultiHeadAttention", "with_einsum")):  # type: ignore[misc]
    def forward(self, query: Any, key: Any, value: Any, mask: Any = None) -> Any:
        return super().forward(query, key.detach(), value, mask)


class CutsAllOff(an_answer("09.TinyGPT", "tied_with_sinusoids")):  # type: ignore[misc]
    def forward(self, ids: Any) -> Any:
        return super().forward(ids).detach()


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("09.TransformerBlock", CutsTheAttentionOff, "the gradient for x is not"),
        ("09.MultiHeadAttention", CutsTheKeysOff, "no gradient comes back to key"),
        ("09.TinyGPT", CutsAllOff, "no gradient comes back from them"),
    ],
)
def test_right_numbers_through_which_no_gradient_comes_are_refused(exercise: str, answer: Any, words: str) -> None:
    result = run(get(exercise), (answer,), 0)
    assert result.score < 0.5
    assert result.failure is not None
    assert words in result.failure.verdict.sentence


def test_a_gpt_that_leaks_a_little_is_caught_whatever_its_size() -> None:
    leak = next(m for m in get("09.TinyGPT").mistakes if m.__name__ == "sees_one_step_ahead")
    for seed in range(3):
        exercise = get("09.TinyGPT")
        for case in cases_for(exercise, seed):
            verdict = exercise.judge(case, observe(exercise.probe, (leak,), case.args, case.kwargs))  # type: ignore[misc]
            assert verdict.symptom == "one ahead"
