# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 · Attention
#
# **The question of this chapter: how is "ough" said? In *though*, *through*, *tough*, *cough* and *bough* it is five different sounds. To say a letter you must look at other letters, sometimes far away, and which ones depends on the word. How can a network learn *where to look*?**
#
# By the end you will have written attention, the block that is stacked in every large language model, and a small GPT made of it. It will invent sentences in the manner of Jane Austen, and it will pronounce English words that it has never seen; you will watch which letters it looks at while it speaks, and ask how far that picture can be trusted.
#
# Plan for four to five hours, in as many sittings as you like. Everything is PyTorch as in [chapter 06](../06_pytorch/06_pytorch.ipynb); section 6 and the milestone go on from [chapter 08](../08_rnn/08_rnn.ipynb). Every exercise can be skipped and picked up later. Symbols are on the [notation page](../notation.ipynb). When even the last hint does not help, all answers are in the course's `solutions/` folder.

# %%
import functools
import math
import time

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.colors import PowerNorm
from torch import nn
from tqdm.auto import tqdm

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import LETTERS, PHONEMES, load_austen, load_cmudict
from dlcourse_utils.device import device_name, pick_device
from dlcourse_utils.figures.attention import attention_weights, draw_maps

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# The trainings below run on the CPU in about half a minute each. With a GPU the same cells take larger settings. This is the one place where that is decided; write `pick_device("cpu")` to stay on the CPU.

# %%
device = pick_device()
large = device.type == "cuda"
WORDS, SPEAK_STEPS = (80_000, 6000) if large else (40_000, 800)  # the pronouncer
AUSTEN_CONTEXT, AUSTEN_WIDTH, AUSTEN_STEPS = (256, 256, 3000) if large else (32, 64, 1000)  # the writer
print(f"running on {device_name(device)}")

# %% [markdown]
# The dictionary of Carnegie Mellon University lists 126,052 words with their sounds, the *phonemes* (some words with two or three ways to say them): K is the first sound of *kin*, CH of *chin*, S of *sin*, SH of *shin*. Two-letter names with a vowel are vowels: AE as in *man*, IY as in *see*.
#
# **Predict, then run.** Before you run the cell: how many different sounds will a "c" at the beginning of these words have? And which letter decides each time?

# %%
dictionary = load_cmudict()
spoken = dictionary.words(3, 8)  # 84,377 words of 3 to 8 letters
for word in ["cat", "city", "chat", "chef", "czar", "though", "through", "tough", "cough", "bough"]:
    print(f"{word:8}", *spoken[word])

# %% [markdown]
# The letter after the "c" decides, except where the *whole word* does: chat is English, chef is French. And "ough" is settled by what stands before it.
#
# Chapter 08's network would read the word letter by letter and squeeze it into one state; then, while speaking, it would have to unpack everything from there. A person does something else: looks back at the spelling, each time at the letters that matter now. That is **attention**.

# %% [markdown]
# ## 1 · A soft look-up
#
# A Python dict looks up exactly: the query must equal a key, and you get that key's value. Attention makes this soft. A **query** q is compared with *every* **key** k by a dot product; the softmax turns the scores into shares that sum to one; and what comes back is the **values** v, mixed in these shares:
#
# $$\text{out} = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt d}\right) V$$
#
# Shapes, for T_q queries and T_k keys of length d, and values of length d_v:
#
# ```
# q (…, Tq, d)   k (…, Tk, d)   →   scores, weights (…, Tq, Tk): one row for each query
# weights (…, Tq, Tk) @ v (…, Tk, dv)   →   out (…, Tq, dv)
# ```
#
# Nothing in it is learned yet, and every step has a slope, so gradients flow into q, k and v.

# %% [markdown]
# Why divide by √d? **Predict, then run.** Queries and keys are random, each number with spread 1, ten keys to choose from. How large is the largest of the ten weights, on average, for d = 4 and for d = 256? First without the division, then with it.

# %%
lengths_d = [1, 4, 16, 64, 256, 1024]
largest = {"no division": [], "divided by √d": []}
for d in lengths_d:
    generator = torch.Generator().manual_seed(0)
    q, k = torch.randn(400, 1, d, generator=generator), torch.randn(400, 10, d, generator=generator)
    scores = (q * k).sum(dim=-1)  # (400, 10): 400 queries with ten keys each
    for name, divisor in (("no division", 1.0), ("divided by √d", math.sqrt(d))):
        largest[name].append(F.softmax(scores / divisor, dim=1).max(dim=1).values.mean().item())
fig, ax = plt.subplots(figsize=(6.5, 2.9))
ax.semilogx(lengths_d, largest["no division"], "ks--", label="no division")
ax.semilogx(lengths_d, largest["divided by √d"], "C0o-", label="divided by √d")
ax.axhline(0.1, color="0.6", linestyle=":")
ax.text(1024, 0.12, "all ten alike", ha="right", fontsize=8)
ax.set(title="The largest of ten weights", xlabel="d, the length of queries and keys", ylabel="mean of the largest", ylim=(0, 1.05))
ax.set_xticks(lengths_d, lengths_d)
ax.legend(fontsize=8)
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* at 1 a query takes everything from one key. A sum of d random products has the spread √d, so without the division the softmax of long vectors is a hard choice from the first step on, made by chance. And a softmax that is sure has almost no slope: nothing could be learned from it. Divided by √d, the weights start soft at every length.

# %% [markdown]
# ### 09.scaled_dot_product_attention · A soft look-up
#
# ●●○ · about 15 minutes · 2 points · the heart of the chapter
#
# Write `scaled_dot_product_attention(q, k, v, mask=None)` for torch tensors with any leading axes. Return the pair `(out, weights)`.
#
# `mask`, where given, is bool and broadcastable to the weights' shape; **True = may attend**. (PyTorch's `nn.MultiheadAttention` has it the other way round. Both habits are common; in this course True always means yes.) Where it is False the weight must be 0, and the rest of the row must still sum to 1. A query that may look at nothing gets zeros or any finite numbers, but no NaN.
#
# PyTorch has this ready-made in several forms. In this chapter's exercises they are off limits; the check says so when it meets one. *Stuck? Run `hint("09.scaled_dot_product_attention")` in a cell of its own. Moving on is fine; section 3 will want it.*

