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
# # 02 · Neurons and losses
#
# **The question of this chapter: a machine looks at a handwritten digit and gives an answer. How does it get to one, and when it is wrong, *how* wrong is it?**
#
# By the end you will have written every piece of a small neural network in NumPy, and it will read digits that it has never seen. Nothing is trained step by step here; the weights are read off averages, or solved for. Training is the next chapter's story, and it needs what you build in this one.
#
# Plan for three to four hours, in two or three sittings; two good places to stop are marked. Every exercise can be skipped and picked up later. Symbols and shape letters are on the [notation page](../notation.ipynb); how checks and hints work is on the [welcome page](../welcome.ipynb). When even the last hint does not help, the full text with all answers is in the course's `solutions/` folder. Looking is allowed; looking after ten minutes of trying teaches more.

# %%
import matplotlib.pyplot as plt
import numpy as np

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_digits_split

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

digits = load_digits_split(seed=0)
x_train, y_train = digits.x_train, digits.y_train
x_test, y_test = digits.x_test, digits.y_test
print("x_train", x_train.shape, " y_train", y_train.shape, " x_test", x_test.shape, " y_test", y_test.shape)

# %% [markdown]
# Each row of `x_train` is one scanned digit: 8×8 pixels laid out as 64 numbers, 0 for paper and 1 for full ink. The labels in `y_train` say which digit a person meant. We will look at `x_test`, the *held-out* digits, only to see how well something works, never to make it.

# %%
def show_digit(ax, pixels, title=""):
    """Draw 64 pixels as an 8×8 picture, dark ink on light paper."""
    ax.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    ax.set_title(title, fontsize=9)
    ax.axis("off")


fig, axes = plt.subplots(2, 10, figsize=(9.5, 2.8))
for label, column in enumerate(axes.T):
    for ax, pixels in zip(column, x_test[y_test == label], strict=False):
        show_digit(ax, pixels, f"label {label}")
fig.suptitle("Twenty held-out digits, two of each")
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* each square is one row of `x_test`, folded back into 8 rows of 8 pixels. Coarse, and some are hard even for you.
#
# ## 1 · One neuron, one question
#
# Let us not ask for ten digits yet. We ask one thing: **is this a 0?**
#
# A **neuron** has one weight per input and one number more, the bias. It multiplies, adds up, and that is all:
#
# $$z = w_1 x_1 + w_2 x_2 + \dots + w_{64}\, x_{64} + b = x \cdot w + b$$
#
# A weight says how much a pixel speaks *for* a zero (positive) or *against* it (negative). With a batch of N images in `x`, shape (N, 64), and `w` of shape (64,), one line scores them all: `x @ w + b` has shape (N,).

# %% [markdown]
# **Predict, then run.** Where could weights come from? Here is a cheap idea: the average 0 minus the average of everything else. Look at the digits above and write down: which pixels will get the most *negative* weights?

# %%
mean_zero = x_train[y_train == 0].mean(axis=0)  # (64,)
mean_rest = x_train[y_train != 0].mean(axis=0)  # (64,)
w = mean_zero - mean_rest

scores = x_train @ w  # (1437,)
b = -(scores[y_train == 0].mean() + scores[y_train != 0].mean()) / 2  # so that z = 0 lies halfway

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=[1, 1.5])
picture = left.imshow(w.reshape(8, 8), cmap="PuOr", vmin=-0.8, vmax=0.8)
for (row, column), weight in np.ndenumerate(w.reshape(8, 8)):
    if abs(weight) > 0.15:
        left.text(column, row, "+" if weight > 0 else "−", ha="center", va="center", fontweight="bold")
left.set(title="The neuron's 64 weights", xlabel="pixel column", ylabel="pixel row")
fig.colorbar(picture, ax=left, label="weight")

z = x_test @ w + b  # (360,)
bins = np.linspace(-4.5, 3, 31)
right.hist(z[y_test != 0], bins, color="0.8", edgecolor="0.4", label="other digits")
right.hist(z[y_test == 0], bins, color="C0", edgecolor="k", hatch="///", label="zeros")
right.axvline(0, color="k", linestyle="--")
right.set(title="Scores of the held-out digits", xlabel="score z = x·w + b", ylabel="how many images")
right.legend()
fig.tight_layout()
plt.show()
print(f"says zero when z > 0: right on {np.mean((z > 0) == (y_test == 0)):.1%} of {len(z)} held-out digits")

# %% [markdown]
# *How to read this:* on the left, + marks pixels whose ink speaks for a zero and − those that speak against. A zero has a hole, so ink in the middle is the strongest argument against it. On the right, everything beyond the dashed line is called a zero.
#
# One neuron, its weights read off two averages, about 99 % right. Before you celebrate: how well does the answer "never a zero" do?

# %%
print(f"always answering 'not a zero': {np.mean(y_test != 0):.1%}")

# %% [markdown]
# 90 %, for a machine that looks at nothing. **A number means something only beside an honest baseline.** We will keep that habit throughout.
#
# The score z can be any real number. As an *answer* we would rather have something between 0 ("surely not") and 1 ("surely"), with 0.5 in the middle. A smooth function that does this is the **sigmoid**:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$

# %% [markdown]
# ### 02.sigmoid · Sigmoid
#
# ●○○ · about 5 minutes · 1 point · the gate in every LSTM, the last step of every yes-or-no network
#
# Write `sigmoid(z)` for an array `z` of **any shape**; the result has the same shape, as floats. It must give numbers (no NaN) even for z = 1000 and z = −1000. NumPy may *warn* there that `exp` overflowed. The warning costs nothing; ask yourself whether the result is right all the same.
#
# *Stuck? Run `hint("02.sigmoid")` in a cell of its own, once for each step. Moving on and coming back is fine.*

