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
# # 00 · Start here
#
# **The question of this chapter: three growers, 178 wines, thirteen numbers measured in each. A machine tells who made which, and is often wrong. Then we change nothing but the *units* of the numbers, and it is nearly always right. What happened?**
#
# In about ten minutes you will have written the three lines that make the difference, and a green card will say so. After that comes the map: what deep learning is, where it came from, and what you will build in each chapter. In the end you write a machine that learns to read digits, all of it, in six lines.
#
# About an hour. You need some Python; NumPy you can pick up on the way.

# %% [markdown]
# This page is a *notebook*: text, and cells with code. Click on the cell below and press **Shift + Enter**. It runs, what it prints appears underneath, and you move on to the next cell. Run them all, from top to bottom; whatever you change, nothing can break.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_wine
from sklearn.neighbors import NearestCentroid

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_digits_split

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

wine = load_wine()
x, grower = wine.data, wine.target
print("x", x.shape, "  grower", grower.shape)
for column in [0, 6, 7, 12]:
    print(f"{wine.feature_names[column]:22} from {x[:, column].min():8.2f} to {x[:, column].max():8.2f}")

# %% [markdown]
# `x` is a table, an *array* in NumPy's language, with the shape `(178, 13)`. Each **row** is one wine, a *sample*. Each **column** is one measurement, a *feature*; four of the thirteen are shown. `grower` holds, for each wine, who made it: 0, 1 or 2. That is its *label*.
#
# How could a machine find out who made a wine that it has never tasted? A simple idea: compute the average wine of each grower. Then ask which of the three averages is **nearest** to the new wine, as the crow flies, in thirteen dimensions. One hundred wines are there to learn from, 78 are kept aside as a test.

# %% [markdown]
# **Predict, then run.** Somebody who always names the most common grower is right for 44 of 100 test wines. Write down how many of 100 the nearest average gets right.

# %%
order = np.random.default_rng(9).permutation(178)
train, test = order[:100], order[100:]

machine = NearestCentroid().fit(x[train], grower[train])  # learns three average wines
raw_share = machine.score(x[test], grower[test])
print(f"always the most common grower   {np.bincount(grower[test]).max() / len(test):.0%}")
print(f"nearest average wine            {raw_share:.0%}")

# %% [markdown]
# Better than guessing, and not good. Which of the thirteen features does it listen to? A squared distance adds up thirteen squared differences. Here is how much each one contributes, for a typical pair of wines.

# %%
a, b = np.random.default_rng(0).permutation(178)[:100].reshape(2, 50)
contributions = ((x[a] - x[b]) ** 2).mean(axis=0)

fig, ax = plt.subplots(figsize=(8, 3.6))
ax.barh(wine.feature_names, contributions / contributions.sum(), color="0.75", edgecolor="k")
ax.invert_yaxis()
ax.set(title="Who has a say in the distance between two wines?", xlabel="share of the squared distance", xlim=(0, 1))
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* one bar per feature, its average share of the squared distance; together they are 1.
#
# One feature does all the talking. Not because proline matters most, but because it is counted in milligrams per litre and reaches 1680, while the others stay below 170. Twelve careful measurements are thrown away by a unit. **You will mend that now.**

# %% [markdown]
# ### 00.scale_to_unit · Columns from 0 to 1
#
# ●○○ · about 5 minutes · 1 point · your first green card; nearly every data set needs something like it
#
# Write `scale_to_unit(x)`. It takes a table of shape (N, D), N rows and D columns, and returns a new one in which **every column** reaches from 0 (its smallest value) to 1 (its largest):
#
# $$x'_{ij} = \frac{x_{ij} - \min_j}{\max_j - \min_j}$$
#
# where min and max are taken down column j. If all values of a column are equal, it becomes all zeros (so a table with one row becomes zeros). Leave the caller's `x` as it was.
#
# *How it works:* replace `raise NotImplementedError()` in the next cell by your code and run the cell. Then run the cell below it, which checks your function with numbers it has just drawn. Stuck? The card has a button for hints, or write `hint("00.scale_to_unit")`. Moving on without it is always allowed.

# %% nbgrader={"grade": false, "grade_id": "00-scale_to_unit", "locked": false, "schema_version": 3, "solution": true}
def scale_to_unit(x):
    """Scale each column to the range from 0 to 1.

    x: (N, D) array. Returns a new (N, D) array of floats; a constant column becomes 0.
    """
    # x.min() is the smallest number of the whole table.
    # x.min(axis=0) runs down the rows: one number per column, shape (D,).
    ### BEGIN SOLUTION
    low, high = x.min(axis=0), x.max(axis=0)
    spread = np.where(high > low, high - low, 1)
    return (x - low) / spread
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "00-scale_to_unit-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("00.scale_to_unit", scale_to_unit)