# %% nbgrader={"grade": false, "grade_id": "09-scaled_dot_product_attention", "locked": false, "schema_version": 3, "solution": true}
def scaled_dot_product_attention(q, k, v, mask=None):
    """Each query's weighted mean of the values.

    q: (…, Tq, d). k: (…, Tk, d). v: (…, Tk, dv). mask: bool, broadcastable to (…, Tq, Tk), True = may attend.
    Returns (out (…, Tq, dv), weights (…, Tq, Tk)); the rows of the weights sum to one.
    """
    ### BEGIN SOLUTION
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    weights = torch.softmax(scores, dim=-1)
    return weights @ v, weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-scaled_dot_product_attention-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("09.scaled_dot_product_attention", scaled_dot_product_attention)

# %% [markdown]
# **Predict, then run.** Eight keys are the directions north, north-east, east …; their values are just their names. A query asks for "between north and north-east, a little closer to north". First it whispers (length 1), then it shouts (length 30). What will the weights look like?

# %%
names = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
turns = torch.arange(8) * (2 * math.pi / 8)
compass = torch.stack([torch.sin(turns), torch.cos(turns)], dim=1)  # (8, 2)
asked = torch.tensor([math.sin(0.3), math.cos(0.3)])  # 17 degrees east of north
with needs("09.scaled_dot_product_attention"):
    queries = torch.stack([asked, 5 * asked, 30 * asked])  # (3, 2)
    _, shares = scaled_dot_product_attention(queries, compass, torch.eye(8))
    print("length  " + "".join(f"{name:>6}" for name in names))
    for length, row in zip([1, 5, 30], shares, strict=True):
        print(f"{length:6}  " + "".join(f"{share:6.2f}" for share in row.tolist()))

# %% [markdown]
# A whisper asks everybody and mixes; a shout finds the one nearest key, like a dict. A network can learn any degree in between, for every query anew, by the lengths that it gives its vectors.
#
# ## 2 · Who may look where
#
# Two masks appear again and again. A model that *writes* may not look at what has not been written yet: position t sees the positions 0 … t. And a batch of sequences of different lengths is padded on the right, as in chapter 08; nobody should look at padding.

# %% [markdown]
# ### 09.causal_mask · No looking ahead
#
# ●○○ · about 4 minutes · 1 point · without it a language model learns nothing
#
# Write `causal_mask(t)`: a bool tensor (t, t), row = the position that looks, column = the one that is looked at, True = may attend. Each position sees itself and all before it.
#
# *Stuck? `hint("09.causal_mask")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "09-causal_mask", "locked": false, "schema_version": 3, "solution": true}
def causal_mask(t):
    """Let each of t positions see itself and those before it: (t, t) bool, True = may attend."""
    ### BEGIN SOLUTION
    return torch.tril(torch.ones(t, t, dtype=torch.bool))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-causal_mask-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("09.causal_mask", causal_mask)

# %% [markdown]
# ### 09.padding_mask · No looking at nothing
#
# ●○○ · about 4 minutes · 1 point · wherever sequences differ in length
#
# Write `padding_mask(lengths, t)`: `lengths` is an int64 tensor (N,), and row i of the result (N, t) is True at its first `lengths[i]` positions. t may exceed the longest length. Attention takes it as `padding_mask(lengths, t)[:, None, None, :]`: the same for every head and every query.
#
# *Stuck? `hint("09.padding_mask")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "09-padding_mask", "locked": false, "schema_version": 3, "solution": true}
def padding_mask(lengths, t):
    """Mark what is real: lengths (N,) int64 → (N, t) bool, True on the first lengths[i] positions of row i."""
    ### BEGIN SOLUTION
    return torch.arange(t, device=lengths.device) < lengths[:, None]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-padding_mask-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("09.padding_mask", padding_mask)

# %% [markdown]
# **Predict, then run.** All scores are equal here, so each query spreads itself evenly over what it may see. Sketch the four pictures for a sequence of 6 with two padded places: no mask, causal, padding, both. What does the first row of each sum to?

# %%
with needs("09.scaled_dot_product_attention", "09.causal_mask", "09.padding_mask"):
    alike, real = torch.zeros(6, 2), padding_mask(torch.tensor([4]), 6)  # real: (1, 6)
    masks = {"no mask": None, "causal": causal_mask(6), "padding": real, "both": causal_mask(6) & real}
    shown = torch.stack([scaled_dot_product_attention(alike, alike, alike, mask)[1] for mask in masks.values()])
    draw_maps(shown, range(6), range(6), masks, numbers=True)
    plt.show()

# %% [markdown]
# *How to read this:* each row is one position that looks, each column one that is looked at; darker is more, and every row sums to 1. Masks combine with `&`. In the last picture the two padded positions at the bottom still look; nobody reads what they find.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** A colleague sets the forbidden weights to 0 *after* the softmax. What is wrong with the result, and would a causal language model trained that way see the future?
#
# <details><summary>Answer</summary>
#
# The rows no longer sum to one: a position that sees little gets a weak answer. And yes, a trace of the future leaks: the softmax's denominator contains the forbidden scores, so what remains of the weights depends on them. Mask the *scores*, before the softmax.
#
# </details>

# %% [markdown]
# ## 3 · Several looks at once
#
# So far queries and keys were given. Now they are *made*, by learned linear layers, out of the vectors of a sequence: x W_q asks, x W_k is found, x W_v is handed over. When queries, keys and values come from the same sequence, this is **self-attention**.
#
# One softmax is one look. To say a "c" one may want two: the next letter, and the end of the word. So the d_model numbers are cut into `heads` pieces of d_head = d_model / heads, each head looks for itself with its own piece, and a last layer mixes what they found:
#
# ```
# query (N, Tq, d_model) → q_proj → (N, Tq, d_model) → (N, heads, Tq, d_head)     key, value likewise, with Tk
# attention in every head: out (N, heads, Tq, d_head), weights (N, heads, Tq, Tk)
# (N, heads, Tq, d_head) → (N, Tq, heads · d_head) = (N, Tq, d_model) → out_proj → out
# ```
#
# Head 0 gets the first d_head numbers of each position, head 1 the next, and so on.

