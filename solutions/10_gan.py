# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Adversarial networks
# **The question of this chapter: a network that reads digits was told the right answer each time. But what is the right answer to "draw a digit that nobody has drawn yet"? If there is none, which loss could teach it?**
#
# The answer of Ian Goodfellow and his colleagues (2014): let a second network be the loss. You will write the game of the two, see with your own eyes why it starves or collapses, put it on a leash, and let it draw: points first, then digits, then shoes from their outlines.
#
# Plan for five to six hours, in as many sittings as you like. Every exercise can be skipped and picked up later. Symbols are on the [notation page](../notation.ipynb). Where even the last hint does not help, the answers are in the course's `solutions/` folder.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from tqdm.auto import trange

from dlcourse_utils import check, hint, needs
from dlcourse_utils.data import load_fashion_mnist, load_mnist5k
from dlcourse_utils.device import device_name, pick_device
from dlcourse_utils.figures import games as pictures
from dlcourse_utils.gradients import generator_arrows, record
from dlcourse_utils.widgets.gan_stepper import GanFrames, gan_stepper

plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False, "figure.constrained_layout.use": True})
device = pick_device()  # a GPU when there is one; pick_device("cpu") stays on the CPU
large = device.type == "cuda"  # with a GPU the same cells train longer
DIGIT_STEPS, CONDITIONAL_STEPS, SHOE_STEPS = (6000, 3000, 3000) if large else (700, 250, 350)
quiet = "NBGRADER_EXECUTION" in os.environ  # no progress bars while a notebook is graded

mnist = load_mnist5k()
held_out = np.arange(5000) % 5 == 0  # every fifth digit is for measuring only
digits, labels = mnist.images[:, None], mnist.labels  # (5000, 1, 28, 28) in [0, 1], (5000,)
print(f"running on {device_name(device)}")

# %% [markdown]
# **Predict, then run.** The obvious way first. A network gets noise z, 16 random numbers, and shall draw a digit. Each time we pick a real digit at random and use the squared difference as the loss. It trains on ones and sevens for 300 steps. What will it draw for six different z? Six digits, six blends, or something else?

# %%
torch.manual_seed(0)
naive = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 784), nn.Sigmoid())
ones_and_sevens = torch.tensor(digits[np.isin(labels, (1, 7))]).flatten(1)
optimizer = torch.optim.Adam(naive.parameters(), lr=3e-3)
for _ in range(300):
    wanted = ones_and_sevens[torch.randint(len(ones_and_sevens), (64,))]
    optimizer.zero_grad()
    F.mse_loss(naive(torch.randn(64, 16)), wanted).backward()
    optimizer.step()
with torch.no_grad():
    drawn = naive(torch.randn(6, 16)).reshape(-1, 28, 28).numpy()
pictures.draw_images({"real": ones_and_sevens[::167].reshape(-1, 28, 28).numpy(), "drawn": drawn, "average": [ones_and_sevens.mean(0).reshape(28, 28).numpy()]})
plt.show()

# %% [markdown]
# *How to read this:* real digits above; below, what the network draws for six different z; last, the average of all its training images. It draws the average, every time. z says nothing about *which* digit was picked, so the average is the answer with the smallest squared difference. It is nobody's handwriting.
#
# ## 1 · A forger and a detective
# So nobody should say *what* to draw, only **whether it looks real**. Two networks play:
#
# - the **generator** G, a forger, turns noise z into a sample G(z);
# - the **discriminator** D, a detective, gets a sample and gives one logit; σ(logit) is the probability that it is real.
#
# D wants to tell them apart, G wants D to fail. As a formula, with $D(x)$ for the probability:
#
# $$\min_G \max_D \;\; \mathbb{E}_{x}\bigl[\log D(x)\bigr] + \mathbb{E}_{z}\bigl[\log(1 - D(G(z)))\bigr]$$
#
# D's side is what you know from chapter 02: a binary classification, target 1 for real, 0 for fake.

# %% [markdown]
# ### 10.discriminator_loss · The detective's loss
# ●○○ · about 10 minutes · 1 point · one half of the game
#
# Write `discriminator_loss(real_logits, fake_logits)` → a tensor with one number: the mean of −log σ(x) over the real logits **plus** the mean of −log(1 − σ(x)) over the fake ones. Not halved, in nats. The two batches may differ in size, the shapes are (N,) or (N, 1), and logits of ±1000 must not break it.
# *Stuck? `hint("10.discriminator_loss")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-discriminator_loss", "locked": false, "schema_version": 3, "solution": true}
def discriminator_loss(real_logits, fake_logits):
    """Mean of −log σ over real logits plus mean of −log(1 − σ) over fake logits, (N,) and (M,). A 0-d tensor, in nats."""
    ### BEGIN SOLUTION
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-discriminator_loss-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.discriminator_loss", discriminator_loss)

# %% [markdown]
# G sees only the second half of the formula: it should make log(1 − D(G(z))) *small*. That is the game as it was written down, the **minimax** loss. The same paper, a few lines on, suggests another one: make log D(G(z)) *large*. Both say "fool D". You will need both, to see how differently they feel.

# %% [markdown]
# ### 10.generator_loss · The forger's loss
# ●○○ · about 8 minutes · 1 point · the loss that nearly everybody uses
#
# Write `generator_loss(fake_logits)` → the mean of −log σ(x), a tensor with one number. It is called **non-saturating**; you will see why in part 3. Stable again.
# *Stuck? `hint("10.generator_loss")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-generator_loss", "locked": false, "schema_version": 3, "solution": true}
def generator_loss(fake_logits):
    """Mean of −log σ(x) over the logits that D gives to fakes, (N,). A 0-d tensor, in nats."""
    ### BEGIN SOLUTION
    return F.softplus(-fake_logits).mean()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-generator_loss-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.generator_loss", generator_loss)

# %% [markdown]
# ### 10.minimax_generator_loss · The loss of the game as it was written
# ●○○ · about 5 minutes · 1 point · to compare with
#
# Write `minimax_generator_loss(fake_logits)` → the mean of log(1 − σ(x)), to be *minimised* (so it is below 0). Stable again.
# *Stuck? `hint("10.minimax_generator_loss")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-minimax_generator_loss", "locked": false, "schema_version": 3, "solution": true}
def minimax_generator_loss(fake_logits):
    """Mean of log(1 − σ(x)) over the logits that D gives to fakes, (N,). A 0-d tensor, in nats, never above 0."""
    ### BEGIN SOLUTION
    return -F.softplus(fake_logits).mean()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-minimax_generator_loss-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.minimax_generator_loss", minimax_generator_loss)

