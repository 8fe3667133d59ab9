"""Writing without half-written files: a temporary beside the target, fsync, then one rename."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import CourseError


def write_atomic(path: Path, content: bytes, *, replace: bool) -> bool:
    """Write `content` to `path` completely or not at all; make the folders above it.

    With replace=False an existing file is left alone and False comes back, also when it appears meanwhile.
    Raises OSError; the temporary is gone then, and what was at `path` is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())  # mkstemp makes files that only their owner can read
        if replace:
            os.replace(temporary, path)
        elif not _link_new(temporary, path):
            return False
        _sync_folder(path.parent)
        return True
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _link_new(temporary: Path, path: Path) -> bool:
    """Give `temporary` the name `path` unless something has it already."""
    try:
        os.link(temporary, path)  # unlike rename, fails where something is
    except FileExistsError:
        return False
    except OSError:  # no hard links on this file system (FAT, some network drives)
        if os.path.lexists(path):
            return False
        os.replace(temporary, path)
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows and some network drives cannot, and need not."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def one_sentence(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses in `folder` into one CourseError that says what to do."""
    try:
        yield
    except OSError as error:
        raise CourseError(f"{_reason(error, folder)} Nothing of yours was changed.") from None


def _reason(error: OSError, folder: Path) -> str:
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{folder} cannot be written to; choose another folder with --work DIR."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no space left for {folder}; free some, or choose another disk with --work DIR."
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return f"{error.filename or folder} is in the way: a file and a folder have the same name."
    return f"{error.filename or folder} cannot be read or written ({error.strerror or error})."