# %% [markdown]
# ### 09.MultiHeadAttention · Several looks at once
#
# ●●● · about 30 minutes · 3 points · the layer that the rest is built around
#
# Write the module `MultiHeadAttention(d_model, heads)` with four layers `q_proj`, `k_proj`, `v_proj`, `out_proj`, each `nn.Linear(d_model, d_model)`. `forward(query, key, value, mask=None)` takes (N, T, d_model) tensors and returns `(out, weights)` with weights (N, heads, Tq, Tk). key and value may be longer or shorter than query. The mask is handed on to your attention.
#
# The check copies weights into your layers and compares with `nn.MultiheadAttention`, number by number. Cutting into heads is where nearly everybody slips once: the shapes can be right while the numbers of different *time steps* are mixed. *Stuck? `hint("09.MultiHeadAttention")`. Moving on is fine; the block will want it.*

# %% nbgrader={"grade": false, "grade_id": "09-MultiHeadAttention", "locked": false, "schema_version": 3, "solution": true}
class MultiHeadAttention(nn.Module):
    """Attention in several heads, between linear layers.

    forward(query (N, Tq, d_model), key (N, Tk, d_model), value (N, Tk, d_model), mask=None)
    → (out (N, Tq, d_model), weights (N, heads, Tq, Tk)). mask: bool, broadcastable to the weights, True = may attend.
    """

    def __init__(self, d_model, heads):
        super().__init__()
        ### BEGIN SOLUTION
        self.heads = heads
        self.q_proj, self.k_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.v_proj, self.out_proj = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        ### END SOLUTION

    def forward(self, query, key, value, mask=None):
        ### BEGIN SOLUTION
        def split(x):  # (N, T, d_model) → (N, heads, T, d_head)
            return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

        q, k, v = split(self.q_proj(query)), split(self.k_proj(key)), split(self.v_proj(value))
        out, weights = scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(out.transpose(1, 2).reshape(query.shape)), weights
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-MultiHeadAttention-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("09.MultiHeadAttention", MultiHeadAttention)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** d_model is 64. How many weights and biases has the layer with 1 head, and with 8? What do more heads cost, then?
#
# <details><summary>Answer</summary>
#
# 4 · (64 · 64 + 64) = 16,640 in both cases: heads share the same four layers out among themselves. What they cost is precision of each look: with 8 heads a query has only 8 numbers to say what it is looking for.
#
# </details>

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "A Transformer reads the words in their order."
#
# An experiment with your layer: let it look at five vectors, then at the same five in another order.
#
# **Predict, then run.** How does the output at each place change when the input is shuffled?

# %%
with needs("09.scaled_dot_product_attention", "09.MultiHeadAttention"):
    torch.manual_seed(0)
    layer, sequence = MultiHeadAttention(16, 4), torch.randn(1, 5, 16)
    order = torch.tensor([3, 0, 4, 1, 2])
    with torch.no_grad():
        straight, _ = layer(sequence, sequence, sequence)
        shuffled, _ = layer(*[sequence[:, order]] * 3)
    print(f"largest difference between output(shuffled) and output shuffled: {(shuffled - straight[:, order]).abs().max():.0e}")
    print(f"mean over the sequence, before {straight.mean(dim=1)[0, :3].numpy().round(4)} and after {shuffled.mean(dim=1)[0, :3].numpy().round(4)}")

# %% [markdown]
# Every output is the one it was before, to the last digit that a float holds; it has merely moved along with its input. To attention a sequence is a *set*: "dog bites man" and "man bites dog" are one and the same. The order is not read, it has to be **written into the vectors**.
#
# ## 4 · Where am I?
#
# The idea of 2017: give every position a pattern of its own and add it to the token's vector. The pattern is a row of clocks. Pair i of the columns is a pointer (sine, cosine) that turns by the angle $10000^{-2i/d}$ with each position: the first pair fast, the last so slowly that it hardly moves in a whole book.
#
# $$P[p, 2i] = \sin\!\left(p \cdot 10000^{-2i/d}\right) \qquad P[p, 2i+1] = \cos\!\left(p \cdot 10000^{-2i/d}\right)$$

# %% [markdown]
# ### 09.sinusoidal_positions · Where am I?
#
# ●○○ · about 10 minutes · 1 point · one of several ways; the GPT below may learn its own instead
#
# Write `sinusoidal_positions(t, d)`: a float tensor (t, d) for the positions 0 … t − 1, d even. Sines in the even columns, cosines in the odd ones, both of a pair with the same angle.
#
# *Stuck? `hint("09.sinusoidal_positions")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "09-sinusoidal_positions", "locked": false, "schema_version": 3, "solution": true}
def sinusoidal_positions(t, d):
    """A pattern for each of t positions: (t, d), sine and cosine taking turns. d is even."""
    ### BEGIN SOLUTION
    angles = torch.arange(t)[:, None] * 10_000 ** (-2 * torch.arange(d // 2) / d)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-sinusoidal_positions-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("09.sinusoidal_positions", sinusoidal_positions)

# %% [markdown]
# **Predict, then run.** On the right is the dot product of every position's pattern with every other one: what attention sees of them. Which positions will look most alike? Does it matter whether they stand at the beginning or at the end?

# %%
with needs("09.sinusoidal_positions"):
    table = sinusoidal_positions(60, 32)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.3), width_ratios=[1.1, 1])
    first = left.imshow(table, aspect="auto", cmap="PuOr", vmin=-1, vmax=1)
    fig.colorbar(first, ax=left, label="value")
    left.set(title="The patterns", xlabel="column", ylabel="position")
    second = right.imshow(table @ table.T, cmap="Greys")
    fig.colorbar(second, ax=right, label="dot product")
    right.set(title="How alike two positions are", xlabel="position", ylabel="position")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* on the left each row is a position: fast clocks on the left, slow ones on the right. On the right the dark band along the diagonal says that neighbours look alike, and the same everywhere: the dot product depends only on the *distance*, since sin a sin b + cos a cos b = cos(a − b). "Look three places back" can thus be one habit, learned once.