# %% [markdown]
# ## 2 · What could D know at best?
# Suppose D had endless time. Look at one point x, where real samples have density p and fakes density q. There D earns −p log d − q log(1 − d) for the answer d. Set the derivative to 0:
#
# $$-\frac{p}{d} + \frac{q}{1 - d} = 0 \qquad\Longrightarrow\qquad d^\star = \frac{p}{p + q}$$

# %% [markdown]
# ### 10.optimal_discriminator · The best possible detective
# ●○○ · about 8 minutes · 1 point · the yardstick of every GAN paper
#
# Write `optimal_discriminator(p, q)` in NumPy: the best probability of "real" at points where the data has density p and the fakes have density q. Arrays of one shape, any scale, whole numbers too. ½ where both are 0.
# *Stuck? `hint("10.optimal_discriminator")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-optimal_discriminator", "locked": false, "schema_version": 3, "solution": true}
def optimal_discriminator(p, q):
    """The best D at points with data density p and fake density q, arrays of one shape. Returns probabilities."""
    ### BEGIN SOLUTION
    total = p + q
    return np.where(total > 0, p / np.where(total > 0, total, 1), 0.5)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-optimal_discriminator-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.optimal_discriminator", optimal_discriminator)

# %% [markdown]
# Against this perfect D, what is left for G? Put d* into the formula of the game, and it becomes $2\,\mathrm{JS}(p, q) - \log 4$, where JS is the **Jensen–Shannon divergence**: with the average $m = (p + q)/2$,
#
# $$\mathrm{JS}(p, q) = \tfrac{1}{2}\,\mathrm{KL}(p \,\Vert\, m) + \tfrac{1}{2}\,\mathrm{KL}(q \,\Vert\, m)$$
#
# It is 0 when fakes and data are distributed alike, and that is what G works for, whether it knows or not.

# %% [markdown]
# ### 10.js_divergence · How far apart are two distributions?
# ●○○ · about 10 minutes · 1 point · what a perfect D would make G minimise
#
# Write `js_divergence(p, q)` → float, in NumPy: two distributions over K values, (K,), zeros allowed, in nats. The divergence itself, not its root.
# *Stuck? `hint("10.js_divergence")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-js_divergence", "locked": false, "schema_version": 3, "solution": true}
def js_divergence(p, q):
    """Jensen–Shannon divergence of two distributions (K,), in nats: between 0 and log 2."""
    ### BEGIN SOLUTION
    def kl_to(a, m):
        k = a > 0  # what never happens adds nothing
        return (a[k] * np.log(a[k] / m[k])).sum()

    m = (p + q) / 2
    return float((kl_to(p, m) + kl_to(q, m)) / 2)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-js_divergence-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.js_divergence", js_divergence)

# %% [markdown]
# **Predict, then run.** Data and fakes are two bumps of width 1. They drift apart from distance 0 to 10. Draw the JS divergence over the distance before you run. And what happens to its *slope*, the only thing that G could go by?

# %%
with needs("10.js_divergence", "10.optimal_discriminator"):
    pictures.draw_overlap(js_divergence, optimal_discriminator)
    plt.show()

# %% [markdown]
# *How to read this:* left, two bumps that overlap: the best D falls from 1 to 0 in a soft slope. Middle, 7 apart: it is a cliff, and flat wherever there are fakes. Right: from a distance of about 6 on, JS is log 2 = 0.693, whatever the distance. Whoever stands on a plateau cannot feel which way is down. **A perfect detective teaches nothing.** And images are always far apart: there are so many more ways to be noise than to be a digit.
#
# ## 3 · What G feels
# G learns from D's slope times the loss's slope. Here is the second factor.

# %%
with needs("10.generator_loss", "10.minimax_generator_loss"):
    sizes = pictures.draw_losses({"non-saturating": generator_loss, "minimax": minimax_generator_loss})
    plt.show()
    print("slope at logit −6:  " + ",  ".join(f"{name} {size:.4f}" for name, size in sizes.items()))

# %% [markdown]
# *How to read this:* left, the two losses of a single fake; both fall from left to right, so both want the same. Right, the size of their slopes. A G that has just begun draws noise, and D is sure (grey). There the minimax loss is flat, 400 times flatter than the other at −6: it has **saturated**. The non-saturating one pulls hardest exactly there.

# %% [markdown] tags=["people-often-say"]
# > **People often say:** "G minimises and D maximises the same loss, in practice too."
#
# **Predict, then run.** Eight clumps of real points lie on a ring, and a fresh G makes all its points in the middle. D learns for 150 steps while G waits; then it is sure. Now G gets 100 plain steps against this D, once with each loss. From the middle to the ring it is 2.0. How far will each G get?

# %%
def network(inputs, outputs, activation):
    """Three linear layers, 64 units."""
    return nn.Sequential(nn.Linear(inputs, 64), activation, nn.Linear(64, 64), activation, nn.Linear(64, outputs))


points, centres = pictures.ring(2000, np.random.default_rng(0))  # (2000, 2), (8, 2)

with needs("10.discriminator_loss", "10.generator_loss", "10.minimax_generator_loss"):
    for loss in (generator_loss, minimax_generator_loss):
        torch.manual_seed(0)
        players = network(8, 2, nn.ReLU()), network(2, 1, nn.LeakyReLU(0.2))
        G, D = players
        opt_g, opt_d = torch.optim.SGD(G.parameters(), lr=0.01), torch.optim.Adam(D.parameters(), lr=1e-3)
        for _ in range(150):
            opt_d.zero_grad()
            discriminator_loss(D(torch.tensor(points[torch.randint(2000, (128,))])), D(G(torch.randn(128, 8)).detach())).backward()
            opt_d.step()
        arrows = generator_arrows(D, points[:150], G(torch.randn(60, 8)))
        for _ in range(100):
            opt_g.zero_grad()
            loss(D(G(torch.randn(128, 8)))).backward()
            opt_g.step()
        reach = G(torch.randn(500, 8)).norm(dim=1).mean().item()
        print(f"{loss.__name__:24} points are now {reach:.2f} from the middle on average")
    fig, ax = plt.subplots(figsize=(9, 4.8))
    arrows.plot(ax)
    plt.show()

# %% [markdown]
# *How to read this:* D's surface after its 150 steps (darker: more real), circles real, crosses fake. An arrow is where the loss pushes that fake; both panels use one scale, and the number is the mean length. Left, minimax: the arrows are too short to be seen. Right, −log D: they are a hundred times longer, and all push outwards.
#
# So no: in practice G does **not** minimise what D maximises. It has a loss of its own with the same goal and another slope. With the minimax loss G stands still once D is ahead. (If D never gets far ahead, minimax works too. It is a matter of who is ahead, not of magic.)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 1.** Near the end of a good training D's logits are near 0 for real and fake alike. Which values do the discriminator's loss and the two generator losses then have? And do the two generator losses pull equally hard there?
#
# <details><summary>Answer</summary>
#
# σ(0) = ½, so D's loss is 2 log 2 = 1.386, the non-saturating loss log 2 = 0.693, the minimax loss −0.693. At logit 0 both slopes are −½: the two losses pull alike. They differ where D is sure. A loss of D near 1.386 may mean a perfect G, or a D that has learned nothing: losses of a GAN say little about quality.
#
# </details>

