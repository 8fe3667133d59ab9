# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · Training well
#
# **The question of this chapter: the gradients are right, the optimizer is right, and the network is still no good. Why, and how would you even know?**
#
# Three things can be wrong. The network cannot *start*: signals die on the way through its layers. It learns *by heart* what it should understand. Or the *number* it reports is not honest. We take them in turn, and end with 303 real patients, with all the gaps that real tables have.
#
# Plan for about four hours, in as many sittings as you like; sections 1–2, 3 and 4–7 stand on their own. Symbols are on the [notation page](../notation.ipynb). When even the last hint does not help, the full text with all answers is in the course's `solutions/` folder.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from sklearn.linear_model import LogisticRegression

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_digits_split, load_heart_disease

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})
digits = load_digits_split(seed=0)

# %% [markdown]
# The cell below is what you wrote in chapters 02 to 04, in one piece: a ReLU network of any depth, its gradients, Adam. Nothing in it is new but its plugs: `init`, `penalty`, `drop`, `change` and `stop`. Each is a place where a function from *this* chapter goes in. You need not follow every line, nor change any. What to see now: the layers are made at the top, then each step goes forward, goes back, adds the plugs' share and lets Adam step.

# %%
def softmax(z):
    """Rows of logits to rows of probabilities."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def logits_of(params, x):
    """Forward pass: ReLU between the layers, none after the last."""
    for w, b in params[:-1]:
        x = np.maximum(x @ w + b, 0)
    return x @ params[-1][0] + params[-1][1]


def loss_of(params, x, labels):
    """Mean cross-entropy in nats."""
    return float(-np.log(softmax(logits_of(params, x))[np.arange(len(labels)), labels] + 1e-300).mean())


def right(params, x, labels):
    """Share of right answers."""
    return float(np.mean(logits_of(params, x).argmax(axis=1) == labels))


def train_network(x, labels, hidden, rng, init, steps=300, lr=0.01, penalty=None, drop=None, change=None, stop=None, watch=None, weights=None):
    """Train x → ReLU hidden layers → logits with Adam on the full batch.

    hidden: widths of the hidden layers, such as [16]. init: (fan_in, fan_out, rng) -> weights. penalty: params -> (penalty, grads).
    drop: (p_drop, forward, backward) after each hidden layer. change: (x, rng) -> a changed copy for this step. stop: has .update(loss).
    watch: (x_val, y_val) whose loss is followed. weights: one per class. Returns (params, history); history (n, 3): step, training and watched loss.
    """
    sizes = [x.shape[1], *hidden, int(labels.max()) + 1]
    params = [(init(a, b, rng), np.zeros(b)) for a, b in pairwise(sizes)]
    w_sample = np.ones(len(labels)) if weights is None else weights[labels]
    m, v, history, best = [0.0] * 2 * len(params), [0.0] * 2 * len(params), [], params
    for t in range(1, steps + 1):
        h, caches = (x if change is None else change(x, rng)), []
        for i, (w, b) in enumerate(params):
            z, inside = h @ w + b, h
            h, mask = (np.maximum(z, 0), None) if i < len(hidden) else (z, None)
            if drop is not None and i < len(hidden):
                h, mask = drop[1](h, drop[0], True, rng)
            caches.append((inside, z, mask))
        d = softmax(h)
        d[np.arange(len(labels)), labels] -= 1
        d *= (w_sample / w_sample.sum())[:, None]
        grads = []
        for i in reversed(range(len(params))):
            inside, z, mask = caches[i]
            if i < len(hidden):
                d = d if drop is None else drop[2](d, mask)
                d = d * (z > 0)
            grads = [inside.T @ d, d.sum(axis=0), *grads]
            d = d @ params[i][0].T
        if penalty is not None:
            extra = [g for pair in penalty(params)[1] for g in pair]
            grads = [g + e for g, e in zip(grads, extra, strict=True)]
        flat = [a for layer in params for a in layer]
        for i, g in enumerate(grads):
            m[i], v[i] = 0.9 * m[i] + 0.1 * g, 0.999 * v[i] + 0.001 * g**2
            flat[i] = flat[i] - lr * (m[i] / (1 - 0.9**t)) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
        params = list(zip(flat[::2], flat[1::2], strict=True))
        if watch is not None and t % 5 == 0:
            history.append((t, loss_of(params, x, labels), loss_of(params, *watch)))
            if stop is not None:
                finished = stop.update(history[-1][2])
                best = params if history[-1][2] == stop.best else best
                if finished:
                    return best, np.array(history)
    return params, np.array(history)

# %% [markdown]
# ## 1 · Where to start
#
# Ten hidden layers of 64 ReLU neurons, 400 digits. Four networks, alike in everything but one number: how *large* the random weights are at the start.
#
# **Predict, then run.** The weights are drawn from a normal distribution with standard deviation 0.01, 0.1, 0.18 or 0.5. Which of the four networks learn? What will the loss of the others do?

# %%
def random_weights(std):
    """A start with weights of one standard deviation, whatever the layer."""
    return lambda fan_in, fan_out, rng: std * rng.normal(size=(fan_in, fan_out))


fig, ax = plt.subplots(figsize=(8, 3.2))
for std, look in zip([0.01, 0.1, 0.18, 0.5], ["C0-", "C1--", "C2-.", "C3:"], strict=True):
    _, curve = train_network(
        digits.x_train[:400], digits.y_train[:400], [64] * 10, np.random.default_rng(0), random_weights(std), steps=90, lr=0.001, watch=(digits.x_test, digits.y_test)
    )
    ax.plot(curve[:, 0], curve[:, 1], look, linewidth=2, label=f"std {std}")
ax.axhline(np.log(10), color="0.5", linewidth=0.8, label="guessing: log 10")
ax.set(yscale="log", xlabel="step", ylabel="training loss (nats)", title="One network, four sizes of random weights")
ax.legend(fontsize=8, ncols=3)
plt.show()

# %% [markdown]
# *How to read this:* every curve is the same network on the same digits. The grey line is what blind guessing costs.
#
# At 0.01 the network sits on the line as if it were switched off. At 0.5 it starts with a loss in the hundreds and spends its time coming down. Same gradients, same optimizer. **What goes wrong is decided before the first step.** Let us look inside, at tanh layers first, where the story began.

# %%
from dlcourse_utils.gradients import signals_by_initialisation

signals_by_initialisation("tanh", depth=10)

# %% [markdown]
# *How to read this:* top row, the sizes of the activations, layer by layer; bottom row, the gradients on their way back. You want level lines: then the last layer hears the image, and the first layer hears the error. Xavier and He are two rules for the size of the weights, which come next. tanh squeezes whatever passes, so Xavier's lines sink a little. He's weights are larger; that hides it here, but pushes many values towards ±1, where tanh is flat.
#
# Why does the size change? A neuron adds up fan-in products w·x. With independent weights of mean 0, **variances add**:
#
# $$\mathrm{Var}(z) = \text{fan-in} \cdot \mathrm{Var}(w) \cdot \overline{x^2}$$
#
# The signal keeps its size if Var(w) = 1 / fan-in. Going back, each neuron adds up fan-*out* gradients, so the gradient asks for 1 / fan-out. Glorot's compromise, known by his first name Xavier, is one over the average of the two fans: Var(w) = 2 / (fan-in + fan-out).

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** Every layer multiplies the size of the signal by 0.8. What is left of it after ten layers? After fifty?
#
# <details><summary>Answer</summary>
#
# 0.8¹⁰ ≈ 0.11 and 0.8⁵⁰ ≈ 0.00001. A factor that looks harmless in one layer is a death sentence in fifty. That is why the factor has to be 1, not just "about right".
#
# </details>

# %% [markdown]
# ### 05.xavier_init · Xavier initialisation
#
# ●○○ · about 6 minutes · 1 point · for tanh, sigmoid and linear layers
#
# Write `xavier_init(fan_in, fan_out, rng)`: one array of weights, shape (fan_in, fan_out), mean 0, **variance** 2 / (fan_in + fan_out), drawn from the NumPy generator `rng` and nothing else. Normal or uniform, as you like. Mind what your function wants to be given: a variance, a standard deviation, or limits.
#
# *Stuck? `hint("05.xavier_init")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-xavier_init", "locked": false, "schema_version": 3, "solution": true}
def xavier_init(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out) with mean 0 and variance 2 / (fan_in + fan_out)."""
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-xavier_init-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.xavier_init", xavier_init)