#
# Nobody is bound to this table. One may as well *learn* a vector for each position, or turn queries and keys themselves (RoPE, in most models today; the same cosine again).

# %% [markdown]
# ## 5 · A block to stack
#
# Attention moves information *between* positions. A small MLP then works on each position *by itself*. Together they are a **block**, and each part of it is wrapped in two things that you know:
#
# - a **shortcut** as in chapter 07: x + f(x). The block corrects what it was given, and the gradient has a straight way home.
# - a **layer norm** as in chapter 05, at the entrance of each part (*pre-norm*):
#
# $$x \leftarrow x + \mathrm{attention}(\mathrm{norm}_1(x)) \qquad\qquad x \leftarrow x + \mathrm{mlp}(\mathrm{norm}_2(x))$$
#
# What travels along the shortcuts is never normalised: a stream, from which every block reads and to which every block adds.

# %% [markdown]
# ### 09.TransformerBlock · A block to stack
#
# ●●○ · about 12 minutes · 2 points · large language models are a hundred of these
#
# Write the module `TransformerBlock(d_model, heads)`; `forward(x, mask=None)` takes and returns (N, T, d_model). Inside: your `MultiHeadAttention`, two `nn.LayerNorm(d_model)`, and an MLP of two linear layers, d_model → 4 · d_model → d_model, with GELU between them (ReLU is as right). No dropout.
#
# *Stuck? `hint("09.TransformerBlock")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "09-TransformerBlock", "locked": false, "schema_version": 3, "solution": true}
class TransformerBlock(nn.Module):
    """Self-attention, then an MLP, each behind a layer norm and beside a shortcut.

    forward(x (N, T, d_model), mask=None) → (N, T, d_model). mask: bool, True = may attend.
    """

    def __init__(self, d_model, heads):
        super().__init__()
        ### BEGIN SOLUTION
        self.attention = MultiHeadAttention(d_model, heads)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.mlp = nn.Sequential(nn.Linear(d_model, 4 * d_model), nn.GELU(), nn.Linear(4 * d_model, d_model))
        ### END SOLUTION

    def forward(self, x, mask=None):
        ### BEGIN SOLUTION
        h = self.norm1(x)
        x = x + self.attention(h, h, h, mask)[0]
        return x + self.mlp(self.norm2(x))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-TransformerBlock-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("09.TransformerBlock", TransformerBlock)

# %% [markdown]
# What are the shortcuts worth? Twelve positions start out as different random vectors and pass through 12 attention layers, freshly initialised. Once each layer's result is *added* to what came in, once it *replaces* it.
#
# **Predict, then run.** How different will the twelve positions still be from each other after each layer? Draw both lines.

# %%
def spread_by_depth(layers, shortcuts):
    """How far the positions are from their common mean, as a share of their length, after each layer."""
    x, shares = torch.randn(1, 12, 32, generator=torch.Generator().manual_seed(1)), []
    for layer in layers:
        h = F.layer_norm(x, (32,))
        x = layer(h, h, h)[0] + (x if shortcuts else 0)
        shares.append(((x - x.mean(dim=1, keepdim=True)).norm() / x.norm()).item())
    return shares


with needs("09.scaled_dot_product_attention", "09.MultiHeadAttention"), torch.no_grad():
    torch.manual_seed(0)
    tower = [MultiHeadAttention(32, 4) for _ in range(12)]
    added, replaced = spread_by_depth(tower, True), spread_by_depth(tower, False)
    fig, ax = plt.subplots(figsize=(7, 2.9))
    ax.semilogy(range(1, 13), added, "C0o-", markersize=4, label="x + attention(x)")
    ax.semilogy(range(1, 13), replaced, "ks--", markersize=4, label="attention(x)")
    ax.set(title="What is left of the differences between positions", xlabel="layers passed", ylabel="share of the length")
    ax.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* 1 means that the positions have nothing in common, 10⁻⁷ that they differ by no more than rounding. Every look is a mean, and means of means are soon all the same: without the shortcut, three layers are enough to forget who is who (Dong and others 2021), and where all positions are alike no gradient can tell them apart. With it, each keeps what it was and adds what it has seen.

# %% [markdown]
# ## 6 · A small GPT
#
# Now put everything together. Token ids become vectors, positions are added, `layers` blocks with the causal mask follow, a last norm, and a linear layer to one logit for each entry of the vocabulary:
#
# ```
# ids (N, T) → tokens + positions (N, T, d_model) → block → block → … → norm → head → logits (N, T, V)
# ```
#
# At every position at once it says what comes next. That is why it trains so fast: T forecasts from one pass and no walk through time. Its size aside, this is what GPT-2 is.

# %% [markdown]
# ### 09.TinyGPT · A small GPT
#
# ●●● · about 25 minutes · 3 points · the model of the rest of the chapter
#
# Write the module `TinyGPT(vocab, context, d_model, heads, layers)`. `context` is the longest text it can take; keep it as an attribute `context`. `forward(ids)` takes (N, T) int64 ids with any T ≤ context and returns logits (N, T, vocab). Positions: an `nn.Embedding(context, d_model)` or your sinusoids, as you like.
#
# The check asks for properties. The most important one: **changing token t + 1 must not change any logit at positions ≤ t.** *Stuck? `hint("09.TinyGPT")`. Moving on is fine; the milestone will want it.*

