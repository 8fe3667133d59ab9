# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Notation and glossary
#
# One page for every chapter. [Back to the welcome page](welcome.ipynb).
#
# One habit runs through everything: **a row is a sample**. A batch is an array whose first axis counts samples, and a
# layer multiplies from the right, $XW + b$.

# %% [markdown]
# ## Shapes
#
# | letter | counts | example |
# |---|---|---|
# | $N$ | samples in a batch | 32 images at once |
# | $D$ | features of one sample | 784 pixels |
# | $M$ | outputs of a layer | 100 hidden units |
# | $K$ | classes | 10 digits |
#
# `(N, D)` is the shape of an array: $N$ rows, $D$ columns. `axis=0` runs down the rows (over the batch), `axis=1`
# along one row (over features or classes). `(N,)` is one number for each sample.

# %% [markdown]
# ## Symbols
#
# | symbol | in code | shape | meaning |
# |---|---|---|---|
# | $x$, $X$ | `x` | `(D,)`, `(N, D)` | one input, a batch of inputs |
# | $W$, $b$ | `w`, `b` | `(D, M)`, `(M,)` | weights and biases of a layer |
# | $z$ | `z`, `logits` | `(N, M)` or `(N, K)` | $XW + b$, before the activation |
# | $\sigma(z)$ | `sigmoid(z)` | as $z$ | $1 / (1 + e^{-z})$ |
# | $p$ | `probs` | `(N, K)` | probabilities; each row sums to 1 |
# | $y$ | `labels` | `(N,)` | the right class of each sample, an integer $0 … K-1$ |
# | $Y$ | | `(N, K)` | the labels one-hot: 1 at the right class, 0 elsewhere |
# | $L$ | `loss` | one number | the loss, a mean over the batch |

# %% [markdown]
# ## Symbols of backprop
#
# | symbol | in code | shape | meaning |
# |---|---|---|---|
# | $\dfrac{\partial L}{\partial W}$ | `dw` | as $W$ | the gradient: how fast $L$ grows with each weight |
# | $\dfrac{\partial L}{\partial \text{out}}$ | `dout` | as `out` | the upstream gradient that arrives at a layer |
# | $\bar v$ | `v.grad` | as `v` | short for $\partial L / \partial v$ |
# | $\eta$ | `lr` | one number | the learning rate |
# | $\odot$ | `*` | | elementwise product |
# | $W^\top$ | `w.T` | `(M, D)` | the transpose |
#
# In code `dx` always means $\partial L / \partial x$ and has the shape of `x`. That rule alone finds half of all bugs.

# %% [markdown]
# ## Glossary: the network
#
# <a id="neuron"></a>**neuron** (also *unit*) · a weighted sum of its inputs plus a bias, then an activation.
#
# <a id="activation"></a>**activation** · the function after the weighted sum, such as ReLU. Without one, a stack of
# layers is a single linear layer. The word also names its output.
#
# <a id="layer"></a>**layer** · many neurons that read the same input; one matrix product.
#
# <a id="mlp"></a>**multilayer perceptron (MLP)** · linear layers with an activation between them and none at the end.
#
# <a id="forward-pass"></a>**forward pass** · computing the output from the input, layer by layer.

# %% [markdown]
# ## Glossary: from scores to a loss
#
# <a id="logits"></a>**logits** · the raw scores of the last layer, any real numbers. Softmax makes them probabilities.
#
# <a id="softmax"></a>**softmax** · $p_k = e^{z_k} / \sum_j e^{z_j}$, for each row by itself.
#
# <a id="one-hot"></a>**one-hot** · a label as a row of zeros with a single 1.
#
# <a id="loss"></a>**loss** · one number that says how wrong the output is; training makes it small.
#
# <a id="cross-entropy"></a>**cross-entropy** · the mean of $-\log p_y$: how surprised the network is by the truth, in
# nats. Guessing evenly among $K$ classes costs $\log K$.
#
# <a id="accuracy"></a>**accuracy** · the share of samples whose largest logit is the right one.
#
# <a id="numerical-stability"></a>**numerical stability** · getting the right number although $e^{1000}$ does not fit
# into a float.

# %% [markdown]
# ## Glossary: gradients
#
# <a id="gradient"></a>**gradient** · all the partial derivatives of the loss, in an array of the parameter's shape.
#
# <a id="chain-rule"></a>**chain rule** · rates multiply along a path and add up over paths.
#
# <a id="backprop"></a>**backprop** (backward pass) · the chain rule from the loss back to every parameter, each step
# done once.
#
# <a id="upstream-gradient"></a>**upstream gradient** · the gradient of the loss with respect to a layer's output: what
# the layer is handed in the backward pass.
#
# <a id="cache"></a>**cache** · what a layer's forward pass keeps for its backward pass.
#
# <a id="computational-graph"></a>**computational graph** · the record of which value was computed from which.
#
# <a id="broadcasting"></a>**broadcasting** · NumPy's stretching of a small array over a large one. In the backward pass
# the copies' gradients are summed.
#
# <a id="gradient-check"></a>**gradient check** · comparing a gradient with $(L(w + ε) - L(w - ε)) / 2ε$.

# %% [markdown]
# ## Glossary: training
#
# <a id="gradient-descent"></a>**gradient descent** · $w \leftarrow w - \eta \, \partial L / \partial w$, again and again.
#
# <a id="batch"></a>**batch** (minibatch) · the samples used for one update.
#
# <a id="epoch"></a>**epoch** · one pass over all training samples.
#
# <a id="learning-rate"></a>**learning rate** · how far one update goes.
#
# <a id="held-out"></a>**held out** (test set) · samples that training never sees; only they tell whether something was
# learned rather than memorised.
#
# <a id="baseline"></a>**baseline** · a simple method, measured on the same data, that a network must beat to be worth it.