# %% [markdown]
# Green? Then your three lines meet the wines. (Not green? The card says which case fails and, when it recognises what happened, how to mend it. A red card is the normal state of a program that somebody is writing.)
#
# **Predict, then run.** The same machine, the same hundred wines to learn from, the same test. Only the table is scaled. How many will it get right?

# %%
with needs("00.scale_to_unit"):
    scaled = scale_to_unit(x)  # (178, 13)
    machine = NearestCentroid().fit(scaled[train], grower[train])
    print(f"in the original units   {raw_share:.0%}")
    print(f"scaled by your function {machine.score(scaled[test], grower[test]):.0%}")

# %% [markdown]
# All thirteen measurements have a say now. (A single split can be luck. Over forty random splits the machine gets 73 % in the original units and 96 % scaled, give or take 4 and 2. One more honest remark: we took smallest and largest over *all* wines, the test wines included. That is a little peek at the test. Chapter 01 does it cleanly.)

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "Units are a detail. The computer will sort it out."
#
# Take just two features, alcohol and flavanoids, and change the unit of alcohol only: as a share (0.13), in percent (13), per mille (130), and so on. The wine in the bottle stays the same.
#
# **Predict, then run.** Will the share of wines that lie nearest to their own grower's average change? Move the slider with the mouse, or with Tab and the arrow keys.

# %% tags=["demo"]
from dlcourse_utils.widgets.units import units_explorer

units_explorer()

# %% [markdown]
# *How to read this:* each mark is a wine, its shape says who grew it. Both axes have the same scale, because that is how a distance sees the world. Stars are the averages; a ring marks a wine that lies nearest to the wrong one. In large units the cloud collapses to a line, and one of the two measurements is lost.
# <details><summary>A still picture of it, for reading without a kernel</summary><img src="../stills/units_explorer.png" alt="178 wines by alcohol and flavanoids, three growers, three averages; rings mark the wines that lie nearest to a wrong one."></details>
#
# So the computer sorts out nothing. It takes your numbers at their word.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** A table of people has their height in metres and their yearly income in euros. You look for the most similar person to somebody, by distance. What will the answer depend on?
#
# <details><summary>Answer</summary>
#
# On income alone, in practice. Incomes differ by thousands, heights by tenths, and the squared distance adds the squares. Scale both columns, and height has a say.
#
# </details>

# %% [markdown]
# ## What just happened, in three words
#
# Nobody told the machine what grower 1's wine is like. There was no rule such as "if the alcohol is below 12.5 …". It looked at a hundred **examples** and computed something from them: three averages. That is **learning**, in the sense of this course: *numbers inside a program are set from examples, so that it does better on new ones.*
#
# The three words that are so often mixed up lie inside each other:

# %%
from dlcourse_utils.figures.fields import draw_fields

fig, ax = plt.subplots(figsize=(8.5, 4.2))
draw_fields(ax)
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* every box belongs to the box around it. In slanted type: things that belong to a box but not to the next one inside.
#
# Your wine machine is machine learning, and not deep: the thirteen features were chosen by chemists. A *deep* network is handed the raw thing, pixels, letters or sound, and builds its own features, layer upon layer, the later ones from the earlier ones. How all those layers can be set from examples at once is the heart of the story, and it took the field some forty years:

# %%
from dlcourse_utils.figures.timeline import draw_timeline

fig, ax = plt.subplots(figsize=(9.5, 6.3))
draw_timeline(ax)
fig.tight_layout()
plt.show()

# %% [markdown]
# *How to read this:* time runs to the right, true to scale; each dot is a step that the field still stands on, in brackets, where there is one, the chapter in which you build it. Grey: years when money and hope ran out.
#
# Three things to notice. The neuron is *old*: 1943, before there were programmable computers to speak of. The idea that makes deep networks learn, backpropagation, was known by 1986, and what was missing until 2012 was data and fast hardware more than ideas; the deep belief networks of 2006 brought the word "deep" back. And since 2012 the dots crowd.

