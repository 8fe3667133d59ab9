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
# | $C, H, W$ | channels, rows and columns of an image | 1, 28, 28 |
# | $F$, $KH, KW$ | filters; rows and columns of a kernel | 16 filters of 3×3 |
# | $T$ | time steps | 20 words of a sentence |
# | $V$ | entries of a vocabulary | 26 letters and the blank |
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
# ## Symbols of chance
#
# | symbol | in code | shape | meaning |
# |---|---|---|---|
# | $\mu$, $\sigma$ | `mu`, `sigma` | `(D,)` or one number | mean and standard deviation; $\sigma^2$ is the variance |
# | $P(a \mid b)$ | `likelihood`, `posterior` | `(K,)` | the chance of $a$, given that $b$ is known |
# | $P$ | `p` | `(V, V)` | a chain's transitions: row $i$ holds the chances of what follows $i$ |
# | $\pi$ | `pi` | `(V,)` | the stationary distribution: $\pi P = \pi$ |
# | $\mathrm{KL}(p \,\Vert\, q)$ | `kl_divergence(p, q)` | one number | $\sum_k p_k \log (p_k / q_k)$ |
# | $\lVert a \rVert$ | `np.linalg.norm(a)` | one number | the length (L2 norm): root of the sum of squares |
#
# $\log$ is the natural logarithm (*nats*); $\log_2$ counts in *bits*, and 1 bit is 0.693 nats.

# %% [markdown]
# ## Symbols of training
#
# | symbol | in code | shape | meaning |
# |---|---|---|---|
# | $p$, $g$ | `params`, `grads` | a dict of arrays | in chapter 04: a parameter and its gradient |
# | $\beta$, $\beta_1$, $\beta_2$ | `beta`, `beta1`, `beta2` | one number | how much of a running sum or mean is kept at each step |
# | $v$ | in `state` | as $p$ | momentum: the gradients piled up |
# | $s$; in Adam $v$ | in `state` | as $p$ | the running mean of the squared gradients |
# | $m$, $\hat m$ | in `state` | as $p$ | Adam's running mean of gradients; the hat: corrected for starting at 0 |
# | $\varepsilon$ | `eps` | one number | a small number that keeps a division from blowing up |
# | $\lambda$ | `lam` | one number | the weight of a penalty |
# | $\hat x$, $\gamma$, $\beta$ | `gamma`, `beta` | `(N, D)`, `(D,)` | normalisation: $x$ at mean 0 and variance 1, then its new scale and shift |
#
# $\beta$ has two meanings, in optimizers and in normalisation, and $p$ is a parameter in chapter 04 and a chance elsewhere.
# Both are the field's habit; the neighbours tell them apart.

# %% [markdown]
# ## Symbols of sequences
#
# | symbol | in code | shape | meaning |
# |---|---|---|---|
# | $x_t$ | `x[:, t]` | `(N, D)` | the input at step $t$ |
# | $h_t$ | `h` | `(N, H)` | the state after step $t$; here $H$ counts its numbers, not an image's rows |
# | $W_x$, $W_h$ | `Wx`, `Wh` | `(D, H)`, `(H, H)` | weights from the input and from the state before, the same at every step |
# | $c$ | `c` | `(N, H)` | an LSTM's memory |
# | $i, f, o$; $g$ | | `(N, H)` | its input, forget and output gates (0 … 1); what is offered to the memory |
# | $r, z$; $n$ | | `(N, H)` | a GRU's reset and update gates; its new state |
# | $\tau$ | `temperature` | one number | what logits are divided by before a draw |

# %% [markdown]
# ## Symbols of attention
#
# | symbol | in code | shape | meaning |
# |---|---|---|---|
# | $Q$, $K$, $V$ | `q`, `k`, `v` | `(…, Tq, d)`, `(…, Tk, d)`, `(…, Tk, dv)` | queries, keys and values |
# | $d$ | `q.shape[-1]` | one number | the length of a query and a key |
# | | `weights` | `(N, heads, Tq, Tk)` | who looks where; each row sums to 1 |
# | | `mask` | bool, broadcast to the weights | True where a query may attend |
# | | `d_model`, `d_head` | one number | numbers for each position; for each position and head |

