"""07.ResidualBlock: conv-BN-ReLU-conv-BN plus a shortcut (He, Zhang, Ren and Sun, CVPR 2016).

Every convolution gets the kernel of its shape and every batch norm the same state, so names and order play no part. A
batch norm on the projection is the usual way and not asked for: both are right.
"""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Observation, Verdict, compare
from .residual_mistakes import CONVENTIONS, MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, c_in: int, c_out: int, stride: int, x: tuple[int, ...]) -> Case:
        shapes = dict.fromkeys([(c_out, c_in, 3, 3), (c_out, c_out, 3, 3), (c_out, c_in, 1, 1)])
        kernels = [(rng.normal(size=s) / np.sqrt(np.prod(s[1:]))).astype(np.float32) for s in shapes]
        settings = {"c_in": c_in, "c_out": c_out, "stride": stride, "kernels": kernels}
        return Case(title, kwargs={**settings, "x": rng.normal(size=x).astype(np.float32)})

    yield case("4 → 4 channels, stride 1: the shortcut is the input itself", 4, 4, 1, (3, 4, 6, 5))
    yield case("3 → 5 channels, stride 1", 3, 5, 1, (2, 3, 5, 6))
    yield case("4 → 6 channels, stride 2", 4, 6, 2, (3, 4, 8, 6))
    yield case("4 → 4 channels, stride 2, odd sides", 4, 4, 2, (2, 4, 7, 5))


def judge(case: Case, observation: Observation) -> Verdict:
    value = observation.value or {}
    strangers = value.get("convolutions of another shape than asked")
    if strangers:
        return Verdict.broken(
            f"A convolution has a weight of shape {tuple(strangers[0])}. Asked for are two 3×3 convolutions, c_in → c_out and c_out → c_out, "
            "and a 1×1 projection c_in → c_out where shapes differ."
        )
    if value.get("the input is left alone") == "no":
        return Verdict.wrong(
            "Your block writes into its input: with shortcut = x, `shortcut += f` (or an inplace ReLU on x) changes the caller's tensor. Make a "
            "new sum: f + shortcut.",
            symptom="writes into x",
        )
    twice = value.get("layers that ran twice")
    if twice:
        return Verdict.wrong(
            f"One {twice[0]} runs twice. The two convolutions have weights of their own, and each has a batch norm of its own.",
            symptom=f"twice {twice}",
        )
    projected = case.kwargs["stride"] != 1 or case.kwargs["c_in"] != case.kwargs["c_out"]
    norms = value.get("batch norms")
    allowed = (2, 3) if projected else (2,)
    if norms not in allowed:
        return Verdict.wrong(
            f"Your block has {norms} batch norms. Each of the two convolutions is followed by one (the projection may have its own).",
            expected=2, got=norms, where="batch norms",
        )  # fmt: skip
    expected = _reference(**case.kwargs, normalised=norms == 3)
    return compare(expected, {name: value.get(name) for name in expected})


def _reference(
    c_in: int, c_out: int, stride: int, kernels: list[np.ndarray], x: np.ndarray, normalised: bool
) -> dict[str, np.ndarray]:
    by_shape = {k.shape: torch.tensor(k) for k in kernels}
    c = torch.arange(c_out, dtype=torch.float32)

    def norm(z: torch.Tensor, training: bool) -> torch.Tensor:
        mean, var = 0.1 * c - 0.1, 0.7 + 0.2 * c  # as `probes.ch07._known_norm` sets them
        return F.batch_norm(z, mean, var, 1.2 - 0.1 * c, 0.15 * c - 0.2, training)

    def block(given: torch.Tensor, training: bool) -> torch.Tensor:
        out = torch.relu(norm(F.conv2d(given, by_shape[c_out, c_in, 3, 3], stride=stride, padding=1), training))
        out = norm(F.conv2d(out, by_shape[c_out, c_out, 3, 3], padding=1), training)
        shortcut = given
        if stride != 1 or c_in != c_out:
            shortcut = F.conv2d(given, by_shape[c_out, c_in, 1, 1], stride=stride)
            shortcut = norm(shortcut, training) if normalised else shortcut
        return torch.relu(out + shortcut)

    given = torch.tensor(x, requires_grad=True)
    out = block(given, False)
    ramp = torch.linspace(0.5, 1.5, out.numel()).reshape(out.shape)  # as the probe "ch07.residual_block" weighs it
    (slope,) = torch.autograd.grad((ramp * out).sum(), given)
    return {
        "out": out.detach().numpy(),
        "gradient of the input": slope.numpy(),
        "out in training mode": block(given.detach(), True).numpy(),
    }


EXERCISE = Exercise(
    id="07.ResidualBlock",
    title="A shortcut around two layers",
    objects=("ResidualBlock",),
    points=2,
    cases=cases,
    probe="ch07.residual_block",
    judge=judge,
    mistakes=MISTAKES,
    conventions=CONVENTIONS,
    hints=(
        "What is in the block? → nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1), nn.BatchNorm2d(c_out), ReLU, nn.Conv2d(c_out, c_out, 3, "
        "padding=1), nn.BatchNorm2d(c_out).",
        "Where is the sum? → After the second batch norm and *before* the last ReLU: relu(main + shortcut).",
        '"The size of tensor a must match the size of tensor b". → Channels or sides differ, so x cannot be added as it is. Then the shortcut is '
        "nn.Conv2d(c_in, c_out, 1, stride=stride); else it is nn.Identity().",
        "Nearly everything:\n```python\nsame = stride == 1 and c_in == c_out\nself.shortcut = nn.Identity() if same else nn.Conv2d(c_in, c_out, 1, stride=stride)\n...\n"
        "def forward(self, x):\n    return torch.relu(self.main(x) + ...)\n```",
    ),
)
