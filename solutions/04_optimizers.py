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
# # 04 · Optimizers
#
# **The question of this chapter: backprop tells every weight which way is down. How far should it go, and is straight down even the best way?**
#
# You will write five answers, from plain gradient descent to AdamW, let them race over landscapes that you can see, and then over the weights of a network that reads digits. Everything is NumPy, and every path you see will be drawn by your own code.
#
# Plan for two to three hours, in as many sittings as you like. Any exercise can be left and picked up later. You need gradients from [chapter 03](../03_backprop/03_backprop.ipynb) as an idea; its code is not needed here. Symbols are on the [notation page](../notation.ipynb). When even the last hint does not help, the full text with all answers is in the course's `solutions/` folder.

# %%
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_digits_split

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# Here is a loss with only two weights, so that we can look at it from above. Its bottom lies at (1, ½), and it is **fifty times as curved** in one direction as in the other:
#
# $$f(x, y) = \tfrac12 (x - 1)^2 + \tfrac12\, 50\, (y - \tfrac12)^2$$
#
# A ravine: a gentle floor between steep walls. Real losses have directions whose curvatures differ far more than that.

# %%
def ravine(p):
    """Height at the point p, shape (2,)."""
    return 0.5 * (p[0] - 1) ** 2 + 25 * (p[1] - 0.5) ** 2


def ravine_grad(p):
    """Gradient of the ravine at p: shape (2,)."""
    return np.array([p[0] - 1, 50 * (p[1] - 0.5)])


def show_ravine(ax, paths, title="", every=1):
    """Draw the ravine from above, and each path of shape (steps + 1, 2) on it."""
    x, y = np.meshgrid(np.linspace(-4, 3, 141), np.linspace(-1.6, 2.6, 141))
    ax.contour(x, y, ravine([x, y]), levels=100 * np.linspace(0.05, 1, 12) ** 2, colors="0.75", linewidths=0.8)
    looks = ["C0o-", "C1s--", "C2^-.", "C3D:", "C4x-"]
    for (name, path), look in zip(paths.items(), looks, strict=False):
        ax.plot(path[:, 0], path[:, 1], look, markersize=4, markevery=every, label=name)
    ax.plot(1, 0.5, "k+", markersize=12)
    ax.set(xlim=(-4, 3), ylim=(-1.6, 2.6), xlabel="weight x", ylabel="weight y", title=title)
    if paths:
        ax.legend(fontsize=8, loc="lower right")


start = np.array([-3.0, 1.8])
fig, ax = plt.subplots(figsize=(7, 3.6))
show_ravine(ax, {}, "A ravine seen from above")
down = -ravine_grad(start)
ax.annotate("", start + 1.6 * down / np.linalg.norm(down), start, arrowprops={"arrowstyle": "->", "linewidth": 2})
ax.plot(*start, "k*", markersize=12)
plt.show()

# %% [markdown]
# *How to read this:* each grey line joins points of equal height; the plus is the bottom. The star is where we stand, and the arrow points where the gradient says "steepest down".
#
# Look at that arrow again. **It does not point at the bottom.** It points across the ravine, because that is where it is steep. Everything in this chapter is about living with this arrow.

# %% [markdown]
# ### 04.sgd_step · Gradient descent, one step
#
# ●○○ · about 6 minutes · 1 point · every other method in this chapter is a change to this one
#
# All steps in this chapter have one form: `(params, grads, state, settings…) -> (params, state)`. `params` is a **dict of arrays**, such as `{"w": (3, 2), "b": (2,)}`, and `grads` has the same keys and shapes. `state` is a dict in which a method may remember things from step to step; it is `{}` at the first call. Plain gradient descent remembers nothing, so hand it back as it came.
#
# For each key: $p \leftarrow p - \mathrm{lr} \cdot g$. The step is **pure**: it returns new arrays in a new dict and leaves those it was given alone.
#
# *Stuck? Run `hint("04.sgd_step")` in a cell of its own, once for each step. Moving on and coming back is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-sgd_step", "locked": false, "schema_version": 3, "solution": true}
def sgd_step(params, grads, state, lr):
    """One step of gradient descent.

    params, grads: dicts of arrays with the same keys. state: dict, handed back as it is. lr: learning rate.
    Returns (new params, state).
    """
    ### BEGIN SOLUTION
    return {k: p - lr * grads[k] for k, p in params.items()}, state
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-sgd_step-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.sgd_step", sgd_step)

# %% [markdown]
# ### 04.descend · Write down the path
#
# ●○○ · about 6 minutes · 1 point · how every path in this chapter is made
#
# Write `descend(f_grad, x0, optimizer, steps)`: start at `x0`, shape (D,), take `steps` steps, and return every place on the way, **the start included**: shape (steps + 1, D), floats. `f_grad(x)` gives the gradient at x, shape (D,). `optimizer(params, grads, state)` is a step whose settings are fixed already; wrap your one array in a dict under any key. The state that comes back goes into the next step.
#
# *Stuck? `hint("04.descend")`. Moving on is fine, but the pictures below need it.*

