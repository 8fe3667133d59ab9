"""The pages that all chapters share lead where they say, and name every chapter there is."""

import json
import re
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).parents[1]
COURSE, SOLUTIONS = ROOT / "course", ROOT / "solutions"
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SOLUTIONS.glob("*.py"))}
NOTATION = TEXTS["notation"]


def place(name: str) -> Path:
    """Where the notebook of a text lies, relative to course/."""
    return Path(name, f"{name}.ipynb") if name[0].isdigit() else Path(f"{name}.ipynb")


def targets(name: str) -> list[str]:
    """The links of a text's prose that lead to another page of the course."""
    cells = jupytext.reads(TEXTS[name], fmt="py:percent").cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return [link for link in LINK.findall(prose) if not re.match(r"[a-z]+:|#", link)]


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_to_a_page_and_to_a_place_in_it(name):
    for target in targets(name):
        path, _, anchor = target.partition("#")
        found = (COURSE / place(name).parent / path).resolve().relative_to(COURSE)
        assert found.stem in TEXTS, f"{name} links to {target}"
        assert found.as_posix() in (place(found.stem).as_posix(), f"solutions/{found.name}"), (
            f"{name} links to {target}"
        )
        if anchor and found.stem == "notation":
            assert f'<a id="{anchor}">' in NOTATION or f"# {anchor.replace('-', ' ')}\n" in NOTATION, target


def test_anchors_are_unique():
    anchors = re.findall(r'<a id="([^"]+)">', NOTATION)
    assert len(anchors) == len(set(anchors))
    assert anchors


def test_the_welcome_page_and_the_readme_name_every_chapter_that_learners_get():
    chapters = sorted(path.name for path in COURSE.glob("[0-9][0-9]_*"))
    assert {f"{name}/{name}.ipynb" for name in chapters} <= set(targets("welcome"))
    readme = (ROOT / "README.md").read_text()
    for name in chapters:
        assert re.search(rf"\| {name[:2]} · ", readme), f"README.md does not name chapter {name}"


def test_the_welcome_page_runs(monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: None)
    cells = [c.source for c in jupytext.reads(TEXTS["welcome"], fmt="py:percent").cells if c.cell_type == "code"]
    assert cells
    for source in cells:
        exec(compile(source, "welcome", "exec"), {})
    plt.close("all")


def test_the_pictures_of_the_readme_are_there():
    readme = (ROOT / "README.md").read_text()
    for target in LINK.findall(readme):
        if not target.startswith("http"):
            assert (ROOT / target).is_file(), target


def test_the_built_pages_hold_no_outputs():
    for name in ("welcome", "notation"):
        cells = json.loads((COURSE / f"{name}.ipynb").read_text())["cells"]
        assert not any(cell.get("outputs") for cell in cells)
