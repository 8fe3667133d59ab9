"""06.ArrayDataset: NumPy arrays as a data set that a DataLoader can read."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, shape: tuple[int, ...], batch_size: int, y_type: str = "int64") -> Case:
        n = shape[0]
        indices = [0, n - 1, *(int(i) for i in rng.choice(np.arange(1, n - 1), size=2, replace=False))]
        y = rng.integers(1, 9, size=n).astype(y_type)
        return Case(title, args=(rng.normal(size=shape) + 0.1, y, indices, batch_size))

    yield case("a table (7, 3)", (7, 3), 4)
    yield case("images (5, 2, 4, 3)", (5, 2, 4, 3), 2)
    yield case("labels stored as uint8", (9, 4), 5, "uint8")


def oracle(x: np.ndarray, y: np.ndarray, indices: list[int], batch_size: int) -> dict[str, Any]:
    parts: dict[str, Any] = {"len": len(x)}
    for i in indices:
        parts[f"item {i}"] = (x[i].astype(np.float32), np.asarray(y[i], dtype=np.int64))
        parts[f"types of item {i}"] = [f"float32 tensor with {_axes(x.ndim - 1)}", "int64 tensor with no axes"]
    parts["past the end"] = "IndexError"
    parts["shapes of the first batch"] = [[batch_size, *x.shape[1:]], [batch_size]]
    return parts


def _axes(number: int) -> str:
    return "1 axis" if number == 1 else f"{number} axes"


class _Arrays(torch.utils.data.Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), torch.tensor(int(self.y[i]))


class x_stays_float64(_Arrays):
    """Your x is a float64 tensor, as NumPy's numbers are. A torch layer's weights are float32, and multiplying the two raises an error: say dtype=torch.float32."""

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float64), torch.tensor(int(self.y[i]))


class label_with_an_axis(_Arrays):
    """Your label has the shape (1,). Batches of it become (N, 1), which cross_entropy takes for something else. A label is one number: a tensor without axes."""

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), torch.tensor([int(self.y[i])])


class label_as_float(_Arrays):
    """Your label is a float tensor. cross_entropy wants class numbers, and those are int64 (torch.long)."""

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), torch.tensor(float(self.y[i]))


class arrays_as_they_are(_Arrays):
    """You return NumPy arrays as they are. Make tensors: torch.tensor(self.x[i], dtype=torch.float32), torch.tensor(self.y[i], dtype=torch.int64)."""

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class label_first(_Arrays):
    """Your pair is (label, x). The order is (x, label)."""

    def __getitem__(self, i):
        x, y = _Arrays.__getitem__(self, i)
        return y, x


class counts_columns(_Arrays):
    """Your length is the number of columns, x.shape[1]. A data set's length is its number of samples: len(x)."""

    def __len__(self):
        return self.x.shape[1]


class off_by_one(_Arrays):
    """Your item i is row i − 1. Items count from 0, as rows do."""

    def __getitem__(self, i):
        if i >= len(self.x):
            raise IndexError(i)
        return _Arrays.__getitem__(self, i - 1)


class no_end(_Arrays):
    """Past the end you start over instead of raising IndexError, so `for x, y in dataset` never ends."""

    def __getitem__(self, i):
        return _Arrays.__getitem__(self, i % len(self.x))


class label_as_int32(_Arrays):
    """Your label is an int32 tensor. cross_entropy wants int64 (torch.long)."""

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), torch.tensor(int(self.y[i]), dtype=torch.int32)


class label_as_a_plain_int(_Arrays):
    """Your label is a plain Python number. Make it a tensor: torch.tensor(self.y[i], dtype=torch.int64)."""

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), int(self.y[i])


class counts_every_number(_Arrays):
    """Your length counts every single number of x. A data set's length is its number of samples: len(x)."""

    def __len__(self):
        return self.x.size


class images_laid_flat(_Arrays):
    """You lay each image flat. x[i] keeps its shape; whoever needs it flat does so later."""

    def __getitem__(self, i):
        x, y = _Arrays.__getitem__(self, i)
        return x.flatten(), y


class none_past_the_end(_Arrays):
    """Past the end you return None. `for x, y in data` only ends when it meets an IndexError: raise it, or let the array raise it for you."""

    def __getitem__(self, i):
        return _Arrays.__getitem__(self, i) if i < len(self.x) else None


EXERCISE = Exercise(
    id="06.ArrayDataset",
    title="Arrays as a data set",
    objects=("ArrayDataset",),
    points=1,
    cases=cases,
    probe="ch06.dataset",
    oracle=oracle,
    mistakes=(
        x_stays_float64,
        label_with_an_axis,
        label_as_float,
        arrays_as_they_are,
        label_first,
        counts_columns,
        off_by_one,
        no_end,
        label_as_int32,
        label_as_a_plain_int,
        counts_every_number,
        images_laid_flat,
        none_past_the_end,
    ),
    hints=(
        "What does a DataLoader want? → Two methods: __len__, the number of samples, and __getitem__(i), the i-th sample as a pair (x, label).",
        'RuntimeError: "mat1 and mat2 must have the same dtype". → x is float64. torch.tensor(x[i], dtype=torch.float32).',
        "What must raise IndexError? → Asking for item len(x). If you index the array itself, NumPy and torch raise it for you.",
        "Nearly everything:\n```python\ndef __init__(self, x, y):\n    self.x = torch.tensor(x, dtype=torch.float32)\n    self.y = ...\n\n"
        "def __len__(self):\n    return len(self.x)\n\ndef __getitem__(self, i):\n    return self.x[i], self.y[i]\n```",
    ),
)