# %% [markdown]
# ## 4 · Two moves
# The game is played in turns. In D's move D learns from a batch of real samples and one of fakes; G is not touched. In G's move it is the other way round. The two networks are connected, so backward flows where you don't want it: through the fakes into G in D's move, and into D's `.grad` in G's move. Being strict costs one word each.

# %% [markdown]
# ### 10.discriminator_step · D's move
# ●●● · about 25 minutes · 3 points · half of the training loop
#
# Write `discriminator_step(G, D, optimizer, real, z)` → the loss as a float: one update of D with `discriminator_loss`. The optimizer holds D's parameters. Use the z given. Real and fake pass D **separately**, as D may have batch norm.
#
# Gradients that lie in D on entry have no effect. Of G everything stays as found: parameters, `.grad` (a stale one too), `requires_grad`, and the mode of both networks. (Running statistics of a batch norm don't count.)
# *Stuck? `hint("10.discriminator_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-discriminator_step", "locked": false, "schema_version": 3, "solution": true}
def discriminator_step(G, D, optimizer, real, z):
    """One update of D. real: a batch of samples. z: (M, z_dim) noise for G. Returns the loss, a float."""
    ### BEGIN SOLUTION
    fake = G(z).detach()  # from here on plain data: nothing leads back to G
    loss = discriminator_loss(D(real), D(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-discriminator_step-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("10.discriminator_step", discriminator_step)

# %% [markdown]
# ### 10.generator_step · G's move
# ●●● · about 25 minutes · 3 points · the other half
#
# Write `generator_step(G, D, optimizer, z)` → the loss as a float: one update of G with `generator_loss`. The gradient must run *through* D to G, but D stays as found: parameters, `.grad`, `requires_grad`, modes.
#
# Many programs let backward fill D's `.grad` and clear it in D's next move. That is a habit, not a mistake, and half the points here. It fails on the day when somebody accumulates gradients. `Tensor.backward` can be told where to write: look up its argument `inputs`.
# *Stuck? `hint("10.generator_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-generator_step", "locked": false, "schema_version": 3, "solution": true}
def generator_step(G, D, optimizer, z):
    """One update of G against D as it is. z: (N, z_dim). Returns the loss, a float."""
    ### BEGIN SOLUTION
    loss = generator_loss(D(G(z)))
    optimizer.zero_grad()
    loss.backward(inputs=list(G.parameters()))  # D is on the way, but nothing is written there
    optimizer.step()
    return loss.item()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-generator_step-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("10.generator_step", generator_step)

# %% [markdown]
# ## 5 · Eight clumps on a ring
# A toy with all the troubles of the real thing: the data are eight clumps, or **modes**. A good G makes points in all of them and none between. Your two moves play, and the recorder of chapter 06 looks at the gradients of both networks.

# %%
with needs("10.discriminator_step", "10.generator_step"):

    def play(steps, moves_of_g=1, lr=3e-3, seed=0):
        """Let D move once and G `moves_of_g` times, `steps` rounds. Returns G, the recording, and frames for the stepper."""
        torch.manual_seed(seed)
        G, D = network(8, 2, nn.ReLU()), nn.Sequential(*network(2, 1, nn.LeakyReLU(0.2)), nn.Flatten(0))
        opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.9)) for net in (G, D))
        seen, grid = torch.randn(300, 8), np.linspace(-3.2, 3.2, 33, dtype=np.float32)
        plane = torch.tensor(np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2))
        at, samples, surfaces = [], [], []
        with record({"G": G, "D": D}, [opt_g, opt_d], every=20) as rec:
            for step in trange(steps, leave=False, disable=quiet):
                if step % (steps // 12) == 0:
                    with torch.no_grad():
                        at.append(step)
                        samples.append(G(seen).numpy())
                        surfaces.append(torch.sigmoid(D(plane)).reshape(33, 33).numpy())
                with rec.loss("real against fake"):
                    discriminator_step(G, D, opt_d, torch.tensor(points[torch.randint(2000, (128,))]), torch.randn(128, 8))
                with rec.loss("fake"):
                    for _ in range(moves_of_g):
                        generator_step(G, D, opt_g, z=torch.randn(128, 8))
        frames = GanFrames(at, samples, points[:400], surfaces, (-3.2, 3.2, -3.2, 3.2), fixed_noise=True)
        return G.eval(), rec.history, frames

    fair_g, fair_history, fair_frames = play(840)
    fig, ax = plt.subplots(figsize=(7, 3))
    fair_history.plot_tags(ax)
    plt.show()

# %% [markdown]
# *How to read this:* one line for each loss and each network that it reaches, its gradient's length on a logarithmic axis. The fakes' loss reaches G only: your `generator_step` writes nothing into D. The two lines stay within a power of ten of each other. That is what a game between equals looks like (you see G's short start, too, while D knows nothing yet); where one line falls away, that side has stopped learning.
#
# How much of the data does G cover? For points one can count.

# %% [markdown]
# ### 10.mode_coverage · How many modes are left?
# ●○○ · about 8 minutes · 1 point · the first thing to ask of any GAN
#
# Write `mode_coverage(samples, centres, radius)` → int, in NumPy: how many centres have at least one sample within `radius` (the length of the difference). Samples are (N, D), centres (K, D).
# *Stuck? `hint("10.mode_coverage")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-mode_coverage", "locked": false, "schema_version": 3, "solution": true}
def mode_coverage(samples, centres, radius):
    """Number of centres (K, D) with at least one of the samples (N, D) within radius. An int."""
    ### BEGIN SOLUTION
    distances = np.linalg.norm(samples[:, None] - centres, axis=2)  # (N, K)
    return int((distances.min(axis=0) <= radius).sum())
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-mode_coverage-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.mode_coverage", mode_coverage)

# %% [markdown]
# **Predict, then run.** Now a collapse on purpose: G moves ten times for each move of D. Against a D that stands still, what is the cleverest thing for G to do with all its points? And what will D do about it in its next move?

# %%
with needs("10.discriminator_step", "10.generator_step"):
    greedy_g, greedy_history, greedy_frames = play(240, moves_of_g=10, lr=1e-3)
    chosen = (5, 6, 7, 8)
    panels = {f"fair, step {fair_frames.steps[-1]}": fair_frames.samples[-1]}
    pictures.draw_points(panels | {f"greedy, step {greedy_frames.steps[k]}": greedy_frames.samples[k] for k in chosen}, points)
    plt.show()

# %% [markdown]
# *How to read this:* real points grey, 300 fakes as crosses; what lies outside a panel is counted below it. The cell below holds the same run to step through, with D's surface. The greedy G throws *all* its points on the one place that D believes in most. D notices, that place is spoiled, and G runs to the next. Round and round: **mode collapse**. No z leads anywhere else, and the loss never says so: each time, G has won.
#
# <details><summary>A still picture of the stepper (of a fair game), for reading without a kernel</summary><img src="../stills/gan_stepper.png" alt="A fair game at step 1000: D's surface over the ring, G's points on their way around it, and two curves: the distance from the data falls, and more and more real points have a sample close by."></details>

# %%
with needs("10.discriminator_step", "10.generator_step"):
    play(12)  # stops here, politely, while a move is not written
    stepper = gan_stepper(greedy_frames)
stepper if "stepper" in globals() else None

# %%
with needs("10.mode_coverage", "10.discriminator_step", "10.generator_step"):
    play(12)  # stops here, politely, while a move is not written
    for name, g in (("fair", fair_g), ("greedy", greedy_g)):
        made = g(torch.randn(1000, 8)).detach().numpy()
        near = (np.linalg.norm(made[:, None] - centres, axis=2).min(axis=1) <= 0.4).mean()
        print(f"{name:6} {mode_coverage(made, centres, 0.4)} of 8 modes, {near:.0%} of the points near one")

# %% [markdown] tags=["check-yourself"]
# **Check yourself 2.** A G that has collapsed onto one perfect point gets a loss near 0. Why does the *exact* game, in which D answers each G perfectly, forbid this? And which order of min and max does the greedy G play instead?
#
# <details><summary>Answer</summary>
#
# In min over G of (max over D), G must be good against the best answer to *itself*, and the best answer to a single point is a D that rejects this point: JS is large. The greedy G plays max over D of (min over G): for a D that is given, the best G puts everything on D's maximum. With alternating steps one only hopes that the first is being played.
#
# </details>

# %% [markdown]
# ## 6 · A leash for D
# A D that is flat in one place and a cliff in another is a bad teacher: G starves here and is thrown about there. So ask for a D of even steepness: its gradient **with respect to its input** should have length 1 between the data and the fakes (Gulrajani et al., 2017). As a penalty, added to D's loss with a weight λ:
#
# $$\text{penalty} = \mathbb{E}\Bigl[\bigl(\lVert \nabla_{\!\hat{x}} D(\hat{x}) \rVert - 1\bigr)^2\Bigr], \qquad \hat{x} = \varepsilon\, x + (1 - \varepsilon)\, G(z), \qquad \varepsilon \sim U(0, 1)$$
#
# D(·) is the logit here. There is a twist: the penalty is made of a gradient, and D learns from the gradient *of the penalty*. Backprop through backprop.

# %% [markdown]
# ### 10.gradient_penalty · A gradient on a leash
# ●●● · about 30 minutes · 3 points · a gradient of a gradient
#
# Write `gradient_penalty(D, real, fake, generator)` → a tensor with one number, without λ. `real` and `fake` have one shape, (N, 2) or (N, C, H, W); both count as constants, so nothing flows back into G. Draw **one** uniform ε per sample from `generator` (a `torch.Generator`); whether ε weighs the real or the fake one is up to you. The length is taken for each sample, over all its numbers. D stays as found: no `.grad` and no mode changes. (The check's samples are float64.)
# *Stuck? `hint("10.gradient_penalty")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-gradient_penalty", "locked": false, "schema_version": 3, "solution": true}
def gradient_penalty(D, real, fake, generator):
    """Mean of (‖∇D‖ − 1)² at random points between real and fake, both (N, …). A 0-d tensor with a graph to D."""
    ### BEGIN SOLUTION
    epsilon = torch.rand(len(real), generator=generator).to(real).reshape(-1, *[1] * (real.dim() - 1))
    between = (epsilon * real + (1 - epsilon) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(D(between).sum(), between, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-gradient_penalty-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("10.gradient_penalty", gradient_penalty)

# %% [markdown]
# ### 10.milestone_ring · Milestone: every mode of the ring
# ●●● · about 30 minutes · 3 points · a game that ends well
#
# Write `train_ring(points, steps, seed)` → a trained generator in evaluation mode that turns z (N, 8) into points (N, 2). `points` is NumPy, (M, 2), float32, perhaps sorted. One step is one move of each (a stronger D is allowed). Networks, optimizer and penalty are yours; the same seed must give the same generator.
#
# The check trains 700 steps on six clumps, at an angle only it knows. All six must get at least 3 % of the points, and 60 % of all points must lie within 0.4 of a centre. A weight of λ = 0.1 and learning rates of 5e-3 are a good start.
# *Stuck? `hint("10.milestone_ring")`.*

# %% nbgrader={"grade": false, "grade_id": "10-milestone_ring", "locked": false, "schema_version": 3, "solution": true}
def train_ring(points, steps, seed):
    """Train a GAN on points (M, 2). Returns the generator, (N, 8) → (N, 2), in evaluation mode."""
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    generator, rng = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
    G, D = network(8, 2, nn.ReLU()), network(2, 1, nn.LeakyReLU(0.2))
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=5e-3, betas=(0.5, 0.9)) for net in (G, D))
    for _ in range(steps):
        real = torch.tensor(points[rng.integers(len(points), size=128)])
        fake = G(torch.randn(128, 8)).detach()
        loss = discriminator_loss(D(real), D(fake)) + 0.1 * gradient_penalty(D, real, fake, generator)
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
        generator_step(G, D, opt_g, torch.randn(128, 8))
    return G.eval()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-milestone_ring-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("10.milestone_ring", train_ring)

# %% [markdown]
# Now eight clumps, from three seeds, beside a baseline that needs no game: one Gaussian with the mean and covariance of the data.

# %% tags=["demo"]
with needs("10.milestone_ring", "10.mode_coverage", "10.gradient_penalty", "10.generator_step"):
    cloud = np.random.default_rng(0).multivariate_normal(points.mean(axis=0), np.cov(points.T), size=1000)
    results = {"one Gaussian": cloud}
    for seed in range(3):
        results[f"your GAN, seed {seed}"] = train_ring(points, 1500, seed)(torch.randn(1000, 8)).detach().numpy()
    pictures.draw_points(results, points)
    plt.show()
    for name, made in results.items():
        near = (np.linalg.norm(made[:, None] - centres, axis=2).min(axis=1) <= 0.4).mean()
        print(f"{name:18} {mode_coverage(made, centres, 0.4)} of 8 modes, {near:.0%} of the points near one")

# %% [markdown]
# *How to read this:* the single Gaussian touches all eight modes too: it covers everything, and most of it is nothing. That is why one needs two numbers, *does it cover* and *is it good*. The GANs keep all eight modes with about nine of ten points near one. (A penalty is no cure-all: the greedy G from above collapses on a leash too, and with well-chosen steps this ring can be learned without one. The balance of the two players comes first.)
#
# ## 7 · Digits from noise
# The same game with images. What made it work in 2015 was less a theory than a recipe, **DCGAN** (Radford, Metz, Chintala): convolutions with stride in place of pooling, batch norm inside but not at the ends, tanh, small first weights, and Adam with a small β₁.
#
# G turns z into a 7×7 map and doubles its sides twice. The layer that enlarges is the *backward pass* of a strided convolution, used forwards: `nn.ConvTranspose2d(c_in, c_out, 4, stride=2, padding=1)`.

# %% [markdown]
# ### 10.DCGenerator · A generator of images
# ●●○ · about 20 minutes · 2 points · the forger, grown up
#
# Write `DCGenerator(z_dim)`, an `nn.Module`: z (N, z_dim) → (N, 1, 28, 28), through **tanh**. Batch norm and ReLU after each hidden layer, no batch norm in the output layer. Weights of convolutions and linear layers start from N(0, 0.02), batch-norm scales from N(1, 0.02). Widths are yours: 7×7×64 → 14×14×32 → 28×28 is quick on a CPU.
# *Stuck? `hint("10.DCGenerator")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-DCGenerator", "locked": false, "schema_version": 3, "solution": true}
class DCGenerator(nn.Module):
    """DCGAN's generator: noise (N, z_dim) → images (N, 1, 28, 28) in [−1, 1]."""

    def __init__(self, z_dim):
        ### BEGIN SOLUTION
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(z_dim, 64, 7), nn.BatchNorm2d(64), nn.ReLU(),  # 1×1 → 7×7
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1), nn.BatchNorm2d(32), nn.ReLU(),  # → 14×14
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1), nn.Tanh(),  # → 28×28
        )  # fmt: skip
        for m in self.modules():
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.normal_(m.weight, 0.0, 0.02)
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.normal_(m.weight, 1.0, 0.02)
        ### END SOLUTION

    def forward(self, z):
        ### BEGIN SOLUTION
        return self.net(z[:, :, None, None])
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-DCGenerator-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("10.DCGenerator", DCGenerator)

