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
# # 08 · Sequences
#
# **The question of this chapter: "… that a single man in possession of a good fortune, must be in want of a" — you know the next word because of words that came long before. How can a network of fixed size remember, and how does it *learn* what to remember?**
#
# By the end you will have written a recurrent network and its gradient by hand, seen how that gradient dies on its way into the past and what an LSTM does about it, and trained three networks: one reads film reviews, one writes like Jane Austen, one forecasts how many bicycles a city will rent. Each stands beside an honest baseline, and not every network wins.
#
# Plan for five to six hours, in as many sittings as you like. The first half is NumPy, the second PyTorch as in [chapter 06](../06_pytorch/06_pytorch.ipynb). Every exercise can be skipped and picked up later. Symbols are on the [notation page](../notation.ipynb). When even the last hint does not help, all answers are in the course's `solutions/` folder.

# %%
import functools
import time
from collections import Counter, defaultdict

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm.auto import tqdm

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_austen, load_bikeshare, load_movie_sentiment
from dlcourse_utils.device import device_name, pick_device

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# The three trainings below run on the CPU in a few seconds each. With a GPU the same cells take larger settings. This is the one place where that is decided; write `pick_device("cpu")` to stay on the CPU.

# %%
device = pick_device()
large = device.type == "cuda"
AUSTEN_HIDDEN, AUSTEN_STEPS = (512, 6000) if large else (128, 1000)  # the character model
REVIEW_EPOCHS, BIKE_EPOCHS = 6, 10
print(f"running on {device_name(device)}")

# %% [markdown]
# First, see what goes wrong without memory. Here are two reviews. Any method that only *counts* words turns a text into a bag of them.
#
# **Predict, then run.** Are these two bags the same, nearly the same, or quite different? And what does that mean for every classifier built on them, however clever?

# %%
first = "the acting is not bad the story is good"
second = "the acting is bad the story is not good"
print(sorted(Counter(first.split()).items()))
print(sorted(Counter(second.split()).items()))
print("the same bag:", Counter(first.split()) == Counter(second.split()))

# %% [markdown]
# The same bag, so the same answer, whatever comes after. One of the two reviewers will be misread. **Order carries meaning.**
#
# The networks of the earlier chapters have another trouble with text: they want inputs of one fixed size, and sentences come in every length. Both troubles have one cure: read one word at a time, from left to right, and keep notes.

# %% [markdown]
# ## 1 · A state that walks along
#
# A **recurrent** network keeps a vector h, its **state**: the notes about everything read so far. At each step it looks at the new input *and* at its notes, and writes new notes:
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$$
#
# Say the shapes out loud, for N sequences side by side, D numbers per step and H hidden units:
#
# ```
# x_t (N, D) @ Wx (D, H)  +  h (N, H) @ Wh (H, H)  +  b (H,)   →  tanh  →  new h (N, H)
# ```
#
# The same Wx, Wh and b serve at *every* step. So the number of weights has nothing to do with the length of the sequence.

# %% [markdown]
# ### 08.rnn_step · One step of a recurrent network
#
# ●○○ · about 6 minutes · 1 point · the atom of this chapter
#
# Write `rnn_step(x, h, Wx, Wh, b)` for one time step: x is (N, D), h is (N, H). Return the pair `(new_h, cache)`. As in chapter 03, the cache holds whatever your backward pass will need; what you put in is your affair and nobody checks it.
#
# *Stuck? Run `hint("08.rnn_step")` in a cell of its own. Moving on is fine; the next exercise will want it.*

# %% nbgrader={"grade": false, "grade_id": "08-rnn_step", "locked": false, "schema_version": 3, "solution": true}
def rnn_step(x, h, Wx, Wh, b):
    """One step of a recurrent network: tanh(x Wx + h Wh + b).

    x: (N, D) inputs of this step. h: (N, H) the state before. Wx: (D, H), Wh: (H, H), b: (H,).
    Returns (the new state (N, H), cache).
    """
    ### BEGIN SOLUTION
    new = np.tanh(x @ Wx + h @ Wh + b)
    return new, (x, h, Wx, Wh, new)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-rnn_step-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.rnn_step", rnn_step)

# %% [markdown]
# Let a network with random weights read, letter by letter. Then let it read the same line with *one* letter changed near the beginning.
#
# **Predict, then run.** "i**t** is a truth" becomes "i**f** is a truth". All letters after it are the same. Will the two states differ at that letter only? For a few letters more? To the end?

# %%
def one_hot_letters(text):
    """Each character as a row of 27 numbers, a single 1 among zeros: (T, 27)."""
    return np.eye(27)[[0 if c == " " else ord(c) - 96 for c in text]]


rng = np.random.default_rng(4)
H = 24
rotation = np.linalg.qr(rng.normal(size=(H, H)))[0]  # turns a vector, keeps its length
letters_in = 0.4 * rng.normal(size=(27, H))
line = "it is a truth universally acknowledged"


def read_states(text, stretch):
    """Read letter by letter with Wh = stretch · rotation. Returns the states, (T, H)."""
    h, states = np.zeros((1, H)), []
    for x in one_hot_letters(text):
        h, _ = rnn_step(x[None], h, letters_in, stretch * rotation, np.zeros(H))
        states.append(h[0])
    return np.array(states)


with needs("08.rnn_step"):
    states = read_states(line, 1.0)  # (38, 24)
    changed = read_states(line.replace("it", "if", 1), 1.0)
    fig, (upper, lower) = plt.subplots(2, 1, figsize=(9, 4.4), height_ratios=[2, 1], sharex=True)
    picture = upper.imshow(states.T, aspect="auto", cmap="PuOr", vmin=-1, vmax=1)
    fig.colorbar(picture, ax=[upper, lower], label="value of the unit")
    upper.set(title="24 hidden units while reading", ylabel="hidden unit")
    lower.semilogy(np.linalg.norm(states - changed, axis=1), "ko-", markersize=4)
    lower.axvline(1, color="C1", linestyle="--")
    lower.set(xlabel="letter read", ylabel="difference", title="How far the state differs after “if” in place of “it”")
    lower.set_xticks(range(len(line)), line)
    plt.show()

# %% [markdown]
# *How to read this:* above, each column is the state after one letter, each row one unit, orange below zero and purple above. Below, the distance between the two runs, on a log scale: nothing before the changed letter, then a jump, then a trace that fades by about a fifth with every letter.
#
# That fading trace *is* the memory: thirty letters later the state still differs, though only by a thousandth. Nobody told the network to remember this letter. Learning will have to decide what is worth keeping, and for that we need a gradient.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** A recurrent network with D = 27 and H = 100 reads a line of 50 letters. How many weights and biases does it have? And for a line of 5,000 letters?
#
# <details><summary>Answer</summary>
#
# 27 · 100 + 100 · 100 + 100 = 12,800, for both. The weights are the same at every step; only the number of *steps* grows.
#
# </details>

# %% [markdown]
# ## 2 · Backpropagation through time
#
# Draw the network once for every step, each copy handing its state to the next, and you have an ordinary deep network: T layers, and all of them share their weights. So chapter 03's one rule is all we need. *A number's gradient is the sum, over everyone who used it, of upstream gradient × local slope.*
#
# Who used what?
#
# - **h at step t** was used twice: by the loss (or whatever looks at it; that share arrives as `dh[:, t]`), and by step t + 1. Two users, two shares, one sum.
# - **Wx, Wh and b** were used T times. T shares, one sum.
# - **x at step t** was used once.
#
# And in which order? A state may speak only when its users have spoken, and the later one is step t + 1. So we walk from the last step to the first. That is the whole method, with a grand name: **backpropagation through time**.

# %% [markdown]
# Written for one step, with a the sum inside the tanh and *carried* what step t + 1 sends back:
#
# $$da_t = (dh_t + \text{carried}) \cdot (1 - h_t^2) \qquad \text{carried} \leftarrow da_t\, W_h^\top$$
#
# $$dx_t = da_t\, W_x^\top \qquad dW_x \mathrel{+}= x_t^\top da_t \qquad dW_h \mathrel{+}= h_{t-1}^\top da_t \qquad db \mathrel{+}= \textstyle\sum_n da_t$$
#
# Before the last step nothing has been carried yet: it starts at zero. After the first step, what is carried belongs to h₀.

# %% [markdown]
# ### 08.rnn_forward · Backpropagation through time
#
# ●●● · about 35 minutes · 3 points · the idea behind every trained sequence model
#
# Write both functions.
#
# - `rnn_forward(x, h0, Wx, Wh, b)`: x is (N, T, D), h0 is (N, H). Return all states, (N, T, H), and a cache. You may call your `rnn_step`.
# - `rnn_backward(dh, cache)`: dh is (N, T, H), what the loss says to *each* state directly. Return `(dx, dh0, dWx, dWh, db)`, shaped like what they belong to. Leave `dh` itself as it was.
#
# The check compares every gradient with PyTorch's autograd through the unrolled network. A gradient that stops too early has all the right shapes; it will be caught by its numbers.
#
# *Write forward first and run the check; it will tell you about each part. Stuck? `hint("08.rnn_forward")`. Moving on is fine: parts 4 to 6 do not need it.*

# %% nbgrader={"grade": false, "grade_id": "08-rnn_forward", "locked": false, "schema_version": 3, "solution": true}
def rnn_forward(x, h0, Wx, Wh, b):
    """Run a recurrent network over whole sequences.

    x: (N, T, D). h0: (N, H). Wx: (D, H), Wh: (H, H), b: (H,). Returns (all states (N, T, H), cache).
    """
    ### BEGIN SOLUTION
    h, states, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = rnn_step(x[:, t], h, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches
    ### END SOLUTION


def rnn_backward(dh, cache):
    """Send the gradient back through all steps.

    dh: (N, T, H), the gradient of the loss with respect to each state as the loss sees it directly.
    Returns (dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,)).
    """
    ### BEGIN SOLUTION
    _, h0, Wx, Wh, _ = cache[0]
    dx = np.zeros((*dh.shape[:2], Wx.shape[0]))
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[0])
    carried = np.zeros_like(h0)
    for t in reversed(range(dh.shape[1])):
        x, before, _, _, new = cache[t]
        da = (dh[:, t] + carried) * (1 - new**2)
        dx[:, t] = da @ Wx.T
        dWx += x.T @ da
        dWh += before.T @ da
        db += da.sum(axis=0)
        carried = da @ Wh.T
    return dx, carried, dWx, dWh, db
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-rnn_forward-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("08.rnn_forward", rnn_forward, rnn_backward)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "An RNN updates its weights at every time step."
#
# An experiment: give each of the T = 6 steps a Wh *of its own*, six separate matrices that happen to hold the same numbers, and let autograd find the gradient of each. If a recurrent network really had a weight update per step, these six would be six different updates.
#
# **Predict, then run.** Are the six gradients equal? What is their relation to your one dWh?

