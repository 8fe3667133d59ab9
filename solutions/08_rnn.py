# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Sequences
# **The question of this chapter: "… that a single man in possession of a good fortune, must be in want of a" — you know the next word because of words that came long before. How can a network of fixed size remember, and how does it *learn* what to remember?**
#
# You will write a recurrent network and its gradient by hand, see how that gradient dies on its way into the past and what an LSTM does about it, and train three networks: one reads film reviews, one writes like Jane Austen, one forecasts how many bicycles a city will rent. Each stands beside an honest baseline, and not every network wins.
#
# Plan for five to six hours, in as many sittings as you like. The first half is NumPy, the second PyTorch as in [chapter 06](../06_pytorch/06_pytorch.ipynb). Every exercise can be skipped and picked up later. Symbols are on the [notation page](../notation.ipynb). Where even the last hint does not help, the answers are in the course's `solutions/` folder.

# %%
import functools
import os
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm.auto import trange

from dlcourse_utils import check, hint, needs
from dlcourse_utils.baselines import CountingModel, bag_of_words_accuracy, bridged, forecast_errors, gap_lengths, print_errors
from dlcourse_utils.data import load_austen, load_bikeshare, load_movie_sentiment
from dlcourse_utils.device import device_name, pick_device
from dlcourse_utils.figures import sequences as pictures
from dlcourse_utils.gradients import through_time
from dlcourse_utils.widgets.memory import memory_explorer

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})
device = pick_device()  # a GPU when there is one; pick_device("cpu") stays on the CPU
AUSTEN_HIDDEN, AUSTEN_STEPS = (512, 6000) if device.type == "cuda" else (128, 1000)  # a GPU trains a larger character model
REVIEW_EPOCHS, BIKE_EPOCHS = 6, 10
print(f"running on {device_name(device)}")

# %% [markdown]
# **Predict, then run.** A method that only *counts* words turns a text into a bag of them. Here are two reviews. Are their bags the same, nearly the same, or quite different? And what does that mean for every classifier built on bags, however clever?

# %%
first, second = "the acting is not bad the story is good", "the acting is bad the story is not good"
print(sorted(Counter(first.split()).items()))
print(sorted(Counter(second.split()).items()))
print("the same bag:", Counter(first.split()) == Counter(second.split()))

# %% [markdown]
# The same bag, so the same answer, whatever comes after: one of the two reviewers will be misread. **Order carries meaning.** And the networks of the earlier chapters have another trouble with text: they want inputs of one fixed size, and sentences come in every length. Both troubles have one cure: read one word at a time, from left to right, and keep notes.
#
# ## 1 · A state that walks along
# A **recurrent** network keeps a vector h, its **state**: the notes about everything read so far. At each step it looks at the new input *and* at its notes, and writes new notes:
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$$
#
# The shapes, for N sequences side by side, D numbers per step and H hidden units:
#
# ```
# x_t (N, D) @ Wx (D, H)  +  h (N, H) @ Wh (H, H)  +  b (H,)   →  tanh  →  new h (N, H)
# ```
#
# The same Wx, Wh and b serve at *every* step. So the number of weights has nothing to do with the length of the sequence.
#
# ### 08.rnn_step · One step of a recurrent network
# ●○○ · about 6 minutes · 1 point · the atom of this chapter
#
# Write `rnn_step(x, h, Wx, Wh, b)` for one time step, in NumPy: x is (N, D), h is (N, H). Return the pair `(new_h, cache)`. As in chapter 03, the cache holds whatever your backward pass will need; what you put in is your affair and nobody checks it.
# *Stuck? Run `hint("08.rnn_step")` in a cell of its own. Moving on is fine; the next exercise will want it.*

# %% nbgrader={"grade": false, "grade_id": "08-rnn_step", "locked": false, "schema_version": 3, "solution": true}
def rnn_step(x, h, Wx, Wh, b):
    """One step. x: (N, D) inputs. h: (N, H) the state before. Wx: (D, H), Wh: (H, H), b: (H,). Returns (new h (N, H), cache)."""
    ### BEGIN SOLUTION
    new = np.tanh(x @ Wx + h @ Wh + b)
    return new, (x, h, Wx, Wh, new)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-rnn_step-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.rnn_step", rnn_step)

# %% [markdown]
# **Predict, then run.** A network of 24 units with random weights reads a line, letter by letter, with your step. Then it reads the same line with *one* letter changed: "i**t** is a truth" becomes "i**f** is a truth". Will the two states differ at that letter only? For a few letters more? To the end?

# %%
with needs("08.rnn_step"):
    line = "it is a truth universally acknowledged"
    states, others = (pictures.read_letters(rnn_step, text) for text in (line, line.replace("it", "if", 1)))  # (38, 24) each
    pictures.draw_reading(states, others, line, changed=1)
    plt.show()

# %% [markdown]
# *How to read this:* above, each column is the state after one letter, each row one unit, orange below zero and purple above. Below, the distance between the two runs, on a log scale: nothing before the changed letter, then a jump, then a trace that fades by about a fifth with every letter. That fading trace *is* the memory. Nobody told the network to remember this letter; learning will have to decide what is worth keeping, and for that we need a gradient.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** A recurrent network with D = 27 and H = 100 reads a line of 50 letters. How many weights and biases does it have? And for a line of 5,000 letters?
# <details><summary>Answer</summary>
#
# 27 · 100 + 100 · 100 + 100 = 12,800, for both. The weights are the same at every step; only the number of *steps* grows.
#
# </details>

# %% [markdown]
# ## 2 · Backpropagation through time
# Draw the network once for every step, each copy handing its state to the next, and you have an ordinary deep network: T layers that share their weights. So chapter 03's one rule is all we need: *a number's gradient is the sum, over everyone who used it, of upstream gradient × local slope.* Who used what?
#
# - **h at step t** was used twice: by the loss (or whatever looks at it; that share arrives as `dh[:, t]`), and by step t + 1. Two users, two shares, one sum.
# - **Wx, Wh and b** were used T times. T shares, one sum.
# - **x at step t** was used once.
#
# A state may speak only when its users have spoken, and the later one is step t + 1. So we walk from the last step to the first. That is the whole method, with a grand name: **backpropagation through time**. For one step, with a the sum inside the tanh and *carried* what step t + 1 sends back:
#
# $$da_t = (dh_t + \text{carried}) \cdot (1 - h_t^2) \qquad \text{carried} \leftarrow da_t\, W_h^\top$$
#
# $$dx_t = da_t\, W_x^\top \qquad dW_x \mathrel{+}= x_t^\top da_t \qquad dW_h \mathrel{+}= h_{t-1}^\top da_t \qquad db \mathrel{+}= \textstyle\sum_n da_t$$
#
# Before the last step nothing has been carried yet: it starts at zero. After the first step, what is carried belongs to h₀.

# %% [markdown]
# ### 08.rnn_forward · Backpropagation through time
# ●●● · about 35 minutes · 3 points · the idea behind every trained sequence model
#
# - `rnn_forward(x, h0, Wx, Wh, b)`: x is (N, T, D), h0 is (N, H). Return all states, (N, T, H), and a cache. You may call your `rnn_step`; NumPy only, here too.
# - `rnn_backward(dh, cache)`: dh is (N, T, H), what the loss says to *each* state directly. Return `(dx, dh0, dWx, dWh, db)`, shaped like what they belong to. Leave `dh` itself as it was: the caller may still need it.
#
# The check compares every gradient with PyTorch's autograd through the unrolled network. A gradient that stops too early has all the right shapes; it will be caught by its numbers.
# *Write forward first and run the check; it will tell you about each part. Stuck? `hint("08.rnn_forward")`. Moving on is fine: parts 4 to 6 do not need it.*