# %% [markdown]
# ### 10.DCDiscriminator · A detective for images
# ●●○ · about 15 minutes · 2 points · the detective, grown up
#
# Write `DCDiscriminator()`: images (N, 1, 28, 28) → logits (N,), no sigmoid. Convolutions of 4×4 with stride 2 and padding 1, LeakyReLU(0.2) after each; batch norm from the second layer on, none in the first and none at the end. First weights as in G.
# *Stuck? `hint("10.DCDiscriminator")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-DCDiscriminator", "locked": false, "schema_version": 3, "solution": true}
class DCDiscriminator(nn.Module):
    """DCGAN's discriminator: images (N, 1, 28, 28) → logits (N,)."""

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1), nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(64 * 7 * 7, 1), nn.Flatten(0),
        )  # fmt: skip
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.normal_(m.weight, 0.0, 0.02)
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.normal_(m.weight, 1.0, 0.02)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.net(x)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-DCDiscriminator-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("10.DCDiscriminator", DCDiscriminator)

# %% [markdown] tags=["check-yourself"]
# **Check yourself 3.** Why does G end with tanh and not with a ReLU or nothing at all, and what must be done with the real images, whose pixels lie in [0, 1]?
#
# <details><summary>Answer</summary>
#
# Real pixels are bounded. Without a bound, G's first noise has values that no image has, and D tells them apart by that alone. tanh reaches from −1 to 1, so the real images are scaled to the same range, 2x − 1. If that is forgotten, D only needs to look for a pixel below 0.
#
# </details>