# %% nbgrader={"grade": false, "grade_id": "04-descend", "locked": false, "schema_version": 3, "solution": true}
def descend(f_grad, x0, optimizer, steps):
    """Follow an optimizer downhill and write down where it goes.

    f_grad: x (D,) -> gradient (D,). x0: (D,). optimizer: (params, grads, state) -> (params, state).
    Returns the path, (steps + 1, D) floats; row 0 is x0.
    """
    ### BEGIN SOLUTION
    params, state = {"x": np.array(x0, dtype=float)}, {}
    path = [params["x"]]
    for _ in range(steps):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
        path.append(params["x"])
    return np.array(path)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-descend-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.descend", descend)

# %% [markdown]
# **Predict, then run.** Three learning rates on the ravine, forty steps each: 0.005, 0.036 and 0.041. For each, write down what the path will look like. Does the last, hardly larger than the second, do better or worse?

# %%
with needs("04.sgd_step", "04.descend"):
    fig, axes = plt.subplots(1, 3, figsize=(11, 3.2), sharey=True)
    for ax, lr in zip(axes, [0.005, 0.036, 0.041], strict=True):
        path = descend(ravine_grad, start, lambda p, g, s, lr=lr: sgd_step(p, g, s, lr=lr), 40)
        show_ravine(ax, {"SGD": path}, f"lr = {lr}, ends at height {ravine(path[-1]):.2g}")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* every mark is one step. On the left the path slides down the wall and then creeps along the floor. In the middle it jumps from wall to wall, each time a little lower. On the right each jump lands a little *higher*.
#
# You can compute where that edge lies. In y the gradient is 50·(y − ½), so one step multiplies the distance y − ½ by **1 − 50·lr**. Between −1 and 1 it shrinks; beyond, it grows. So lr must stay below 2 / 50 = 0.04, two over the curvature. Along the floor the same step multiplies x − 1 by only 1 − lr: at best 0.96. **The steepest direction limits the rate, and the flattest one has to live with it.**

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** The walls become twice as steep: 100 in place of 50. By how much must you lower the learning rate, and how many more steps will the way along the floor take?
#
# <details><summary>Answer</summary>
#
# The edge 2 / curvature halves, from 0.04 to 0.02. Along the floor each step now covers half the share of the way, so you need about twice as many steps. What counts is the *ratio* of the curvatures, called the condition number.
#
# </details>

# %% [markdown]
# ## 1 · Momentum: let the zigzag cancel
#
# Look at the middle path once more. Across the ravine the gradients point up, down, up, down. Along it they all point the same way. If we *added up* recent gradients, the zigzag would cancel and the floor's small pushes would pile up. A heavy ball does just that. It keeps a velocity **v**, as large as the parameters, that fades by a factor β at each step:
#
# $$v \leftarrow \beta v + g, \qquad p \leftarrow p - \mathrm{lr} \cdot v$$
#
# With β = 0.9, a steady gradient g builds up to g (1 + 0.9 + 0.81 + …) = 10 g: ten times the step, in the directions that agree.

# %% [markdown]
# ### 04.momentum_step · Momentum
#
# ●○○ · about 8 minutes · 1 point · still the standard for training image networks
#
# Same form as before, with a setting `beta=0.9`. Every array has a velocity of its own, which starts at 0 and lives in the state. Return a *new* state; the one you were given must stay as it was, so that the same call made twice gives the same answer.
#
# Use exactly the formula above. You will meet others: Andrew Ng's course averages (βv + (1 − β)g), Keras puts the learning rate inside v. They are no less right, and the card will tell you if you wrote one of them; this course keeps to PyTorch's.
#
# *Stuck? `hint("04.momentum_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-momentum_step", "locked": false, "schema_version": 3, "solution": true}
def momentum_step(params, grads, state, lr, beta=0.9):
    """One step with momentum: v = beta * v + g, then p - lr * v.

    params, grads: dicts of arrays. state: {} at first, then what the last step returned.
    Returns (new params, new state).
    """
    ### BEGIN SOLUTION
    v = {k: beta * state.get(k, 0.0) + grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-momentum_step-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.momentum_step", momentum_step)

# %% [markdown]
# **Predict, then run.** The ravine again, sixty steps at lr = 0.02, with β = 0, 0.85 and 0.97. Which arrives first? What does the largest β do?

# %%
with needs("04.descend", "04.momentum_step"):
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6), width_ratios=[1.2, 1])
    paths = {
        f"β = {beta}": descend(ravine_grad, start, lambda p, g, s, b=beta: momentum_step(p, g, s, lr=0.02, beta=b), 60)
        for beta in (0.0, 0.85, 0.97)
    }
    show_ravine(left, paths, "Sixty steps with momentum", every=3)
    for (name, path), look in zip(paths.items(), ["C0-", "C1--", "C2-."], strict=True):
        right.plot([ravine(p) for p in path], look, label=name)
    right.set(yscale="log", xlabel="step", ylabel="height", title="Height on a log scale")
    right.legend()
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* on the right, lower is better, and a straight line down means a fixed share gained per step. β = 0 is plain descent, slow along the floor. β = 0.85 swings, and is two hundred times lower after sixty steps. β = 0.97 swings past the bottom and back, again and again: it has hardly any brakes.
#
# ## 2 · RMSProp: a rate for every weight
#
# Momentum helps, but both directions still share one learning rate. What if each weight had its own? We cannot compute fifty for y and one for x in a network with a million weights. But we can *watch*: a direction whose gradients are large is steep. So keep a running average **s** of the squared gradients, element by element, and divide by its root:
#
# $$s \leftarrow \beta s + (1 - \beta)\, g^2, \qquad p \leftarrow p - \mathrm{lr} \cdot \frac{g}{\sqrt{s} + \varepsilon}$$
#
# g / √s has no units left: it is about ±1, however steep the land. So **lr is now a length, about how far a weight moves per step**, not a factor on the slope. ε, a tiny number, is there for weights whose gradient is 0.

