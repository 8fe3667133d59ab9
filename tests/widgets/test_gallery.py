"""The gallery holds every visual and every widget, with pictures that are there and lines that still run."""

import re
import sys
from pathlib import Path

import pytest

from dlcourse_utils import gradients
from dlcourse_utils.gradients.views.view import View

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from gallery.visuals import VISUALS  # noqa: E402 - docs/ is no package
from gallery.widgets import WIDGETS  # noqa: E402

PAGE = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
IMAGES = ROOT / "docs" / "images" / "gallery"
STILLS = ROOT / "course" / "stills"
CHEAP = ("value_graph", "compare_gradients", "activation_curve", "jacobian_product", "descent_paths")


def test_every_picture_of_the_page_is_there_and_all_are_small():
    linked = set(re.findall(r"\]\(images/gallery/(\w+)\.png\)", PAGE))
    assert linked == {entry.name for entry in (*VISUALS, *WIDGETS)} == {p.stem for p in IMAGES.glob("*")}
    assert {p.stem for p in STILLS.glob("*")} == {w.name for w in WIDGETS}
    assert sum(p.stat().st_size for folder in (IMAGES, STILLS) for p in folder.iterdir()) < 3_000_000


@pytest.mark.parametrize("entry", [*VISUALS, *WIDGETS], ids=lambda e: e.name)
def test_the_page_shows_the_lines_that_make_each_picture(entry):
    assert f"### {entry.title}\n\n```python\n{entry.code}\n```" in PAGE, "run docs/make_gallery.py"
    assert entry.setup.strip() in PAGE
    assert len(entry.code.split("\n")) == 2


def test_every_visual_is_shown():
    for name in gradients.__all__:
        getattr(gradients, name)
    ours = {v.__name__ for v in View.__subclasses__() if v.__module__.startswith("dlcourse_utils.gradients")}
    assert len(VISUALS) == len(ours)


def test_every_widget_of_the_chapters_is_shown():
    texts = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "solutions").glob("0*.py"))
    opened = set(re.findall(r"from dlcourse_utils\.widgets\.\w+ import \w+\n.*", texts))
    called = {line.split("import ")[1].split("\n")[0] for line in opened} - {"draw_touched"}
    shown = {w.code.split("\n")[1].split("(")[0] for w in WIDGETS}
    assert called <= shown
    assert {"playground", "gan_stepper", "time_scrubber", "vanishing_lab", "optimizer_race"} <= shown


@pytest.mark.parametrize("entry", [e for e in VISUALS if e.name in CHEAP], ids=lambda e: e.name)
def test_the_lines_give_a_picture(entry):
    assert entry.run()._repr_png_().startswith(b"\x89PNG")
