# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Deep learning, from the inside
#
# Somebody shows a computer fifty handwritten digits, and a minute later it reads them all.
# Nobody told it what a 7 looks like. What happened in that minute?
#
# In this course you write every part of the answer yourself, in plain NumPy first: the neuron, the loss that says
# how wrong it is, and the few lines of calculus that tell each of its thousands of weights which way to move.
# You need some Python and a half-remembered derivative. The rest is here when you need it.

# %% [markdown]
# ## See it first
#
# Click on the cell below and press **Shift + Enter**. It runs, and the cursor moves on to the next one.

# %%
import matplotlib.pyplot as plt
from dlcourse_utils.data import load_mnist5k

data = load_mnist5k()
figure, axes = plt.subplots(2, 10, figsize=(10, 2.4))
for column in range(10):
    images = data.images[data.labels == column]
    axes[0, column].imshow(images[7], cmap="gray_r")
    axes[1, column].imshow(images.mean(axis=0), cmap="gray_r")
    axes[0, column].set_title(column)
for ax in axes.flat:
    ax.set(xticks=[], yticks=[])
axes[0, 0].set_ylabel("one")
axes[1, 0].set_ylabel("mean of 500")
plt.show()

# %% [markdown]
# *How to read this:* one handwritten digit of each kind above, the average of 500 of them below. Ink is dark.
#
# **A first prediction.** Suppose you call every new digit after the average it is closest to, pixel by pixel.
# How many out of 100 would you get right? Say a number, then run the next cell.

# %%
averages = data.images.reshape(10, 500, 784)[:, :400].mean(axis=1)  # the first 400 of each digit
unseen = data.images.reshape(10, 500, 784)[:, 400:]  # the last 100 of each
distances = ((unseen[:, :, None] - averages) ** 2).sum(axis=-1)  # (10 digits, 100 images, 10 averages)
right = (distances.argmin(axis=-1).T == range(10)).mean()
print(f"{100 * right:.0f} out of 100")

# %% [markdown]
# Not bad for something that knows nothing but ten averages. Can a network do better, on digits it has never seen?
# At the end of chapter 03 you will have measured it, with a network of your own and gradients you derived yourself.

# %% [markdown]
# ## The chapters
#
# | | you write | and in the end |
# |---|---|---|
# | **[02 · Neurons and losses](02_neurons_and_losses/02_neurons_and_losses.ipynb)** | activations, softmax, losses, the forward pass | a network that turns pixels into ten probabilities, still untrained |
# | **[03 · Backprop](03_backprop/03_backprop.ipynb)** | your own automatic differentiation, then the gradients of every layer | it learns: 50 digits by heart, then digits it has never seen |
#
# **[Start with chapter 02 →](02_neurons_and_losses/02_neurons_and_losses.ipynb)**  
# Symbols and words are explained on one page: **[notation and glossary](notation.ipynb)**.

# %% [markdown]
# ## How a chapter works
#
# 1. **Predict.** Before a demonstration, say what will happen. A wrong guess teaches more than a right one.
# 2. **Run.** Shift + Enter. Change a number and run again; nothing here can break.
# 3. **Write.** An exercise gives you a function with its shapes. Replace `raise NotImplementedError()` by your code.
# 4. **Check.** Run the cell below it. The card tells you which cases pass and, when it recognises the mistake, what
#    happened, in a sentence.
# 5. **Ask for a hint** when you are stuck, with the button on the card. Hints come in steps; the last is nearly the
#    solution.
#
# ●○○ is a few lines, ●●○ takes some thought, ●●● is worth a walk around the block. You may skip any exercise and
# come back: a cell that needs one you have not solved says so and does no harm.

# %% [markdown]
# ## Where your work is
#
# This folder is **your own copy** of the course. Write in it whatever you like and save with Ctrl + S.
# When the course is updated, a chapter that you have not touched is replaced by its new version. A chapter that you
# *have* touched stays exactly as it is: the new version appears beside it as `….new.ipynb`, with your answers carried
# over and a list of what is new at the top.
#
# The folder `solutions` holds every chapter with its answers. A double click opens one as a notebook.
# They are there to compare with; your own version, found slowly, is the one you will remember.

# %% [markdown]
# ## If something does not work
#
# * A cell runs for ever: press **■** in the toolbar, or the keys **I, I**.
# * Everything is in a muddle: *Kernel → Restart Kernel and Run up to Selected Cell*.
# * A chapter is beyond repair: rename it. The next `dlcourse lab` (or `make lab`) gives you a fresh one beside it.
# * Something seems to be missing: `dlcourse doctor`, in a terminal, says what and what to do about it.
# * You want to see the whole chapter's state at once: `dlcourse check 02_neurons_and_losses.ipynb`.
