"""Prepare a learner's copy or bring it up to date: read, plan, write. The thin part."""

from dataclasses import dataclass, field
from pathlib import Path

from ..errors import CourseError
from .files import one_sentence, write_atomic
from .identity import digest
from .memory import FOLDER, Memory, recall
from .news import builds_on, merge
from .notebook import dump_notebook, parse_notebook
from .plan import What, name_beside, plan
from .release import Files


@dataclass
class Report:
    """What happened: paths in the learner's copy. `offered` maps a file of theirs to the news beside it."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    offered: dict[str, str] = field(default_factory=dict)
    forgot: bool = False  # the manifest was damaged and had to be made anew


def prepare(release: Files, work: Path) -> Report:
    """Make `work` hold the release without losing a byte that the learner wrote.

    Raises CourseError in one sentence when the disk refuses. Interrupted at any point, the next call goes on.
    """
    with one_sentence(work):
        if work.exists() and not work.is_dir():
            raise CourseError(f"{work} is a file; the course needs a folder. Choose another with --work DIR.")
        memory = recall(work)
        mine = {path: content for path in release if (content := _read(work / path)) is not None}
        known = dict(memory.base) | memory.offered
        known |= {path: base for path in mine if (base := _own_base(path, mine[path]))}
        steps = plan(release, mine, memory.delivered(), known)
        report = Report(forgot=memory.damaged)
        # Remembering comes first: a file that is known as delivered can always be recognised as untouched.
        memory.keep(release[step.path] for step in steps if step.what is not What.KEEP)
        for step in steps:
            _carry_out(step.path, step.what, release, mine, work, memory, report)
        if report.created or report.updated or report.offered or report.forgot:
            memory.save()
    return report


def _carry_out(path: str, what: What, release: Files, mine: Files, work: Path, memory: Memory, report: Report) -> None:
    target, content = work / path, release[path]
    if what is What.CREATE and write_atomic(target, content, replace=False):
        report.created.append(path)
        memory.base[path] = digest(content)
    # Read once more: the learner may have saved since. Then the next start offers the news.
    elif what is What.UPDATE and _read(target) == mine[path]:
        write_atomic(target, content, replace=True)
        report.updated.append(path)
        memory.base[path] = digest(content)
    elif what is What.OFFER:
        report.offered[path] = _offer(path, content, mine[path], work, memory)
        memory.offered[path] = digest(content)


def _offer(path: str, content: bytes, mine: bytes, work: Path, memory: Memory) -> str:
    """Write the news beside the learner's file, under a name that nothing has; give that name."""
    news = _news(path, content, mine, memory)
    taken: set[str] = set()
    while True:
        name = name_beside(path, taken)
        if _read(work / name) == news or write_atomic(work / name, news, replace=False):
            return name
        taken.add(name)


def _news(path: str, content: bytes, mine: bytes, memory: Memory) -> bytes:
    """Merge notebooks; anything that is not one, or cannot be read, is offered as it is in the release."""
    if not path.endswith(".ipynb"):
        return content
    try:
        release, learner = parse_notebook(content, path), parse_notebook(mine, path)
    except CourseError:
        return content
    pristine = memory.pristine(builds_on(learner) or memory.base.get(path))
    base = parse_notebook(pristine, path) if pristine else None
    return dump_notebook(merge(learner, base, release, path, digest(content)))


def _own_base(path: str, content: bytes) -> str | None:
    """Give the release that a notebook itself names as its base: one that was offered and taken up."""
    if not path.endswith(".ipynb") or b'"dlcourse"' not in content:
        return None
    try:
        return builds_on(parse_notebook(content, path))
    except CourseError:
        return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


__all__ = ["FOLDER", "Report", "prepare"]