# %% [markdown]
# How good are images? Neither loss says. The usual number compares two *clouds*: put real and made images through a classifier, take the features of its last hidden layer, describe each cloud by mean μ and covariance S, and measure how far one Gaussian is from the other. That is the (squared) **Fréchet distance**:
#
# $$\lVert \mu_1 - \mu_2 \rVert^2 + \mathrm{tr}\bigl(S_1 + S_2 - 2\,(S_1 S_2)^{1/2}\bigr)$$
#
# The FID of the papers is this number with one particular network, *Inception*. Numbers from different classifiers can't be compared.

# %% [markdown]
# ### 10.frechet_distance · A distance between two clouds
# ●●○ · about 20 minutes · 2 points · the number under every GAN picture
#
# Write `frechet_distance(mu1, s1, mu2, s2)` → float, in NumPy: means (D,), covariances (D, D), the formula above, **squared** as it stands. Covariances may be singular. The result is real.
#
# The root of a matrix has the roots of its eigenvalues, and the trace is the sum of the eigenvalues. So you don't need the root itself. (`scipy.linalg.sqrtm` is allowed, and slower.)
# *Stuck? `hint("10.frechet_distance")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-frechet_distance", "locked": false, "schema_version": 3, "solution": true}
def frechet_distance(mu1, s1, mu2, s2):
    """Squared Fréchet distance of two Gaussians: means (D,), covariances (D, D). A float."""
    ### BEGIN SOLUTION
    eigenvalues = np.clip(np.linalg.eigvals(s1 @ s2).real, 0, None)  # rounding leaves tiny negative ones
    return float(((mu1 - mu2) ** 2).sum() + np.trace(s1 + s2) - 2 * np.sqrt(eigenvalues).sum())
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-frechet_distance-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("10.frechet_distance", frechet_distance)

# %% [markdown]
# **Predict, then run.** A small CNN learns 4,000 digits; its 32 hidden units are the features. Five sets of images are compared with the held-out digits: other real digits; the averages of two digits each; a Gaussian with the right mean and spread of every pixel; a Gaussian with the right covariances of all pixels too; and 500 real sevens. Which order do you expect, from best to worst?

# %%
torch.manual_seed(0)
reader = nn.Sequential(
    nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(800, 32), nn.ReLU(), nn.Linear(32, 10),
)  # fmt: skip
optimizer, order = torch.optim.Adam(reader.parameters(), lr=2e-3), np.random.default_rng(0)
seen, truth = torch.tensor(digits[~held_out]), torch.tensor(labels[~held_out])
for _ in range(6):
    for rows in np.array_split(order.permutation(4000), 62):
        optimizer.zero_grad()
        F.cross_entropy(reader(seen[rows]), truth[rows]).backward()
        optimizer.step()
reader.eval()


