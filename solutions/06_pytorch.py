# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · PyTorch
# **The question of this chapter: a library claims that it knows the gradient of anything you write. Can you trust it, and what does it need from you?**
#
# In chapter 03 you wrote backprop for a network, layer by layer. From here on, networks get layers for which nobody wants to derive a backward pass by hand. PyTorch does that part. You will see that it contains nothing you don't know: your `Value`, with arrays inside.
#
# Plan for three to four hours. Every exercise can be skipped and picked up later. Symbols are on the [notation page](../notation.ipynb). Where even the last hint does not help, the answers are in the course's `solutions/` folder.

# %%
import random
import tempfile
import timeit
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_digits_split

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False, "figure.constrained_layout.use": True})

digits = load_digits_split(seed=0)  # 8×8 pixels: x (N, 64) in [0, 1], labels (N,)
x_train, y_train, x_test, y_test = digits.x_train, digits.y_train, digits.x_test, digits.y_test


def random_network(sizes, rng):
    """Chapter 03: one (w, b) per layer, w (in, out)."""
    return [(rng.normal(size=(m, n)) * np.sqrt(2 / m), np.zeros(n)) for m, n in pairwise(sizes)]


def numpy_loss_and_grads(params, x, labels):
    """Chapter 03: the whole network, forwards and backwards, by hand. Returns (loss, [(dw, db), ...])."""
    outs = [x]
    for i, (w, b) in enumerate(params):
        z = outs[-1] @ w + b
        outs.append(np.maximum(z, 0) if i < len(params) - 1 else z)
    z = outs[-1] - outs[-1].max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    n = np.arange(len(labels))
    d = np.exp(log_p)
    d[n, labels] -= 1
    d /= len(labels)
    grads = []
    for (w, _), h in zip(reversed(params), reversed(outs[:-1]), strict=True):
        grads.insert(0, (h.T @ d, d.sum(axis=0)))
        d = (d @ w.T) * (h > 0)
    return float(-log_p[n, labels].mean()), grads


network = random_network([64, 32, 10], np.random.default_rng(0))
numpy_loss, numpy_grads = numpy_loss_and_grads(network, x_train[:200], y_train[:200])
print(f"loss {numpy_loss:.6f}, and a gradient for each of {sum(w.size + b.size for w, b in network):,} weights and biases")

# %% [markdown]
# That is chapter 03 in one cell, as you know it. Now the same network once more, in PyTorch. Only the forward pass is written down; there is no line about derivatives.

# %% [markdown]
# **Predict, then run.** The loss of both versions will agree in all printed digits. What about the 2,410 gradients? Write down: in how many digits will they agree, and which of the two will be right where they differ?

# %%
leaves = [[torch.tensor(p, requires_grad=True) for p in pair] for pair in network]
(w1, b1), (w2, b2) = leaves

logits = torch.relu(torch.tensor(x_train[:200]) @ w1 + b1) @ w2 + b2
loss = F.cross_entropy(logits, torch.tensor(y_train[:200]))
loss.backward()

gap = max(np.abs(t.grad.numpy() - g).max() for ts, gs in zip(leaves, numpy_grads, strict=True) for t, g in zip(ts, gs, strict=True))
print(f"loss  {loss.item():.6f} in PyTorch, {numpy_loss:.6f} in NumPy")
print(f"largest difference between two gradients: {gap:.1e}")

# %% [markdown]
# About 10⁻¹⁷: the difference is nothing but the order in which numbers were added up. Neither is "more right". PyTorch did not approximate and did not wiggle; it did what you did in chapter 03.
#
# One line, `loss.backward()`, stands for everything after the forward pass. The rest of this chapter is about what that line needs from you, and about the mistakes that it cannot see.
#
# ## 1 · Tensors: arrays with an address and a memory
# A **tensor** is a NumPy array with three more properties: a `device` (in which memory the numbers live), a stricter `dtype`, and `requires_grad` (whether to remember how it was made). Most of NumPy's vocabulary works on it.

# %% [markdown]
# **Predict, then run.** Four small surprises. Before you run the cell, write down what each line prints.

# %%
a = np.array([1.0, 2.0, 3.0])
shared, copied = torch.from_numpy(a), torch.tensor(a)
a[0] = 100.0
print("1.", shared[0].item(), copied[0].item())
print("2.", torch.tensor([1.0, 2.0]).dtype, torch.from_numpy(a).dtype)
print("3.", (torch.tensor(1.0) + 1e-8 == 1).item(), (torch.tensor(1.0, dtype=torch.float64) + 1e-8 == 1).item())
print("4.", torch.tensor([1, 2, 3]).dtype, (torch.tensor([1, 2, 3]) / 2).dtype)

# %% [markdown]
# 1. `from_numpy` **shares** memory: who changes the array changes the tensor. `torch.tensor` copies.
# 2. Python floats become **float32**; NumPy's arrays stay float64. Mixing the two in a matrix product is an error, and the most frequent one of the first week.
# 3. float32 holds about 7 digits, float64 about 16. Networks don't need 16: half the memory, and twice the speed or more, are worth a lot. *Comparing* gradients does need them.
# 4. Whole numbers become int64. Class labels must be just that.
#
# The device is the other thing to know. `"cpu"` is always there; `"cuda"` is an NVIDIA GPU, `"mps"` an Apple one. Both operands of an operation must live on the same device, and nothing moves by itself: `x.to(device)` moves it. So a program should decide *once*, in one visible place.