# %% [markdown]
# ## What you will build
#
# | chapter | you write | and then you have |
# |---|---|---|
# | 01 Maths toolbox | distances, slopes, Bayes' rule, chains of letters | a model that writes (bad) Austen |
# | 02 Neurons and losses | activations, softmax, losses | a network that reads digits, from random neurons |
# | 03 Backprop | automatic differentiation | a network that *learns* to read them |
# | 04 Optimizers | momentum, RMSProp, Adam | five optimizers racing down a ravine |
# | 05 Training well | normalisation, dropout, honest evaluation | a medical diagnosis, judged fairly |
# | 06 PyTorch | the same in the tool that everyone uses | your network on a graphics card |
# | 07 Images | convolution, from scratch | a network that recognises clothes |
# | 08 Sequences | recurrent networks, LSTM | moods of reviews, better Austen, bicycle demand |
# | 09 Attention (in preparation) | a small GPT | spelling turned into pronunciation |
# | 10 GANs (in preparation) | two networks, one game | digits drawn from noise |

# %% [markdown]
# After that the road goes on to looking inside networks, learning from little data, and making them small and fast. The chapters build on each other in this order, and 01 can be used as a reference: if vectors, slopes and probabilities are old friends, skim it, do its exercises where you hesitate, and go on to 02.
#
# ## How large is a network?
#
# In newspapers networks are measured by their **parameters**: the numbers that are set from examples. Your wine machine has 3 · 13 = 39. Let us count those of the simplest neural network, the *multi-layer perceptron* (MLP). It is a chain of layers. Every neuron of a layer is connected with every neuron of the layer before:
#
# - each **connection** carries one number, its *weight*;
# - each **neuron that computes** has one number more, its *bias*. The inputs compute nothing, so they have none.

# %%
fig, ax = plt.subplots(figsize=(6.5, 3))
layers = [3, 4, 2]
heights = [np.linspace(-1, 1, n) * n / 4 for n in layers]
for i in range(2):
    for p in heights[i]:
        for q in heights[i + 1]:
            ax.plot([i, i + 1], [p, q], color="0.7", linewidth=1, zorder=1)
for i, name in enumerate(["3 inputs", "4 hidden neurons", "2 outputs"]):
    ax.plot([i] * layers[i], heights[i], "o" if i else "s", color="w", markeredgecolor="k", markersize=18, zorder=2)
    ax.text(i, -1.45, name, ha="center")
ax.text(0.5, 1.15, "3 · 4 weights\n+ 4 biases", ha="center")
ax.text(1.5, 1.15, "4 · 2 weights\n+ 2 biases", ha="center")
ax.set(xlim=(-0.4, 2.4), ylim=(-1.6, 1.5))
ax.axis("off")
plt.show()

# %% [markdown]
# *How to read this:* squares are inputs, circles are neurons, and each grey line is one weight. 12 + 4 + 8 + 2 = 26 parameters.

# %% [markdown]
# ### 00.mlp_parameter_count · Counting what a network learns
#
# ●○○ · about 5 minutes · 1 point · you will check every network's size with this
#
# Write `mlp_parameter_count(sizes)`. `sizes` is a list of layer widths: the inputs first, then the hidden layers, the outputs last, such as `[3, 4, 2]`. Return the number of parameters as a whole number: 26 for this one. A single width, `[5]`, has no layer and so 0 parameters. Leave the list as it was.
#
# *Stuck? `hint("00.mlp_parameter_count")`. Moving on is fine; only the next figure needs it.*

# %% nbgrader={"grade": false, "grade_id": "00-mlp_parameter_count", "locked": false, "schema_version": 3, "solution": true}
def mlp_parameter_count(sizes):
    """Count the weights and biases of a multi-layer perceptron.

    sizes: list of layer widths, inputs first, outputs last. Returns an int.
    """
    ### BEGIN SOLUTION
    total = 0
    for i in range(1, len(sizes)):
        fan_in, fan_out = sizes[i - 1], sizes[i]
        total += fan_in * fan_out + fan_out
    return total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "00-mlp_parameter_count-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("00.mlp_parameter_count", mlp_parameter_count)

# %% [markdown]
# **Predict, then run.** Five networks, three of them from the history books, AlexNet cut down to its fully connected layers. Guess the last one's parameters before you look: thousands, millions, billions?