# %% [markdown]
# ## Glossary: data
#
# <a id="sample"></a>**sample** · one row of the data: a wine, a digit, a patient. <a id="feature"></a>**feature** · one
# column: what was measured in each. <a id="label"></a>**label** · what is to be predicted: the right answer of a sample.
#
# <a id="parameter"></a>**parameter** · a number inside a model that is set from examples: weights and biases.
# <a id="hyperparameter"></a>**hyperparameter** · one that a person sets: the learning rate, the number of layers.
#
# <a id="machine-learning"></a>**machine learning** · setting a program's numbers from examples so that it does better on
# new ones. <a id="deep-learning"></a>**deep learning** · the same with many layers that build their own features.
#
# <a id="scaling"></a>**scaling to unit range** · each column to 0 … 1 by its smallest and largest value.
# <a id="standardise"></a>**standardise** · each column to mean 0 and standard deviation 1, both taken from the training set.
#
# <a id="affine-map"></a>**affine map** · $XW + b$: weighted sums and a shift.
#
# <a id="leak"></a>**leak** · something about the test set that found its way into training; it makes numbers look better.

# %% [markdown]
# ## Glossary: chance
#
# <a id="density"></a>**density** · how crowded the values lie at a point; its area over a range is the chance of that range.
#
# <a id="negative-log-likelihood"></a>**negative log-likelihood (NLL)** · $-\log$ of the chance (or density) that a model gave
# to what happened: its surprise.
#
# <a id="prior"></a>**prior**, **likelihood**, **posterior** · what was believed before; how well each cause explains what is
# seen; what to believe after. <a id="bayes-rule"></a>**Bayes' rule** · posterior ∝ prior × likelihood.
#
# <a id="bayesian-network"></a>**Bayesian network** · causes and effects as a graph; each node's table gives its chances for
# every state of its parents.
#
# <a id="markov-chain"></a>**Markov chain** · what comes next depends only on the present state (for text: on the last few
# letters). <a id="stationary-distribution"></a>**stationary distribution** · how often each state occurs in the long run.
#
# <a id="entropy"></a>**entropy** · the mean surprise $-\sum_k p_k \log p_k$ of somebody who knows the chances.
#
# <a id="kl-divergence"></a>**KL divergence** · how much more surprise it costs to believe $q$ where $p$ is true. It is never
# negative, and not the same both ways.
#
# <a id="smoothing"></a>**smoothing** · leaving some probability for what was never counted.
#
# <a id="bits-per-character"></a>**bits per character** · the mean of $-\log_2 q$ over a text: a language model's score.

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
#
# <a id="overfitting"></a>**overfitting** · doing better on the training samples than on new ones, by learning them by heart.
#
# <a id="validation-set"></a>**validation set** · held-out samples on which choices are made; the test set is then still fresh.

# %% [markdown]
# ## Glossary: optimizers
#
# <a id="sgd"></a>**SGD** (stochastic gradient descent) · gradient descent with the gradient of one batch at a time.
#
# <a id="curvature"></a>**curvature** · how fast the slope changes. The steepest direction's curvature limits the rate.
#
# <a id="saddle"></a>**saddle** · a point with slope 0 that is a valley one way and a ridge the other.
#
# <a id="momentum"></a>**momentum** · steps along a running sum of the gradients: what agrees piles up, the zigzag cancels.
#
# <a id="rmsprop"></a>**RMSProp** · each weight's gradient divided by the root of its recent mean square.
#
# <a id="adam"></a>**Adam** · a running mean of gradients over the root of that of their squares, with
# <a id="bias-correction"></a>**bias correction**: both start at 0, so the first means are too small and are scaled up.
#
# <a id="weight-decay"></a>**weight decay** · shrinking every weight a little at each step. <a id="adamw"></a>**AdamW** · Adam
# with the decay outside the adaptive step.
#
# <a id="gradient-clipping"></a>**gradient clipping** · scaling all gradients down together when their common length exceeds a
# limit.
#
# <a id="schedule"></a>**schedule** · a learning rate that changes over training. <a id="warm-up"></a>**warm-up** · its first
# part, rising from 0.