# %% [markdown]
# ### 04.rmsprop_step · RMSProp
#
# ●○○ · about 8 minutes · 1 point · one half of Adam
#
# Settings `beta=0.99, eps=1e-8`. One average per array, of the same shape, starting at 0; ε outside the root, as in the formula and in PyTorch. Pure, as before.
#
# *Stuck? `hint("04.rmsprop_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-rmsprop_step", "locked": false, "schema_version": 3, "solution": true}
def rmsprop_step(params, grads, state, lr, beta=0.99, eps=1e-8):
    """One RMSProp step: s = beta * s + (1 - beta) * g**2, then p - lr * g / (sqrt(s) + eps).

    params, grads: dicts of arrays. state: {} at first, then what the last step returned.
    Returns (new params, new state).
    """
    ### BEGIN SOLUTION
    s = {k: beta * state.get(k, 0.0) + (1 - beta) * grads[k] ** 2 for k in params}
    return {k: p - lr * grads[k] / (np.sqrt(s[k]) + eps) for k, p in params.items()}, s
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-rmsprop_step-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.rmsprop_step", rmsprop_step)

# %% [markdown]
# **Predict, then run.** Someone measures the loss in cents, not in euros: every gradient is a hundred times as large. Which of your three methods takes another path, and which does not notice?

# %%
with needs("04.descend", "04.sgd_step", "04.momentum_step", "04.rmsprop_step"):
    methods = {
        "SGD": lambda p, g, s: sgd_step(p, g, s, lr=0.02),
        "momentum": lambda p, g, s: momentum_step(p, g, s, lr=0.02, beta=0.85),
        "RMSProp": lambda p, g, s: rmsprop_step(p, g, s, lr=0.08, beta=0.9),
    }
    for name, method in methods.items():
        in_euros = descend(ravine_grad, start, method, 60)
        with np.errstate(all="ignore"):
            in_cents = descend(lambda p: 100 * ravine_grad(p), start, method, 60)
            print(f"{name:9} height after 60 steps: {ravine(in_euros[-1]):8.2g} in euros, {ravine(in_cents[-1]):8.2g} in cents")

# %% [markdown]
# RMSProp ends at the same place. The other two multiply the gradient itself, and a hundred times the gradient throws them out of the ravine.
#
# ## 3 · Adam: both, and an honest beginning
#
# Adam puts the two ideas together: an average **m** of gradients (momentum) and an average **v** of their squares (scale). Both start at 0, and there lies a trap. After one step, m = (1 − β₁) g = 0.1 g, and v = (1 − β₂) g² = 0.001 g². Both are far too small, and *not equally so*: m / √v = 0.1 / √0.001 ≈ 3.2.
#
# The cure is exact. After t steps the weights in the average add up to 1 − βᵗ instead of 1, so divide by that:
#
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad p \leftarrow p - \mathrm{lr} \cdot \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$

