"""05.dropout_forward: silence neurons at random while training (Srivastava et al. 2014), in the inverted form."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "training, p_drop = 0.3", (300, 40), 0.3, True, weight=3.0)
    yield _case(rng, "training, p_drop = 0.8", (200, 50), 0.8, True, weight=2.0)
    yield _case(rng, "training on images, p_drop = 0.4", (20, 3, 12, 12), 0.4, True, weight=2.0)
    yield _case(rng, "training, p_drop = 0: nothing is dropped", (30, 20), 0.0, True, weight=0.5)
    yield _case(rng, "testing, p_drop = 0.3", (40, 30), 0.3, False)
    yield _case(rng, "testing, p_drop = 0.8", (25, 10), 0.8, False)


def _case(
    rng: np.random.Generator, name: str, shape: tuple[int, ...], p: float, train: bool, weight: float = 1.0
) -> Case:
    x, dout = (rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape) for _ in range(2))
    kwargs = {"x": x, "p_drop": p, "train": train, "dout": dout, "seed": int(rng.integers(2**31))}
    return Case(name, kwargs=kwargs, weight=weight)


def judge(case: Case, observation: Observation) -> Verdict:
    """Dropped or scaled by 1 / (1 - p), about the share p, each element by itself; backward through the same mask."""
    x, dout, p, train = (case.kwargs[k] for k in ("x", "dout", "p_drop", "train"))
    parts = observation.value
    for name, like in (("out", x), ("dx", dout)):
        part = parts.get(name)
        if part is None:
            return Verdict.broken("Nothing came back (None). Is a `return` missing?", where=name)
        if not isinstance(part, np.ndarray) or part.shape != like.shape:
            return Verdict.broken(f"Expected an array of shape {like.shape}.", where=name)
    out, dx = parts["out"], parts["dx"]
    if not train or p == 0:
        return _identity(out, dx, x, dout)
    ratio = out / x
    kept = ratio != 0
    scale = np.median(ratio[kept]) if kept.any() else 0.0
    if not np.allclose(ratio[kept], scale, rtol=1e-6):
        return Verdict.wrong("What is kept should be x times one number; yours is something else.", symptom="changed x")
    dropped = 1 - kept.mean()
    alike = [axis for axis in range(kept.ndim) if (kept == kept.take([0], axis=axis)).all()]
    if 0 < dropped < 1 and alike:
        return Verdict.wrong("Whole rows or columns are dropped together; each element has its own chance.",
                             symptom=f"the mask does not change along {alike}")
    margin = 5 * np.sqrt(p * (1 - p) / x.size)
    if abs(dropped - p) > margin:
        what = "kept" if abs(1 - dropped - p) <= margin else "off"
        return Verdict.wrong(
            f"A share of {dropped:.2f} is dropped; it should be p_drop = {p}.", p, float(dropped),
            symptom=f"share {what}, scale {_scale(scale, p)}",
        )
    if not np.isclose(scale, 1 / (1 - p), rtol=1e-6):
        return Verdict.wrong(
            f"What is kept is multiplied by {scale:.3g}; it should be 1 / (1 - p_drop) = {1 / (1 - p):.3g}.",
            1 / (1 - p), float(scale), symptom=f"scale {_scale(scale, p)}",
        )
    if not np.allclose(dx, dout * kept / (1 - p), rtol=1e-6):
        if np.allclose(dx, dout, rtol=1e-6):
            how = "not masked"
        else:
            how = "masked, not scaled" if np.allclose(dx, dout * kept, rtol=1e-6) else "another mask"
        return Verdict.wrong(
            "dx should pass through the same mask and the same scale as x did.", dout * kept / (1 - p), dx, "dx",
            symptom=how,
        )
    if np.array_equal(out, parts.get("second")):
        return Verdict.wrong("A second call drops the same elements. Draw a new mask from `rng` each time.",
                             symptom="same mask each time")
    if not np.array_equal(out, parts.get("same seed")):
        return Verdict.wrong("The same seed gives another mask. Draw from `rng`, not from np.random.",
                             symptom="other randomness")
    return Verdict.ok(f"{dropped:.1%} dropped")


def _identity(out: np.ndarray, dx: np.ndarray, x: np.ndarray, dout: np.ndarray) -> Verdict:
    if not np.allclose(out, x, rtol=1e-6):
        how = "dropped" if (out == 0).any() else f"scaled by {np.median(out / x):.3f}"
        return Verdict.wrong("Nothing may happen to x here: out should equal x.", x, out, "out", symptom=f"test {how}")
    if not np.allclose(dx, dout, rtol=1e-6):
        return Verdict.wrong("Nothing happened to x, so dx should equal dout.", dout, dx, "dx", symptom="test dx")
    return Verdict.ok()


def _scale(scale: float, p: float) -> str:
    known = {"1": 1.0, "1/(1-p)": 1 / (1 - p), "1/p": 1 / p, "1-p": 1 - p, "p": p}
    return next((name for name, value in known.items() if np.isclose(scale, value, rtol=1e-6)), f"{scale:.3f}")


def _forward(x, p_drop, train, rng):
    if not train:
        return x, 1.0
    mask = (rng.random(x.shape) >= p_drop) / (1 - p_drop)
    return x * mask, mask


def _backward(dout, cache):
    return dout * cache


class rescaled_at_test_time:
    """This is dropout as first published: training leaves the kept values as they are, and testing multiplies by
    1 - p_drop. Today's form is inverted: divide by 1 - p_drop in training, and do nothing at test time."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x * (1 - p_drop), 1 - p_drop
        mask = (rng.random(x.shape) >= p_drop) * 1.0
        return x * mask, mask