def read(images):
    """Which digits the CNN sees, and with which confidence. images (N, 1, 28, 28) in [0, 1], NumPy."""
    with torch.no_grad():
        confidence, kind = reader(torch.tensor(images, dtype=torch.float32)).softmax(dim=1).max(dim=1)
    return kind.numpy(), confidence.numpy()


def cloud_of(images):
    """Mean (32,) and covariance (32, 32) of the hidden features."""
    with torch.no_grad():
        features = reader[:-1](torch.tensor(images, dtype=torch.float32)).double().numpy()
    return features.mean(axis=0), np.cov(features, rowvar=False)


with needs("10.frechet_distance"):
    rng = np.random.default_rng(0)
    train_digits_flat = digits[~held_out].reshape(4000, 784)
    mean, spread = train_digits_flat.mean(axis=0), train_digits_flat.std(axis=0)
    a, b = rng.integers(4000, size=(2, 1000))
    made = {
        "other real digits": train_digits_flat[::4],
        "averages of two": (train_digits_flat[a] + train_digits_flat[b]) / 2,
        "Gaussian pixels": rng.normal(mean, spread, size=(1000, 784)),
        "Gaussian, covariances": rng.multivariate_normal(mean, np.cov(train_digits_flat.T), size=1000, method="eigh"),
        "sevens only": digits[labels == 7].reshape(-1, 784),
    }
    made = {name: np.clip(images, 0, 1).reshape(-1, 1, 28, 28) for name, images in made.items()}
    for name, images in made.items():
        distance = frechet_distance(*cloud_of(digits[held_out]), *cloud_of(images))
        print(f"{name:22} Fréchet distance {distance:6.1f}")
    pictures.draw_images({name: images[rng.permutation(len(images))[:10]] for name, images in made.items()})
    plt.show()

# %% [markdown]
# *How to read this:* ten images of each set. Real against real is not 0, as two samples of 1,000 never have quite the same mean: that is the floor. Then come the averages and the Gaussian with covariances, far away, though both look like digits from a distance. The sevens are perfect, every one, and still far: the distance punishes missing *variety* as well as bad images.

# %% [markdown]
# ### 10.milestone_digits · Milestone: digits from noise
# ●●● · about 30 minutes · 3 points · everything so far, composed
#
# Write `train_digits(images, steps, seed, device="cpu")` → a trained generator in evaluation mode, (N, 64) → (N, 1, 28, 28) in [−1, 1]. `images` is NumPy, (M, 1, 28, 28) **in [0, 1]**, perhaps sorted. One step is one move of each with batches of 64. The same seed must give the same generator.
#
# The check trains 160 steps on zeros, ones and fours, takes about eight seconds, and asks for each kind and for a Fréchet distance (with a classifier of its own) that blends and noise don't reach. Learning rates of 1e-3 for G and 5e-4 for D with `betas=(0.5, 0.9)` learn quickly. The real training is the next cell.
# *Stuck? `hint("10.milestone_digits")`.*

# %% nbgrader={"grade": false, "grade_id": "10-milestone_digits", "locked": false, "schema_version": 3, "solution": true}
def train_digits(images, steps, seed, device="cpu"):
    """Train a DCGAN. images: (M, 1, 28, 28) in [0, 1]. Returns the generator, (N, 64) → images in [−1, 1], in eval mode."""
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    G = DCGenerator(64).to(device, memory_format=torch.channels_last)  # a layout in which convolutions run faster
    D = DCDiscriminator().to(device, memory_format=torch.channels_last)
    opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.9))
    for _ in trange(steps, leave=False, disable=steps < 200):  # no bar in the check
        real = 2 * torch.tensor(images[rng.integers(len(images), size=64)], dtype=torch.float32, device=device) - 1
        z = torch.randn(64, 64, device=device)
        discriminator_step(G, D, opt_d, real, z)
        generator_step(G, D, opt_g, z)
    return G.eval()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-milestone_digits-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("10.milestone_digits", train_digits)

# %% tags=["demo"]
with needs("10.milestone_digits", "10.frechet_distance", "10.DCGenerator", "10.DCDiscriminator", "10.discriminator_step", "10.generator_step"):
    digit_g = train_digits(digits[~held_out], DIGIT_STEPS, 0, device)
    with torch.no_grad():
        drawn = (digit_g(torch.randn(1000, 64, device=device)).cpu().numpy() + 1) / 2
    kinds, confidence = read(drawn)
    distance = frechet_distance(*cloud_of(digits[held_out]), *cloud_of(drawn))
    print(f"your digits            Fréchet distance {distance:6.1f}")
    print("how often each digit appears: " + "  ".join(f"{k}: {n / 10:.0f} %" for k, n in enumerate(np.bincount(kinds, minlength=10))))
    near = [((digits[~held_out] - image) ** 2).sum(axis=(1, 2, 3)).argmin() for image in drawn[:12]]
    unlikely = drawn[np.argsort(confidence)[:12]]
    pictures.draw_images({"drawn": drawn[:12], "nearest\nreal": digits[~held_out][near], "the CNN\ndoubts": unlikely})
    plt.show()

# %% [markdown]
# *How to read this:* twelve digits from noise, not chosen; under each the training image nearest to it in squared pixels; last, the twelve of a thousand about which the reading CNN is least sure. The nearest real ones are other handwritings, so G has not simply learned images by heart. Compare the distance with your table: far below every blend and Gaussian, and still well above real digits. On the CPU, four seeds of the solution gave 33 to 49, on average 39; averages of two stand near 200, the Gaussian with covariances near 250, real digits at 2.4.
#
# And in between? z is 64 numbers from a Gaussian. In so many dimensions nearly all z have about the same length, near √64 = 8. On a straight line between two of them the middle is too short, a place G has hardly ever seen. So one walks along the arc, with the angle Ω between the two:
#
# $$\mathrm{slerp}(z_0, z_1, t) = \frac{\sin((1-t)\,\Omega)}{\sin \Omega}\, z_0 + \frac{\sin(t\,\Omega)}{\sin \Omega}\, z_1$$