# %% [markdown]
# ### 06.pick_device · Where to compute
# ●○○ · about 8 minutes · 1 point · the first line of every chapter from here on
#
# Write `pick_device(prefer=None)` → a `torch.device`.
#
# - Without a wish: the fastest that is there, in the order cuda, mps, cpu.
# - With one (`"cuda"`, `"mps"`, `"cpu"`): that device, if it is there. If not, or if there is no such thing, raise `ValueError` with a message that **names what is there**.
#
# `torch.cuda.is_available()` and `torch.backends.mps.is_available()` tell. The check pretends to be machines that you don't have.
# *Stuck? `hint("06.pick_device")`. Moving on is fine; the chapter then stays on the CPU.*

# %% nbgrader={"grade": false, "grade_id": "06-pick_device", "locked": false, "schema_version": 3, "solution": true}
def pick_device(prefer=None):
    """The fastest device that is here, or the one wished for.

    prefer: "cuda", "mps", "cpu" or None. Returns a torch.device.
    Raises ValueError, naming what is here, when the wish cannot be met.
    """
    ### BEGIN SOLUTION
    present = ["cpu"]
    if torch.backends.mps.is_available():
        present.insert(0, "mps")
    if torch.cuda.is_available():
        present.insert(0, "cuda")
    if prefer is None:
        return torch.device(present[0])
    if prefer not in present:
        raise ValueError(f"There is no {prefer!r} here; there is {', '.join(present)}.")
    return torch.device(prefer)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-pick_device-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("06.pick_device", pick_device)

# %% [markdown]
# This is the one cell that decides. To stay on the CPU in spite of a GPU, write `pick_device("cpu")`.

# %%
device = torch.device("cpu")
with needs("06.pick_device"):
    device = pick_device()
print("computing on:", device)

# %% [markdown]
# ## 2 · Autograd: your Value, grown up
# A tensor with `requires_grad=True` is a leaf of a graph, and every operation on it adds a node. That is your `Value` from chapter 03, under other names:
#
# | your Value | PyTorch |
# |---|---|
# | `Value(2.0)` | `torch.tensor(2.0, requires_grad=True)` |
# | `.data`, `.grad` | `.detach()` (or `.item()` for one number), `.grad` |
# | `.inputs`, pairs of node and local slope | `.grad_fn.next_functions`, one backward function per operation |
# | `.backward()`, in topological order | the same |
# | `child.grad += …` | the same, and with the same consequence |

# %% [markdown]
# **Predict, then run.** Chapter 03 had L = (a · b + a), at a = 2 and b = −3, and the slope in a was −2. What will `a.grad` be after the first, the second and the third block?

# %%
a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(-3.0, requires_grad=True)

L = a * b + a
L.backward()
print("first: ", a.grad.item())
print("       made by", L.grad_fn.name(), "from", [f.name() for f, _ in L.grad_fn.next_functions])

L = a * b + a
L.backward()
print("second:", a.grad.item())

a.grad = None
with torch.no_grad():
    L = a * b + a
print("third: ", a.grad, "and L has a history:", L.requires_grad)

# %% [markdown]
# −2, then **−4**, then nothing at all. `backward()` *adds* to `.grad`; it never clears. Inside one graph that is the one rule of backprop. Between two graphs it is a trap, and the most common bug in PyTorch training code.
#
# Inside `no_grad` nothing is recorded: cheap, and right whenever you only want the numbers.
#
# If you want gradients and *no* traces left behind, there is `torch.autograd.grad(value, tensors)`, which returns them. Wrap it once, carefully, and you have a tool for the rest of the course.

# %% [markdown]
# ### 06.gradients_of · Ask autograd
# ●●○ · about 12 minutes · 2 points · gradients as a function's result, not as a side effect
#
# Write `gradients_of(f, *tensors)`. `f(*tensors)` returns one number (a tensor without axes). Return a **tuple with one gradient per tensor**, each shaped like its tensor, zeros where f does not use it, and detached (no graph hanging on it). Let autograd work them out: a slope measured with small steps, as in chapter 03's gradient check, is too coarse here.
#
# Leave no trace on the caller's tensors: their `.grad` and `requires_grad` must be what they were. They may come without `requires_grad`, or with an old `.grad`.
# *Stuck? `hint("06.gradients_of")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "06-gradients_of", "locked": false, "schema_version": 3, "solution": true}
def gradients_of(f, *tensors):
    """Gradient of f(*tensors) in each tensor.

    f: returns a tensor without axes. Returns a tuple of detached tensors, shaped like `tensors`.
    """
    ### BEGIN SOLUTION
    copies = [t.detach().clone().requires_grad_() for t in tensors]
    gradients = torch.autograd.grad(f(*copies), copies, allow_unused=True)
    return tuple(torch.zeros_like(c).detach() if g is None else g for g, c in zip(gradients, copies, strict=True))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-gradients_of-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.gradients_of", gradients_of)

# %% [markdown]
# Try it on something that you would not like to derive by hand: sin(3·sin(3·sin(3x))). Any Python is allowed inside f, loops included, for the graph is built *while* the function runs.

# %%
def chain(x, turns):
    for _ in range(turns):  # an ordinary loop: every turn leaves two nodes in the graph
        x = torch.sin(3 * x)
    return x.sum()  # one number; no entry depends on another, so each gets its own slope


with needs("06.gradients_of"):
    start = torch.linspace(0.0, 1.0, 200, dtype=torch.float64)
    fig, ax = plt.subplots(figsize=(7.5, 3))
    for turns, style in [(1, ":"), (2, "--"), (3, "-")]:
        (slope,) = gradients_of(lambda x, turns=turns: chain(x, turns), start)
        ax.plot(start, slope, "k" + style, label=f"{turns} turn{'s' if turns > 1 else ''} of the loop")
    ax.axhline(0, color="0.7", linewidth=0.8)
    ax.set(title="The slope of sin(3·sin(3·sin(3x)))", xlabel="x (radians)", ylabel="slope")
    ax.legend()
    plt.show()

