"""The widgets of dlcourse_utils.widgets, each moved to where there is something to see."""

from __future__ import annotations

from .entry import Entry

STEPS = """\
import numpy as np

def sgd_step(params, grads, state, lr):
    return {k: p - lr * grads[k] for k, p in params.items()}, state

def momentum_step(params, grads, state, lr, beta=0.9):
    v = {k: beta * state.get(k, 0) + grads[k] for k in params}
    return {k: p - lr * v[k] for k, p in params.items()}, v

def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999):
    t, new, moved = state.get("t", 0) + 1, {}, {}
    for k, g in grads.items():
        m, s = state.get(k, (0, 0))
        m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
        new[k] = (m, s)
        moved[k] = params[k] - lr * (m / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + 1e-8)
    return moved, {"t": t, **new}
"""

MLP = """\
import numpy as np

def mlp_loss_and_grads(params, x, labels):
    hs = [x]
    for i, (w, b) in enumerate(params):
        z = hs[-1] @ w + b
        hs.append(np.maximum(z, 0) if i < len(params) - 1 else z)
    p = np.exp(hs[-1] - hs[-1].max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = np.arange(len(x))
    loss = -np.log(p[n, labels]).mean()
    p[n, labels] -= 1
    d, grads = p / len(x), []
    for i in reversed(range(len(params))):
        grads.append((hs[i].T @ d, d.sum(axis=0)))
        d = (d @ params[i][0].T) * (hs[i] > 0)
    return loss, grads[::-1]
"""

RECORDED = """\
import torch
from torch import nn
from dlcourse_utils.data import load_digits_split
from dlcourse_utils.gradients import record

digits = load_digits_split(seed=0)
x, labels = torch.tensor(digits.x_train, dtype=torch.float32), torch.tensor(digits.y_train)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(),
                    nn.Linear(64, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
with record(net, optimizer, every=5) as rec:
    for step in range(240):
        if step == 100:
            optimizer.param_groups[0]["lr"] *= 100  # somebody's finger slipped
        rows = torch.randint(0, len(x), (64,))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x[rows]), labels[rows])
        loss.backward()
        rec.log(loss=loss)
        optimizer.step()
"""

FRAMES = """\
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)  # many small steps: more threads would only wait for each other
torch.manual_seed(1)
angle = torch.randint(0, 8, (400,)) * torch.pi / 4
real = 2 * torch.stack([angle.cos(), angle.sin()], 1) + 0.1 * torch.randn(400, 2)
G = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g, opt_d = (torch.optim.Adam(m.parameters(), lr=1e-3, betas=(0.5, 0.9)) for m in (G, D))
bce, noise = nn.functional.binary_cross_entropy_with_logits, torch.randn(200, 8)
one, zero = torch.ones(128, 1), torch.zeros(128, 1)
line = torch.linspace(-3, 3, 40)
plane = torch.cartesian_prod(line, line)[:, [1, 0]]  # the first row of the surface is the lowest
steps, samples, surfaces = [], [], []
for step in range(1501):
    if step % 100 == 0:
        with torch.no_grad():
            steps.append(step)
            samples.append(G(noise).numpy())
            surfaces.append(torch.sigmoid(D(plane)).reshape(40, 40).numpy())
    batch, fake = real[torch.randint(0, 400, (128,))], G(torch.randn(128, 8))
    opt_d.zero_grad()
    (bce(D(batch), one) + bce(D(fake.detach()), zero)).backward()
    opt_d.step()
    opt_g.zero_grad()
    bce(D(fake), one).backward()
    opt_g.step()
"""