# %%
with needs("00.mlp_parameter_count"):
    networks = {
        "a small network for the 13 wine features": [13, 8, 3],
        "a digit reader as in chapter 03": [64, 32, 10],
        "NETtalk reads English aloud, 1987": [203, 80, 26],
        "the deep belief network that read MNIST, 2006": [784, 500, 500, 2000, 10],
        "the last three layers of AlexNet, 2012": [9216, 4096, 4096, 1000],
    }
    counts = {name: mlp_parameter_count(sizes) for name, sizes in networks.items()}

    fig, ax = plt.subplots(figsize=(9, 2.9))
    ax.barh(list(counts), list(counts.values()), color="0.75", edgecolor="k")
    for row, count in enumerate(counts.values()):
        ax.text(count * 1.3, row, f"{count:,}", va="center")
    ax.invert_yaxis()
    ax.set(xscale="log", xlim=(50, 3e9), xlabel="parameters (each step of the axis is ten times more)")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* the axis is logarithmic, so equal steps multiply. AlexNet's last three layers alone hold 59 million numbers, each one set from examples. The language models of today have a thousand times more, or ten thousand. The way in which they are set is still the one of chapters 03 and 04.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** You double the width of every layer of a network, inputs and outputs included. What happens to the number of parameters?
#
# <details><summary>Answer</summary>
#
# It grows about fourfold. Each weight matrix has width times width entries, so those become four times as many; the biases only double, but there are few of them.
#
# </details>

# %% [markdown]
# ## Milestone: a machine that learns
#
# Until now the averages came from a library. Now you write the machine, and give it something that nobody has prepared: pictures. Here are ten of 1,797 scanned digits, 8×8 pixels each, laid out as rows of 64 numbers between 0 (paper) and 1 (ink). 1,437 are there to learn from (`x_train`), 360 are *held out* (`x_test`).

# %%
digits = load_digits_split(seed=0)
x_train, y_train = digits.x_train, digits.y_train
x_test, y_test = digits.x_test, digits.y_test


def show_digit(ax, pixels, title=""):
    """Draw 64 pixels as an 8×8 picture, dark ink on light paper."""
    ax.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    ax.set_title(title, fontsize=9)
    ax.axis("off")


fig, axes = plt.subplots(1, 10, figsize=(9, 1.3))
for ax, pixels, label in zip(axes, x_test, y_test, strict=False):
    show_digit(ax, pixels, f"label {label}")
plt.show()

# %% [markdown]
# *How to read this:* each picture is one row of `x_test`. Some are hard, for you as well.
#
# First, what is a good score? A number alone says nothing. It needs something beside it that it can beat: a **baseline**.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "It is right 90 % of the time, so it must have learned something."
#
# Here is a machine that answers the question "is this a 7?". It is one line long.
#
# **Predict, then run.** How often is it right?

# %%
says_seven = np.zeros(len(x_test), dtype=bool)  # it never looks at the picture: the answer is always "no"
print(f"right for {np.mean(says_seven == (y_test == 7)):.0%} of the digits; sevens found: {says_seven.sum()}")

# %% [markdown]
# Ninety percent, and it knows nothing at all. Nine digits in ten are no sevens. For a disease that one person in a thousand has, such a machine would be right 99.9 % of the time. **Whenever you hear a score, ask what the dullest possible answer would get.** In this course the baseline stands beside every number.
#
# For naming all ten digits, the dullest answer is one fixed digit, right in one case of ten. Can six lines of yours do better?

