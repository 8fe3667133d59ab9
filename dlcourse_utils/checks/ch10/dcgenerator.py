"""10.DCGenerator: judged by shape, range, where batch norm stands, and the first weights; widths are free."""

from collections.abc import Iterator

import numpy as np
from torch import nn

from ..authoring import Case, Exercise, Observation, Verdict
from .convolutional import SIZE, activations, first_weights, module_and_form


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for z_dim, n in ((64, 5), (20, 3), (100, 2)):
        yield Case(f"z_dim = {z_dim}, {n} images", kwargs={"settings": [z_dim], "x": rng.normal(size=(n, z_dim)), "seed": int(rng.integers(1000))})


def judge(case: Case, observation: Observation) -> Verdict:
    value, n = observation.value or {}, len(case.kwargs["x"])
    found = module_and_form(value, n, SIZE, "DCGenerator")
    if found is not None:
        return found
    loud = value["out with large weights"]
    if loud.max() > 1 + 1e-6 or loud.min() < -1 - 1e-6:
        return Verdict.wrong("With large weights your images leave [−1, 1]: is the tanh at the end missing?", symptom="no tanh")
    if loud.min() > -0.5 or loud.max() < 0.5:
        return Verdict.wrong(
            f"With large weights your pixels lie between {loud.min():.2f} and {loud.max():.2f}; a tanh at the end reaches from −1 to 1.", symptom="range"
        )
    if np.allclose(loud[0], loud[1]):
        return Verdict.wrong("Two different z give the same image.", symptom="z ignored")
    kinds = value["layers in order"]
    if "norm" not in kinds:
        return Verdict.wrong("There is no batch norm in your network; each hidden layer has one.", symptom="no norm")
    if "norm" in kinds[max(i for i, kind in enumerate(kinds) if kind == "weights") :]:
        return Verdict.wrong(
            "There is a batch norm after the last convolution. It would force every batch of images to mean 0; the output layer goes without.", symptom="norm at the end"
        )
    return activations(value, "ReLU", 0.0) or first_weights(value) or Verdict.ok()


def _start(net, scale_mean=1.0, scale_std=0.02):
    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(m.weight, 0.0, 0.02)
        elif isinstance(m, nn.BatchNorm2d):
            nn.init.normal_(m.weight, scale_mean, scale_std)


class _Net(nn.Module):
    def __init__(self, z_dim, norm=True, end=(), last=4, start=True, slope=0.0, norm_last=False, **scales):
        super().__init__()

        def hidden(c):
            pair = [nn.BatchNorm2d(c) if norm else nn.Identity(), nn.LeakyReLU(slope)]
            return pair[::-1] if norm_last else pair

        self.net = nn.Sequential(
            nn.ConvTranspose2d(z_dim, 24, 7), *hidden(24),
            nn.ConvTranspose2d(24, 12, 4, 2, 1), *hidden(12),
            nn.ConvTranspose2d(12, 1, last, 2, 1), *end,
        )  # fmt: skip
        if start:
            _start(self, **scales)

    def forward(self, z):
        return self.net(z[:, :, None, None])


class sigmoid_at_the_end(_Net):
    """Your images lie in [0, 1]: that is a sigmoid at the end. Use tanh, whose range [−1, 1] is centred at 0, and scale the real images to it."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Sigmoid()])


class nothing_at_the_end(_Net):
    """Your pixels are not bounded. End with a tanh: real images have a black and a white, and D would recognise everything beyond at once."""

    def __init__(self, z_dim):
        super().__init__(z_dim)


class norm_at_the_end(_Net):
    """You put a batch norm on the output. It forces every batch of images to the same mean and contrast; DCGAN leaves it out of G's last layer."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.BatchNorm2d(1), nn.Tanh()])


class no_batch_norm(_Net):
    """Your hidden layers have no batch norm. With weights that start as small as 0.02 the signal dies on the way; DCGAN normalises after each hidden convolution."""

    def __init__(self, z_dim):
        super().__init__(z_dim, norm=False, end=[nn.Tanh()])


class default_weights(_Net):
    """Your weights start as PyTorch chooses. Asked for is DCGAN's N(0, 0.02) for convolutions and linear layers. Walk over self.modules() at the end of __init__."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()], start=False)


class scales_left_at_one(_Net):
    """The convolutions are right, but your batch-norm scales all start at exactly 1. Draw them from N(1, 0.02): nn.init.normal_(m.weight, 1.0, 0.02)."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()], scale_std=0.0)


class scales_around_zero(_Net):
    """You draw the batch-norm scales around 0 as well, so every normalised feature is multiplied by almost nothing. Their mean is 1: nn.init.normal_(m.weight, 1.0, 0.02)."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()], scale_mean=0.0)


class leaky_hidden_layers(_Net):
    """Your hidden layers end in LeakyReLU(0.2). That is D's activation; DCGAN's generator has plain ReLU."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()], slope=0.2)


class activation_before_norm(_Net):
    """Your activation stands before the batch norm. After the transposed convolution comes batch norm, then ReLU."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()], norm_last=True)


class no_activation(_Net):
    """Between two of your layers stands no activation. Convolutions in a row, with nothing bent in between, are one linear map."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()], slope=1.0)


class flat_images(_Net):
    """Your images are rows of 784 numbers. Give them the shape of images, (N, 1, 28, 28)."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()])

    def forward(self, z):
        return _Net.forward(self, z).flatten(1)


class wants_four_axes(_Net):
    """Your network only takes z as (N, z_dim, 1, 1). Here z comes as (N, z_dim): add the two axes at the start of forward, z[:, :, None, None]."""

    def __init__(self, z_dim):
        super().__init__(z_dim, end=[nn.Tanh()])

    def forward(self, z):
        return self.net(z)


EXERCISE = Exercise(
    id="10.DCGenerator",
    title="A generator of images",
    objects=("DCGenerator",),
    points=2,
    cases=cases,
    judge=judge,
    probe="ch10.convolutional",
    mistakes=(
        sigmoid_at_the_end,
        nothing_at_the_end,
        norm_at_the_end,
        no_batch_norm,
        default_weights,
        scales_left_at_one,
        scales_around_zero,
        leaky_hidden_layers,
        activation_before_norm,
        no_activation,
        flat_images,
        wants_four_axes,
    ),
    hints=(
        "How does an image grow? → nn.ConvTranspose2d(c_in, c_out, 4, stride=2, padding=1) doubles the sides: 7 → 14 → 28. "
        "And nn.ConvTranspose2d(z_dim, c, 7) turns one pixel into 7×7.",
        "How do I set the first weights? → At the end of __init__: for m in self.modules(): if isinstance(m, nn.ConvTranspose2d): nn.init.normal_(m.weight, 0.0, 0.02); "
        "for nn.BatchNorm2d the mean is 1.0.",
        "Where does batch norm stand? → After every transposed convolution but the last, in front of the ReLU. After the last: tanh alone.",
        "Nearly everything:\n```python\nself.net = nn.Sequential(\n    nn.ConvTranspose2d(z_dim, 64, 7), nn.BatchNorm2d(64), nn.ReLU(),\n    nn.ConvTranspose2d(64, 32, 4, 2, 1), ...,\n"
        "    nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Tanh(),\n)\nfor m in self.modules():\n    ...\n```",
    ),
)