# %% [markdown]
# *How to read this:* each line is the slope at 200 places x, found with one backward pass. Every turn of the loop multiplies the slope by up to 3: one turn stays below 3, two below 9, three below 27. Products of many local slopes explode or vanish; chapter 08 will fight with that.
#
# ## 3 · An operation of your own
# Autograd knows a few hundred operations. For one that it doesn't know, or for which you have a better formula, you hand it a forward and a backward, just like your layers in chapter 03. Take **swish** (also SiLU), a smooth relative of ReLU that is in most image and language models of today:
#
# $$\text{swish}(x) = x\,\sigma(x) \qquad \frac{d}{dx}\,\text{swish}(x) = \sigma(x) + x\,\sigma(x)\,\bigl(1 - \sigma(x)\bigr)$$

# %% [markdown]
# ### 06.Swish · An operation of your own
# ●●○ · about 12 minutes · 2 points · where the library ends and you go on
#
# Complete the class, a `torch.autograd.Function`. `forward(ctx, x)` computes x·σ(x) and stores in `ctx` what backward needs: `ctx.save_for_backward(x)`; it is the *cache*. `backward(ctx, grad_output)` gets the upstream gradient (`dout`) and returns dx.
#
# It is used as `Swish.apply(x)`, for tensors of any shape. Output and gradient must be finite at x = ±1000, and the class is used many times in one network, so keep nothing on the class itself.
# *Stuck? `hint("06.Swish")`. Moving on is fine; nothing is built on it.*

# %% nbgrader={"grade": false, "grade_id": "06-Swish", "locked": false, "schema_version": 3, "solution": true}
class Swish(torch.autograd.Function):
    """swish(x) = x · sigmoid(x), any shape; use it as Swish.apply(x). Ramachandran, Zoph, Le (2017)."""

    @staticmethod
    def forward(ctx, x):
        ### BEGIN SOLUTION
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)
        ### END SOLUTION

    @staticmethod
    def backward(ctx, grad_output):
        ### BEGIN SOLUTION
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * (s + x * s * (1 - s))
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-Swish-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.Swish", Swish)

# %% [markdown]
# Autograd believes whatever your backward returns. So the gradient check of chapter 03 is more important here than ever, and PyTorch brings one: `torch.autograd.gradcheck`. Below, your slope is laid beside a measured one.

# %%
from dlcourse_utils.gradients import compare_gradients

with needs("06.Swish"):
    x = torch.linspace(-6, 6, 41, dtype=torch.float64, requires_grad=True)
    Swish.apply(x).sum().backward()
    eps = 1e-6
    with torch.no_grad():
        measured = (Swish.apply(x + eps) - Swish.apply(x - eps)) / (2 * eps)
    fig, ax = plt.subplots(figsize=(5.4, 4.9))
    compare_gradients(x.grad, measured).plot(ax)
    plt.show()
    print("gradcheck agrees:", torch.autograd.gradcheck(Swish.apply, x, raise_exception=False))

# %% [markdown]
# *How to read this:* one mark per x; on the diagonal, your formula and the measurement agree. Spoil a sign in your backward and run it again: the picture will tell you so, and the training loss would not.
#
# ## 4 · Modules: a network that knows its own weights
# A network has dozens of weight tensors, and an optimizer needs a list of them. `nn.Module` keeps it for you: assign a layer to an attribute (`self.fc = nn.Linear(64, 32)`) and the module notices. `model.parameters()` then yields every weight, however deep the layers are nested.

# %% [markdown]
# **Predict, then run.** Two networks, the same layers, one small difference. How many parameters will PyTorch see in each of them?

# %%
class WithAList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(64, 32), nn.Linear(32, 10)]


class WithAModuleList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 32), nn.Linear(32, 10)])


for cls in (WithAList, WithAModuleList):
    print(f"{cls.__name__:16} {sum(p.numel() for p in cls().parameters()):5,} parameters")

# %% [markdown]
# None, and 2,410. A plain Python list is invisible. The first network computes without complaint, and its layers even get gradients; but no optimizer ever hears of them. An empty list of parameters at least raises an error. With one more layer *outside* the list nothing does: the network trains, and the layers in the list keep their random weights for ever.

# %% [markdown]
# ### 06.MLP · A network as a Module
# ●●○ · about 12 minutes · 2 points · the shape of every model from here on
#
# Write the class: `MLP([64, 32, 10])` is a network with one hidden layer of 32, and any number of layers is allowed. Linear layers, **ReLU between them**, none after the last, and nothing else. `model(x)` takes (N, sizes[0]) and returns the logits, (N, sizes[-1]).
#
# PyTorch's own random start is fine. Its `nn.Linear(d, m)` keeps the weight as (m, d), on its side compared with chapter 03, and computes x @ weight.T + bias.
# *Stuck? `hint("06.MLP")`. Moving on is fine, though the milestone uses it.*

# %% nbgrader={"grade": false, "grade_id": "06-MLP", "locked": false, "schema_version": 3, "solution": true}
class MLP(nn.Module):
    """Multilayer perceptron. sizes: input, hidden…, output. forward: x (N, sizes[0]) → logits (N, sizes[-1])."""

    def __init__(self, sizes):
        ### BEGIN SOLUTION
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(d, m) for d, m in pairwise(sizes))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-MLP-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.MLP", MLP)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** Your model ends with `torch.softmax`, and the loss is `F.cross_entropy(model(x), labels)`. It trains, but slowly, and the loss never falls below about 1.46 for ten classes. Why?
#
# <details><summary>Answer</summary>
#
# cross_entropy applies log-softmax itself, so the softmax is applied twice. Its inputs are then probabilities between 0 and 1, and even the best possible ones, a single 1 and nine 0, give only −log(e / (e + 9)) ≈ 1.46. Return logits.
#
# </details>