# %%
rng = np.random.default_rng(0)
x, h0 = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 4))  # N = 2, T = 6, D = 3, H = 4
Wx, Wh, b = rng.normal(size=(3, 4)) / 2, rng.normal(size=(4, 4)) / 2, np.zeros(4)
dh = rng.normal(size=(2, 6, 4))

copies = [torch.tensor(Wh, requires_grad=True) for _ in range(6)]  # one Wh for each step
h, loss = torch.tensor(h0), 0.0
for t in range(6):
    h = torch.tanh(torch.tensor(x[:, t] @ Wx) + h @ copies[t] + torch.tensor(b))
    loss = loss + (h * torch.tensor(dh[:, t])).sum()
per_step = [g.numpy() for g in torch.autograd.grad(loss, copies)]

with needs("08.rnn_forward"):
    _, cache = rnn_forward(x, h0, Wx, Wh, b)
    dWh = rnn_backward(dh, cache)[3]
    for t, g in enumerate(per_step):
        print(f"step {t}: corner of its gradient  {g[0, 0]:+.4f}")
    print(f"sum of the six:                  {sum(per_step)[0, 0]:+.4f}")
    print(f"your dWh:                        {dWh[0, 0]:+.4f}")
    print("equal in all sixteen entries:", np.allclose(sum(per_step), dWh))

# %% [markdown]
# Six different gradients for six copies, and the gradient of the *one* shared matrix is their **sum**. There is one set of weights, it stays fixed while the whole sequence is read, and afterwards there is one update. What changes at every time step is the state.
#
# ### The gradient's journey
#
# Now the question that has shaped this field. The loss looks only at the last state. How much of its gradient arrives at the first step?
#
# Each step back multiplies by the tanh's slope (at most 1) and by Wh transposed. Forty steps, forty factors.

# %% [markdown]
# **Predict, then run.** Below, Wh turns a state and makes it `stretch` times as long. Before you move the slider, write down for stretch 0.8: what share of the gradient reaches the first of 40 steps: half, a hundredth, less? Then find the stretch at which nothing is lost, once without tanh and once with it.

# %%
from dlcourse_utils.widgets.memory import memory_explorer

memory_explorer()

# %% [markdown]
# *How to read this:* on the left, a nudge to the first state and what is left of it as the network reads on: memory. On the right, a gradient from the last state and what is left of it on the way back: learning. Both axes are logarithmic, so a straight line is a constant factor a step.
#
# Without tanh, exactly 1 is the only stretch that neither **vanishes** nor **explodes**. With tanh the slopes below 1 eat a little more. Too small a stretch forgets; too large a stretch makes everything depend wildly on everything. And the two curves tell the same story: *a network can only learn to remember what it still remembers a trace of*. This was worked out by Hochreiter in 1991 and Bengio and others in 1994.

# %% [markdown]
# The explosion has a simple cure. Here is a network with a single hidden unit that reads 15 steps of nothing: h ← tanh(w h − ½), from h = ½. The loss asks that it ends near 0.9. One weight, so we can draw the loss over all its values, and ask your `rnn_backward` for the slope.

# %%
def loss_and_slope(w):
    """Loss and dL/dw of the one-unit network after 15 steps."""
    states, cache = rnn_forward(np.zeros((1, 15, 1)), np.array([[0.5]]), np.zeros((1, 1)), np.array([[w]]), np.array([-0.5]))
    dh = np.zeros((1, 15, 1))
    dh[0, -1, 0] = states[0, -1, 0] - 0.9
    return 0.5 * dh[0, -1, 0] ** 2, rnn_backward(dh, cache)[3][0, 0]


def walk_over_w():
    """Loss and slope at many w, and the place of the steepest."""
    ws = np.unique(np.concatenate([np.linspace(1.2, 3, 91), np.linspace(2.08, 2.12, 161)]))
    losses, slopes = np.array([loss_and_slope(w) for w in ws]).T
    return ws, losses, slopes, np.abs(slopes).argmax()


with needs("08.rnn_forward"):
    ws, losses, slopes, cliff = walk_over_w()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 2.9))
    left.plot(ws, losses, "k")
    left.plot(ws[cliff], losses[cliff], "o", color="C1", label=f"steepest: slope {slopes[cliff]:,.0f}")
    left.set(title="The loss over the one recurrent weight", xlabel="w", ylabel="loss")
    left.legend(loc="lower left")
    right.semilogy(ws, np.abs(slopes), "k")
    right.set(title="The size of its slope", xlabel="w", ylabel="|dL/dw|")
    fig.tight_layout()
    plt.show()
    print(f"a step of learning rate 0.1 from there: w = {ws[cliff]:.3f} → {ws[cliff] - 0.1 * slopes[cliff]:,.1f}")

# %% [markdown]
# *How to read this:* left of the cliff the state falls to one side, right of it to the other. In between, a hair's breadth of w decides where 15 steps lead, and the slope is enormous. The printed step is the trouble: one unlucky batch on a cliff, and the weights land far away from everything that was learned.
#
# The direction is right, only the length is mad. So we keep the direction and shorten the length: when the norm of the whole gradient exceeds a limit, scale it down to the limit. It is chapter 04's `clip_by_global_norm`, now on a PyTorch model.

# %% [markdown]
# ### 08.clip_gradients · A leash for the gradient
#
# ●○○ · about 8 minutes · 1 point · in nearly every training loop of a sequence model
#
# Write `clip_gradients(model, max_norm)` for an `nn.Module` after `backward()`. The norm is the L2 norm of *all* gradients together. If it exceeds `max_norm`, scale every `p.grad`, in place, so that it is `max_norm`; else leave them alone. Parameters whose `.grad` is `None` are skipped. Return the norm **before** clipping, as a float.
#
# *Stuck? `hint("08.clip_gradients")`. Moving on is fine; the milestones will use it.*

# %% nbgrader={"grade": false, "grade_id": "08-clip_gradients", "locked": false, "schema_version": 3, "solution": true}
def clip_gradients(model, max_norm):
    """Shorten a model's gradients so that their common L2 norm is at most max_norm.

    model: nn.Module with gradients in .grad. Returns the norm before, a float.
    """
    ### BEGIN SOLUTION
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.sqrt(sum((g**2).sum() for g in grads)).item()
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-clip_gradients-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.clip_gradients", clip_gradients)

# %%
with needs("08.rnn_forward", "08.clip_gradients"):
    ws, losses, slopes, cliff = walk_over_w()
    one_weight = nn.Linear(1, 1, bias=False)
    one_weight.weight.grad = torch.tensor([[slopes[cliff]]], dtype=torch.float32)
    before = clip_gradients(one_weight, max_norm=1.0)
    step = 0.1 * one_weight.weight.grad.item()
    print(f"norm before {before:,.0f}; after clipping, the same step leads from {ws[cliff]:.3f} to {ws[cliff] - step:.3f}: still in sight of the cliff")

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** Clipping cures the exploding gradient. Why can't we cure the vanishing one in the same way, by scaling small gradients *up*?
#
# <details><summary>Answer</summary>
#
# What arrives at a weight is the sum of all steps' shares. When the far steps' shares have vanished, the sum is made of the near ones. Scaling it up makes the near ones louder; the information about the far ones is not in there any more.
#
# </details>

# %% [markdown]
# ## 3 · Gates: a memory that is not rewritten
#
# Why does the gradient shrink? Because the state is *rewritten* at every step: all of it goes through Wh and through tanh, whether there is news or not. Imagine keeping notes by copying the whole page each minute.
#
# The **LSTM** (long short-term memory, Hochreiter and Schmidhuber 1997) keeps a second vector beside h, the **memory** c, and changes it by *erasing* and *adding*:
#
# $$c \leftarrow f \cdot c + i \cdot g \qquad\qquad h \leftarrow o \cdot \tanh(c)$$
#
# All products are element by element. f, i and o are **gates**, numbers between 0 (shut) and 1 (open): f says what to keep (*forget gate*), i what to let in (*input gate*), o what to show (*output gate*). g is the new content, the *candidate*. On the way back along c, the factor per step is just f. A gate near 1, and the gradient walks home unharmed.

# %% [markdown]
# Each of the four is a small layer that looks at x and h. PyTorch keeps the four side by side in one tall matrix, in the order **i, f, g, o**:
#
# ```
# weight_ih (4H, D)    weight_hh (4H, H)    bias_ih (4H,)    bias_hh (4H,)
# x (N, D) @ weight_ih.T + bias_ih + h (N, H) @ weight_hh.T + bias_hh   →   (N, 4H) = [ i | f | g | o ]
# ```
#
# Then a sigmoid for i, f and o, and a tanh for g: gates are shares, content may be negative. (Two biases do the work of one. PyTorch keeps both for a library's sake.)

# %% [markdown]
# ### 08.lstm_step · One step of an LSTM
#
# ●●○ · about 12 minutes · 2 points · the classifier and every "LSTM" below are made of this
#
# Write `lstm_step(x, h, c, params)` in NumPy. `params` is a dict with the four arrays above, named and shaped as in `torch.nn.LSTMCell`. Return the new `(h, c)`.
#
# Other books order the gates differently. If you follow one of them, the card will tell you whose order it is.
#
# *Stuck? `hint("08.lstm_step")`. Moving on is fine; PyTorch has one ready-made.*

