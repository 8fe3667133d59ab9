# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · Convolutional networks
# **The question of this chapter: a network reads a digit without a doubt. Move the same digit two pixels to the right, and it fails. Which kind of layer would not?**
#
# You will write that layer yourself, forwards and backwards, in NumPy. Then PyTorch does the computing, two networks learn to read digits and clothes, and you look inside: at their filters, at what they look at, and at how far the promise of the first sentence is kept.
#
# Plan for four to five hours. Every exercise can be skipped and picked up later. Symbols are on the [notation page](../notation.ipynb). Where even the last hint does not help, the answers are in the course's `solutions/` folder.

# %%
import os
import timeit

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm.auto import tqdm

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import FASHION_CLASSES, load_digits_split, load_fashion_mnist, load_mnist5k
from dlcourse_utils.device import MixedPrecision, pick_device  # chapter 06's, so that this chapter stands on its own

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False, "figure.constrained_layout.use": True})
device = pick_device()  # a GPU when there is one; pick_device("cpu") stays on the CPU

mnist = load_mnist5k()
x_digits, y_digits = mnist.images[:, None], mnist.labels  # (5000, 1, 28, 28) in [0, 1], (5000,), sorted by digit
held_out = np.arange(5000) % 5 == 0  # every fifth digit is for measuring only


def shifted(images, right):
    """Move every image `right` pixels to the right; what enters on the left is 0 (paper)."""
    moved = np.zeros_like(images)
    moved[..., right:] = images[..., : images.shape[-1] - right]
    return moved


