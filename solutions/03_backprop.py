# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · Backprop
# **The question of this chapter: a network with 2,410 weights misreads a digit. Which of the weights are to blame, and by how much?**
#
# In chapter 02 a network answered, and a loss said how wrong it was. Nothing was learned. Here it learns. By the end you will have written the method that trains every network in use today: first for single numbers, then for whole matrices, and then your own network will read digits that nobody has shown it.
#
# Plan for five to six hours, in as many sittings as you like. This is the heart of the course, so take the time. Every exercise can be skipped and picked up later. The first cell brings back the network of chapter 02, with random weights, and its loss. Symbols are on the [notation page](../notation.ipynb). When even the last hint does not help, all answers are in the course's `solutions/` folder.

# %%
import timeit
from itertools import pairwise
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_digits_split, load_mnist5k
plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False, "figure.constrained_layout.use": True})
digits = load_digits_split(seed=0)
x_train, y_train = digits.x_train, digits.y_train  # (1437, 64) pixels in [0, 1], (1437,) digits
x_test, y_test = digits.x_test, digits.y_test  # (360, 64), (360,): held out, only for measuring

def random_network(sizes, rng):
    """One (w, b) per layer: w (in, out), scaled so that signals keep their size; b all zeros."""
    return [(rng.normal(size=(m, n)) * np.sqrt(2 / m), np.zeros(n)) for m, n in pairwise(sizes)]

def loss_of(params, x, labels):
    """Mean cross-entropy of a two-layer network, as in chapter 02. x (N, D), labels (N,)."""
    (w1, b1), (w2, b2) = params
    logits = np.maximum(x @ w1 + b1, 0) @ w2 + b2  # (N, 10)
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()

network = random_network([64, 32, 10], np.random.default_rng(0))
x_some, y_some = x_train[:200], y_train[:200]
print("weights and biases:", sum(w.size + b.size for w, b in network))
print(f"loss: {loss_of(network, x_some, y_some):.3f}   (blind guessing: {np.log(10):.3f})")

# %% [markdown]
# How should the weights change? There is a way that needs no mathematics at all: **wiggle**. Move one weight up by a hair and look at the loss. Move it down by a hair and look again. The difference, divided by the distance, is the *slope* of the loss in that weight. A positive slope says: this weight should go down.
#
# Do that for every weight, then move all of them a little downhill.

# %% [markdown]
# **Predict, then run.** The network has 2,410 weights and biases. How many times must the loss be computed to wiggle each of them once, up and down? And will one single step downhill help visibly? Write down two answers.

# %%
def wiggle_slopes(params, loss, h=1e-5):
    """Measure the slope of loss() in every weight. Returns a list of (dw, db), shaped like params."""
    slopes = [(np.zeros_like(w), np.zeros_like(b)) for w, b in params]
    for pair, pair_slopes in zip(params, slopes, strict=True):
        for array, slope in zip(pair, pair_slopes, strict=True):
            for i in np.ndindex(array.shape):
                old = array[i]
                array[i] = old + h
                up = loss()
                array[i] = old - h
                slope[i] = (up - loss()) / (2 * h)
                array[i] = old
    return slopes

start = timeit.default_timer()
wiggled = wiggle_slopes(network, lambda: loss_of(network, x_some, y_some))
wiggle_seconds = timeit.default_timer() - start
moved = [(w - 0.5 * dw, b - 0.5 * db) for (w, b), (dw, db) in zip(network, wiggled, strict=True)]
print(f"loss before {loss_of(network, x_some, y_some):.3f}, after one step {loss_of(moved, x_some, y_some):.3f}")
print(f"price of this one step: {2 * sum(w.size + b.size for w, b in network):,} forward passes, {wiggle_seconds:.2f} seconds")

# %% [markdown]
# It works! One step, and the loss has dropped by a good piece. **Learning is nothing more than this: know the slopes, step downhill, repeat.**
#
# The trouble is the price. Training takes thousands of steps, and even this tiny network would need the better part of an hour. A language model with 10¹¹ weights would need 2 · 10¹¹ passes through itself for *one* step. Yet such models are trained, and one step costs them about as much as *three* passes.
#
# The same slopes, all of them, for the price of three passes: that is backpropagation. Keep `wiggled` and `wiggle_seconds`: at the end we will put your own method beside them.

# %% [markdown]
# ## 1 · A chain
# Start with the smallest thing that has a slope: one weight, three steps, one loss.
#
# $$u = 3\,w \qquad e = u - 4 \qquad L = e^2$$
#
# Read it as a story: an input of 3 is multiplied by the weight w, the target 4 is subtracted, and the error is squared. At w = 2 we get u = 6, e = 2 and L = 4.

# %% [markdown]
# **Predict, then run.** We nudge w from 2 to 2.001. How far will u move? How far e? How far L? Write down three numbers before you look.

# %%
w = np.array([2.0, 2.001])  # before and after the nudge
u = 3 * w
e = u - 4
L = e**2
for name, (before, after) in {"w": w, "u": u, "e": e, "L": L}.items():
    print(f"{name} moves by {after - before:.6f}")

# %% [markdown]
# Each step stretches the nudge by a factor of its own: 3, then 1, then 4. The factors multiply, so L moves 12 times as far as w.
#
# $$\frac{dL}{dw} = \underbrace{\frac{dL}{de}}_{2e \,=\, 4} \cdot \underbrace{\frac{de}{du}}_{1} \cdot \underbrace{\frac{du}{dw}}_{3} = 12$$
#
# This is the **chain rule**, and the half-remembered calculus you need is now complete. (Why 0.012009 and not 0.012? The nudge was small, but not infinitely small.)
#
# Each factor is a **local slope**: it belongs to one operation and can be known without looking at the rest. For L = e², the local slope is 2e, whatever comes before e.

# %%
from dlcourse_utils.gradients.value_graph import trace
from dlcourse_utils.gradients.value_graph_figure import draw_value_graph

chain_graph = trace(lambda w: (((w * 3).named("u") - 4).named("e") ** 2).named("L"), w=2.0)
draw_value_graph(chain_graph)
plt.show()

# %% [markdown]
# *How to read this:* left to right is the **forward pass**; each box holds a number and the operation that made it. `grad` is the slope of L with respect to that box: how many times as far L moves as this number does. Read the grads from right to left: 1, then 1 · 4, then 4 · 1, then 4 · 3.
#
# Why from the right? From the left you would have to start anew for every weight. From the right, **one walk serves them all**: a box only has to know its own grad, whatever lies behind it. What a box receives from its consumer is called the **upstream gradient**, and it passes on
#
# $$\text{upstream gradient} \times \text{local slope}.$$

# %% [markdown]
# ## 2 · A graph
# Chains are too simple: in a network every number is used many times. Take the smallest such case, in which a is used twice:
#
# $$L = a \cdot b + a \qquad\text{at } a = 2,\; b = -3$$