# %% [markdown]
# ### 06.torch_loss_and_grads · The same gradients, twice
# ●●○ · about 15 minutes · 2 points · trust, but measure, once more
#
# Write `torch_loss_and_grads(params, x, labels, device="cpu")` → `(loss, grads)`, the twin of `numpy_loss_and_grads` in the first cell, with autograd in place of the backward pass. All inputs are NumPy arrays, and params is chapter 03's list of (w, b) with w of shape (in, out). Return the mean cross-entropy as a float, and a list of (dw, db): **NumPy arrays, shaped like params**.
#
# Work in **float64**: the check compares nine digits, and float32 has seven. (Apple's GPU has no float64; there float32 must do.) If you use your MLP or `nn.Linear`, mind who lies on which side. One of the test networks has square layers, where a forgotten transpose raises no error.
# *Stuck? `hint("06.torch_loss_and_grads")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "06-torch_loss_and_grads", "locked": false, "schema_version": 3, "solution": true}
def torch_loss_and_grads(params, x, labels, device="cpu"):
    """Loss and gradients of a multi-layer perceptron by autograd, in chapter 03's layout.

    params: list of (w, b), w (in, out), b (out,), NumPy. x: (N, D). labels: (N,) integers.
    Returns (loss, grads): a float, and a list of NumPy pairs (dw, db) shaped like params.
    """
    ### BEGIN SOLUTION
    dtype = torch.float32 if torch.device(device).type == "mps" else torch.float64
    model = MLP([len(params[0][0]), *(len(b) for _, b in params)]).to(device, dtype)
    with torch.no_grad():
        for layer, (w, b) in zip(model.layers, params, strict=True):
            layer.weight.copy_(torch.tensor(w.T))
            layer.bias.copy_(torch.tensor(b))
    loss = F.cross_entropy(model(torch.tensor(x, dtype=dtype, device=device)), torch.tensor(labels, device=device))
    loss.backward()
    grads = [(layer.weight.grad.T.cpu().numpy(), layer.bias.grad.cpu().numpy()) for layer in model.layers]
    return loss.item(), grads
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-torch_loss_and_grads-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.torch_loss_and_grads", torch_loss_and_grads)

# %% [markdown]
# Now see them: every gradient of a network with three hidden layers, twice, once from your chain rule and once from autograd.

# %%
def flat(grads):
    return np.concatenate([g.ravel() for pair in grads for g in pair])


with needs("06.torch_loss_and_grads", "06.MLP"):
    deep = random_network([64, 48, 32, 16, 10], np.random.default_rng(1))
    _, by_hand = numpy_loss_and_grads(deep, x_train[:200], y_train[:200])
    _, by_torch = torch_loss_and_grads(deep, x_train[:200], y_train[:200], device)
    comparison = compare_gradients(flat(by_torch), flat(by_hand), tolerance=1e-4 if device.type == "mps" else 1e-6)
    fig, ax = plt.subplots(figsize=(6, 5.4))
    comparison.plot(ax)
    ax.set(xlabel="NumPy, by hand (chapter 03)", ylabel="PyTorch, by autograd")
    plt.show()
    for i, ((dw, _), (tw, _)) in enumerate(zip(by_hand, by_torch, strict=True), start=1):
        print(f"layer {i}: largest gradient {np.abs(dw).max():.4f}, largest difference {np.abs(dw - tw).max():.1e}")

# %% [markdown]
# *How to read this:* each of the 5,386 marks is one weight or bias; its place to the right is the gradient that your formulas give, its height is autograd's. All lie on the diagonal. **This is the gradient story of the chapter: two programs that share no line of code, and one gradient.**
#
# And the price? Time both, on the same network.

# %% [markdown]
# **Predict, then run.** Which is faster on this computer, and does the answer change when the network becomes a hundred times larger?

# %% tags=["demo"]
def seconds(f, repeat=7):
    return min(timeit.repeat(f, number=1, repeat=repeat))


def torch_step(model, x, y, where):
    model.zero_grad()
    F.cross_entropy(model(x), y).backward()
    if where.type == "cuda":
        torch.cuda.synchronize()  # a GPU works in the background: wait before you look at the clock


places = [torch.device("cpu")] + ([device] if device.type != "cpu" else [])
print(f"{'network':22}{'NumPy float64':>16}" + "".join(f"{f'torch {p.type} float32':>22}" for p in places))
for sizes in ([64, 32, 10], [64, 512, 512, 10], [64, 2048, 2048, 10]):
    rng = np.random.default_rng(0)
    params, xs, ys = random_network(sizes, rng), rng.normal(size=(256, 64)), rng.integers(0, 10, 256)
    took = [seconds(lambda p=params, x=xs, y=ys: numpy_loss_and_grads(p, x, y), 3)]
    for place in places:
        net = nn.Sequential(*[m for d, k in pairwise(sizes) for m in (nn.Linear(d, k), nn.ReLU())][:-1]).to(place)
        batch = torch.tensor(xs, dtype=torch.float32, device=place), torch.tensor(ys, device=place)
        torch_step(net, *batch, place)  # the first call also warms up
        took.append(seconds(lambda n=net, b=batch, p=place: torch_step(n, *b, p)))
    print(f"{' → '.join(map(str, sizes)):22}{took[0] * 1e3:13.2f} ms" + "".join(f"{t * 1e3:19.2f} ms" for t in took[1:]))