# %% nbgrader={"grade": false, "grade_id": "09-TinyGPT", "locked": false, "schema_version": 3, "solution": true}
class TinyGPT(nn.Module):
    """A language model made of transformer blocks.

    vocab: number of ids. context: the longest text. forward(ids (N, T)) → logits (N, T, vocab), for T ≤ context.
    """

    def __init__(self, vocab, context, d_model, heads, layers):
        super().__init__()
        ### BEGIN SOLUTION
        self.context = context
        self.tokens, self.positions = nn.Embedding(vocab, d_model), nn.Embedding(context, d_model)
        self.blocks = nn.ModuleList(TransformerBlock(d_model, heads) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(d_model), nn.Linear(d_model, vocab)
        ### END SOLUTION

    def forward(self, ids):
        ### BEGIN SOLUTION
        T = ids.shape[1]
        x = self.tokens(ids) + self.positions(torch.arange(T, device=ids.device))
        mask = causal_mask(T).to(ids.device)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-TinyGPT-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("09.TinyGPT", TinyGPT)

# %% [markdown]
# **Predict, then run.** An untrained GPT reads the 12 ids 0 … 11. For every position we change the token there and measure how far the logits at *every* position move. Draw the picture: rows are the token that was changed, columns where the logits are read. Where is it exactly zero?

# %%
with needs("09.scaled_dot_product_attention", "09.causal_mask", "09.MultiHeadAttention", "09.TransformerBlock", "09.TinyGPT"):
    torch.manual_seed(0)
    fresh, text = TinyGPT(20, 12, 32, 4, 2), torch.arange(12)
    versions = text.repeat(12, 1)
    versions.fill_diagonal_(19)  # row t: the text with token t changed
    with torch.no_grad():
        moved = (fresh(versions) - fresh(text[None])).norm(dim=-1)  # (12, 12)
    fig, ax = plt.subplots(figsize=(4.4, 3.4))
    fig.colorbar(ax.imshow(moved, cmap="Greys", norm=PowerNorm(0.4)), label="how far the logits move")
    ax.set(xticks=range(12), yticks=range(12))
    ax.set(title="What a changed token moves", xlabel="logits at position", ylabel="token changed")
    fig.tight_layout()
    plt.show()
    print("largest change at an earlier position:", moved.tril(-1).max().item())

# %% [markdown]
# *How to read this:* dark on the diagonal, since a token matters most for its own forecast; pale grey to the right, the later positions that read it (small numbers are darkened here, to be seen at all); and white to the left, exactly 0: nothing that comes later can change what was said before. This picture is the whole licence to train on all positions at once.

# %% [markdown]
# ### 09.generate · Writing
#
# ●●○ · about 12 minutes · 2 points · how every GPT writes
#
# Write `generate(model, ids, steps, temperature, top_k, generator)`: ids (N, T) are N prompts; append `steps` new ids to each and return (N, T + steps). For each new id: show the model the **latest `model.context` ids**, take the logits of the last position, divide by the temperature, keep only the `top_k` largest of each row (`None` keeps all, and top_k is at most V), and draw from the softmax with `torch.multinomial(…, generator=generator)`, each row for itself.
#
# Unlike chapter 08's `sample_text` there is no state to hand on: the model reads everything again for each new id. *Stuck? `hint("09.generate")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "09-generate", "locked": false, "schema_version": 3, "solution": true}
@torch.no_grad()
def generate(model, ids, steps, temperature, top_k, generator):
    """Let a model go on writing.

    ids: (N, T) prompts. top_k: how many ids may be drawn, None for all. generator: torch.Generator.
    Returns (N, T + steps): prompts and new ids.
    """
    ### BEGIN SOLUTION
    for _ in range(steps):
        logits = model(ids[:, -model.context :])[:, -1] / temperature
        if top_k is not None:
            least = torch.topk(logits, top_k).values[:, -1:]
            logits = logits.masked_fill(logits < least, -math.inf)
        new = torch.multinomial(torch.softmax(logits, dim=-1), 1, generator=generator)
        ids = torch.cat([ids, new], dim=1)
    return ids
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-generate-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("09.generate", generate)

# %% [markdown]
# Your GPT and *Pride and Prejudice*: every stretch of 32 characters is a training example with 32 forecasts in it. The learning rate rises over the first 50 steps (attention is easily thrown off its feet while it is young) and then falls along a cosine, as in chapter 04. The last tenth of the book is held out.
#
# **Predict, then run.** Chapter 08's GRU took about 2 bits per character, after reading the book two and a half times. This model trains for a third of a minute, on a million characters, and cannot see further back than 32 of them. Will it be ahead or behind?

# %%
def rate_at(step, steps, peak=5e-3):
    """A learning rate that warms up over 50 steps and falls to nearly 0 along a cosine."""
    return peak * min((step + 1) / 50, 0.5 * (1 + math.cos(math.pi * step / steps)))


def bar(*args):
    """A progress bar over range(*args), gone when it is done."""
    return tqdm(range(*args), leave=False)


novel = " ".join("\n".join(load_austen().chapters).split())  # one long line
characters = sorted(set(novel))
novel_ids = torch.tensor([characters.index(c) for c in novel])
cut = int(0.9 * len(novel))
print(f"{len(novel):,} characters, {len(characters)} different ones")

# %% tags=["demo"]
def excerpts(ids, count, length, generator):
    """Draw `count` stretches of the text: inputs and the same shifted by one, (count, length) each."""
    starts = torch.randint(len(ids) - length, (count, 1), generator=generator)
    window = ids[starts + torch.arange(length + 1)].to(device)
    return window[:, :-1], window[:, 1:]


with needs("09.scaled_dot_product_attention", "09.causal_mask", "09.MultiHeadAttention", "09.TransformerBlock", "09.TinyGPT", "09.generate"):
    torch.manual_seed(0)
    drawing = torch.Generator().manual_seed(0)
    writer = TinyGPT(len(characters), AUSTEN_CONTEXT, AUSTEN_WIDTH, 4, 2).to(device)
    adam = torch.optim.Adam(writer.parameters())
    start = time.perf_counter()
    for step in bar(AUSTEN_STEPS):
        adam.param_groups[0]["lr"] = rate_at(step, AUSTEN_STEPS)
        read, following = excerpts(novel_ids[:cut], 32, AUSTEN_CONTEXT, drawing)
        surprise = F.cross_entropy(writer(read).flatten(0, 1), following.flatten())
        writer.zero_grad()
        surprise.backward()
        adam.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        read, following = excerpts(novel_ids[cut:], 300, AUSTEN_CONTEXT, drawing)
        price = F.cross_entropy(writer(read).transpose(1, 2), following, reduction="none").mean(dim=0).cpu() / math.log(2)
    print(f"{price.mean():.2f} bits per character on held-out pages ({price[AUSTEN_CONTEXT // 2 :].mean():.2f} in the second half of a stretch), {seconds:.0f} seconds")
    opening = torch.tensor([[characters.index(c) for c in "It is a truth universally "]], device=device)
    for temperature, top_k in [(0.3, None), (0.8, None), (0.8, 5)]:
        written = generate(writer, opening, 200, temperature, top_k, torch.Generator(device).manual_seed(1))
        print(f"\ntemperature {temperature}, top_k {top_k}\n  {''.join(characters[i] for i in written[0].tolist())}")

# %% [markdown]
# Behind, for now. A million characters in twenty seconds teach it spelling and quotation marks and not much more. Nor can it see further back than its 32 characters, and the first ones of every stretch have hardly anything to look at. What attention is good at is not squeezed out of so little text. The next section gives it a task where looking is everything.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** How much work does attention do on a text of T tokens compared with one of T/2? And an RNN? Which of the two can compute all its time steps side by side?
#
# <details><summary>Answer</summary>
#
# The table of weights has T · T entries, so twice the text is four times the work there (the linear layers only double). An RNN's work doubles. But the RNN must walk: step t waits for step t − 1. Attention does all positions at once, which is what graphics cards like, and the way from any token to any other is one step long.
#
# </details>

# %% [markdown]
# ## 7 · Say it
#
# Back to the question. A word and its pronunciation become one sequence: the letters, a sign that says "now speak", the sounds, an end.
#
# ```
# inputs    c    h    a    t  <say>  CH   AE   T
# targets                      CH   AE   T  <end>
# ```
#
# The model reads the letters and forecasts the sounds, nothing else: the loss looks only where `mask` is True. It is the GPT that you have, without any part made for this task. 1,000 words are held out; they are judged by the **phoneme error rate**: how many sounds must be replaced, inserted or deleted to mend what was said, as a share of all sounds.

# %%
PAD, END, SAY = 0, 1, 2
TOKENS = ["<pad>", "<end>", "<say>", *LETTERS, *PHONEMES]  # 68 of them
TOKEN_ID = {token: i for i, token in enumerate(TOKENS)}
LONGEST = max(len(spelling) + len(sounds) for spelling, sounds in spoken.items()) + 2


def as_sequences(words):
    """Spellings as (ids (M, LONGEST) int64, mask (M, LONGEST) bool: True on the sounds and <end>)."""
    ids = np.zeros((len(words), LONGEST), dtype=np.int64)
    mask = np.zeros((len(words), LONGEST), dtype=bool)
    for row, word in enumerate(words):
        tokens = [TOKEN_ID[t] for t in [*word, "<say>", *spoken[word], "<end>"]]
        ids[row, : len(tokens)] = tokens
        mask[row, len(word) + 1 : len(tokens)] = True
    return torch.tensor(ids), torch.tensor(mask)


def masked_cross_entropy(logits, targets, mask):
    """Mean cross-entropy over the real tokens, as in chapter 08."""
    return F.cross_entropy(logits[mask], targets[mask])


shuffled_words = np.random.default_rng(0).permutation(sorted(spoken)).tolist()
test_words, train_words = shuffled_words[:1000], shuffled_words[1000 : 1000 + WORDS]
train_ids, train_mask = as_sequences(train_words)
row = train_ids[0].tolist()
print(*[TOKENS[i] for i in row])
print("the loss looks at", *[TOKENS[i] for i, real in zip(row, train_mask[0].tolist(), strict=True) if real])

# %% [markdown]
# ### 09.milestone_pronounce · Milestone: say it
#
# ●●● · about 25 minutes · 3 points · from spelling to sound, with everything above
#
# Write `train_pronouncer(ids, mask, vocab, steps, seed, device="cpu", progress=range)`. ids and mask are as above, (M, C). Return a trained model in evaluation mode that gives logits (N, T, vocab) for ids (N, T). The same seed must give the same model, another seed another one. Loop with `for step in progress(steps)`.
#
# What works here: `TinyGPT(vocab, C, 64, 4, 2)`; in each step 128 random rows, the learning rate set to `rate_at(step, steps)`, `masked_cross_entropy`, and Adam. Inputs are all tokens but the last, targets all but the first, and the mask belongs to the targets.
#
# **To reach:** the check makes a little language up, in which a letter's sound may depend on the letter after it, trains for 120 steps on 700 words, and asks for 65 % of the sounds of other words. *Stuck? `hint("09.milestone_pronounce")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "09-milestone_pronounce", "locked": false, "schema_version": 3, "solution": true}
def train_pronouncer(ids, mask, vocab, steps, seed, device="cpu", progress=range):
    """Train a GPT to go on from a spelling with its sounds.

    ids: (M, C) int64. mask: (M, C) bool, True where a token is to be forecast. Returns the model, in evaluation mode.
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    model = TinyGPT(vocab, ids.shape[1], 64, 4, 2).to(device)
    optimizer = torch.optim.Adam(model.parameters())
    ids, mask = ids.to(device), mask.to(device)
    for step in progress(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps)
        batch = torch.randint(len(ids), (128,))
        logits = model(ids[batch, :-1])
        loss = masked_cross_entropy(logits, ids[batch, 1:], mask[batch, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "09-milestone_pronounce-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("09.milestone_pronounce", train_pronouncer)

# %% [markdown]
# **Predict, then run.** 40,000 words once or twice, about half a minute. Of 100 sounds of words that it has never seen, how many will it get wrong? (Your own guess at *Nguyen* counts.)

# %% tags=["demo"]
def edits(said, right):
    """The least number of replaced, inserted and deleted sounds between two sequences (Levenshtein 1965)."""
    costs = list(range(len(right) + 1))
    for i, sound in enumerate(said, start=1):
        diagonal, costs[0] = costs[0], i
        for j, other in enumerate(right, start=1):
            diagonal, costs[j] = costs[j], min(costs[j] + 1, costs[j - 1] + 1, diagonal + (sound != other))
    return costs[-1]


def say(model, words):
    """What the model says for each word, always taking the likeliest sound: a list of lists of phonemes."""
    said = {}
    for length in sorted({len(word) for word in words}):  # words of one length make a rectangle
        alike = [word for word in words if len(word) == length]
        prompt = torch.tensor([[*(TOKEN_ID[c] for c in word), SAY] for word in alike], device=device)
        text = generate(model, prompt, LONGEST - length - 2, 1.0, 1, torch.Generator(device))
        for word, tokens in zip(alike, text[:, length + 1 :].tolist(), strict=True):
            said[word] = [TOKENS[i] for i in tokens[: tokens.index(END) if END in tokens else None]]
    return [said[word] for word in words]


def phoneme_error_rate(model, words):
    """All edits over all sounds of the words."""
    answers = say(model, words)
    return sum(edits(a, spoken[w]) for a, w in zip(answers, words, strict=True)) / sum(len(spoken[w]) for w in words)


@functools.cache  # later cells ask again and get the same model; run this cell again to train a new one
def trained_pronouncer():
    """Your model, trained on the 40,000 words, and the seconds it took."""
    start = time.perf_counter()
    model = train_pronouncer(train_ids, train_mask, len(TOKENS), SPEAK_STEPS, 0, device, bar)
    return model, time.perf_counter() - start


ALL = ("09.scaled_dot_product_attention", "09.causal_mask", "09.MultiHeadAttention", "09.TransformerBlock", "09.TinyGPT", "09.generate", "09.milestone_pronounce")
with needs(*ALL):
    speaker, seconds = trained_pronouncer()
    answers = say(speaker, test_words)
    whole = np.mean([tuple(a) == spoken[w] for a, w in zip(answers, test_words, strict=True)])
    print(f"phoneme error rate {phoneme_error_rate(speaker, test_words):.1%}; {whole:.0%} of the words are right as a whole   ({seconds:.0f} seconds of training)\n")
    for word, answer in list(zip(test_words, answers, strict=True))[:12]:
        right = tuple(answer) == spoken[word]
        print(f"{word:10} {' '.join(answer):28}", "" if right else f"the dictionary says {' '.join(spoken[word])}")

# %% [markdown]
# Is that good? Compared with what? The honest opponent is chapter 08's way: an LSTM with as many weights reads the same sequences, letters first, then sounds, with the same batches and learning rates. Everything that it knows of the spelling when it begins to speak is in its one state.
#
# One of its steps costs only about half as much as the GPT's, so it gets two chances: as many steps, and twice as many.

# %% tags=["demo"]
from dlcourse_utils.baselines.pronouncer import train_lstm_pronouncer

with needs(*ALL):
    speaker, seconds = trained_pronouncer()
    rates = {f"your GPT, {SPEAK_STEPS} steps": (phoneme_error_rate(speaker, test_words), seconds)}
    for steps in (SPEAK_STEPS, 2 * SPEAK_STEPS):
        start = time.perf_counter()
        lstm = train_lstm_pronouncer(train_ids, train_mask, len(TOKENS), steps, 0, device, bar)
        rates[f"LSTM, {steps} steps"] = phoneme_error_rate(lstm, test_words), time.perf_counter() - start
    for name, (rate, seconds) in rates.items():
        print(f"{name:22} phoneme error rate {rate:.1%}   ({seconds:.0f} seconds)")

# %% [markdown]
# Here the new way wins. Over three seeds the GPT got 13.8 to 14.8 % of the sounds wrong (mean 14.2 %), the LSTM 25.2 to 26.3 % with as many steps (mean 25.7 %), and 17.1 to 18.0 % with twice as many (mean 17.7 %), which take about as much time. The reason is the one we began with. What the GPT needs to know about a letter it looks up when it needs it; the LSTM has to carry all of it through one state of 128 numbers.
#
# One more honesty. The words were split at random, so *walk* may be in training and *walks* held out. A name from another language is the harder test. Type in some of your own:

# %% tags=["demo"]
with needs(*ALL):
    speaker, _ = trained_pronouncer()
    invented = ["blorp", "cheff", "knough", "zyxt", "quirkle", "aicious"]
    for word, answer in zip(invented, say(speaker, invented), strict=True):
        print(f"{word:10} {' '.join(answer)}")

# %% [markdown]
# ### Where does it look?
#
# Every block has 4 heads, and each of them has shared out its attention at every place. `attention_weights` listens to your `MultiHeadAttention` layers while the model reads. We cut out the interesting corner: rows are the places at which a *sound* is forecast, columns the letters.
#
# **Predict, then run.** For the word *chance*: which letters will a good head look at when it says each sound of CH AE N S? Will all eight heads do the same?

# %% tags=["demo"]
def looks_of(model, word):
    """The weights from each sound that the model says (and its end) to each letter: (layers · heads, sounds, letters), and the sounds."""
    sounds = [*say(model, [word])[0], "<end>"]
    ids = torch.tensor([[TOKEN_ID[t] for t in [*word, "<say>", *sounds[:-1]]]], device=device)
    weights = attention_weights(model, ids)[:, 0]  # (layers, heads, T, T)
    return weights.flatten(0, 1)[:, len(word) :, : len(word)], sounds


with needs(*ALL):
    speaker, _ = trained_pronouncer()
    looks, sounds = looks_of(speaker, "chance")
    draw_maps(looks, sounds, "chance", [f"block {n // 4 + 1}, head {n % 4 + 1}" for n in range(len(looks))])
    plt.show()

# %% [markdown]
# *How to read this:* one panel for each head. Go through a panel row by row: this is where it looked while forecasting that sound; darker is more. A row that is pale everywhere looked at the sounds already said, which are cut off here. Some heads walk along the word in a diagonal, as a finger follows the line. Others sit on a particular kind of letter, or have no task that one can name.
#
# Nobody told them to. No example says which letter belongs to which sound: the diagonal was *found*, because it lowers the loss.

# %% [markdown]
# Three words with silent letters, or two letters for one sound. Here all eight heads are averaged.

# %% tags=["demo"]
with needs(*ALL):
    speaker, _ = trained_pronouncer()
    words = ["phone", "though", "knuckle"]
    fig, axes = plt.subplots(1, 3, figsize=(9.5, 2.9))
    for ax, word in zip(axes, words, strict=True):
        looks, sounds = looks_of(speaker, word)
        ax.imshow(looks.mean(dim=0), cmap="Greys", vmin=0, vmax=1)
        ax.set_xticks(range(len(word)), word)
        ax.set_yticks(range(len(sounds)), sounds)
        ax.set(title=f"said: {' '.join(sounds[:-1])}", xlabel="looked at")
    axes[0].set_ylabel("sound forecast")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* as above, one panel a word: rows are the sounds that the model said, columns the letters. Look at which letters get no share at all, and where two letters make one sound. In our run *phone* came out as F AA N (it should be F OW N) and *though* as TH UW: it looked at the right letters and read them wrongly. A map says where, not what.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "This attention map shows why the model decided as it did."
#
# It shows where one head *looked*. Whether that mattered is a question for an experiment: change a letter, and see how much less likely the sound becomes. Replace each letter by all 25 others in turn; the mean loss of log-probability is how much the sound *needs* that letter.
#
# **Predict, then run.** 150 held-out words. In how many of 100 sounds is the letter with the most attention the one that is needed most? For each of the eight heads, for their mean, and for guessing. Then the same for a GPT that has *never been trained*.

# %% tags=["demo"]
def needed(model, word, sounds):
    """How much each forecast (row) loses when each letter (column) is replaced: (sounds, letters), in nats."""
    ids = torch.tensor([TOKEN_ID[t] for t in [*word, "<say>", *sounds]])
    others = [[TOKEN_ID[c] for c in LETTERS if c != letter] for letter in word]
    versions = torch.cat([ids[None], ids.repeat(25 * len(word), 1)])
    for place, instead in enumerate(others):
        versions[1 + 25 * place : 26 + 25 * place, place] = torch.tensor(instead)
    with torch.no_grad():
        logp = F.log_softmax(model(versions[:, :-1].to(device)), dim=-1).cpu()
    said = logp[:, len(word) :].gather(2, versions[:, len(word) + 1 :, None])[..., 0]  # (1 + 25 L, sounds)
    return said[0, :, None] - said[1:].view(len(word), 25, -1).mean(dim=1).T


def agreement(model, words):
    """For each head, and for the mean over all: how often its most looked-at letter is the most needed one."""
    hits, total, chance = 0, 0, 0.0
    for word in words:
        looks, sounds = looks_of(model, word)
        if len(sounds) > 1:
            most = needed(model, word, sounds[:-1]).argmax(dim=1)
            looks = torch.cat([looks, looks.mean(dim=0, keepdim=True)])[:, : len(most)]
            hits = hits + (looks.argmax(dim=2) == most).sum(dim=1)
            total, chance = total + len(most), chance + len(most) / len(word)
    return (hits / total).numpy(), chance / total


with needs(*ALL):
    speaker, _ = trained_pronouncer()
    torch.manual_seed(0)
    untrained = TinyGPT(len(TOKENS), LONGEST, 64, 4, 2).to(device)
    for name, model in {"trained": speaker, "never trained": untrained}.items():
        shares, chance = agreement(model, test_words[:150])
        heads = "  ".join(f"{share:.0%}" for share in shares[:-1])
        print(f"{name:14} head by head {heads}   mean of all heads {shares[-1]:.0%}   a letter at random {chance:.0%}")

# %% [markdown]
# Never trained, the heads hardly do better than guessing: such maps can look busy and mean nothing. Trained, the *mean* of all heads finds the most needed letter nine times out of ten, which is a good deal. But the saying is about *one* map, and single heads range from about a quarter to more than four fifths: whoever shows you one has chosen it. And even the best map says only where, not what was read there, nor how much it counted. So: a map is a good place to get an idea, and an experiment such as this one is what tests it. With other models and tasks people have found maps that agree far less (see below).

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** While speaking, `generate` shows the model the whole text again for each new sound, and almost everything is computed twice. What could be kept from one step to the next, and why is that allowed in a *causal* model only?
#
# <details><summary>Answer</summary>
#
# The keys and values of all earlier positions, in every block (the *KV cache*). In a causal model nothing that comes later can change what stands earlier, so they stay what they were; only the new position's query, key and value must be computed. In a model that looks both ways, a new token would change everything.
#
# </details>

# %% [markdown]
# ## Go further
#
# - **Where it began.** D. Bahdanau, K. Cho, Y. Bengio, *Neural Machine Translation by Jointly Learning to Align and Translate*, ICLR 2015: attention beside an RNN, with the first maps. A. Vaswani and others, *Attention Is All You Need*, NIPS 2017: without the RNN.
# - **Blocks.** R. Xiong and others, *On Layer Normalization in the Transformer Architecture*, ICML 2020: pre-norm against post-norm, and why post-norm needs the warm-up. Y. Dong, J.-B. Cordonnier, A. Loukas, *Attention Is Not All You Need*, ICML 2021.
# - **GPT.** A. Radford and others, *Language Models are Unsupervised Multitask Learners*, 2019 (GPT-2). A. Karpathy's nanoGPT is the same in 300 lines.
# - **Maps and reasons.** S. Jain, B. Wallace, *Attention is not Explanation*, NAACL 2019, and the answer of S. Wiegreffe, Y. Pinter, *Attention is not not Explanation*, EMNLP 2019. [Chapter 07](../07_cnn/07_cnn.ipynb) asked the same question about pictures.
# - **Positions.** J. Su and others, *RoFormer*, 2021: queries and keys are turned.
# - **Try it.** Take the positions away from your GPT and train the pronouncer again. Give it one head instead of four. Turn the task round, from sound to spelling.
