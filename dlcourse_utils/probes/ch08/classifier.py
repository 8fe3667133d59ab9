"""The classifier of sentences, asked and trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import as_array, gradients_arrive, private_randomness, tensor
from .unpacking import unpacked


@probe("ch08.classifier")
def classifier(
    attempt: Attempt, sizes: dict[str, int], ids: np.ndarray, mask: np.ndarray, seed: int, named: bool = True
) -> Parts:
    """Build the classifier, give it known weights where they fit, and ask it the same batch in several guises.

    ids, mask: (N, T). Padding is lengthened, filled with other ids, left out; real tokens are exchanged.
    """
    import torch

    (cls,) = attempt
    vocab = sizes["vocab"]
    rng = np.random.default_rng(seed)
    with private_randomness(seed), torch.no_grad():
        model = cls(**sizes) if named else cls(vocab, sizes["embed"], sizes["hidden"], sizes["classes"])
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        model.eval()
        yield "shapes", [list(p.shape) for p in model.parameters()]
        weights = [_known(tuple(p.shape), rng) for p in model.parameters()]
        for p, values in zip(model.parameters(), weights, strict=True):
            p.copy_(torch.tensor(values))
        yield "weights", weights
        ask = _Asker(model)
        yield "logits", ask(ids, mask)
        yield "the same again", ask(ids, mask)
        wide = np.concatenate([ids, np.zeros((len(ids), 4), dtype=ids.dtype)], axis=1)
        yield "four more columns of padding", ask(wide, np.pad(mask, ((0, 0), (0, 4))))
        other = np.where(mask, ids, rng.integers(1, vocab, size=ids.shape))
        yield "other ids under the padding", ask(other, mask)
        lengths = mask.sum(axis=1)
        alone = [ask(ids[i : i + 1, :n], mask[i : i + 1, :n]) for i, n in enumerate(lengths)]
        arrays = all(isinstance(a, np.ndarray) for a in alone)
        yield "each sequence alone", np.concatenate(alone) if arrays else alone[0]
        for name, column in (("another first token", np.zeros_like(lengths)), ("another last token", lengths - 1)):
            changed = ids.copy()
            rows = np.arange(len(ids))
            changed[rows, column] = 2 + (changed[rows, column] - 2 + 1) % (vocab - 2)
            yield name, ask(changed, mask)
        with torch.enable_grad():
            out = model(tensor(ids, "int64"), tensor(mask, "bool"))
            yield "a gradient for every parameter", gradients_arrive(model, out)


class _Asker:
    """Asks a model and takes the tensor's numbers; anything else is named by the judge."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> Any:
        out = self.model(tensor(ids, "int64"), tensor(mask, "bool"))
        return as_array(out) if hasattr(out, "detach") else f"a {type(out).__name__}"


def _known(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw weights that are neither small nor saturating."""
    scale = 1 / np.sqrt(shape[-1]) if len(shape) > 1 else 0.5
    return (rng.normal(size=shape) * scale).astype(np.float32)


@probe("ch08.sentiment")
def sentiment(
    attempt: Attempt,
    texts: list[str],
    labels: np.ndarray,
    epochs: int,
    seed: int,
    asked: list[str],
    again: bool = False,
) -> Parts:
    """Train on the reviews given and hand over logits for those asked about.

    `again` trains a second time, and a third time with another seed.
    """
    import torch

    (train,) = attempt
    for turn, own in enumerate((seed, seed, seed + 1) if again else (seed,)):
        with private_randomness(1 + turn):
            names = "model, vocab"
            model, vocab = unpacked(train(list(texts), labels.copy(), epochs, own), names, "train_sentiment")
            yield f"a Module{turn}", isinstance(model, torch.nn.Module)
            yield f"a dict{turn}", isinstance(vocab, dict)
            if not isinstance(model, torch.nn.Module) or not isinstance(vocab, dict):
                return
            ids, mask = _as_batch(asked, vocab)
            ask = _Asker(model)
            with torch.no_grad():
                yield f"logits{turn}", ask(ids, mask)
                yield f"a second look{turn}", ask(ids, mask)


def _as_batch(texts: list[str], vocab: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Encode and pad as the chapter does: ids (N, T), mask (N, T)."""
    rows = [[int(vocab.get(word, vocab.get("<unk>", 1))) for word in text.lower().split()] for text in texts]
    mask = np.arange(max(map(len, rows))) < np.array([len(row) for row in rows])[:, None]
    ids = np.zeros(mask.shape, dtype=np.int64)
    ids[mask] = np.concatenate(rows)
    return ids, mask