# %% nbgrader={"grade": false, "grade_id": "08-lstm_step", "locked": false, "schema_version": 3, "solution": true}
def lstm_step(x, h, c, params):
    """One step of an LSTM, as torch.nn.LSTMCell does it.

    x: (N, D). h, c: (N, H). params: weight_ih (4H, D), weight_hh (4H, H), bias_ih (4H,), bias_hh (4H,), gates i, f, g, o.
    Returns (h, c), both (N, H).
    """
    ### BEGIN SOLUTION
    sums = x @ params["weight_ih"].T + params["bias_ih"] + h @ params["weight_hh"].T + params["bias_hh"]
    i, f, g, o = np.split(sums, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-lstm_step-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("08.lstm_step", lstm_step)

# %% [markdown]
# With your step, let us set the gates by hand and watch a memory being kept. One unit, no learning: a 1 comes in at step 3, the input gate opens for it, and then forty steps of silence.
#
# **Predict, then run.** The forget gate's bias is the only thing that differs between the three lines: 0, 2 and 5. So f is σ(0), σ(2) and σ(5). What share of the memory is left after forty steps in each case? (0.5 to the power of 40 is about 10⁻¹².)

# %%
with needs("08.lstm_step"):
    fig, ax = plt.subplots(figsize=(7.5, 2.9))
    for bias, style in zip([0.0, 2.0, 5.0], [":", "--", "-"], strict=True):
        unit = {
            "weight_ih": np.array([[10.0], [0.0], [3.0], [0.0]]),  # i opens when x is 1, g is then near 1
            "weight_hh": np.zeros((4, 1)),
            "bias_ih": np.array([-5.0, bias, 0.0, 5.0]),  # i shut otherwise; f as given; o open
            "bias_hh": np.zeros(4),
        }
        h, c, memory = np.zeros((1, 1)), np.zeros((1, 1)), []
        for t in range(44):
            h, c = lstm_step(np.array([[float(t == 3)]]), h, c, unit)
            memory.append(c[0, 0])
        f = 1 / (1 + np.exp(-bias))
        ax.plot(memory, "k" + style, label=f"forget bias {bias:.0f}: f = {f:.3f}, f⁴⁰ = {f**40:.0e}")
    ax.set(title="One memory cell after a single event at step 3", xlabel="time step", ylabel="memory c")
    ax.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the jump is the event being written down. After it, every step multiplies the memory by f. The same f multiplies the gradient on its way back. That is why practitioners *start* the forget bias at 1 or 2: a network that forgets everything at once can never find out what it should have kept.
#
# The **GRU** (gated recurrent unit, Cho and others 2014) is a leaner relative: no separate memory, three blocks in place of four. With r the *reset gate*, z the *update gate*, n the candidate, as PyTorch defines them:
#
# $$r = \sigma(x_r + h_r) \qquad z = \sigma(x_z + h_z) \qquad n = \tanh(x_n + r \cdot h_n) \qquad h \leftarrow (1 - z) \cdot n + z \cdot h$$
#
# where $x_\bullet$ are the three blocks of `x @ weight_ih.T + bias_ih`, and $h_\bullet$ those of `h @ weight_hh.T + bias_hh`, in the order r, z, n. Keeping and adding share one budget: what z keeps, 1 − z gives up.

# %% [markdown]
# ### 08.gru_step · One step of a GRU
#
# ●●○ · about 10 minutes · 2 points · the character model below is made of this
#
# Write `gru_step(x, h, params)` in NumPy; `params` as before, with 3H rows in the order r, z, n. Return the new h, (N, H). Mind where r stands: it multiplies $h_n$ *with* its bias, after the matrix product. (The paper of 2014 has it before. Both work, and the card knows both.)
#
# *Stuck? `hint("08.gru_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-gru_step", "locked": false, "schema_version": 3, "solution": true}
def gru_step(x, h, params):
    """One step of a GRU, as torch.nn.GRUCell does it.

    x: (N, D). h: (N, H). params: weight_ih (3H, D), weight_hh (3H, H), bias_ih (3H,), bias_hh (3H,), blocks r, z, n.
    Returns the new h, (N, H).
    """
    ### BEGIN SOLUTION
    x_r, x_z, x_n = np.split(x @ params["weight_ih"].T + params["bias_ih"], 3, axis=1)
    h_r, h_z, h_n = np.split(h @ params["weight_hh"].T + params["bias_hh"], 3, axis=1)
    r, z = 1 / (1 + np.exp(-x_r - h_r)), 1 / (1 + np.exp(-x_z - h_z))
    n = np.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-gru_step-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("08.gru_step", gru_step)

# %% [markdown]
# Time to measure instead of believing. Three of PyTorch's own layers, fresh from initialisation, with 32 hidden units each; the same 60 steps of noise; a loss on the last state only. One of the LSTMs got a forget bias of 3, nothing else.
#
# **Predict, then run.** Draw four lines for the size of the gradient at each step, from step 59 back to step 0: RNN, GRU, LSTM as it comes, LSTM with forget bias 3. Is the LSTM as it comes safe from vanishing?

# %%
from dlcourse_utils.gradients.views.through_time import through_time

torch.manual_seed(0)
layers = {
    "RNN": nn.RNN(8, 32, batch_first=True),
    "GRU": nn.GRU(8, 32, batch_first=True),
    "LSTM": nn.LSTM(8, 32, batch_first=True),
    "LSTM, forget bias 3": nn.LSTM(8, 32, batch_first=True),
}
with torch.no_grad():
    layers["LSTM, forget bias 3"].bias_ih_l0[32:64] += 3.0  # the second quarter: i, f, g, o
through_time(layers, torch.randn(16, 60, 8))

# %% [markdown]
# The result surprises many people. **An LSTM as it comes loses its gradient too**, a trillionfold over sixty steps: its forget gates start near ½. That is slower than the plain RNN and just as hopeless. The architecture does not *solve* vanishing. It makes a solution *possible*: a gate can be learned, or set, to stay open, and then the gradient passes. A plain RNN has no such knob.
#
# Does it matter in practice? The smallest test there is: one of four symbols is shown at the first step, then noise for T − 1 steps, then the network is asked which it was. Nothing but memory.

# %% [markdown]
# **Predict, then run.** A plain RNN, an LSTM as it comes, and an LSTM with forget bias 4; 16 hidden units, 200 training steps, each three times. Which of them will answer after 10 steps? Which after 40? (Guessing gives 25 %.)

# %% tags=["demo"]
def recall_batch(n, steps, generator):
    """One of four symbols at the first step, noise afterwards. Returns x (n, steps, 6), labels (n,)."""
    labels = torch.randint(0, 4, (n,), generator=generator)
    x = torch.zeros(n, steps, 6)
    x[:, 0] = F.one_hot(labels, 6).float()
    x[:, 1:, 4:] = torch.randn(n, steps - 1, 2, generator=generator)
    return x, labels


def recall_accuracy(kind, forget_bias, steps, seed):
    """Train a small network on the task and return its accuracy on fresh sequences."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = nn.ModuleDict({"layer": kind(6, 16, batch_first=True), "head": nn.Linear(16, 4)})
    if forget_bias:
        model["layer"].bias_ih_l0.data[16:32] += forget_bias
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(200):
        x, labels = recall_batch(24, steps, generator)
        loss = F.cross_entropy(model["head"](model["layer"](x)[0][:, -1]), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    x, labels = recall_batch(500, steps, generator)
    with torch.no_grad():
        return (model["head"](model["layer"](x)[0][:, -1]).argmax(dim=1) == labels).float().mean().item()


networks = {"RNN": (nn.RNN, 0.0), "LSTM": (nn.LSTM, 0.0), "LSTM,\nforget bias 4": (nn.LSTM, 4.0)}
fig, axes = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True)
for ax, steps in zip(axes, [10, 40], strict=True):
    for place, (kind, forget_bias) in enumerate(networks.values()):
        reached = [recall_accuracy(kind, forget_bias, steps, seed) for seed in range(3)]
        ax.plot(np.array([-0.12, 0, 0.12]) + place, reached, "ko", markerfacecolor="none")
    ax.axhline(0.25, color="0.6", linestyle=":")
    ax.text(2.45, 0.27, "guessing", ha="right", fontsize=8)
    ax.set(title=f"after {steps} steps", ylim=(0, 1.08), xlim=(-0.5, 2.5))
    ax.set_xticks(range(3), networks)
axes[0].set_ylabel("accuracy")
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* each circle is one network, trained and tested at that distance. On the dotted line it has learned nothing: no gradient ever told it that the first step mattered. One number in the initialisation decides between everything and nothing, and you knew it from the gradient before any training.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Recurrent and recursive networks are the same thing."
#
# A *recurrent* network reads along a chain. A *recursive* one combines along a **tree**: the same small layer merges two neighbours, then merges the results, in whatever order the tree prescribes. Take your `rnn_step` as the layer that merges two vectors of equal size, `merge(left, right)`, and the words "not", "very", "good".
#
# **Predict, then run.** Below are two trees over the same three words in the same order. Will their results agree? And which of the two, if any, gives what the recurrent network gives?

# %%
rng = np.random.default_rng(5)
vectors = {word: rng.normal(size=(1, 6)) for word in ["not", "very", "good"]}
Wx, Wh, b = rng.normal(size=(6, 6)) / 2, rng.normal(size=(6, 6)) / 2, np.zeros(6)


def merge(left, right):
    """Two vectors (1, 6) become one: the right one is read with the left one as notes."""
    return rnn_step(right, left, Wx, Wh, b)[0]


with needs("08.rnn_step", "08.rnn_forward"):
    not_, very, good = vectors.values()
    left_tree = merge(merge(not_, very), good)  # ((not very) good): a little good
    right_tree = merge(not_, merge(very, good))  # (not (very good)): rather bad
    chain, _ = rnn_forward(np.stack([very, good], axis=1), not_, Wx, Wh, b)  # starts from "not", reads the rest
    print("((not very) good)", left_tree[0].round(2))
    print("(not (very good))", right_tree[0].round(2))
    print("recurrent        ", chain[0, -1].round(2))

# %% [markdown]
# Two trees, two meanings, two results. The recurrent network is the special case whose tree always leans to the left: a chain. So every recurrent network is a recursive one, but not the other way round, and a recursive network needs somebody to bring the tree.

# %% [markdown]
# ## 4 · Words as numbers, and a reader
#
# Now real text: 10,605 sentences from film reviews. About twenty people rated each from −4 to 4; our question is only whether the mean is above zero.
#
# The file begins with the favourable ones, so **shuffle before you split**. (Take the last fifth as it stands, and the test set is nearly all complaints.)

# %%
reviews = load_movie_sentiment()
order = np.random.default_rng(0).permutation(len(reviews.texts))
review_texts = [reviews.texts[i] for i in order]
review_labels = (reviews.ratings[order] > 0).astype(int)  # 1: it pleases
CUT = 8_484  # four fifths
train_texts, train_labels = review_texts[:CUT], review_labels[:CUT]
test_texts, test_labels = review_texts[CUT:], review_labels[CUT:]
for text, label in zip(train_texts[:4], train_labels[:4], strict=True):
    print(label, text)
print(f"{len(train_texts)} to train on, {len(test_texts)} held out; {train_labels.mean():.1%} of the labels are 1")

# %% [markdown]
# A network takes numbers, so every word gets an **id**, its row in a table of vectors (the *embedding*). Two ids are reserved:
#
# - **0 is `<pad>`**, filling for short sentences; never a word.
# - **1 is `<unk>`**, for every word that the vocabulary does not know. Rare words go there too: a word met once teaches nothing.

# %% [markdown]
# ### 08.build_vocab · A vocabulary
#
# ●○○ · about 10 minutes · 1 point · the first line of every text project
#
# Write `build_vocab(texts, max_size, min_count)`. Lower-case the texts and split them at blanks (punctuation stays where it is). Return a dict word → id: `<pad>` 0, `<unk>` 1, then the words from 2 on, **most frequent first, ties in alphabetical order**. Only words that occur at least `min_count` times, and at most `max_size` entries in all, the two specials included.
#
# Ties matter more than they seem to: Python shuffles the order of a set from run to run, and a saved model would meet other ids tomorrow.
#
# *Stuck? `hint("08.build_vocab")`. Moving on is fine; the milestone will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "08-build_vocab", "locked": false, "schema_version": 3, "solution": true}
def build_vocab(texts, max_size, min_count):
    """Give every frequent word an id.

    texts: list of str. Returns {"<pad>": 0, "<unk>": 1, most frequent word: 2, ...}, at most max_size entries.
    """
    ### BEGIN SOLUTION
    counts = Counter(word for text in texts for word in text.lower().split())
    kept = sorted((w for w in counts if counts[w] >= min_count), key=lambda w: (-counts[w], w))
    return {word: i for i, word in enumerate(["<pad>", "<unk>", *kept][:max_size])}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-build_vocab-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.build_vocab", build_vocab)

# %% [markdown]
# ### 08.encode · A text as numbers
#
# ●○○ · about 4 minutes · 1 point · used with every sentence from here on
#
# Write `encode(text, vocab)`: the text's ids as a list of int, one for each word, in their order. Lower-case and split as above; a word that is not in the vocabulary becomes the id of `<unk>`.
#
# *Stuck? `hint("08.encode")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-encode", "locked": false, "schema_version": 3, "solution": true}
def encode(text, vocab):
    """The ids of a text's words.

    text: str. vocab: dict word → id, with "<unk>" in it. Returns a list of int.
    """
    ### BEGIN SOLUTION
    return [vocab.get(word, vocab["<unk>"]) for word in text.lower().split()]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-encode-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.encode", encode)

# %%
with needs("08.build_vocab", "08.encode"):
    words_vocab = build_vocab(train_texts, 8000, 2)
    rows = [encode(text, words_vocab) for text in test_texts]
    unknown = np.mean([i == 1 for row in rows for i in row])
    print(len(words_vocab), "entries, the first:", list(words_vocab)[:14])
    print("encoded:", encode("A bad film, not a zorbly one", words_vocab))
    print(f"{unknown:.1%} of the words in the held-out sentences are unknown")

# %% [markdown]
# Sentences differ in length, and a tensor is a rectangle. So short ones are filled up with 0 on the right, and a **mask** remembers which places are real. Forget the mask, and the network will read silence as if it were words.

# %% [markdown]
# ### 08.pad_batch · A rectangle and its mask
#
# ●○○ · about 6 minutes · 1 point · every batch of text goes through this
#
# Write `pad_batch(sequences)` for a list of lists of ids. Return two torch tensors of shape (N, T), T being the longest length: `ids` (int64, padded **on the right** with 0) and `mask` (bool, **True where it is real**). Keep the order of the rows.
#
# *Stuck? `hint("08.pad_batch")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-pad_batch", "locked": false, "schema_version": 3, "solution": true}
def pad_batch(sequences):
    """Make a rectangle of sequences of different lengths.

    sequences: list of N lists of int. Returns (ids (N, T) int64, mask (N, T) bool, True = real).
    """
    ### BEGIN SOLUTION
    longest = max(len(s) for s in sequences)
    ids = torch.zeros(len(sequences), longest, dtype=torch.int64)
    mask = torch.zeros(len(sequences), longest, dtype=torch.bool)
    for i, s in enumerate(sequences):
        ids[i, : len(s)] = torch.tensor(s)
        mask[i, : len(s)] = True
    return ids, mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-pad_batch-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.pad_batch", pad_batch)

# %% [markdown]
# ### 08.LSTMClassifier · An LSTM that reads a sentence
#
# ●●○ · about 15 minutes · 2 points · the reader of the milestone
#
# Write the module `LSTMClassifier(vocab, embed=64, hidden=64, classes=2)`; `vocab` is the *number* of ids. Three layers: an embedding, one LSTM, one linear layer. `forward(ids, mask)` takes (N, T) and (N, T) and returns logits (N, classes).
#
# The linear layer shall see the LSTM's state h after each sentence's **last real word**. Padding, however much and whatever stands in it, must make no difference. `nn.LSTM` happily reads the padding too, and its `out[:, -1]` is the state after that: a trap that many tutorials fall into. At least one token of each row is real.
#
# *Stuck? `hint("08.LSTMClassifier")`. Moving on is fine; the first milestone will wait for it.*

# %% nbgrader={"grade": false, "grade_id": "08-LSTMClassifier", "locked": false, "schema_version": 3, "solution": true}
class LSTMClassifier(nn.Module):
    """Embedding → LSTM → linear layer on the state after the last real token.

    vocab: number of ids. forward(ids (N, T), mask (N, T)) → logits (N, classes).
    """

    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)
        ### END SOLUTION

    def forward(self, ids, mask):
        ### BEGIN SOLUTION
        out, _ = self.lstm(self.embedding(ids))
        last = mask.sum(dim=1) - 1
        return self.head(out[torch.arange(len(ids), device=ids.device), last])
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-LSTMClassifier-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("08.LSTMClassifier", LSTMClassifier)

# %% [markdown]
# **Predict, then run.** An untrained reader gets the same sentence with 0, 5, 20 and 80 columns of padding behind it. What will yours say each time? And what would happen to `out[:, -1]` after 80 steps of the same input, think of section 2: will it still know the sentence?

# %%
with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier"):
    torch.manual_seed(0)
    words_vocab = build_vocab(train_texts, 8000, 2)
    reader = LSTMClassifier(len(words_vocab))
    plain = nn.LSTM(64, 64, batch_first=True)
    pair = [encode(text, words_vocab) for text in ("a bad film", "a good film")]
    print("padding   your logits for 'a bad film'   |out[:, -1]('bad') − out[:, -1]('good')|")
    with torch.no_grad():
        for more in [0, 5, 20, 80]:
            ids, mask = pad_batch([row + [0] * more for row in pair])
            mask[:, 3:] = False
            last_column = plain(reader.embedding(ids))[0][:, -1]
            print(f"{more:5}     {reader(ids, mask)[0].numpy().round(4)}               {(last_column[0] - last_column[1]).norm():.6f}")

# %% [markdown]
# Yours does not move. The last column does, and worse: behind enough padding, "bad" and "good" leave the same state. Nobody would notice from the shapes. It is the fading memory of section 1, in working code that looks right.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** A colleague pads on the *left* and then reads `out[:, -1]`. Is that wrong?
#
# <details><summary>Answer</summary>
#
# The last column is then always real, so nothing is read too late. But the state has walked through the padding *before* the first word, and does not start from zeros. The answer still depends, a little, on how much padding came first. Better than the trap above, and still not "whatever the padding".
#
# </details>

# %% [markdown]
# ### Milestone 1: does the reviewer like it?
#
# The honest baseline first. TF-IDF weighs the words of a bag by how telling they are, and logistic regression adds them up. It takes a second and knows nothing about order. That it cannot tell our first two reviews apart, you have seen.

# %%
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression


def bag_of_words_accuracy(train_texts, train_labels, test_texts, test_labels):
    """TF-IDF and logistic regression: the share of held-out sentences it gets right."""
    bag = TfidfVectorizer(sublinear_tf=True)
    model = LogisticRegression(C=4, max_iter=1000).fit(bag.fit_transform(train_texts), train_labels)
    return model.score(bag.transform(test_texts), test_labels)


bag_accuracy = bag_of_words_accuracy(train_texts, train_labels, test_texts, test_labels)
print(f"always the more common answer  {max(test_labels.mean(), 1 - test_labels.mean()):.1%}")
print(f"TF-IDF + logistic regression   {bag_accuracy:.1%}")

# %% [markdown]
# **Predict, then run.** The LSTM sees order, negation, the whole sentence. It has 8,484 of them to learn from. Write down by how much it will beat the bag of words.
#
# One helper is given: batches of sentences of similar length, so that little padding is read. It yields lists of indices.

# %%
def shuffled_batches(rows, size, seed):
    """Yield lists of indices: every row once, shuffled by seed, neighbours of similar length."""
    order = np.random.default_rng(seed).permutation(len(rows))
    for part in np.array_split(order, max(len(order) // (8 * size), 1)):
        by_length = sorted(part.tolist(), key=lambda i: len(rows[i]))
        yield from (by_length[k : k + size] for k in range(0, len(by_length), size))

# %% [markdown]
# ### 08.milestone_sentiment · Milestone: does the reviewer like it?
#
# ●●● · about 25 minutes · 3 points · a reader, from raw text to answers
#
# Write `train_sentiment(texts, labels, epochs, seed, device="cpu", progress=range)`. `labels` is a NumPy array of 0 and 1. Return `(model, vocab)`: a trained model in evaluation mode that takes `(ids, mask)`, and the vocabulary it was trained with. The same seed must give the same model. Loop with `for epoch in progress(epochs)`: by default that is `range`, and the notebook passes a progress bar.
#
# What works here: a vocabulary of 8,000 words met at least twice; `LSTMClassifier` with `embed=16, hidden=32`; Adam with 8e-3; batches of 64; gradients clipped to norm 1; and **a quarter of the words hidden** in each training batch (their ids set to 1), so that no sentence can be learned by heart.
#
# **To reach:** the check makes a little language up, trains your function on 400 reviews for 12 epochs, and asks for 75 % on others. On the real ones, about 74 % is what this network gives. *Stuck? `hint("08.milestone_sentiment")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-milestone_sentiment", "locked": false, "schema_version": 3, "solution": true}
def train_sentiment(texts, labels, epochs, seed, device="cpu", progress=range):
    """Train a reader of sentences.

    texts: list of str. labels: (N,) array of 0 and 1. Returns (model, vocab); model(ids, mask) gives logits (N, 2).
    """
    ### BEGIN SOLUTION
    vocab = build_vocab(texts, 8000, 2)
    rows = [encode(text, vocab) for text in texts]
    torch.manual_seed(seed)
    model = LSTMClassifier(len(vocab), embed=16, hidden=32).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=8e-3)
    for epoch in progress(epochs):
        for batch in shuffled_batches(rows, 64, seed + epoch):
            ids, mask = pad_batch([rows[i] for i in batch])
            hidden_words = (torch.rand(ids.shape) < 0.25) & mask
            logits = model(ids.masked_fill(hidden_words, 1).to(device), mask.to(device))
            loss = F.cross_entropy(logits, torch.tensor(labels[batch], device=device))
            optimizer.zero_grad()
            loss.backward()
            clip_gradients(model, 1.0)
            optimizer.step()
    return model.eval(), vocab
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-milestone_sentiment-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("08.milestone_sentiment", train_sentiment)

# %%
def bar(*args):
    """A progress bar over range(*args), gone when it is done."""
    return tqdm(range(*args), leave=False)


def logits_for(model, vocab, texts):
    """The model's logits for many texts, (N, 2), in batches of 256."""
    parts = []
    with torch.no_grad():
        for k in range(0, len(texts), 256):
            ids, mask = pad_batch([encode(text, vocab) for text in texts[k : k + 256]])
            parts.append(model(ids.to(device), mask.to(device)).cpu())
    return torch.cat(parts)


@functools.cache  # later cells ask again and get the same reader; run this cell again to train a new one
def trained_reader():
    """Your reader and its vocabulary, trained on the 8,484 sentences; its held-out logits; the seconds it took."""
    start = time.perf_counter()
    model, vocab = train_sentiment(train_texts, train_labels, REVIEW_EPOCHS, 0, device, bar)
    seconds = time.perf_counter() - start
    return model, vocab, logits_for(model, vocab, test_texts), seconds


with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    _, _, reader_logits, seconds = trained_reader()
    guesses = reader_logits.argmax(dim=1).numpy()
    print(f"TF-IDF + logistic regression   {bag_accuracy:.1%}")
    print(f"your LSTM                      {np.mean(guesses == test_labels):.1%}   ({seconds:.0f} seconds of training)")

# %% [markdown]
# **The network loses**, and by several points. Be honest about such things; the reasons teach more than a win would.
#
# - The data is small. 8,484 sentences of nineteen words each hold few examples of *order mattering*, and many of single words that give the game away: "dull", "hilarious". Adding up words is exactly the right bias for that.
# - The LSTM must learn, from the same few sentences, what every word means *and* how to read. About one word in six of a new sentence it has never met.
# - One label per nineteen words is a thin signal, and it enters at the very end of the chain.
#
# With far more data the order of the two is usually reversed, and with word vectors learned elsewhere, too. Let us see what it *did* learn.

# %% tags=["demo"]
with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    # the same seed gives the same run, so a shorter training is the beginning of a longer one
    curve_epochs = [1, 2, 3, 4, 6]
    on_train, on_test = [], []
    for epochs in bar(len(curve_epochs)):
        model, vocab = train_sentiment(train_texts, train_labels, curve_epochs[epochs], 0, device)
        on_train.append((logits_for(model, vocab, train_texts[:2000]).argmax(1).numpy() == train_labels[:2000]).mean())
        on_test.append((logits_for(model, vocab, test_texts).argmax(1).numpy() == test_labels).mean())
    fig, ax = plt.subplots(figsize=(7, 3))
    ax.plot(curve_epochs, on_train, "ks--", label="sentences it was trained on")
    ax.plot(curve_epochs, on_test, "C0o-", label="held-out sentences")
    ax.axhline(bag_accuracy, color="k", linestyle=":", label="TF-IDF + logistic regression, held out")
    ax.set(title="Learning curve of the reader", xlabel="epochs", ylabel="accuracy", ylim=(0.5, 1.0), xticks=curve_epochs)
    ax.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the dashed line runs away from the solid one: more and more of what is learned belongs to these sentences only. More epochs would widen the gap, not lift the solid line.

# %%
with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    _, _, reader_logits, _ = trained_reader()
    guesses = reader_logits.argmax(dim=1).numpy()
    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (test_labels, guesses), 1)
    sure = torch.softmax(reader_logits, dim=1).numpy()
    price = -np.log(sure[np.arange(len(test_labels)), test_labels])

    fig, ax = plt.subplots(figsize=(3.6, 2.9))
    ax.imshow(table, cmap="Greys", vmin=0, vmax=2 * table.max())
    for row in range(2):
        for column in range(2):
            ax.text(column, row, table[row, column], ha="center", va="center", fontsize=13)
    names = ["displeased", "pleased"]
    ax.set(title="Held-out sentences", xlabel="your LSTM says", ylabel="people say")
    ax.set_xticks([0, 1], names)
    ax.set_yticks([0, 1], names, rotation=90, va="center")
    fig.tight_layout()
    plt.show()
    print("The six that cost it most:")
    for i in np.argsort(price)[-6:][::-1]:
        print(f"  people {names[test_labels[i]]:10}  LSTM {names[guesses[i]]:10} ({sure[i].max():.0%})  {test_texts[i][:110]}")