WIDGETS = (
    Entry(
        "backprop_stepper", "Backprop stepper",
        "from dlcourse_utils.widgets.backprop_stepper import backprop_stepper\n"
        "backprop_stepper(shortcut, a=2.0, b=-1.5, c=1.0)",
        "def shortcut(a, b, c):\n    y = (a * b).named(\"y\")\n    z = (3 * y + c).named(\"z\")\n"
        "    return (y * z).named(\"L\")\n",
        {"step": 4}, "03",
        "the bold arrow carries the newest share of gradient, upstream × local slope. A box with `grad ?` has heard "
        "nothing yet. Type the next share into the field, and you are told whether it is right, or what you "
        "left out.",
        "“The gradient goes back along the way the numbers came, one step after the other.” A node that was "
        "used twice "
        "waits until both users have spoken.",
    ),
    Entry(
        "playground", "Playground",
        "from dlcourse_utils.widgets.playground import playground\nplayground(mlp_loss_and_grads)",
        MLP, {"data": "ring", "units": 5, "step": 120, "lr": 0.3}, "03",
        "left, the points and how sure the network is of each class. Middle, its weights: thick is large, red "
        "and solid "
        "is positive, blue and dashed negative; right, their gradients in the same way. Below, the loss so far.",
        "“More units, more steps, a higher rate: always better.” Every setting replays the training from its "
        "start, so "
        "one thing at a time can be changed.",
    ),
    Entry(
        "optimizer_race", "Optimizer race",
        "from dlcourse_utils.widgets.optimizer_race import optimizer_race\n"
        "optimizer_race(sgd=sgd_step, momentum=momentum_step, adam=adam_step)",
        STEPS, None, "04",
        "left, the ways down; right, how high each method still is above the floor, on a log scale. Move the "
        "rate until "
        "each of them breaks.",
        "“Adam is the best optimizer.” On each surface and at each rate another one arrives first.",
    ),
    Entry(
        "vanishing_lab", "Vanishing lab",
        "from dlcourse_utils.widgets.vanishing_lab import vanishing_lab\nvanishing_lab()",
        "", {"depth": 20, "activation": "relu", "scheme": "Xavier"}, "05",
        "left, the sizes of the activations on their way forward; right, of the gradients on their way back, "
        "from right "
        "to left. Darker: more values; the line is the typical size, the thin ones are other initialisations.",
        "“ReLU cured vanishing gradients.” Twenty ReLU layers with the wrong scale lose a gradient as surely as "
        "sigmoids.",
    ),
    Entry(
        "time_scrubber", "Time scrubber",
        "from dlcourse_utils.widgets.time_scrubber import time_scrubber\ntime_scrubber(rec.history)",
        RECORDED, {"sample": 22}, "06",
        "all four panels stand on the same step: the loss, the gradient of each layer, one gradient's "
        "histogram, and how "
        "far the weights move. The words add what `diagnose()` says about the last few samples.",
        "“The loss jumped, who knows why.” At the same step something else jumped too; here the learning rate was "
        "raised at step 100.",
    ),
    Entry(
        "convolution_explorer", "Convolution explorer",
        "from dlcourse_utils.widgets.convolution_explorer import convolution_explorer\nconvolution_explorer(digit)",
        "from dlcourse_utils.data import load_digits_split\ndigit = "
        "load_digits_split(seed=0).x_train[3].reshape(8, 8)\n",
        {"place": 20}, "07",
        "left, the window under the kernel; middle, nine products; right, the output cell that their sum goes "
        "to. Rest "
        "the mouse on an output for its formula, or switch to pixels and see which outputs send one gradient.",
        "“Every region has its own filter.” It is the same nine numbers everywhere, and each of them hears from all "
        "places.",
    ),
    Entry(
        "memory_explorer", "Memory of a recurrent network",
        "from dlcourse_utils.widgets.memory import memory_explorer\nmemory_explorer(stretch=0.8)",
        "", None, "08",
        "left, what is left of a nudge after so many steps; right, of a gradient on its way back. One slider "
        "stretches "
        "both.",
        "“Forgetting and vanishing gradients are two problems.” They are the same product, read in two directions.",
    ),
    Entry(
        "gan_stepper", "GAN stepper",
        "from dlcourse_utils.widgets.gan_stepper import GanFrames, gan_stepper\n"
        "gan_stepper(GanFrames(steps, samples, real, surfaces, extent=(-3, 3, -3, 3), fixed_noise=True))",
        FRAMES, {"frame": 10}, "10",
        "shading is the discriminator's opinion, darker is “real”, the line its 50 %. Circles are real, crosses "
        "made by "
        "G, each with the way it has come since the last frame. Right, two measures of how far the run has come.",
        "“A GAN converges like any training.” Samples run to where D is fooled, D answers, and they run on.",
    ),
    Entry(
        "activation_explorer", "Activation explorer",
        "from dlcourse_utils.widgets.activation import activation_explorer\nactivation_explorer(\"sigmoid\", z=2.0)",
        "", None, "02",
        "above, the activation, below, its slope; the point is where z stands. The slope is what a gradient is "
        "multiplied with on its way back.",
        "“A neuron that fires strongly learns strongly.” At the flat end it passes nearly nothing back.",
    ),
    Entry(
        "threshold_explorer", "Threshold explorer",
        "from dlcourse_utils.widgets.threshold import threshold_explorer\nthreshold_explorer(y, score, "
        "threshold=0.4)",
        "import numpy as np\nrng = np.random.default_rng(0)\ny = (rng.uniform(size=300) < 0.3).astype(int)\n"
        "score = 1 / (1 + np.exp(-(rng.normal(size=300) + 2.2 * y - 1)))\n",
        None, "05",
        "the threshold walks along the curve; the four counts change with it, the area under the curve does not.",
        "“The model has 90 % accuracy, so it is good.” Which mistakes it makes is decided after training, by "
        "one number.",
    ),
    Entry(
        "medical_test_explorer", "A test and a rare illness",
        "from dlcourse_utils.widgets.medical_test import medical_test_explorer\nmedical_test_explorer()",
        "", None, "01",
        "a thousand people, one dot each. Count the dots with an alarm, then those among them who are ill.",
        "“The test is 90 % right, so an alarm means 90 % ill.” Most alarms come from the many who are healthy.",
    ),
    Entry(
        "units_explorer", "Units and distances",
        "from dlcourse_utils.widgets.units import units_explorer\nunits_explorer()",
        "", None, "00",
        "both axes have the same scale, because that is how a distance sees them. The slider changes the unit "
        "of one.",
        "“Units are only labels.” They decide who is whose neighbour.",
    ),
    Entry(
        "training_lines", "The lines of a training loop",
        "from dlcourse_utils.widgets.training_lines import training_lines\n"
        "training_lines(\"no zero_grad at all\", count=9)",
        "", None, "06",
        "one line of PyTorch after the other, with what stands in the weight and in its `.grad` after each.",
        "“backward() computes the gradient.” It *adds* it to what is there.",
    ),
)  # fmt: skip