# %% nbgrader={"grade": false, "grade_id": "02-sigmoid", "locked": false, "schema_version": 3, "solution": true}
def sigmoid(z):
    """Squash every element of z into (0, 1): 1 / (1 + e^(-z)).

    z: array of any shape, floats or whole numbers.
    Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-sigmoid-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.sigmoid", sigmoid)

# %% [markdown]
# Now our neuron can speak. Below are its four most hesitant answers, where z is closest to 0, and then its two surest "yes" and its two surest "no".

# %%
with needs("02.sigmoid"):
    answers = sigmoid(x_test @ w + b)  # (360,)
    hesitant, by_answer = np.argsort(np.abs(answers - 0.5))[:4], np.argsort(answers)
    fig, axes = plt.subplots(1, 8, figsize=(9, 1.7))
    for ax, i in zip(axes, [*hesitant, *by_answer[-2:], *by_answer[:2]], strict=True):
        show_digit(ax, x_test[i], f"a zero? {answers[i]:.2f}\nlabel {y_test[i]}")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the number above each picture is σ(z), the neuron's answer to "is this a zero?".
#
# Hesitation is useful. It tells us where the neuron would change its mind if a weight moved a little. How *much* it would change is the slope of the sigmoid at that z, and slopes are what learning runs on.

# %% [markdown]
# **Predict, then run.** Below, move the slider (with the mouse, or with Tab and the arrow keys). Before you do, write down for the sigmoid: at which z is it steepest, and how steep? How far out must z go until the slope is below 0.01? (No formula for the slope yet: look at the curve's shape and guess.)

# %%
from dlcourse_utils.widgets.activation import activation_explorer

activation_explorer()

# %% [markdown]
# *How to read this:* the upper curve is the activation, the dashed line touches it at your z, and the lower curve is the slope of that dashed line for every z. The last sentence multiplies the slope ten times, as a signal passing back through ten such layers would. Try tanh too (a sigmoid stretched to −1 … 1, `np.tanh`), ReLU, and then leaky ReLU on the negative side (drawn with a slope of 0.1 there, so that you can see it).
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/activation_explorer.png" alt="The sigmoid with its tangent at z = 2, and below it the slope for every z."></details>

# %% [markdown]
# ## 2 · Why neurons must bend
#
# One neuron cuts the world in two with a straight cut. Surely a stack of them can do more? Let us test that: three layers, 64 → 50 → 30 → 10, five thousand random weights. Beside them a *single* layer, 64 → 10, whose weights are the product of the three matrices.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "More layers make a network more powerful."
#
# **Predict, then run.** How far apart will the outputs of the three layers and of the single one be? A lot, a little, not at all?

# %%
rng = np.random.default_rng(1)
w1, w2, w3 = rng.normal(size=(64, 50)), rng.normal(size=(50, 30)), rng.normal(size=(30, 10))

three_layers = ((x_test @ w1) @ w2) @ w3  # (360, 10)
one_layer = x_test @ (w1 @ w2 @ w3)  # (64, 10) weights in all
print("typical size of an output:", np.abs(one_layer).mean().round(1))
print("largest difference:       ", np.abs(three_layers - one_layer).max())

# %% [markdown]
# The same, up to rounding in the fifteenth digit. Straight maps after straight maps make one straight map, with or without biases. **Depth alone adds nothing to what a network can compute. Something must bend between the layers.** That something is called the **activation function**, and the simplest one in use is hardly a bend at all:
#
# $$\mathrm{relu}(z) = \max(z, 0)$$

# %% [markdown]
# ### 02.relu · ReLU
#
# ●○○ · about 3 minutes · 1 point · the most used activation; every chapter needs it
#
# Write `relu(z)`: what is positive passes unchanged, the rest becomes 0. Any shape in, the same shape out. The caller's array must stay as it was.
#
# *Stuck? `hint("02.relu")`. Moving on is fine; `mlp_forward` and the milestone will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "02-relu", "locked": false, "schema_version": 3, "solution": true}
def relu(z):
    """The larger of z and 0, element by element.

    z: array of any shape. Returns a new array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-relu-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.relu", relu)

# %% [markdown]
# **Predict, then run.** Add three of them with different kinks: relu(x) − 2·relu(x − 1) + relu(x − 2). On paper, walk from left to right and write down the slope of the sum: before 0, between 0 and 1, between 1 and 2, after 2. What shape is it?

# %%
with needs("02.relu"):
    x = np.linspace(-1, 3, 401)
    pieces = [relu(x), -2 * relu(x - 1), relu(x - 2)]

    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
    for piece, style, name in zip(pieces, ["-", "--", ":"], ["relu(x)", "−2 relu(x−1)", "relu(x−2)"], strict=True):
        left.plot(x, piece, style, label=name)
    left.set(title="Three bent lines", xlabel="x", ylabel="value")
    left.legend()
    right.plot(x, sum(pieces), "k")
    right.set(title="Their sum", xlabel="x", ylabel="value", ylim=(-0.2, 1.3))
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* every kink is one neuron switching on. The slopes add: 0, then 1, then 1 − 2 = −1, then 0.
#
# A tent. With tents you can build any curve, as a child builds a hill from blocks: one tent here, a higher one there. So one hidden layer of bent neurons followed by one straight layer can follow any smooth curve as closely as you like, if it has enough neurons. Watch it happen, with kinks thrown down at random and only the heights chosen to fit.

# %% tags=["demo"]
with needs("02.relu"):
    rng = np.random.default_rng(3)
    x = np.linspace(0, 1, 300)
    curve = np.sin(2 * np.pi * x) + 0.5 * np.sin(6 * np.pi * x)
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.6), sharey=True)
    for ax, neurons in zip(axes, [4, 12, 60], strict=True):
        kinks = np.sort(rng.uniform(0, 1, neurons))
        hidden = relu(x[:, None] - kinks)  # (300, neurons)
        columns = np.column_stack([hidden, x, np.ones(300)])
        heights = np.linalg.lstsq(columns, curve, rcond=None)[0]
        ax.plot(x, curve, color="0.7", linewidth=5, label="wanted")
        ax.plot(x, columns @ heights, "k--", label="network")
        ax.set(title=f"{neurons} ReLU neurons", xlabel="x")
    axes[0].set_ylabel("value")
    axes[0].legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the wide grey line is the curve we want, the dashed line what the network gives. Four random kinks are too few, sixty are plenty. Keep this picture: the milestone at the end of this chapter does the same with handwriting.
#
# ReLU has a weak spot. Give a neuron a strongly negative bias, and every image in the data lands on its flat side: the output is 0 for all of them, and so is the slope. Nothing that learns from slopes can wake it up again. Such a neuron is called *dead*. The **leaky ReLU** leaves a small slope α on the negative side, so a trace of signal always gets through.

# %% [markdown]
# ### 02.leaky_relu · Leaky ReLU
#
# ●○○ · about 4 minutes · 1 point · common in GANs, where dead neurons hurt most
#
# Write `leaky_relu(z, alpha=0.01)`: z where it is positive, `alpha * z` elsewhere, with 0 ≤ alpha ≤ 1. Any shape. Integers are welcome and give floats.
#
# *Stuck? `hint("02.leaky_relu")`. Moving on is fine; nothing in this chapter needs it.*