# %% nbgrader={"grade": false, "grade_id": "08-rnn_forward", "locked": false, "schema_version": 3, "solution": true}
def rnn_forward(x, h0, Wx, Wh, b):
    """Whole sequences. x: (N, T, D). h0: (N, H). Wx: (D, H), Wh: (H, H), b: (H,). Returns (all states (N, T, H), cache)."""
    ### BEGIN SOLUTION
    h, states, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = rnn_step(x[:, t], h, Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches
    ### END SOLUTION


def rnn_backward(dh, cache):
    """dh: (N, T, H), what the loss says to each state directly. Returns (dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,))."""
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
# **Predict, then run.** Give each of T = 6 steps a Wh *of its own*, six separate matrices that happen to hold the same numbers, and let autograd find the gradient of each. Are the six gradients equal? What is their relation to your one dWh?

# %%
rng = np.random.default_rng(0)
x, h0 = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 4))  # N = 2, T = 6, D = 3, H = 4
Wx, Wh, b = rng.normal(size=(3, 4)) / 2, rng.normal(size=(4, 4)) / 2, np.zeros(4)
dh = rng.normal(size=(2, 6, 4))
copies = [torch.tensor(Wh, requires_grad=True) for _ in range(6)]  # one Wh for each step
h, loss = torch.tensor(h0), 0.0
for t in range(6):
    h = torch.tanh(torch.tensor(x[:, t] @ Wx) + h @ copies[t])  # b is 0
    loss = loss + (h * torch.tensor(dh[:, t])).sum()
per_step = [g.numpy() for g in torch.autograd.grad(loss, copies)]
with needs("08.rnn_forward"):
    dWh = rnn_backward(dh, rnn_forward(x, h0, Wx, Wh, b)[1])[3]
    print("the corner of each gradient: ", *(f"{g[0, 0]:+.4f}" for g in per_step))
    print(f"their sum {sum(per_step)[0, 0]:+.4f}, in your dWh {dWh[0, 0]:+.4f}; all 16 entries equal:", np.allclose(sum(per_step), dWh))

# %% [markdown]
# Six different gradients for six copies, and the gradient of the *one* shared matrix is their **sum**. There is one set of weights, it stays fixed while the whole sequence is read, and afterwards there is one update. What changes at every time step is the state.
#
# ### The gradient's journey
# Now the question that has shaped this field. The loss looks only at the last state. How much of its gradient arrives at the first step? Each step back multiplies by the tanh's slope (at most 1) and by Wh transposed.
#
# **Predict, then run.** Below, Wh turns a state and makes it `stretch` times as long. Before you move the slider, write down for stretch 0.8: what share of the gradient reaches the first of 40 steps: half, a hundredth, less? Then find the stretch at which nothing is lost, once without tanh and once with it.

# %%
memory_explorer()

# %% [markdown]
# *How to read this:* on the left, a nudge to the first state and what is left of it as the network reads on: memory. On the right, a gradient from the last state and what is left of it on the way back: learning. Both axes are logarithmic, so a straight line is a constant factor a step.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/memory_explorer.png" alt="What is left of a nudge going forward and of a gradient going back, over forty steps, both falling on a log scale."></details>
#
# Without tanh, exactly 1 is the only stretch at which the gradient neither **vanishes** nor **explodes**. With tanh the slopes below 1 eat a little more. And the two curves tell the same story: *a network can only learn to remember what it still remembers a trace of* (Hochreiter 1991; Bengio and others 1994).
#
# The explosion has a simple cure. Here is a network with a single hidden unit that reads 15 steps of nothing: h ← tanh(w h − ½), from h = ½. The loss asks that it end near 0.9. One weight, so we can draw the loss over all its values, and ask your `rnn_backward` for the slope.

# %%
with needs("08.rnn_forward"):
    ws, losses, slopes = pictures.walk_over_w(rnn_forward, rnn_backward)  # the loss and your dWh at many w
    pictures.draw_cliff(ws, losses, slopes)
    plt.show()
    k = np.abs(slopes).argmax()
    print(f"steepest at w = {ws[k]:.3f}. A step of learning rate 0.1 from there leads to {ws[k] - 0.1 * slopes[k]:,.1f};")
    print(f"with the gradient shortened to length 1, to {ws[k] - 0.1 * np.sign(slopes[k]):.3f}")

# %% [markdown]
# *How to read this:* left of the cliff the state falls to one side, right of it to the other. In between, a hair's breadth of w decides where 15 steps lead, and the slope is enormous. The first printed step is the trouble: one unlucky batch on a cliff, and the weights land far away from everything that was learned. The direction is right, only the length is mad. So keep the direction and shorten the length.
#
# ### 08.clip_gradients · A leash for the gradient
# ●○○ · about 8 minutes · 1 point · in nearly every training loop of a sequence model
#
# Chapter 04's `clip_by_global_norm`, now on a PyTorch model. Write `clip_gradients(model, max_norm)` for an `nn.Module` after `backward()`. The norm is the L2 norm of *all* gradients together. If it exceeds `max_norm`, scale every `p.grad`, in place, so that it is `max_norm`; else leave them alone. Parameters whose `.grad` is `None` are skipped. Return the norm **before** clipping, as a float.
# *Stuck? `hint("08.clip_gradients")`. Moving on is fine; the milestones will use it.*

# %% nbgrader={"grade": false, "grade_id": "08-clip_gradients", "locked": false, "schema_version": 3, "solution": true}
def clip_gradients(model, max_norm):
    """Shorten the gradients in .grad of an nn.Module so that their common norm is at most max_norm. Returns the norm before."""
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

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** Clipping cures the exploding gradient. Why can't we cure the vanishing one in the same way, by scaling small gradients *up*?
# <details><summary>Answer</summary>
#
# What arrives at a weight is the sum of all steps' shares. When the far steps' shares have vanished, the sum is made of the near ones. Scaling it up makes the near ones louder; the information about the far ones is not in there any more.
#
# </details>