# %% [markdown]
# **Predict, then run.** Is the slope of L in a equal to b = −3, because of the product? Is it 1, because of the sum? Or something else? Write down a number and a reason.

# %%
h = 1e-5
up, down = (2 + h) * -3 + (2 + h), (2 - h) * -3 + (2 - h)
print("measured slope in a:", round((up - down) / (2 * h), 6))

# %% [markdown]
# −2, which is −3 **plus** 1. When a moves, it pushes on L along two paths at the same time, and the two effects add up.
#
# > **The one rule of backprop.** A number's gradient is the *sum*, over everyone who used it, of upstream gradient × local slope.
#
# $$\frac{\partial L}{\partial a} = \sum_{\text{users } v \text{ of } a} \frac{\partial L}{\partial v} \cdot \frac{\partial v}{\partial a}$$
#
# One question is left: in which order?

# %% [markdown]
# **Predict, then run.** Below is a graph with a shortcut: y goes into L directly, and also on a detour through z. Click *next share* and watch single shares of gradient travel. Before each click, say which arrow will light up and how much will be sent, or type it into the field and be told. The important one: the first share reaches y at once. **Why does y not pass it on to a and b straight away?**

# %%
from dlcourse_utils.widgets.backprop_stepper import backprop_stepper

def shortcut(a, b, c):
    y = (a * b).named("y")
    z = (3 * y + c).named("z")
    return (y * z).named("L")

backprop_stepper(shortcut, a=2.0, b=-1.5, c=1.0)

# %% [markdown]
# *How to read this:* the bold arrow carries the newest share and the number on it says how much; the thick box has just received it. `grad ?` means that nothing has arrived yet. The sentence below says the same in words.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/backprop_stepper.png" alt="A graph of six boxes in the middle of the backward pass; a bold arrow carries the share −3 from z to c."></details>
#
# y had to **wait**. It first received −8, by the direct way. Had it told a and b at once, they would never have heard of the −9 that came later by the detour. So: *a node speaks only when all of its consumers have spoken.* An order with this property is called a **topological order**, and it is easy to get: list every node *after* its inputs, then read the list backwards.

# %% [markdown]
# To run this on any formula, all that is missing is a table of local slopes. It is short:
#
# | operation | local slopes | in words |
# |---|---|---|
# | u + v | 1 for u, 1 for v | copies the gradient to both |
# | u · v | v for u, u for v | each gets the *other's* value |
# | uⁿ | n · uⁿ⁻¹ | |
# | exp u | exp u | its own output |
# | log u | 1 / u | |
# | tanh u | 1 − tanh² u | from its output |
# | relu u | 1 if u > 0, else 0 | an open or closed gate |
#
# Minus and division need no rows of their own: u − v is u + (−1) · v, and u / v is u · v⁻¹. Only a power with the unknown on top, uᵛ, adds one slope: for v it is uᵛ · log u.

# %% [markdown]
# ## 3 · A number that remembers
# Now make Python do the book-keeping. The idea is a class `Value` that holds a number and **remembers how it was made**. Writing `a * b + a` with Values computes the result as usual, and quietly builds the graph. Calling `.backward()` on the result walks it from the end.
#
# Python lets a class say what `+` and `*` mean: for `v - 2` it calls `v.__sub__(2)`. One detail trips up nearly everyone. In `2 - v` the plain number stands on the left and does not know Values, so Python asks v instead, with an *r* for "reflected": `v.__rsub__(2)`. **Inside it, `self` is v, `other` is 2, and the answer must still be 2 − v.** For + and · the sides don't matter; for −, / and ** they do.

# %% [markdown]
# ### 03.Value · A number that remembers
# ●●● · about 75 minutes · 3 points · the idea inside PyTorch, JAX and TensorFlow, in sixty lines
#
# Complete the class. `__add__` shows the pattern: compute the result, and store for each input the pair (node, local slope). (You may store something else, as long as `Value(3.0)`, `.data`, `.grad` and `.backward()` work.)
#
# - `+ - * / **` with a Value or a plain number on either side. `v ** 3` must work for a negative v; a Value *as exponent* is only asked for a positive base, as in `2 ** v`.
# - `.exp() .log() .tanh() .relu()`; log is the natural one. The slope of relu at exactly 0 is up to you.
# - `.backward()` on the result fills `.grad` of every node below it. The graph may be 500 nodes large.
#
# Mind forks, and `v * v`: one node, used twice by one operation. Nobody will call `backward()` twice on one graph; between two graphs the caller sets `.grad` of the leaves back to 0.
#
# *Twelve empty methods at once are many: write `__mul__`, then `backward`, and run the check; then one method after the other. Stuck? Run `hint("03.Value")` in a cell of its own, once for each step. You may also go on to part 4, which does not need this class.*

# %% nbgrader={"grade": false, "grade_id": "03-Value", "locked": false, "schema_version": 3, "solution": true}
class Value:
    """A number that remembers how it was made.

    data: the number. grad: the slope of the result with respect to it, 0.0 until backward() has run.
    inputs: one pair (node, local slope) for each Value that went into it; empty for a leaf.
    """

    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))
        ### END SOLUTION

    def __pow__(self, other):
        ### BEGIN SOLUTION
        if not isinstance(other, Value):
            return Value(self.data**other, ((self, other * self.data ** (other - 1)),))
        out = self.data**other.data
        return Value(out, ((self, other.data * self.data ** (other.data - 1)), (other, out * np.log(self.data))))
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        out = np.exp(self.data)
        return Value(out, ((self, out),))
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Value(np.log(self.data), ((self, 1 / self.data),))
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        out = np.tanh(self.data)
        return Value(out, ((self, 1 - out**2),))
        ### END SOLUTION

    def relu(self):
        ### BEGIN SOLUTION
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))
        ### END SOLUTION

    # these can be made of what you have by now

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return self + -other
        ### END SOLUTION

    def __truediv__(self, other):
        ### BEGIN SOLUTION
        return self * other**-1
        ### END SOLUTION

    # a plain number on the left: easy for 2 + v and 2 * v; in the other three, `other` is the left side
    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        ### BEGIN SOLUTION
        return Value(other) - self
        ### END SOLUTION

    def __rtruediv__(self, other):
        ### BEGIN SOLUTION
        return Value(other) / self
        ### END SOLUTION

    def __rpow__(self, other):
        ### BEGIN SOLUTION
        return Value(other) ** self
        ### END SOLUTION

    def backward(self):
        """Fill .grad of every node below this one; this one is the result, L."""
        ### BEGIN SOLUTION
        order, seen = [], set()

        def visit(node):  # every node after its inputs
            if id(node) not in seen:
                seen.add(id(node))
                for child, _ in node.inputs:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):  # every node before its inputs: all its consumers have spoken
            for child, local in node.inputs:
                child.grad += local * node.grad
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-Value-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("03.Value", Value)

# %% [markdown]
# Now let your class do what the stepper did. This is the same graph with the shortcut, and *your* numbers in it: right ones if the check above is green.