def train(model, x, labels, epochs, after_epoch=None, batch_size=64, lr=2e-3, seed=0):
    """Adam, shuffled batches, learning rate falling to 0. x (N, 1, 28, 28), labels (N,). Returns the model, in eval mode."""
    order = np.random.default_rng(seed)
    model.to(device, memory_format=torch.channels_last)  # a layout in which convolutions run faster
    x, labels = torch.tensor(x, device=device), torch.tensor(labels, device=device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    half = MixedPrecision(device)  # 16 bits on an NVIDIA GPU; on anything else it changes nothing
    for _ in tqdm(range(epochs), desc="epochs", leave=False, disable="NBGRADER_EXECUTION" in os.environ):
        model.train()
        for rows in np.array_split(order.permutation(len(x)), len(x) // batch_size):
            optimizer.zero_grad()
            with half.forward():
                loss = F.cross_entropy(model(x[rows]), labels[rows])
            half.step(loss, optimizer)  # backward, and the optimizer's step
        schedule.step()
        if after_epoch is not None:
            after_epoch(model.eval())
    return model.eval()


def logits_of(model, x):
    """Logits (N, 10) of a trained model for NumPy images, as a NumPy array."""
    with torch.no_grad():
        return torch.cat([model(part.to(device)) for part in torch.tensor(x).split(500)]).cpu().numpy()


def accuracy_of(model, x, labels):
    return (logits_of(model, x).argmax(axis=1) == labels).mean()


print("computing on:", device)

# %% [markdown]
# **Predict, then run.** Chapter 03's kind of network (784 → 100 → 10) learns 4,000 digits. All of them stand in the middle of their images. Then the 1,000 held-out digits are pushed to the right, pixel by pixel. What accuracy do you expect at 0, at 2 and at 4 pixels? Guessing would be 10 %.

# %% tags=["demo"]
torch.manual_seed(0)
mlp = nn.Sequential(nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
train(mlp, x_digits[~held_out], y_digits[~held_out], epochs=10)

shifts = range(7)
mlp_curve = [accuracy_of(mlp, shifted(x_digits[held_out], s), y_digits[held_out]) for s in shifts]
print("  ".join(f"{s} px: {a:.0%}" for s, a in zip(shifts, mlp_curve, strict=True)))

# %% [markdown]
# At four pixels, hardly a quarter is right. No wonder: to this network an image is a *list* of 784 numbers. Pixel 300 has weights of its own, and they have never seen the stroke that used to be at pixel 298. Shuffle all pixels, in the same way for every image, and it would learn just as well.
#
# But images are not lists. Neighbouring pixels belong together, and a stroke is a stroke wherever it stands. A layer that knows these two things looks at **small windows** and uses **the same weights in every window**. That layer is the convolution.
#
# ## 1 · One kernel, everywhere
# Take nine weights in a 3×3 square, the **kernel** (or filter). Lay it on a window of the image, multiply number by number, add up. That is one output number. Then move on by one pixel:
#
# $$\text{out}[i, j] = \sum_{a, b} x[i + a,\; j + b]\; w[a, b] \;+\; \text{bias}$$

# %% [markdown]
# **Predict, then run.** Choose the first kernel and drag *place*. Before you go on to the next stroke of the digit: where will the output be strongly positive (purple), where negative (orange), where 0? Then look for a kernel that *moves* the image, and find out what stride 2 and padding 1 do to the size. Rest the mouse on a cell for its formula; *show* turns the question round: which outputs hear a pixel, and so will send it gradient?

# %%
from dlcourse_utils.widgets.convolution_explorer import convolution_explorer

digit = load_digits_split(seed=0).x_train[6].reshape(8, 8)
convolution_explorer(digit, place=15)

# %% [markdown]
# *How to read this:* left, the image with the window under the kernel; in the middle the nine products and their sum; right, what has been computed so far, with the newest cell framed. The first kernel answers to a change from dark to bright, at whatever place. **A kernel is a question that is asked everywhere.** In a network nobody chooses the questions: training does.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/convolution_explorer.png" alt="A small image with a window on it, the nine products inside the window, and the output that has been computed so far."></details>
#
# **Stride** s: move by s pixels, not one. **Padding** p: put p rows and columns of zeros around the image first. **Dilation** d: pull the kernel apart, so that it reads every d-th pixel.

# %% [markdown]
# ### 07.conv_output_size · How many positions?
# ●○○ · about 8 minutes · 1 point · the first thing to check when shapes don't fit
#
# Write `conv_output_size(n, kernel, stride=1, pad=0, dilation=1)` → int. Along one side there are n pixels, and `pad` zeros are added at *both* ends. The kernel has `kernel` cells, `dilation` pixels apart. At how many places can it stand without hanging over the end, if it moves by `stride`?
#
# Don't look the formula up: draw seven squares and a kernel of three.
# *Stuck? `hint("07.conv_output_size")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-conv_output_size", "locked": false, "schema_version": 3, "solution": true}
def conv_output_size(n, kernel, stride=1, pad=0, dilation=1):
    """Number of places along one side at which a kernel fits. All arguments and the result are whole numbers."""
    ### BEGIN SOLUTION
    span = dilation * (kernel - 1) + 1
    return (n + 2 * pad - span) // stride + 1
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-conv_output_size-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("07.conv_output_size", conv_output_size)

# %% [markdown]
# ## 2 · The layer, forwards and backwards
# Real images have channels (red, green, blue), and a layer has many kernels. So x is (N, C, H, W), and a filter looks at *all* channels of its window: it has the shape (C, KH, KW). F filters make w (F, C, KH, KW) and b (F,), and the output has F channels, (N, F, OH, OW): one map of answers for each question.
#
# (What mathematicians call convolution turns the kernel around first. Nobody in deep learning does; strictly, this is *cross-correlation*.)
#
# Now the backward pass, with no new idea. Look at one place (i, j): the window, laid out flat, times the weights, plus b. That is **a linear layer**, the one from chapter 03! And at every place it is the same layer with the same w. So:
#
# - w is *used* at every place. Copied on the way forward means **summed** on the way back: each place adds its share to dw.
# - A pixel is read by several windows that overlap. Again a sum: each window adds its share to dx.

# %% [markdown]
# ### 07.conv2d_forward · Convolution, forwards and backwards
# ●●● · about 40 minutes · 3 points · the heart of this chapter
#
# Write `conv2d_forward(x, w, b, stride=1, pad=0)` → `(out, cache)` and `conv2d_backward(dout, cache)` → `(dx, dw, db)`, in NumPy. x (N, C, H, W), w (F, C, KH, KW), b (F,). Both sides may differ, the kernel need not be square, and the last rows may be left over when the stride does not fit.
#
# float32 in gives float32 out. dx has x's shape, without padding. Other layers may run between your two calls, so everything goes into the cache. Two loops over the output's rows and columns are quick enough: `np.einsum("nchw,fchw->nf", window, w)` does all images and filters at one place.
# *Stuck? `hint("07.conv2d_forward")`. Moving on is fine; from part 4 on, PyTorch's convolution is used.*

# %% nbgrader={"grade": false, "grade_id": "07-conv2d_forward", "locked": false, "schema_version": 3, "solution": true}
def conv2d_forward(x, w, b, stride=1, pad=0):
    """Cross-correlate each image with each filter.

    x: (N, C, H, W). w: (F, C, KH, KW). b: (F,). Returns (out, cache), out (N, F, OH, OW).
    """
    ### BEGIN SOLUTION
    N, _, H, W = x.shape
    n_filters, _, KH, KW = w.shape
    OH, OW = conv_output_size(H, KH, stride, pad), conv_output_size(W, KW, stride, pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, n_filters, OH, OW), dtype=x.dtype)
    for i in range(OH):
        for j in range(OW):
            window = padded[:, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
            out[:, :, i, j] = np.einsum("nchw,fchw->nf", window, w) + b
    return out, (x.shape, padded, w, stride, pad)
    ### END SOLUTION


def conv2d_backward(dout, cache):
    """Gradients of a convolution. dout: (N, F, OH, OW). Returns (dx, dw, db), shaped like x, w and b."""
    ### BEGIN SOLUTION
    (_, _, H, W), padded, w, stride, pad = cache
    KH, KW = w.shape[2:]
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = slice(i * stride, i * stride + KH), slice(j * stride, j * stride + KW)
            d = dout[:, :, i, j]  # (N, F): one linear layer at each place
            dw += np.einsum("nf,nchw->fchw", d, padded[:, :, rows, cols])
            dpadded[:, :, rows, cols] += np.einsum("nf,fchw->nchw", d, w)
    dx = dpadded[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-conv2d_forward-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("07.conv2d_forward", conv2d_forward, conv2d_backward)

# %% [markdown]
# Your layer at work on a boot. Four kernels, four maps.

# %%
fashion = load_fashion_mnist()  # x (N, 1, 28, 28) in [0, 1], labels 0 … 9
boot = fashion.x_train[:1]

with needs("07.conv2d_forward", "07.conv_output_size"):
    kernels = {
        "left → right": [[-1, 0, 1]] * 3,
        "above → below": [[-1] * 3, [0] * 3, [1] * 3],
        "blur": [[1 / 9] * 3] * 3,
        "alone": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    }
    maps, _ = conv2d_forward(boot, np.array(list(kernels.values()), dtype=np.float32)[:, None], np.zeros(4, np.float32))
    fig, axes = plt.subplots(1, 5, figsize=(9.5, 2.2))
    axes[0].imshow(boot[0, 0], cmap="gray")
    axes[0].set_title("image (28×28)", fontsize=9)
    for ax, name, picture in zip(axes[1:], kernels, maps[0], strict=True):
        limit = np.abs(picture).max()
        ax.imshow(picture, cmap="PuOr", vmin=-limit, vmax=limit)
        ax.set_title(f"{name} (26×26)", fontsize=9)
    for ax in axes:
        ax.set(xticks=[], yticks=[])
    plt.show()

# %% [markdown]
# *How to read this:* purple is a strong yes, orange a strong no, white means nothing to report. The first map finds the boot's left and right edges, with opposite signs; the second its sole and its top.
#
# ## 3 · The same, as one matrix product
# Two Python loops are slow. The trick behind nearly every fast convolution: write all windows as the **columns** of one matrix. Then w, laid out as (F, C·KH·KW), meets them all in a single product. That costs memory, as each pixel now stands in up to KH·KW columns, and buys speed, because nothing is tuned as well as the matrix product.

# %% [markdown]
# ### 07.im2col · Windows as columns
# ●●○ · about 15 minutes · 2 points · how convolutions become fast
#
# Write `im2col(x, kh, kw, stride, pad)` → (N, C·kh·kw, OH·OW), in NumPy. Each column is one window, read in the order *channel, row, column*, as `w.reshape(F, -1)` is. The columns come in the order of the places: along the first row, then the second. That is the layout of PyTorch's `unfold`; other books use others.
# *Stuck? `hint("07.im2col")`. Moving on is fine; nothing is built on it.*

# %% nbgrader={"grade": false, "grade_id": "07-im2col", "locked": false, "schema_version": 3, "solution": true}
def im2col(x, kh, kw, stride, pad):
    """All windows as columns. x: (N, C, H, W). Returns (N, C·kh·kw, OH·OW)."""
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    OH, OW = conv_output_size(H, kh, stride, pad), conv_output_size(W, kw, stride, pad)
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.zeros((N, C * kh * kw, OH * OW), dtype=x.dtype)
    for i in range(OH):
        for j in range(OW):
            window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            cols[:, :, i * OW + j] = window.reshape(N, -1)
    return cols
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-im2col-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("07.im2col", im2col)

# %% [markdown]
# **Predict, then run.** The same layer three times, on 64 digits: your loops, your im2col with one matrix product, PyTorch. By which factors will they differ? And by how much the results?

# %%
with needs("07.conv2d_forward", "07.im2col", "07.conv_output_size"):
    rng = np.random.default_rng(0)
    images = rng.normal(size=(64, 16, 14, 14)).astype(np.float32)
    w, b = rng.normal(size=(32, 16, 3, 3)).astype(np.float32), np.zeros(32, np.float32)
    ways = {
        "two loops": lambda: conv2d_forward(images, w, b)[0],
        "im2col": lambda: (w.reshape(32, -1) @ im2col(images, 3, 3, 1, 0)).reshape(64, 32, 12, 12),
        "PyTorch": lambda: F.conv2d(torch.tensor(images), torch.tensor(w)).numpy(),
    }
    for name, way in ways.items():
        took = min(timeit.repeat(way, number=1, repeat=5))
        print(f"{name:10} {took * 1e3:7.2f} ms   largest difference {np.abs(way() - ways['two loops']()).max():.1e}")

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** A convolution with 32 filters of 3×3 reads one channel of 28×28 and gives 32 maps of 26×26. How many weights and biases does it have? How many would a linear layer need for the same input and output sizes?
#
# <details><summary>Answer</summary>
#
# 32 · 9 weights and 32 biases: 320. A linear layer: 784 inputs times 32 · 676 = 21,632 outputs, about 17 million weights. The convolution saves them twice over: each output reads 9 pixels in place of 784, and all places share one set of weights.
#
# </details>

# %% [markdown]
# ## 4 · Pooling
# A map of answers says *where exactly* a stroke was found. Often it is enough to know that there was one hereabouts. **Max pooling** keeps the largest number of each small window, usually 2×2 with stride 2. Three quarters of the numbers go, and a small shift of the input often leaves the winner where it is.
#
# Backwards: the winner alone decided, so the winner alone gets the gradient. And at a tie? After a ReLU, windows full of equal zeros are common. Any split is a valid subgradient, as long as no gradient is *created*: what goes out must add up to what came in.

# %% [markdown]
# ### 07.maxpool2d_forward · Max pooling, forwards and backwards
# ●●○ · about 15 minutes · 2 points · every network below uses it
#
# Write `maxpool2d_forward(x, size, stride)` → `(out, cache)` and `maxpool2d_backward(dout, cache)` → dx, in NumPy. x (N, C, H, W). Windows may overlap (stride < size); a cell that wins in two of them gets both gradients. Incomplete windows at the edge are dropped.
# *Stuck? `hint("07.maxpool2d_forward")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-maxpool2d_forward", "locked": false, "schema_version": 3, "solution": true}
def maxpool2d_forward(x, size, stride):
    """Largest number of each window. x: (N, C, H, W). Returns (out, cache), out (N, C, OH, OW)."""
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    out = np.zeros((N, C, conv_output_size(H, size, stride), conv_output_size(W, size, stride)), dtype=x.dtype)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, size, stride)
    ### END SOLUTION


def maxpool2d_backward(dout, cache):
    """Hand each window's gradient to its largest cell. dout: (N, C, OH, OW). Returns dx, shaped like x."""
    ### BEGIN SOLUTION
    x, size, stride = cache
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            window = x[:, :, rows, cols]
            won = window == window.max(axis=(2, 3), keepdims=True)
            share = won / won.sum(axis=(2, 3), keepdims=True)  # ties share
            dx[:, :, rows, cols] += share * dout[:, :, i, j][:, :, None, None]
    return dx
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-maxpool2d_forward-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("07.maxpool2d_forward", maxpool2d_forward, maxpool2d_backward)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Pooling is repeated until the image stops shrinking."
#
# **Predict, then run.** Below, one pooling layer with windows of 2 and stride 2 gets a 28×28 image. How often does it run over the image, and how large is what comes out?

# %%
with needs("07.maxpool2d_forward", "07.conv_output_size"):
    pooled, _ = maxpool2d_forward(x_digits[:1], 2, 2)
    print("one layer, one pass:", x_digits[:1].shape[2:], "→", pooled.shape[2:])
    net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3), nn.ReLU(), nn.MaxPool2d(2))
    calls = []
    for layer in net:
        layer.register_forward_hook(lambda m, given, out: calls.append(f"{type(m).__name__} → {out.shape[2]}×{out.shape[3]}"))
    net(torch.tensor(x_digits[:1]))
    print("a network, every layer once:", ",  ".join(calls))

# %% [markdown]
# Once. A pooling layer makes one pass with the window and the stride it was given, like every other layer, and the network's designer decides how many of them there are. (That pooling and convolution *alternate*, and the image shrinks from layer to layer, is where the saying comes from.)
#
# ## 5 · How far does a unit see?
# A unit of the first layer sees 3×3 pixels. One in the second layer sees 3×3 units of the first, so more pixels; after a pooling, steps are twice as wide. What one unit can see of the *input* is its **receptive field**.

# %% [markdown]
# ### 07.receptive_field · How far does it see?
# ●○○ · about 10 minutes · 1 point · is my network able to see the whole object?
#
# Write `receptive_field(layers)` → int: the width in input pixels that one output unit depends on. `layers` goes from the input to the output; each entry is (kernel, stride) or (kernel, stride, dilation). Pooling layers count as well. An empty list gives 1.
# *Stuck? `hint("07.receptive_field")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-receptive_field", "locked": false, "schema_version": 3, "solution": true}
def receptive_field(layers):
    """Width of what one output unit sees. layers: (kernel, stride[, dilation]) from input to output."""
    ### BEGIN SOLUTION
    field, step = 1, 1  # step: how many input pixels one step in the current layer is
    for kernel, stride, *rest in layers:
        dilation = rest[0] if rest else 1
        field += dilation * (kernel - 1) * step
        step *= stride
    return field
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-receptive_field-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("07.receptive_field", receptive_field)

# %% [markdown]
# **Predict, then run.** The formula says which pixels *can* reach a unit. Do they all count alike? Here is the gradient of one unit with respect to every pixel, averaged over random images, for conv, pool, conv, pool, conv. Before you run: will it be a flat square?

# %%
from dlcourse_utils.gradients import receptive_field as measured_field

with needs("07.receptive_field"):
    width = receptive_field([(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)])
    torch.manual_seed(0)
    trunk = nn.Sequential(nn.Conv2d(1, 16, 3), nn.MaxPool2d(2), nn.Conv2d(16, 16, 3), nn.MaxPool2d(2), nn.Conv2d(16, 16, 3))
    fig, ax = plt.subplots(figsize=(4.6, 4))
    measured_field(trunk, (1, 40, 40)).plot(ax)
    plt.show()
    print("the formula says:", width)

# %% [markdown]
# *How to read this:* the darker a pixel, the more it moves the unit. The frame holds all that reach it at all: 18 by 18, as your formula says. Inside it is not flat: middle pixels reach the unit on many paths, those at the rim on a single one. (It is the gradient story again: the sum over all paths.)
#
# ## 6 · Two networks
# Now the pieces make networks: convolutions ask questions, pooling thins out, and at the end a linear layer turns the answers into logits. From here on PyTorch does the work.

# %% [markdown]
# ### 07.SmallCNN · A small CNN
# ●○○ · about 8 minutes · 1 point · 34,826 parameters that beat your MLP's 79,510
#
# Write the class `SmallCNN`, an `nn.Module` without arguments: **conv 32 → pool → conv 64 → pool → linear 10**. Convolutions are 3×3 without padding, each followed by ReLU; pools are 2×2 max pools; no dropout. Input (N, 1, 28, 28), output logits (N, 10). The check counts the parameters and compares logits.
# *Stuck? `hint("07.SmallCNN")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-SmallCNN", "locked": false, "schema_version": 3, "solution": true}
class SmallCNN(nn.Module):
    """Two convolutions and a linear layer, 34,826 parameters. (N, 1, 28, 28) → logits (N, 10)."""

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64 * 5 * 5, 10),
        )  # fmt: skip
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.net(x)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-SmallCNN-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("07.SmallCNN", SmallCNN)

