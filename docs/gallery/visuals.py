"""The visuals of dlcourse_utils.gradients."""

from __future__ import annotations

from .entry import Entry

DEEP = """\
import numpy as np
from dlcourse_utils.data import load_digits_split
from dlcourse_utils.gradients import Recorder

def train(bend, slope, scale, depth=8, steps=300, lr=0.5, clip=None, every=10):
    '''A deep NumPy network on the 8×8 digits, recorded.'''
    rng, data = np.random.default_rng(0), load_digits_split(seed=0)
    sizes = [64] + [32] * (depth - 1) + [10]
    params = {}
    for i, (m, n) in enumerate(zip(sizes, sizes[1:]), 1):
        params[f"w{i}"], params[f"b{i}"] = rng.normal(size=(m, n)) * scale(m), np.zeros(n)
    rec = Recorder(every=every)
    for step in range(steps):
        rows = rng.integers(0, len(data.x_train), 64)
        hs, labels = [data.x_train[rows]], data.y_train[rows]
        for i in range(1, depth + 1):
            z = hs[-1] @ params[f"w{i}"] + params[f"b{i}"]
            hs.append(bend(z) if i < depth else z)
        p = np.exp(hs[-1] - hs[-1].max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss, d, raw = -np.log(p[np.arange(64), labels]).mean(), p, {}
        d[np.arange(64), labels] -= 1
        d /= 64
        for i in range(depth, 0, -1):
            raw[f"w{i}"], raw[f"b{i}"] = hs[i - 1].T @ d, d.sum(axis=0)
            d = (d @ params[f"w{i}"].T) * slope(hs[i - 1])
        length = np.sqrt(sum((g**2).sum() for g in raw.values()))
        grads = {k: g * min(1, (clip or np.inf) / length) for k, g in raw.items()}
        hidden = {f"layer {i}": hs[i] for i in range(1, depth)}
        rec.step(loss=loss, grads=grads, raw_grads=raw, params=params, activations=hidden,
                 kinds={name: "relu" for name in hidden} if bend is relu else None, learning_rate=lr)
        params = {k: v - lr * grads[k] for k, v in params.items()}
    return rec

relu, relu_slope = lambda z: np.maximum(z, 0), lambda h: h > 0
sigmoid, sigmoid_slope = lambda z: 1 / (1 + np.exp(-z)), lambda h: h * (1 - h)
he, xavier = lambda m: (2 / m) ** 0.5, lambda m: (1 / m) ** 0.5
"""

CNN = """\
import torch
from torch import nn
from dlcourse_utils.data import load_digits_split

torch.manual_seed(0)
data = load_digits_split(seed=0)
x = torch.tensor(data.x_train, dtype=torch.float32).reshape(-1, 1, 8, 8)
y = torch.tensor(data.y_train)
model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(),
                      nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(150):
    rows = torch.randint(0, len(x), (64,))
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
    optimizer.step()
model.eval()
image, label = x[3:4], int(y[3])
"""

SMALL = """\
import numpy as np
from dlcourse_utils.data import load_digits_split

data = load_digits_split(seed=0)
x, y = data.x_train, data.y_train
rng = np.random.default_rng(0)
w = [rng.normal(size=(64, 16)) * 0.18, rng.normal(size=(16, 10)) * 0.35]

def loss_and_grads(w, rows):
    h = np.tanh(x[rows] @ w[0])
    z = h @ w[1]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = np.arange(len(rows))
    loss = -np.log(p[n, y[rows]]).mean()
    p[n, y[rows]] -= 1
    p /= len(n)
    return loss, [x[rows].T @ ((p @ w[1].T) * (1 - h**2)), h.T @ p]

everything = np.arange(len(x))
path = [[a.copy() for a in w]]
for step in range(60):
    _, g = loss_and_grads(w, everything)
    w = [a - 0.5 * d for a, d in zip(w, g)]
    path.append([a.copy() for a in w])
"""

