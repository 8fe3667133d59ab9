"""`dlcourse demo`: a sample class, from end to end."""

from __future__ import annotations

import os
from pathlib import Path

import click

from .class_run import grade_folder
from .options import FOLDER, check_writable, course_folder


@click.command()
@click.option("--chapter", default="02", show_default=True, help="Chapter whose sample class is graded.")
@click.option("--out", type=FOLDER, help="Folder for everything that comes out. [default: autograde/demo_out]")
@click.option(
    "--learners", type=click.IntRange(0), default=16, show_default=True, help="Ordinary learners, beside the odd ones."
)
def demo(chapter: str, out: Path | None, learners: int) -> None:
    """Grade a sample class from end to end: ordinary submissions, and crashing, endless and damaged ones."""
    from .. import sandbox
    from ..build import build_chapter
    from ..course import ROOT, SOLUTIONS
    from ..sample_class import write_class
    from ..sample_crowd import write_crowd
    from ..texts import find_chapter

    out = out or ROOT / "demo_out"
    name = find_chapter(chapter, SOLUTIONS)
    check_writable(out)
    _empty(out)
    built = build_chapter(SOLUTIONS / f"{name}.py")
    write_class(built, out / "class")
    write_crowd(built, out / "class", learners)
    reason = sandbox.why_not()
    if reason is not None:  # these submissions are ours, so nobody has to fear them
        click.echo(f"Without a sandbox, for this demonstration only: {reason}")
    grade_folder(name, out / "class", course_folder(out, check_seconds=10.0, sandbox="none" if reason else "bwrap"))


def _empty(folder: Path) -> None:
    """Remove what an earlier demo left, and nothing else."""
    import shutil

    for name in ("class", "source", "release", "submitted", "autograded", "feedback", "runs", "reports"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("gradebook.db", "seeds.json", "notes.json"):
        if os.path.exists(folder / name):
            os.unlink(folder / name)