# %% [markdown]
# On a tiny network the libraries' overhead decides, and NumPy may even win: every small operation costs PyTorch a few millionths of a second of book-keeping, and a GPU still more. On a large one the arithmetic decides; float32 halves it, and a GPU does it ten to a hundred times faster. **Whether a GPU pays depends on how much work one operation holds.**
#
# ## 5 · The training loop
# What remains is the loop: take a batch, compute the loss, go back, step. First, batches. A `DataLoader` shuffles and stacks them, for any object with `__len__` and `__getitem__`.

# %% [markdown]
# ### 06.ArrayDataset · Arrays as a data set
# ●○○ · about 8 minutes · 1 point · how your own data gets into PyTorch
#
# Write the class for NumPy arrays x (N, …) and y (N,). `len(data)` is N; `data[i]` is a pair: x[i] as a **float32** tensor and y[i] as an **int64** tensor without axes. Asking past the end raises `IndexError`, so that `for x, y in data` ends.
# *Stuck? `hint("06.ArrayDataset")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "06-ArrayDataset", "locked": false, "schema_version": 3, "solution": true}
class ArrayDataset(Dataset):
    """NumPy arrays x (N, …) and y (N,) as a data set. data[i] → (float32 tensor, int64 tensor without axes)."""

    def __init__(self, x, y):
        ### BEGIN SOLUTION
        self.x = torch.tensor(x, dtype=torch.float32)
        self.y = torch.tensor(y, dtype=torch.int64)
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.x)
        ### END SOLUTION

    def __getitem__(self, i):
        ### BEGIN SOLUTION
        return self.x[i], self.y[i]
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-ArrayDataset-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("06.ArrayDataset", ArrayDataset)

# %% [markdown]
# Then the step itself. It is five lines long, and their order matters.

# %% [markdown]
# **Predict, then run.** Below is the smallest training there is: one weight w, the loss (w − 3)², learning rate 0.1, start at 0. Choose an order of the lines and walk through it with the slider. For each order, write down before the end: does w arrive at 3? Two of the four never do.

# %%
from dlcourse_utils.widgets.training_lines import training_lines

training_lines()

# %% [markdown]
# *How to read this:* one row for each line that has run, newest at the bottom, with w, `w.grad` and the loss afterwards. On the right, w over time; the dotted line is where it should go.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/training_lines.png" alt="A table of nine lines of a training loop with the weight, its gradient and the loss after each, and the weight over time."></details>
#
# Without `zero_grad` the gradients of all earlier steps pile up: w swings past the goal, back, and past it again, for ever. Cleared between backward and step, nothing moves at all. With the step first, each update uses an old gradient: it works, a little worse, and that is the worst kind, because nobody notices.

# %% [markdown]
# ### 06.training_step · One step of training
# ●●○ · about 8 minutes · 2 points · you will write these lines hundreds of times
#
# Write `training_step(model, batch, optimizer)` → the loss as a Python **float**. `batch` is a pair (x, labels), the loss is the mean cross-entropy, and the value returned is the one from *before* the update. One forward pass is enough for both.
#
# Gradients that are there on entry must have no effect. Model and batch are on one device already. Leave the model's mode (train or eval) as it is. Why a float, not a tensor? A tensor drags its whole graph along: a list of a thousand of them holds a thousand graphs.
# *Stuck? `hint("06.training_step")`. Moving on is fine, though the milestone uses it.*

# %% nbgrader={"grade": false, "grade_id": "06-training_step", "locked": false, "schema_version": 3, "solution": true}
def training_step(model, batch, optimizer):
    """One update on one batch (x, labels) with the mean cross-entropy. Returns the loss before it, a float."""
    ### BEGIN SOLUTION
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-training_step-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.training_step", training_step)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Before testing call `model.eval()`, then no gradients are computed." And: "`no_grad()` puts the model into test mode."
#
# **Predict, then run.** Here is a network with dropout. For each of the four combinations write down: will two forward passes on the same input agree? Will a graph be recorded?

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 10))
x = torch.tensor(x_test[:4], dtype=torch.float32)

print(f"{'':28}{'same answer twice':>20}{'graph recorded':>18}")
for mode in ("train", "eval"):
    for recording in (True, False):
        getattr(net, mode)()  # net.train() or net.eval()
        with torch.set_grad_enabled(recording):
            first, second = net(x), net(x)
        name = f"{mode}(), {'gradients on' if recording else 'no_grad'}"
        print(f"{name:28}{torch.equal(first, second)!s:>20}{first.requires_grad!s:>18}")

# %% [markdown]
# Two switches, and they have nothing to do with each other. `eval()` changes what some *layers* do: dropout lets everything through, batch norm uses its running averages and stops updating them. `no_grad()` changes whether a *graph* is recorded. For testing you want both: the first for right numbers, the second for memory and speed.

# %% [markdown]
# ### 06.evaluate · Look, don't touch
# ●●○ · about 12 minutes · 2 points · an honest number, and a model that has not noticed
#
# Write `evaluate(model, loader)` → accuracy between 0 and 1, a float. `loader` yields batches (x, labels).
#
# Use test behaviour, record no gradients, and leave everything as you found it: `model.training`, the parameters, torch's switches. The last batch may be smaller than the others, and a loader may leave samples out: the accuracy is *right ones over samples seen*.
# *Stuck? `hint("06.evaluate")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "06-evaluate", "locked": false, "schema_version": 3, "solution": true}
def evaluate(model, loader):
    """Share of the samples seen that the model gets right, a float. The model's mode stays as it was."""
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    right = seen = 0
    with torch.no_grad():
        for x, labels in loader:
            right += (model(x).argmax(dim=1) == labels).sum().item()
            seen += len(labels)
    model.train(was_training)
    return right / seen
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-evaluate-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.evaluate", evaluate)