# %% [markdown]
# ReLU sets about half of its inputs to 0, and with them half of the mean square that the next layer receives. So each layer would halve the variance. He's answer: start with twice as much.

# %% [markdown]
# ### 05.he_init · He initialisation
#
# ●○○ · about 3 minutes · 1 point · for ReLU layers; the milestone uses it
#
# Write `he_init(fan_in, fan_out, rng)`: the same, with variance **2 / fan_in**.
#
# *Stuck? `hint("05.he_init")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-he_init", "locked": false, "schema_version": 3, "solution": true}
def he_init(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out) with mean 0 and variance 2 / fan_in."""
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-he_init-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.he_init", he_init)

# %% [markdown]
# **Predict, then run.** Thirty ReLU layers of width 100, an image's worth of noise at the entrance. How much of the signal's size is left at the end with your `xavier_init`? With your `he_init`? (Here fan-in = fan-out, so the two differ by a factor of 2 in variance.)

# %%
with needs("05.xavier_init", "05.he_init"):
    rng = np.random.default_rng(0)
    fig, ax = plt.subplots(figsize=(7, 3))
    for init, look in ((xavier_init, "C1--"), (he_init, "k-")):
        h, sizes = rng.normal(size=(200, 100)), []
        for _ in range(30):
            h = np.maximum(h @ init(100, 100, rng), 0)
            sizes.append(np.sqrt(np.mean(h**2)))
        ax.plot(range(1, 31), sizes, look, marker=".", label=init.__name__)
    ax.set(yscale="log", xlabel="layer", ylabel="root mean square", title="A signal on its way through thirty ReLU layers")
    ax.legend()
    plt.show()

# %% [markdown]
# *How to read this:* a level line is what we want; each division down is a factor of ten. With Xavier the signal shrinks by √½ per layer, which is 2⁻¹⁵ ≈ 0.00003 after thirty. One forgotten factor of 2.

# %% [markdown]
# **Predict, then run.** A laboratory for such factors. Thirty ReLU layers, He: by what factor may the weights be too large before the gradient grows a thousandfold? And does tanh with Xavier forgive more, or less?

# %%
from dlcourse_utils.widgets.vanishing_lab import vanishing_lab

vanishing_lab(depth=30, activation="relu", scheme="He")

# %% [markdown]
# *How to read this:* left, the sizes of the activations on their way forward; right, of the gradients on their way back, so read it from right to left. The thick line is the typical size, the thin ones are the other initialisations. With ReLU a factor comes back to the power of the depth: 1.27²⁹ ≈ 1,000. tanh forgives weights that are too large, at twice the size it is still alive: it squeezes what grows, and its slope takes back what the weights give. On the small side it is as merciless as ReLU.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/vanishing_lab.png" alt="Activations and gradients of twenty ReLU layers with Xavier weights, both shrinking in a straight line on a log scale."></details>
#
# ## 2 · Keeping it level: normalisation
#
# A good start does not last: the weights move, and the sizes with them. So why not *measure* and correct, in every layer and at every step? **Batch normalisation** takes each feature (column) of a batch (N, D), subtracts its mean over the batch, divides by its standard deviation, and then lets the network choose a scale γ and a shift β, both (D,):
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad \mathrm{out} = \gamma\,\hat x + \beta$$
#
# At test time there may be a single sample, and no batch to take a mean of. So during training we keep *running* averages of μ and σ², and use those.

# %% [markdown]
# ### 05.batchnorm_forward · Batch normalisation, forwards and backwards
#
# ●●● · about 35 minutes · 3 points · in most image networks
#
# `batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5)` → (out, cache). `state` is a dict that you **change in place** (unlike chapter 04's: out and cache are all that comes back, so there is no other way to remember): `running_mean` and `running_var`, (D,) each, zeros and ones if absent. With `train=True` normalise by the batch and update: running = momentum · running + (1 − momentum) · batch. With `train=False` use the running values and leave them alone. The variance is the biased one, divided by N, everywhere.
#
# `batchnorm_backward(dout, cache)` → (dx, dgamma, dbeta), after a training forward. Mind that μ and σ² are made of x too: with d = dout · γ, $\mathrm{dx} = \left(d - \overline{d} - \hat x\,\overline{d \hat x}\right) / \sqrt{\sigma^2 + \varepsilon}$, where bars are means over the batch. Try to derive it before you type it.
#
# PyTorch counts momentum the other way round and keeps an unbiased running variance; the card will say so if that is what you wrote.
#
# *Stuck? `hint("05.batchnorm_forward")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-batchnorm_forward", "locked": false, "schema_version": 3, "solution": true}
def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
    """Normalise every column of x (N, D); gamma, beta: (D,); state is changed in place. Returns (out (N, D), cache)."""
    ### BEGIN SOLUTION
    state.setdefault("running_mean", np.zeros(x.shape[1]))
    state.setdefault("running_var", np.ones(x.shape[1]))
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mean
        state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
    else:
        mean, var = state["running_mean"], state["running_var"]
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, gamma, std)
    ### END SOLUTION


def batchnorm_backward(dout, cache):
    """Gradients of a training forward: dout (N, D) to (dx (N, D), dgamma (D,), dbeta (D,))."""
    ### BEGIN SOLUTION
    xhat, gamma, std = cache
    d = dout * gamma
    dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-batchnorm_forward-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("05.batchnorm_forward", batchnorm_forward, batchnorm_backward)

# %% [markdown]
# **Predict, then run.** Twenty layers whose weights are ten times too small, as they should be, and five times too large. Without and with your batch norm before each ReLU. Draw the six lines for the signal, forwards, before you look. And what will the gradient do on its way back?

# %%
with needs("05.he_init", "05.batchnorm_forward"):
    def sizes_by_layer(scale, normalise, depth=20, width=100):
        """Root mean squares of the signal after each layer, and of the gradient arriving at each."""
        rng = np.random.default_rng(0)
        h, kept, forward, back = rng.normal(size=(128, width)), [], [], []
        for _ in range(depth):
            w = scale * he_init(width, width, rng)
            z, cache = h @ w, None
            if normalise:
                z, cache = batchnorm_forward(z, np.ones(width), np.zeros(width), {}, True)
            h = np.maximum(z, 0)
            kept.append((w, z, cache))
            forward.append(np.sqrt(np.mean(h**2)))
        d = rng.normal(size=h.shape)
        for w, z, cache in reversed(kept):
            back.append(np.sqrt(np.mean(d**2)))
            d = d * (z > 0)
            d = (batchnorm_backward(d, cache)[0] if normalise else d) @ w.T
        return forward, back[::-1]

    fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharex=True)
    for scale, look in zip([0.1, 1.0, 5.0], ["C0o", "ks", "C3^"], strict=True):
        for normalise, line in ((False, "--"), (True, "-")):
            for ax, sizes in zip(axes, sizes_by_layer(scale, normalise), strict=True):
                ax.plot(range(1, 21), sizes, look + line, markersize=4, label=f"weights × {scale:g}{', batch norm' if normalise else ''}")
    for ax, title in zip(axes, ["The signal, going forward", "The gradient, coming back"], strict=True):
        ax.set(yscale="log", xlabel="layer", title=title, xticks=[1, 5, 10, 15, 20])
    axes[0].set_ylabel("root mean square")
    axes[0].legend(fontsize=7)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* dashed without, solid with batch norm. Forwards the three solid lines lie on top of each other: whatever the weights' scale, the next layer gets the same. Backwards they agree too, because a layer with weights five times as large divides the gradient by five. (They rise slowly towards layer 1; in very deep networks at the very start this is a known trouble of batch norm.)
#
# The price: a sample's answer now depends on who else is in its batch. See for yourself.

# %%
with needs("05.batchnorm_forward"):
    rng, state = np.random.default_rng(0), {}
    for _ in range(200):
        batchnorm_forward(rng.normal(3, 2, size=(32, 1)), np.ones(1), np.zeros(1), state, True)
    patient = np.array([[5.0]])
    for name, others in {"healthy": rng.normal(1, 1, size=(7, 1)), "sick": rng.normal(7, 1, size=(7, 1))}.items():
        batch = np.vstack([patient, others])
        train, _ = batchnorm_forward(batch, np.ones(1), np.zeros(1), dict(state), True)
        test, _ = batchnorm_forward(batch, np.ones(1), np.zeros(1), state, False)
        print(f"the same patient among seven {name:8} training mode {train[0, 0]:6.2f}     test mode {test[0, 0]:6.2f}")

# %% [markdown]
# In training mode the same patient looks extreme among the healthy and harmless among the sick. In test mode it is always (5 − 3) / 2 = 1, nearly. **Forgetting to switch modes is among the most common errors of all**, and it never raises an exception.
#
# **Layer normalisation** pays no such price. It takes mean and variance over the *features of one sample*. No batch, no running averages, no modes; that is why Transformers use it.

# %% [markdown]
# ### 05.layernorm_forward · Layer normalisation, forwards and backwards
#
# ●●○ · about 12 minutes · 2 points · twice in every block of a Transformer
#
# `layernorm_forward(x, gamma, beta, eps=1e-5)` → (out, cache) with x (N, D): mean and (biased) variance of each **row**. γ and β are (D,) still, shared by all samples. `layernorm_backward(dout, cache)` → (dx, dgamma, dbeta). The formulas are those of batch norm, turned by a quarter; mind which axes turn and which do not.
#
# *Stuck? `hint("05.layernorm_forward")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-layernorm_forward", "locked": false, "schema_version": 3, "solution": true}
def layernorm_forward(x, gamma, beta, eps=1e-5):
    """Normalise every row of x (N, D), then scale and shift by gamma, beta (D,). Returns (out, cache)."""
    ### BEGIN SOLUTION
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * xhat + beta, (xhat, gamma, std)
    ### END SOLUTION


def layernorm_backward(dout, cache):
    """dout (N, D) to (dx (N, D), dgamma (D,), dbeta (D,))."""
    ### BEGIN SOLUTION
    xhat, gamma, std = cache
    d = dout * gamma
    dx = (d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-layernorm_forward-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("05.layernorm_forward", layernorm_forward, layernorm_backward)

# %% [markdown]
# ## 3 · Learned by heart
#
# Now the network starts well. We give it 120 digits and 128 hidden neurons: 9,610 weights for 120 images. And since real labels are never clean, one in five images gets a label drawn at random. A second set of 300 clean digits, the **validation set**, is only watched.
#
# **Predict, then run.** Sketch the training loss and the validation loss over 300 steps. Will the network also learn the *wrong* labels?

# %%
def few_digits(seed):
    """120 training digits, one label in five drawn at random, and 300 clean ones to watch."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(digits.x_train))
    few, watched = order[:120], order[120:420]
    labels, garbled = digits.y_train[few].copy(), rng.random(120) < 0.2
    labels[garbled] = rng.integers(0, 10, garbled.sum())
    return digits.x_train[few], labels, (digits.x_train[watched], digits.y_train[watched])