# %%
with needs("03.Value"):
    graph = trace(shortcut, a=2.0, b=-1.5, c=1.0)
    mine = graph.replay(Value)  # the same expression, built from your class
    draw_value_graph(graph, data=mine.data, grads=mine.grads)
    plt.show()

# %% [markdown]
# *How to read this:* blue boxes are leaves, the numbers one could change; grey ones are constants. b has the largest gradient. It is negative, so to make L smaller, b should go *up*.
#
# Is there enough here to *learn*? Take the smallest problem that a straight line cannot solve: say +1 when two inputs differ and −1 when they agree. It is called XOR, and its difficulty helped to stall the whole field in 1969. Your class against XOR: four hidden neurons, seventeen weights, a hundred steps downhill.

# %%
points = [((-1, -1), -1), ((-1, 1), 1), ((1, -1), 1), ((1, 1), -1)]

with needs("03.Value"):
    weights = [Value(number) for number in np.random.default_rng(2).normal(size=17).tolist()]
    for step in range(101):
        loss, answers = 0, []
        for (p, q), target in points:
            answer = weights[16]  # the output's bias
            for i in range(0, 16, 4):
                u, v, b, out = weights[i : i + 4]  # a hidden neuron's two weights, its bias, its way out
                answer = answer + out * (u * p + v * q + b).tanh()
            answers.append(f"{answer.data:+.2f}")
            loss = loss + (answer - target) ** 2 / 4
        loss.backward()
        for weight in weights:
            weight.data -= 0.1 * weight.grad
            weight.grad = 0.0  # or the next graph would add to the old one
        if step in (0, 10, 30, 100):
            print(f"step {step:3}: answers {', '.join(answers)}   mean squared error {loss.data:.4f}")

# %% [markdown]
# Wanted were −1, +1, +1, −1, and if your Value is right, there they are (if it is not, the check above knows more). One straight line could not have done it; the hidden neurons learned, too. Nobody told them what to look for: all they ever got was their share of the blame.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** In L = a · b + a, why is it wrong to *set* `a.grad` in each operation, instead of adding to it?
#
# <details><summary>Answer</summary>
#
# a is used twice, so two shares arrive: b from the product and 1 from the sum. Setting keeps only the last one that arrives. The effects of a on L along both paths happen at the same time, so they add up.
#
# </details>

# %% [markdown]
# ## 4 · From numbers to matrices
# Your Value could train the digit network in principle. But one image costs it some 5,000 nodes, and a thousand steps with 32 images each make 150 million of them, for what takes a fraction of a second with arrays. The way out: let a node hold a whole **array**, and write down the share that an operation sends back *for all its numbers at once*.
#
# Nothing new is needed for this, only the one rule and patience with indices. Two habits help:
#
# 1. **A gradient has the shape of what it belongs to.** If w is (D, M), then dw is (D, M). We write dw for ∂L/∂w, `dout` for ∂L/∂out.
# 2. Layers come in pairs: `forward(...) -> (out, cache)` puts what backward will need into the cache, and `backward(dout, cache)` receives the upstream gradient and returns the gradients of the inputs.
#
# The most important layer is out = x @ w + b. Say the shapes out loud: x is (N, D), N samples with D features. w is (D, M). b is (M,). out is (N, M), and so is dout.

# %% [markdown]
# **Predict, then run.** Pick one single weight, w[1, 3]. Which entries of `out` does it touch? Write down the shape of that region (one entry? a row? a column?) and which entries of x it meets on the way. Then the same for one input x[2, 1].

# %%
from dlcourse_utils.widgets.product_figure import draw_touched

draw_touched(n=4, d=3, m=5, weight=(1, 3), entry=(2, 1))
plt.show()

# %% [markdown]
# *How to read this:* in each row, one number is picked (a weight above, an input below) and the hatched cells are those it meets in the product.
#
# **dw.** The weight w[d, m] touches out[n, m] for every sample n, each time with local slope x[n, d]. The one rule says: sum over all of them.
#
# $$dw_{dm} = \sum_n x_{nd}\; dout_{nm} \qquad\text{that is}\qquad dw = x^\top dout$$
#
# Shapes: (D, N) @ (N, M) gives (D, M), as it must. The sum over the samples sits *inside* the matrix product.
#
# **dx.** The input x[n, d] touches out[n, m] for every output m, each time with local slope w[d, m]. Sum over them:
#
# $$dx_{nd} = \sum_m dout_{nm}\; w_{dm} \qquad\text{that is}\qquad dx = dout\; w^\top$$
#
# Shapes: (N, M) @ (M, D) gives (N, D). And **db**: the bias b[m] touches out[n, m] for every n, with local slope 1. You can say now what db is.
#
# If you ever forget: there is only *one* way to multiply x (N, D) and dout (N, M) so that (D, M) comes out. Shapes will not prove that you are right, but they rule out nearly everything that is wrong.

# %% [markdown]
# ### 03.linear_forward · A linear layer, forwards and backwards
# ●●○ · about 15 minutes · 2 points · most of the arithmetic in deep learning is this pair
#
# Write `linear_forward(x, w, b)` → `(out, cache)` and `linear_backward(dout, cache)` → `(dx, dw, db)`.
#
# x may have more axes than two, such as images of shape (N, C, H, W). Flatten each sample row by row to D numbers, `x.reshape(len(x), -1)`; dx goes back in the shape in which x came. What you put into the cache is your choice, but backward may only use the cache: between the two calls, other layers will run.
#
# No division by N here: if the loss is a mean, its 1/N is already inside dout.
# *Stuck? `hint("03.linear_forward")`. Moving on is fine; ReLU does not need it.*

# %% nbgrader={"grade": false, "grade_id": "03-linear_forward", "locked": false, "schema_version": 3, "solution": true}
def linear_forward(x, w, b):
    """out = x @ w + b, each sample flattened.

    x: (N, ...) with D numbers per sample. w: (D, M). b: (M,).
    Returns (out, cache), out (N, M).
    """
    ### BEGIN SOLUTION
    return x.reshape(len(x), -1) @ w + b, (x, w)
    ### END SOLUTION


def linear_backward(dout, cache):
    """Gradients of a linear layer.

    dout: (N, M), the upstream gradient. cache: from linear_forward.
    Returns (dx, dw, db), shaped like x, w and b.
    """
    ### BEGIN SOLUTION
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)  # (N, M) @ (M, D)
    dw = x.reshape(len(x), -1).T @ dout  # (D, N) @ (N, M)
    db = dout.sum(axis=0)  # (M,)
    return dx, dw, db
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-linear_forward-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("03.linear_forward", linear_forward, linear_backward)

# %% [markdown]
# The other half of a network is ReLU. It works on each number alone, so its share is simple: upstream × 1 where the input was positive, upstream × 0 where it was negative. A gate that the *input* opened or closed on the way forward, and that stays so on the way back: a gradient of −2 passes an open gate unchanged.