# %% nbgrader={"grade": false, "grade_id": "02-leaky_relu", "locked": false, "schema_version": 3, "solution": true}
def leaky_relu(z, alpha=0.01):
    """z on the positive side, alpha * z on the negative side.

    z: array of any shape. alpha: slope of the negative side, between 0 and 1.
    Returns a new array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, alpha * z)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-leaky_relu-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.leaky_relu", leaky_relu)

# %%
with needs("02.relu", "02.leaky_relu"):
    far_below = x_test @ w + b - 10  # our neuron with its bias pushed down by 10
    for name, activation in {"relu": relu, "leaky relu": leaky_relu}.items():
        out = activation(far_below.copy())  # (360,)
        print(f"{name:11} smallest {out.min():6.3f}   largest {out.max():6.3f}")

# %% [markdown]
# The first neuron is dead: 360 images, and it gives 0 for every one. The second still tells them apart.
#
# ## 3 · Slopes, the fuel of learning
#
# In the next chapter a network improves by asking of each weight: *if you moved up a little, would the loss go up or down, and how fast?* The answer is a product of slopes, one for every step from that weight to the loss. So we need the slope of each activation, at the z where the neuron stands right now.
#
# For the sigmoid and for tanh (a sigmoid stretched to −1 … 1, `np.tanh`) there is a small gift: the slope follows from the **output**, which was computed anyway.
#
# $$s = \sigma(z):\quad \frac{ds}{dz} = s\,(1 - s) \qquad\qquad t = \tanh(z):\quad \frac{dt}{dz} = 1 - t^2$$
#
# <details><summary>Where s (1 − s) comes from, in three lines (open if you like)</summary>
#
# Write s = (1 + e⁻ᶻ)⁻¹. The chain rule gives ds/dz = −(1 + e⁻ᶻ)⁻² · (−e⁻ᶻ) = e⁻ᶻ / (1 + e⁻ᶻ)².
#
# Split that into two factors: 1 / (1 + e⁻ᶻ), which is s, and e⁻ᶻ / (1 + e⁻ᶻ), which is 1 − s.
#
# So ds/dz = s (1 − s): largest where s = ½, and there it is ¼.
#
# </details>

# %% [markdown]
# ### 02.activation_grads · Slopes of activations
#
# ●●○ · about 10 minutes · 2 points · chapter 03 multiplies these
#
# Write `activation_grads(z)`, which returns a dict of three arrays shaped like z, the derivatives **with respect to z**: `"sigmoid"`, `"tanh"` and `"relu"`.
#
# For ReLU that is 1 where z > 0 and 0 where z < 0. At exactly 0 there is a kink and no single slope; this course takes 0 there, other books take something else, and nobody checks it. You may call your `sigmoid`. It must work at z = ±1000.
#
# *Stuck? `hint("02.activation_grads")`. Moving on is fine; nothing in this chapter needs it.*

# %% nbgrader={"grade": false, "grade_id": "02-activation_grads", "locked": false, "schema_version": 3, "solution": true}
def activation_grads(z):
    """Slopes of sigmoid, tanh and ReLU at z.

    z: array of any shape (the neuron's score, before the activation).
    Returns {"sigmoid": ..., "tanh": ..., "relu": ...}, each shaped like z.
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    t = np.tanh(z)
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": (z > 0).astype(float)}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-activation_grads-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("02.activation_grads", activation_grads)

# %% [markdown]
# Do not take formulas on trust, not even right ones. A slope is "how much the output moves when z moves by a hair", and you can measure that: (f(z + h) − f(z − h)) / 2h. The dots below are measured, the lines are yours.

# %%
with needs("02.sigmoid", "02.relu", "02.activation_grads"):
    z = np.linspace(-4, 4, 400)
    lines = activation_grads(z)
    dots, h = np.linspace(-3.9, 3.9, 14), 1e-5
    functions = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": relu}

    fig, ax = plt.subplots(figsize=(8.5, 3.2))
    for (name, f), style, marker in zip(functions.items(), ["-", "--", ":"], "os^", strict=True):
        (line,) = ax.plot(z, lines[name], style, label=f"{name}, formula")
        measured = (f(dots + h) - f(dots - h)) / (2 * h)
        ax.plot(dots, measured, marker, color=line.get_color(), label=f"{name}, measured")
    ax.set(title="Slopes of three activations", xlabel="z", ylabel="slope at z")
    ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* where a marker sits on its line, formula and measurement agree. Compare the three heights at z = 0 and at z = 3.

# %% [markdown]
# **Predict, then run.** A signal goes back through ten layers and is multiplied by one slope in each. Suppose all goes as well as it can: every neuron stands where its slope is largest. Write down what is left after ten layers with the sigmoid, with tanh, with ReLU. An order of magnitude is enough.

# %%
with needs("02.activation_grads"):
    for name, slopes in activation_grads(np.linspace(-4, 4, 8001)).items():
        print(f"{name:8} largest slope {slopes.max():.2f}   after ten layers {slopes.max() ** 10:.1e}")

# %% [markdown]
# About a millionth, for the sigmoid at its *best*. Tanh loses nothing at exactly z = 0 and more with every step away from it; ReLU loses nothing on its whole positive side. That is one reason why deep networks were so hard to train until ReLU became common around 2011, and why we use ReLU between layers. The sigmoid stays where an answer between 0 and 1 is wanted: at the output, and in gates.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** A network of five layers has no activation functions. How many layers would do the same job, and why?
#
# <details><summary>Answer</summary>
#
# One. The product of the five weight matrices is a single matrix (and the biases fold into a single bias), so the five straight maps are one straight map.
#
# </details>

# %% [markdown]
# ## 4 · A network is layers, one after the other
#
# Many neurons side by side that look at the same input are a **layer**. Put their weight vectors next to each other as the columns of a matrix, and the whole layer is one line. Say the shapes out loud as you read:
#
# ```
# x  (N, 64)  @  w1 (64, 32)  +  b1 (32,)   →  relu  →  h       (N, 32)
# h  (N, 32)  @  w2 (32, 10)  +  b2 (10,)   →           logits  (N, 10)
# ```
#
# The inner numbers must agree, and the outer ones remain. The bias has one number per neuron; NumPy adds it to each of the N rows.
#
# After the last layer there is **no** ReLU. Its ten numbers are scores, one per digit, called **logits**, and a score must be free to be negative.

# %% [markdown]
# ### 02.mlp_forward · Forward pass of an MLP
#
# ●●○ · about 10 minutes · 2 points · the milestone below and all of chapter 03 run on this
#
# A multi-layer perceptron (MLP) is given as a list `params = [(w, b), (w, b), …]`, one pair for each layer, with `w` of shape (in, out) and `b` of shape (out,). Write `mlp_forward(x, params)`: ReLU **between** the layers, none after the last. There may be one layer, or many. You may call your `relu`.
#
# *Stuck? `hint("02.mlp_forward")`. Moving on is fine; the milestone will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "02-mlp_forward", "locked": false, "schema_version": 3, "solution": true}
def mlp_forward(x, params):
    """Run a batch through a multi-layer perceptron.

    x: (N, in of the first layer). params: list of (w, b), w (in, out), b (out,).
    Returns the logits, (N, out of the last layer).
    """
    ### BEGIN SOLUTION
    h = x
    for w, b in params[:-1]:
        h = relu(h @ w + b)
    w, b = params[-1]
    return h @ w + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-mlp_forward-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("02.mlp_forward", mlp_forward)

# %% [markdown]
# Let a network with random weights look at a digit. It has learned nothing, so expect no sense from it, only numbers of the right shape.

# %%
rng = np.random.default_rng(0)
random_params = [
    (rng.normal(size=(64, 32)) * np.sqrt(2 / 64), np.zeros(32)),
    (rng.normal(size=(32, 10)) * np.sqrt(2 / 32), np.zeros(10)),
]

with needs("02.mlp_forward"):
    random_logits = mlp_forward(x_test, random_params)  # (360, 10)
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6), width_ratios=[1, 3])
    show_digit(left, x_test[1], f"label {y_test[1]}")
    right.bar(range(10), random_logits[1], color="0.75", edgecolor="k")
    right.axhline(0, color="k", linewidth=0.8)
    right.set(title="An untrained network's opinion", xlabel="digit", ylabel="logit", xticks=range(10))
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the tallest bar is the digit the network would name. Bars below the line are scores against. Over all 360 images it names the right digit for 13 %, hardly more than blind guessing.
#
# *A good place to stop for today.*
#
# ## 5 · From scores to probabilities
#
# Ten scores are hard to talk about. "Seven with 80 %, one with 15 %" would be easier: positive numbers that add up to 1. **Softmax** makes them. Take exp of each logit, so all are positive; divide by their sum, so they add up to 1:
#
# $$p_k = \frac{e^{z_k}}{\sum_{j} e^{z_j}}$$
#
# Each sample is normalised for itself: in an (N, K) array, every *row* sums to 1.