# %% [markdown]
# *How to read this:* rows are what people said, columns what the network said; right answers stand on the diagonal. Among the worst errors look for irony, for a "but" after which the sentence turns, and for ratings that you would not sign either.
#
# A recurrent network has a charm that the bag of words lacks: you can ask for its opinion after *every* word.

# %%
sentences = [
    "a dull , tedious mess of a movie",
    "a smart , funny and moving film",
    "it starts as a dull mess but becomes a smart , funny and moving film",
    "it starts as a smart , funny and moving film but becomes a dull mess",
]
with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    reader, reader_vocab, _, _ = trained_reader()
    fig, axes = plt.subplots(4, 1, figsize=(9, 6.4), sharey=True)
    for ax, sentence in zip(axes, sentences, strict=True):
        words = sentence.split()
        prefixes = [" ".join(words[: k + 1]) for k in range(len(words))]
        p = torch.softmax(logits_for(reader, reader_vocab, prefixes), dim=1)[:, 1].numpy()
        ax.plot(p, "ko-", markersize=4)
        ax.axhline(0.5, color="0.7", linewidth=0.8)
        ax.set(ylim=(-0.05, 1.05), yticks=[0, 0.5, 1], xlim=(-0.5, len(words) - 0.5))
        ax.set_xticks(range(len(words)), words, fontsize=8)
    axes[0].set_title("P(pleased) after each word")
    fig.supylabel("probability")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* one panel per sentence, the network's opinion after each word, ½ means undecided. Watch how far a single word moves it, and whether the turn after "but" gets through. The last two sentences are nearly the same bag of words. To the bag they must look alike; the reader at least *can* tell them apart.