# %% [markdown]
# ### Looking inside a training run
# Accuracy says *that* something went wrong. Two lines around the unchanged loop record *what*: the size of every gradient and of every update.
#
# **Predict, then run.** At step 100 somebody's finger slips, and the learning rate becomes a hundred times as large. What will the loss do, what the gradients, and will the network recover? Run it, then drag *sample* or press *play*.

# %%
from dlcourse_utils.gradients import record
from dlcourse_utils.widgets.time_scrubber import time_scrubber

images, labels = torch.tensor(x_train, dtype=torch.float32), torch.tensor(y_train)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)

with record(net, optimizer, every=5) as rec:
    for step in range(240):
        if step == 100:
            optimizer.param_groups[0]["lr"] *= 100
        rows = torch.randint(0, len(images), (64,))
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images[rows]), labels[rows])
        loss.backward()
        rec.log(loss=loss)
        optimizer.step()

time_scrubber(rec.history, sample=18)

# %% [markdown]
# *How to read this:* all panels stand on the same step, at the dashed line. Above, the loss, and a box for each weight matrix with half of its gradient elements. Below, one gradient's histogram over time, and how far each step moves the weights, relative to their size.
#
# At step 100 one update is a third to half as large as the weights themselves. Five steps later nine ReLUs of ten give 0 for the whole batch, and there is no gradient that could bring them back: the loss stays where blind guessing is. `rec.history.diagnose()` says so in words, and what to try.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/time_scrubber.png" alt="Four panels at step 110: the loss has jumped to that of guessing, and the updates have been half as large as the weights."></details>

# %% [markdown]
# ### A big batch on a small machine
# A large model may only fit into memory with a batch of 4, while its recipe says 64. But gradients add up, and `.grad` adds them by itself! Run sixteen batches of 4, call backward each time, and step once: the same update as with one batch of 64, by the same mathematics. That the trap of part 2 is also a tool is the kind of thing one remembers.

# %% [markdown]
# ### 06.accumulate_gradients · A big batch in small pieces
# ●●○ · about 15 minutes · 2 points · how large models are trained on small cards
#
# Write `accumulate_gradients(model, batches, optimizer)` → mean loss over all samples, a float. `batches` yields pairs (x, labels). Make **one** `optimizer.step()`, equal to that of one big batch with the mean cross-entropy.
#
# The batches may differ in size (so a mean of means is *not* the mean), and they may come from a generator that can be walked through only once. Don't put them together, and go backward batch by batch, so that only one graph is in memory: that more don't fit is the point. Gradients that are there on entry must have no effect.
# *Stuck? `hint("06.accumulate_gradients")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "06-accumulate_gradients", "locked": false, "schema_version": 3, "solution": true}
def accumulate_gradients(model, batches, optimizer):
    """One update from several batches, as if they were one. Returns the mean loss over all samples, a float."""
    ### BEGIN SOLUTION
    optimizer.zero_grad()
    total, count = 0.0, 0
    for x, labels in batches:
        loss = F.cross_entropy(model(x), labels, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(labels)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    optimizer.step()
    return total / count
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-accumulate_gradients-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("06.accumulate_gradients", accumulate_gradients)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** A colleague sums up losses for a plot: `total += loss` in place of `total += loss.item()`. The program is right, and after an hour it runs out of memory. What happened?
#
# <details><summary>Answer</summary>
#
# `loss` is a tensor with a graph behind it, and `total` becomes a node that refers to all of them. Nothing of any step can be thrown away: every activation of every batch stays in memory. `.item()` takes the number and lets go of the graph.
#
# </details>

# %% [markdown]
# ## 6 · Stop, and go on as if nothing had happened
# Training runs are interrupted: by a power cut, a time limit, a closed laptop. A **checkpoint** is a file from which the run goes on. How much must be in it?

# %% [markdown]
# **Predict, then run.** We train for 60 steps with Adam and dropout, then "switch the machine off", and go on for another 60 from a file with the *weights* only. Will the loss continue where it was, or make a jump? Will the resumed run end at the same weights as one that was never interrupted?

# %%
def a_run(steps, state=None):
    """Train a small network on digits; state = (weights, optimizer state, torch's generator) to go on from."""
    torch.manual_seed(0 if state is None else 99)  # a new process starts with other random numbers
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    if state is not None:
        weights, memory, generator = state
        net.load_state_dict(weights)
        if memory is not None:
            optimizer.load_state_dict(memory)
        if generator is not None:
            torch.set_rng_state(generator)
    x, y = torch.tensor(x_train, dtype=torch.float32), torch.tensor(y_train)
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(x), (32,))
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, ({k: v.clone() for k, v in net.state_dict().items()}, optimizer.state_dict(), torch.get_rng_state())


whole, final = a_run(120)
_, half = a_run(60)
everything, _ = a_run(60, half)
weights_only, _ = a_run(60, (half[0], None, None))

fig, ax = plt.subplots(figsize=(8, 3))
ax.plot(np.abs(np.array(everything) - whole[60:]), "k-", linewidth=2, label="everything restored")
ax.plot(np.abs(np.array(weights_only) - whole[60:]), "k:", label="weights only")
ax.set(title="How far a resumed run is from the uninterrupted one", xlabel="steps after the interruption", ylabel="difference of the losses")
ax.legend()
plt.show()

