# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · The maths toolbox
#
# **The question of this chapter: a machine that knows nothing but how often letters follow each other begins to write English. How could you say, in one number, how well?**
#
# On the way to that number you pick up the tools that every later chapter reaches for: weighted sums, distances, slopes, bell curves, Bayes' rule, chains, surprise. No tool is explained for its own sake. Each one is used on real data within minutes of being made.
#
# It is a toolbox, not an exam: four hours if all is new, two and a half if you half remember it. Take the sections in any order; only the last one needs a few of those before it. Shape letters and symbols are on the [notation page](../notation.ipynb).

# %%
import itertools

import matplotlib.pyplot as plt
import numpy as np

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import ALPHABET, letters_only, load_austen, load_digits_split

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

digits = load_digits_split(seed=0)
x_train, y_train = digits.x_train, digits.y_train
x_test, y_test = digits.x_test, digits.y_test
print("x_train", x_train.shape, " y_train", y_train.shape, " x_test", x_test.shape, " y_test", y_test.shape)


def show_digit(ax, pixels, title=""):
    """Draw 64 pixels as an 8×8 picture, dark ink on light paper."""
    ax.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    ax.set_title(title, fontsize=9)
    ax.axis("off")

# %% [markdown]
# # Part I · Tables of numbers
#
# ## 1 · Many weighted sums at once
#
# Each row of `x_train` is a picture of 64 pixels, 0 for paper, 1 for ink. Put a question to it: *is there more ink in the upper half than in the lower?* As arithmetic: add up the pixels of the upper rows, subtract those of the lower. That is a **weighted sum**, with the weight +1 for every upper pixel and −1 for every lower one.
#
# Three questions are three columns of weights, `w` of shape (64, 3). Then one matrix product puts all questions to all pictures:
#
# $$Y = X W + b \qquad (N, 64)\,@\,(64, 3) + (3,) \to (N, 3)$$
#
# Entry [i, j] of the product is row i of X times column j of W, number by number, added up. The bias `b` shifts each column's answer.

# %% [markdown]
# ### 01.affine · Many weighted sums at once
#
# ●○○ · about 4 minutes · 1 point · every layer of every network in this course
#
# Write `affine(x, w, b)`: `x` is (N, D), `w` is (D, M), `b` is (M,). Return `x` times `w` plus `b`, of shape (N, M): one row per sample, one column per question, and each column has its own bias.
#
# *Stuck? `hint("01.affine")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-affine", "locked": false, "schema_version": 3, "solution": true}
def affine(x, w, b):
    """Weighted sums of each row's features, plus a bias.

    x: (N, D). w: (D, M). b: (M,). Returns (N, M).
    """
    ### BEGIN SOLUTION
    return x @ w + b
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-affine-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("01.affine", affine)

# %% [markdown]
# **Predict, then run.** Two questions, asked of every 0 and every 1: *how much ink in the middle?* and *more ink in the upper or the lower half?* Where do you expect the zeros in this picture, where the ones? Sketch two clouds.

# %%
questions = np.zeros((8, 8, 2))
questions[2:6, 3:5, 0] = 1  # the middle: 4 rows, 2 columns
questions[:4, :, 1], questions[4:, :, 1] = 1, -1  # the upper half for, the lower half against
w, b = questions.reshape(64, 2), np.array([-4.0, 0.0])  # the bias makes 4 units of ink the zero of the first answer

with needs("01.affine"):
    answers = affine(x_train, w, b)  # (1437, 2)

    fig, (first, second, right) = plt.subplots(1, 3, figsize=(9.5, 3.2), width_ratios=[1, 1, 2])
    for ax, column, name in [(first, 0, "question 1: the middle"), (second, 1, "question 2: up or down")]:
        ax.imshow(w[:, column].reshape(8, 8), cmap="PuOr", vmin=-1.5, vmax=1.5)
        for (row, place), weight in np.ndenumerate(w[:, column].reshape(8, 8)):
            ax.text(place, row, {1: "+", -1: "−", 0: ""}[int(weight)], ha="center", va="center")
        ax.set(title=name, xticks=[], yticks=[])
        ax.title.set_fontsize(9)
    for digit, marker in [(0, "o"), (1, "^")]:
        mine = answers[y_train == digit]
        right.plot(mine[:, 0], mine[:, 1], marker, markersize=4, alpha=0.6, label=f"digit {digit}")
    right.set(title="Two weighted sums of 64 pixels", xlabel="ink in the middle − 4", ylabel="ink up − ink down")
    right.legend()
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* left, the weights of the two questions, + and − where a pixel counts for or against; right, one mark per picture, placed by its two answers. The first question alone gets all but seven of 288 right; together they do better. Whoever asks the right questions has half the work done. In a network, nobody writes the questions; `w` is learned.
#
# ## 2 · How far apart?
#
# In chapter 00 a digit was compared with ten averages and named after the nearest. Averages blur: there are sevens with a bar and sevens without. What if a new digit were compared with *every single one* of the 1,437 examples? That takes 360 × 1,437 distances, half a million. In a Python loop you would wait; as one expression it is done before you look.
#
# The trick is school algebra, once for numbers and once for whole tables:
#
# $$(p - q)^2 = p^2 + q^2 - 2pq \qquad\qquad d_{ij} = \|a_i\|^2 + \|b_j\|^2 - 2\, a_i \cdot b_j$$
#
# The last term, for all pairs (i, j), is a single matrix product.