GAN = """\
import torch
from torch import nn
from dlcourse_utils.gradients import record

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
opt_g, opt_d = (torch.optim.Adam(m.parameters(), lr=2e-3, betas=(0.5, 0.9)) for m in (G, D))
bce = nn.functional.binary_cross_entropy_with_logits
real = torch.randn(200, 2) * 0.3 + torch.tensor([1.5, 0.5])
one, zero = torch.ones(64, 1), torch.zeros(64, 1)
with record({"G": G, "D": D}, [opt_g, opt_d], every=5) as rec:
    for step in range(200):
        batch, fake = real[torch.randint(0, 200, (64,))], G(torch.randn(64, 2))
        opt_d.zero_grad()
        with rec.loss("real"):
            bce(D(batch), one).backward()
        with rec.loss("fake"):
            bce(D(fake.detach()), zero).backward()
        opt_d.step()
        opt_g.zero_grad()
        with rec.loss("generator"):
            bce(D(fake), one).backward()
        opt_g.step()
"""

JUDGE = """\
import torch
from torch import nn

torch.manual_seed(0)
real, fake = (0.35 * torch.randn(n, 2) + torch.tensor(at) for n, at in ((80, [1.2, 0.5]), (30, [-0.9, -0.6])))
D = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(D.parameters(), lr=0.02)
for step in range(150):  # D learns, G stays where it is
    optimizer.zero_grad()
    loss = nn.functional.softplus(-D(real)).mean() + nn.functional.softplus(D(fake)).mean()
    loss.backward()
    optimizer.step()
"""


def _entry(name: str, title: str, code: str, setup: str = "", chapter: str = "") -> Entry:
    return Entry(name, title, code, setup, chapter=chapter)