# %% [markdown]
# ### 02.softmax · Softmax
#
# ●○○ · about 8 minutes · 1 point · in every classifier and every attention layer
#
# Write `softmax(z)` for logits of shape (N, K): the same shape back, each row summing to 1. It must hold for logits near 1000, where `np.exp` gives infinity. The way out is one line of algebra: subtracting the same number m from all logits of a row changes nothing, because
#
# $$\frac{e^{z_k - m}}{\sum_j e^{z_j - m}} = \frac{e^{-m}\,e^{z_k}}{e^{-m}\sum_j e^{z_j}}$$
#
# and the e⁻ᵐ cancels. Which m makes sure that nothing overflows?
#
# *Stuck? `hint("02.softmax")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "02-softmax", "locked": false, "schema_version": 3, "solution": true}
def softmax(z):
    """Turn each row of logits into probabilities.

    z: (N, K) logits, one row per sample. Returns (N, K); every row is positive and sums to 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-softmax-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.softmax", softmax)

# %% [markdown]
# **Predict, then run.** Take the logits 2, 1, 0 and −1. We change them in two ways: *add 5 to each*, and *multiply each by 3*. For each way, write down whether the probabilities stay as they are, move closer together, or move apart.

# %%
with needs("02.softmax"):
    logits = np.array([[2.0, 1.0, 0.0, -1.0]])
    versions = {"as they are": logits, "add 5 to each": logits + 5, "multiply by 3": logits * 3}
    probabilities = {name: softmax(changed)[0] for name, changed in versions.items()}

    fig, axes = plt.subplots(1, 3, figsize=(8.5, 2.6), sharey=True)
    for ax, (name, p) in zip(axes, probabilities.items(), strict=True):
        ax.bar_label(ax.bar(range(4), p, color="0.75", edgecolor="k"), fmt="%.2f", padding=2, fontsize=9)
        ax.set(title=name, xlabel="class", xticks=range(4), ylim=(0, 1.1))
    axes[0].set_ylabel("probability")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* each panel is one row of probabilities. Only *differences* between logits matter, so adding changes nothing. Multiplying stretches the differences, and the winner takes more. The order never changes.
#
# Soon we will need *logarithms* of these probabilities. What could go wrong with `np.log(softmax(z))`?

# %%
with needs("02.softmax"):
    two_logits = np.array([[0.0, 800.0]])
    p = softmax(two_logits)
    with np.errstate(divide="ignore"):
        print("softmax:         ", p)
        print("its logarithm:   ", np.log(p))

# %% [markdown]
# The true value of the first is log(e⁰ / (e⁰ + e⁸⁰⁰)), almost exactly −800: an ordinary number. But on the way there, e⁻⁸⁰⁰ was too small for a 64-bit float and became 0, and log 0 is −∞. **The information was lost before the logarithm could save it.** The cure is to do the algebra before the arithmetic:
#
# $$\log p_k = \log \frac{e^{z_k - m}}{\sum_j e^{z_j - m}} = (z_k - m) - \log \sum_j e^{z_j - m}$$
#
# With m the row's largest logit, one term of the sum is e⁰ = 1, so the logarithm on the right is always safe.

# %% [markdown]
# ### 02.log_softmax · Log-softmax
#
# ●●○ · about 8 minutes · 2 points · what every serious cross-entropy is built on
#
# Write `log_softmax(z)`, (N, K) → (N, K), natural logarithms, along each row. It must stay finite when two logits of a row lie 800 or 1600 apart. No small number added "to be safe": that would be wrong by hundreds.
#
# *Stuck? `hint("02.log_softmax")`. Moving on is fine; `cross_entropy` is easier with it.*

# %% nbgrader={"grade": false, "grade_id": "02-log_softmax", "locked": false, "schema_version": 3, "solution": true}
def log_softmax(z):
    """Logarithm of each row's softmax, without ever computing a probability that could round to 0.

    z: (N, K) logits. Returns (N, K), all values ≤ 0.
    """
    ### BEGIN SOLUTION
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-log_softmax-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("02.log_softmax", log_softmax)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** Two networks give the logits (1, 2, 3) and (101, 102, 103) for the same image. Which one is surer that it is the third class?
#
# <details><summary>Answer</summary>
#
# Neither: the differences are the same, so the probabilities are the same. A single logit means nothing on its own; only its distance from the others of its row does.
#
# </details>

# %% [markdown]
# ## 6 · How wrong is wrong?
#
# A **loss** turns "how wrong" into one number, to be made small. Which number is a choice, and it decides what the network will care about. Three choices cover most of this course.
#
# First, when the answer is an *amount*: minutes, degrees, euros. Take each error, square it, average:
#
# $$\mathrm{MSE} = \frac{1}{\text{count}} \sum_i (\text{pred}_i - \text{target}_i)^2$$
#
# Its unit is the target's unit, squared.

# %% [markdown]
# ### 02.mse_loss · Mean squared error
#
# ●○○ · about 4 minutes · 1 point · regression, autoencoders, forecasting
#
# Write `mse_loss(pred, target)` for two arrays of the same shape. The mean runs over **all** elements, with no ½ in front (some books put one there). Return one number.
#
# *Stuck? `hint("02.mse_loss")`. Moving on is fine; nothing in this chapter needs it.*

# %% nbgrader={"grade": false, "grade_id": "02-mse_loss", "locked": false, "schema_version": 3, "solution": true}
def mse_loss(pred, target):
    """Mean squared error over all elements.

    pred, target: arrays of the same shape. Returns a float.
    """
    ### BEGIN SOLUTION
    return float(np.mean((pred - target) ** 2))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-mse_loss-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.mse_loss", mse_loss)

# %% [markdown]
# **Predict, then run.** You waited for a bus on five days: 2, 3, 3, 4 and 18 minutes. You must name *one* number as your forecast for all five. Write down the number you would name. Which one makes the squared error smallest, and which one the plain (absolute) error?

# %%
with needs("02.mse_loss"):
    waits = np.array([2.0, 3.0, 3.0, 4.0, 18.0])
    guesses = np.linspace(0, 20, 201)
    squared = np.array([mse_loss(np.full(5, g), waits) for g in guesses])
    absolute = np.array([np.mean(np.abs(g - waits)) for g in guesses])

    fig, axes = plt.subplots(1, 2, figsize=(8.5, 2.8))
    for ax, loss, name, unit in zip(axes, [squared, absolute], ["squared", "absolute"], ["minutes²", "minutes"], strict=True):
        best = guesses[loss.argmin()]
        ax.plot(guesses, loss, "k")
        ax.plot(best, loss.min(), "o", color="C1", markersize=9, label=f"lowest at {best:.0f} minutes")
        ax.plot(waits, np.zeros(5), "|", color="k", markersize=14, label="the five days")
        ax.set(title=f"Mean {name} error", xlabel="your one guess (minutes)", ylabel=f"loss ({unit})")
        ax.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the ticks at the bottom are the five days. The squared loss is lowest at 6, the **mean**: one bad day drags it above four of the five. The absolute loss is lowest at 3, the **median**, and hardly notices. Neither is right or wrong. Choosing a loss is saying which mistakes you mind.
#
# ### When the answer is a name
#
# The image shows a 4. Is 3 a better answer than 9? As amounts, yes: 3 lies closer. As *digits to be read*, no: a 4 looks more like a 9 than like a 3. Class labels are names, not amounts, and squared errors between names mean nothing.
#
# So we ask something else: **how much probability did you give to the right answer?** Call it p. The price is −log p, with the natural logarithm, `np.log`.

# %% [markdown]
# **Predict, then run.** What should it cost to give the right answer p = 1? And ½? One in ten, as blind guessing among ten digits does? One in a thousand? Write down four numbers, then look.

# %%
p = np.linspace(0.001, 1, 500)
fig, ax = plt.subplots(figsize=(7, 3.2))
ax.plot(p, -np.log(p), "k")
for value, name in [(1, "sure and right"), (0.5, "a coin"), (0.1, "blind guess of ten"), (0.001, "sure and wrong")]:
    price = abs(np.log(value))
    ax.plot(value, price, "o", color="C1")
    ax.annotate(f"{name}: p = {value}, price {price:.2f}", (value, price), xytext=(12, 6), textcoords="offset points")
ax.set(title="What a prediction costs", xlabel="probability p given to the right answer", ylabel="−log p (nats)",
       xlim=(-0.02, 1.45), ylim=(-0.3, 7.6), xticks=[0, 0.25, 0.5, 0.75, 1])
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* to the right it is cheap, to the left the price climbs without limit. Giving 0 to what then happens would cost infinity. The logarithm has a reason, too: two independent images have probability p₁ · p₂ together, and −log turns that product into a sum of prices.
#
# The mean price over a batch is the **cross-entropy**. With natural logarithms its unit is the *nat*.
#
# $$L = -\frac{1}{N} \sum_{i=1}^{N} \log p_{i,\,\text{label}_i}$$

# %% [markdown]
# ### 02.cross_entropy · Cross-entropy
#
# ●●○ · about 10 minutes · 2 points · the loss of every classifier and language model in this course
#
# Write `cross_entropy(logits, labels)`. `logits` has shape (N, K) and holds **raw scores**, not probabilities. `labels` has shape (N,) and holds column numbers from 0 to K − 1. Return the mean over the N samples: one number, in nats.
#
# From each row you need exactly one entry, the one at its label. You may call your `log_softmax`; samples that are sure and wrong must give a large, finite loss.
#
# *Stuck? `hint("02.cross_entropy")`. Moving on is fine; the milestone's report will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "02-cross_entropy", "locked": false, "schema_version": 3, "solution": true}
def cross_entropy(logits, labels):
    """Mean of −log p(right class).

    logits: (N, K) raw scores. labels: (N,) integers 0 … K−1.
    Returns a float, in nats.
    """
    ### BEGIN SOLUTION
    log_p = log_softmax(logits)
    return float(-log_p[np.arange(len(labels)), labels].mean())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-cross_entropy-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("02.cross_entropy", cross_entropy)

# %% [markdown]
# **Predict, then run.** The *untrained* network names the right digit for 13 % of the held-out images; blind guessing would for 10 %. Will its loss be clearly lower than that of ten equal logits, nearly the same, or higher? Write down a number.

# %%
with needs("02.mlp_forward", "02.cross_entropy"):
    untrained_loss = cross_entropy(mlp_forward(x_test, random_params), y_test)
    print(f"untrained network  {untrained_loss:.3f}")
    print(f"all logits equal   {cross_entropy(np.zeros((360, 10)), y_test):.3f}")
    print(f"log(10)            {np.log(10):.3f}")

# %% [markdown]
# A trick to keep for life: **before training, the loss should be near log K.** Much more, and the initial weights make the network sure of nonsense; exactly log K forever, and nothing reaches the output.
#
# ### When the answer is yes or no
#
# Our first neuron answered one yes-or-no question. There the right answer's probability is p = σ(z) if the target t is 1 and 1 − p if it is 0, and the price is again minus its logarithm:
#
# $$-\,t \log p \;-\; (1 - t) \log(1 - p)$$
#
# The trap is the same as before. In floats σ(40) is exactly 1.0, so 1 − p is 0 and its log −∞. And the cure is the same: algebra before arithmetic. Put σ(z) in for p and simplify; only z remains:
#
# $$\max(z, 0) - z\,t + \log\!\big(1 + e^{-|z|}\big)$$
#
# With z = 1000 and t = 0 the three terms are 1000, 0 and 0: a high price, and a finite one.
#
# <details><summary>The simplifying, in three lines (open if you like)</summary>
#
# −log σ(z) = log(1 + e⁻ᶻ). And 1 − σ(z) = e⁻ᶻ / (1 + e⁻ᶻ), so −log(1 − σ(z)) = z + log(1 + e⁻ᶻ).
#
# t times the first plus (1 − t) times the second: z − z t + log(1 + e⁻ᶻ). For z ≥ 0 that is the formula above.
#
# For z < 0 use log(1 + e⁻ᶻ) = −z + log(1 + eᶻ): then z cancels, and −z t + log(1 + eᶻ) remains, the formula again.
#
# </details>

# %% [markdown]
# ### 02.bce_with_logits · Binary cross-entropy from logits
#
# ●●○ · about 10 minutes · 2 points · the discriminator's loss in every GAN
#
# Write `bce_with_logits(logits, targets)`: two arrays of the same shape, targets 0 or 1 (integers or floats). The logits are scores z, **before** any sigmoid. Return the mean over all elements, finite even at z = ±1000.
#
# *Stuck? `hint("02.bce_with_logits")`. Moving on is fine; nothing in this chapter needs it.*

# %% nbgrader={"grade": false, "grade_id": "02-bce_with_logits", "locked": false, "schema_version": 3, "solution": true}
def bce_with_logits(logits, targets):
    """Mean binary cross-entropy, computed from the scores.

    logits: array of any shape. targets: the same shape, 0 or 1. Returns a float, in nats.
    """
    ### BEGIN SOLUTION
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
    return float(losses.mean())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-bce_with_logits-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("02.bce_with_logits", bce_with_logits)

# %% [markdown]
# We gave our zero-neuron a bias by hand, halfway between two averages. Was that a good choice? Let us slide the bias along and ask the loss, on the training digits.

# %%
with needs("02.bce_with_logits"):
    is_zero = (y_train == 0).astype(float)  # (1437,)
    fig, axes = plt.subplots(2, 2, figsize=(9, 4.2), sharex="col")
    for (upper, lower), reach, title in zip(axes.T, [3, 0.02], ["far and wide", "the same, 150 times closer"], strict=True):
        biases = np.linspace(b - reach, b + reach, 201)
        losses = [bce_with_logits(x_train @ w + bias, is_zero) for bias in biases]
        errors = [np.sum((x_train @ w + bias > 0) != (y_train == 0)) for bias in biases]
        upper.plot(biases, losses, "k")
        lower.plot(biases, errors, "k")
        for ax in (upper, lower):
            ax.axvline(b, color="C1", linestyle="--", label="our bias")
        upper.set(title=title, ylabel="loss (nats)")
        lower.set(xlabel="bias b", ylabel="wrong answers")
    axes[0, 0].legend()
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* above the loss, below the number of wrong answers, both on the same 1,437 digits; the right column is a close-up around our bias. Both say "move left", though not to the same place: the loss also weighs how sure each answer is.
#
# Now compare the two close-ups. The loss is smooth: wherever you stand, its slope says which way is down. The errors go in steps, flat almost everywhere: move b a little and nothing happens, so nothing tells you where to go. That is why networks are trained on a loss and judged on accuracy. It is also why slopes come next.

# %% [markdown]
# ### 02.accuracy · Accuracy
#
# ●○○ · about 4 minutes · 1 point · the number people ask for
#
# Write `accuracy(logits, labels)`: the share of rows whose largest logit stands at the label, a float between 0 and 1. `logits` is (N, K), `labels` is (N,). No two logits of a row will be equal.
#
# *Stuck? `hint("02.accuracy")`. Moving on is fine; the milestone's report will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "02-accuracy", "locked": false, "schema_version": 3, "solution": true}
def accuracy(logits, labels):
    """Share of samples whose largest logit is at the label.

    logits: (N, K). labels: (N,) integers. Returns a float in [0, 1].
    """
    ### BEGIN SOLUTION
    return float(np.mean(logits.argmax(axis=1) == labels))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-accuracy-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("02.accuracy", accuracy)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** Somebody multiplies all logits of a trained network by 10. What happens to its accuracy? To its cross-entropy on the images it gets wrong?
#
# <details><summary>Answer</summary>
#
# The accuracy stays as it is: each row's order stays as it is. On the wrong ones the loss usually grows, up to tenfold, because the network is now far surer of a wrong answer. (If its logits were very close together, it can first fall; you will meet such a network in section 7.) Accuracy reads who wins; the loss also reads by how much.
#
# </details>

# %% [markdown]
# ## 7 · Milestone: a network that reads handwriting
#
# You have all the pieces. What is missing is *weights*, and we have not learned to train. But remember the curve that was built from random kinks: only the heights were chosen to fit. The same trick works on digits.
#
# - **First layer: random.** 200 ReLU neurons, each looking at the image through a random mask. Nobody tunes them.
# - **Last layer: solved.** Given the 200 hidden numbers of each training image, find the straight map that comes closest, in squared error, to a 1 in the right column and 0 elsewhere. That is least squares: one call, no loop.
#
# First the honest baselines: what do simple methods reach on the same split?

# %%
from sklearn.linear_model import LogisticRegression

class_means = np.stack([x_train[y_train == k].mean(axis=0) for k in range(10)])  # (10, 64)
distances = ((x_test[:, None, :] - class_means) ** 2).sum(axis=2)  # (360, 10)
nearest_mean = np.mean(distances.argmin(axis=1) == y_test)
logistic = LogisticRegression(max_iter=2000).fit(x_train, y_train).score(x_test, y_test)
print(f"always the most common digit  {np.bincount(y_test).max() / len(y_test):.1%}")
print(f"nearest class average         {nearest_mean:.1%}")
print(f"logistic regression           {logistic:.1%}")

# %%
rng = np.random.default_rng(2)
hidden_w = rng.normal(size=(64, 200)) / 4
hidden_b = rng.uniform(-1, 1, size=200)

fig, axes = plt.subplots(1, 8, figsize=(9, 1.5))
for i, ax in enumerate(axes):
    ax.imshow(hidden_w[:, i].reshape(8, 8), cmap="PuOr", vmin=-0.8, vmax=0.8)
    ax.set_title(f"neuron {i}", fontsize=9)
    ax.axis("off")
fig.suptitle("The weights of eight of the 200 hidden neurons", y=1.08)
plt.show()

# %% [markdown]
# *How to read this:* compare with the weights of our zero-neuron at the top. There is no digit in here, only noise. Will noise do?

# %% [markdown]
# **Predict.** Write down how many of the 360 held-out digits a network with *this* first layer will read correctly. Your own functions will tell, in the report below the exercise.

# %% [markdown]
# ### 02.milestone_digits · Milestone: reading handwriting
#
# ●●● · about 20 minutes · 3 points · everything in this chapter, on real data
#
# Write `fit_last_layer(x, labels, w1, b1)`. It returns the whole network, `[(w1, b1), (w2, b2)]`: the first layer as it was given, the last one solved. With H hidden neurons and K = `labels.max() + 1` classes, `w2` is (H, K) and `b2` is (K,).
#
# 1. Compute what the last layer will see: the hidden features *after* the ReLU, (N, H).
# 2. Put a column of ones beside them, so that the bias is solved along with the weights: (N, H + 1).
# 3. Targets: a 1 in each row at its label, 0 elsewhere: (N, K).
# 4. `np.linalg.lstsq(columns, targets, rcond=None)[0]` is the least-squares solution, (H + 1, K). Take it apart.
#
# **To reach:** the check runs your network on digits it held out, and asks for 93 %. Any other way of finding w2 and b2 is welcome.
#
# *Stuck? `hint("02.milestone_digits")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "02-milestone_digits", "locked": false, "schema_version": 3, "solution": true}
def fit_last_layer(x, labels, w1, b1):
    """Solve for the last layer of a two-layer network by least squares.

    x: (N, D) images. labels: (N,) integers 0 … K−1. w1: (D, H), b1: (H,), the given first layer.
    Returns [(w1, b1), (w2, b2)] with w2 (H, K) and b2 (K,).
    """
    ### BEGIN SOLUTION
    hidden = relu(x @ w1 + b1)
    columns = np.column_stack([hidden, np.ones(len(x))])
    targets = np.eye(labels.max() + 1)[labels]
    solution = np.linalg.lstsq(columns, targets, rcond=None)[0]
    return [(w1, b1), (solution[:-1], solution[-1])]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "02-milestone_digits-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("02.milestone_digits", fit_last_layer)

# %% [markdown]
# Now let *your* functions give the report: your forward pass, your loss, your accuracy.

# %%
with needs("02.mlp_forward", "02.cross_entropy", "02.accuracy", "02.milestone_digits"):
    params = fit_last_layer(x_train, y_train, hidden_w, hidden_b)
    test_logits = mlp_forward(x_test, params)  # (360, 10)
    random_test = mlp_forward(x_test, random_params)
    print("                         held-out accuracy     loss (nats)")
    print(f"untrained network              {accuracy(random_test, y_test):6.1%}             {cross_entropy(random_test, y_test):.2f}")
    print(f"nearest class average          {nearest_mean:6.1%}                –")
    print(f"logistic regression            {logistic:6.1%}                –")
    print(f"your network                   {accuracy(test_logits, y_test):6.1%}             {cross_entropy(test_logits, y_test):.2f}")

# %% [markdown]
# You built a neural network that reads handwriting it has never seen, about as well as logistic regression, and seven points better than comparing with averages. Random masks, one bend, one straight map. Enjoy that for a moment. *(A good place to stop for today.)*
#
# Then look at the last column. **Nearly every answer right, and a loss of 1.6?** Blind guessing costs 2.3. Something does not fit together. Let us look at what the network says, and at the digits that cost it most.

# %%
with needs("02.softmax", "02.log_softmax", "02.mlp_forward", "02.milestone_digits"):
    test_logits = mlp_forward(x_test, fit_last_layer(x_train, y_train, hidden_w, hidden_b))  # (360, 10)
    p_test = softmax(test_logits)
    prices = -log_softmax(test_logits)[np.arange(360), y_test]
    hardest = np.argsort(prices)[-6:][::-1]
    easiest = np.argsort(prices)[:1]

    fig, axes = plt.subplots(2, 7, figsize=(10, 3.2), height_ratios=[1, 1])
    for column, i in enumerate([*easiest, *hardest]):
        show_digit(axes[0, column], x_test[i], f"label {y_test[i]}\nsays {p_test[i].argmax()}")
        axes[1, column].bar(range(10), p_test[i], color="0.75", edgecolor="k", linewidth=0.5)
        axes[1, column].set(xticks=[0, 5, 9], yticks=[] if column else [0, 0.2, 0.4], ylim=(0, 0.4), xlabel="digit")
    axes[1, 0].set_ylabel("probability")
    fig.suptitle("Its best answer (left), and the six that cost it most")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* above, the image; below, the ten probabilities that softmax made of its logits. Many of the expensive ones would make you hesitate too.
#
# But look at the best answer, far left. Right, and yet with a probability of only a third, the rest spread evenly. Least squares aimed at the numbers 1 and 0, and as *logits*, 1 and 0 lie close together: e¹ is only 2.7 times e⁰. The order is good, the scale is not. Nobody told it that softmax would come.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "The softmax output is the probability that the network is right."
#
# Let us test that. We multiply the logits by a scale and leave everything else alone. If softmax outputs were what the saying claims, then *average confidence* (the mean of each row's largest probability) and *accuracy* would agree, whatever the scale.
#
# **Predict, then run.** Draw two lines, confidence and accuracy, from scale 1 to scale 100. Which of them moves? And where will the loss be lowest?

# %%
with needs("02.softmax", "02.cross_entropy", "02.accuracy", "02.mlp_forward", "02.milestone_digits"):
    test_logits = mlp_forward(x_test, fit_last_layer(x_train, y_train, hidden_w, hidden_b))  # (360, 10)
    scales = np.geomspace(1, 100, 41)
    confidence = np.array([softmax(s * test_logits).max(axis=1).mean() for s in scales])
    share_right = np.array([accuracy(s * test_logits, y_test) for s in scales])
    loss = np.array([cross_entropy(s * test_logits, y_test) for s in scales])

    fig, (upper, lower) = plt.subplots(2, 1, figsize=(7, 4.6), sharex=True)
    upper.plot(scales, confidence, "k-", label="average confidence")
    upper.plot(scales, share_right, "C1--", linewidth=2, label="accuracy")
    upper.set(title="One network, its logits multiplied by a scale", ylabel="share", ylim=(0, 1.05))
    upper.legend(loc="lower right")
    lower.plot(scales, loss, "k-")
    lower.plot(scales[loss.argmin()], loss.min(), "o", color="C1", label=f"lowest: {loss.min():.2f} at scale {scales[loss.argmin()]:.0f}")
    lower.set(xscale="log", xlabel="scale", ylabel="cross-entropy (nats)")
    lower.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    lower.legend()
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the accuracy cannot move, since multiplying keeps every row's order. The confidence goes from far too low to too high. The same network, equally often right, can be made to sound timid or far too sure.
#
# So a softmax output is a probability *in form*: positive, summing to one. Whether "80 %" is right eight times in ten must be **measured**, on held-out data; then we say that the network is *calibrated*. Where the two lines meet, confidence is honest on average, and there or close by the cross-entropy is lowest. That is no accident: the loss punishes both too little and too much confidence, and accuracy sees neither.
#
# (To *choose* a scale for real use, take digits kept aside for that. We looked at the test digits only to see the effect.)

# %% [markdown]
# One question is left. If random masks do so well, why train the first layer at all? Look at what it costs.

# %% tags=["demo"]
with needs("02.relu", "02.mlp_forward", "02.accuracy", "02.milestone_digits"):
    widths, seeds = [10, 20, 40, 80, 160, 320], range(4)
    reached = np.zeros((len(widths), len(seeds)))
    for row, width in enumerate(widths):
        for seed in seeds:
            rng = np.random.default_rng(seed)
            first = rng.normal(size=(64, width)) / 4, rng.uniform(-1, 1, size=width)
            reached[row, seed] = accuracy(mlp_forward(x_test, fit_last_layer(x_train, y_train, *first)), y_test)

    fig, ax = plt.subplots(figsize=(7, 3.2))
    ax.plot(widths, reached, "o", color="0.6", markersize=4)
    ax.plot(widths, reached.mean(axis=1), "k-", label="random first layer (mean of four)")
    ax.axhline(nearest_mean, color="k", linestyle=":", label="nearest class average")
    ax.axhline(logistic, color="k", linestyle="--", label="logistic regression")
    ax.set(xscale="log", title="How many random neurons does it take?", xlabel="hidden neurons", ylabel="held-out accuracy")
    ax.set_xticks(widths, [str(width) for width in widths])
    ax.minorticks_off()
    ax.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* each dot is one network with its own random first layer. With 20 random neurons it does worse than comparing with averages, some sixty are needed to beat those, and a few hundred to draw level with logistic regression. Noise must be plentiful before it has caught enough of what matters by luck.
#
# A network of this shape whose 20 neurons are *chosen* reaches about 97 % here (we tried it with scikit-learn's `MLPClassifier`). To choose them, we must know, for each of the 64 × 20 first-layer weights, which way the loss falls. That is 1,280 slopes, and there is an astonishingly cheap way to get all of them at once. It is called **backpropagation**, and it is [chapter 03](../03_backprop/03_backprop.ipynb).

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** Your colleague's new ten-class network starts training with a loss of 14. You have not seen any code. What do you suspect?
#
# <details><summary>Answer</summary>
#
# Blind guessing costs log 10 ≈ 2.3, so a loss of 14 means that it is *sure of wrong answers* from the start: the first weights (or the inputs) are far too large, and so are the logits. Or the loss is summed over the batch, not averaged.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | piece | shapes | in one breath |
# |---|---|---|
# | neuron, layer | (N, in) @ (in, out) + (out,) | weighted sums, side by side |
# | activation | same shape | the bend that makes depth worth having |
# | softmax, log-softmax | (N, K) → (N, K) | scores to probabilities, safely |
# | cross-entropy | (N, K), (N,) → float | the price of what you gave to the right answer |
# | accuracy | (N, K), (N,) → float | who wins, not by how much |
#
# And three habits: a number stands beside a baseline, algebra comes before arithmetic where floats run out, and an untrained network should cost about log K.

# %% [markdown]
# ## Go further
#
# - M. Nielsen, *Neural Networks and Deep Learning*, [chapter 1](http://neuralnetworksanddeeplearning.com/chap1.html) (neurons that read digits) and [chapter 4](http://neuralnetworksanddeeplearning.com/chap4.html) (why bent neurons can follow any curve, in pictures).
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), [section 4.1](https://www.deeplearningbook.org/contents/numerical.html) on overflow, underflow and softmax.
# - X. Glorot, A. Bordes, Y. Bengio, [*Deep sparse rectifier neural networks*](https://proceedings.mlr.press/v15/glorot11a.html), 2011: the paper that made ReLU common.
# - C. Guo, G. Pleiss, Y. Sun, K. Weinberger, [*On calibration of modern neural networks*](https://arxiv.org/abs/1706.04599), 2017: the scale you have just turned, under the name "temperature".
# - A. Rahimi, B. Recht, [*Random features for large-scale kernel machines*](https://papers.nips.cc/paper/2007/hash/013a006f03dbc5392effeb8f18fda755-Abstract.html), 2007: why random first layers work as well as they do.