# %% [markdown]
# ## 5 · A target at every step: text that writes itself
#
# A reader gives one answer at the end. A **language model** answers at *every* step: which character comes next? Nobody has to label anything, since the text is its own answer, shifted by one:
#
# ```
# inputs    i t   i s   a   t r u t
# targets   t   i s   a   t r u t h
# ```
#
# The loss is the cross-entropy of chapter 02, averaged over all N · T answers. When sequences are padded, some of those places are not real, and a mean over them would be a lie.

# %% [markdown]
# ### 08.masked_cross_entropy · A loss that knows what is real
#
# ●○○ · about 6 minutes · 1 point · chapter 09 trains its translator with this
#
# Write `masked_cross_entropy(logits, targets, mask)`: logits (N, T, V), targets (N, T), mask (N, T) with True for real. Return the **mean over all real tokens of the batch**, as a tensor that one can go backward from. What stands in the padded places must make no difference, and an id 0 is real wherever the mask says so.
#
# *Stuck? `hint("08.masked_cross_entropy")`. Moving on is fine; our novel needs no padding.*

# %% nbgrader={"grade": false, "grade_id": "08-masked_cross_entropy", "locked": false, "schema_version": 3, "solution": true}
def masked_cross_entropy(logits, targets, mask):
    """Mean cross-entropy over the real tokens.

    logits: (N, T, V). targets: (N, T) ids. mask: (N, T) bool, True = real. Returns a 0-d tensor, in nats.
    """
    ### BEGIN SOLUTION
    return F.cross_entropy(logits[mask], targets[mask])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-masked_cross_entropy-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.masked_cross_entropy", masked_cross_entropy)