# %% [markdown]
# ### 07.DigitCNN · A deeper CNN
# ●○○ · about 8 minutes · 1 point · the one whose eyes we will look through
#
# Write `DigitCNN`: **conv 32 → pool → conv 64 → pool → conv 64 → linear 64 → linear 10**, otherwise as above (3×3 without padding, ReLU after each convolution *and* after the linear layer with 64 units, no dropout). 93,322 parameters.
#
# Before you write the first linear layer: follow one side of the image through the layers with your `conv_output_size`.
# *Stuck? `hint("07.DigitCNN")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-DigitCNN", "locked": false, "schema_version": 3, "solution": true}
class DigitCNN(nn.Module):
    """Three convolutions and two linear layers, 93,322 parameters. (N, 1, 28, 28) → logits (N, 10)."""

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3), nn.ReLU(),
            nn.Flatten(), nn.Linear(64 * 3 * 3, 64), nn.ReLU(), nn.Linear(64, 10),
        )  # fmt: skip
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.net(x)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-DigitCNN-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("07.DigitCNN", DigitCNN)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Training a CNN *is* convolution, activation, pooling, dense."
#
# **Predict, then run.** Below, a small CNN runs these four over the same digits, a hundred times. How much better does it get?

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1352, 10))
x, y = torch.tensor(x_digits[::20]), torch.tensor(y_digits[::20])
for _ in range(100):
    loss = F.cross_entropy(net(x), y)