def plain_init(fan_in, fan_out, rng):
    """A sound start for ReLU layers, so that this section stands on its own."""
    return rng.normal(size=(fan_in, fan_out)) * (2 / fan_in) ** 0.5


def overfit(seed, **plugs):
    """The same network for 300 steps on few digits, with something plugged in."""
    x, labels, watch = few_digits(seed)
    return train_network(x, labels, [128], np.random.default_rng(1), plain_init, watch=watch, **plugs)


params, curve = overfit(seed=0)
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(curve[:, 0], curve[:, 1], "k--", label="training")
ax.plot(curve[:, 0], curve[:, 2], "C1-", label="validation")
ax.plot(*curve[curve[:, 2].argmin(), [0, 2]], "o", color="C1", label="lowest")
ax.set(xlabel="step", ylabel="loss (nats)", title="120 digits, one label in five drawn at random", ylim=(0, 3))
ax.legend()
plt.show()
print(f"right on the training labels {right(params, *few_digits(0)[:2]):.1%}, on held-out digits {right(params, digits.x_test, digits.y_test):.1%}")

# %% [markdown]
# *How to read this:* the dashed line is what the optimizer sees, the solid one what we want. They part after some fifteen steps: from there on the network gets better and better at its 120 images and worse at all others. That is **overfitting**. In the end it knows *every* label, the wrong ones too.
#
# Five remedies follow. Each says, in its own way: *do not believe these 120 images to the last pixel.* First, two prices on large weights. They are added to the loss, so their gradients are added to its gradients.