# %% [markdown]
# ### 01.pairwise_sq_distances · All distances between two sets of points
#
# ●●○ · about 10 minutes · 2 points · nearest neighbours, clustering, and the heart of attention in chapter 09 is its cousin
#
# Write `pairwise_sq_distances(a, b)`: `a` is (N, D), `b` is (M, D). Return the **squared** distances, shape (N, M), with entry [i, j] about row i of `a` and row j of `b`. Do it without a Python loop if you can; the check does not mind one.
#
# A squared distance is never negative. Yours must not be either: p² + q² − 2pq takes the difference of large numbers that are nearly equal, and rounding can leave −10⁻¹² where 0 belongs.
#
# *Stuck? `hint("01.pairwise_sq_distances")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-pairwise_sq_distances", "locked": false, "schema_version": 3, "solution": true}
def pairwise_sq_distances(a, b):
    """Squared Euclidean distances between all rows of a and all rows of b.

    a: (N, D). b: (M, D). Returns (N, M), nowhere negative.
    """
    ### BEGIN SOLUTION
    aa = (a**2).sum(axis=1)[:, None]  # (N, 1)
    bb = (b**2).sum(axis=1)[None, :]  # (1, M)
    return np.maximum(aa + bb - 2 * a @ b.T, 0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-pairwise_sq_distances-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("01.pairwise_sq_distances", pairwise_sq_distances)

# %% [markdown]
# **Predict, then run.** Name each held-out digit after its *single nearest* example. The nearest of ten averages reads 90.0 %. More, or less?

# %%
with needs("01.pairwise_sq_distances"):
    nearest = pairwise_sq_distances(x_test, x_train).argmin(axis=1)  # (360,) places in x_train
    neighbour_share = np.mean(y_train[nearest] == y_test)
    print("nearest of ten averages   90.0%")
    print(f"nearest example           {neighbour_share:.1%}")

    wrong = np.flatnonzero(y_train[nearest] != y_test)
    shown = [*range(9 - min(len(wrong), 5)), *wrong[:5]]
    fig, axes = plt.subplots(2, len(shown), figsize=(9.5, 2.9))
    for column, i in enumerate(shown):
        show_digit(axes[0, column], x_test[i], f"new\nlabel {y_test[i]}")
        show_digit(axes[1, column], x_train[nearest[i]], f"nearest\nlabel {y_train[nearest[i]]}")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* each column is a new digit above its nearest example. The columns on the right are mistakes; would you have known?
#
# This is **1-nearest-neighbour**. No training at all, and only six mistakes in 360. Keep that number in mind when a network of yours reads 96 %. Its price: it must carry all examples along for ever and look at every one of them for each answer.
#
# ## 3 · Names as numbers
#
# A label such as 7 is a name. For a table to work with names, each becomes a row of zeros with a single 1 in its own column: **one-hot**. It looks wasteful. Then you notice what a matrix product with it does: it *sorts and counts*.

# %% [markdown]
# ### 01.one_hot · One-hot labels
#
# ●○○ · about 4 minutes · 1 point · cross-entropy, class averages, confusion tables
#
# Write `one_hot(y, k)`: `y` is (N,) with whole numbers from 0 to k−1. Return an array of floats of shape (N, k), each row 0 except for a 1 in column y[i]. The number of columns is `k`, also when the last class does not occur in `y`.
#
# *Stuck? `hint("01.one_hot")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-one_hot", "locked": false, "schema_version": 3, "solution": true}
def one_hot(y, k):
    """Rows of zeros with a single one.

    y: (N,) integers 0 … k−1. k: number of classes. Returns (N, k) floats.
    """
    ### BEGIN SOLUTION
    out = np.zeros((len(y), k))
    out[np.arange(len(y)), y] = 1.0
    return out
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-one_hot-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("01.one_hot", one_hot)

# %% [markdown]
# **Predict, then run.** `said` is (360, 10), one-hot: what the nearest average says. `true` is (360, 10), one-hot: the labels. What does `true.T @ said`, of shape (10, 10), contain? Say it in words for entry [8, 1].

# %%
with needs("01.one_hot", "01.pairwise_sq_distances"):
    members = one_hot(y_train, 10)  # (1437, 10)
    averages = (members.T @ x_train) / members.sum(axis=0)[:, None]  # ten class averages in one product
    verdicts = pairwise_sq_distances(x_test, averages).argmin(axis=1)
    said, true = one_hot(verdicts, 10), one_hot(y_test, 10)
    table = true.T @ said  # (10, 10)

    fig, ax = plt.subplots(figsize=(4.6, 4.2))
    ax.imshow(table, cmap="Greys", vmax=60)
    for (row, column), count in np.ndenumerate(table):
        if count:
            ax.text(column, row, f"{count:.0f}", ha="center", va="center", color="w" if count > 30 else "k")
    ax.set(title="Confusion table of the nearest average", xlabel="says", ylabel="label", xticks=range(10), yticks=range(10))
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* row 8, column 1 counts the eights that were taken for ones. The diagonal is right, all else is not. The product went through all 360 samples and added a 1 in the right place for each: a **confusion table**. The second line of the cell made ten class averages in the same way.
#
# ## 4 · The same scale for every column, honestly
#
# Chapter 00 scaled the wines by their smallest and largest values, and peeked at the test wines on the way. A single odd wine could also set the scale alone. The usual remedy for both is to **standardise**: subtract the column's mean and divide by its standard deviation, *both measured on the training set*.
#
# $$\mu_j = \frac{1}{N}\sum_i x_{ij} \qquad \sigma_j = \sqrt{\frac{1}{N}\sum_i (x_{ij} - \mu_j)^2} \qquad x'_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j}$$
#
# The test set is the future. Nothing may be measured on it, not even a mean.

# %% [markdown]
# ### 01.standardize · Standardise by the training set
#
# ●●○ · about 10 minutes · 2 points · the first line of nearly every honest experiment
#
# Write `standardize(train, test)`, two tables of shapes (N, D) and (M, D). Return both, `(train, test)`, scaled by the **training** set's mean and standard deviation of each column (`x.std(axis=0)`, which divides by N).
#
# A column is *constant* when its largest training value equals its smallest. Such a column becomes 0 in **both** tables, whatever the test set holds there. (Do not look for `std == 0`. The mean of a thousand times 14.62 is not quite 14.62 in floats, and then the std is not quite 0.)
#
# *Stuck? `hint("01.standardize")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-standardize", "locked": false, "schema_version": 3, "solution": true}
def standardize(train, test):
    """Shift and scale both tables by the training set's column means and standard deviations.

    train: (N, D). test: (M, D). Returns (train, test), new float arrays; columns constant in train become 0.
    """
    ### BEGIN SOLUTION
    mean = train.mean(axis=0)
    constant = train.max(axis=0) == train.min(axis=0)
    std = np.where(constant, 1.0, train.std(axis=0))
    scaled = [np.where(constant, 0.0, (table - mean) / std) for table in (train, test)]
    return scaled[0], scaled[1]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-standardize-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("01.standardize", standardize)

# %% [markdown]
# **Predict, then run.** 569 breast tumours, thirty measurements each under the microscope, 0 for malignant and 1 for benign. The label of the nearest training case is the guess. Will standardising help, and by how much? (Always saying "benign" is right for 62 %.)

# %%
from sklearn.datasets import load_breast_cancer

tumours = load_breast_cancer()
order = np.random.default_rng(5).permutation(569)
learn, judge = order[:400], order[400:]
cells, benign = tumours.data, tumours.target  # (569, 30), (569,)

with needs("01.standardize", "01.pairwise_sq_distances"):
    versions = {"as measured": (cells[learn], cells[judge]), "standardised": standardize(cells[learn], cells[judge])}
    print(f"always benign    {benign[judge].mean():.1%}")
    for name, (known, new) in versions.items():
        guess = benign[learn][pairwise_sq_distances(new, known).argmin(axis=1)]
        print(f"{name:16} {np.mean(guess == benign[judge]):.1%}")

# %% [markdown]
# # Part II · Slopes
#
# ## 5 · Which way is down?
#
# Learning, from chapter 03 on, is a walk downhill: a number says how wrong we are, and every parameter is moved a little in the direction in which that number falls. So we need to know, for each parameter, *if it grows by a hair, how much does the result grow?* That is the **slope**, the derivative, and you can simply try it out: nudge to the right, nudge to the left, rise over run.
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + \varepsilon e_i) - f(x - \varepsilon e_i)}{2\,\varepsilon}$$
#
# Here $e_i$ is 1 at place i and 0 elsewhere: one element is nudged, all others stay. The slopes of all elements together, in an array of the same shape as x, are the **gradient**.