print(f"after 100 times convolution, activation, pooling, dense: loss {loss.item():.3f}")

optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
for _ in range(20):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
print(f"after 20 steps with backward and an update:             loss {loss.item():.3f}")

# %% [markdown]
# Not at all. The four are the **forward pass**: they answer. Training is what it was in chapter 03: a loss, backprop, a step downhill, again and again. The only news is that kernels are among the weights, and that their gradient is a sum over all places.
#
# Now train both, the way real work looks: held-out data after each epoch, curves, a confusion matrix, and the worst mistakes as pictures. DigitCNN reads digits, SmallCNN clothes.

# %% tags=["demo"]
class Curves:
    """Collects loss and accuracy on training and held-out data after each epoch."""

    def __init__(self, x, y, x_held, y_held):
        self.parts = {"training": (x[:1000], y[:1000]), "held out": (x_held[:1000], y_held[:1000])}
        self.loss, self.accuracy = {k: [] for k in self.parts}, {k: [] for k in self.parts}

    def __call__(self, model):
        for name, (x, y) in self.parts.items():
            logits = logits_of(model, x)
            self.loss[name].append(F.cross_entropy(torch.tensor(logits), torch.tensor(y)).item())
            self.accuracy[name].append((logits.argmax(axis=1) == y).mean())

    def plot(self, title):
        _, axes = plt.subplots(1, 2, figsize=(8.5, 2.7))
        for ax, values, label in zip(axes, (self.loss, self.accuracy), ("loss (nats)", "accuracy"), strict=True):
            for (name, series), style in zip(values.items(), ("ko-", "C1s--"), strict=True):
                ax.plot(range(1, len(series) + 1), series, style, label=name, markersize=4)
            ax.set(xlabel="epoch", ylabel=label, title=title)
        axes[0].legend()


with needs("07.DigitCNN"):
    torch.manual_seed(0)
    digit_cnn = DigitCNN()
    digit_curves = Curves(x_digits[~held_out][::4], y_digits[~held_out][::4], x_digits[held_out], y_digits[held_out])
    train(digit_cnn, x_digits[~held_out], y_digits[~held_out], epochs=8, after_epoch=digit_curves)
    digit_curves.plot("DigitCNN on 4,000 digits")
    plt.show()
    print(f"MLP from the beginning: {mlp_curve[0]:.1%}   DigitCNN: {accuracy_of(digit_cnn, x_digits[held_out], y_digits[held_out]):.1%}")

# %% [markdown]
# *How to read this:* solid is the data it learns from, dashed the data it has never seen. Where the two lines part, learning by heart begins. More than half of the MLP's errors are gone, with a network that knows only two things more about images: neighbours belong together, and a stroke is a stroke anywhere.