# %% [markdown]
# ### 00.milestone_nearest_mean · Milestone: a machine that learns
#
# ●●● · about 20 minutes · 3 points · learning, all of it, in a few lines
#
# Write `nearest_mean(x_train, labels, x)`. It gets N examples, `x_train` of shape (N, D), with their `labels` of shape (N,), whole numbers 0 … K−1, each of which occurs. And it gets M new samples, `x` of shape (M, D). It returns M labels, shape (M,):
#
# 1. **Learn.** For each class, average the examples that carry its label. That gives K means of shape (D,).
# 2. **Answer.** For each row of `x`, measure the distance to each of the K means: subtract, square, add up over the D features. The label is the number of the nearest mean.
#
# Loops are fine. No library does it for you this time.
#
# *Stuck? `hint("00.milestone_nearest_mean")` comes in five steps. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "00-milestone_nearest_mean", "locked": false, "schema_version": 3, "solution": true}
def nearest_mean(x_train, labels, x):
    """Label each sample by the class whose mean is nearest (Euclidean distance).

    x_train: (N, D) examples. labels: (N,) integers 0 … K−1. x: (M, D) new samples.
    Returns (M,) integers.
    """
    ### BEGIN SOLUTION
    columns = []
    for k in range(labels.max() + 1):
        mean = x_train[labels == k].mean(axis=0)  # (D,)
        columns.append(((x - mean) ** 2).sum(axis=1))  # (M,)
    return np.argmin(np.stack(columns, axis=1), axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "00-milestone_nearest_mean-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("00.milestone_nearest_mean", nearest_mean)

# %% [markdown]
# **Predict, then run.** How many of the 360 held-out digits will your machine read? To reach: 85 %.

# %%
with needs("00.milestone_nearest_mean"):
    answers = nearest_mean(x_train, y_train, x_test)  # (360,)
    print(f"always the most common digit   {np.bincount(y_test).max() / len(y_test):6.1%}")
    print(f"your machine                   {np.mean(answers == y_test):6.1%}")

    class_means = [x_train[y_train == k].mean(axis=0) for k in range(10)]
    wrong = np.flatnonzero(answers != y_test)[:10]
    fig, axes = plt.subplots(2, 10, figsize=(9.5, 2.9))
    for k, pixels in enumerate(class_means):
        show_digit(axes[0, k], pixels, f"mean {k}")
    for ax, i in zip(axes[1], wrong, strict=False):
        show_digit(ax, x_test[i], f"label {y_test[i]}\nsays {answers[i]}")
    fig.tight_layout()
    plt.show()

# %% [markdown]
# *How to read this:* above, all that the machine has learned: ten ghostly averages. Below, ten digits that it got wrong.
#
# Nine in ten, without a single rule about digits. You have built a machine that learns from examples, tested it on examples that it had never seen, and put a baseline beside it. All that follows does these same three things, with better machines.
#
# And the wines? The same function, unchanged, on another world.

# %%
with needs("00.scale_to_unit", "00.milestone_nearest_mean"):
    scaled = scale_to_unit(x)
    named = nearest_mean(scaled[train], grower[train], scaled[test])
    print(f"wines that your machine gives to the right grower: {np.mean(named == grower[test]):.0%}")

# %% [markdown]
# One look at its limits, because they are the reason for the rest of the course. What does the machine make of the *same* digits, moved by a single pixel to the right?
#
# **Predict, then run.** You would read a shifted digit just as well. Will it?

# %%
with needs("00.milestone_nearest_mean"):
    for pixels_moved in range(4):
        moved = np.zeros((len(x_test), 8, 8))
        moved[:, :, pixels_moved:] = x_test.reshape(-1, 8, 8)[:, :, : 8 - pixels_moved]
        share = np.mean(nearest_mean(x_train, y_train, moved.reshape(-1, 64)) == y_test)
        print(f"moved by {pixels_moved} pixels: {share:6.1%}")

# %% [markdown]
# It does not see shapes. It compares pixel with pixel, and when the ink has moved, everything is different. A machine that sees *strokes*, wherever they are, needs features that nobody has written down, built from the examples themselves. That is what deep networks do. Chapter 07 comes back to this experiment.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** Why was the machine tested on digits that had not been used for the averages?
#
# <details><summary>Answer</summary>
#
# Because we want to know how it does on *new* digits. On the examples it has learned from, any machine looks better than it is; one that simply memorised all examples would score 100 % there and might know nothing else.
#
# </details>

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** A friend's spam filter is right for 95 % of all mails. What do you ask before you congratulate?
#
# <details><summary>Answer</summary>
#
# What share of the mails is spam? If it is 5 %, then a filter that lets everything through is right for 95 % as well. And: were those mails new to the filter?
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | word | meaning | in code |
# |---|---|---|
# | sample, feature | a row, a column of the table | `x` of shape (N, D) |
# | label | the right answer for a sample | `y` of shape (N,) |
# | parameter | a number that is set from examples | a mean, a weight, a bias |
# | training set, test set | to learn from; to judge by, never to learn from | `x_train`, `x_test` |
# | baseline | what a dull method reaches | beside every score |
#
# Symbols and words are collected on the [notation page](../notation.ipynb). How checks, hints and your own copy of the course work is on the [welcome page](../welcome.ipynb). Next comes [chapter 01](../01_math_toolbox/01_math_toolbox.ipynb), the toolbox.

# %% [markdown]
# ## Go further
#
# - Y. LeCun, Y. Bengio, G. Hinton, [*Deep learning*](https://www.nature.com/articles/nature14539), Nature 521, 2015: the field in nine pages, by three of its founders.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), [chapter 1](https://www.deeplearningbook.org/contents/intro.html): the history, told at leisure.
# - J. Schmidhuber, [*Deep learning in neural networks: an overview*](https://arxiv.org/abs/1404.7828), 2014: who did what first, with nearly 900 references.
# - F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in the brain*, Psychological Review 65, 1958: where learning from examples began.
# - 3Blue1Brown, [*But what is a neural network?*](https://www.3blue1brown.com/lessons/neural-networks): twenty minutes of moving pictures that go well with chapters 02 and 03.