# %% [markdown]
# ### 01.numerical_gradient · Slopes by nudging
#
# ●●○ · about 12 minutes · 2 points · it will judge every gradient that you derive on paper
#
# Write `numerical_gradient(f, x, eps=1e-5)`. `f` takes an array like `x` and returns one number. Return an array of the shape of `x` with the two-sided slope for each element. `x` may have any shape, also `()`, a single number; it may hold whole numbers; and it must be left exactly as it was.
#
# `for i in np.ndindex(x.shape):` visits every place of an array of any shape; `x[i]` is the element there.
#
# *Stuck? `hint("01.numerical_gradient")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-numerical_gradient", "locked": false, "schema_version": 3, "solution": true}
def numerical_gradient(f, x, eps=1e-5):
    """Two-sided differences: how fast f grows with each element of x.

    f: array → number. x: array of any shape, left as it was. Returns an array of x's shape.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)  # a copy, in floats
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps
        below = f(x)
        x[i] = old
        grad[i] = (above - below) / (2 * eps)
    return grad
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-numerical_gradient-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("01.numerical_gradient", numerical_gradient)

# %% [markdown]
# **Predict, then run.** We start with a picture of pure noise, and walk downhill. What must become small is the mean squared distance from our picture to all the threes in the training set. What will the picture look like at the end?

# %%
with needs("01.numerical_gradient"):
    threes = x_train[y_train == 3]

    def far_from_threes(picture):
        """Mean squared distance to all threes; picture (64,) → one number."""
        return ((threes - picture) ** 2).sum(axis=1).mean()

    picture = np.random.default_rng(0).uniform(0, 1, 64)
    fig, axes = plt.subplots(1, 6, figsize=(9, 2))
    for step in range(26):
        if step % 5 == 0:
            show_digit(axes[step // 5], picture, f"step {step}\nf = {far_from_threes(picture):.2f}")
        picture = picture - 0.08 * numerical_gradient(far_from_threes, picture)  # downhill: against the slope
    fig.tight_layout()
    plt.show()
    print("largest difference to the average three:", np.abs(picture - threes.mean(axis=0)).max().round(4))

# %% [markdown]
# *How to read this:* the same picture after 0, 5, … 25 steps; f is its mean squared distance to the threes.
#
# It became the *average* three. Nobody computed an average: 64 slopes, a small step against each, again and again. That is **gradient descent**, and the lowest point of a mean squared distance is the mean. It also cost 128 evaluations of f per step. For a network with a million weights that would be two million forward passes per step, and that is why chapter 03 exists.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "The smaller the step, the more exact the derivative."
#
# We know the slope of exp at 1: it is e. So we can measure the error of the nudge for every ε, from 0.1 down to 10⁻¹⁵.
#
# **Predict, then run.** Sketch the error against ε, both axes logarithmic. Where is it smallest?

# %%
with needs("01.numerical_gradient"):
    steps = np.logspace(-15, -1, 57)
    one = np.array(1.0)
    two_sided = [abs(float(numerical_gradient(np.exp, one, eps)) - np.e) for eps in steps]
    one_sided = [abs((np.exp(1 + eps) - np.exp(1)) / eps - np.e) for eps in steps]

    fig, ax = plt.subplots(figsize=(7.5, 3.4))
    ax.loglog(steps, np.maximum(one_sided, 1e-13), "C1--", label="one-sided, (f(x+ε) − f(x)) / ε")
    ax.loglog(steps, np.maximum(two_sided, 1e-13), "k", label="two-sided, yours")
    ax.axvline(1e-5, color="0.6", linestyle=":")
    ax.text(1.3e-5, 0.02, "ε = 1e-5", color="0.3")
    ax.set(title="Error of a measured slope", xlabel="step ε", ylabel="absolute error")
    ax.legend(loc="lower left")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* from right to left the step shrinks. At first the error falls, for the two-sided slope twice as steeply. Then it climbs again.
#
# Two enemies. The curve bends within a large step. And within a tiny one f(x+ε) and f(x−ε) agree in nearly all their sixteen digits, so that their difference is mostly rounding. Around 10⁻⁵ both are small. Smaller is not better.
#
# ## 6 · How surprising is a number?
#
# The first of the thirty tumour measurements is the mean radius of the cell nuclei (the data set does not name its unit). Suppose a colleague says: "malignant radii lie around μ, give or take σ", a **bell curve** or *normal distribution*. Its density is
#
# $$p(x) = \frac{1}{\sqrt{2\pi}\,\sigma}\; e^{-\frac12 \left(\frac{x - \mu}{\sigma}\right)^2}$$
#
# How well does the claim fit the data? By how *surprised* it is: −log p(x), averaged over all x. A likely value is a small surprise. The average is called the **negative log-likelihood**.

# %% [markdown]
# ### 01.gaussian_nll · Surprise under a bell curve
#
# ●○○ · about 7 minutes · 1 point · regression, autoencoders, and the squared error in disguise
#
# Take −log of the density on paper, where exp disappears. Three terms remain. Then write `gaussian_nll(x, mu, sigma)`: σ is the **standard deviation**, the logarithm is natural, and the constant ½ log 2π belongs in. `mu` and `sigma` may be numbers or arrays; NumPy stretches (*broadcasts*) them and `x` to a common shape. Return the mean over **all** elements of that shape, one number.
#
# *Stuck? `hint("01.gaussian_nll")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-gaussian_nll", "locked": false, "schema_version": 3, "solution": true}
def gaussian_nll(x, mu, sigma):
    """Mean of −log N(x; mu, sigma²).

    x, mu, sigma: numbers or arrays that broadcast; sigma > 0 is the standard deviation. Returns a float, in nats.
    """
    ### BEGIN SOLUTION
    z = (x - mu) / sigma
    return float(np.mean(0.5 * z**2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-gaussian_nll-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("01.gaussian_nll", gaussian_nll)

# %% [markdown]
# Two tools together: your slopes walk downhill on your surprise. The parameters are μ and log σ (the logarithm keeps σ positive whatever the walk does). We begin with a bad claim, μ = 10 and σ = 3.
#
# **Predict, then run.** Where will μ and σ end? You could compute both numbers with one NumPy call each.

# %%
radius = cells[learn, 0]
malignant_radius = radius[benign[learn] == 0]

with needs("01.numerical_gradient", "01.gaussian_nll"):
    claim = np.array([10.0, np.log(3.0)])  # mu, log sigma
    walk = [claim]
    for _ in range(100):
        claim = claim - np.array([3.0, 0.1]) * numerical_gradient(  # step lengths, one for μ and one for log σ
            lambda c: gaussian_nll(malignant_radius, c[0], np.exp(c[1])), claim
        )
        walk.append(claim)
    print(f"walked downhill   mu {claim[0]:.3f}   sigma {np.exp(claim[1]):.3f}")
    print(f"mean and std      mu {malignant_radius.mean():.3f}   sigma {malignant_radius.std():.3f}")

    grid = np.linspace(3, 32, 400)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.2))
    left.plot([gaussian_nll(malignant_radius, c[0], np.exp(c[1])) for c in walk], "k")
    left.set(title="Mean surprise on the way", xlabel="step", ylabel="negative log-likelihood (nats)")
    right.hist(malignant_radius, bins=20, density=True, color="0.85", edgecolor="0.5", label="malignant tumours")
    for c, style, name in [(walk[0], "C1--", "first claim"), (claim, "k", "after 100 steps")]:
        curve = np.exp([-gaussian_nll(r, c[0], np.exp(c[1])) for r in grid])
        right.plot(grid, curve, style, label=name)
    right.set(title="The claim and the data", xlabel="mean radius of the nuclei", ylabel="density", xlim=(3, 32))
    right.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* left, the surprise falls as the walk goes on; right, grey bars are the data, the dashed curve the first claim, the solid one the last.
#
# The least surprising bell curve has the data's own mean and standard deviation. And look at the formula once more: with σ fixed, only ½ (x − μ)² / σ² depends on μ. **Minimising a squared error is maximising likelihood under a bell curve.** Whoever uses the one believes, a little, in the other.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** Two forecasts say "20° ± 1" and "20° ± 5". The day brings 20°. Which one is less surprised, and which one on a day that brings 27°?
#
# <details><summary>Answer</summary>
#
# On the first day ± 1: its curve is five times higher in the middle (the log σ term is smaller). On the second day ± 5: 27° is seven standard deviations away for one and 1.4 for the other. The log σ term makes caution cost something, the squared term makes overconfidence cost more.
#
# </details>

# %% [markdown]
# # Part III · Chances
#
# ## 7 · What to believe after a test
#
# One person in a hundred has an illness. A test finds 90 % of the ill, and gives a false alarm for 9 % of the healthy. Your test says *alarm*.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "The test is right in nine cases of ten. So with an alarm, I am ill with a probability of 90 %."
#
# **Predict, then run.** Write down your own number. Then we test a hundred thousand people, and count.

# %%
rng = np.random.default_rng(0)
ill = rng.random(100_000) < 0.01
alarm = rng.random(100_000) < np.where(ill, 0.90, 0.09)
print(f"people with an alarm      {alarm.sum():6}")
print(f"of those, really ill      {(alarm & ill).sum():6}   that is {ill[alarm].mean():.1%}")

# %% [markdown]
# Nine percent. Nearly everybody is healthy, so even a small share of false alarms among *them* is a crowd, and the few true alarms drown in it. What was confused is P(alarm | ill), which is 90 %, and P(ill | alarm). **Bayes' rule** leads from one to the other:
#
# $$P(\text{ill} \mid \text{alarm}) = \frac{P(\text{alarm} \mid \text{ill})\; P(\text{ill})}{P(\text{alarm})} \qquad\qquad \text{posterior} \propto \text{likelihood} \times \text{prior}$$
#
# The bottom is the sum of the top over all possibilities (ill, healthy), so that the posterior sums to 1. Move the sliders and count the people yourself.

# %% tags=["demo"]
from dlcourse_utils.widgets.medical_test import medical_test_explorer

medical_test_explorer()

# %% [markdown]
# *How to read this:* every mark is one of a thousand people. Left of the dashed line are those with an alarm: squares are ill, triangles are not. How rare must the illness be until an alarm means next to nothing? How few false alarms are needed until it means 50 %?
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/medical_test_explorer.png" alt="A thousand marks: 9 ill people with an alarm, 89 healthy ones with an alarm, 1 missed, 901 healthy without."></details>

# %% [markdown]
# ### 01.bayes_posterior · Bayes' rule
#
# ●●○ · about 8 minutes · 2 points · classifiers, language models and spam filters are posteriors
#
# Write `bayes_posterior(prior, likelihood)` for K possibilities: both arrays are (K,), `prior[k]` is what you believed before, `likelihood[k]` the probability (or density) of what you saw if k is true. Return the posterior, (K,), which sums to 1.
#
# It must work when the likelihoods are tiny, down to 5·10⁻³²⁴, the smallest number above 0 that a float can hold. Then prior × likelihood rounds to 0. Only *ratios* count, though, and logarithms have no such end. At least one product is above 0 on paper; single zeros are allowed.
#
# *Stuck? `hint("01.bayes_posterior")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-bayes_posterior", "locked": false, "schema_version": 3, "solution": true}
def bayes_posterior(prior, likelihood):
    """Belief after the evidence: prior × likelihood, normalised.

    prior, likelihood: (K,), not negative. Returns (K,), summing to 1.
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore"):  # log 0 = -inf is what we want
        log_joint = np.log(prior) + np.log(likelihood)
    joint = np.exp(log_joint - log_joint.max())
    return joint / joint.sum()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-bayes_posterior-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("01.bayes_posterior", bayes_posterior)

