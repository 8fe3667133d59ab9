"""06.save_checkpoint written in other ways; each must pass."""

import json
import random

import numpy as np
import torch


class states_as_text:
    def save_checkpoint(path, model, optimizer, scheduler=None):
        name, keys, position, has_gauss, cached = np.random.get_state()
        extras = {"np": [name, keys.tolist(), position, has_gauss, cached], "py": random.getstate()}
        torch.save(
            {
                "net": model.state_dict(),
                "opt": optimizer.state_dict(),
                **({"sched": scheduler.state_dict()} if scheduler else {}),
                "rng": torch.get_rng_state(),
                "text": json.dumps(extras),
            },
            path,
        )

    def load_checkpoint(path, model, optimizer, scheduler=None):
        held = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(held["net"])
        optimizer.load_state_dict(held["opt"])
        if scheduler is not None:
            scheduler.load_state_dict(held["sched"])
        torch.random.set_rng_state(held["rng"])
        extras = json.loads(held["text"])
        np.random.set_state(tuple(extras["np"]))
        version, numbers, gauss = extras["py"]
        random.setstate((version, tuple(numbers), gauss))
        return model


class everything_flat:
    def save_checkpoint(path, model, optimizer, scheduler=None):
        state = np.random.get_state(legacy=False)
        held = {"random": random.getstate(), "torch": torch.get_rng_state()}
        held |= {"gauss": state["gauss"], "has": state["has_gauss"]}
        held["keys"] = torch.from_numpy(state["state"]["key"].astype("int64"))
        held["pos"] = state["state"]["pos"]
        for name, part in (("model", model), ("optimizer", optimizer), ("scheduler", scheduler)):
            if part is not None:
                held[name] = part.state_dict()
        with open(path, "wb") as file:
            torch.save(held, file)

    def load_checkpoint(path, model, optimizer, scheduler=None):
        with open(path, "rb") as file:
            held = torch.load(file, weights_only=True)
        for name, part in (("model", model), ("optimizer", optimizer), ("scheduler", scheduler)):
            if part is not None:
                part.load_state_dict(held[name])
        torch.set_rng_state(held["torch"])
        keys = held["keys"].numpy().astype(np.uint32)
        np.random.set_state(("MT19937", keys, held["pos"], held["has"], held["gauss"]))
        random.setstate(held["random"])


class numpy_state_as_bytes_in_a_tensor:
    def save_checkpoint(path, model, optimizer, scheduler=None):
        _, keys, *numbers = np.random.get_state()
        rng = [torch.get_rng_state(), torch.tensor(list(keys.tobytes()), dtype=torch.uint8), numbers, random.getstate()]
        parts = [model.state_dict(), optimizer.state_dict(), scheduler and scheduler.state_dict()]
        torch.save((parts, rng), path)

    def load_checkpoint(path, model, optimizer, scheduler=None):
        (net, opt, sched), (t, keys, numbers, py) = torch.load(path, weights_only=True)
        with torch.no_grad():
            for name, value in model.state_dict().items():
                value.copy_(net[name])
        optimizer.load_state_dict(opt)
        if sched:
            scheduler.load_state_dict(sched)
        torch.set_rng_state(t)
        np.random.set_state(("MT19937", np.frombuffer(bytes(keys.tolist()), dtype=np.uint32), *numbers))
        random.setstate(py)


VARIANTS = (states_as_text, everything_flat, numpy_state_as_bytes_in_a_tensor)