class not_rescaled:
    """You drop, but you do not scale up what is left. The next layer then gets (1 - p_drop) times as much in training as
    it will get at test time. Divide what is kept by 1 - p_drop."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x, 1.0
        mask = (rng.random(x.shape) >= p_drop) * 1.0
        return x * mask, mask


class never_drops:
    """Nothing is ever dropped. In training each element becomes 0 with probability p_drop: compare rng.random(x.shape)
    with p_drop."""

    def dropout_forward(x, p_drop, train, rng):
        return x, 1.0

    def dropout_backward(dout, cache):
        return dout


class keeps_with_probability_p:
    """You keep with probability p_drop. It is the chance to be *dropped*: keep where the random number is at least
    p_drop."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x, 1.0
        mask = (rng.random(x.shape) < p_drop) / (1 - p_drop)
        return x * mask, mask


class keeps_and_scales_by_p:
    """You treat p_drop as the chance to be kept, in the mask and in the scale. Some older libraries do; here it is the
    chance to be dropped: keep with 1 - p_drop and divide by 1 - p_drop."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train or p_drop == 0:
            return x, 1.0
        mask = (rng.random(x.shape) < p_drop) / p_drop
        return x * mask, mask


class active_at_test_time:
    """You drop at test time too, so the same patient gets another answer each time. With train=False nothing is dropped:
    return x."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        return _forward(x, p_drop, True, rng)


class scaled_by_p:
    """You divide what is kept by p_drop. A share of 1 - p_drop is kept, so divide by 1 - p_drop."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train or p_drop == 0:
            return x, 1.0
        mask = (rng.random(x.shape) >= p_drop) / p_drop
        return x * mask, mask


class one_mask_for_all_rows:
    """You draw one mask and use it for every sample of the batch. Each element has its own chance: draw a mask of x's
    shape."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x, 1.0
        mask = (rng.random(x.shape[1:]) >= p_drop) / (1 - p_drop)
        return x * mask, mask


class one_chance_per_sample:
    """You draw one number per sample, so a sample is dropped as a whole or not at all. Each element has its own chance:
    draw a mask of x's shape."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x, 1.0
        mask = (rng.random((len(x),) + (1,) * (x.ndim - 1)) >= p_drop) / (1 - p_drop)
        return x * mask, mask


class draws_from_np_random:
    """You draw from np.random, so the run cannot be repeated from its seed. Draw from `rng`."""

    dropout_backward = _backward

    def dropout_forward(x, p_drop, train, rng):
        if not train:
            return x, 1.0
        mask = (np.random.random(x.shape) >= p_drop) / (1 - p_drop)
        return x * mask, mask


class gradient_not_masked:
    """Your backward pass lets everything through. A dropped value did not reach the loss, so its gradient is 0; a kept one
    was scaled, so its gradient is too. Multiply dout by the mask from the cache."""

    dropout_forward = _forward

    def dropout_backward(dout, cache):
        return dout


class gradient_not_scaled:
    """Your backward pass masks but does not scale. What was divided by 1 - p_drop on the way forward is divided again on
    the way back: keep the scaled mask in the cache."""

    dropout_forward = _forward

    def dropout_backward(dout, cache):
        return dout * (np.asarray(cache) != 0)


class gradient_through_another_mask:
    """Your backward pass goes through another mask than the forward pass did. Keep the mask in the cache."""

    dropout_forward = _forward

    def dropout_backward(dout, cache):
        if np.ndim(cache) == 0 or np.all(cache == 1):
            return dout
        return dout * np.random.default_rng(1).permutation(np.ravel(cache)).reshape(np.shape(cache))


EXERCISE = Exercise(
    id="05.dropout_forward",
    title="Dropout, forwards and backwards",
    objects=("dropout_forward", "dropout_backward"),
    points=2,
    cases=cases,
    judge=judge,
    probe="dropout",
    mistakes=(
        not_rescaled,
        never_drops,
        keeps_with_probability_p,
        keeps_and_scales_by_p,
        active_at_test_time,
        scaled_by_p,
        one_mask_for_all_rows,
        one_chance_per_sample,
        draws_from_np_random,
        gradient_not_masked,
        gradient_not_scaled,
        gradient_through_another_mask,
    ),
    conventions=(rescaled_at_test_time,),
    hints=(
        "How do I drop with a given chance? → rng.random(x.shape) gives numbers evenly spread over [0, 1). A share p_drop of them lies "
        "below p_drop.",
        "Why scale? → Only 1 - p_drop of the values survive, so their sum shrinks by that factor on average. Dividing by it in training "
        "means that at test time nothing needs to be done.",
        "What goes into the cache? → The scaled mask. Going back, dout is multiplied by the same one. In test mode 1.0 will do as a mask.",
        "```python\nif not train:\n    return x, 1.0\nmask = (rng.random(x.shape) >= p_drop) / (1 - p_drop)\nreturn x * mask, mask\n```",
    ),
)