# %% [markdown]
# **Predict, then run.** A lazy model has learned one thing only: the answer is always `<pad>`. On a batch that is 60 % padding, what will a plain mean over all places say about it, and what will yours say?

# %%
with needs("08.masked_cross_entropy"):
    lengths = torch.tensor([10, 4, 3, 2, 1])
    mask = torch.arange(10) < lengths[:, None]  # (5, 10): 20 real places of 50
    targets = torch.randint(1, 30, (5, 10), generator=torch.Generator().manual_seed(0)).masked_fill(~mask, 0)
    lazy = torch.zeros(5, 10, 30)
    lazy[..., 0] = 6.0  # "it is padding, I am sure"
    print(f"plain mean over all places  {F.cross_entropy(lazy.flatten(0, 1), targets.flatten()):.2f}")
    print(f"your masked mean            {masked_cross_entropy(lazy, targets, mask):.2f}   (blind guessing: {np.log(30):.2f})")

# %% [markdown]
# The plain mean praises it: better than guessing! Yours sees that every real answer is wrong, and dearly so.
#
# ### A long text, in chunks
#
# *Pride and Prejudice* has nearly 700,000 characters. Backpropagation through time would unroll the network 700,000 times for one single update, and keep every state in memory. Nobody can pay that. So one cuts the text into **chunks** of, say, 48 characters:
#
# - forwards, the state is **handed on** from chunk to chunk, so the network knows what came long before;
# - backwards, the gradient **stops** at the chunk's beginning.
#
# In PyTorch the second is one word, `state.detach()`: the same numbers, without their history. This is **truncated** backpropagation through time. The truncation that was a bug in section 2 is a decision here, made with open eyes: what a network can *learn* to use reaches 48 characters back, what it *may* use reaches further.

# %% [markdown]
# **Predict, then run.** What if we forget to detach? The cell below reads ten chunks and counts, after each, how many operations a backward pass would walk through. Draw both curves: with detach, and without.

# %%
def operations_behind(tensor):
    """How many nodes of the graph lie behind a tensor."""
    seen, queue = set(), [tensor.grad_fn]
    while queue:
        node = queue.pop()
        if node is not None and node not in seen:
            seen.add(node)
            queue += [parent for parent, _ in node.next_functions]
    return len(seen)


cell, counts = nn.GRUCell(3, 5), {"with detach": [], "without": []}
for name, column in counts.items():
    h = torch.zeros(1, 5)
    for chunk in torch.randn(10, 8, 1, 3):  # ten chunks of eight steps
        h = h.detach() if name == "with detach" else h
        for x in chunk:
            h = cell(x, h)
        column.append(operations_behind(h.sum()))
fig, ax = plt.subplots(figsize=(6.5, 2.7))
ax.plot(range(1, 11), counts["without"], "ks--", label="state handed on with its history")
ax.plot(range(1, 11), counts["with detach"], "C0o-", label="state detached after each chunk")
ax.set(title="The graph behind the newest chunk", xlabel="chunks read", ylabel="operations to go back through")
ax.legend(fontsize=8)
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* the dashed line grows with every chunk, and so do memory and time, until one of them is used up. (Usually PyTorch stops you earlier, with "Trying to backward through the graph a second time".)

# %% [markdown]
# ### 08.truncated_bptt_steps · A long text in chunks
#
# ●●○ · about 15 minutes · 2 points · how the character model is trained
#
# Write `truncated_bptt_steps(model, inputs, targets, optimizer, chunk)`. `inputs` and `targets` are ids (N, T): N long streams of text, side by side. The model is called as `model(ids, state)` and returns `(logits, state)`; the first state is `None`, later ones are a tensor or, for an LSTM, a tuple of tensors.
#
# For each chunk: forward, mean cross-entropy over the chunk's N · length answers, `zero_grad`, backward, step. **One update a chunk**; the last chunk may be shorter and counts too. Between chunks, hand the state on without its history. Return the list of the chunks' losses, as floats.
#
# *Stuck? `hint("08.truncated_bptt_steps")`. Moving on is fine; the second milestone will wait for it.*