# %% [markdown]
# *How to read this:* 0 means: not different in a single bit. With everything restored the line is exactly 0. With the weights alone the run goes *another way* from the first step on: other dropout masks, other batches, and an Adam whose two moments have to be gathered anew. Not a catastrophe here; but a result that cannot be repeated, and with a schedule for the learning rate it can be a catastrophe.
#
# So the state of a training run is: weights, the optimizer's memory, the scheduler's place, and **where every random generator stands**.

# %% [markdown]
# ### 06.save_checkpoint · Stop, and go on as if nothing had happened
# ●●● · about 25 minutes · 3 points · every long training depends on it
#
# Write `save_checkpoint(path, model, optimizer, scheduler=None)` and `load_checkpoint(path, model, optimizer, scheduler=None)`. Loading fills the objects that are handed in. The resumed run must equal the uninterrupted one **bit for bit**, so the states of torch's, NumPy's (`np.random`) and Python's (`random`) global generators belong into the file.
#
# - One file, which may be carried elsewhere. Saving draws no random numbers, and the model's mode stays as it is. A run is saved at the end of an epoch.
# - The file must load with `torch.load(path, weights_only=True)`: that way it can hold no program, only data. Tensors, numbers, strings, lists, tuples and dicts are fine; a NumPy array is not (make it a tensor).
#
# *Stuck? `hint("06.save_checkpoint")`. Moving on is fine; nothing is built on it.*

# %% nbgrader={"grade": false, "grade_id": "06-save_checkpoint", "locked": false, "schema_version": 3, "solution": true}
def save_checkpoint(path, model, optimizer, scheduler=None):
    """Write everything that the rest of the training depends on to `path`."""
    ### BEGIN SOLUTION
    name, keys, *rest = np.random.get_state()
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": None if scheduler is None else scheduler.state_dict(),
        "torch": torch.get_rng_state(),
        "numpy": [name, torch.tensor(keys.astype(np.int64)), *rest],
        "python": random.getstate(),
    }
    torch.save(state, path)
    ### END SOLUTION


def load_checkpoint(path, model, optimizer, scheduler=None):
    """Put everything back, into the objects that are handed in."""
    ### BEGIN SOLUTION
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    if scheduler is not None:
        scheduler.load_state_dict(state["scheduler"])
    torch.set_rng_state(state["torch"])
    name, keys, *rest = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), *rest))
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-save_checkpoint-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("06.save_checkpoint", save_checkpoint, load_checkpoint)

# %%
with needs("06.save_checkpoint"), tempfile.TemporaryDirectory() as folder:
    net = nn.Linear(64, 10)
    adam = torch.optim.Adam(net.parameters())
    F.cross_entropy(net(torch.rand(8, 64)), torch.arange(8)).backward()
    adam.step()
    save_checkpoint(Path(folder) / "run.pt", net, adam)
    held = torch.load(Path(folder) / "run.pt", weights_only=True)
    size = (Path(folder) / "run.pt").stat().st_size
    numbers = sum(p.numel() for p in net.parameters())
    print(f"{size:,} bytes for {numbers} weights of 4 bytes each; in the file: {', '.join(map(str, held))}")

# %% [markdown]
# Much more than the weights: Adam keeps two numbers for each of them, and the generators have several thousand bytes of state. For a large model the first part counts: a checkpoint of a training with Adam is three times the size of the model.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** Why does it matter that a checkpoint loads with `weights_only=True`?
#
# <details><summary>Answer</summary>
#
# The general way of saving Python objects (pickle) stores instructions for rebuilding them, and loading *runs* these instructions. A file from somebody else could then do anything on your computer. With weights_only=True, PyTorch accepts tensors and plain data, and refuses everything else.
#
# </details>

# %% [markdown]
# ## 7 · Milestone: chapter 03's network again
# Everything is there. Chapter 03's milestone asked for 95 % of held-out digits with your own NumPy. This one asks for **96 %** in PyTorch, with a third of the lines.
#
# ### 06.milestone_digits · Milestone: chapter 03's network again
# ●●● · about 15 minutes · 3 points · all pieces of this chapter, composed
#
# Write `fit_digits(x, labels, seed, device="cpu")` → a trained `nn.Module` in evaluation mode, on that device. x is a NumPy array (N, 64), labels (N,), perhaps sorted. `model(x)` gives logits (N, 10). The network and the settings are yours; use your `MLP`, `ArrayDataset` and `training_step`. The same seed must give the same network again, and another seed another one: `torch.manual_seed(seed)` comes before the model is built. Each batch must be on the model's device: `x.to(device)`.
#
# To be quick, the check trains on 600 digits only, and asks for 85 % of digits it has kept back. The 96 % are for the full training set, in the cell after it.
# *Stuck? `hint("06.milestone_digits")`.*

# %% nbgrader={"grade": false, "grade_id": "06-milestone_digits", "locked": false, "schema_version": 3, "solution": true}
def fit_digits(x, labels, seed, device="cpu"):
    """Train a classifier. x: (N, 64) in [0, 1]. labels: (N,) digits. Returns an nn.Module: (N, 64) → logits (N, 10)."""
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    model = MLP([x.shape[1], 100, 10]).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    loader = DataLoader(ArrayDataset(x, labels), batch_size=64, shuffle=True)
    for _ in range(40):
        for images, truth in loader:
            training_step(model, (images.to(device), truth.to(device)), optimizer)
    return model.eval()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "06-milestone_digits-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("06.milestone_digits", fit_digits)

# %% [markdown]
# And now the comparison that chapter 03 promised: the same task for the straight map (logistic regression), for NumPy and for PyTorch on every device that this computer has. Five splits, so that luck shows as spread.