VISUALS = (
    _entry(
        "value_graph", "Value and gradient in a graph",
        "from dlcourse_utils.gradients import trace\ntrace(lambda a, b: (a * b + a).tanh(), a=0.9, b=-0.5)",
        chapter="03",
    ),
    _entry(
        "compare_gradients", "Analytic against numeric gradient",
        "from dlcourse_utils.gradients import compare_gradients\ncompare_gradients(dw, measured)",
        "import numpy as np\nrng = np.random.default_rng(0)\nmeasured = rng.normal(size=(6, 8))\n"
        "dw = measured * (1 + 1e-8 * rng.normal(size=(6, 8)))\ndw[:, 5] *= -1  # one column has the wrong sign\n",
        "03",
    ),
    _entry(
        "gradient_flow", "Gradient flow by layer",
        "from dlcourse_utils.gradients import gradient_flow\ngradient_flow(rec.history)",
        DEEP + "\nrec = train(sigmoid, sigmoid_slope, xavier)\n", "05",
    ),
    _entry(
        "histogram_over_time", "One gradient over time",
        "from dlcourse_utils.gradients import histogram_over_time\nhistogram_over_time(rec.history, \"w4\")",
        DEEP + "\nrec = train(relu, relu_slope, he, lr=0.1)\n",
    ),
    _entry(
        "update_ratio", "Update / weight ratio",
        "from dlcourse_utils.gradients import update_ratio\nupdate_ratio(rec.history)",
        DEEP + "\nrec = train(relu, relu_slope, he, depth=4, lr=0.1)\n",
    ),
    _entry(
        "clipping", "Clipping, before and after",
        "from dlcourse_utils.gradients import clipping\nclipping(rec.history)",
        DEEP + "\nrec = train(relu, relu_slope, he, lr=0.1, clip=3.0, every=3)\n",
    ),
    _entry(
        "unit_health", "Dead units over time",
        "from dlcourse_utils.gradients import unit_health\nunit_health(rec.history)",
        DEEP + "\nrec = train(relu, relu_slope, he, depth=5, lr=0.45)\n",
    ),
    _entry(
        "signals_by_initialisation", "Signals by initialisation",
        "from dlcourse_utils.gradients import signals_by_initialisation\n"
        "signals_by_initialisation(\"relu\", depth=12)",
    ),
    _entry(
        "activation_curve", "An activation with its slope",
        "from dlcourse_utils.gradients import activation_curve\nactivation_curve(\"relu\", samples=z)",
        "import numpy as np\nz = np.random.default_rng(0).normal(-0.4, 1.2, size=(200, 40))\nz[:, :6] -= 6\n",
    ),
    _entry(
        "jacobian_product", "Product of Jacobians by depth",
        "from dlcourse_utils.gradients import jacobian_product, layer_jacobians\n"
        "jacobian_product(layer_jacobians(depth=30, gain=1.0, activation=\"tanh\"))",
    ),
    _entry(
        "descent_paths", "Optimizer paths on a contour",
        "from dlcourse_utils.gradients import descent_paths\ndescent_paths(f, {\"SGD\": sgd, \"momentum\": "
        "momentum})",
        "import numpy as np\n\ndef f(p):\n    return p[0] ** 2 / 2 + 12 * p[1] ** 2\n\n"
        "def descend(beta, lr):\n    p, v, path = np.array([-3.0, 1.0]), np.zeros(2), []\n"
        "    for _ in range(40):\n        path.append(p)\n        v = beta * v + np.array([p[0], 24 * p[1]])\n"
        "        p = p - lr * v\n    return np.array(path)\n\nsgd, momentum = descend(0.0, 0.075), descend(0.8, "
        "0.03)\n",
    ),
    _entry(
        "minibatch_noise", "Noise of minibatch gradients",
        "from dlcourse_utils.gradients import minibatch_noise\n"
        "minibatch_noise(lambda rows: loss_and_grads(w, rows)[1], samples=len(x))", SMALL,
    ),
    _entry(
        "loss_landscape", "Loss landscape with the path of training",
        "from dlcourse_utils.gradients import loss_landscape\n"
        "loss_landscape(lambda w: loss_and_grads(w, everything)[0], w, path=path)", SMALL,
    ),
    _entry(
        "receptive_field", "Receptive field of one unit",
        "from dlcourse_utils.gradients import receptive_field\nreceptive_field(net, (1, 32, 32))",
        "import torch\nfrom torch import nn\ntorch.manual_seed(0)\n"
        "net = nn.Sequential(*[m for _ in range(5) for m in (nn.LazyConv2d(8, 3), nn.Tanh())])\n"
        "net(torch.zeros(1, 1, 32, 32))\n",
    ),
    _entry(
        "attribution_maps", "Saliency and Grad-CAM beside their control",
        "from dlcourse_utils.gradients import attribution_maps, grad_cam, randomised, saliency\n"
        "attribution_maps(image[0], maps(model), maps(randomised(model)))",
        CNN + "\ndef maps(m):\n    return {\"saliency\": saliency(m, image, label)[0], "
        "\"Grad-CAM\": grad_cam(m, m[2], image, label)[0]}\n",
    ),
    _entry(
        "through_time", "Gradient through time, RNN against LSTM",
        "from dlcourse_utils.gradients import through_time\nthrough_time({\"RNN\": rnn, \"LSTM\": lstm}, x)",
        "import torch\nfrom torch import nn\ntorch.manual_seed(0)\n"
        "rnn, lstm = (kind(8, 32, batch_first=True) for kind in (nn.RNN, nn.LSTM))\n"
        "with torch.no_grad():\n    lstm.bias_ih_l0[32:64] = 2.0  # forget gates that start open\n"
        "x = torch.randn(16, 40, 8)\n",
    ),
    _entry(
        "generator_arrows", "What the generator feels",
        "from dlcourse_utils.gradients import generator_arrows\ngenerator_arrows(D, real, fake)", JUDGE,
    ),
    _entry(
        "gradient_by_loss", "Gradient by loss",
        "from dlcourse_utils.gradients import gradient_by_loss\ngradient_by_loss(rec.history)", GAN,
    ),
)  # fmt: skip