# %% [markdown]
# ## 3 · Gates: a memory that is not rewritten
# Why does the gradient shrink? Because the state is *rewritten* at every step, whether there is news or not: all of it goes through Wh and through tanh. Imagine keeping notes by copying the whole page each minute. The **LSTM** (long short-term memory, Hochreiter and Schmidhuber 1997) keeps a second vector beside h, the **memory** c, and changes it by *erasing* and *adding*:
#
# $$c \leftarrow f \cdot c + i \cdot g \qquad\qquad h \leftarrow o \cdot \tanh(c)$$
#
# All products are element by element. f, i and o are **gates**, numbers between 0 (shut) and 1 (open): f says what to keep (*forget gate*), i what to let in (*input gate*), o what to show (*output gate*). g is the new content, the *candidate*. On the way back along c, the factor per step is just f. A gate near 1, and the gradient walks home unharmed.
#
# ### 08.lstm_step · One step of an LSTM
# ●●○ · about 12 minutes · 2 points · the classifier and every "LSTM" below are made of this
#
# Each of the four is a small layer that looks at x and h. PyTorch keeps the four side by side in one tall matrix, in the order **i, f, g, o**, with two biases where one would do:
#
# ```
# weight_ih (4H, D)    weight_hh (4H, H)    bias_ih (4H,)    bias_hh (4H,)
# x (N, D) @ weight_ih.T + bias_ih + h (N, H) @ weight_hh.T + bias_hh   →   (N, 4H) = [ i | f | g | o ]
# ```
#
# Then a sigmoid for i, f and o, and a tanh for g: gates are shares, content may be negative. Write `lstm_step(x, h, c, params)` in NumPy. `params` is a dict with the four arrays above, named and shaped as in `torch.nn.LSTMCell`. Return the new `(h, c)`. Other books order the gates differently. If you follow one of them, the card will tell you whose order it is.
# *Stuck? `hint("08.lstm_step")`. Moving on is fine; PyTorch has one ready-made.*

# %% nbgrader={"grade": false, "grade_id": "08-lstm_step", "locked": false, "schema_version": 3, "solution": true}
def lstm_step(x, h, c, params):
    """One step of an LSTM, as torch.nn.LSTMCell does it. x: (N, D). h, c: (N, H). params as above. Returns (h, c), both (N, H)."""
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
# **Predict, then run.** Let us set the gates by hand and watch your step keep a memory. One unit, no learning: a 1 comes in at step 3, the input gate opens for it, and then forty steps of silence. Only the forget gate's bias differs between the three lines: 0, 2 and 5, so f is σ(0), σ(2) and σ(5). What share of the memory is left after forty steps in each case? (0.5 to the power of 40 is about 10⁻¹².)

# %%
with needs("08.lstm_step"):
    weights = {"weight_ih": np.array([[10.0], [0.0], [3.0], [0.0]]), "weight_hh": np.zeros((4, 1))}  # a 1 opens i, and makes g near 1
    biases = {forget: np.array([-5.0, forget, 0.0, 5.0]) for forget in [0.0, 2.0, 5.0]}  # i, f, g, o: without a 1, i is shut; o is open
    units = {forget: {**weights, "bias_ih": bias, "bias_hh": np.zeros(4)} for forget, bias in biases.items()}
    pictures.draw_memory_cells(lstm_step, units, steps=44, event=3)
    plt.show()

# %% [markdown]
# *How to read this:* the jump is the event being written down. After it, every step multiplies the memory by f, and the same f multiplies the gradient on its way back. That is why practitioners *start* the forget bias at 1 or 2: a network that forgets everything at once can never find out what it should have kept.
#
# ### 08.gru_step · One step of a GRU
# ●●○ · about 10 minutes · 2 points · the character model below is made of this
#
# The **GRU** (gated recurrent unit, Cho and others 2014) is a leaner relative: no separate memory, three blocks in place of four. With r the *reset gate*, z the *update gate*, n the candidate, as PyTorch defines them:
#
# $$r = \sigma(x_r + h_r) \qquad z = \sigma(x_z + h_z) \qquad n = \tanh(x_n + r \cdot h_n) \qquad h \leftarrow (1 - z) \cdot n + z \cdot h$$
#
# where $x_\bullet$ are the three blocks of `x @ weight_ih.T + bias_ih`, and $h_\bullet$ those of `h @ weight_hh.T + bias_hh`, in the order r, z, n. Keeping and adding share one budget: what z keeps, 1 − z gives up.
#
# Write `gru_step(x, h, params)` in NumPy; `params` as before, with 3H rows. Return the new h, (N, H). Mind where r stands: it multiplies $h_n$ *with* its bias, after the matrix product. (The paper of 2014 has it before. Both work, and the card knows both.)
# *Stuck? `hint("08.gru_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-gru_step", "locked": false, "schema_version": 3, "solution": true}
def gru_step(x, h, params):
    """One step of a GRU, as torch.nn.GRUCell does it. x: (N, D). h: (N, H). params as above. Returns the new h, (N, H)."""
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
torch.manual_seed(0)
kinds = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM, "LSTM, forget bias 3": nn.LSTM}
layers = {name: kind(8, 32, batch_first=True) for name, kind in kinds.items()}
layers["LSTM, forget bias 3"].bias_ih_l0.data[32:64] += 3.0  # the second quarter: i, f, g, o
through_time(layers, torch.randn(16, 60, 8))

# %% [markdown]
# The result surprises many people. **An LSTM as it comes loses its gradient too**, a trillionfold over sixty steps: its forget gates start near ½. That is slower than the plain RNN and just as hopeless. The architecture does not *solve* vanishing. It makes a solution *possible*: a gate can be learned, or set, to stay open, and then the gradient passes. A plain RNN has no such knob.
#
# **Predict, then run.** Does it matter in practice? The smallest test there is: one of four symbols at the first step, then noise, then the network is asked which it was. A plain RNN, an LSTM as it comes, an LSTM with forget bias 4; 16 hidden units, 200 training steps, each three times. Which of them will answer after 10 steps? Which after 40? (Guessing gives 25 %.)

# %% tags=["demo"]
networks = {"RNN": (nn.RNN, 0.0), "LSTM": (nn.LSTM, 0.0), "LSTM,\nforget bias 4": (nn.LSTM, 4.0)}
pictures.draw_recall(networks, distances=[10, 40], seeds=range(3))
plt.show()

# %% [markdown]
# *How to read this:* each circle is one network, trained and tested at that distance. On the dotted line it has learned nothing: no gradient ever told it that the first step mattered. One number in the initialisation decides, and you knew it from the gradient before any training.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Recurrent and recursive networks are the same thing."
#
# A *recurrent* network reads along a chain. A *recursive* one combines along a **tree**: the same small layer merges two neighbours, then merges the results, in whatever order the tree prescribes. Your `rnn_step` can be that layer.
#
# **Predict, then run.** Two trees over the same three words in the same order. Will their results agree? And which of the two, if any, gives what the recurrent network gives?

# %%
rng = np.random.default_rng(5)
not_, very, good = rng.normal(size=(3, 1, 6))  # three words as vectors, (1, 6) each
Wx, Wh, b = rng.normal(size=(6, 6)) / 2, rng.normal(size=(6, 6)) / 2, np.zeros(6)
with needs("08.rnn_step", "08.rnn_forward"):
    def merge(left, right):  # two vectors (1, 6) become one: the right one is read with the left one as notes
        return rnn_step(right, left, Wx, Wh, b)[0]
    print("((not very) good)", merge(merge(not_, very), good)[0].round(2))  # a little good
    print("(not (very good))", merge(not_, merge(very, good))[0].round(2))  # rather bad
    print("recurrent        ", rnn_forward(np.stack([very, good], axis=1), not_, Wx, Wh, b)[0][0, -1].round(2))  # starts from "not"

# %% [markdown]
# Two trees, two results. The recurrent network is the special case whose tree always leans to the left: a chain. So every recurrent network is a recursive one, but not the other way round, and a recursive network needs somebody to bring the tree.
#
# ## 4 · Words as numbers, and a reader
# Now real text: 10,605 sentences from film reviews. About twenty people rated each from −4 to 4; our question is only whether the mean is above zero. The file begins with the favourable ones, so **shuffle before you split**: the last fifth as it stands is nearly all complaints.