# %% [markdown]
# ### 05.l2_penalty · The L2 penalty
#
# ●○○ · about 5 minutes · 1 point · also known as ridge; with SGD the same as weight decay
#
# Write `l2_penalty(params, lam)` → (penalty, grads), with `params` a list of (w, b): the penalty is lam · Σw² over all weights, a float, and grads a list of (dw, db) of the same shapes. **Weights only**: a bias merely moves a threshold, so its gradient is zeros. No factor ½ here.
#
# *Stuck? `hint("05.l2_penalty")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-l2_penalty", "locked": false, "schema_version": 3, "solution": true}
def l2_penalty(params, lam):
    """lam times the sum of all squared weights, and its gradients [(dw, db), …]. params: [(w, b), …]."""
    ### BEGIN SOLUTION
    penalty = float(lam * sum((w**2).sum() for w, b in params))
    return penalty, [(2 * lam * w, np.zeros_like(b)) for w, b in params]
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-l2_penalty-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.l2_penalty", l2_penalty)

# %% [markdown]
# ### 05.l1_penalty · The L1 penalty
#
# ●○○ · about 5 minutes · 1 point · also known as lasso; makes weights exactly useless
#
# Write `l1_penalty(params, lam)` → (penalty, grads): the same with lam · Σ|w|, weights only. At w = 0, where |w| has a kink, take the slope 0.
#
# *Stuck? `hint("05.l1_penalty")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-l1_penalty", "locked": false, "schema_version": 3, "solution": true}
def l1_penalty(params, lam):
    """lam times the sum of all weights' absolute values, and its gradients [(dw, db), …]. params: [(w, b), …]."""
    ### BEGIN SOLUTION
    penalty = float(lam * sum(np.abs(w).sum() for w, b in params))
    return penalty, [(lam * np.sign(w), np.zeros_like(b)) for w, b in params]
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-l1_penalty-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.l1_penalty", l1_penalty)

# %% [markdown]
# Third: **dropout**. At every training step each hidden value is set to 0 with probability p. No neuron can count on any other one being there, so memories that need ten neurons at once do not form. What survives is divided by 1 − p, so that the sum stays the same on average and *nothing needs to be done at test time*.

# %% [markdown]
# ### 05.dropout_forward · Dropout, forwards and backwards
#
# ●●○ · about 12 minutes · 2 points · cheap and strong; still in every Transformer
#
# `dropout_forward(x, p_drop, train, rng)` → (out, cache): each **element** of x (any shape) is 0 with probability `p_drop`, 0 ≤ p_drop < 1, and multiplied by 1 / (1 − p_drop) otherwise. With `train=False` out is x. `dropout_backward(dout, cache)` → dx, through the same mask and scale (and unchanged in test mode).
#
# *Stuck? `hint("05.dropout_forward")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-dropout_forward", "locked": false, "schema_version": 3, "solution": true}
def dropout_forward(x, p_drop, train, rng):
    """Set each element of x to 0 with probability p_drop, scale up the rest; the identity in test mode. Returns (out, cache)."""
    ### BEGIN SOLUTION
    if not train:
        return x, 1.0
    mask = (rng.random(x.shape) >= p_drop) / (1 - p_drop)
    return x * mask, mask
    ### END SOLUTION


def dropout_backward(dout, cache):
    """Pass the gradient through the mask of the forward pass."""
    ### BEGIN SOLUTION
    return dout * cache
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-dropout_forward-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("05.dropout_forward", dropout_forward, dropout_backward)

# %% [markdown]
# Fourth: stop where the validation loss is lowest. Nobody knows that it *was* the lowest before a few more steps have passed without a lower one. So wait patiently, but not for ever.

# %% [markdown]
# ### 05.EarlyStopping · Early stopping
#
# ●○○ · about 10 minutes · 1 point · saves time and weights
#
# Write the class. `EarlyStopping(patience, min_delta=0.0)`; `.update(loss)` returns True when training should stop. An improvement is loss < best − min_delta; the first loss counts as one. Stop at the `patience`-th update **in a row** without an improvement. `.best` is the loss of the last improvement.
#
# *Stuck? `hint("05.EarlyStopping")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-EarlyStopping", "locked": false, "schema_version": 3, "solution": true}
class EarlyStopping:
    """Say when the loss has not improved for `patience` updates in a row."""

    def __init__(self, patience, min_delta=0.0):
        ### BEGIN SOLUTION
        self.patience, self.min_delta = patience, min_delta
        self.best, self.bad = float("inf"), 0
        ### END SOLUTION

    def update(self, loss):
        """Take the newest loss; return True to stop."""
        ### BEGIN SOLUTION
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience
        ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-EarlyStopping-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.EarlyStopping", EarlyStopping)

# %% [markdown]
# Fifth: **augmentation**. A 7 moved by one pixel is still a 7. So show the network a slightly moved copy each time; it has never seen the same image twice and can hardly learn one by heart.
#
# **Predict, then run.** The same over-fitted network, six times. Write down your order, from best to worst, on held-out digits. And where will logistic regression stand, trained on the same 120?