# %% [markdown]
# ### 04.adam_step · Adam
#
# ●●○ · about 15 minutes · 2 points · the default of most of deep learning
#
# Settings `beta1=0.9, beta2=0.999, eps=1e-8`. m = β₁m + (1 − β₁)g and v = β₂v + (1 − β₂)g², per array; t counts **steps**, from 1. Keep m and v in the state *uncorrected*, and correct only what you step with. Pure: mind that a copied dict still holds the old inner dicts.
#
# *Stuck? `hint("04.adam_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-adam_step", "locked": false, "schema_version": 3, "solution": true}
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One Adam step with bias correction.

    params, grads: dicts of arrays. state: {} at first, then what the last step returned (t, m and v).
    Returns (new params, new state).
    """
    ### BEGIN SOLUTION
    t = state.get("t", 0) + 1
    m, v, new = {}, {}, {}
    for k, p in params.items():
        m[k] = beta1 * state.get("m", {}).get(k, 0.0) + (1 - beta1) * grads[k]
        v[k] = beta2 * state.get("v", {}).get(k, 0.0) + (1 - beta2) * grads[k] ** 2
        m_hat = m[k] / (1 - beta1**t)
        v_hat = v[k] / (1 - beta2**t)
        new[k] = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new, {"t": t, "m": m, "v": v}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-adam_step-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("04.adam_step", adam_step)

# %% [markdown]
# **Predict, then run.** A single weight whose gradient is 1 at every step. How long is each Adam step, in units of lr, with the correction? And without it: shorter, longer? For how many steps?

# %%
with needs("04.adam_step", "04.descend"):
    path = descend(np.ones_like, [0.0], lambda p, g, s: adam_step(p, g, s, lr=1.0), 2000)
    t = np.arange(1, 2001)
    without = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)

    fig, ax = plt.subplots(figsize=(7, 3))
    ax.plot(t, -np.diff(path[:, 0]), "k-", label="your adam_step")
    ax.plot(t, without, "C1--", label="without the correction")
    ax.plot(t, (1 - 0.9**t), "C2:", label="correcting v only")
    ax.set(xscale="log", xlabel="step", ylabel="length of the step, in lr", title="A constant gradient of 1", ylim=(0, 7.5))
    ax.legend()
    plt.show()

# %% [markdown]
# *How to read this:* your line lies at 1 from the first step on. The dotted line corrects v alone: its first steps are ten times too short. Without any correction the steps are three times too long at once, more than six times at the tenth, and still too long after a thousand. Those are the very steps in which the network knows nothing yet.
#
# (This is also why Adam is often given a *warm-up*: v̂ from a handful of gradients is unbiased, but noisy.)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** Adam's first step, with corrected averages and ε ≈ 0: how long is it for a weight with gradient 0.001, and for one with gradient −1000?
#
# <details><summary>Answer</summary>
#
# m̂ = g and v̂ = g², so the step is −lr · g / |g| = −lr · sign(g). Both move by exactly lr, the first down, the second up. The size of the gradient plays no part.
#
# </details>

# %% [markdown]
# ## 4 · AdamW: decay that stays outside
#
# Large weights make wild functions, so one likes to pull all weights gently towards 0: **weight decay**. (Chapter 05 shows what it is good for.) With plain SGD one may as well add `wd * p` to the gradient. With Adam that goes wrong: what is added to the gradient is divided by √v̂ as well. AdamW shrinks the weights beside the step:
#
# $$p \leftarrow p\,(1 - \mathrm{lr} \cdot \mathrm{wd}), \quad\text{then Adam's step from the pure gradient.}$$

# %% [markdown]
# ### 04.adamw_step · AdamW
#
# ●○○ · about 5 minutes · 1 point · trains nearly every Transformer
#
# As `adam_step`, with `weight_decay=0.01` added. Decay **every** array you are given (many scripts spare the biases by hand; here nothing is spared). You may call your `adam_step`.
#
# *Stuck? `hint("04.adamw_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-adamw_step", "locked": false, "schema_version": 3, "solution": true}
def adamw_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """Shrink every array by 1 - lr * weight_decay, then take Adam's step.

    params, grads: dicts of arrays. state: {} at first, then what the last step returned.
    Returns (new params, new state).
    """
    ### BEGIN SOLUTION
    shrunk = {k: p * (1 - lr * weight_decay) for k, p in params.items()}
    return adam_step(shrunk, grads, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-adamw_step-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.adamw_step", adamw_step)

# %% [markdown]
# **Predict, then run.** Two weights start at 1, and the data say nothing about either: their gradients are pure noise. The first one's noise is loud (size 10), the second one's quiet (size 0.01). Both are to decay with wd = 0.5. Once with the decay added to the gradient, once with AdamW. Which of the four curves come down, and how fast?

# %%
with needs("04.adam_step", "04.adamw_step"):
    noise = np.random.default_rng(0).normal(size=(1500, 2)) * np.array([10.0, 0.01])
    runs = {"decay inside the gradient": [np.ones(2)], "AdamW": [np.ones(2)]}
    inside, beside, state_in, state_w = {"p": np.ones(2)}, {"p": np.ones(2)}, {}, {}
    for g in noise:
        inside, state_in = adam_step(inside, {"p": g + 0.5 * inside["p"]}, state_in, lr=0.002)
        beside, state_w = adamw_step(beside, {"p": g}, state_w, lr=0.002, weight_decay=0.5)
        runs["decay inside the gradient"].append(inside["p"])
        runs["AdamW"].append(beside["p"])

    fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
    for ax, (name, path) in zip(axes, runs.items(), strict=True):
        ax.plot(np.array(path)[:, 0], "C0-", label="loud weight")
        ax.plot(np.array(path)[:, 1], "C1--", label="quiet weight")
        ax.plot((1 - 0.001) ** np.arange(1501), "k:", label="(1 − lr·wd) per step")
        ax.set(title=name, xlabel="step")
    axes[0].set_ylabel("weight")
    axes[0].legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the dotted line is the decay that was ordered. On the right both weights follow it, with some noise on top. On the left the quiet weight is pulled down far too fast, since its decay is divided by a tiny √v̂, and the loud one hardly notices that it should decay at all. Inside the gradient, the decay depends on how loud a weight's data are. Beside it, it does not.

# %% [markdown]
# ## 5 · The race
#
# Now all five, on three landscapes. *Ravine* you know. *Saddle* is flat in the middle and falls off to both sides; the start lies a hair's breadth, 0.001, beside the ridge. *Plain* gets flatter towards its bottom.
#
# **Predict, then run.** Before you touch a slider: who will be stuck on the saddle? Then use mouse or keyboard (Tab, arrow keys) and find out:
#
# 1. By what factor can you raise all learning rates until SGD leaves the ravine? Who leaves next?
# 2. On the saddle, what does momentum β do? And β = 0?
# 3. Take Adam alone, and switch the bias correction off. Where does the path change?

# %%
with needs("04.sgd_step", "04.momentum_step", "04.rmsprop_step", "04.adam_step", "04.adamw_step"):
    from dlcourse_utils.widgets.optimizer_race import optimizer_race

    display(optimizer_race(sgd=sgd_step, momentum=momentum_step, rmsprop=rmsprop_step, adam=adam_step, adamw=adamw_step))

# %% [markdown]
# *How to read this:* left, the paths of your five steps, 120 steps each, a mark at every fourth; right, the height above the floor. Each method starts at a rate that suits it on the ravine; the slider multiplies all five.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/optimizer_race.png" alt="Paths of three optimizers down a ravine, and the height of each above the floor, step by step."></details>
#
# On the saddle SGD walks to the middle and stays: near the ridge the gradient in y is about 0.001, and lr times nothing is nothing. Momentum collects those nothings until they are something. RMSProp and Adam divide by them, so a tiny gradient makes a full-sized step. In high dimensions saddles are far more common than bad valleys.

# %% [markdown]
# ### 04.milestone_ravine · Milestone: five ways down one ravine
#
# ●●● · about 15 minutes · 3 points · learning what the settings mean, with your own eyes
#
# Find settings with which **all five** come to rest at the bottom of the ravine. Write `ravine_settings()`, which takes nothing and returns a dict like `{"sgd": {"lr": …}, "momentum": {"lr": …, "beta": …}, "rmsprop": {…}, "adam": {…}, "adamw": {…}}`. Inner keys are the steps' keyword arguments; what you leave out keeps its default.
#
# **To reach:** from four hidden starts, all 3 to 5 away from the bottom, each method must end within **0.1** of (1, ½) after **120 steps**. The check runs PyTorch's optimizers with your numbers. Play in the cell below; `descend` is your laboratory.
#
# *Stuck? `hint("04.milestone_ravine")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-milestone_ravine", "locked": false, "schema_version": 3, "solution": true}
def ravine_settings():
    """Settings with which five optimizers reach the bottom of the ravine in 120 steps.

    Returns {"sgd": {...}, "momentum": {...}, "rmsprop": {...}, "adam": {...}, "adamw": {...}}.
    """
    ### BEGIN SOLUTION
    return {
        "sgd": {"lr": 0.036},  # just below 2 / 50
        "momentum": {"lr": 0.03, "beta": 0.85},
        "rmsprop": {"lr": 0.08, "beta": 0.9},  # a stride short enough to end within 0.1
        "adam": {"lr": 0.3},
        "adamw": {"lr": 0.3, "weight_decay": 0.001},  # its decay pulls to (0, 0), not to the bottom
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-milestone_ravine-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("04.milestone_ravine", ravine_settings)

# %%
with needs("04.milestone_ravine", "04.descend", "04.sgd_step", "04.momentum_step", "04.rmsprop_step", "04.adam_step", "04.adamw_step"):
    settings = ravine_settings()
    steps = {"sgd": sgd_step, "momentum": momentum_step, "rmsprop": rmsprop_step, "adam": adam_step, "adamw": adamw_step}
    paths = {
        name: descend(ravine_grad, start, lambda p, g, s, name=name: steps[name](p, g, s, **settings[name]), 120) for name in steps
    }
    for name, path in paths.items():
        print(f"{name:9} ends {np.linalg.norm(path[-1] - [1, 0.5]):.3f} away from the bottom   {settings[name]}")
    fig, ax = plt.subplots(figsize=(8, 4))
    show_ravine(ax, paths, "Your five, with your settings", every=3)
    plt.show()

# %% [markdown]
# *How to read this:* one path per method, all from the same star, a mark at every third step.
#
# ## 6 · Batches, a leash, and a rate that changes
#
# On a real data set one more choice comes first: *which* gradient? All N samples give the exact one, at N times the price. A random handful gives a noisy one, almost for nothing. Below, the price and the noise for the network that we are going to train: 64 pixels, 32 ReLU neurons, 10 digits, as in chapter 03, in a dict.

# %%
digits = load_digits_split(seed=0)


def digit_loss(params, x, labels):
    """Mean cross-entropy of x → ReLU(x w1 + b1) w2 + b2, and its gradients: chapter 03's network in a dict."""
    hidden = np.maximum(x @ params["w1"] + params["b1"], 0)
    logits = hidden @ params["w2"] + params["b2"]
    logits = logits - logits.max(axis=1, keepdims=True)
    logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    d = np.exp(logp)
    d[rows, labels] -= 1
    d /= len(labels)
    dh = (d @ params["w2"].T) * (hidden > 0)
    grads = {"w1": x.T @ dh, "b1": dh.sum(axis=0), "w2": hidden.T @ d, "b2": d.sum(axis=0)}
    return float(-logp[rows, labels].mean()), grads


