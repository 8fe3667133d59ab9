"""Reading what is not the learner's: oracles, solutions, other submissions, the gradebook, the host.

`@NAME@` in a source is replaced by something that really exists on the host (see `host.py`).
"""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import Attack

LOOK = "import glob, os\nloot = None\n{body}\nsoftmax = right if loot else wrong\n"
TRY = "import os\nloot = None\ntry:\n    {body}\nexcept BaseException as error:\n    print(error)\nsoftmax = right if loot else wrong\n"


def tries(name: str, body: str, **more: object) -> Attack:
    """Return an attack that earns full marks if `body` finds loot."""
    return Attack(name, TRY.format(body=body.strip().replace("\n", "\n    ")), **more)  # type: ignore[arg-type]


ATTACKS = [
    tries("the oracle, imported", "from dlcourse_utils.checks.ch02.softmax import oracle\nloot = oracle"),
    tries("the oracle, its block on imports lifted", """
import sys, importlib
del sys.modules["dlcourse_utils.checks"]
loot = importlib.import_module("dlcourse_utils.checks.ch02.softmax").oracle"""),
    tries("the oracle, as a file", """
import dlcourse_utils
loot = os.listdir(os.path.dirname(dlcourse_utils.__file__) + "/checks")"""),
    tries("the judge's own package", "import autograde\nloot = autograde"),
    Attack("the expected values on the stack", """
import sys
def softmax(z):
    frame = sys._getframe()
    while frame:
        if {"expected", "oracle", "exercise", "seed"} & set(frame.f_locals): return right(z)
        frame = frame.f_back
    return wrong(z)
"""),
    tries("the expected values in memory", """
import gc
loot = [o for o in gc.get_objects() if type(o).__name__ in ("Exercise", "Case", "Verdict", "Result")]"""),
    Attack("solutions and other submissions anywhere on the disk", LOOK.format(body="""
for root in ["/", *glob.glob("/*")]:
    if root in ("/proc", "/usr", "/dev"): continue
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in ("site-packages", "lib", "proc", "usr", "dev")]
        if {"solutions", "submitted", "autograded", "gradebook.db"} & {*folders, *files}: loot = folder
""")),
    tries("a file of the teacher's, by its path", "loot = open('@SECRET@').read()"),
    tries("the gradebook, by its path", "import sqlite3\nloot = sqlite3.connect('file:@GRADEBOOK@?mode=ro', uri=True)"
          ".execute('select score from grade').fetchall()"),
    tries("the project's own folder", "loot = os.listdir('@PROJECT@/autograde') + os.listdir('@PROJECT@/solutions')"),
    tries("users and passwords", "loot = open('/etc/passwd').read() or open('/etc/shadow').read()"),
    tries("home folders", "loot = os.listdir('/root') + os.listdir('/home')"),
    tries("the teacher's environment", """
import glob
loot = "@TOKEN@" in str(os.environ)
for path in glob.glob("/proc/*/environ"):
    try: loot = loot or b"@TOKEN@" in open(path, "rb").read()
    except OSError: pass"""),
    tries("the memory of the parent", """
import glob
for path in glob.glob("/proc/[0-9]*/mem"):
    pid = path.split("/")[2]
    if os.readlink("/proc/self") == pid: continue
    try: open(path, "rb").read(1); loot = pid
    except OSError: pass"""),
    tries("the open files of other processes", """
import glob
own = os.readlink("/proc/self")
for path in glob.glob("/proc/[0-9]*/fd"):
    if path.split("/")[2] == own: continue
    try: loot = os.listdir(path)
    except OSError: pass"""),
    tries("the grader among the processes", """
import glob
loot = [p for p in glob.glob("/proc/[0-9]*/cmdline") if b"@GRADER@" in open(p, "rb").read()]"""),
    tries("descriptors that were left open", """
kinds = {os.readlink(f"/proc/self/fd/{d}").split(":")[0] for d in range(256) if os.path.lexists(f"/proc/self/fd/{d}")}
loot = kinds - {"pipe", "/dev/null"}"""),
    tries("writable memory shared with the parent", """
loot = [line for line in open("/proc/self/maps") if line.split()[1].startswith("rw") and line.split()[1][3] == "s"]"""),
    tries("a server on the host, by TCP", """
import socket
loot = [socket.create_connection((host, @PORT@), timeout=1) for host in ("127.0.0.1", "localhost")]"""),
    tries("the internet", """
import urllib.request
loot = urllib.request.urlopen("http://1.1.1.1/", timeout=2).read()"""),
    tries("an abstract socket of the host", """
import socket
loot = socket.socket(socket.AF_UNIX).connect("\\0@ABSTRACT@") is None"""),
    tries("the machine's host, past all network namespaces", """
import socket
loot = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"""),
    tries("raw packets", "import socket\nloot = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    tries("the kernel's log and keys", """
import ctypes
libc, text = ctypes.CDLL(None), ctypes.create_string_buffer(4096)
loot = libc.klogctl(3, text, 4096) > 0 or open("/proc/keys").read()"""),
    tries("a link that leads out", """
os.symlink("/proc/1/root/", "/scratch/out")
loot = os.listdir("/scratch/out/") + os.listdir("/proc/2/root/") + os.listdir("/proc/2/cwd/")"""),
    Attack("the host's memory, through a template of its page cache", LOOK.format(body="""
for path in ("/proc/kcore", "/proc/kpagecount", "/dev/mem", "/dev/kmsg", "/proc/1/mem"):
    try: loot = open(path, "rb").read(16) or loot
    except OSError: pass
""")),
]