# %%
def moved_a_little(x, rng):
    """Each 8×8 image shifted by −1, 0 or 1 pixel in each direction; a change that keeps the label."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    corners = rng.integers(0, 3, size=(len(x), 2))
    return np.stack([image[i : i + 8, j : j + 8].ravel() for image, (i, j) in zip(padded, corners, strict=True)])


with needs("05.l2_penalty", "05.l1_penalty", "05.dropout_forward", "05.EarlyStopping"):
    remedies = {  # each makes its plugs anew: a stopper remembers
        "nothing": lambda: {},
        "L2, λ = 0.01": lambda: {"penalty": lambda p: l2_penalty(p, 0.01)},
        "L1, λ = 0.001": lambda: {"penalty": lambda p: l1_penalty(p, 0.001)},
        "dropout, p = ½": lambda: {"drop": (0.5, dropout_forward, dropout_backward)},
        "early stopping": lambda: {"stop": EarlyStopping(patience=6)},
        "moved copies": lambda: {"change": moved_a_little},
    }
    runs = {name: [overfit(seed, **plugs()) for seed in range(4)] for name, plugs in remedies.items()}
    fig, axes = plt.subplots(2, 3, figsize=(10, 4.6), sharex=True, sharey=True)
    for ax, (name, results) in zip(axes.flat, runs.items(), strict=True):
        ax.plot(*results[0][1][:, :2].T, "k--", label="training")
        ax.plot(*results[0][1][:, ::2].T, "C1-", label="validation")
        ax.set(title=name, xlim=(0, 300), ylim=(0, 2.2), xlabel="step", ylabel="loss (nats)")
        ax.label_outer()
    axes[0, 0].legend(fontsize=8)
    fig.tight_layout()
    plt.show()

    print("held-out digits right, four draws of 120       weights below 0.01 in the first layer")
    for name, results in runs.items():
        reached = [right(params, digits.x_test, digits.y_test) for params, _ in results]
        small = np.mean([np.mean(np.abs(params[0][0]) < 0.01) for params, _ in results])
        print(f"{name:22} {np.mean(reached):6.1%} ± {np.std(reached):.1%}                  {small:6.0%}")
    simple = [LogisticRegression(max_iter=2000).fit(*few_digits(seed)[:2]).score(digits.x_test, digits.y_test) for seed in range(4)]
    print(f"logistic regression    {np.mean(simple):6.1%} ± {np.std(simple):.1%}")

# %% [markdown]
# *How to read this:* each panel is one remedy on the first of four draws. Look at the gap between the two lines, and at whether the solid one still climbs. The table is about all four draws; ± is their spread.
#
# Each remedy works through another door. L2 keeps all weights small, and with them the certainty. Early stopping is cheapest of all. Dropout and moved copies slow the learning by heart down. (Moved copies need *knowledge*: that a moved 7 is a 7. What would a mirrored one be?) L1 empties the network, nearly every weight is 0, and **does not help here**: it bets that few pixels matter, and in digits many matter a little.
#
# And the honest last line: with 120 digits, plain logistic regression is as good as the best of them.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** A colleague tries forty settings of λ and p, keeps the one with the best validation accuracy, 91.3 %, and reports that number. What is wrong with it?
#
# <details><summary>Answer</summary>
#
# It was *chosen* for being high, so part of it is luck: the best of forty noisy numbers. The validation set has become part of training. Keep a test set that is used once, after every choice has been made.
#
# </details>

# %% [markdown]
# ## 4 · An honest split
#
# Everything above rests on data set aside. With rare classes a careless split goes wrong: draw 20 % of 100 patients, 5 of them sick, and in a third of all draws not a single sick one is in the test set. (0.8⁵ ≈ 0.33.) A **stratified** split draws from each class by itself.

# %% [markdown]
# ### 05.stratified_split · A stratified split
#
# ●○○ · about 8 minutes · 1 point · before every honest number
#
# Write `stratified_split(y, test_fraction, rng)` → (train indices, test indices): two arrays of row numbers. Each class has its share `test_fraction` in the test set, to within one row; no row is in both, none is lost. Labels may be anything that NumPy can compare: numbers, negative ones, words. Which rows are drawn is decided by `rng`.
#
# *Stuck? `hint("05.stratified_split")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-stratified_split", "locked": false, "schema_version": 3, "solution": true}
def stratified_split(y, test_fraction, rng):
    """Row numbers for training and for testing, every class in the same share. y: (N,) labels of any kind."""
    ### BEGIN SOLUTION
    train, test = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        n = round(len(rows) * test_fraction)
        test.append(rows[:n])
        train.append(rows[n:])
    return np.concatenate(train), np.concatenate(test)
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-stratified_split-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.stratified_split", stratified_split)

# %% [markdown]
# ## 5 · One number is not enough
#
# Here is a disease that 3 in 100 have. Two measurements, somewhat higher in the sick. A classifier reports **97 % accuracy**. Before you buy it:

# %%
def patients(n, rng, rare=0.03):
    """n people with two measurements, (n, 2), and whether they are sick, (n,)."""
    y = (rng.random(n) < rare).astype(int)
    y[:2] = [0, 1]
    return rng.normal(size=(n, 2)) + y[:, None] * np.array([1.6, 1.0]), y


x_people, y_people = patients(3000, np.random.default_rng(0))
x_others, y_others = patients(20_000, np.random.default_rng(1))
screening, _ = train_network(x_people, y_people, [], np.random.default_rng(0), plain_init, steps=200, lr=0.05)
risk = softmax(logits_of(screening, x_others))[:, 1]
print(f"accuracy of the network       {np.mean((risk > 0.5) == y_others):.1%}")
print(f"accuracy of 'all are healthy' {np.mean(y_others == 0):.1%}")

# %% [markdown]
# Two questions say more. Of those we called sick, how many are? That is **precision**. Of those who are sick, how many did we find? **Recall**. And F1, their harmonic mean, is low as soon as one of them is:
#
# $$P = \frac{TP}{TP + FP}, \qquad R = \frac{TP}{TP + FN}, \qquad F_1 = \frac{2PR}{P + R}$$

# %% [markdown]
# ### 05.precision_recall_f1 · Precision, recall and F1
#
# ●○○ · about 8 minutes · 1 point · whenever one class matters more
#
# Write `precision_recall_f1(y_true, y_pred)` → three floats. Both arrays are (N,) of 0 and 1; 1 is the positive class. Where a fraction would be 0 / 0, the value is 0.
#
# *Stuck? `hint("05.precision_recall_f1")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-precision_recall_f1", "locked": false, "schema_version": 3, "solution": true}
def precision_recall_f1(y_true, y_pred):
    """Precision, recall and F1 of class 1, three floats; 0 where nothing can be divided. Inputs: (N,) of 0 and 1."""
    ### BEGIN SOLUTION
    tp = np.sum((y_true == 1) & (y_pred == 1))
    called, true = np.sum(y_pred == 1), np.sum(y_true == 1)
    p = tp / called if called else 0.0
    r = tp / true if true else 0.0
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return float(p), float(r), float(f1)
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-precision_recall_f1-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.precision_recall_f1", precision_recall_f1)

# %% [markdown]
# All three need a threshold: who is called sick, everyone above ½? There is a number that does not. Take a random sick person and a random healthy one. **How often does the sick one have the higher score?** That share has a name, the AUC: 1 is perfect, ½ is tossing a coin. (It is short for *area under the curve*, namely under the ROC curve, which you will see right after the exercise. You do not need it to compute the share.)

# %% [markdown]
# ### 05.roc_auc · Area under the ROC curve
#
# ●●○ · about 12 minutes · 2 points · the standard measure of a ranking
#
# Write `roc_auc(y_true, score)` → float: the share of (sick, healthy) pairs in which the sick one scores higher, a tie counting one half. `y_true` is (N,) of 0 and 1 with both present, `score` (N,) any numbers.
#
# *Stuck? `hint("05.roc_auc")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-roc_auc", "locked": false, "schema_version": 3, "solution": true}
def roc_auc(y_true, score):
    """Share of pairs (one of class 1, one of class 0) ranked rightly; ties count one half. Returns a float."""
    ### BEGIN SOLUTION
    d = score[y_true == 1][:, None] - score[y_true == 0]
    return float((d > 0).mean() + 0.5 * (d == 0).mean())
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-roc_auc-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("05.roc_auc", roc_auc)

# %% [markdown]
# **Predict, then run.** Where must the threshold lie so that four in five of the sick are found? How many healthy people are then alarmed for each sick one? Move the slider (mouse, or Tab and arrow keys).

# %%
from dlcourse_utils.widgets.threshold import threshold_explorer

display(threshold_explorer(y_others, risk))

# %% [markdown]
# *How to read this:* left, the scores of both groups on a log scale; all to the right of the dashed line are called sick. Right, the ROC curve: what share of the sick is found, for what share of the healthy alarmed. The slider runs along that curve. It never leaves it, and the area below it does not change. The threshold ½ is no law of nature. It is right only if a missed patient and a false alarm are equally bad.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/threshold_explorer.png" alt="Two histograms of scores with a dashed threshold between them, and a ROC curve with the point that belongs to it."></details>
#
# ## 6 · Rare classes
#
# Suppose that they are not: a missed patient is far worse. Three remedies are in everybody's mouth. Move the threshold, as you just did. Give rare samples more **weight** in the loss. Or **oversample**: repeat them until the classes are equal.

# %% [markdown]
# ### 05.class_weights · Class weights
#
# ●○○ · about 4 minutes · 1 point · one line, used everywhere
#
# Write `class_weights(y)` → (K,) array, one weight per class in sorted order: N / (K · n_c), where n_c counts class c. With equal classes every weight is 1.
#
# *Stuck? `hint("05.class_weights")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-class_weights", "locked": false, "schema_version": 3, "solution": true}
def class_weights(y):
    """N / (K * n_c) for each class c in sorted order: an array (K,). y: (N,) labels."""
    ### BEGIN SOLUTION
    classes, n = np.unique(y, return_counts=True)
    return len(y) / (len(classes) * n)
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-class_weights-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.class_weights", class_weights)

# %% [markdown]
# ### 05.weighted_cross_entropy · Weighted cross-entropy
#
# ●○○ · about 7 minutes · 1 point · as PyTorch weighs its loss
#
# Write `weighted_cross_entropy(logits, labels, weights)` → float. `weights` is (K,), one per class; a sample weighs as much as its true class. The result is a weighted *mean*: Σ w·loss / Σ w over the samples. Logits may lie near 1000.
#
# *Stuck? `hint("05.weighted_cross_entropy")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-weighted_cross_entropy", "locked": false, "schema_version": 3, "solution": true}
def weighted_cross_entropy(logits, labels, weights):
    """Weighted mean of the samples' cross-entropies. logits (N, K), labels (N,), weights (K,). Returns a float."""
    ### BEGIN SOLUTION
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    losses = -logp[np.arange(len(labels)), labels]
    w = weights[labels]
    return float((w * losses).sum() / w.sum())
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-weighted_cross_entropy-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.weighted_cross_entropy", weighted_cross_entropy)