# %% [markdown]
# Now a real diagnosis. From the training tumours come two bell curves for the radius, malignant and benign, and a prior: the share of malignant ones. For a new tumour the curves give two likelihoods, and your rule weighs them.

# %%
with needs("01.bayes_posterior", "01.gaussian_nll"):
    curves = [(radius[benign[learn] == k].mean(), radius[benign[learn] == k].std()) for k in (0, 1)]
    prior = np.array([np.mean(benign[learn] == k) for k in (0, 1)])
    print("the test above: ", bayes_posterior(np.array([0.01, 0.99]), np.array([0.90, 0.09])).round(3))

    def believe(r):
        """P(malignant), P(benign) for a mean radius r."""
        return bayes_posterior(prior, np.array([np.exp(-gaussian_nll(r, mu, sigma)) for mu, sigma in curves]))

    guesses = np.array([believe(r).argmax() for r in cells[judge, 0]])
    print(f"always benign    {benign[judge].mean():.1%}")
    print(f"Bayes, radius    {np.mean(guesses == benign[judge]):.1%}")

    grid = np.linspace(6, 28, 200)
    fig, (upper, lower) = plt.subplots(2, 1, figsize=(7.5, 4.2), sharex=True)
    for k, style, name in [(0, "C3-", "malignant"), (1, "C0--", "benign")]:
        upper.plot(grid, [prior[k] * np.exp(-gaussian_nll(r, *curves[k])) for r in grid], style, label=name)
    upper.set(title="Prior × likelihood, and the posterior", ylabel="prior × density")
    upper.legend()
    lower.plot(grid, [believe(r)[0] for r in grid], "k")
    lower.axhline(0.5, color="0.7", linewidth=0.8)
    lower.set(xlabel="mean radius of the nuclei", ylabel="P(malignant | radius)", ylim=(-0.03, 1.03))
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* above, the two bell curves, each multiplied by its prior; below, the share that "malignant" has of their sum. Where the curves cross, belief is at one half.
#
# One measurement of thirty, two averages, two spreads, and Bayes' rule. Look at the *shape* of the lower curve: from near 0 to 1 in an S. If both bell curves had the same width, it would be exactly the function that returns in chapter 02 under the name of sigmoid.
#
# At the far left it turns up again. The malignant curve is the wider one, so far out, on *either* side, it wins. Nobody should believe that tiny nuclei are a bad sign: there were hardly any in the data, and a bell curve has an opinion everywhere. A model is only as good as its assumptions, most of all where it has seen nothing.
#
# ## 8 · Causes and effects
#
# The lawn is wet. Did it rain, or did the sprinkler run? With two answers and several causes, Bayes' rule becomes a small machine. A **Bayesian network** lists for each variable its *parents* (what it depends on directly) and a table of probabilities. This one is a classic:

# %%
sprinkler_network = {
    # name: (parents, table); a table's axes are the parents in that order, and last the variable's own states
    "rain": ((), np.array([0.8, 0.2])),  # no, yes
    "sprinkler": ((), np.array([0.7, 0.3])),  # runs by a clock, whatever the weather
    "wet": (("sprinkler", "rain"), np.array([[[0.98, 0.02], [0.10, 0.90]], [[0.10, 0.90], [0.01, 0.99]]])),
}
parents, table = sprinkler_network["wet"]
print("P(wet | sprinkler on, no rain) =", table[1, 0, 1])

# %% [markdown]
# States are numbered: 0 for no, 1 for yes. A *world* fixes a state for every variable, say rain 1, sprinkler 0, wet 1. Its probability is the product of one entry of each table:
#
# $$P(\text{world}) = \prod_{v} P(v \mid \text{parents of } v)$$
#
# Every question is answered in the same way. Go through all worlds. Forget those that contradict what was seen. Add up the others by the state of the variable you asked about. Divide by the sum.

# %% [markdown]
# ### 01.bayes_net_query · Ask a Bayesian network
#
# ●●● · about 25 minutes · 3 points · reasoning with chances, in its purest form
#
# Write `bayes_net_query(network, query, evidence)`. `network` is a dict as above, in any order (children may stand before their parents), with any number of states per variable. `query` is a name, `evidence` a dict from names to states, such as `{"wet": 1}`; it may be empty. Return P(query | evidence), an array with one probability for each state of the query.
#
# The networks are small, a hundred worlds at most, so plain enumeration is fine: `itertools.product(range(2), range(3))` gives all pairs of states.
#
# *Stuck? `hint("01.bayes_net_query")`. Moving on is fine; only the sprinkler needs it.*

# %% nbgrader={"grade": false, "grade_id": "01-bayes_net_query", "locked": false, "schema_version": 3, "solution": true}
def bayes_net_query(network, query, evidence):
    """P(query | evidence) by going through all worlds.

    network: {name: (parents, table)}. query: a name. evidence: {name: state}.
    Returns (states of the query,), summing to 1.
    """
    ### BEGIN SOLUTION
    answer = np.zeros(network[query][1].shape[-1])
    for states in itertools.product(*(range(table.shape[-1]) for _, table in network.values())):
        world = dict(zip(network, states, strict=True))
        if any(world[name] != state for name, state in evidence.items()):
            continue
        p = 1.0
        for name, (parents, table) in network.items():
            p *= table[(*(world[parent] for parent in parents), world[name])]
        answer[world[query]] += p
    return answer / answer.sum()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-bayes_net_query-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("01.bayes_net_query", bayes_net_query)

# %% [markdown]
# **Predict, then run.** Rain has a probability of 20 %. You see that the lawn is wet: does rain become likelier? Then a neighbour tells you that the sprinkler was on. Up again, or down? And what if you learn about the sprinkler *without* having seen the lawn?

# %%
with needs("01.bayes_net_query"):
    for seen in [{}, {"wet": 1}, {"wet": 1, "sprinkler": 1}, {"sprinkler": 1}]:
        p_rain = bayes_net_query(sprinkler_network, "rain", seen)[1]
        words = ", ".join(f"{name} = {'yes' if state else 'no'}" for name, state in seen.items()) or "nothing seen"
        print(f"{words:32} P(rain) = {p_rain:.1%}")

# %% [markdown]
# The wet lawn speaks for rain. The sprinkler then *explains the wetness away*, and rain falls back nearly to where it began. Without the lawn, the sprinkler says nothing about rain at all: it runs by a clock. So two causes that have nothing to do with each other become connected once their common effect has been seen. Nobody programmed that; it lies in the sum over worlds.
#
# With thirty variables there would be a billion worlds. Much of machine learning is the art of avoiding that sum.
#
# ## 9 · What comes next?
#
# The last tools are about sequences. Here is *Pride and Prejudice*, reduced to 27 characters: small letters and the blank. The last twelve of its 61 chapters are kept aside.