# %%
reviews = load_movie_sentiment()
order = np.random.default_rng(0).permutation(len(reviews.texts))
texts, labels = [reviews.texts[i] for i in order], (reviews.ratings[order] > 0).astype(int)  # 1: it pleases
CUT = 8_484  # four fifths
train_texts, train_labels, test_texts, test_labels = texts[:CUT], labels[:CUT], texts[CUT:], labels[CUT:]
for text, label in zip(train_texts[:4], train_labels[:4], strict=True):
    print(label, text)
print(f"{len(train_texts)} to train on, {len(test_texts)} held out; {train_labels.mean():.1%} of the labels are 1")

# %% [markdown]
# ### 08.build_vocab · A vocabulary
# ●○○ · about 10 minutes · 1 point · the first line of every text project
#
# A network takes numbers, so every word gets an **id**, its row in a table of vectors (the *embedding*). Two ids are reserved: **0 is `<pad>`**, filling for short sentences, never a word. **1 is `<unk>`**, for every word that the vocabulary does not know; rare words go there too, since a word met once teaches nothing.
#
# Write `build_vocab(texts, max_size, min_count)`. Lower-case the texts and split them at white space, as `.split()` does (punctuation stays where it is). Return a dict word → id: `<pad>` 0, `<unk>` 1, then the words from 2 on, **most frequent first, ties in alphabetical order**. Only words that occur at least `min_count` times, and at most `max_size` entries in all, the two specials included. (Why the ties? Python shuffles the order of a set from run to run, and a saved model would meet other ids tomorrow.)
# *Stuck? `hint("08.build_vocab")`. Moving on is fine; the milestone will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "08-build_vocab", "locked": false, "schema_version": 3, "solution": true}
def build_vocab(texts, max_size, min_count):
    """Returns {"<pad>": 0, "<unk>": 1, most frequent word of the texts: 2, ...}, at most max_size entries."""
    ### BEGIN SOLUTION
    counts = Counter(word for text in texts for word in text.lower().split())
    kept = sorted((w for w in counts if counts[w] >= min_count), key=lambda w: (-counts[w], w))
    return {word: i for i, word in enumerate(["<pad>", "<unk>", *kept][:max_size])}
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-build_vocab-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.build_vocab", build_vocab)

# %% [markdown]
# ### 08.encode · A text as numbers
# ●○○ · about 4 minutes · 1 point · used with every sentence from here on
#
# Write `encode(text, vocab)`: the text's ids as a list of int, one for each word, in their order. Lower-case and split as above; a word that is not in the vocabulary becomes the id of `<unk>`.
# *Stuck? `hint("08.encode")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-encode", "locked": false, "schema_version": 3, "solution": true}
def encode(text, vocab):
    """The ids of a text's words. vocab: dict word → id, with "<unk>" in it. Returns a list of int."""
    ### BEGIN SOLUTION
    return [vocab.get(word, vocab["<unk>"]) for word in text.lower().split()]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-encode-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.encode", encode)

# %%
with needs("08.build_vocab", "08.encode"):
    words_vocab = build_vocab(train_texts, 8000, 2)
    unknown = np.mean([i == 1 for text in test_texts for i in encode(text, words_vocab)])
    print(len(words_vocab), "entries, the first:", list(words_vocab)[:14])
    print("encoded:", encode("A bad film, not a zorbly one", words_vocab))
    print(f"{unknown:.1%} of the words in the held-out sentences are unknown")

# %% [markdown]
# ### 08.pad_batch · A rectangle and its mask
# ●○○ · about 6 minutes · 1 point · every batch of text goes through this
#
# Sentences differ in length, and a tensor is a rectangle. So short ones are filled up with 0 on the right, and a **mask** remembers which places are real. Write `pad_batch(sequences)` for a list of lists of ids. Return two torch tensors of shape (N, T), T being the longest length: `ids` (int64, padded **on the right** with 0) and `mask` (bool, **True where it is real**). Keep the order of the rows.
# *Stuck? `hint("08.pad_batch")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-pad_batch", "locked": false, "schema_version": 3, "solution": true}
def pad_batch(sequences):
    """Make a rectangle of N lists of int. Returns (ids (N, T) int64, mask (N, T) bool, True = real)."""
    ### BEGIN SOLUTION
    ids = torch.zeros(len(sequences), max(len(s) for s in sequences), dtype=torch.int64)
    mask = torch.zeros(ids.shape, dtype=torch.bool)
    for i, s in enumerate(sequences):
        ids[i, : len(s)] = torch.tensor(s)
        mask[i, : len(s)] = True
    return ids, mask
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-pad_batch-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.pad_batch", pad_batch)

# %% [markdown]
# ### 08.LSTMClassifier · An LSTM that reads a sentence
# ●●○ · about 15 minutes · 2 points · the reader of the milestone
#
# Write the module `LSTMClassifier(vocab, embed=64, hidden=64, classes=2)`; `vocab` is the *number* of ids. Three layers: an embedding, one LSTM, one linear layer. `forward(ids, mask)` takes (N, T) and (N, T) and returns logits (N, classes).
#
# The linear layer shall see the LSTM's state h after each sentence's **last real word**. Padding, however much and whatever stands in it, must make no difference. `nn.LSTM` happily reads the padding too, and its `out[:, -1]` is the state after that: a trap that many tutorials fall into. In each row the real words come first, and there is at least one.
# *Stuck? `hint("08.LSTMClassifier")`. Moving on is fine; the first milestone will wait for it.*

# %% nbgrader={"grade": false, "grade_id": "08-LSTMClassifier", "locked": false, "schema_version": 3, "solution": true}
class LSTMClassifier(nn.Module):
    """Embedding → LSTM → linear layer on the state after the last real token. model(ids (N, T), mask (N, T)) → (N, classes)."""

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
        return self.head(out[torch.arange(len(ids), device=ids.device), mask.sum(dim=1) - 1])
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-LSTMClassifier-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("08.LSTMClassifier", LSTMClassifier)

# %% [markdown]
# **Predict, then run.** An untrained reader gets the same sentence with 0, 5, 20 and 80 columns of padding behind it. What will yours say each time? And will `out[:, -1]`, after 80 steps of the same input, still know the sentence? Think of section 2.

# %%
with needs("08.pad_batch", "08.LSTMClassifier"):
    torch.manual_seed(0)
    untrained, embedding, lstm = LSTMClassifier(8), nn.Embedding(8, 64), nn.LSTM(64, 64, batch_first=True)
    print("padding   your logits for 'a bad film'   |out[:, -1]('bad') − out[:, -1]('good')|")
    for more in [0, 5, 20, 80]:
        ids, mask = pad_batch([[2, 3, 5] + [0] * more, [2, 4, 5] + [0] * more])  # "a bad film", "a good film"
        mask[:, 3:] = False
        bad, good = lstm(embedding(ids))[0][:, -1]
        print(f"{more:5}     {untrained(ids, mask)[0].detach().numpy().round(4)}               {(bad - good).norm():.6f}")

