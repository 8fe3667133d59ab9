"""07.conv2d_forward: a convolution forwards and backwards, checked against PyTorch's own and its autograd."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES
from .conv2d_mistakes import MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def layer(x: tuple[int, ...], w: tuple[int, ...], stride: int, pad: int) -> dict[str, Any]:
        size = [(x[i] + 2 * pad - w[i]) // stride + 1 for i in (2, 3)]
        return {
            "x": rng.normal(size=x),
            "w": rng.normal(size=w),
            "b": rng.normal(size=w[0]),
            "dout": rng.normal(size=(x[0], w[0], *size)),
            "settings": {"stride": stride, "pad": pad},
        }

    yield Case("one channel, one filter (1, 2)", kwargs=layer((2, 1, 4, 5), (1, 1, 1, 2), 1, 0))
    yield Case("x (2, 3, 6, 5) with 4 filters (3, 2)", kwargs=layer((2, 3, 6, 5), (4, 3, 3, 2), 1, 0))
    yield Case("padding 2", kwargs=layer((2, 2, 4, 5), (3, 2, 3, 3), 1, 2))
    yield Case("stride 2, and the last column is not used", kwargs=layer((3, 2, 7, 6), (2, 2, 3, 3), 2, 0))
    yield Case("stride 3 and padding 1, one image", kwargs=layer((1, 2, 8, 9), (3, 2, 4, 2), 3, 1))
    single = layer((2, 2, 5, 6), (3, 2, 2, 3), 2, 1)
    for name in ("x", "w", "b", "dout"):
        single[name] = single[name].astype(np.float32)
    yield Case("everything in float32", kwargs=single)
    other = layer((1, 2, 5, 5), (2, 2, 2, 2), 1, 0)
    between = {"between": (other["x"], other["w"], other["b"])}
    yield Case("another layer runs forward in between", kwargs={**layer((2, 1, 5, 4), (2, 1, 3, 3), 1, 1), **between})


def oracle(x: Any, w: Any, b: Any, dout: Any, settings: dict[str, int], between: Any = None) -> dict[str, Any]:
    import torch

    leaves = [torch.tensor(a, requires_grad=True) for a in (x, w, b)]
    out = torch.nn.functional.conv2d(leaves[0], leaves[1], leaves[2], stride=settings["stride"], padding=settings["pad"])
    dx, dw, db = torch.autograd.grad(out, leaves, torch.tensor(dout))
    found = {"out": out.detach().numpy(), "dx": dx.numpy(), "dw": dw.numpy(), "db": db.numpy()}
    return found | {"dtypes": [str(x.dtype)] * 4}


EXERCISE = Exercise(
    id="07.conv2d_forward",
    title="Convolution, forwards and backwards",
    objects=("conv2d_forward", "conv2d_backward"),
    points=3,
    cases=cases,
    probe="ch07.conv2d",
    oracle=oracle,
    mistakes=MISTAKES,
    forbids=DEEP_LIBRARIES,
    builds_on=("07.conv_output_size",),
    hints=(
        "Where do I start? → With one output cell: out[n, f, i, j] is the sum of window * w[f] over channels, rows and columns, plus b[f]. "
        "The window of cell (i, j) is padded[n, :, i*stride : i*stride+KH, j*stride : j*stride+KW].",
        "Four nested loops are slow. → Loop over i and j only and let NumPy do all images and filters at once: "
        "np.einsum('nchw,fchw->nf', window, w), where window is (N, C, KH, KW).",
        "What is the backward pass? → For each (i, j) the forward step was a linear layer: out = window · w + b. So the same position gives "
        "dw += dout·window (summed over the batch), and the window receives dout·w. Windows overlap: use +=.",
        "My dx has the wrong shape. → You collected it for the padded image. Cut the padding off at the end: dx[:, :, pad : pad+H, pad : pad+W].",
        "Nearly everything of the backward pass:\n```python\nfor i in range(OH):\n    for j in range(OW):\n        rows, cols = slice(i*stride, i*stride+KH), "
        "slice(j*stride, j*stride+KW)\n        d = dout[:, :, i, j]                                  # (N, F)\n"
        "        dw += np.einsum('nf,nchw->fchw', d, padded[:, :, rows, cols])\n        dpadded[:, :, rows, cols] += ...\n"
        "db = dout.sum(axis=(0, 2, 3))\n```",
    ),
)