# %%
chapters = load_austen().chapters
book = letters_only(" ".join(chapters[:49]))
held_out = letters_only(" ".join(chapters[49:]))
print(f"to learn from: {len(book):,} letters; held out: {len(held_out):,}")
print(book[:160])

# %% [markdown]
# **Predict, then run.** Which letters follow an *h*, mostly? Which follow a *q*? After which letters is the word most often over?
#
# A **Markov chain** answers such questions and knows nothing else: where it goes next depends only on where it is. It consists of *states* (here: letters) and a matrix P, where row i holds the probabilities of the next state, given that the present one is i. To *fit* it is to count.

# %% [markdown]
# ### 01.fit_markov_chain · A chain of letters
#
# ●●○ · about 15 minutes · 2 points · the grandfather of every language model
#
# Write `fit_markov_chain(text, order=1)`. The states are the text's overlapping pieces of `order` characters: for "abracadabra" and order 2 they are ab, br, ra, ac, … Return `(p, vocabulary)`:
#
# - `vocabulary`: all different states, sorted. There are V of them.
# - `p`, (V, V): `p[i, j]` is the share of the steps from state i that lead to state j, the state that begins one character later. Rows sum to 1.
#
# A state that occurs only at the very end of the text has no next one: its row is uniform, 1/V everywhere. The end does not run on into the beginning.
#
# *Stuck? `hint("01.fit_markov_chain")`. Moving on is fine; sections 10 and 11 will ask for it.*

# %% nbgrader={"grade": false, "grade_id": "01-fit_markov_chain", "locked": false, "schema_version": 3, "solution": true}
def fit_markov_chain(text, order=1):
    """Count which state follows which.

    text: a string of at least `order` characters. Returns (p, vocabulary): (V, V) with rows summing to 1, and the
    sorted list of the V states.
    """
    ### BEGIN SOLUTION
    grams = [text[i : i + order] for i in range(len(text) - order + 1)]
    vocabulary = sorted(set(grams))
    place = {gram: i for i, gram in enumerate(vocabulary)}
    counts = np.zeros((len(vocabulary), len(vocabulary)))
    for here, following in itertools.pairwise(grams):
        counts[place[here], place[following]] += 1
    counts[counts.sum(axis=1) == 0] = 1  # no successor: all equally likely
    return counts / counts.sum(axis=1, keepdims=True), vocabulary
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-fit_markov_chain-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("01.fit_markov_chain", fit_markov_chain)

# %%
with needs("01.fit_markov_chain"):
    p, states = fit_markov_chain(book)
    names = ["␣" if state == " " else state for state in states]

    fig, ax = plt.subplots(figsize=(6.4, 5.6))
    picture = ax.imshow(p, cmap="Greys", vmin=0, vmax=0.6)
    ax.set(title="What follows what in Pride and Prejudice", xlabel="next letter", ylabel="this letter")
    ax.set_xticks(range(len(states)), names)
    ax.set_yticks(range(len(states)), names)
    fig.colorbar(picture, label="probability of the next letter")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* each row is a letter, darker where a next letter is likelier; ␣ is the blank. Find the row of q, and the two letters after which a word mostly ends.
#
# Let the chain run: begin with a blank, draw the next letter from its row, go there, draw again.

# %%
with needs("01.fit_markov_chain"):
    for order in (1, 2):
        p, states = fit_markov_chain(book, order)
        rng = np.random.default_rng(1)
        at = states.index(" " if order == 1 else " t")
        written = states[at]
        for _ in range(160):
            at = rng.choice(len(states), p=p[at])
            written += states[at][-1]
        print(f"order {order}, {len(states)} states: {written}\n")

# %% [markdown]
# Not English. But with order 2 you can nearly pronounce it.
#
# ## 10 · The long run
#
# Suppose the chain writes for years. How often will it have written an *e*? You could let it run, or you could think. If π holds the share of each state in the long run, then one more step must not change it:
#
# $$\pi P = \pi \qquad \sum_i \pi_i = 1$$
#
# π is a *row*, (V,), and each step multiplies by P from the right. Such a π is called the **stationary distribution**.

# %% [markdown]
# ### 01.stationary_distribution · The long run
#
# ●●○ · about 12 minutes · 2 points · also the idea behind Google's first ranking of the web
#
# Write `stationary_distribution(p)`: `p` is (V, V) with rows summing to 1. Return π of shape (V,), which sums to 1. There is exactly one such π for the chains you get.
#
# Letting the chain run is one way, but beware: a chain may *swing* between two groups of states for ever, and it may move so rarely from one group to another that thousands of steps are not enough. Solving the equations is another way.
#
# *Stuck? `hint("01.stationary_distribution")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-stationary_distribution", "locked": false, "schema_version": 3, "solution": true}
def stationary_distribution(p):
    """The distribution that one step of the chain leaves as it is.

    p: (V, V), rows sum to 1. Returns (V,), not negative, summing to 1.
    """
    ### BEGIN SOLUTION
    n = len(p)
    equations = np.vstack([p.T - np.eye(n), np.ones(n)])  # (V + 1, V)
    right_side = np.append(np.zeros(n), 1.0)
    return np.linalg.lstsq(equations, right_side, rcond=None)[0]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-stationary_distribution-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("01.stationary_distribution", stationary_distribution)

# %% [markdown]
# **Predict, then run.** You have P, the matrix of what follows what. From P *alone*, without the book, your function computes how often each letter occurs in the long run. How close will it come to the frequencies counted in the book?

# %%
with needs("01.fit_markov_chain", "01.stationary_distribution"):
    p, states = fit_markov_chain(book)
    long_run = stationary_distribution(p)
    counted = np.array([book.count(state) for state in states]) / len(book)

    fig, ax = plt.subplots(figsize=(8.5, 2.9))
    ax.bar(range(len(states)), counted, color="0.8", edgecolor="k", label="counted in the book")
    ax.plot(range(len(states)), long_run, "kx", label="long run of the chain")
    ax.set_xticks(range(len(states)), ["␣" if state == " " else state for state in states])
    ax.set(title="How often each letter occurs", xlabel="letter", ylabel="share")
    ax.legend()
    fig.tight_layout()
    plt.show()
    print("largest difference:", np.abs(long_run - counted).max())