# %% [markdown]
# Yours does not move. The last column does, and worse: behind enough padding, "bad" and "good" leave the same state. It is the fading memory of section 1, in working code whose shapes all look right.
#
# ### The first opponent
# The honest baseline first. TF-IDF weighs the words of a bag by how telling they are, and logistic regression adds them up. It knows nothing about order, so it cannot tell our first two reviews apart.
#
# **Predict, then run.** The LSTM sees order, negation, the whole sentence. It has 8,484 of them to learn from. Write down by how much it will beat the bag of words.

# %%
bag_accuracy = bag_of_words_accuracy(train_texts, train_labels, test_texts, test_labels)
print(f"always the more common answer  {max(test_labels.mean(), 1 - test_labels.mean()):.1%}")
print(f"TF-IDF + logistic regression   {bag_accuracy:.1%}")


def shuffled_batches(rows, size, seed):
    """For your training: yields lists of indices, every row once, shuffled; rows of similar length go together."""
    order = np.random.default_rng(seed).permutation(len(rows))
    for part in np.array_split(order, max(len(order) // (8 * size), 1)):
        by_length = sorted(part.tolist(), key=lambda i: len(rows[i]))
        yield from (by_length[k : k + size] for k in range(0, len(by_length), size))

# %% [markdown]
# ### 08.milestone_sentiment · Milestone: does the reviewer like it?
# ●●● · about 25 minutes · 3 points · a reader, from raw text to answers
#
# Write `train_sentiment(texts, labels, epochs, seed, device="cpu", progress=range)`. `labels` is a NumPy array of 0 and 1. Return `(model, vocab)`: a trained model in evaluation mode that takes `(ids, mask)`, and the vocabulary it was trained with. The same seed must give the same model, another seed another one. Loop with `for epoch in progress(epochs)`: `range`, or the notebook's progress bar.
#
# What works here:
#
# - a vocabulary of 8,000 words met at least twice, and `LSTMClassifier` with `embed=16, hidden=32`;
# - cross-entropy, Adam with 8e-3, gradients clipped to norm 1; `shuffled_batches` of 64 (given above), with `seed + epoch`, so that each epoch has an order of its own; ids, mask and labels of a batch move to `device`;
# - **a quarter of the words hidden**: their ids set to 1, drawn anew in each batch, so that no sentence can be learned by heart. Padding stays padding.
#
# **To reach:** the check makes a little language up, trains your function on 400 reviews for 12 epochs, and asks for 75 % on others. On the real ones, about 74 % is what this network gives, a point more or less from seed to seed.
# *Stuck? `hint("08.milestone_sentiment")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-milestone_sentiment", "locked": false, "schema_version": 3, "solution": true}
def train_sentiment(texts, labels, epochs, seed, device="cpu", progress=range):
    """texts: list of str. labels: (N,) array of 0 and 1. Returns (model, vocab); model(ids, mask) gives logits (N, 2)."""
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
            optimizer.zero_grad()
            F.cross_entropy(logits, torch.tensor(labels[batch], device=device)).backward()
            clip_gradients(model, 1.0)
            optimizer.step()
    return model.eval(), vocab
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-milestone_sentiment-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("08.milestone_sentiment", train_sentiment)

# %%
bar = functools.partial(trange, leave=False, disable="NBGRADER_EXECUTION" in os.environ)  # a range that shows its progress


def logits_for(model, vocab, texts):
    ids, mask = pad_batch([encode(text, vocab) for text in texts])
    with torch.no_grad():
        return model(ids.to(device), mask.to(device)).cpu()


def share_right(model, vocab, texts, labels):
    return (logits_for(model, vocab, texts).argmax(dim=1).numpy() == labels).mean()


@functools.cache  # later cells ask again and get the same reader; run this cell again to train a new one
def trained_reader(epochs):
    return train_sentiment(train_texts, train_labels, epochs, 0, device, bar)


with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    print(f"TF-IDF + logistic regression   {bag_accuracy:.1%}")
    print(f"your LSTM                      {share_right(*trained_reader(REVIEW_EPOCHS), test_texts, test_labels):.1%}")

# %% [markdown]
# **The network loses**, and by several points. The reasons teach more than a win would.
#
# - The data is small. 8,484 sentences of nineteen words each hold few examples of *order mattering*, and many of single words that give the game away: "dull", "hilarious". Adding up words is exactly the right bias for that.
# - The LSTM must learn, from the same few sentences, what every word means *and* how to read. About one word in six of a new sentence it has never met.
# - One label per nineteen words is a thin signal, and it enters at the very end of the chain.
#
# With far more data the order of the two is usually reversed, and with word vectors learned elsewhere, too. Let us see what it *did* learn.

# %% tags=["demo"]
with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    epochs = [1, 2, 4, REVIEW_EPOCHS]  # the same seed gives the same run: a shorter training is the beginning of a longer one
    seen = [share_right(*trained_reader(e), train_texts[:2000], train_labels[:2000]) for e in epochs]
    unseen = [share_right(*trained_reader(e), test_texts, test_labels) for e in epochs]
    pictures.draw_learning_curve(epochs, seen, unseen, bag_accuracy)
    sure = torch.softmax(logits_for(*trained_reader(REVIEW_EPOCHS), test_texts), dim=1).numpy()  # (2121, 2)
    pictures.draw_confusion(test_labels, sure.argmax(axis=1))
    plt.show()
    for i in np.argsort(sure[np.arange(len(test_labels)), test_labels])[:6]:  # the least probability for the truth
        print(f"  people {pictures.ANSWERS[test_labels[i]]:10}  LSTM {pictures.ANSWERS[sure[i].argmax()]:10} ({sure[i].max():.0%})  {test_texts[i][:110]}")

# %% [markdown]
# *How to read this:* in the curves, the dashed line runs away from the solid one: more and more of what is learned belongs to these sentences only. More epochs would widen the gap, not lift the solid line. In the table, rows are what people said, columns what the network said; right answers stand on the diagonal. Among the worst errors look for irony, for a "but" after which the sentence turns, and for ratings that you would not sign either. (Printed are the six that cost it most.)
#
# A recurrent network has a charm that the bag of words lacks: you can ask for its opinion after *every* word.

# %%
with needs("08.build_vocab", "08.encode", "08.pad_batch", "08.LSTMClassifier", "08.clip_gradients", "08.milestone_sentiment"):
    opinions = {}
    for sentence in ["a dull , tedious mess of a movie", "a smart , funny and moving film",
                     "it starts as a dull mess but becomes a smart , funny and moving film",
                     "it starts as a smart , funny and moving film but becomes a dull mess"]:  # fmt: skip
        beginnings = [sentence[:k] for k in range(len(sentence) + 1) if sentence[k : k + 1] in (" ", "")]
        opinions[sentence] = torch.softmax(logits_for(*trained_reader(REVIEW_EPOCHS), beginnings), dim=1)[:, 1].numpy()
    pictures.draw_opinions(opinions)
    plt.show()

# %% [markdown]
# *How to read this:* one panel per sentence, the network's opinion after each word, ½ means undecided. Watch how far a single word moves it, and whether the turn after "but" gets through. The last two sentences are the same bag of words. To the bag they must look alike; the reader at least *can* tell them apart.
#
# ## 5 · A target at every step: text that writes itself
# A reader gives one answer at the end. A **language model** answers at *every* step: which character comes next? Nobody has to label anything, since the text is its own answer, shifted by one:
#
# ```
# inputs    i t   i s   a   t r u t
# targets   t   i s   a   t r u t h
# ```
#
# ### 08.masked_cross_entropy · A loss that knows what is real
# ●○○ · about 6 minutes · 1 point · chapter 09 trains its translator with this
#
# The loss is the cross-entropy of chapter 02, averaged over all N · T answers. When sequences are padded, some of those places are not real, and a mean over them would be a lie.
#
# Write `masked_cross_entropy(logits, targets, mask)`: logits (N, T, V), targets (N, T), mask (N, T) with True for real. Return the **mean over all real tokens of the batch**, as a tensor that one can go backward from. What stands in the padded places must make no difference, and an id 0 is real wherever the mask says so. Leave `targets` and `mask` as they were.
# *Stuck? `hint("08.masked_cross_entropy")`. Moving on is fine; our novel needs no padding.*

# %% nbgrader={"grade": false, "grade_id": "08-masked_cross_entropy", "locked": false, "schema_version": 3, "solution": true}
def masked_cross_entropy(logits, targets, mask):
    """Mean over the real tokens, a 0-d tensor. logits: (N, T, V). targets: (N, T) ids. mask: (N, T) bool, True = real."""
    ### BEGIN SOLUTION
    return F.cross_entropy(logits[mask], targets[mask])
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-masked_cross_entropy-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.masked_cross_entropy", masked_cross_entropy)

# %% [markdown]
# **Predict, then run.** A lazy model has learned one thing only: the answer is always `<pad>`. On a batch that is 60 % padding, what will a plain mean over all places say about it, and what will yours say?

# %%
with needs("08.masked_cross_entropy"):
    mask = torch.arange(10) < torch.tensor([10, 4, 3, 2, 1])[:, None]  # (5, 10): 20 real places of 50
    targets = torch.randint(1, 30, (5, 10), generator=torch.Generator().manual_seed(0)).masked_fill(~mask, 0)
    lazy = 6.0 * F.one_hot(torch.zeros(5, 10, dtype=torch.int64), 30)  # "it is id 0, padding, I am sure"
    print(f"plain mean over all places  {F.cross_entropy(lazy.flatten(0, 1), targets.flatten()):.2f}")
    print(f"your masked mean            {masked_cross_entropy(lazy, targets, mask):.2f}   (blind guessing: {np.log(30):.2f})")

# %% [markdown]
# The plain mean praises it: better than guessing! Yours sees that every real answer is wrong, and dearly so.
#
# ### A long text, in chunks
# *Pride and Prejudice* has nearly 700,000 characters. Backpropagation through time would unroll the network 700,000 times for one single update, and keep every state in memory. So one cuts the text into **chunks** of, say, 48 characters. Forwards, the state is **handed on** from chunk to chunk, so the network knows what came long before. Backwards, the gradient **stops** at the chunk's beginning: `state.detach()` in PyTorch, the same numbers without their history.
#
# This is **truncated** backpropagation through time. The truncation that was a bug in section 2 is a decision here: what a network can *learn* to use reaches 48 characters back, what it *may* use reaches further.
#
# **Predict, then run.** What if we forget to detach? The cell below reads ten chunks and counts, after each, how many operations a backward pass would walk through. Draw both curves: with detach, and without.

# %%
cell, counts = nn.GRUCell(3, 5), {True: [], False: []}
for detach, column in counts.items():
    h = torch.zeros(1, 5)
    for chunk in torch.randn(10, 8, 1, 3):  # ten chunks of eight steps
        h = h.detach() if detach else h
        for x in chunk:
            h = cell(x, h)
        column.append(pictures.operations_behind(h))
pictures.draw_graph_growth(counts[False], counts[True])
plt.show()

# %% [markdown]
# *How to read this:* the dashed line grows with every chunk, and so do memory and time, until one of them is used up. (Usually PyTorch stops you earlier, with "Trying to backward through the graph a second time".)
#
# ### 08.truncated_bptt_steps · A long text in chunks
# ●●○ · about 15 minutes · 2 points · how the character model is trained
#
# Write `truncated_bptt_steps(model, inputs, targets, optimizer, chunk)`. `inputs` and `targets` are ids (N, T): N long streams of text, side by side. The model is called as `model(ids, state)` and returns `(logits, state)`; the first state is `None`, later ones are a tensor or, for an LSTM, a tuple of tensors.
#
# For each chunk: forward, mean cross-entropy over the chunk's N · length answers, `zero_grad`, backward, step. **One update a chunk**; the last chunk may be shorter and counts too. Between chunks, hand the state on without its history. Return the list of the chunks' losses, as floats.
# *Stuck? `hint("08.truncated_bptt_steps")`. Moving on is fine; the second milestone will wait for it.*

# %% nbgrader={"grade": false, "grade_id": "08-truncated_bptt_steps", "locked": false, "schema_version": 3, "solution": true}
def truncated_bptt_steps(model, inputs, targets, optimizer, chunk):
    """inputs, targets: (N, T) ids. model(ids, state) → (logits (N, t, V), state). Returns each chunk's loss, a list of floats."""
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
# ### 08.sample_text · Writing, one character at a time
# ●●○ · about 12 minutes · 2 points · chapter 09's GPT writes in the same way
#
# And how does such a model *write*? It gives odds for the next character; we draw one, feed it back, and draw again. Before drawing, the logits are divided by a **temperature** τ: $p = \mathrm{softmax}(z / \tau)$. You met this in chapter 02: dividing brings logits closer together (τ > 1, wilder) or moves them apart (τ < 1, more careful). As τ → 0 the likeliest character always wins.
#
# Write `sample_text(model, start, length, temperature, generator)`. `start` is a 1-D tensor of ids. The model is called as above, with ids of shape (1, T). Let it read the whole start, then draw `length` new ids, each from softmax(logits / temperature) of the last step, feeding only the newest id along with the state. The temperature is above 0; nothing is trained here, so no gradients are needed, and the model's mode stays as it is. Return start and new ids in one 1-D tensor. All randomness must come from `generator` (`torch.multinomial` takes one), so that a text can be written again.
# *Stuck? `hint("08.sample_text")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-sample_text", "locked": false, "schema_version": 3, "solution": true}
def sample_text(model, start, length, temperature, generator):
    """Let a model go on writing. start: (S,) ids. length: how many new ids. Returns (S + length,) ids."""
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
# ### The second opponent
# The last tenth of the novel is held out. The unit of quality is **bits per character**: the mean of −log₂ p(the character that came), the number of yes-or-no questions per character that a perfect packer, armed with the model, would need to write the text down.
#
# The honest baseline is chapter 01's Markov chain with a longer memory: count which character followed each stretch of k characters, and where a stretch was rare, lean on the shorter one (Witten and Bell's way of mixing, 1991). No gradient, no training, one walk through the book. The network that meets it stands below the counting.

# %%
novel = " ".join("\n".join(load_austen().chapters).split())  # one long line
characters = sorted(set(novel))
novel_ids = torch.tensor([characters.index(c) for c in novel])
SPLIT = int(0.9 * len(novel))
print(f"{len(novel):,} characters, {len(characters)} different ones (all alike: {np.log2(len(characters)):.2f} bits): {''.join(characters)}")
table = CountingModel(novel[:SPLIT], 5, "".join(characters))
counted = {k: table.bits_per_character(novel[SPLIT : SPLIT + 20_000], k) for k in (0, 1, 3, 5)}
for k, bits in counted.items():
    print(f"table, {k} characters back   {bits:.2f} bits per character   {table.entries(k):>9,} counts kept")


class CharacterModel(nn.Module):
    """For your training: embedding → GRU → linear layer. model(ids (N, T), state) → (logits (N, T, V), state)."""

    def __init__(self, vocab, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 32)
        self.rnn = nn.GRU(32, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):
        out, state = self.rnn(self.embedding(ids), state)
        return self.head(out), state


def as_streams(ids, count):
    """For your training: the text cut into long pieces side by side. Returns inputs and targets, (count, T) each."""
    length = (len(ids) - 1) // count
    return ids[: count * length].view(count, length), ids[1 : count * length + 1].view(count, length)

# %% [markdown]
# ### 08.milestone_characters · Milestone: writing like Jane Austen
# ●●● · about 20 minutes · 3 points · a language model, trained in chunks
#
# Write `train_characters(ids, vocab, hidden, steps, seed, device="cpu", progress=range)`: `ids` is the text as one 1-D tensor, `steps` the number of **updates**. Return a trained model in evaluation mode, called as `model(ids, state)` → `(logits, state)`. The same seed must give the same model, another seed another one. Your own model class is welcome, as long as it reads forwards only.
#
# What works here: `CharacterModel` and `as_streams` from the cell above, 32 streams, your `truncated_bptt_steps` with chunks of 48, Adam with 1e-2. With streams of T characters, one walk along them is `per_walk` = ceil(T / 48) updates.
#
# - Loop with `for done in progress(0, steps, per_walk)`: `done` is the number of updates made so far.
# - Let the learning rate fall from walk to walk: `group["lr"] = 1e-2 * (1 - done / steps)` for each `group` in `optimizer.param_groups`.
# - Give each walk the first (steps − done) · 48 columns of the streams. That is all of them, except in the last walk, which so ends after `steps` updates in all.
#
# **To reach:** the check makes 80 updates on a piece of the book, and asks for 0.3 bits less than the letters' frequencies give.
# *Stuck? `hint("08.milestone_characters")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-milestone_characters", "locked": false, "schema_version": 3, "solution": true}
def train_characters(ids, vocab, hidden, steps, seed, device="cpu", progress=range):
    """ids: (L,) the text. Returns the model; model(ids (N, T), state) gives (logits (N, T, vocab), state)."""
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

# %% [markdown]
# **Predict, then run.** The table keeps some two hundred thousand numbers. The GRU with 128 units has about 73,000 weights and a state that can, in principle, reach back for pages. After less than a minute of training, who will be ahead?

# %%
def bits_per_character(model, ids):
    """Mean −log₂ p(next character) over a text, ids (L,)."""
    with torch.no_grad():
        logits, _ = model(ids[None, :-1].to(device), None)
    return F.cross_entropy(logits[0].cpu(), ids[1:]).item() / np.log(2)


@functools.cache
def trained_writer():
    return train_characters(novel_ids[:SPLIT], len(characters), AUSTEN_HIDDEN, AUSTEN_STEPS, 0, device, bar)


with needs("08.truncated_bptt_steps", "08.milestone_characters"):
    print(f"tables, 3 and 5 characters back   {counted[3]:.2f} and {counted[5]:.2f} bits per character")
    print(f"your GRU                          {bits_per_character(trained_writer(), novel_ids[SPLIT : SPLIT + 20_000]):.2f} bits per character")

# %% [markdown]
# On the CPU **the table wins**, and clearly. Counting is exact and instant, the book is short, and Jane Austen likes her phrases: what followed "Eliza" before will follow it again. The GRU has read the book two and a half times, has far fewer numbers, and still lands between three and five characters of context: it has *discovered* spelling, words and quotation marks by walking downhill.
#
# What does the table lack? It cannot grow: with ten characters of context nearly every stretch is new. Networks keep improving with more data, more units and more time. With a GPU the same cell trains a model four times as wide, six times as long.
#
# **Predict, then run.** And both can write. Three texts from your network, at temperatures 0.4, 0.8 and 1.3. Which one will repeat itself, which one will invent words?

# %%
with needs("08.truncated_bptt_steps", "08.sample_text", "08.milestone_characters"):
    opening = torch.tensor([characters.index(c) for c in "It is a truth universally "], device=device)
    for temperature in [0.4, 0.8, 1.3]:
        ids = sample_text(trained_writer(), opening, 260, temperature, torch.Generator(device).manual_seed(3))
        print(f"temperature {temperature}\n  {''.join(characters[i] for i in ids)}\n")

# %% [markdown]
# Cold, it says the same safe things again and again; hot, it invents words that almost exist. In between it writes something that looks like a page of 1813 as long as you do not read it.
#
# How far back does it really look? Ask the gradient: take the log-probability of one character, and go back to the embedding of each character before it. It is section 2's question, put to a network that has *learned*.

# %%
with needs("08.truncated_bptt_steps", "08.milestone_characters"):
    here = novel.index("Bingley", SPLIT + 12_000) + 3  # the network is about to read the g of "Bingley"
    influence = pictures.influence_on(trained_writer(), novel_ids[here - 60 : here + 1].to(device))  # (60,)
    pictures.draw_influence(novel[here - 60 : here], influence, novel[here])
    plt.show()
    print(f"the last five characters hold {influence[-5:].sum() / influence.sum():.0%} of the gradient's length")

# %% [markdown]
# *How to read this:* the taller a bar, the more a change of that character would move the forecast; the axis is logarithmic. Most of the weight lies on the last few characters, the present word. Further back the bars fall, though not in a straight line as in the untrained networks: gates have learned to let some things through.
#
# ## 6 · Hours: forecasting numbers
# Sequences need not be text. Capital Bikeshare in Washington DC counted the bicycles rented in every hour of 2011. Two things to look at before any model: the data's shape, and its **gaps**.

# %%
bikers = load_bikeshare().bikers  # (8760,), NaN where the file has no row
pictures.draw_demand(bikers)
plt.show()
gaps = gap_lengths(bikers)
print(f"{len(gaps)} gaps; {np.sum(gaps > 5)} of them longer than five hours")
demand = bridged(bikers)  # straight lines over the gaps
TEST_FROM = 24 * 292  # 20 October: 7,008 hours to train on; what comes after is held out

# %% [markdown]
# *How to read this:* on the left, five double peaks and two single hills a week: commuters and weekends. On the right, the hours that have no row in the file; most of them lie between three and five in the morning, when nobody rented and nobody wrote down a 0.
#
# The file simply leaves these rows out, so "24 rows ago" is sometimes not "yesterday at this hour". The loader puts every hour in its place and leaves NaN in the gaps. We bridge them with straight lines: good for one quiet hour at night, a makeshift for the long ones. And note how we split: **by time**, as real use does.
#
# ### 08.make_windows · Windows on a series
# ●○○ · about 6 minutes · 1 point · every forecaster begins here, and many go wrong here
#
# Write `make_windows(series, length, horizon)` in NumPy for a 1-D series of T values. Return `x` (M, length) and `y` (M, horizon): x[i] holds `length` values from place i on, y[i] the `horizon` values that come **right after** it. All windows that fit, each one place further: M = T − length − horizon + 1.
# *Stuck? `hint("08.make_windows")`. Moving on is fine; the third milestone will wait for it.*

# %% nbgrader={"grade": false, "grade_id": "08-make_windows", "locked": false, "schema_version": 3, "solution": true}
def make_windows(series, length, horizon):
    """Cut a series (T,) into pairs of past and future: x (M, length), y (M, horizon), M = T − length − horizon + 1."""
    ### BEGIN SOLUTION
    count = len(series) - length - horizon + 1
    x = np.stack([series[i : i + length] for i in range(count)])
    y = np.stack([series[i + length : i + length + horizon] for i in range(count)])
    return x, y
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "08-make_windows-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("08.make_windows", make_windows)

# %% [markdown]
# The baselines for the next 24 hours, measured as mean absolute error in bicycles: **the last hour**, repeated; **seasonal naive**: what was rented at the same hour yesterday, or a week ago; **linear regression** on the 168 hours of the last week, one straight map for each hour ahead.
#
# **Predict, then run.** Our LSTM will see the last 48 hours and nothing else: no calendar, no weather. Against these four, where will it win: one hour ahead, six, twenty-four? Everywhere? Nowhere?

# %%
with needs("08.make_windows"):
    past, future = make_windows(demand[TEST_FROM - 168 :], 168, 24)  # the first windows look back into training
    print_errors(forecast_errors(past, future, *make_windows(demand[:TEST_FROM], 168, 24)))


class Forecaster(nn.Module):
    """For your training: one number a step → LSTM → linear layer on the last state. (N, length) → (N, horizon)."""

    def __init__(self, hidden, horizon):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, horizon)

    def forward(self, x):
        return self.head(self.lstm(x[:, :, None])[0][:, -1])

# %% [markdown]
# ### 08.milestone_bikes · Milestone: how many bicycles next?
# ●●● · about 20 minutes · 3 points · a forecaster that people can call
#
# Write `train_forecaster(x, y, epochs, seed, device="cpu", progress=range)`. x is (M, length) and y (M, horizon), both in bicycles. Return a **function** `predict(x)` that takes windows (N, length) and gives forecasts (N, horizon) in bicycles, as a NumPy array. Same seed, same forecasts; another seed, others. Loop with `for epoch in progress(epochs)`. A window's forecast must not depend on which other windows are asked about.
#
# What works here: take square roots first (a quiet and a busy hour then vary about equally), then scale by the mean and std of the *training* windows; `Forecaster` with 64 units; Adam with 1e-2 and a falling learning rate (`OneCycleLR` is good, with one `schedule.step()` after each batch); batches of 64; L1 loss, since absolute error is what counts; gradients clipped to norm 1. `predict` undoes it all: back to roots, what is below 0 becomes 0, then square.
#
# **To reach:** the check trains on windows of 24 hours from 60 days, and asks that your error for the next three hours be at most a tenth above "same hour yesterday".
# *Stuck? `hint("08.milestone_bikes")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "08-milestone_bikes", "locked": false, "schema_version": 3, "solution": true}
def train_forecaster(x, y, epochs, seed, device="cpu", progress=range):
    """x: (M, length), y: (M, horizon), bicycles. Returns predict: (N, length) → (N, horizon), bicycles, a NumPy array."""
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
            optimizer.zero_grad()
            F.l1_loss(model(inputs[rows]), targets[rows]).backward()
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
with needs("08.clip_gradients", "08.make_windows", "08.milestone_bikes"):
    past, future = make_windows(demand[TEST_FROM - 168 :], 168, 24)
    predict = train_forecaster(*make_windows(demand[:TEST_FROM], 48, 24), BIKE_EPOCHS, 0, device, bar)
    forecasts = predict(past[:, -48:])  # (M, 24), for every held-out hour
    errors = forecast_errors(past, future, *make_windows(demand[:TEST_FROM], 168, 24))
    errors["your LSTM, 48 hours"] = np.abs(forecasts - future).mean(axis=0)
    print_errors(errors)
    pictures.draw_errors_ahead(errors)
    pictures.draw_forecasts(future, forecasts, ahead=[1, 24], first=24 * 14 + 17)  # a week, two weeks into the held-out time
    plt.show()

# %% [markdown]
# *How to read this:* in the first picture one line per method; lower is better. The two seasonal ones are flat, since their information does not age. In the second, the wide grey line is what happened in one held-out week, the dashed line what was forecast for it one hour before and a day before. Look at where the weekend begins and ends in the right panel.
#
# For the next hours **your LSTM is ahead of everything**. But its line climbs. Around the eighth hour it meets that of plain linear regression, and from the twelfth on it lies above it. Why? What it has seen of the last 48 hours says much about this evening and little about tomorrow noon: *whether tomorrow is a Saturday* is not in the window, and the regression, which sees a whole week, can look it up. Give a model the information first, and gates second.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** You train on a year of hourly data and hold out *every fifth window*, at random. The test error is wonderful. Why will the first week of real use disappoint?
# <details><summary>Answer</summary>
#
# Neighbouring windows overlap: nearly every hour of a held-out window also stands in training windows, and its future too. The test asks about things that were seen. Hold out a stretch of time at the end.
#
# </details>

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** In truncated backpropagation with chunks of 48, can the model use something it read 200 characters ago?
# <details><summary>Answer</summary>
#
# Use it, yes: the state is handed on, and if a gate stays open, something from 200 characters ago is still in it. But no gradient ever told the network *directly* that keeping it for 200 steps would pay off.
#
# </details>

# %% [markdown]
# ## What you can do now
# You can run a recurrent network and send its gradient back through time; open and shut an LSTM's gates by hand, and say what a forget bias does to a gradient; turn text into ids, a rectangle and a mask; train along a text too long to unroll; write with a temperature; and cut a series into past and future.
#
# And three habits: a baseline that knows nothing of networks, a split that respects time, and a gradient that is *looked at*. Why should a network squeeze everything it has read through one state at all? That question leads to attention, in chapter 09.
#
# ## Go further
# - J. Elman, [*Finding structure in time*](https://doi.org/10.1207/s15516709cog1402_1), 1990: the network of section 1.
# - Y. Bengio, P. Simard, P. Frasconi, *Learning long-term dependencies with gradient descent is difficult*, IEEE Transactions on Neural Networks 5, 1994: why gradients vanish.
# - S. Hochreiter, J. Schmidhuber, [*Long short-term memory*](https://doi.org/10.1162/neco.1997.9.8.1735), 1997; F. Gers, J. Schmidhuber, F. Cummins, *Learning to forget*, 2000: the LSTM and its forget gate.
# - K. Cho and others, [*Learning phrase representations using RNN encoder–decoder*](https://arxiv.org/abs/1406.1078), 2014: the GRU.
# - R. Pascanu, T. Mikolov, Y. Bengio, [*On the difficulty of training recurrent neural networks*](https://arxiv.org/abs/1211.5063), 2013: the cliff, and clipping.
# - A. Karpathy, [*The unreasonable effectiveness of recurrent neural networks*](http://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015: character models, with much joy.
# - R. Socher and others, *Recursive deep models for semantic compositionality over a sentiment treebank*, EMNLP 2013: trees in place of chains, on film reviews.
