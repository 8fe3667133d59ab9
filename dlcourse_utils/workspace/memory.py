"""What was delivered into a learner's copy before: a manifest and the pristine files, in a hidden folder.

    .dlcourse/manifest.json     {"format": 1, "files": {path: {"base": digest, "offered": digest}}}
    .dlcourse/base/<digest>     every file as it was delivered, named by its SHA-256

The manifest can be lost without harm: a file that is the same as one in base/ is untouched, and every other is
the learner's.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .files import write_atomic
from .identity import digest, identity

FOLDER = ".dlcourse"


@dataclass
class Memory:
    """What each file builds on (base) and what was last offered beside it, both as path → digest."""

    folder: Path
    base: dict[str, str] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)
    damaged: bool = False  # the manifest was there and could not be read

    @property
    def manifest(self) -> Path:
        """Where the manifest lies."""
        return self.folder / "manifest.json"

    def delivered(self) -> set[str]:
        """Identities of all that was ever delivered; a damaged pristine file does not count."""
        stored = self.folder / "base"
        contents = (self.pristine(path.name) for path in stored.iterdir()) if stored.is_dir() else ()
        return {identity(content) for content in contents if content is not None}

    def pristine(self, base: str | None) -> bytes | None:
        """Give a delivered file's content, None if it is not known or no longer what it was."""
        if base is None:
            return None
        try:
            content = (self.folder / "base" / base).read_bytes()
        except OSError:
            return None
        return content if digest(content) == base else None

    def keep(self, contents: Iterable[bytes]) -> None:
        """Store delivered files; those already there cost nothing."""
        stored = self.folder / "base"
        for content in contents:
            name = digest(content)
            if not (stored / name).exists():
                write_atomic(stored / name, content, replace=True)

    def save(self) -> None:
        """Write the manifest; a damaged one is moved aside first, never overwritten."""
        entries: dict[str, dict[str, str]] = {}
        for key, values in (("base", self.base), ("offered", self.offered)):
            for path, value in values.items():
                entries.setdefault(path, {})[key] = value
        content = json.dumps({"format": 1, "files": entries}, indent=1, sort_keys=True).encode() + b"\n"
        if self.damaged:
            number = 1
            while (aside := self.folder / f"manifest.damaged-{number}.json").exists():
                number += 1
            self.manifest.rename(aside)
            self.damaged = False
        elif self.manifest.is_file() and self.manifest.read_bytes() == content:
            return
        write_atomic(self.manifest, content, replace=True)


def recall(work: Path) -> Memory:
    """Read what is remembered of a learner's copy; a damaged manifest counts as forgotten. Raises OSError."""
    memory = Memory(work / FOLDER)
    try:
        stored = json.loads(memory.manifest.read_bytes())
        if stored["format"] != 1:
            raise ValueError
        for path, entry in stored["files"].items():
            for key, values in (("base", memory.base), ("offered", memory.offered)):
                if isinstance(entry.get(key), str):
                    values[path] = entry[key]
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        memory = Memory(work / FOLDER, damaged=True)
    return memory