# %% [markdown]
# *How to read this:* bars are counted in the book, crosses come from the matrix alone. They agree: a text *is* a long run of its own chain, but for its two ends.
#
# ## 11 · The price of a wrong belief
#
# Back to the question of the chapter. A model that gives the letter which really comes the probability q is surprised by −log q. If it believes q while the truth is p, its mean surprise is larger than it need be. How much larger? By the **Kullback-Leibler divergence**:
#
# $$\mathrm{KL}(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}$$
#
# It is 0 when the belief is right, and never negative. With natural logarithms its unit is the *nat*; divided by log 2 it is *bits*.

# %% [markdown]
# ### 01.kl_divergence · The price of a wrong belief
#
# ●○○ · about 6 minutes · 1 point · cross-entropy, variational methods, and GANs are made of it
#
# Write `kl_divergence(p, q)` for two distributions of shape (K,), in nats. What never happens costs nothing: where p is 0, the term is 0, whatever q is. What was held impossible and happens costs everything: where p > 0 and q = 0, the answer is `inf`. No small number to be "safe".
#
# *Stuck? `hint("01.kl_divergence")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-kl_divergence", "locked": false, "schema_version": 3, "solution": true}
def kl_divergence(p, q):
    """Σ p log(p / q): extra surprise when q is believed and p is true.

    p, q: (K,), each summing to 1. Returns a float ≥ 0 in nats, possibly inf.
    """
    ### BEGIN SOLUTION
    happens = p > 0
    with np.errstate(divide="ignore"):
        return float(np.sum(p[happens] * np.log(p[happens] / q[happens])))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-kl_divergence-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("01.kl_divergence", kl_divergence)

# %% [markdown]
# **Predict, then run.** You are asked for the next letter, and somebody tells you the present one first. How much is that worth, in bits? It depends: below, for each letter, KL between *what follows this letter* and *letters in general*. Which letter tells you most? Which tells you least?

# %%
with needs("01.fit_markov_chain", "01.kl_divergence"):
    p, states = fit_markov_chain(book)
    general = np.array([book.count(state) for state in states]) / len(book)
    worth = np.array([kl_divergence(row, general) for row in p]) / np.log(2)  # bits

    order = np.argsort(-worth)
    fig, ax = plt.subplots(figsize=(8.5, 2.9))
    ax.bar(range(len(states)), worth[order], color="0.8", edgecolor="k")
    ax.set_xticks(range(len(states)), ["␣" if states[i] == " " else states[i] for i in order])
    ax.set(title="What a letter tells about the next one", xlabel="this letter", ylabel="bits")
    fig.tight_layout()
    plt.show()
    print(f"on average, weighted by how often each letter comes: {general @ worth:.2f} bits per letter")

# %% [markdown]
# *How to read this:* the taller the bar, the more a letter narrows down its successor. After a q there is hardly a question left: the q was worth more than five bits. After an r come letters as in English at large.
#
# Remember the average, **0.80 bits**. It will come back in a minute from a different side.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** A weather service gives rain 0 % for tomorrow. It rains. What is its KL divergence from the truth, and what does that teach a model that only counts what it has seen?
#
# <details><summary>Answer</summary>
#
# Infinite. One event that was held impossible outweighs all good forecasts together. A model that counts must leave something over for what it has not seen yet; that is called smoothing, and you need it in the milestone.
#
# </details>

# %% [markdown]
# ## 12 · Milestone: a model that writes
#
# Here is the one number: **bits per character**. Let a model read text that it has never seen. At every letter, note the probability q that it gave to the letter that came, and average −log₂ q. A model that writes like Austen is not surprised by Austen. Zip programs measure in the same unit: it is how many bits per letter are needed to store the text.
#
# **Predict, then run.** Two baselines. Somebody who knows only that there are 27 characters pays log₂ 27 for each. And somebody who knows how *frequent* each letter is?

# %%
ids_book = np.array([ALPHABET.index(c) for c in book])
ids_held_out = np.array([ALPHABET.index(c) for c in held_out])
frequency = np.bincount(ids_book, minlength=27) / len(ids_book)
uniform_bits = np.log2(27)
frequency_bits = -np.log2(frequency[ids_held_out]).mean()
print(f"all 27 equally likely      {uniform_bits:.2f} bits per character")
print(f"frequencies of letters     {frequency_bits:.2f}")

with needs("01.fit_markov_chain"):
    p, states = fit_markov_chain(book)
    given = p[ids_held_out[:-1], ids_held_out[1:]]  # what the chain gave to each letter that came
    impossible = given == 0
    rest = -np.log2(given[~impossible]).mean()
    print(f"one letter of memory        inf: {impossible.sum()} of {len(given):,} steps were held impossible")
    print(f"   without those steps     {rest:.2f}, that is {frequency_bits - rest:.2f} less than the frequencies")

# %% [markdown]
# There it is again: knowing one letter saves 0.8 bits, the average KL that you computed without looking at a single held-out letter. But the honest score of the chain is *infinite*. A handful of steps never occurred in 49 chapters, and it held them impossible.
#
# Now a longer memory: **two** letters. With *th* behind you, you know more than with *h* alone. There are 27³ = 19,683 triples of letters, and most of them never occur in the book. Some will occur in the next one. So no count may start at 0: add a little to each, say 0.1 or 1, *before* you divide. A triple that was never seen then gets a small probability, and no surprise is infinite. This is called **smoothing**.

# %% [markdown]
# ### 01.milestone_letter_model · Milestone: a model that writes
#
# ●●● · about 25 minutes · 3 points · the first language model you build
#
# Write `letter_model(text, vocabulary)`. `vocabulary` is a string of V different characters, such as `ALPHABET`; all of `text` is made of them, and some may not occur in it. Return `model`, an array of shape (V, V, V):
#
# `model[a, b, c]` is the probability that character number c comes next, after number a and then number b (so b is the newer of the two). Numbers are places in `vocabulary`, in the order given. **Each row `model[a, b]` sums to 1, and no entry is 0.**
#
# **To reach:** trained on 30,000 letters, at most 2.95 bits per character on chapters that only the check has. One letter of memory needs 3.3; counts of triples that start at 0.1 need about 2.7.
#
# *Stuck? `hint("01.milestone_letter_model")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "01-milestone_letter_model", "locked": false, "schema_version": 3, "solution": true}
def letter_model(text, vocabulary):
    """Smoothed probabilities of the next character, given the last two.

    text: a string. vocabulary: a string of V different characters, its order numbers them.
    Returns (V, V, V): [older, newer, next]; rows along the last axis sum to 1 and have no zero.
    """
    ### BEGIN SOLUTION
    place = {c: i for i, c in enumerate(vocabulary)}
    ids = np.array([place[c] for c in text])
    counts = np.full((len(vocabulary),) * 3, 0.1)
    np.add.at(counts, (ids[:-2], ids[1:-1], ids[2:]), 1)
    return counts / counts.sum(axis=2, keepdims=True)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "01-milestone_letter_model-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("01.milestone_letter_model", letter_model)