# %% tags=["demo"]
def confusion_picture(ax, truth, said, names):
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (truth, said), 1)
    off = np.where(np.eye(len(names), dtype=bool), 0, counts)
    ax.imshow(off, cmap="Purples")
    for i, j in np.ndindex(*counts.shape):
        if counts[i, j]:
            dark = off[i, j] > 0.6 * off.max()
            ax.text(j, i, counts[i, j], ha="center", va="center", fontsize=7, color="white" if dark else "black", weight="bold" if i == j else "normal")
    ax.set(xlabel="what the network says", ylabel="what it is")
    ax.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
    ax.set_yticks(range(len(names)), names, fontsize=8)


def worst_errors(axes, images, truth, logits, names):
    log_p = logits - np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1, keepdims=True)) - logits.max(1, keepdims=True)
    for ax, i in zip(axes, np.argsort(log_p[np.arange(len(truth)), truth]), strict=False):
        said = log_p[i].argmax()
        ax.imshow(images[i, 0], cmap="gray_r")
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"says {names[said]} ({np.exp(log_p[i, said]):.0%})\nis {names[truth[i]]}", fontsize=7)


with needs("07.SmallCNN"):
    torch.manual_seed(0)
    small_cnn = SmallCNN()
    small_curves = Curves(fashion.x_train, fashion.y_train, fashion.x_test, fashion.y_test)
    train(small_cnn, fashion.x_train, fashion.y_train, epochs=6, after_epoch=small_curves)
    small_curves.plot("SmallCNN on 10,000 clothes")
    small_logits = logits_of(small_cnn, fashion.x_test)
    fig = plt.figure(figsize=(9.5, 4.4))
    left, right = fig.subfigures(1, 2, width_ratios=[5, 4])
    confusion_picture(left.subplots(), fashion.y_test, small_logits.argmax(1), FASHION_CLASSES)
    worst_errors(right.subplots(3, 4).ravel(), fashion.x_test, fashion.y_test, small_logits, FASHION_CLASSES)
    plt.show()
    print(f"SmallCNN: {(small_logits.argmax(1) == fashion.y_test).mean():.1%} of 2,000 held-out clothes")

# %% [markdown]
# *How to read this:* in the table, a row is what it is and a column what the network says; the diagonal (bold) is right, and the darker another cell, the more often this mistake happens. Trousers are hardly ever missed. The trouble is among shirt, T-shirt, pullover and coat: at 28×28 pixels they differ by a collar. On the right are the twelve worst mistakes: least probability for the truth. Some labels one would not believe oneself.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** A colleague adds `padding=1` to both convolutions of SmallCNN "to keep the border", and the program stops with a shape error in the last layer. Why, and which number must change into what?
#
# <details><summary>Answer</summary>
#
# With padding the sides are 28 → 28 → 14 → 14 → 7, not 28 → 26 → 13 → 11 → 5. So 64 · 7 · 7 = 3,136 numbers reach the linear layer, where 1,600 were expected.
#
# </details>

# %% [markdown]
# ## 7 · Is it true, then?
# The chapter began with a promise: a layer that does not care where a digit stands.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "A CNN is translation invariant."
#
# **Predict, then run.** Two different things could be meant. *Equivariant*: shift the input, and the map shifts along. *Invariant*: shift the input, and the output stays the same. Which of the two does a convolution have? Which the whole network? Draw the DigitCNN's accuracy over 0 to 6 pixels of shift before you run the second cell.