# %% [markdown]
# ### 05.oversample · Oversampling
#
# ●○○ · about 8 minutes · 1 point · works with any model, needs no change in the loss
#
# Write `oversample(x, y, rng)` → (x, y): every class grows to the size of the largest by rows drawn (with `rng`) from that class itself. All originals stay, each row keeps its label; the order is yours. `x` is (N, …). Do this to *training* data only, after the split: a copy of a test patient in training would be a leak.
#
# *Stuck? `hint("05.oversample")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-oversample", "locked": false, "schema_version": 3, "solution": true}
def oversample(x, y, rng):
    """Repeat rows of the smaller classes until all are as large as the largest. Returns new (x, y)."""
    ### BEGIN SOLUTION
    classes, n = np.unique(y, return_counts=True)
    rows = [np.arange(len(y))]
    for c, count in zip(classes, n, strict=True):
        rows.append(rng.choice(np.flatnonzero(y == c), size=n.max() - count))
    rows = np.concatenate(rows)
    return x[rows], y[rows]
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-oversample-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("05.oversample", oversample)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "More data fixes imbalance."
#
# **Predict, then run.** We train on 300, 3,000 and 30,000 people, 3 % of them sick each time, and test on the same 20,000. Without a remedy, will recall rise with a hundred times the data? Which remedies raise recall, what do they cost in precision, and which of them raises the *AUC*?

# %%
with needs("05.class_weights", "05.oversample", "05.precision_recall_f1", "05.roc_auc"):
    lines = ["  people  remedy            precision  recall   AUC"]
    for n in (300, 3_000, 30_000):
        x, y = patients(n, np.random.default_rng(n))
        rows = {"none": (x, y, None, 0.5), "threshold 0.03": (x, y, None, 0.03), "class weights": (x, y, class_weights(y), 0.5)}
        rows["oversampling"] = (*oversample(x, y, np.random.default_rng(0)), None, 0.5)
        for name, (x_used, y_used, weights, threshold) in rows.items():
            if n == 30_000 and name == "oversampling":
                continue  # 58,000 rows that say the same as the weights
            model, _ = train_network(x_used, y_used, [], np.random.default_rng(0), plain_init, steps=150, lr=0.05, weights=weights)
            score = softmax(logits_of(model, x_others))[:, 1]
            p, r, _ = precision_recall_f1(y_others, (score > threshold).astype(int))
            lines.append(f"{n:8,}  {name:16} {p:9.2f} {r:8.2f}  {roc_auc(y_others, score):.3f}")
    print("\n".join(lines))