# %% [markdown]
# **Predict, then run.** Same data, same kind of network: should the accuracies differ? And which will be the fastest?

# %%
from sklearn.linear_model import LogisticRegression


def fit_numpy(x, labels, seed, steps=1800, lr=0.3):
    """Chapter 03's training: 40 epochs of plain gradient descent with batches of 32."""
    rng = np.random.default_rng(seed)
    params, order = random_network([64, 100, 10], rng), np.array([], dtype=int)
    for _ in range(steps):
        order = rng.permutation(len(x)) if len(order) < 32 else order
        rows, order = order[:32], order[32:]
        _, grads = numpy_loss_and_grads(params, x[rows], labels[rows])
        params = [(w - lr * dw, b - lr * db) for (w, b), (dw, db) in zip(params, grads, strict=True)]
    return lambda x: (np.maximum(x @ params[0][0] + params[0][1], 0) @ params[1][0] + params[1][1]).argmax(axis=1)


def torch_classifier(x, labels, seed, where):
    model = fit_digits(x, labels, seed, where)
    return lambda x: model(torch.tensor(x, dtype=torch.float32, device=where)).argmax(dim=1).cpu().numpy()


with needs("06.milestone_digits", "06.MLP", "06.ArrayDataset", "06.training_step"):
    fit_digits(x_train[:64], y_train[:64], 0)  # stops here, politely, while it is not written
    methods = {
        "logistic regression": lambda x, y, s: LogisticRegression(max_iter=2000).fit(x, y).predict,
        "NumPy, by hand": fit_numpy,
        **{f"PyTorch, {p.type}": lambda x, y, s, p=p: torch_classifier(x, y, s, p) for p in places},
    }
    for name, fit in methods.items():
        scores, took = [], []
        for seed in range(5):
            split = load_digits_split(seed)
            began = timeit.default_timer()
            predict = fit(split.x_train, split.y_train, seed)
            took.append(timeit.default_timer() - began)
            scores.append((predict(split.x_test) == split.y_test).mean())
        print(f"{name:22} {np.mean(scores):.1%} ± {np.std(scores):.1%}   {np.median(took):.2f} s")

# %% [markdown]
# All three lie within a point, and the two networks within half a point: it is the same mathematics, and the small difference is Adam against plain descent. PyTorch did *not* make this tiny problem faster; reading data one sample at a time through a `DataLoader` costs more than all of the arithmetic. What it saved is *your* time: nobody derived a backward pass, and the next network may be a hundred times larger or of quite another kind.
#
# Last, as always: look at what it gets wrong, and how sure it was.

# %%
with needs("06.milestone_digits", "06.MLP", "06.ArrayDataset", "06.training_step"):
    model = fit_digits(x_train, y_train, 0, device)
    with torch.no_grad():
        probs = torch.softmax(model(torch.tensor(x_test, dtype=torch.float32, device=device)), dim=1).cpu().numpy()
    said = probs.argmax(axis=1)
    worst = np.argsort(probs[np.arange(len(y_test)), y_test])[:8]  # least probability for the truth
    fig, axes = plt.subplots(1, 8, figsize=(9, 1.9))
    for ax, i in zip(axes, worst, strict=True):
        ax.imshow(x_test[i].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        ax.set(title=f"says {said[i]} ({probs[i, said[i]]:.0%})\nlabel {y_test[i]}", xticks=[], yticks=[])
        ax.title.set_fontsize(8)
    plt.show()
    print(f"{(said != y_test).sum()} of {len(y_test)} held-out digits are wrong")

# %% [markdown]
# *How to read this:* the eight held-out digits whose right answer got the least probability, worst first. Above each stand what the network says, how sure it is, and the label. Being sure and wrong is common: a network has never been told that it may not know.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** Why did the exercise ask for `torch.manual_seed(seed)` *before* the model is built?
#
# <details><summary>Answer</summary>
#
# The random start of the weights is drawn while the layers are made. Seeding afterwards repeats the shuffling, but not the start, so two runs still differ.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | you write | PyTorch does | and cannot see |
# |---|---|---|
# | the forward pass | the backward pass | that a forward pass is wrong |
# | layers as attributes | collects the parameters | layers in a plain list |
# | `zero_grad`, `backward`, `step` | adds to `.grad`, updates | a wrong order |
# | `eval()`, `no_grad()` | switches layers, stops recording | that you forgot one of them |
#
# Autograd takes over what can be done by rule. Shapes, order, modes and honesty stay with you. In [chapter 07](../07_cnn/07_cnn.ipynb) the layers change: images get a layer that is made for them.

# %% [markdown]
# ## Go further
# - A. Paszke et al., [*PyTorch: An Imperative Style, High-Performance Deep Learning Library*](https://arxiv.org/abs/1912.01703) (NeurIPS 2019): why the graph is built while your program runs.
# - E. Yang, [*PyTorch internals*](http://blog.ezyang.com/2019/05/pytorch-internals/): what a tensor is, in pictures.
# - PyTorch's notes on [autograd mechanics](https://pytorch.org/docs/stable/notes/autograd.html) and on [reproducibility](https://pytorch.org/docs/stable/notes/randomness.html): what can and what cannot be repeated bit by bit.
# - P. Ramachandran, B. Zoph, Q. Le, [*Searching for Activation Functions*](https://arxiv.org/abs/1710.05941) (2017), on swish; the same function is called SiLU in D. Hendrycks, K. Gimpel, [*Gaussian Error Linear Units*](https://arxiv.org/abs/1606.08415) (2016).
# - A. Karpathy, [*A Recipe for Training Neural Networks*](http://karpathy.github.io/2019/04/25/recipe/): a list of silent mistakes, and what to do first.
