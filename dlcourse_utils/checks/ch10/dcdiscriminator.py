"""10.DCDiscriminator: judged by shape, range, where batch norm stands, and the first weights; widths are free."""

from collections.abc import Iterator

import numpy as np
from torch import nn

from ..authoring import Case, Exercise, Observation, Verdict
from .convolutional import SIZE, activations, first_weights, module_and_form


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for n in (6, 3):
        x = np.tanh(rng.normal(size=(n, *SIZE)))
        yield Case(f"{n} images", kwargs={"settings": [], "x": x, "seed": int(rng.integers(1000))})


def judge(case: Case, observation: Observation) -> Verdict:
    value, n = observation.value or {}, len(case.kwargs["x"])
    found = module_and_form(value, n, (), "DCDiscriminator", also=(1,))
    if found is not None:
        return found
    loud = value["out with large weights"].ravel()
    if loud.min() >= 0 and loud.max() <= 1:
        return Verdict.wrong("All your answers lie in [0, 1]: is there a sigmoid at the end? The losses here take logits.", symptom="sigmoid")
    if np.ptp(loud) == 0:
        return Verdict.wrong("All images get the same answer.", symptom="image ignored")
    kinds = value["layers in order"]
    if "norm" not in kinds:
        return Verdict.wrong("There is no batch norm in your network; the hidden layers after the first have one.", symptom="no norm")
    weighted = [i for i, kind in enumerate(kinds) if kind == "weights"]
    if "norm" in kinds[: weighted[1]]:
        return Verdict.wrong(
            "There is a batch norm before the second layer. D's first layer sees the pixels as they are: brightness and contrast are evidence.", symptom="norm at the start"
        )
    if "norm" in kinds[weighted[-1] :]:
        return Verdict.wrong("There is a batch norm after the last layer: it forces the logits of every batch to mean 0.", symptom="norm at the end")
    return activations(value, "LeakyReLU(0.2)", 0.2) or first_weights(value) or Verdict.ok()


class _Net(nn.Module):
    def __init__(self, first=None, second=None, end=(), start=True, scale_mean=1.0, scale_std=0.02, slope=0.2, third=None):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 24, 4, 2, 1), first or nn.Identity(), nn.LeakyReLU(slope),
            nn.Conv2d(24, 24, 4, 2, 1), second or nn.BatchNorm2d(24), third or nn.LeakyReLU(slope),
            nn.Flatten(), nn.Linear(24 * 49, 1), *end, nn.Flatten(0),
        )  # fmt: skip
        for m in self.modules():
            if start and isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.normal_(m.weight, 0.0, 0.02)
            elif start and isinstance(m, nn.BatchNorm2d):
                nn.init.normal_(m.weight, scale_mean, scale_std)

    def forward(self, x):
        return self.net(x)


class sigmoid_inside(_Net):
    """Your network ends with a sigmoid, and the losses apply one again. Return logits."""

    def __init__(self):
        super().__init__(end=[nn.Sigmoid()])


class norm_in_the_first_layer(_Net):
    """You put a batch norm after the first convolution. DCGAN leaves it out of D's input layer: brightness and contrast of an image are evidence, and would be normalised away."""

    def __init__(self):
        super().__init__(first=nn.BatchNorm2d(24))


class norm_at_the_end(_Net):
    """You put a batch norm on the logits. It forces each batch to mean 0, so a batch of nothing but fakes would look half real."""

    def __init__(self):
        super().__init__(end=[nn.BatchNorm1d(1)])


class no_batch_norm(_Net):
    """Your hidden layers have no batch norm. DCGAN normalises after each convolution but the first."""

    def __init__(self):
        super().__init__(second=nn.Identity())


class default_weights(_Net):
    """Your weights start as PyTorch chooses. Asked for is DCGAN's N(0, 0.02) for convolutions and linear layers, N(1, 0.02) for batch-norm scales."""

    def __init__(self):
        super().__init__(start=False)


class scales_around_zero(_Net):
    """You draw the batch-norm scales around 0 as well, so every normalised feature is multiplied by almost nothing. Their mean is 1."""

    def __init__(self):
        super().__init__(scale_mean=0.0)


class scales_left_at_one(_Net):
    """The convolutions are right, but your batch-norm scales all start at exactly 1. Draw them from N(1, 0.02): nn.init.normal_(m.weight, 1.0, 0.02)."""

    def __init__(self):
        super().__init__(scale_std=0.0)


class relu_in_place_of_leaky(_Net):
    """Your hidden layers end in ReLU. LeakyReLU(0.2) lets a fifth of what is negative through, so that G still gets a slope from features that are off."""

    def __init__(self):
        super().__init__(slope=0.0)


class slope_left_at_default(_Net):
    """Your LeakyReLU has PyTorch's default slope, 0.01. Asked for is DCGAN's: nn.LeakyReLU(0.2)."""

    def __init__(self):
        super().__init__(slope=0.01)


class activation_before_norm(_Net):
    """Your activation stands before the batch norm. After the convolution comes batch norm, then LeakyReLU(0.2)."""

    def __init__(self):
        super().__init__(second=nn.LeakyReLU(0.2), third=nn.BatchNorm2d(24))


class no_activation(_Net):
    """Between two of your layers stands no activation: two linear maps in a row are one."""

    def __init__(self):
        super().__init__(slope=1.0)


class a_map_of_answers(_Net):
    """You return a map of answers for each image (a "patch" discriminator). Here each image gets one logit: shape (N,)."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        return self.net[:6](x).mean(dim=1)


EXERCISE = Exercise(
    id="10.DCDiscriminator",
    title="A detective for images",
    objects=("DCDiscriminator",),
    points=2,
    cases=cases,
    judge=judge,
    probe="ch10.convolutional",
    mistakes=(
        sigmoid_inside,
        norm_in_the_first_layer,
        norm_at_the_end,
        no_batch_norm,
        default_weights,
        scales_around_zero,
        scales_left_at_one,
        relu_in_place_of_leaky,
        slope_left_at_default,
        activation_before_norm,
        no_activation,
        a_map_of_answers,
    ),
    hints=(
        "How does an image shrink? → nn.Conv2d(c_in, c_out, 4, stride=2, padding=1) halves the sides: 28 → 14 → 7. No pooling is needed.",
        "What comes at the end? → nn.Flatten(), nn.Linear(channels * 49, 1), no sigmoid; .squeeze(1), or nn.Flatten(0), makes (N, 1) into (N,).",
        "Where does batch norm stand? → After the second convolution, in front of its LeakyReLU. Not after the first, not at the end.",
        "Nearly everything:\n```python\nself.net = nn.Sequential(\n    nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2),\n    nn.Conv2d(32, 64, 4, 2, 1), ..., nn.LeakyReLU(0.2),\n"
        "    nn.Flatten(), nn.Linear(64 * 49, 1), nn.Flatten(0),\n)\n```",
    ),
)