# %%
with needs("07.conv2d_forward", "07.maxpool2d_forward", "07.conv_output_size"):
    image = np.pad(x_digits[2600:2601], ((0, 0), (0, 0), (4, 4), (4, 4)))  # room to move
    w = np.random.default_rng(0).normal(size=(4, 1, 3, 3)).astype(np.float32)

    def conv(x):
        return conv2d_forward(x, w, np.zeros(4, np.float32))[0]

    def pool(x):
        return maxpool2d_forward(conv(x), 2, 2)[0]

    def change(a, b):
        return np.abs(a - b).max() / np.abs(a).max()

    title = "change, as a share of the map's largest value"
    print(f"{title:54}{'shift by 1':>10}{'by 2':>10}")
    rows = {
        "the map, compared with the old map": [change(conv(image), conv(shifted(image, s))) for s in (1, 2)],
        "the map, compared with the old map shifted along": [change(shifted(conv(image), s), conv(shifted(image, s))) for s in (1, 2)],
        "after pooling, the old one shifted by half as much": [change(shifted(pool(image), s // 2), pool(shifted(image, s))) for s in (1, 2)],
    }
    for what, changes in rows.items():
        print(f"{what:54}" + "".join(f"{c:10.2f}" for c in changes))

# %% tags=["demo"]
with needs("07.DigitCNN"):
    DigitCNN()  # stops here, politely, while it is not written
    cnn_curve = [accuracy_of(digit_cnn, shifted(x_digits[held_out], s), y_digits[held_out]) for s in shifts]
    fig, ax = plt.subplots(figsize=(7, 3))
    ax.plot(shifts, cnn_curve, "ko-", label="DigitCNN")
    ax.plot(shifts, mlp_curve, "C1s--", label="MLP")
    ax.axhline(0.1, color="0.6", linewidth=0.8, label="guessing")
    ax.set(xlabel="shift to the right (pixels)", ylabel="accuracy", ylim=(0, 1.02), title="The question of this chapter, answered")
    ax.legend()
    plt.show()
    print("  ".join(f"{s} px: {a:.0%}" for s, a in zip(shifts, cnn_curve, strict=True)))

# %% [markdown]
# *How to read this:* 0 means that nothing changes. The second row is 0: a **convolution is equivariant**, exactly; shift the input and the map shifts along. It is *not* invariant: compared place by place with what it was, in the first row, the map changes a lot. Pooling with stride 2 is equivariant for even shifts only; an odd one makes other pixels win.
#
# The curve is the whole network. Much better than the MLP, at two pixels above all, and yet far from flat: the last layers are linear, with weights of their own for every place. **Equivariance is built in. Invariance is small, comes from pooling, and the rest must be learned**, from data in which things stand in different places. Which is the next exercise.

# %% [markdown]
# ### 07.augment · More images than you have
# ●●○ · about 20 minutes · 2 points · the cheapest way to more data
#
# Write `augment(x, rng, max_shift=2, p_flip=0.5)`, in NumPy: a new array like x (N, C, H, W), same dtype. *Each image* gets its own shift, up and down and left and right by at most `max_shift` pixels (both ends included, all equally likely), filled with zeros. And each is flipped left to right with probability `p_flip`. All randomness comes from `rng`, a `np.random.Generator`. Labels stay what they are, so they don't appear.
# *Stuck? `hint("07.augment")`. Moving on is fine; the milestone can do without.*

# %% nbgrader={"grade": false, "grade_id": "07-augment", "locked": false, "schema_version": 3, "solution": true}
def augment(x, rng, max_shift=2, p_flip=0.5):
    """Shift and flip each image at random. x: (N, C, H, W). Returns a new array of the same shape and dtype."""
    ### BEGIN SOLUTION
    n, _, h, w = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (max_shift, max_shift), (max_shift, max_shift)))
    out = np.empty_like(x)
    for i in range(n):
        top, left = rng.integers(0, 2 * max_shift + 1, size=2)
        image = padded[i, :, top : top + h, left : left + w]
        out[i] = image[..., ::-1] if rng.random() < p_flip else image
    return out
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-augment-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("07.augment", augment)

# %% [markdown]
# **Predict, then run.** Ten versions of one boot. Would you use the same settings for digits? (Think of a flipped 2, 5 or 7.)

# %%
with needs("07.augment"):
    versions = augment(np.repeat(boot, 10, axis=0), np.random.default_rng(0), max_shift=4)
    fig, axes = plt.subplots(1, 10, figsize=(9.5, 1.2))
    for ax, version in zip(axes, versions, strict=True):
        ax.imshow(version[0], cmap="gray")
        ax.set(xticks=[], yticks=[])
    plt.show()

# %% [markdown]
# *How to read this:* each is the same photograph, moved by up to four pixels, and some are turned. A boot stays a boot, so the label holds. A flipped digit may be no digit at all: **augmentation says which changes do not matter, and that is knowledge about the task.**
#
# ## 8 · Deeper
# More layers see further and can ask better questions. But a gradient must get through all of them, and chapter 05 showed what a product of many factors does. The remedy that made networks of a hundred layers trainable (He et al., 2015) is a **shortcut**: compute relu(f(x) + x) in place of f(x). On the way back the sum hands the gradient on to both, so one share always arrives undiminished.

# %% [markdown]
# ### 07.ResidualBlock · A shortcut around two layers
# ●●○ · about 15 minutes · 2 points · the building block of most vision networks
#
# Write `ResidualBlock(c_in, c_out, stride)`, an `nn.Module`: **conv – BN – ReLU – conv – BN, plus the shortcut, then ReLU**. Both convolutions are 3×3 with padding 1; the first has the stride. The shortcut is x itself where shapes agree (stride 1 and c_in = c_out), else a 1×1 convolution with that stride, c_in → c_out (with or without a batch norm of its own). Don't write into x: others may still need it.
# *Stuck? `hint("07.ResidualBlock")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-ResidualBlock", "locked": false, "schema_version": 3, "solution": true}
class ResidualBlock(nn.Module):
    """relu(f(x) + shortcut(x)), f = conv-BN-ReLU-conv-BN. He, Zhang, Ren, Sun (2015). x: (N, c_in, H, W)."""

    def __init__(self, c_in, c_out, stride):
        ### BEGIN SOLUTION
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1), nn.BatchNorm2d(c_out), nn.ReLU(),
            nn.Conv2d(c_out, c_out, 3, padding=1), nn.BatchNorm2d(c_out),
        )  # fmt: skip
        same = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if same else nn.Conv2d(c_in, c_out, 1, stride=stride)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return torch.relu(self.main(x) + self.shortcut(x))
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-ResidualBlock-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("07.ResidualBlock", ResidualBlock)

# %% [markdown]
# **Predict, then run.** Twenty blocks, forty convolutions, once with the shortcuts and once with the same blocks *without* them (and, as a third, without batch norm either). How large is the gradient that arrives at the first layer, compared with the one at the last?

# %%
def gradient_sizes(blocks):
    """Size of the gradient at each block's output, for random images and a random direction at the end."""
    torch.manual_seed(0)
    out, outs = torch.randn(4, 8, 12, 12), []
    for block in blocks:
        out = block(out)
        out.retain_grad()
        outs.append(out)
    (out * torch.randn_like(out)).sum().backward()
    return np.array([o.grad.norm().item() for o in outs])


def plain(norm):
    two = [nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8) if norm else nn.Identity(), nn.ReLU()]
    return nn.Sequential(*two, nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8) if norm else nn.Identity(), nn.ReLU())


with needs("07.ResidualBlock"):
    torch.manual_seed(1)
    stacks = {
        ("residual", "-"): [ResidualBlock(8, 8, 1) for _ in range(20)],
        ("no shortcut", "--"): [plain(True) for _ in range(20)],
        ("no shortcut, no batch norm", ":"): [plain(False) for _ in range(20)],
    }
    fig, ax = plt.subplots(figsize=(7.5, 3))
    for (name, style), blocks in stacks.items():
        sizes = gradient_sizes(blocks)
        ax.plot(range(1, 21), sizes / sizes[-1], "k" + style, label=name)
    ax.set(yscale="log", xlabel="block (20 is next to the loss)", ylabel="gradient, last block = 1", title="What is left on the way back", xticks=range(1, 21))
    ax.legend()
    plt.show()

# %% [markdown]
# *How to read this:* from right to left is the way back from the loss; the scale is logarithmic. Without shortcut and batch norm next to nothing arrives, and the first layers could not learn. (PyTorch's default start is a little too small for ReLU, so every convolution shrinks what passes.) With batch norm alone it *grows* from block to block, a thousandfold, which is no better. With shortcuts it stays within about one power of ten over forty convolutions.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** Why must the shortcut be added *before* the block's last ReLU and not after it?
#
# <details><summary>Answer</summary>
#
# After the ReLU, f can only be positive or zero, so a block could only ever add to its input, never take anything away, and the values would grow from block to block. Before it, f may be negative and correct the input in both directions.
#
# </details>

# %% [markdown]
# ## 9 · Looking inside
# First the questions that were learned. DigitCNN's first layer has 32 kernels of 3×3.

