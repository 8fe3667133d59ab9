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
# In this course you write every part of the answer yourself, in plain NumPy: the neuron, the loss that says
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
# You read the upper row without effort. Try to write down the rule by which you do it, and you will see why nobody
# programs this by hand. The averages in the lower row hold the beginning of an answer: chapter 00 starts from there.

# %% [markdown]
# ## The chapters
#
# | | you write | and in the end |
# |---|---|---|
# | **[00 · Start here](00_start_here/00_start_here.ipynb)** | the first three functions and their green cards | a machine that learns from a hundred wines, and a map of the field |
# | **[01 · The maths toolbox](01_math_toolbox/01_math_toolbox.ipynb)** | weighted sums, slopes, probabilities: what the rest reaches for | a machine that knows only which letter follows which, and writes |
# | **[02 · Neurons and losses](02_neurons_and_losses/02_neurons_and_losses.ipynb)** | activations, softmax, losses, the forward pass | every piece of a network, and a number that says how wrong it is |
# | **[03 · Backprop](03_backprop/03_backprop.ipynb)** | your own automatic differentiation, then the gradients of every layer | it learns: fifty digits by heart, then digits nobody has shown it |
# | **[04 · Optimizers](04_optimizers/04_optimizers.ipynb)** | momentum, RMSProp, Adam, AdamW | your five optimizers race down a ravine, then over the weights of a network |
# | **[05 · Training well](05_training_well/05_training_well.ipynb)** | starts, normalisation, dropout, honest measures | a diagnosis from 303 patients and an imperfect table, judged fairly |
# | **[06 · PyTorch](06_pytorch/06_pytorch.ipynb)** | the same, with a library that derives the gradients | your network of chapter 03 once more, and a training that can be stopped and resumed |
# | **[07 · Convolutional networks](07_cnn/07_cnn.ipynb)** | convolution and pooling, by hand and in PyTorch | a network that recognises clothes, and a look at what it looks at |
# | **[08 · Sequences](08_rnn/08_rnn.ipynb)** | a recurrent network and its gradient, LSTM, GRU | it reads film reviews, writes like Austen, forecasts bicycles |
# | **[09 · Attention](09_attention/09_attention.ipynb)** | attention, the block of every large language model, a small GPT | it says English words that it has never seen, and you watch where it looks |
# | **[10 · Adversarial networks](10_gan/10_gan.ipynb)** | a forger against a detective, and the gradient that keeps the game going | points, digits and shoes that nobody drew |
#
# **[Start with chapter 00 →](00_start_here/00_start_here.ipynb)** It takes an hour. If NumPy and the derivative are old
# friends, begin with [chapter 02](02_neurons_and_losses/02_neurons_and_losses.ipynb) and come back to 01 when you need it.
#
# Symbols and words are explained on one page: **[notation and glossary](notation.ipynb)**.

# %% [markdown]
# ## Where you are
#
# Run the next cell whenever you come back: it shows what is done, what is in progress and what comes next, and the map
# of which chapter builds on which.

# %%
from dlcourse_utils.progress import panel

panel()

# %% [markdown]
# Every check writes its result into a small file on this machine, `.dlcourse/progress.json` in your copy of the
# course. It stays there, you can read it, and updates leave it alone.
#
# **What is seen once is soon forgotten; what is asked again stays.** When a chapter is done, run the cell below: it
# brings back three questions from earlier. Say your answer aloud before you unfold the one given. Run it again for the
# next three.

# %%
from dlcourse_utils.progress import review

review()

# %% [markdown]
# ## Three ways through
#
# **A weekend.** Saturday: chapter 00 and chapter 02 (4 to 5 hours). Sunday: chapter 03 (5 to 6 hours). In the end a
# network that you wrote, gradients and all, reads digits that nobody has shown it. Leave the exercises that hold you up.
#
# **On your own.** The chapters in their order, one or two evenings a week. Take from 01 what you need, when you need it.
# Begin each evening with `review()`; it costs five minutes.
#
# **A class, one semester.** Chapters 00 to 05, an assignment a week, about an hour of exercises in each. Chapters 06 to
# 10 are the next semester.
#
# <details><summary>The fourteen assignments</summary>
#
# | week | chapter | exercises to hand in |
# |---|---|---|
# | 1 | 00 | all |
# | 2 | 01, tables and slopes | `affine` to `numerical_gradient` |
# | 3 | 01, surprise and causes | `gaussian_nll` to `bayes_net_query` |
# | 4 | 01, chains | `fit_markov_chain` to `milestone_letter_model` |
# | 5 | 02, a network answers | `sigmoid` to `softmax` |
# | 6 | 02, how wrong is it | `log_softmax` to `milestone_digits` |
# | 7 | 03, a number that remembers | `Value` |
# | 8 | 03, layers | `linear_forward` to `gradient_check` |
# | 9 | 03, it learns | `mlp_loss_and_grads` to `milestone_digits` |
# | 10 | 04, the race | `sgd_step` to `milestone_ravine` |
# | 11 | 04, the loop | `iterate_minibatches` to `milestone_digits` |
# | 12 | 05, a good start | `xavier_init` to `layernorm_forward` |
# | 13 | 05, learned by heart; honest numbers | `l2_penalty` to `roc_auc` |
# | 14 | 05, real patients | `class_weights` to `milestone_heart` |
#
# A chapter that takes several weeks stays one notebook, handed in each time; what is not due yet is simply still open.
#
# </details>

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
# * You want to see the whole chapter's state at once: `dlcourse check 02_neurons_and_losses.ipynb`. How far you are in
#   all of them, in a terminal: `dlcourse progress`.