# %% [markdown]
# ### 10.slerp · From one image to another
# ●○○ · about 12 minutes · 1 point · a walk through the space of digits
#
# Write `slerp(z0, z1, t)` in torch, for (D,) or (N, D), each row with its own angle; t is a number in [0, 1]. The angle is between the *directions*; the shares are taken of z0 and z1 themselves. Equal directions, where sin Ω = 0, fall back to the straight line. (Opposite ones don't occur.)
# *Stuck? `hint("10.slerp")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-slerp", "locked": false, "schema_version": 3, "solution": true}
def slerp(z0, z1, t):
    """Spherical interpolation (Shoemake, 1985). z0, z1: (D,) or (N, D). t: a number in [0, 1]. Same shape as z0."""
    ### BEGIN SOLUTION
    lengths = z0.norm(dim=-1, keepdim=True) * z1.norm(dim=-1, keepdim=True)
    omega = torch.acos(((z0 * z1).sum(dim=-1, keepdim=True) / lengths).clamp(-1, 1))
    sine = torch.sin(omega)
    straight = sine < 1e-6
    safe = torch.where(straight, torch.ones_like(sine), sine)
    arc = (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / safe
    return torch.where(straight, (1 - t) * z0 + t * z1, arc)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-slerp-check", "locked": true, "points": 1, "schema_version": 3, "solution": false}
check("10.slerp", slerp)

# %% tags=["demo"]
with needs("10.slerp", "10.milestone_digits", "10.DCGenerator", "10.DCDiscriminator", "10.discriminator_step", "10.generator_step"):
    slerp(torch.ones(2), torch.ones(2), 0.5)  # stops here, politely, while it is not written
    train_digits(digits[:64], 1, 0)  # … or here
    torch.manual_seed(5)
    z0, z1 = torch.randn(2, 3, 64)
    with torch.no_grad():
        walks = torch.stack([digit_g(slerp(z0, z1, t).to(device)).cpu() for t in np.linspace(0, 1, 12)], dim=1)  # (3, 12, 1, 28, 28)
    pictures.draw_images({f"walk {k + 1}": walks[k].numpy() for k in range(3)}, columns=("t = 0", *[""] * 10, "t = 1"))
    plt.show()

# %% [markdown]
# *How to read this:* each row walks from one z to another in twelve steps. One digit turns into the next by changes of its strokes, without a fade from one picture to the other: G has learned a *space* of shapes. Where the walk passes between two kinds, it draws what is neither.
#
# ## 8 · Drawing what is asked for
# So far nobody can order a seven. Tell both networks the label, G what to draw and D what it should be, and the game becomes **conditional** (Mirza, Osindero, 2014).

# %% [markdown]
# ### 10.ConditionalGenerator · A seven, please
# ●●○ · about 20 minutes · 2 points · every text-to-image model descends from it
#
# Write `ConditionalGenerator(z_dim, classes)`, an `nn.Module`: `forward(z, labels)` with z (N, z_dim) and labels (N,), whole numbers from 0 to classes − 1 → (N, 1, 28, 28) in [−1, 1], through tanh. Each row has its own label; both z and label change the image. How they come together is yours: an embedding beside z, fed to your DCGenerator, will do.
# *Stuck? `hint("10.ConditionalGenerator")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-ConditionalGenerator", "locked": false, "schema_version": 3, "solution": true}
class ConditionalGenerator(nn.Module):
    """Noise (N, z_dim) and labels (N,) → images (N, 1, 28, 28) in [−1, 1]."""

    def __init__(self, z_dim, classes):
        ### BEGIN SOLUTION
        super().__init__()
        self.label = nn.Embedding(classes, 16)
        self.draw = DCGenerator(z_dim + 16)
        ### END SOLUTION

    def forward(self, z, labels):
        ### BEGIN SOLUTION
        return self.draw(torch.cat([z, self.label(labels)], dim=1))
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-ConditionalGenerator-check", "locked": true, "points": 2, "schema_version": 3, "solution": false}
check("10.ConditionalGenerator", ConditionalGenerator)

# %% tags=["demo"]
class ToldDiscriminator(nn.Module):
    """Sees the image and, as a second channel, a picture that is learned for its label."""

    def __init__(self):
        super().__init__()
        self.label = nn.Embedding(10, 784)
        self.net = nn.Sequential(
            nn.Conv2d(2, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(32, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(64 * 49, 1), nn.Flatten(0),
        )  # fmt: skip

    def forward(self, x, told):
        return self.net(torch.cat([x, self.label(told).reshape(-1, 1, 28, 28)], dim=1))


with needs("10.ConditionalGenerator", "10.DCGenerator", "10.discriminator_loss", "10.generator_loss"):
    torch.manual_seed(0)
    told_g, told_d = ConditionalGenerator(48, 10).to(device), ToldDiscriminator().to(device)
    opt_g = torch.optim.Adam(told_g.parameters(), lr=1e-3, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(told_d.parameters(), lr=5e-4, betas=(0.5, 0.9))
    for _ in trange(CONDITIONAL_STEPS, leave=False, disable=quiet):
        rows = torch.randint(4000, (64,))
        real, told = 2 * seen[rows].to(device) - 1, truth[rows].to(device)
        fake = told_g(torch.randn(64, 48, device=device), told)
        opt_d.zero_grad()
        discriminator_loss(told_d(real, told), told_d(fake.detach(), told)).backward()
        opt_d.step()
        opt_g.zero_grad()
        generator_loss(told_d(fake, told)).backward()  # D's gradients are cleared above: the habit, with care
        opt_g.step()
    told_g.eval()
    with torch.no_grad():
        asked = torch.arange(1000) % 10
        z = torch.randn(100, 48, device=device).repeat_interleave(10, dim=0)  # one z for all ten digits of a row
        drawn = (told_g(z, asked.to(device)).cpu().numpy() + 1) / 2
    print(f"the CNN reads what was asked for in {(read(drawn)[0] == asked.numpy()).mean():.0%} of 1,000 images (of real digits: {(read(digits[held_out])[0] == labels[held_out]).mean():.0%})")
    pictures.draw_images({f"z number {k + 1}": drawn[10 * k : 10 * k + 10] for k in range(4)}, columns=tuple("0123456789"))
    plt.show()

# %% [markdown]
# *How to read this:* a column for each digit asked for, a row for each z. After so short a training many are clumsy, but most are what was ordered.
#
# The condition may be a whole picture. In **pix2pix** (Isola et al., 2017) G gets edges and paints the image, and D sees a *pair*, edges and image, and says whether they belong together. D alone would accept any plausible image, so G is also told the truth: an L1 term pulls each painted pixel to the real one. The weight between the two says how much may be invented.

# %% [markdown]
# ### 10.image_to_image_step · From edges to a photograph
# ●●● · about 25 minutes · 3 points · both moves, with a picture as the condition
#
# Write `image_to_image_step(G, D, opt_g, opt_d, edges, images, l1_weight=100.0)` → `(d_loss, g_loss)`, two floats. `G(edges)` paints; D sees `torch.cat([edges, image], 1)`, real and fake pairs separately. **First** D moves, with `discriminator_loss`. **Then** G moves against the updated D, with `generator_loss` + l1_weight · mean |G(edges) − images|. g_loss is that sum. Old gradients have no effect.
# *Stuck? `hint("10.image_to_image_step")`. Moving on is fine.*

# %% nbgrader={"grade": false, "grade_id": "10-image_to_image_step", "locked": false, "schema_version": 3, "solution": true}
def image_to_image_step(G, D, opt_g, opt_d, edges, images, l1_weight=100.0):
    """One move of D, then one of G, on pairs (N, C, H, W) each. Returns (d_loss, g_loss), floats."""
    ### BEGIN SOLUTION
    painted = G(edges)
    d_loss = discriminator_loss(D(torch.cat([edges, images], 1)), D(torch.cat([edges, painted.detach()], 1)))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(D(torch.cat([edges, painted], 1))) + l1_weight * (painted - images).abs().mean()
    opt_g.zero_grad()
    g_loss.backward(inputs=list(G.parameters()))
    opt_g.step()
    return d_loss.item(), g_loss.item()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "10-image_to_image_step-check", "locked": true, "points": 3, "schema_version": 3, "solution": false}
check("10.image_to_image_step", image_to_image_step)

# %% tags=["demo"]
class Painter(nn.Module):
    """A small U-Net: down twice, up twice, with shortcuts that carry the edges past the middle."""

    def __init__(self, c=16):
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(1, c, 4, 2, 1), nn.LeakyReLU(0.2))
        self.down2 = nn.Sequential(nn.Conv2d(c, 2 * c, 4, 2, 1), nn.BatchNorm2d(2 * c), nn.ReLU())
        self.up1 = nn.Sequential(nn.ConvTranspose2d(2 * c, c, 4, 2, 1), nn.BatchNorm2d(c), nn.ReLU())
        self.up2 = nn.Sequential(nn.ConvTranspose2d(2 * c, c, 4, 2, 1), nn.BatchNorm2d(c), nn.ReLU())
        self.last = nn.Conv2d(c + 1, 1, 3, padding=1)

    def forward(self, edges):
        first = self.down1(edges)
        middle = self.up1(self.down2(first))
        return torch.tanh(self.last(torch.cat([self.up2(torch.cat([middle, first], 1)), edges], 1)))


with needs("10.image_to_image_step", "10.discriminator_loss", "10.generator_loss"):
    clothes = load_fashion_mnist()
    is_shoe, is_new = np.isin(clothes.y_train, (5, 7, 9)), np.isin(clothes.y_test, (5, 7, 9))  # sandals, sneakers, boots
    shoes, new = 2 * clothes.x_train[is_shoe] - 1, 2 * clothes.x_test[is_new] - 1
    outlines, new_outlines = pictures.edges_of(clothes.x_train[is_shoe]), pictures.edges_of(clothes.x_test[is_new])
    torch.manual_seed(0)
    painter = Painter().to(device)
    judge_of_pairs = nn.Sequential(
        nn.Conv2d(2, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 32, 4, 2, 1), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(32 * 49, 1), nn.Flatten(0),
    ).to(device)  # fmt: skip
    opt_g = torch.optim.Adam(painter.parameters(), lr=3e-3, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(judge_of_pairs.parameters(), lr=5e-4, betas=(0.5, 0.9))
    for _ in trange(SHOE_STEPS, leave=False, disable=quiet):
        rows = np.random.default_rng(_).integers(len(shoes), size=32)
        image_to_image_step(painter, judge_of_pairs, opt_g, opt_d, torch.tensor(outlines[rows], device=device), torch.tensor(shoes[rows], device=device), 30.0)
    painter.eval()
    with torch.no_grad():
        painted = painter(torch.tensor(new_outlines, device=device)).cpu().numpy()
    some = np.linspace(0, len(new) - 1, 12).astype(int)
    pictures.draw_images({"edges": new_outlines[some], "painted": painted[some], "truth": new[some]})
    plt.show()
    print(f"mean |difference| on new shoes: painted {np.abs(painted - new).mean():.3f}, the average shoe {np.abs(shoes.mean(axis=0) - new).mean():.3f}, the edges themselves {np.abs(new_outlines - new).mean():.3f}")

# %% [markdown]
# *How to read this:* shoes from the test set, which nobody has seen in training. Above the outlines, in the middle what G paints, below the photographs. Pixels lie in [−1, 1]. Where the outline is closed, it fills in leather and sole, and its mean difference from the truth is a third of the average shoe's. What an outline cannot say (bright or dark?) it has to invent.

# %% [markdown] tags=["check-yourself"]
# **Check yourself 4.** In the image-to-image game, what goes wrong with `l1_weight=0`, and what with a very large weight?
#
# <details><summary>Answer</summary>
#
# With 0 only D speaks. D does see the edges, so in the long run G must heed them; but learning is slow, and details may be invented freely. With a very large weight the game no longer matters, and G paints the pixelwise median of all images that fit the edges: blurred, as in the first figure of this chapter.
#
# </details>

# %% [markdown]
# ## What you can do now
#
# | piece | in one breath |
# |---|---|
# | discriminator's loss | two means: real up, fake down |
# | generator's loss | −log D, as log(1 − D) starves a beginner |
# | best D, JS | p / (p + q); a perfect D on separate clouds is flat |
# | the two moves | detach for D; for G, through D and not into it |
# | mode collapse | all z, one sample; seen by counting modes, not by losses |
# | gradient penalty | a gradient of a gradient keeps D evenly steep |
# | Fréchet distance | two clouds of features; beside it real against real |
# | conditions | a label or a picture, told to both |
#
# And one habit: a picture of twelve good fakes proves nothing. Show them unchosen, count what is missing, and put a floor and a baseline beside the number.

# %% [markdown]
# ## Go further
# - I. Goodfellow et al., [*Generative adversarial nets*](https://arxiv.org/abs/1406.2661) (2014): the game, both generator losses, and the proof of part 2. I. Goodfellow, [*NIPS 2016 tutorial*](https://arxiv.org/abs/1701.00160).
# - A. Radford, L. Metz, S. Chintala, [*DCGAN*](https://arxiv.org/abs/1511.06434) (2015); T. Salimans et al., [*Improved techniques for training GANs*](https://arxiv.org/abs/1606.03498) (2016).
# - M. Arjovsky, S. Chintala, L. Bottou, [*Wasserstein GAN*](https://arxiv.org/abs/1701.07875); I. Gulrajani et al., [*Improved training of Wasserstein GANs*](https://arxiv.org/abs/1704.00028) (2017): the penalty, there with another loss. L. Mescheder, A. Geiger, S. Nowozin, [*Which training methods for GANs do actually converge?*](https://arxiv.org/abs/1801.04406) (2018).
# - M. Heusel et al., [*GANs trained by a two time-scale update rule*](https://arxiv.org/abs/1706.08500) (2017): FID. T. White, [*Sampling generative networks*](https://arxiv.org/abs/1609.04468) (2016): slerp.
# - M. Mirza, S. Osindero, [*Conditional generative adversarial nets*](https://arxiv.org/abs/1411.1784) (2014); P. Isola et al., [*pix2pix*](https://arxiv.org/abs/1611.07004) (2017).