# %% nbgrader={"grade": false, "grade_id": "08-truncated_bptt_steps", "locked": false, "schema_version": 3, "solution": true}
def truncated_bptt_steps(model, inputs, targets, optimizer, chunk):
    """Train along long streams, one update for each chunk of time steps.

    inputs, targets: (N, T) ids. model(ids, state) → (logits (N, t, V), state). Returns a list of floats.
    """
    ### BEGIN SOLUTION
    state, losses = None, []
    for first in range(0, inputs.shape[1], chunk):
        logits, state = model(inputs[:, first : first + chunk], state)
        loss = F.cross_entropy(logits.flatten(0, 1), targets[:, first : first + chunk].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
    return losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-truncated_bptt_steps-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("08.truncated_bptt_steps", truncated_bptt_steps)

# %% [markdown]
# And how does such a model *write*? It gives odds for the next character; we draw one, feed it back, and draw again. Before drawing, the logits are divided by a **temperature** τ:
#
# $$p = \mathrm{softmax}(z / \tau)$$
#
# You met this in chapter 02: dividing brings logits closer together (τ > 1, wilder) or moves them apart (τ < 1, more careful). As τ → 0 the likeliest character always wins.

# %% [markdown]
# ### 08.sample_text · Writing, one character at a time
#
# ●●○ · about 12 minutes · 2 points · chapter 09's GPT writes in the same way
#
# Write `sample_text(model, start, length, temperature, generator)`. `start` is a 1-D tensor of ids. The model is called as above, with ids of shape (1, T). Let it read the whole start, then draw `length` new ids, each from softmax(logits / temperature) of the last step, feeding only the newest id along with the state. Return start and new ids in one 1-D tensor.
#
# All randomness must come from `generator` (`torch.multinomial` takes one), so that a text can be written again.
#
# *Stuck? `hint("08.sample_text")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-sample_text", "locked": false, "schema_version": 3, "solution": true}
def sample_text(model, start, length, temperature, generator):
    """Let a model go on writing.

    start: (S,) ids. length: how many new ids. generator: torch.Generator. Returns (S + length,) ids.
    """
    ### BEGIN SOLUTION
    ids, state, new = start, None, start
    with torch.no_grad():
        for _ in range(length):
            logits, state = model(new[None], state)
            p = torch.softmax(logits[0, -1] / temperature, dim=0)
            new = torch.multinomial(p, 1, generator=generator)
            ids = torch.cat([ids, new])
    return ids
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-sample_text-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("08.sample_text", sample_text)

# %% [markdown]
# ### Milestone 2: writing like Jane Austen
#
# The last tenth of the novel is held out. The unit of quality is **bits per character**: the mean of −log₂ p(the character that came). It is the number of yes-or-no questions per character that a perfect packer, armed with the model, would need to write the text down. A fair coin per character is 1 bit.

# %%
novel = " ".join("\n".join(load_austen().chapters).split())  # one long line
characters = sorted(set(novel))
to_id = {c: i for i, c in enumerate(characters)}
novel_ids = torch.tensor([to_id[c] for c in novel])
SPLIT = int(0.9 * len(novel))
train_ids, test_ids = novel_ids[:SPLIT], novel_ids[SPLIT:]
print(f"{len(novel):,} characters, {len(characters)} different ones: {''.join(characters)}")
print(novel[:180], "…")

# %% [markdown]
# The honest baseline is chapter 01's Markov chain with a longer memory: count which character followed each stretch of k characters, and where a stretch was rare, lean on the shorter one (Witten and Bell's way of mixing, 1991). No gradient, no training, one walk through the book.

# %%
def counting_bits(train, test, order):
    """Bits per character of a table of counts with up to `order` characters of context (Witten-Bell mixing)."""
    tables = [defaultdict(Counter) for _ in range(order + 1)]
    for k, table in enumerate(tables):
        for i in range(k, len(train)):
            table[train[i - k : i]][train[i]] += 1
    totals = [{context: sum(c.values()) for context, c in table.items()} for table in tables]
    bits = 0.0
    for i in range(order, len(test)):
        p = 1 / len(characters)
        for k in range(order + 1):
            seen = tables[k].get(test[i - k : i])
            if seen:  # mix what followed this context with what the shorter contexts say
                p = (seen[test[i]] + len(seen) * p) / (totals[k][test[i - k : i]] + len(seen))
        bits -= np.log2(p)
    return bits / (len(test) - order), sum(len(c) for table in tables for c in table.values())


counted = {order: counting_bits(novel[:SPLIT], novel[SPLIT : SPLIT + 20_000], order) for order in (0, 1, 3, 5)}
print(f"all {len(characters)} characters alike      {np.log2(len(characters)):.2f} bits per character")
for order, (bits, entries) in counted.items():
    print(f"table, {order} characters back   {bits:.2f} bits per character   {entries:>9,} counts kept")

# %% [markdown]
# A table with five characters of context is a hard opponent. Here is the network that meets it: an embedding, a GRU, a linear layer. The second helper cuts the text into N parallel streams, each a long piece of the book, with its targets.

# %%
class CharacterModel(nn.Module):
    """Embedding → GRU → linear layer. model(ids (N, T), state) → (logits (N, T, V), state)."""

    def __init__(self, vocab, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 32)
        self.rnn = nn.GRU(32, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):
        out, state = self.rnn(self.embedding(ids), state)
        return self.head(out), state


def as_streams(ids, count):
    """Cut one long text into `count` streams side by side: inputs and targets, (count, T) each."""
    length = (len(ids) - 1) // count
    return ids[: count * length].view(count, length), ids[1 : count * length + 1].view(count, length)

# %% [markdown]
# **Predict, then run.** The table keeps some two hundred thousand numbers. The GRU with 128 units has about 73,000 weights and a state that can, in principle, reach back for pages. After twenty seconds of training, who will be ahead?

# %% [markdown]
# ### 08.milestone_characters · Milestone: writing like Jane Austen
#
# ●●● · about 20 minutes · 3 points · a language model, trained in chunks
#
# Write `train_characters(ids, vocab, hidden, steps, seed, device="cpu", progress=range)`: `ids` is the text as one 1-D tensor, `steps` the number of **updates**. Return a trained model in evaluation mode, called as `model(ids, state)` → `(logits, state)`. The same seed must give the same model. Your own model class is welcome, as long as it reads forwards only.
#
# What works here: `CharacterModel`, 32 streams, chunks of 48, Adam with 1e-2. One walk along the streams is `per_walk` = ceil(T / 48) updates; loop with `for done in progress(0, steps, per_walk)`, shorten the last walk so that there are `steps` updates in all, and let the learning rate fall from walk to walk: `group["lr"] = 1e-2 * (1 - done / steps)` for each `group` in `optimizer.param_groups`.
#
# **To reach:** the check makes 80 updates on a piece of the book, and asks for 0.3 bits less than the letters' frequencies give. *Stuck? `hint("08.milestone_characters")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-milestone_characters", "locked": false, "schema_version": 3, "solution": true}
def train_characters(ids, vocab, hidden, steps, seed, device="cpu", progress=range):
    """Train a character model by truncated backpropagation through time.

    ids: (L,) the text. Returns the model; model(ids (N, T), state) gives (logits (N, T, vocab), state).
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    model = CharacterModel(vocab, hidden).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    inputs, targets = (part.to(device) for part in as_streams(ids, 32))
    per_walk = -(-inputs.shape[1] // 48)
    for done in progress(0, steps, per_walk):
        for group in optimizer.param_groups:
            group["lr"] = 1e-2 * (1 - done / steps)
        columns = 48 * (steps - done)
        truncated_bptt_steps(model, inputs[:, :columns], targets[:, :columns], optimizer, 48)
    return model.eval()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-milestone_characters-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("08.milestone_characters", train_characters)

# %%
def bits_per_character(model, ids):
    """Mean −log₂ p(next character) over a text, read from its beginning in pieces of 2,000."""
    total, state = 0.0, None
    with torch.no_grad():
        for k in range(0, len(ids) - 1, 2000):
            piece = ids[k : k + 2001].to(device)
            logits, state = model(piece[None, :-1], state)
            total += F.cross_entropy(logits[0], piece[1:], reduction="sum").item()
    return total / (len(ids) - 1) / np.log(2)


@functools.cache
def trained_writer():
    """Your character model, trained on nine tenths of the novel, and the seconds it took."""
    start = time.perf_counter()
    model = train_characters(train_ids, len(characters), AUSTEN_HIDDEN, AUSTEN_STEPS, 0, device, bar)
    return model, time.perf_counter() - start


with needs("08.truncated_bptt_steps", "08.milestone_characters"):
    writer, seconds = trained_writer()
    writer_bits = bits_per_character(writer, test_ids[:20_000])
    weights = sum(p.numel() for p in writer.parameters())
    for order, (bits, entries) in counted.items():
        print(f"table, {order} characters back   {bits:.2f} bits per character   {entries:>9,} counts")
    print(f"your GRU                   {writer_bits:.2f} bits per character   {weights:>9,} weights   ({seconds:.0f} seconds)")

# %% [markdown]
# On the CPU **the table wins again**, and clearly. Counting is exact and instant, the book is short, and Jane Austen likes her phrases: what followed "Eliza" before will follow it again. The GRU has read the book two and a half times, has far fewer numbers, and still lands between three and five characters of context: it has *discovered* spelling, words and quotation marks by walking downhill.
#
# What does the table lack? It cannot grow: with ten characters of context nearly every stretch is new, and its size explodes with the text. Networks keep improving with more data, more units and more time, and that is where the two part. With a GPU the same cell trains a model four times as wide, six times as long.
#
# And both can write.

# %% [markdown]
# **Predict, then run.** Three texts from your network, at temperatures 0.4, 0.8 and 1.3. Which one will repeat itself, which one will invent words?

# %%
with needs("08.truncated_bptt_steps", "08.sample_text", "08.milestone_characters"):
    writer_on_cpu = trained_writer()[0].to("cpu")
    opening = torch.tensor([to_id[c] for c in "It is a truth universally "])
    for temperature in [0.4, 0.8, 1.3]:
        ids = sample_text(writer_on_cpu, opening, 260, temperature, torch.Generator().manual_seed(3))
        print(f"temperature {temperature}\n  {''.join(characters[i] for i in ids)}\n")
    writer_on_cpu.to(device)

# %% [markdown]
# Cold, it says the same safe things again and again; hot, it invents words that almost exist. In between it writes something that looks like a page of 1813 as long as you do not read it.
#
# How far back does it really look? We can ask the gradient: take the log-probability of one character, and go back to the embedding of each character before it. It is section 2's question, put to a network that has *learned*.

# %%
with needs("08.truncated_bptt_steps", "08.milestone_characters"):
    writer, _ = trained_writer()
    where = novel.index("Bingley", SPLIT + 12_000) + 3  # the network is about to read the g of "Bingley"
    window = novel_ids[where - 60 : where + 1].to(device)
    embedded = writer.embedding(window[None, :-1]).detach().requires_grad_()  # (1, 60, 32)
    with torch.backends.cudnn.flags(enabled=False):  # cuDNN goes back through a GRU only in training mode
        out, _ = writer.rnn(embedded)
        F.log_softmax(writer.head(out[0, -1]), dim=0)[window[-1]].backward()
    influence = embedded.grad[0].norm(dim=1).cpu().numpy()  # (60,)
    fig, ax = plt.subplots(figsize=(9.5, 2.8))
    ax.bar(range(60), influence, color="0.75", edgecolor="k", linewidth=0.5)
    ax.set_xticks(range(60), [characters[i] if i else "␣" for i in window[:-1].tolist()], fontsize=8)
    ax.set(yscale="log", title=f"What decides about the next character, “{characters[window[-1]]}”", ylabel="size of the gradient", xlabel="the characters read so far")
    fig.tight_layout()
    plt.show()
    near = influence[-5:].sum() / influence.sum()
    print(f"the last five characters hold {near:.0%} of the gradient's length")

# %% [markdown]
# *How to read this:* the taller a bar, the more a change of that character would move the forecast; the axis is logarithmic. Most of the weight lies on the last few characters, the present word. Further back the bars fall, though not in a straight line as in the untrained networks: gates have learned to let some things through.

# %% [markdown]
# ## 6 · Hours: forecasting numbers
#
# Sequences need not be text. Capital Bikeshare in Washington DC counted the bicycles rented in every hour of 2011. Two things to look at before any model: the data's shape, and its **gaps**.

# %%
bikes = load_bikeshare()
missing = np.isnan(bikes.bikers)
at_hour = np.bincount(np.flatnonzero(missing) % 24, minlength=24)

fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 2.9), width_ratios=[2, 1])
hours = np.arange(24 * 156, 24 * 170)  # two weeks from Monday, 6 June
left.plot(hours / 24, bikes.bikers[hours], "k", linewidth=1)
left.set(title="Two weeks of demand", xlabel="day of the year", ylabel="bicycles per hour")
right.bar(range(24), at_hour, color="0.75", edgecolor="k")
right.set(title=f"{missing.sum()} hours are missing", xlabel="hour of the day", ylabel="how many")
fig.tight_layout()
plt.show()
edges = np.flatnonzero(np.diff(np.concatenate([[0], missing, [0]]).astype(int)))  # where a gap begins, where it ends, ...
gaps = edges[1::2] - edges[::2]
print(f"{len(gaps)} gaps; {np.sum(gaps > 5)} of them longer than five hours: three in the winter, one in late August, when a hurricane came")

# %% [markdown]
# *How to read this:* on the left, five double peaks and two single hills a week: commuters and weekends. On the right, the hours that have no row in the file; most of them lie between three and five in the morning, when nobody rented and nobody wrote down a 0.
#
# The file simply leaves these rows out. Feed it to a network as it comes, and "24 rows ago" is sometimes not "yesterday at this hour". So the loader puts every hour in its place and leaves NaN in the gaps. We bridge them with straight lines: good for one quiet hour at night, a makeshift for the long ones.

# %%
demand = bikes.bikers.copy()
demand[missing] = np.interp(np.flatnonzero(missing), np.flatnonzero(~missing), demand[~missing])
TEST_FROM = 24 * 292  # 20 October: what comes after is held out
print(f"training hours {TEST_FROM:,}, held-out hours {len(demand) - TEST_FROM:,}")

# %% [markdown]
# Note how we split: **by time**. Shuffled hours would put Tuesday 8:00 into training and Tuesday 9:00 into the test, and the network would be praised for remembering what nobody will know in reality.

# %% [markdown]
# ### 08.make_windows · Windows on a series
#
# ●○○ · about 6 minutes · 1 point · every forecaster begins here, and many go wrong here
#
# Write `make_windows(series, length, horizon)` in NumPy for a 1-D series of T values. Return `x` (M, length) and `y` (M, horizon): x[i] holds `length` values from place i on, y[i] the `horizon` values that come **right after** it. All windows that fit, each one place further: M = T − length − horizon + 1.
#
# *Stuck? `hint("08.make_windows")`. Moving on is fine; the third milestone will wait for it.*

# %% nbgrader={"grade": false, "grade_id": "08-make_windows", "locked": false, "schema_version": 3, "solution": true}
def make_windows(series, length, horizon):
    """Cut a series into pairs of past and future.

    series: (T,). Returns x (M, length), y (M, horizon), M = T − length − horizon + 1.
    """
    ### BEGIN SOLUTION
    count = len(series) - length - horizon + 1
    x = np.stack([series[i : i + length] for i in range(count)])
    y = np.stack([series[i + length : i + length + horizon] for i in range(count)])
    return x, y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-make_windows-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.make_windows", make_windows)

# %% [markdown]
# The baselines for the next 24 hours, measured as mean absolute error in bicycles:
#
# - **the last hour**, repeated;
# - **seasonal naive**: what was rented at the same hour yesterday, or a week ago;
# - **linear regression** on the 168 hours of the last week, one straight map for each hour ahead.

# %%
from sklearn.linear_model import Ridge

@functools.cache
def held_out_windows():
    """One week of past and one day of future for every held-out hour; the first windows look back into training."""
    return make_windows(demand[TEST_FROM - 168 :], 168, 24)


@functools.cache
def baseline_errors():
    """Mean absolute error of each baseline for 1 … 24 hours ahead, (24,) each."""
    past, future = held_out_windows()
    regression = Ridge(1.0).fit(*make_windows(demand[:TEST_FROM], 168, 24))
    forecasts = {
        "last hour, repeated": past[:, -1:],
        "same hour yesterday": past[:, -24:],
        "same hour a week ago": past[:, :24],
        "linear regression, 168 hours": regression.predict(past),
    }
    return {name: np.abs(forecast - future).mean(axis=0) for name, forecast in forecasts.items()}


def print_errors(errors):
    print("mean absolute error (bicycles)      1 h ahead   6 h ahead   24 h ahead   mean of all 24")
    for name, error in errors.items():
        print(f"{name:32} {error[0]:12.1f} {error[5]:11.1f} {error[23]:12.1f} {error.mean():16.1f}")


with needs("08.make_windows"):
    print_errors(baseline_errors())

# %% [markdown]
# **Predict, then run.** Our LSTM will see the last 48 hours and nothing else: no calendar, no weather. Against these four, where will it win: one hour ahead, six, twenty-four? Everywhere? Nowhere?

# %%
class Forecaster(nn.Module):
    """One number a step → LSTM → linear layer on the last state. forward(x (N, length)) → (N, horizon)."""

    def __init__(self, hidden, horizon):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, horizon)

    def forward(self, x):
        out, _ = self.lstm(x[:, :, None])
        return self.head(out[:, -1])

# %% [markdown]
# ### 08.milestone_bikes · Milestone: how many bicycles next?
#
# ●●● · about 20 minutes · 3 points · a forecaster that people can call
#
# Write `train_forecaster(x, y, epochs, seed, device="cpu", progress=range)`. x is (M, length) and y (M, horizon), both in bicycles. Return a **function** `predict(x)` that takes windows (N, length) and gives forecasts (N, horizon) in bicycles, as a NumPy array. Same seed, same forecasts. A window's forecast must not depend on which other windows are asked about.
#
# What works here: take square roots first (a quiet and a busy hour then vary about equally), then scale by the mean and std of the *training* windows; `Forecaster` with 64 units; Adam with 1e-2 and a falling learning rate (`OneCycleLR` is good); batches of 64; L1 loss, since absolute error is what counts; clip at 1. And undo it all in `predict`.
#
# **To reach:** the check trains on windows of 24 hours from 60 days, and asks that your error for the next three hours be at most a tenth above "same hour yesterday". *Stuck? `hint("08.milestone_bikes")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-milestone_bikes", "locked": false, "schema_version": 3, "solution": true}
def train_forecaster(x, y, epochs, seed, device="cpu", progress=range):
    """Train a forecaster on windows.

    x: (M, length), y: (M, horizon), bicycles. Returns predict: (N, length) → (N, horizon), bicycles.
    """
    ### BEGIN SOLUTION
    mean, std = np.sqrt(x).mean(), np.sqrt(x).std()

    def scaled(counts):
        return torch.tensor((np.sqrt(counts) - mean) / std, dtype=torch.float32, device=device)

    torch.manual_seed(seed)
    model = Forecaster(64, y.shape[1]).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    inputs, targets = scaled(x), scaled(y)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=epochs * -(-len(x) // 64))
    for _ in progress(epochs):
        for rows in torch.randperm(len(x)).split(64):
            loss = F.l1_loss(model(inputs[rows]), targets[rows])
            optimizer.zero_grad()
            loss.backward()
            clip_gradients(model, 1.0)
            optimizer.step()
            schedule.step()

    def predict(x):
        with torch.no_grad():
            return np.maximum(model(scaled(x)).cpu().numpy() * std + mean, 0) ** 2

    return predict
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "08-milestone_bikes-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("08.milestone_bikes", train_forecaster)

# %%
@functools.cache
def trained_forecasts():
    """Your forecasts for every held-out hour, (M, 24), and the seconds that training took."""
    past, _ = held_out_windows()
    start = time.perf_counter()
    predict = train_forecaster(*make_windows(demand[:TEST_FROM], 48, 24), BIKE_EPOCHS, 0, device, bar)
    return predict(past[:, -48:]), time.perf_counter() - start


with needs("08.clip_gradients", "08.make_windows", "08.milestone_bikes"):
    _, future = held_out_windows()
    forecasts, seconds = trained_forecasts()
    errors = {**baseline_errors(), "your LSTM, 48 hours": np.abs(forecasts - future).mean(axis=0)}
    print_errors(errors)
    print(f"({seconds:.0f} seconds of training)")

    fig, ax = plt.subplots(figsize=(8, 3.3))
    styles = ["k:", "k-.", "k--", "ks-", "C0o-"]
    for (name, error), style in zip(errors.items(), styles, strict=True):
        ax.plot(range(1, 25), error, style, markersize=4, linewidth=1, label=name)
    ax.set(title="Error by how far one looks ahead", xlabel="hours ahead", ylabel="mean absolute error (bicycles)", ylim=(0, 110), xticks=[1, 6, 12, 18, 24])
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* one line per method; lower is better. The two seasonal ones are flat, since their information does not age.
#
# For the next hours **your LSTM is ahead of everything**. But its line climbs. Around the eighth hour it meets that of plain linear regression, and from the twelfth on it lies above it. Why? What it has seen of the last 48 hours says much about this evening and little about tomorrow noon: *whether tomorrow is a Saturday* is not in the window, and the regression, which sees a whole week, can look it up. Give a model the information first, and gates second.

# %%
with needs("08.clip_gradients", "08.make_windows", "08.milestone_bikes"):
    _, future = held_out_windows()
    forecasts, _ = trained_forecasts()
    first = 24 * 14 + 17  # forecasts made two weeks into the held-out time
    fig, axes = plt.subplots(1, 2, figsize=(10, 2.9), sharey=True)
    for ax, ahead in zip(axes, [1, 24], strict=True):
        span = np.arange(first, first + 24 * 7)
        ax.plot(span - first, future[span, ahead - 1], color="0.7", linewidth=4, label="what came")
        ax.plot(span - first, forecasts[span, ahead - 1], "k--", linewidth=1, label="your LSTM")
        ax.set(title=f"Forecast {ahead} hour{'s' if ahead > 1 else ''} ahead", xlabel="hours")
    axes[0].set(ylabel="bicycles per hour", ylim=(0, 680))
    axes[0].legend(fontsize=8, loc="upper right", ncols=2)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the wide grey line is what happened in one held-out week, the dashed line what was forecast for it one hour before and a day before. Look at where the weekend begins and ends in the right panel.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** You train on a year of hourly data and hold out *every fifth window*, at random. The test error is wonderful. Why will the first week of real use disappoint?
#
# <details><summary>Answer</summary>
#
# Neighbouring windows overlap: nearly every hour of a held-out window also stands in training windows, and its future too. The test asks about things that were seen. Hold out a stretch of time at the end, as real use does.
#
# </details>

# %% [markdown] tags=["check-yourself"]
# **Check yourself 5.** In truncated backpropagation with chunks of 48, can the model use something it read 200 characters ago?
#
# <details><summary>Answer</summary>
#
# Use it, yes: the state is handed on, and if a gate stays open, something from 200 characters ago is still in it. But no gradient ever told the network *directly* that keeping it for 200 steps would pay off. It can only carry over, to longer spans, what it learned on spans up to 48.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | piece | shapes | in one breath |
# |---|---|---|
# | recurrent step | (N, D), (N, H) → (N, H) | new notes from input and old notes |
# | backpropagation through time | (N, T, H) → dx, dh0, dWx, dWh, db | walk back, carry, sum over the steps |
# | LSTM, GRU | (N, D), (N, H) → (N, H) | keep and add, by gates, in place of rewriting |
# | padding and mask | lists → (N, T), (N, T) | a rectangle that knows what is real |
# | truncated BPTT | (N, T) in chunks | hand on the state, cut its history |
# | temperature | (V,) → one id | bolder or more careful draws |
# | windows | (T,) → (M, length), (M, horizon) | past and future, split by time |
#
# And three habits: a baseline that knows nothing of networks, a split that respects time, and a gradient that is *looked at*. Why should a network squeeze everything it has read through one state at all? That question leads to attention, in a chapter that is being written.

# %% [markdown]
# ## Go further
#
# - J. Elman, [*Finding structure in time*](https://doi.org/10.1207/s15516709cog1402_1), 1990: the network of section 1.
# - Y. Bengio, P. Simard, P. Frasconi, *Learning long-term dependencies with gradient descent is difficult*, IEEE Transactions on Neural Networks 5, 1994: why gradients vanish.
# - S. Hochreiter, J. Schmidhuber, [*Long short-term memory*](https://doi.org/10.1162/neco.1997.9.8.1735), 1997; F. Gers, J. Schmidhuber, F. Cummins, *Learning to forget*, 2000: the LSTM and its forget gate.
# - K. Cho and others, [*Learning phrase representations using RNN encoder–decoder*](https://arxiv.org/abs/1406.1078), 2014: the GRU.
# - R. Pascanu, T. Mikolov, Y. Bengio, [*On the difficulty of training recurrent neural networks*](https://arxiv.org/abs/1211.5063), 2013: the cliff, and clipping.
# - A. Karpathy, [*The unreasonable effectiveness of recurrent neural networks*](http://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015: character models, with much joy.
# - R. Socher and others, *Recursive deep models for semantic compositionality over a sentiment treebank*, EMNLP 2013: trees in place of chains, on film reviews.