# %% [markdown]
# A hundred times the data, and recall without a remedy does not rise. It cannot: for almost every person "healthy" *is* the more probable answer, and more data only make the network surer of it.
#
# All three remedies find most of the sick, all pay with false alarms, and **none changes the AUC**: they slide along the same curve, and add no knowledge. The cheapest, moving the threshold, does it after training and can be undone. What *would* raise the AUC is another measurement, or more of the *rare* cases when there are only a handful.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** After training with class weights, the network gives someone a "probability" of 0.6. Does that mean that six in ten such people are sick?
#
# <details><summary>Answer</summary>
#
# No. Weights and oversampling tell the network that the disease is as common as health, so its outputs are far too high as probabilities. If people will read them as such, train without weights and move the threshold.
#
# </details>

# %% [markdown]
# ## 7 · Gaps
#
# Now to the real table: 303 patients of a clinic, thirteen columns of different kinds, and the question whether a coronary artery is narrowed.

# %%
heart = load_heart_disease()
for name, column in heart.columns.items():
    missing = np.isnan(column) if column.dtype.kind == "f" else column == "?"
    print(f"{name:16} {', '.join(map(str, column[[0, 1, 2, 87]])):64.64} {missing.sum() or ''}{' missing' if missing.any() else ''}")
print(f"\nas numbers: x {heart.x.shape}, y {heart.y.shape}, {heart.y.mean():.0%} with a narrowed artery")

# %% [markdown]
# Each line shows four patients. Years beside words beside counts, and six gaps. `heart.x` holds the same as numbers: every category has become columns of 0 and 1, and a gap is NaN. A gap can be filled with something typical. That makes up data, so one also says *where*: an **indicator** column, 1 where the value was missing.

# %% [markdown]
# ### 05.impute · Fill the gaps, and say where they were
#
# ●●○ · about 15 minutes · 2 points · before any table meets a network
#
# Write `impute(train, test, strategy)` → (train, test), new float arrays. Each NaN is replaced by its column's `"mean"`, `"median"` or `"most_frequent"` value (the smallest on a tie), computed **from train alone**. Behind the columns come the indicators: one 0/1 column for each feature that has gaps *in train*, in both sets. A test gap in any other column is filled, and gets no indicator.
#
# *Stuck? `hint("05.impute")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-impute", "locked": false, "schema_version": 3, "solution": true}
def impute(train, test, strategy):
    """Fill NaN from train's columns, append 0/1 indicators: (N, D) and (M, D) to (N, D + G) and (M, D + G), G features with gaps in train."""
    ### BEGIN SOLUTION
    if strategy == "mean":
        values = np.nanmean(train, axis=0)
    elif strategy == "median":
        values = np.nanmedian(train, axis=0)
    else:
        values = np.zeros(train.shape[1])
        for j, column in enumerate(train.T):
            seen, count = np.unique(column[~np.isnan(column)], return_counts=True)
            values[j] = seen[count.argmax()]
    has_gaps = np.isnan(train).any(axis=0)

    def fill(x):
        return np.hstack([np.where(np.isnan(x), values, x), np.isnan(x)[:, has_gaps]])

    return fill(train), fill(test)
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-impute-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("05.impute", impute)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Missing values can just be dropped."
#
# Six gaps hardly matter, so let us make more. The exercise test (six columns of ours) was not done for four in ten patients. In one world that is *chance*. In the other, doctors spare those who look ill: seven in ten of the sick have no test, one in ten of the healthy.
#
# **Predict, then run.** For both worlds: how well does each remedy do, by AUC over **all** patients? (Whoever is dropped gets the training patients' share of sick ones as an answer, since there is no other.) Will any remedy beat the complete table?

# %%
def with_gaps(by_chance, rng):
    """The table of patients without the exercise test for some of them."""
    skipped = rng.random(303) < (0.4 if by_chance else np.where(heart.y == 1, 0.7, 0.1))
    test_columns = [i for i, name in enumerate(heart.names) if name in ("max_heart_rate", "exercise_angina", "st_depression") or name.startswith("st_slope")]
    x = heart.x.copy()
    x[np.ix_(skipped, test_columns)] = np.nan
    return x


def logistic_risk(train, y, test):
    """Scaled logistic regression, the quick and honest baseline."""
    mean, std = train.mean(0), train.std(0)
    std = np.where(std > 0, std, 1)
    return LogisticRegression(C=0.3, max_iter=500).fit((train - mean) / std, y).predict_proba((test - mean) / std)[:, 1]


with needs("05.stratified_split", "05.impute", "05.roc_auc"):
    table = {}
    for world, by_chance in (("by chance", True), ("the sick are spared", False)):
        for seed in range(12):
            rng = np.random.default_rng(seed)
            x = with_gaps(by_chance, rng)
            train, test = stratified_split(heart.y, 0.25, rng)
            y_train, y_test = heart.y[train], heart.y[test]
            whole, whole_test = ~np.isnan(x[train]).any(axis=1), ~np.isnan(x[test]).any(axis=1)
            dropped = np.full(len(test), y_train.mean())
            dropped[whole_test] = logistic_risk(x[train][whole], y_train[whole], x[test][whole_test])
            filled, filled_test = impute(x[train], x[test], "median")
            full, full_test = impute(heart.x[train], heart.x[test], "median")
            scores = {
                "patients with gaps dropped": dropped,
                "median, no indicators": logistic_risk(filled[:, :22], y_train, filled_test[:, :22]),
                "median and indicators": logistic_risk(filled, y_train, filled_test),
                "the complete table": logistic_risk(full, y_train, full_test),
            }
            for name, score in scores.items():
                table.setdefault(name, {}).setdefault(world, []).append(roc_auc(y_test, score))
    print(f"{'AUC over all patients':28} {'by chance':>16} {'the sick are spared':>22}")
    for name, worlds in table.items():
        print(f"{name:28}" + "".join(f"{np.mean(v):12.3f} ± {np.std(v):.3f}" for v in worlds.values()))

# %% [markdown]
# Each number is a mean over twelve splits, ± their spread.
#
# Dropping is worst by far in the world of chance, simply because four in ten patients get no answer. Filling with the median is nearly as good as having the data. In the other world the *indicator* is worth more than the test itself: it beats the complete table, since "was not tested" says "looked ill to the doctor". Two warnings go with that. The gain holds only as long as the doctors keep their habit. And nothing in the table tells you *which* world you live in; ask the people who made it.