# %% [markdown]
# ## Glossary: training well
#
# <a id="fan-in"></a>**fan-in**, **fan-out** · the number of inputs and outputs of a layer.
#
# <a id="xavier-initialisation"></a>**Xavier initialisation** (Glorot) · weights with variance 2/(fan-in + fan-out).
# <a id="he-initialisation"></a>**He initialisation** · variance 2/fan-in, for ReLU layers.
#
# <a id="batch-normalisation"></a>**batch normalisation** · each feature brought to mean 0 and variance 1 over the batch; when
# not training, by running averages. <a id="layer-normalisation"></a>**layer normalisation** · the same over one sample's
# features, so that the batch plays no part.
#
# <a id="regularisation"></a>**regularisation** · whatever holds a model back from learning by heart.
# <a id="l2-penalty"></a>**L2 penalty** · $\lambda \sum w^2$ added to the loss. <a id="l1-penalty"></a>**L1 penalty** ·
# $\lambda \sum |w|$, which makes some weights vanish.
#
# <a id="dropout"></a>**dropout** · switching off random units in training, and scaling up the rest.
#
# <a id="early-stopping"></a>**early stopping** · ending when the validation loss has not improved for a while (the *patience*).
#
# <a id="augmentation"></a>**augmentation** · more samples from the ones there are, changed in ways that keep their label.

# %% [markdown]
# ## Glossary: honest numbers
#
# <a id="stratified-split"></a>**stratified split** · training and test set with the same shares of every class.
#
# <a id="cross-validation"></a>**cross-validation** · each part of the data is the test set once; the scores give a mean and a
# spread.
#
# <a id="imbalance"></a>**imbalance** · one class is rare, so accuracy flatters whoever never names it.
# <a id="class-weights"></a>**class weights** and <a id="oversampling"></a>**oversampling** make the rare class count more.
#
# <a id="precision"></a>**precision** · of those called positive, the share that is. <a id="recall"></a>**recall** · of those that
# are positive, the share that was called so. <a id="f1"></a>**F1** · their harmonic mean.
#
# <a id="roc-auc"></a>**ROC AUC** · the chance that a random positive gets a higher score than a random negative: ½ for
# guessing, 1 for a perfect ranking.
#
# <a id="imputation"></a>**imputation** · filling gaps, with values learned from the training set. <a id="indicator"></a>**indicator** ·
# a 0/1 column that says where a gap was.

# %% [markdown]
# ## Glossary: PyTorch
#
# <a id="tensor"></a>**tensor** · PyTorch's array: it can live on a graphics card and remember how it was computed.
#
# <a id="autograd"></a>**autograd** · PyTorch's automatic differentiation; `backward()` *adds* to every parameter's `.grad`.
#
# <a id="module"></a>**module** · a layer or a network (`nn.Module`); it collects the parameters of its attributes.
#
# <a id="training-mode"></a>**training mode**, **evaluation mode** · `train()` and `eval()` switch dropout and batch
# normalisation; `no_grad()` stops the recording. They are two different things.
#
# <a id="device"></a>**device** · where a tensor lives: `cpu`, `cuda` or `mps`.
#
# <a id="gradient-accumulation"></a>**gradient accumulation** · several small backward passes before one step.
#
# <a id="checkpoint"></a>**checkpoint** · a file from which training goes on as if it had never stopped: weights, optimizer,
# schedule, random generators.
#
# <a id="swish"></a>**swish** (SiLU) · $x\,\sigma(x)$.

# %% [markdown]
# ## Glossary: images
#
# <a id="convolution"></a>**convolution** · the same small weighted sum at every place of an image (without flipping the
# kernel; strictly a cross-correlation). <a id="kernel"></a>**kernel** (filter) · its weights.
#
# <a id="channel"></a>**channel**, **feature map** · one of the pictures that a layer takes or gives.
#
# <a id="stride"></a>**stride** · how far the window moves. <a id="padding"></a>**padding** · zeros around the image.
# <a id="dilation"></a>**dilation** · gaps between the places that a kernel reads.
#
# <a id="pooling"></a>**pooling** · one number for each window; **max pooling** takes the largest.
#
# <a id="receptive-field"></a>**receptive field** · the part of the input that a unit can see.
#
# <a id="equivariant"></a>**equivariant** · a shifted input gives an equally shifted output. <a id="invariant"></a>**invariant** ·
# it gives the same output.
#
# <a id="residual-block"></a>**residual block** · $f(x) + x$, with a <a id="shortcut"></a>**shortcut** around $f$.
#
# <a id="grad-cam"></a>**Grad-CAM** · a layer's feature maps, weighted by how much a class's score depends on them.