# %% [markdown]
# ### 03.relu_forward · ReLU, forwards and backwards
# ●○○ · about 5 minutes · 1 point · between all layers from here on
#
# Write `relu_forward(x)` → `(out, cache)` and `relu_backward(dout, cache)` → `dx`, for arrays of any shape.
#
# One trap: the caller owns `out` and may change it in place before backward comes, but not x. So think about what goes into the cache. Leave `dout` as it is, too: others may need it. The slope at exactly 0 is up to you.
# *Stuck? `hint("03.relu_forward")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "03-relu_forward", "locked": false, "schema_version": 3, "solution": true}
def relu_forward(x):
    """max(x, 0), element by element. x: any shape. Returns (out, cache)."""
    ### BEGIN SOLUTION
    return np.maximum(x, 0), x
    ### END SOLUTION


def relu_backward(dout, cache):
    """dout where x was positive, 0 where it was negative. Returns dx, shaped like dout."""
    ### BEGIN SOLUTION
    return dout * (cache > 0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-relu_forward-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("03.relu_forward", relu_forward, relu_backward)

# %% [markdown]
# Look again at db = sum over the batch. The bias has shape (M,), the product (N, M). NumPy **broadcasts**: it uses each b[m] N times, as if it had been copied. So each copy sends its own share back, and the shares add up.
#
# > **Copied on the way forward means summed on the way back.**
#
# This holds for every broadcast, wherever it happens. NumPy's rule: line the shapes up *on the right*; where one has a 1, or nothing at all, its numbers are reused.
#
# **Predict.** A number of shape (4, 1) meets an array of shape (5, 4, 6). The result is (5, 4, 6), and so is the gradient that comes back. Which axes must be summed, and which of them must stay with length 1?
#
# <details><summary>Answer</summary>Axes 0 and 2 are summed; axis 2 stays with length 1: (4, 1).</details>

# %% [markdown]
# ### 03.unbroadcast · Undo a broadcast
# ●○○ · about 10 minutes · 1 point · hidden behind every + in an automatic differentiation library
#
# Write `unbroadcast(grad, shape)`: `grad` has the shape after broadcasting, `shape` is what the array had before. Sum over the axes that broadcasting put in front, and over those it stretched from 1 to more. The result has exactly `shape`; for `()` that is a single number (0-d).
# *Stuck? `hint("03.unbroadcast")`. Moving on is fine; nothing in this chapter needs it.*

# %% nbgrader={"grade": false, "grade_id": "03-unbroadcast", "locked": false, "schema_version": 3, "solution": true}
def unbroadcast(grad, shape):
    """Sum a gradient back to the shape that was broadcast.

    grad: array of the broadcast shape. shape: tuple, the shape before. Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    extra = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(extra)))
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-unbroadcast-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("03.unbroadcast", unbroadcast)

# %% [markdown]
# ### The top of the network
# Every walk back has to start somewhere: at the loss. For a classifier that is softmax and cross-entropy. Each has an ugly derivative of its own, but together something lovely happens. For one sample with logits z, probabilities p = softmax(z) and the right class y:
#
# $$L = -\log p_y = -z_y + \log \sum_j e^{z_j}$$
#
# Take the slope in one logit $z_k$. The first term gives −1 if k is the right class, else 0. The second gives $e^{z_k}$ divided by the sum, and that *is* $p_k$:
#
# $$\frac{\partial L}{\partial z_k} = p_k - \begin{cases}1 & k = y\\ 0 & \text{otherwise}\end{cases}$$
#
# What the network said, minus what it should have said. Nothing more.

# %% [markdown]
# **Predict, then run.** A network gives a 3 the probabilities below. Which logits will be pushed *up* by a step downhill, and which one is pushed down hardest? What do the ten numbers p − y add up to?

# %%
p = np.array([0.02, 0.01, 0.08, 0.30, 0.01, 0.12, 0.01, 0.03, 0.40, 0.02])  # it thinks: an 8, or a 3
y = np.eye(10)[3]

fig, axes = plt.subplots(1, 3, figsize=(9, 2.7), sharey=True)
for ax, bars, title in zip(axes, [p, y, p - y], ["p: what it said", "y: what was right", "p − y: the gradient"], strict=True):
    ax.bar(range(10), bars, color="0.75", edgecolor="k")
    ax.axhline(0, color="k", linewidth=0.8)
    ax.set(title=title, xlabel="class", ylabel="value", xticks=range(10))
    ax.label_outer()
plt.show()

# %% [markdown]
# *How to read this:* bars above zero on the right are logits that should go *down* (we step against the gradient), and the long bar below zero is the one that should go up. The 8 is pushed down hardest because it was the loudest wrong voice. The sum is 0: what the right class gains, the others give. A network that is already right and sure has p ≈ y, so its gradient is nearly nothing: it is left in peace.

# %% [markdown]
# ### 03.softmax_cross_entropy · Softmax and cross-entropy, with the gradient
# ●●○ · about 12 minutes · 2 points · the first gradient of every classifier and every language model
#
# Write `softmax_cross_entropy(logits, labels)` → `(loss, dlogits)`. logits is (N, K), labels (N,) with integers. The loss is the **mean** over the batch, one number; dlogits is its gradient, (N, K). So the same 1/N belongs into both.
#
# Logits may be around 1000, and the network may be very sure and very wrong (a gap of 900): loss and gradient stay finite. Chapter 02's log-softmax does that.
# *Stuck? `hint("03.softmax_cross_entropy")`. Moving on is fine; part 6 will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "03-softmax_cross_entropy", "locked": false, "schema_version": 3, "solution": true}
def softmax_cross_entropy(logits, labels):
    """Mean cross-entropy of a batch, and its gradient.

    logits: (N, K) raw scores. labels: (N,) integers 0 … K−1.
    Returns (loss, dlogits): a float in nats, and an array (N, K).
    """
    ### BEGIN SOLUTION
    n = np.arange(len(labels))
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    dlogits = np.exp(log_p)
    dlogits[n, labels] -= 1
    return float(-log_p[n, labels].mean()), dlogits / len(labels)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-softmax_cross_entropy-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("03.softmax_cross_entropy", softmax_cross_entropy)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** out = x @ w with x (32, 64) and w (64, 10). What shape is dout? Which of `dout @ w`, `dout @ w.T`, `w @ dout` can be dx, and how do you know without any calculus?
#
# <details><summary>Answer</summary>
#
# dout has out's shape, (32, 10). dx must have x's shape, (32, 64). dout (32, 10) @ w.T (10, 64) gives (32, 64); the other two products don't even fit.
#
# </details>

# %% [markdown]
# ## 5 · Trust, but measure
# You now have all the parts, and each has a formula in it that could be wrong. A wrong forward pass shows itself: the numbers make no sense. A wrong backward pass is quiet. How would you notice?

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Use the loss to see if the gradient is right. If it goes down, the gradient is fine."
#
# **Predict, then run.** Below, the same network is trained four times from the same start. One run uses the right gradient. The other three have a bug in the backward pass: one forgets the ReLU's gate, one uses the *first* sample's gates for all samples, one *averages* db over the batch where it should sum. Will the buggy ones learn at all? Look at the four curves and write down which one is the right gradient.

# %%
def buggy_gradients(params, x, labels, bug):
    """Gradients of a two-layer network's loss, with one bug (or None)."""
    (w1, b1), (w2, b2) = params
    z = x @ w1 + b1
    h = np.maximum(z, 0)
    p = np.exp(h @ w2 + b2)  # small logits here, nothing overflows
    p /= p.sum(axis=1, keepdims=True)
    dout = (p - np.eye(10)[labels]) / len(x)
    gate = {"no gate": 1, "one gate": z[:1] > 0}.get(bug, z > 0)
    dz = (dout @ w2.T) * gate
    total = np.mean if bug == "mean for db" else np.sum
    return [(x.T @ dz, total(dz, axis=0)), (h.T @ dout, total(dout, axis=0))]

bugs = dict(zip("ABCD", np.random.default_rng(11).permutation([None, "no gate", "one gate", "mean for db"]), strict=True))  # dealt by chance
fig, ax = plt.subplots(figsize=(7.5, 3.4))
for (name, bug), style in zip(bugs.items(), ["-", "--", "-.", ":"], strict=True):
    params, losses = random_network([64, 32, 10], np.random.default_rng(3)), []
    for _ in range(120):
        losses.append(loss_of(params, x_some, y_some))
        grads = buggy_gradients(params, x_some, y_some, bug)
        params = [(w - 0.3 * dw, b - 0.3 * db) for (w, b), (dw, db) in zip(params, grads, strict=True)]
    ax.plot(losses, style, linewidth=2, label=f"{name}: ends at {losses[-1]:.2f}")
ax.set(title="Four gradients, three of them wrong", xlabel="step", ylabel="loss on 200 digits", ylim=(0, None))
ax.legend()
plt.show()

# %% [markdown]
# *How to read this:* one line per gradient; lower is better; two of the four lie exactly on each other. All four go down smoothly, and no curve looks broken. Had you written only one of them, would anything have made you suspicious?
#
# The last layer's weights get the right gradient in all four, and a working last layer on top of a half-random first one already learns a lot. That is why such bugs live long: they cost a little at the end, and nobody knows what the end should be.
#
# What tells them apart is the method from the beginning of this chapter. Wiggling is far too slow for training, but as a *test* it is perfect: it needs no formula, so it cannot make the same mistake. **Claimed slope beside measured slope: that is a gradient check.**

# %% [markdown]
# How far apart may they be? Next to a slope of 1000, a difference of 0.001 is nothing; next to 0.001 it is everything. So we use a *relative* error for each element, with a for the claimed and n for the measured slope, and report the worst one:
#
# $$\max_i \frac{|a_i - n_i|}{\max(|a_i|, |n_i|)} \qquad\text{measured with}\qquad n_i = \frac{f(x + \varepsilon e_i) - f(x - \varepsilon e_i)}{2\varepsilon}$$
#
# e_i is 1 at place i and 0 elsewhere. Where both slopes are 0 they agree, and the error is 0, not 0/0. As a rule of thumb in 64-bit floats: below 10⁻⁵ is right, above 10⁻² is wrong, in between look closer.

# %% [markdown]
# ### 03.gradient_check · Measure a gradient
# ●●○ · about 12 minutes · 2 points · the test to write before you trust any backward pass
#
# Write `gradient_check(f, x, grad, eps=1e-5)`. `f(x)` returns one number, x is a float array of any shape, `grad` is the claimed gradient, shaped like x. Return the **maximum relative error** over all elements, one number.
#
# Both |a| + |n| and max(|a|, |n|) are fine below the line, with or without a small floor such as 1e-8. Measure on both sides (central difference), every element, and leave x as it was.
# *Stuck? `hint("03.gradient_check")`. Moving on is fine, but you will miss the reveal.*

# %% nbgrader={"grade": false, "grade_id": "03-gradient_check", "locked": false, "schema_version": 3, "solution": true}
def gradient_check(f, x, grad, eps=1e-5):
    """Largest relative error between a claimed gradient and a measured one.

    f: function of an array like x, returns a number. x: float array, any shape. grad: claimed gradient, like x.
    Returns a float: about 1e-8 when grad is right, up to 1 or 2 when it is wrong.
    """
    ### BEGIN SOLUTION
    x = x.copy()
    worst = 0.0
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        up = f(x)
        x[i] = old - eps
        down = f(x)
        x[i] = old
        measured = (up - down) / (2 * eps)
        scale = max(abs(grad[i]), abs(measured), 1e-8)
        worst = max(worst, abs(grad[i] - measured) / scale)
    return float(worst)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-gradient_check-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("03.gradient_check", gradient_check)

# %% [markdown]
# And now the reveal. The same four gradients, the same start; each array is checked in turn and its largest relative error is printed.

# %%
with needs("03.gradient_check"):
    (w1, b1), (w2, b2) = random_network([64, 32, 10], np.random.default_rng(3))
    x, y = x_train[:20], y_train[:20]
    for name, bug in bugs.items():
        (dw1, db1), (dw2, db2) = buggy_gradients([(w1, b1), (w2, b2)], x, y, bug)
        errors = [
            gradient_check(lambda a: loss_of([(a, b1), (w2, b2)], x, y), w1, dw1),
            gradient_check(lambda a: loss_of([(w1, a), (w2, b2)], x, y), b1, db1),
            gradient_check(lambda a: loss_of([(w1, b1), (a, b2)], x, y), w2, dw2),
            gradient_check(lambda a: loss_of([(w1, b1), (w2, a)], x, y), b2, db2),
        ]
        print(f"{name}: {bug or 'no bug':13}", "  ".join(f"{n} {e:.1e}" for n, e in zip(["w1", "b1", "w2", "b2"], errors, strict=True)))

# %% [markdown]
# No doubt any more, and more than that: the table says *where* the bug is. "no gate" and "one gate" spoil the first layer and leave the second alone; "mean for db" spoils exactly the biases. **The loss tells you that something is learned. Only the check tells you that the gradient is right.**
#
# Two honest warnings. A check is only as good as its inputs: a network of zeros, or inputs that are all alike, hides errors. And at a ReLU's kink the two sides have different slopes, so an element that stands within ε of it can look wrong. When one element out of thousands is off, move x a little and check again. (Why ε = 10⁻⁵? Larger, and the curve bends between the two points; smaller, and f(x + ε) − f(x − ε) is mostly rounding. Try 10⁻¹ and 10⁻¹².)

# %% [markdown]
# ## 6 · The whole network
# All parts are here. Forward, the network is a chain: linear, ReLU, linear, ReLU, …, linear, loss. Backward, it is the same chain, read from the end:
#
# ```
# forward:   x  → linear 1 →  relu  → linear 2 →  logits  → loss
#                cache        cache    cache                  │
# backward:      (dw1, db1) ← dz  ←  dh, (dw2, db2)  ←  dlogits
# ```
#
# Each backward step takes the upstream gradient and the cache that its forward step left behind. It keeps (dw, db) for the update and hands dx down. The caches are used in reverse order, like plates from a stack.
#
# That is also what backprop costs. In time: one matrix product per layer forward, two backward, so about three forward passes. In memory: every cache must be kept until its turn comes.

# %% [markdown]
# ### 03.mlp_loss_and_grads · A whole network, forwards and backwards
# ●●● · about 20 minutes · 3 points · this is backpropagation
#
# Write `mlp_loss_and_grads(params, x, labels)` → `(loss, grads)`. params is a list of (w, b), one per layer, any number of layers ≥ 1. ReLU **between** layers, none after the last; the loss is the mean cross-entropy. grads is a list of (dw, db), and grads[i] belongs to params[i]. Leave params and x as they are.
#
# Call your own `linear_*`, `relu_*` and `softmax_cross_entropy`. If one of them is not right yet, the card will say so.
# *Stuck? `hint("03.mlp_loss_and_grads")`. Moving on is fine, though all that follows is built on this.*

# %% nbgrader={"grade": false, "grade_id": "03-mlp_loss_and_grads", "locked": false, "schema_version": 3, "solution": true}
def mlp_loss_and_grads(params, x, labels):
    """Loss of a multi-layer perceptron on a batch, and the gradient of every weight and bias.

    params: list of (w, b), w (in, out), b (out,). x: (N, D). labels: (N,) integers.
    Returns (loss, grads): a float, and a list of (dw, db) in the order of params.
    """
    ### BEGIN SOLUTION
    caches = []
    h = x
    for i, (w, b) in enumerate(params):
        h, linear = linear_forward(h, w, b)
        h, gate = relu_forward(h) if i < len(params) - 1 else (h, None)
        caches.append((linear, gate))
    loss, dout = softmax_cross_entropy(h, labels)
    grads = []
    for linear, gate in reversed(caches):
        if gate is not None:
            dout = relu_backward(dout, gate)
        dout, dw, db = linear_backward(dout, linear)
        grads.append((dw, db))
    return loss, grads[::-1]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-mlp_loss_and_grads-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("03.mlp_loss_and_grads", mlp_loss_and_grads)

# %% [markdown]
# **Predict, then run.** Remember the beginning: 2,410 slopes by wiggling. Now the same 2,410 by backprop. How many digits will the two agree in? And how many times faster will it be?

# %%
with needs("03.mlp_loss_and_grads"):
    # the fastest of fifty runs each, so that other programs on this computer don't count
    backprop_seconds = min(timeit.repeat(lambda: mlp_loss_and_grads(network, x_some, y_some), number=1, repeat=50))
    forward_seconds = min(timeit.repeat(lambda: loss_of(network, x_some, y_some), number=1, repeat=50))
    _, grads = mlp_loss_and_grads(network, x_some, y_some)
    difference = max(np.abs(g - s).max() for pair, slopes in zip(grads, wiggled, strict=True) for g, s in zip(pair, slopes, strict=True))
    print(f"largest slope {max(np.abs(g).max() for pair in grads for g in pair):.4f}, largest difference {difference:.1e}")
    print(f"wiggling {wiggle_seconds:.2f} s,  backprop {backprop_seconds * 1000:.2f} ms:  {wiggle_seconds / backprop_seconds:,.0f} times faster")
    print(f"one backprop = {backprop_seconds / forward_seconds:.1f} forward passes")

# %% [markdown]
# The same numbers, a thousand times faster or more. For a network ten times as large the advantage is ten times as large. Nothing was approximated: it is the same question, asked from the other end.
#
# ## 7 · Training
# One step downhill is one line: every weight becomes w − lr · dw, where lr is the **learning rate**. The gradient is good for a small step only, so we take it, compute *new* gradients at the new place, and go on.
#
# Must every step look at all 1,437 digits? No. A **minibatch** of 32 gives a slope that is a little noisy and 45 times cheaper, and 45 noisy steps get much further than one exact one. This is *stochastic gradient descent*, SGD. One round through the whole data is an **epoch**.

# %% [markdown]
# **Predict, then run.** *Your* function, at play: 200 points in the plane, full batch. How many hidden units does it take to close a line around the inner points? And what will a learning rate of 10 do?

# %%
with needs("03.mlp_loss_and_grads"):
    from dlcourse_utils.widgets.playground import playground
    display(playground(mlp_loss_and_grads, data="ring", units=2))

# %% [markdown]
# *How to read this:* left, how sure the network is of each class; the black line is one half. Right, weights and their gradients: thick is large, blue and dashed is negative. Every setting replays the training from step 0. Two ReLU units cannot close a line around anything, three can, and do from most starts; try a few. At 10 the first steps throw every unit to where its input is negative for all points. A unit like that is dead: it gets no gradient, ever again.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/playground.png" alt="Left, a closed black line around the inner points; right, the network with its weights and its gradients as lines of different thickness; below, a falling loss."></details>

# %% [markdown]
# **Predict, then run.** In `mnist5k` the digits come *sorted*: first 500 zeros, then 500 ones, and so on. We train twice for two epochs, with the same start, the same batches of 50 and the same number of steps. One run walks through the file in order, the other in random order. Which one will have the lower loss at *most* steps? And which one will read held-out digits better?

# %%
mnist = load_mnist5k()
pixels = mnist.images.reshape(10, 500, 784).astype(float)  # by digit
x_mnist, y_mnist = pixels[:, :400].reshape(-1, 784), np.repeat(np.arange(10), 400)  # (4000, 784), still sorted
x_unseen, y_unseen = pixels[:, 400:].reshape(-1, 784), np.repeat(np.arange(10), 100)  # (1000, 784)

def predict(params, x):
    """Most likely class of each row, for a two-layer network."""
    (w1, b1), (w2, b2) = params
    return (np.maximum(x @ w1 + b1, 0) @ w2 + b2).argmax(axis=1)

with needs("03.mlp_loss_and_grads"):
    fig, ax = plt.subplots(figsize=(8, 3.2))
    for name, style in [("sorted", "-"), ("shuffled", ":")]:
        rng = np.random.default_rng(0)
        params, losses = random_network([784, 32, 10], rng), []
        for _ in range(2):
            order = np.arange(4000) if name == "sorted" else rng.permutation(4000)
            for rows in order.reshape(-1, 50):
                loss, grads = mlp_loss_and_grads(params, x_mnist[rows], y_mnist[rows])
                params = [(w - 0.1 * dw, b - 0.1 * db) for (w, b), (dw, db) in zip(params, grads, strict=True)]
                losses.append(loss)
        said = predict(params, x_unseen)
        ax.plot(losses, "k", linestyle=style, label=f"{name}: {(said == y_unseen).mean():.0%} of held-out digits right")
        print(f"{name}: says 9 to {(said == 9).sum()} of {len(said)} held-out digits")
    ax.set(title="The same data in two orders", xlabel="step (80 are one epoch)", ylabel="loss of the batch")
    ax.legend()
    plt.show()

# %% [markdown]
# *How to read this:* each point is the loss of one batch just before its step. Between the spikes the solid line looks splendid: it is lower than the dotted one at two steps of three. But every spike is a new digit. The network learns "say 0", then "say 1", then "say 2", and each lesson wipes out the one before. After the nines it says 9 to nearly everything. So each batch should be a fair sample: **shuffle, anew in each epoch, and move x and labels together.** (A *full* batch sees everything in each step, so for it the order does not matter.)

# %% [markdown]
# ### 03.train_mlp · Train it
# ●●● · about 20 minutes · 3 points · from here on your code learns from data
#
# Write `train_mlp(x, labels, hidden, lr, steps, seed)` → `[(w1, b1), (w2, b2)]`: a network D → hidden → K with K = largest label + 1.
#
# - `steps` counts **updates**: one minibatch, one gradient, one plain step w − lr · dw. Reshuffle in each epoch. The batch size is yours; the full batch is allowed.
# - Start from small random weights and let **only `seed`** decide all randomness: `rng = np.random.default_rng(seed)`. The function `random_network` from the first cell may help.
# - The data may come sorted by label.
#
# *Stuck? `hint("03.train_mlp")`. Moving on is fine; the two milestones are built on this.*

# %% nbgrader={"grade": false, "grade_id": "03-train_mlp", "locked": false, "schema_version": 3, "solution": true}
def train_mlp(x, labels, hidden, lr, steps, seed):
    """Train a two-layer network with minibatch gradient descent.

    x: (N, D). labels: (N,) integers. hidden: width of the hidden layer. lr: learning rate.
    steps: number of minibatch updates. seed: decides the start and the shuffling.
    Returns [(w1, b1), (w2, b2)] with shapes (D, hidden), (hidden,), (hidden, K), (K,).
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    params = random_network([x.shape[1], hidden, int(labels.max()) + 1], rng)
    order = np.array([], dtype=int)
    for _ in range(steps):
        if len(order) == 0:
            order = rng.permutation(len(x))  # a new epoch
        batch, order = order[:32], order[32:]
        _, grads = mlp_loss_and_grads(params, x[batch], labels[batch])
        params = [(w - lr * dw, b - lr * db) for (w, b), (dw, db) in zip(params, grads, strict=True)]
    return params
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-train_mlp-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("03.train_mlp", train_mlp)

# %% [markdown]
# ## 8 · Two milestones
# Before you give a new network a thousand examples, give it fifty. **A network that cannot learn fifty samples by heart has a bug.** It takes seconds, and it is the most useful sanity check there is. You choose the settings: how wide, which learning rate, how many steps.
#
# ### 03.milestone_memorise · Learn fifty digits by heart
# ●●● · about 10 minutes · 3 points · the first thing to try with every new model
#
# Write `memorise(x, labels)` → params. x is (50, 64), labels (50,). The returned network must get **all fifty** right. Use your `train_mlp`. Your code will meet fifty digits drawn at random, more than once.
# *Stuck? `hint("03.milestone_memorise")`. Try a few settings by hand in a cell of your own first.*

# %% nbgrader={"grade": false, "grade_id": "03-milestone_memorise", "locked": false, "schema_version": 3, "solution": true}
def memorise(x, labels):
    """Train until every sample is right. x: (50, 64) in [0, 1]. labels: (50,). Returns [(w1, b1), (w2, b2)]."""
    ### BEGIN SOLUTION
    return train_mlp(x, labels, hidden=32, lr=0.5, steps=400, seed=0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-milestone_memorise-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("03.milestone_memorise", memorise)

# %% [markdown]
# **Predict, then run.** 100 %! A triumph? The network that knows its fifty digits perfectly now meets the 360 held-out ones. How many percent will it get?

# %%
with needs("03.train_mlp", "03.milestone_memorise"):
    by_heart = memorise(x_train[:50], y_train[:50])
    for name, x, y in [("the fifty it knows by heart", x_train[:50], y_train[:50]), ("360 it has never seen", x_test, y_test)]:
        print(f"{name}: {(predict(by_heart, x) == y).mean():.0%}")

# %% [markdown]
# Far better than the 10 % of guessing, and far from 100 %. Knowing by heart is not understanding, which is why we always measure on digits that were **held out**. What helps most is more data. So now for all of it.
#
# ### 03.milestone_digits · Read digits nobody has shown it
# ●●● · about 15 minutes · 3 points · everything in this chapter, at once
#
# Write `recognise(x_train, labels_train, x_test)` → the predicted digits, shape (M,). Train on the first two with your `train_mlp`, then run x_test through the network and name the largest logit. You choose the settings; choose them with the training digits only. NumPy and your own functions, no scikit-learn.
#
# The check does this on two random splits, and asks for **95 %** of the held-out digits on each. A good solution gets 97 to 98 %.
# *Stuck? `hint("03.milestone_digits")`.*

# %% nbgrader={"grade": false, "grade_id": "03-milestone_digits", "locked": false, "schema_version": 3, "solution": true}
def recognise(x_train, labels_train, x_test):
    """Train on some digits, name others.

    x_train: (N, 64) in [0, 1]. labels_train: (N,). x_test: (M, 64). Returns (M,) integers.
    """
    ### BEGIN SOLUTION
    params = train_mlp(x_train, labels_train, hidden=64, lr=0.3, steps=2000, seed=0)
    h, _ = linear_forward(x_test, *params[0])
    h, _ = relu_forward(h)
    logits, _ = linear_forward(h, *params[1])
    return logits.argmax(axis=1)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "03-milestone_digits-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("03.milestone_digits", recognise)

# %% [markdown]
# **A number means something only beside an honest baseline.** Logistic regression is your network without its hidden layer: 64 → 10, one straight map. scikit-learn trains it well. Three random splits, so that we see the spread and not only luck.

# %% [markdown]
# **Predict, then run.** How many percentage points will the hidden layer be worth?

# %%
from sklearn.linear_model import LogisticRegression

with needs("03.milestone_digits", "03.train_mlp"):
    for seed in range(3):
        split = load_digits_split(seed)
        mine = (recognise(split.x_train, split.y_train, split.x_test) == split.y_test).mean()
        straight = LogisticRegression(max_iter=2000).fit(split.x_train, split.y_train).score(split.x_test, split.y_test)
        print(f"split {seed}:   your network {mine:.1%}   logistic regression {straight:.1%}")

# %% [markdown]
# Over ten such splits we measured 97.8 % for the network and 96.9 % for the straight map, each give or take half a point. Less than one point: on a single split it can be a tie, and it is good to know that. These digits are small, clean and centred. On harder data the gap will grow, as you will see in a moment.
#
# Now let us look inside, at three things: how it learned, where it fails, and what it looks at.

# %%
with needs("03.train_mlp"):
    checkpoints = [0, 10, 20, 40, 80, 160, 320, 640, 1280]
    # the same seed walks the same path, only further each time
    path = [train_mlp(x_train, y_train, hidden=64, lr=0.3, steps=steps, seed=0) for steps in checkpoints]
    fig, ax = plt.subplots(figsize=(7, 3.2))
    for name, style, x, y in [("training digits", "ko-", x_train, y_train), ("held-out digits", "C1s--", x_test, y_test)]:
        ax.plot(checkpoints, [loss_of(params, x, y) for params in path], style, label=name)
    ax.axhline(np.log(10), color="0.6", linewidth=0.8, label="log 10, blind guessing")
    ax.set_xscale("symlog", linthresh=10)
    ax.set(yscale="log", title="Learning", xlim=(-1, 1600), xlabel="steps (45 are one epoch)", ylabel="loss (nats)")
    ax.legend()
    plt.show()

# %% [markdown]
# *How to read this:* both axes are logarithmic (the stretch from 0 to 10 is not). Most of the learning happens in the first three epochs. Then the training digits go on improving while the held-out ones follow more and more slowly: the gap between the two lines is what was learned by heart. Chapter 05 is about that gap. (Had the loss *risen*, the first suspect would be the learning rate; had it stayed at the grey line, the gradient.)

# %%
with needs("03.train_mlp"):
    params = train_mlp(x_train, y_train, hidden=64, lr=0.3, steps=2000, seed=0)
    guesses = predict(params, x_test)
    wrong = np.flatnonzero(guesses != y_test)[:8]
    fig, axes = plt.subplots(1, max(len(wrong), 2), figsize=(9, 1.7))
    for ax, i in zip(axes, wrong, strict=False):
        ax.imshow(x_test[i].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        ax.set(title=f"says {guesses[i]}\nlabel {y_test[i]}", xticks=[], yticks=[])
    plt.show()
    print(f"{(guesses != y_test).sum()} of {len(y_test)} are wrong")

# %% [markdown]
# *How to read this:* above each image is what the network says and, below that, what a person meant when writing it. Ask of each: would you have known? Some are the network's fault; some are barely digits.

# %% [markdown]
# ### What it looks at, and how far it gets
# The welcome page asked whether a network can beat *the nearest of ten average digits*. Now you can answer. On `mnist5k` the digits are larger, 28×28, and messier. All three methods get the same 4,000 digits to learn from and the same 1,000 to read.

# %% [markdown]
# **Predict, then run.** Average digits got 4 of 5 right. Write down a guess for logistic regression and one for your network.

# %% tags=["demo"]
averages = pixels[:, :400].mean(axis=1)  # (10, 784), one average digit per class
distances = ((x_unseen[:, None] - averages) ** 2).sum(axis=-1)  # (1000, 10)
print(f"nearest average digit   {(distances.argmin(axis=1) == y_unseen).mean():.1%}")
straight = LogisticRegression(max_iter=50, tol=1e-2).fit(x_mnist, y_mnist)
print(f"logistic regression     {straight.score(x_unseen, y_unseen):.1%}")

with needs("03.train_mlp"):
    before = train_mlp(x_mnist, y_mnist, hidden=48, lr=0.1, steps=0, seed=0)[0][0]  # (784, 48)
    params = train_mlp(x_mnist, y_mnist, hidden=48, lr=0.1, steps=3000, seed=0)
    print(f"your network            {(predict(params, x_unseen) == y_unseen).mean():.1%}")

    after = params[0][0]
    loudest = np.argsort(-np.linalg.norm(params[1][0], axis=1))[:8]  # the units with the largest outgoing weights
    fig, axes = plt.subplots(3, 8, figsize=(9, 3.5), layout="constrained")
    for row, weights, name in zip(axes, [before, after - before, after], ["start", "learned", "sum"], strict=True):
        for ax, unit in zip(row, loudest, strict=True):
            picture = ax.imshow(weights[:, unit].reshape(28, 28), cmap="PuOr", vmin=-0.2, vmax=0.2)
            ax.set(xticks=[], yticks=[])
        row[0].set_ylabel(name)
    fig.colorbar(picture, ax=axes, label="weight")
    plt.show()

# %% [markdown]
# Ten averages, then a straight map, then a hidden layer: each step removes a good part of the mistakes that were left. And what did the hidden layer find?
#
# *How to read this:* one column per hidden unit; its 784 weights, one per pixel, shown as a picture. Purple is positive, orange negative. The top row is the noise we started with, the middle row what training *added*, the bottom row their sum. In the middle you see strokes and arcs: ink here speaks for, ink there against. Nobody designed these detectors. Each is the sum of 3,000 small shares of blame.
#
# The corners never changed: there is no ink, so x = 0 there, and dw = x.T @ dout is 0 too. **A weight whose input is silent gets no blame, and learns nothing.**

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** All weights of a two-layer network start at 0. Backprop is right, the data are fine. What will training do?
#
# <details><summary>Answer</summary>
#
# With w2 = 0 no blame reaches the hidden layer (dh = dout @ w2.T = 0), and with all hidden activations 0, dw2 is 0 as well: only the last bias learns. Starting from equal but non-zero weights is hardly better: all hidden units compute the same and get the same gradient for ever, so together they are one unit. Random starts break the tie.
#
# </details>

# %% [markdown]
# ## What you can do now
# You wrote automatic differentiation for numbers, derived its matrix form, checked it against a measurement that cannot make the same mistake, and trained a network with it. Whatever comes later in this course, convolution, recurrence, attention, is *another forward with another backward*, in the same chain.
#
# Two things we took as they were: the step was always lr · gradient, and lr was found by trying. Can one do better than the plain step? That is chapter 04.
#
# ## Go further
# - D. Rumelhart, G. Hinton, R. Williams, *Learning representations by back-propagating errors*, Nature 323 (1986). Four pages that restarted the field. Read them now: you will understand all of it.
# - S. Linnainmaa described the method in his master's thesis in 1970, for rounding errors; A. Griewank, *Who invented the reverse mode of differentiation?* (Documenta Mathematica, 2012) tells the story.
# - A. G. Baydin, B. Pearlmutter, A. Radul, J. M. Siskind, *Automatic differentiation in machine learning: a survey* (JMLR 18, 2018). Forward mode, reverse mode, and what they are not.
# - A. Karpathy, *micrograd*: a `Value` class in a hundred lines, with a lecture that builds it from nothing. His essay *Yes you should understand backprop* lists the ways in which it leaks.
# - Stanford CS231n, notes on *Backpropagation, intuitions* and on *gradient checks*: more traps than we had room for.
# - A. Griewank, A. Walther, *Evaluating Derivatives* (SIAM, 2008): the book, including how to trade the caches' memory for time.