# %% [markdown]
# ## 8 · Milestone: a diagnosis
#
# One split of 303 patients leaves sixty to test on, and a few lucky ones change the result by points. **Cross-validation** gives everyone a turn: cut the patients into five stratified folds, train on four, test on the fifth, five times. The baseline to reach, logistic regression, over three draws of the folds:

# %%
from sklearn.impute import SimpleImputer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

logistic = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(max_iter=500))


def cross_validate(predict, seeds=(0, 1, 2)):
    """Mean AUC and share right at ½ over five stratified folds, for each draw of the folds: (seeds, 2)."""
    results = []
    for seed in seeds:
        folds = []
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(heart.x, heart.y):
            risk = np.ravel(predict(heart.x[train], heart.y[train], heart.x[test], np.random.default_rng(seed)))
            folds.append((roc_auc_score(heart.y[test], risk), np.mean((risk >= 0.5) == heart.y[test])))
        results.append(np.mean(folds, axis=0))
    return np.array(results)


def report(name, results):
    """Print mean and spread over the draws."""
    (auc, share), spread = results.mean(axis=0), results.std(axis=0)
    print(f"{name:34} AUC {auc:.3f} ± {spread[0]:.3f}    right {share:.1%} ± {spread[1]:.1%}")


report("logistic regression", cross_validate(lambda x, y, x_test, rng: logistic.fit(x, y).predict_proba(x_test)[:, 1]))
print(f"{'everybody is healthy':34} AUC 0.500            right {np.mean(heart.y == 0):.1%}")

# %% [markdown]
# ### 05.milestone_heart · Milestone: a diagnosis from an imperfect table
#
# ●●● · about 40 minutes · 3 points · everything in this chapter, on real patients
#
# Write `predict_risk(x_train, y_train, x_test, rng)` → (M,) probabilities of a narrowed artery, between 0 and 1. `x_train` is (N, 22) and `x_test` (M, 22), both with NaN, in units as they came; `rng` is the only source of chance. Learn **everything** from the training patients: values to fill in, means and spreads, the network. A patient's answer must not depend on who else is being asked about, and a gap may turn up in any column.
#
# **To reach**, in five-fold cross-validation: a mean AUC of **0.87** and **77 %** right at ½. `train_network` from the top of this page is at your service. Be warned: a network that nothing holds in check stays *below* that line.
#
# *Stuck? `hint("05.milestone_heart")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "05-milestone_heart", "locked": false, "schema_version": 3, "solution": true}
def predict_risk(x_train, y_train, x_test, rng):
    """Risk of a narrowed artery, (M,) probabilities. x_train: (N, 22) and x_test: (M, 22) with NaN; y_train: (N,) of 0 and 1."""
    ### BEGIN SOLUTION
    train, test = impute(x_train, x_test, "median")
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std > 0, std, 1)  # an indicator may be constant
    train, test = (train - mean) / std, (test - mean) / std
    params, _ = train_network(train, y_train, [16], rng, he_init, steps=200, penalty=lambda p: l2_penalty(p, 0.05))
    return softmax(logits_of(params, test))[:, 1]
    ### END SOLUTION
# %% nbgrader={"grade": true, "grade_id": "05-milestone_heart-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("05.milestone_heart", predict_risk)

# %% [markdown]
# **Predict, then run.** Your network beside logistic regression, over three draws of the folds; and a network of 16 hidden units that nothing holds in check. In which order will they come?

# %%
with needs("05.milestone_heart", "05.impute", "05.he_init"):
    def no_penalty(x_train, y_train, x_test, rng):
        train, test = impute(x_train, x_test, strategy="median")
        mean, std = train.mean(axis=0), np.where(train.std(axis=0) > 0, train.std(axis=0), 1)
        params, _ = train_network((train - mean) / std, y_train, [16], rng, he_init, steps=300)
        return softmax(logits_of(params, (test - mean) / std))[:, 1]

    report("your network", cross_validate(predict_risk))
    report("logistic regression", cross_validate(lambda x, y, x_test, rng: logistic.fit(x, y).predict_proba(x_test)[:, 1]))
    report("16 hidden units, no penalty", cross_validate(no_penalty))

# %% [markdown]
# A network that is held in check comes close to logistic regression, within a point or two; one that is not falls behind it by more than any optimizer could make up. It does not *beat* logistic regression: 303 patients hold no more than that. Reporting so is part of the craft. Neural networks earn their keep where features have to be found, in pixels, sounds and words. That is where the course goes next. (And this is an exercise, not medicine: one clinic, 1988, mostly men.)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** Someone standardises all 303 patients first and then cross-validates. The AUC rises by 0.002. Is it harmless?
#
# <details><summary>Answer</summary>
#
# It is a leak: the held-out patients have helped to set the scale. With means of columns the effect is tiny. With anything that looks at labels, such as choosing the best features on all patients first, the same habit can turn pure noise into an AUC of 0.9. So put *every* step that learns anything inside the fold.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | trouble | how it shows | what helps |
# |---|---|---|
# | a dead start | the loss sits at log K, or in the hundreds | He or Xavier, normalisation |
# | learned by heart | training and validation part | L2, L1, dropout, stopping, moved copies, or a simpler model |
# | rare classes | high accuracy, low recall | AUC to compare, a threshold to decide |
# | gaps | NaN, or patients without an answer | fill from training data, say where, ask why |
# | a flattering number | chosen on the data it is reported on | stratified folds, a baseline, a spread |
#
# And one habit: before you believe a number, ask *who could have seen what*. Next, in [chapter 06](../06_pytorch/06_pytorch.ipynb), a library takes over the gradients, and you will know what it does.

# %% [markdown]
# ## Go further
#
# - X. Glorot, Y. Bengio, [*Understanding the difficulty of training deep feedforward neural networks*](https://proceedings.mlr.press/v9/glorot10a.html), 2010, and K. He et al., [*Delving deep into rectifiers*](https://arxiv.org/abs/1502.01852), 2015: section 1.
# - S. Ioffe, C. Szegedy, [*Batch normalization*](https://arxiv.org/abs/1502.03167), 2015; S. Santurkar et al., [*How does batch normalization help optimization?*](https://arxiv.org/abs/1805.11604), 2018, which tests the explanation that the first one gives.
# - N. Srivastava et al., [*Dropout*](https://jmlr.org/papers/v15/srivastava14a.html), JMLR 2014.
# - T. Hastie, R. Tibshirani, J. Friedman, [*The elements of statistical learning*](https://hastie.su.domains/ElemStatLearn/), section 7.10: the right and the wrong way to do cross-validation.
# - S. van Buuren, [*Flexible imputation of missing data*](https://stefvanbuuren.name/fimd/), chapter 1: by chance or not, with names for each.