# %% tags=["demo"]
with needs("07.DigitCNN"):
    DigitCNN()  # stops here, politely, while it is not written
    filters = next(p for p in digit_cnn.parameters() if p.dim() == 4).detach().cpu().numpy()[:, 0]  # (32, 3, 3)
    sevens = torch.tensor(x_digits[3500:3501], device=device)
    first = torch.relu(F.conv2d(sevens, torch.tensor(filters[:, None], device=device)))[0].cpu().numpy()
    fig, axes = plt.subplots(4, 16, figsize=(9.5, 2.7))
    limit = np.abs(filters).max()
    for k in range(32):
        row, column = 2 * (k // 16), k % 16
        axes[row, column].imshow(filters[k], cmap="PuOr", vmin=-limit, vmax=limit)
        axes[row + 1, column].imshow(first[k], cmap="gray")
    for ax in axes.ravel():
        ax.set(xticks=[], yticks=[])
    plt.show()

# %% [markdown]
# *How to read this:* rows 1 and 3 are the kernels (purple positive, orange negative), and below each is its map for a seven, bright where it answers. Many are edges in one direction, a purple side and an orange one: the kernels people used to design by hand. Nobody asked for them.
#
# Deeper layers are not so easily read, as their kernels look at 32 maps at once. So one asks the other way round: *which places* of a layer spoke for this class? **Grad-CAM** answers with a gradient. For the score $s$ (the class's logit) and the maps $A_k$ of a layer:
#
# $$\alpha_k = \frac{1}{hw} \sum_{i,j} \frac{\partial s}{\partial A_k[i, j]} \qquad\qquad \text{map} = \mathrm{ReLU}\Bigl(\sum_k \alpha_k A_k\Bigr)$$
#
# A map counts as much as the score rises with it, on average over all places; what speaks against is cut off.

# %% [markdown]
# ### 07.grad_cam · Where did it look?
# ●●● · about 25 minutes · 3 points · a look behind the answer
#
# Write `grad_cam(model, layer, x, target)` → (N, h, w), a detached tensor at the layer's own resolution, not normalised. `layer` is a module inside `model`, such as `model.net[7]`. `target` is one class for all images, or a tensor (N,) with a class for each.
#
# Take the logit, not the probability. Leave everything as it was: hooks removed, every `.grad` and the mode untouched.
# *Stuck? `hint("07.grad_cam")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "07-grad_cam", "locked": false, "schema_version": 3, "solution": true}
def grad_cam(model, layer, x, target):
    """Grad-CAM maps (Selvaraju et al., 2017). x: (N, C, H, W). target: int or (N,). Returns (N, h, w)."""
    ### BEGIN SOLUTION
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, out: kept.append(out))
    try:
        logits = model(x)
    finally:
        handle.remove()
    score = logits[torch.arange(len(x)), torch.as_tensor(target)].sum()
    (slopes,) = torch.autograd.grad(score, kept[0])
    weights = slopes.mean(dim=(2, 3), keepdim=True)
    return torch.relu((weights * kept[0]).sum(dim=1)).detach()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-grad_cam-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("07.grad_cam", grad_cam)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Deep learning is a black box: nobody can see what it looks at." And others: "Look at the heat map, it sees the handle of the bag!"
#
# Both give up too early. A picture of *why* is a measurement, and a measurement needs a control. **Predict, then run.** Below is your Grad-CAM for five digits, at DigitCNN's first and second layer; and the same for a DigitCNN that has **never been trained**. Which rows will look convincing?

# %% tags=["demo"]
from scipy.stats import spearmanr

with needs("07.grad_cam", "07.DigitCNN"):
    torch.manual_seed(7)
    untrained = DigitCNN().to(device).eval()
    rows = [int(np.flatnonzero((y_digits == k) & held_out)[5]) for k in (0, 2, 3, 4, 8)]

    def look(net, layer, rows):
        convs, relus = ([m for m in net.modules() if isinstance(m, kind)] for kind in (nn.Conv2d, nn.ReLU))
        layers = relus if len(relus) >= 3 else convs  # F.relu leaves no module to look at: then the convolutions
        chosen = torch.tensor(y_digits[rows], device=device)
        return grad_cam(net, layers[layer], torch.tensor(x_digits[rows], device=device), chosen).cpu().numpy()

    networks = {"trained": digit_cnn, "untrained": untrained}
    fig, axes = plt.subplots(5, 5, figsize=(6.4, 6.6))
    pictures = {"image": x_digits[rows, 0]} | {f"{name},\nlayer {i + 1}": look(net, i, rows) for name, net in networks.items() for i in (0, 1)}
    for line, (name, images) in zip(axes, pictures.items(), strict=True):
        line[0].set_ylabel(name, fontsize=9)
        for ax, image in zip(line, images, strict=True):
            ax.imshow(image, cmap="gray" if name == "image" else "magma")
            ax.set(xticks=[], yticks=[])
    plt.show()
    many = np.flatnonzero(held_out)[::5]
    for i in (0, 1):
        a, b = (look(net, i, many).reshape(len(many), -1) for net in networks.values())
        alike = [spearmanr(p, q)[0] for p, q in zip(a, b, strict=True) if np.ptp(p) > 0 and np.ptp(q) > 0]
        print(f"layer {i + 1}: rank correlation of the two networks' maps, mean of {len(alike)} digits: {np.mean(alike):+.2f}")

# %% [markdown]
# *How to read this:* bright is where the layer speaks for the digit's class; each map has its own scale. The two upper rows look splendid: the network sees the strokes! But the two rows below come from a network that knows *nothing*, and it traces the 0 just as nicely. Any kernel answers at outlines, so a map of outlines shows the image first. (Where the background is bright, every unit there gives the same number, its bias.)
#
# The print is the better evidence. Over many digits, the maps of the two networks have little in common: on the whole, they do depend on what was learned. No single picture could have told you.
#
# So: not a black box, and not a window either. **Look inside, and believe a picture only as far as it differs from its control.** Chapter 11 goes on from here.
#
# ## 10 · Milestone: what is it wearing?
# Fashion-MNIST was made because digits had become too easy. On 10,000 clothes, logistic regression gets about 83 % and an MLP about 86 %. Your goal is **89.5 %**.