# %% [markdown]
# ## Glossary: sequences
#
# <a id="recurrent-network"></a>**recurrent network (RNN)** · one step with the same weights for every time step; a **state** is
# handed from each to the next. (*Recursive* networks walk along a tree.)
#
# <a id="bptt"></a>**backpropagation through time (BPTT)** · backprop along the steps; the gradients of the shared weights are
# summed, then there is one update. **Truncated**: in chunks, the state handed on and its history cut.
#
# <a id="vanishing-gradient"></a>**vanishing**, **exploding gradient** · shrinking or growing with every step back in time.
#
# <a id="gate"></a>**gate** · a sigmoid that says how much passes. <a id="lstm"></a>**LSTM**, <a id="gru"></a>**GRU** · recurrent
# layers whose memory is kept and added to by gates.
#
# <a id="vocabulary"></a>**vocabulary** · the words or letters that have a number. <a id="token"></a>**token** · one of them in a text.
#
# <a id="mask"></a>**mask** · True where a padded batch holds real tokens.
#
# <a id="language-model"></a>**language model** · gives every next token a probability. <a id="temperature"></a>**temperature** · below
# 1 its draws are more careful, above 1 bolder.
#
# <a id="seasonal-naive"></a>**seasonal naive** · the forecast "as a day (or a week) ago": the baseline of time series.

# %% [markdown]
# ## Glossary: attention
#
# <a id="attention"></a>**attention** · a look-up made soft: a **query** is compared with every **key**, and the **values** come
# back mixed in the shares that the softmax makes of the scores. **Self-attention**: all three come from one sequence.
#
# <a id="head"></a>**head** · one of several looks side by side, each with its own piece of the numbers.
#
# <a id="causal-mask"></a>**causal mask** · lets each position see itself and what came before.
#
# <a id="positional-encoding"></a>**positional encoding** · what is added to a token's vector to say where it stands.
#
# <a id="transformer-block"></a>**Transformer block** · attention, then an MLP, each with a layer norm at its entrance
# (**pre-norm**) and a shortcut around it.
#
# <a id="gpt"></a>**GPT** · a stack of such blocks with the causal mask that forecasts every next token at once.
# <a id="context"></a>**context** · how many tokens it can see. <a id="top-k"></a>**top-k** · drawing among the k likeliest only.
#
# <a id="phoneme-error-rate"></a>**phoneme error rate** · sounds to replace, insert or delete, as a share of all sounds.

# %% [markdown]
# ## Glossary: adversarial networks
#
# <a id="gan"></a>**GAN** (generative adversarial network) · a <a id="generator"></a>**generator** $G$ that turns noise $z$ into
# samples, and a <a id="discriminator"></a>**discriminator** $D$ that says how likely a sample is real.
#
# <a id="latent"></a>**latent** · the noise $z$ that a generator starts from, `(N, z_dim)`.
#
# <a id="saturating-loss"></a>**saturating loss** · $\log(1 - D(G(z)))$, flat where $D$ is sure; the **non-saturating** one is
# $-\log D(G(z))$.
#
# <a id="js-divergence"></a>**Jensen–Shannon divergence** · the mean of the KL divergences of two distributions from their average;
# between 0 and $\log 2$ nats.
#
# <a id="mode-collapse"></a>**mode collapse** · a generator that makes a few kinds of samples, whatever $z$ is.
#
# <a id="gradient-penalty"></a>**gradient penalty** · $(\lVert \nabla_x D \rVert - 1)^2$ between real samples and fakes, added to
# $D$'s loss.
#
# <a id="frechet-distance"></a>**Fréchet distance** (FID with Inception's features) · how far two clouds of features are apart,
# each taken as a Gaussian.
#
# <a id="slerp"></a>**slerp** · the way from one vector to another along an arc.