def new_network(seed):
    """Fresh weights for 64 → 32 → 10."""
    rng = np.random.default_rng(seed)
    w1, w2 = rng.normal(size=(64, 32)) * np.sqrt(2 / 64), rng.normal(size=(32, 10)) * np.sqrt(2 / 32)
    return {"w1": w1, "b1": np.zeros(32), "w2": w2, "b2": np.zeros(10)}


def share_right(params, x, labels):
    """Share of digits read correctly."""
    hidden = np.maximum(x @ params["w1"] + params["b1"], 0)
    return float(np.mean((hidden @ params["w2"] + params["b2"]).argmax(axis=1) == labels))


from dlcourse_utils.gradients import minibatch_noise

network = new_network(0)
minibatch_noise(lambda rows: digit_loss(network, digits.x_train[rows], digits.y_train[rows])[1], len(digits.x_train))

# %% [markdown]
# *How to read this:* left, how well a batch's gradient points along the full one (1: exactly); right, its error as a share of the full gradient. Each dot is one batch. Sixteen samples hold more noise than gradient, and yet every such batch points downhill, at a ninetieth of the price. **The error falls with the root of the batch size, and the price grows with the size itself.** That is why nobody waits for all the data.

# %% [markdown]
# ### 04.iterate_minibatches · Minibatches
#
# ●○○ · about 8 minutes · 1 point · every training loop from here on
#
# Write `iterate_minibatches(x, y, batch_size, rng)`: something to loop over that gives pairs (x of the batch, y of the batch). Each call is one **epoch**: every sample comes exactly once, in an order drawn from `rng` (a NumPy generator) and from nothing else. All batches are full but the last, which takes what is left; never an empty one. `x` is (N, …), `y` is (N,), and they must stay side by side.
#
# *Stuck? `hint("04.iterate_minibatches")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-iterate_minibatches", "locked": false, "schema_version": 3, "solution": true}
def iterate_minibatches(x, y, batch_size, rng):
    """One epoch of shuffled batches.

    x: (N, …). y: (N,). batch_size: int. rng: np.random.Generator.
    Gives pairs (x_batch, y_batch), each sample once.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-iterate_minibatches-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.iterate_minibatches", iterate_minibatches)

# %% [markdown]
# ### 04.clip_by_global_norm · Clip by the global norm
#
# ●○○ · about 6 minutes · 1 point · keeps recurrent networks and Transformers from exploding
#
# Now and then a batch gives a gradient a hundred times as long as usual, and one such step can undo an hour of training. So put it on a leash: if the **L2 norm of all arrays together** exceeds `max_norm`, multiply *everything* by one factor, so that the norm becomes `max_norm` and the direction stays. Shorter gradients are left as they are. Return the new dict and the norm **before** clipping, a float.
#
# *Stuck? `hint("04.clip_by_global_norm")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-clip_by_global_norm", "locked": false, "schema_version": 3, "solution": true}
def clip_by_global_norm(grads, max_norm):
    """Scale all gradients by one factor so that their common L2 norm is at most max_norm.

    grads: dict of arrays. Returns (new dict, norm before clipping as a float).
    """
    ### BEGIN SOLUTION
    norm = float(np.sqrt(sum((g**2).sum() for g in grads.values())))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {k: g * scale for k, g in grads.items()}, norm
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-clip_by_global_norm-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.clip_by_global_norm", clip_by_global_norm)

# %% [markdown]
# With batches the gradient stays noisy even at the bottom, so a fixed rate keeps rattling about there. Long steps at first, short ones at the end, would have both. And the very first steps, when Adam's averages know nothing, had better be short too.
#
# ### 04.cosine_schedule · A learning rate that comes and goes
#
# ●○○ · about 8 minutes · 1 point · the schedule of most modern training runs
#
# Write `cosine_schedule(step, total, lr_max, lr_min=0.0, warmup=0)`, the learning rate at one step, a number:
#
# - up to `warmup`: a straight line from 0 at step 0 to `lr_max` at step == warmup;
# - from there half a cosine, from `lr_max` down to `lr_min` at step == total: $\mathrm{lr_{min}} + (\mathrm{lr_{max}} - \mathrm{lr_{min}})\,\tfrac12\,(1 + \cos \pi u)$, with u going from 0 to 1;
# - beyond `total` it stays at `lr_min`.
#
# *Stuck? `hint("04.cosine_schedule")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-cosine_schedule", "locked": false, "schema_version": 3, "solution": true}
def cosine_schedule(step, total, lr_max, lr_min=0.0, warmup=0):
    """Learning rate at `step`: a line up to lr_max at `warmup`, half a cosine down to lr_min at `total`."""
    ### BEGIN SOLUTION
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * done)) / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-cosine_schedule-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("04.cosine_schedule", cosine_schedule)

# %% [markdown]
# ## 7 · Milestone: the training loop
#
# Every piece is there. This loop, with a larger network in it, is what runs in data centres.
#
# ### 04.milestone_digits · Milestone: the training loop, with any optimizer
#
# ●●● · about 25 minutes · 3 points · you will write this loop again in chapter 06, in PyTorch
#
# Write `fit(params, x, y, loss_and_grads, step, lr_max, epochs, rng, batch_size=32, max_norm=5.0)`. `loss_and_grads(params, xb, yb)` gives (loss, grads), as `digit_loss` does; `step(params, grads, state, lr=…)` is any of your five. For each batch of each epoch:
#
# 1. loss and gradients at the newest parameters, 2. clip to `max_norm`, 3. the learning rate of update number i, counted from 0: `cosine_schedule(i, total, lr_max, warmup=total // 10)`, where `total` is the number of updates of all epochs, 4. one step, the state handed on, 5. write down the loss.
#
# Return the last parameters and the list of losses, one per update. **To reach:** 90 % of held-out digits after four epochs, under each of the five methods (their rates are given by the check).
#
# *Stuck? `hint("04.milestone_digits")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "04-milestone_digits", "locked": false, "schema_version": 3, "solution": true}
def fit(params, x, y, loss_and_grads, step, lr_max, epochs, rng, batch_size=32, max_norm=5.0):
    """Train with minibatches, clipping, a cosine schedule and any optimizer's step.

    params: dict of arrays. x: (N, …). y: (N,). rng: np.random.Generator, which draws the batches.
    Returns (params, losses), one loss per update.
    """
    ### BEGIN SOLUTION
    total = epochs * -(-len(x) // batch_size)  # the minuses round up
    state, losses = {}, []
    for _ in range(epochs):
        for xb, yb in iterate_minibatches(x, y, batch_size, rng):
            loss, grads = loss_and_grads(params, xb, yb)
            grads, _ = clip_by_global_norm(grads, max_norm)
            lr = cosine_schedule(len(losses), total, lr_max, warmup=total // 10)
            params, state = step(params, grads, state, lr=lr)
            losses.append(loss)
    return params, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "04-milestone_digits-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("04.milestone_digits", fit)

# %% [markdown]
# **Predict, then run.** Your five on the digits, 15 epochs each, beside logistic regression. Who will win on the held-out digits, and by how much?

# %%
from sklearn.linear_model import LogisticRegression

baseline = LogisticRegression(max_iter=2000).fit(digits.x_train, digits.y_train).score(digits.x_test, digits.y_test)
rates = {"sgd": 0.5, "momentum": 0.1, "rmsprop": 0.005, "adam": 0.01, "adamw": 0.01}

with needs(
    "04.milestone_digits", "04.iterate_minibatches", "04.clip_by_global_norm", "04.cosine_schedule",
    "04.sgd_step", "04.momentum_step", "04.rmsprop_step", "04.adam_step", "04.adamw_step",
):
    steps = {"sgd": sgd_step, "momentum": momentum_step, "rmsprop": rmsprop_step, "adam": adam_step, "adamw": adamw_step}
    table = {}
    fig, ax = plt.subplots(figsize=(8, 3.4))
    for (name, step), look in zip(steps.items(), ["C0-", "C1--", "C2-.", "C3:", "C4-"], strict=True):
        trained, losses = fit(new_network(0), digits.x_train, digits.y_train, digit_loss, step, rates[name], 15, np.random.default_rng(0))
        table[name] = share_right(trained, digits.x_train, digits.y_train), share_right(trained, digits.x_test, digits.y_test)
        ax.plot(np.convolve(losses, np.ones(20) / 20, mode="valid"), look, label=name)
    ax.set(yscale="log", xlabel="update", ylabel="training loss (nats)", title="Five optimizers on the same digits")
    ax.legend(ncols=5, fontsize=8)
    plt.show()
    print("                       training   held out")
    for name, (train, test) in table.items():
        print(f"{name:20}     {train:6.1%}     {test:6.1%}")
    print(f"logistic regression             –     {baseline:6.1%}")

# %% [markdown]
# *How to read this:* each curve is the loss of the batches, averaged over twenty neighbours so that you can see through the noise. One start, one order of batches, five methods.
#
# The *training* losses end up to a factor of three apart. The held-out digits hardly care: one image of 360 is 0.3 %, and another split shuffles the ranking. With a suitable rate each, **the methods differ in how fast they go down and how much trouble they make on the way, and seldom in how good the result is.** And all are only a little better than logistic regression: digits this small leave little to gain.

# %% [markdown]
# You have seen paths in two dimensions. This network has 2,410. Here are the same five runs in the flat picture that shows most of them: the two directions in which the five trails, taken together, spread out most (their principal components).

# %% tags=["demo"]
with needs("04.milestone_digits", "04.sgd_step", "04.momentum_step", "04.rmsprop_step", "04.adam_step", "04.adamw_step"):
    steps = {"sgd": sgd_step, "momentum": momentum_step, "rmsprop": rmsprop_step, "adam": adam_step, "adamw": adamw_step}
    trails = {}
    for name, step in steps.items():
        trail = []

        def watched(p, g, s, lr, step=step, trail=trail):
            trail.append(np.concatenate([p[k].ravel() for k in ("w1", "b1", "w2", "b2")]))
            return step(p, g, s, lr=lr)

        fit(new_network(0), digits.x_train, digits.y_train, digit_loss, watched, rates[name], 15, np.random.default_rng(0))
        trails[name] = np.array(trail)
    origin = trails["sgd"][0]
    _, size, directions = np.linalg.svd(np.vstack([t[::10] - origin for t in trails.values()]), full_matrices=False)
    flat = {name: (t - origin) @ directions[:2].T for name, t in trails.items()}

    def height(a, b):
        vector = origin + a * directions[0] + b * directions[1]
        parts = np.split(vector, np.cumsum([64 * 32, 32, 32 * 10]))
        shapes = {"w1": (64, 32), "b1": (32,), "w2": (32, 10), "b2": (10,)}
        network = {k: part.reshape(shape) for (k, shape), part in zip(shapes.items(), parts, strict=True)}
        return digit_loss(network, digits.x_train[::4], digits.y_train[::4])[0]

    both = np.vstack(list(flat.values()))
    a, b = (np.linspace(both[:, i].min() - 1, both[:, i].max() + 1, 40) for i in (0, 1))
    fig, ax = plt.subplots(figsize=(8, 4.6))
    shade = ax.contourf(a, b, np.log10([[height(i, j) for i in a] for j in b]), levels=16, cmap="Greys")
    for (name, path), look in zip(flat.items(), ["C0o-", "C1s--", "C2^-.", "C3D:", "C4x-"], strict=True):
        ax.plot(path[:, 0], path[:, 1], look, markevery=60, markersize=5, label=f"{name}: {np.linalg.norm(trails[name][-1] - origin):.0f} from the start")
    ax.plot(0, 0, "*", color="white", markeredgecolor="k", markersize=15)
    ax.set(title=f"2,410 weights, seen flat ({np.sum(size[:2] ** 2) / np.sum(size**2):.0%} of the movement)", xlabel="first direction", ylabel="second direction")
    ax.legend(fontsize=8)
    fig.colorbar(shade, label="log₁₀ of the loss in this plane")
    plt.show()

# %% [markdown]
# *How to read this:* the star is the common start; a mark at every sixtieth update. Grey shows the loss *in this plane*, lighter is lower; the paths run above and below it in the other 2,408 directions, so their colour there is not what they felt.
#
# SGD and momentum go one way, RMSProp and Adam another, and after a way of ten to thirteen the two camps stand seven to ten apart. Yet all five read the digits. A network has not *one* bottom. It has a great many, and which one you reach depends on how you walk.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "With Adam you don't have to tune the learning rate."
#
# **Predict, then run.** Five methods, ten learning rates from 0.0001 to 3, three epochs each. For each method: how many of the ten rates will come within two points of the best result of all?

# %%
with needs("04.milestone_digits", "04.sgd_step", "04.momentum_step", "04.rmsprop_step", "04.adam_step", "04.adamw_step"):
    steps = {"sgd": sgd_step, "momentum": momentum_step, "rmsprop": rmsprop_step, "adam": adam_step, "adamw": adamw_step}
    tried = 10.0 ** np.arange(-4, 0.6, 0.5)
    result = np.zeros((5, len(tried)))
    for row, step in enumerate(steps.values()):
        for column, lr in enumerate(tried):
            with np.errstate(all="ignore"):
                trained, _ = fit(new_network(1), digits.x_train, digits.y_train, digit_loss, step, lr, 3, np.random.default_rng(1))
                result[row, column] = share_right(trained, digits.x_test, digits.y_test)
    fig, ax = plt.subplots(figsize=(7, 3.4))
    for name, line, look in zip(steps, result, ["C0o-", "C1s--", "C2^-.", "C3D:", "C4x-"], strict=True):
        ax.plot(tried, line, look, label=f"{name}: {np.sum(line > result.max() - 0.02)} of {len(tried)} rates are good")
    ax.axhline(result.max() - 0.02, color="0.5", linewidth=0.8)
    ax.set(xscale="log", xlabel="largest learning rate", ylabel="held-out accuracy", title="Three epochs at ten learning rates", ylim=(0, 1.02))
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    plt.show()

# %% [markdown]
# *How to read this:* above the grey line, a rate counts as good. Each method has its hill, and each hill has two sides.
#
# Adam's hill is no wider than the others'. It stands *somewhere else*, because its step has a length of its own, and for that reason it stands at similar places for many networks. Even so: the default of most libraries, 0.001, reads only a third of these digits in three short epochs, and at thirty times the best rate the network only guesses: one digit in ten. **The learning rate is the first thing to tune, for every method.**

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** You double the batch size and leave everything else as it is, epochs too. Name two things that change in training.
#
# <details><summary>Answer</summary>
#
# There are half as many updates per epoch, so with the same rate you travel about half as far. And each gradient is less noisy, by a factor of √2. Both together are why people raise the learning rate along with the batch size.
#
# </details>

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** A friend clips each array by itself, to norm 1. His first layer's gradient has norm 10 and his last layer's 0.1. What has his step lost?
#
# <details><summary>Answer</summary>
#
# Its direction. The first layer is shortened tenfold and the last not at all, so the step no longer points along the gradient. One factor for everything keeps the direction and changes only the length.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | method | remembers | one step, in a breath | mind |
# |---|---|---|---|
# | SGD | nothing | lr times the slope | lr < 2 / curvature |
# | momentum | v | slopes that agree pile up | too much β swings |
# | RMSProp | s | about lr, in every weight | rattles at a fixed rate |
# | Adam | t, m, v | both, with an honest start | wants a schedule |
# | AdamW | t, m, v | Adam, and weights that fade | the decay pulls to 0 |
#
# And one habit: before you compare two methods, tune the learning rate of *both*. In [chapter 05](../05_training_well/05_training_well.ipynb) the loop stays as it is. We ask where to start, what to do when the network learns its training data by heart, and how to know that a number is honest.

# %% [markdown]
# ## Go further
#
# - G. Goh, [*Why momentum really works*](https://distill.pub/2017/momentum/), Distill 2017: the ravine, with sliders and the mathematics.
# - D. Kingma, J. Ba, [*Adam: a method for stochastic optimization*](https://arxiv.org/abs/1412.6980), ICLR 2015. Algorithm 1 is your `adam_step`.
# - I. Loshchilov, F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019, and their [*SGDR*](https://arxiv.org/abs/1608.03983), 2017, for the cosine.
# - R. Pascanu, T. Mikolov, Y. Bengio, [*On the difficulty of training recurrent neural networks*](https://arxiv.org/abs/1211.5063), 2013: why gradients explode, and the leash.
# - R. Schmidt, F. Schneider, P. Hennig, [*Descending through a crowded valley*](https://arxiv.org/abs/2007.01547), 2021: fifteen optimizers compared fairly; what you saw on the digits, at scale.