# %% [markdown]
# ### 07.milestone_fashion · Milestone: what is it wearing?
# ●●● · about 40 minutes · 3 points · everything in this chapter, composed
#
# Write `train_fashion(x, labels, epochs, seed, device="cpu")` → a trained `nn.Module` in evaluation mode, on that device. x is NumPy, (N, 1, 28, 28), labels (N,), perhaps sorted. `model(x)` gives (N, 10) logits. The network is yours: SmallCNN gets about 89 %; batch norm, padding, a little dropout, a learning rate that falls to 0, and `augment` with one pixel of shift are worth trying, one at a time. Choose on training data you hold back, not on the test set. The same seed must give the same network, another seed another one.
#
# The check trains your function on a few hundred shoes only, for ten epochs, and asks for 70 % of other shoes. The real training is the next cell.
# *Stuck? `hint("07.milestone_fashion")`.*

# %% [markdown]
# **On an NVIDIA GPU, if you like.** Its fastest units multiply in 16 bits. That is enough for a forward pass, not for adding up many small updates; so the weights stay in float32, and the two are mixed. The first cell's `train` does it in three lines, and they fit into your loop as well: `half = MixedPrecision(device)` before it, the loss inside `with half.forward():`, and `half.step(loss, optimizer)` instead of backward and step. The larger the network, the more it gains; on the CPU nothing changes, down to the last bit.

# %% nbgrader={"grade": false, "grade_id": "07-milestone_fashion", "locked": false, "schema_version": 3, "solution": true}
def train_fashion(x, labels, epochs, seed, device="cpu"):
    """Train a classifier of clothes. x: (N, 1, 28, 28) in [0, 1]. labels: (N,). Returns an nn.Module in eval mode."""
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = nn.Sequential(
        nn.Conv2d(1, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(24, 48, 3, padding=1), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(48 * 7 * 7, 10),
    ).to(device, memory_format=torch.channels_last)  # fmt: skip
    batches = max(1, len(x) // 64)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=epochs * batches)
    for _ in tqdm(range(epochs), desc="epochs", leave=False, disable=len(x) < 5000):  # no bar in the check
        for rows in np.array_split(rng.permutation(len(x)), batches):
            images = torch.tensor(augment(x[rows], rng, max_shift=1), device=device)
            optimizer.zero_grad()
            F.cross_entropy(model(images), torch.tensor(labels[rows], device=device)).backward()
            optimizer.step()
            schedule.step()
    return model.eval()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "07-milestone_fashion-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("07.milestone_fashion", train_fashion)

# %% [markdown]
# Now the real thing, on all 10,000 training images, beside three honest baselines. On two CPU cores this takes about half a minute. On a GPU, give it more epochs.

# %% tags=["demo"]
from sklearn.linear_model import LogisticRegression

flat, flat_test = fashion.x_train.reshape(-1, 784), fashion.x_test.reshape(-1, 784)
means = np.stack([flat[fashion.y_train == k].mean(axis=0) for k in range(10)])
nearest = ((flat_test[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
straight = LogisticRegression(C=0.05, max_iter=60, tol=1e-2).fit(flat, fashion.y_train)
torch.manual_seed(0)
dense = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
train(dense, fashion.x_train, fashion.y_train, epochs=12, lr=1e-3)
print(f"nearest average      {(nearest == fashion.y_test).mean():.1%}")
print(f"logistic regression  {straight.score(flat_test, fashion.y_test):.1%}")
print(f"MLP, 784-128-10      {accuracy_of(dense, fashion.x_test, fashion.y_test):.1%}")

with needs("07.milestone_fashion", "07.SmallCNN", "07.augment"):
    began = timeit.default_timer()
    mine = train_fashion(fashion.x_train, fashion.y_train, 10 if device.type == "cpu" else 30, 0, device)
    print(f"your network         {accuracy_of(mine, fashion.x_test, fashion.y_test):.1%}   in {timeit.default_timer() - began:.0f} s; the goal is 89.5 %")

# %% [markdown]
# With 2,000 test images, one standard error is about 0.7 points. So 89.2 and 89.9 are hardly different, and a single run above the goal may be luck. The solution in `solutions/` got 90.0 % on average over four seeds, from 89.8 to 90.3. To say that one network is better than another by half a point, one needs more test images or more runs. Remember this when you read tables in papers.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** Your test accuracy is 89.7 % after trying forty settings and keeping the best one *on the test set*. What should you expect from this network on clothes that nobody has looked at yet?
#
# <details><summary>Answer</summary>
#
# Less. With an error of ±0.7 points for each setting, the best of forty is partly the luckiest of forty. Choose on data held back from the training set, and touch the test set once.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | piece | shapes | in one breath |
# |---|---|---|
# | convolution | (N, C, H, W), (F, C, KH, KW) → (N, F, OH, OW) | a linear layer, at every place, with the same weights |
# | its backward pass | sums over places and windows | copied forward, summed back |
# | max pooling | H → H/2 | the winner passes, and gets the gradient |
# | residual block | same or smaller | f(x) + x: a way through for the gradient |
# | Grad-CAM | (N, h, w) | gradient-weighted maps, to be read beside a control |
#
# And one habit: a claim such as "invariant" is something to *measure*. Next, in [chapter 08](../08_rnn/08_rnn.ipynb), weights are shared along *time*.

# %% [markdown]
# ## Go further
# - K. Fukushima, *Neocognitron* (Biological Cybernetics 36, 1980): convolution and pooling, inspired by the visual cortex; Y. LeCun et al., [*Gradient-based learning applied to document recognition*](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf) (1998): trained by backprop.
# - A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet classification with deep convolutional neural networks* (NeurIPS 2012): the network that started the boom. K. He et al., [*Deep residual learning for image recognition*](https://arxiv.org/abs/1512.03385) (2015).
# - V. Dumoulin, F. Visin, [*A guide to convolution arithmetic for deep learning*](https://arxiv.org/abs/1603.07285) (2016): every stride and padding in pictures. CS231n's notes on convolutional networks.
# - R. Zhang, [*Making convolutional networks shift-invariant again*](https://arxiv.org/abs/1904.11486) (2019); A. Azulay, Y. Weiss, [*Why do deep convolutional networks generalize so poorly to small image transformations?*](https://arxiv.org/abs/1805.12177) (2018).
# - R. Selvaraju et al., [*Grad-CAM*](https://arxiv.org/abs/1610.02391) (2017); J. Adebayo et al., [*Sanity checks for saliency maps*](https://arxiv.org/abs/1810.03292) (2018): the control. H. Xiao, K. Rasul, R. Vollgraf, [*Fashion-MNIST*](https://arxiv.org/abs/1708.07747) (2017).