# %% [markdown]
# Your model on the whole book, judged on the twelve chapters it has not read, beside the baselines. And then it writes.

# %%
with needs("01.milestone_letter_model"):
    model = letter_model(book, ALPHABET)  # (27, 27, 27)
    your_bits = -np.log2(model[ids_held_out[:-2], ids_held_out[1:-1], ids_held_out[2:]]).mean()
    print(f"all 27 equally likely      {uniform_bits:.2f} bits per character")
    print(f"frequencies of letters     {frequency_bits:.2f}")
    print(f"your model                 {your_bits:.2f}\n")

    rng = np.random.default_rng(7)
    written = "it is a truth "
    for _ in range(100):
        a, b = ALPHABET.index(written[-2]), ALPHABET.index(written[-1])
        written += ALPHABET[rng.choice(27, p=model[a, b])]
    print(written)

# %% [markdown]
# From 4.75 bits to about 2.56, with nothing but counting. It has learned that words have vowels, that *q* wants *u*, that *the* and *ing* exist. It has learned no word's meaning, and no sentence ever ends well.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "A longer memory always makes a better model."
#
# Then let us remember three letters, four, five, six. The tables would become too large, so this cell counts only the pieces that occur, in a dict, and adds 0.1 to every count, as you may have done.
#
# **Predict, then run.** Two curves: bits on the *training* text and bits on the *held-out* chapters, for memories of 0 to 6 letters. Draw both before you look.

# %% tags=["demo"]
from collections import Counter


def count_pieces(text, memory):
    """How often each piece of memory + 1 letters occurs, and each piece of `memory` letters as a beginning."""
    pieces = Counter(text[i : i + memory + 1] for i in range(len(text) - memory))
    beginnings = Counter()
    for piece, count in pieces.items():
        beginnings[piece[:-1]] += count
    return pieces, beginnings


def bits_per_character(text, memory, pieces, beginnings):
    """Mean surprise of the smoothed counts on `text`, in bits."""
    windows = Counter(text[i : i + memory + 1] for i in range(len(text) - memory))
    bits = [-n * np.log2((pieces[w] + 0.1) / (beginnings[w[:-1]] + 2.7)) for w, n in windows.items()]
    return sum(bits) / (len(text) - memory)


memories, on_training, on_held_out = range(7), [], []
for memory in memories:
    counted = count_pieces(book, memory)
    on_training.append(bits_per_character(book, memory, *counted))
    on_held_out.append(bits_per_character(held_out, memory, *counted))

fig, ax = plt.subplots(figsize=(7.5, 3.6))
ax.plot(memories, on_training, "ko--", label="on the chapters it has read")
ax.plot(memories, on_held_out, "C1s-", label="on the chapters it has not read")
for memory, bits in zip(memories, on_held_out, strict=True):
    ax.annotate(f"{bits:.2f}", (memory, bits), xytext=(0, 7), textcoords="offset points", ha="center")
ax.set(title="Longer memories", xlabel="letters of memory", ylabel="bits per character", ylim=(1, 4.6))
ax.legend()
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* squares, with their numbers, are the honest judgement; circles the flattering one.
#
# On its own chapters the model only gets better. On new ones it is best with four letters, and then it gets **worse**: with six letters of memory one piece in six is new to it, and each of those is expensive. It has learned its own book by heart. This gap has a name, **overfitting**, and from here on you will meet it in every chapter. Held-out data shows it; training data never does.
#
# What would it take to use a longer memory well? A model that knows that *gentleman* and *lady* are used alike, so that it can guess about pieces it has never seen. That is what networks learn; chapter 08 comes back to this book, with these numbers to beat.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** A model needs 2.0 bits per character on the book it was trained on and 3.1 on another novel of the same author. What has happened, and which number do you report?
#
# <details><summary>Answer</summary>
#
# It has learned its own book by heart to some extent: it overfits. Report 3.1, the number on text it has not seen, with a baseline beside it.
#
# </details>

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** Why is the surprise −log q and not, say, 1 − q?
#
# <details><summary>Answer</summary>
#
# Two independent events have the probability q₁ · q₂, and −log turns that into a sum: surprises add up over a text. And −log goes to infinity as q goes to 0, so whoever excludes what then happens pays without limit; 1 − q never costs more than 1.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | tool | shapes | used for |
# |---|---|---|
# | `affine` | (N, D) → (N, M) | every layer |
# | `pairwise_sq_distances` | (N, D), (M, D) → (N, M) | nearest neighbours: 98.3 % of the digits |
# | `one_hot` | (N,) → (N, k) | counting and sorting by a matrix product |
# | `standardize` | two tables | features on one scale, no peeking |
# | `numerical_gradient` | as x | walking downhill; checking derivatives |
# | `gaussian_nll` | → number | surprise; squared error in disguise |
# | `bayes_posterior`, `bayes_net_query` | (K,) → (K,) | from effects back to causes |
# | `fit_markov_chain`, `stationary_distribution` | (V, V), (V,) | sequences and their long run |
# | `kl_divergence` | (K,), (K,) → number | the price of a wrong belief |
#
# Next: [chapter 02](../02_neurons_and_losses/02_neurons_and_losses.ipynb), where weighted sums learn to bend.

# %% [markdown]
# ## Go further
#
# - C. Shannon, [*Prediction and entropy of printed English*](https://archive.org/details/bstj30-1-50), 1951: people guess the next letter, and English turns out to hold about one bit per character. Your 2.56 or so has some way to go.
# - D. MacKay, [*Information Theory, Inference, and Learning Algorithms*](https://www.inference.org.uk/mackay/itila/book.html), 2003: chances, surprise and learning as one story; free to read.
# - M. Deisenroth, A. Faisal, C. S. Ong, [*Mathematics for Machine Learning*](https://mml-book.github.io/), 2020: when a section here was too quick.
# - A. A. Markov, *An example of statistical investigation of the text Eugene Onegin*, 1913: the first Markov chain was made of 20,000 letters, counted by hand.
# - G. Gigerenzer, *Reckoning with Risk*, 2002: why doctors get the test question wrong, and how counting people cures it.
# - 3Blue1Brown, [*Essence of linear algebra*](https://www.3blue1brown.com/topics/linear-algebra): matrices as movements.
