"""Changing what is not the learner's: the package, the interpreter, the gradebook, the mounts.

Where no interpreter lies below `/tmp`, that folder is a submission's own, as `/scratch` is; `surviving` looks whether it
goes with it.
"""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .reading import tries

ATTACKS = [
    tries("the course's own package", """
import dlcourse_utils
open(dlcourse_utils.__file__, "a").write("\\n")
loot = True"""),
    tries("the course's own package, mode changed first", """
import dlcourse_utils
os.chmod(dlcourse_utils.__file__, 0o777)
loot = True"""),
    tries("another library", "open(np.__file__, 'a').write('')\nloot = True"),
    tries("the interpreter", "import sys\nopen(os.path.realpath(sys.executable), 'r+b')\nloot = True"),
    tries("the system's programs", "open('/usr/bin/env', 'r+b')\nloot = True"),
    tries("a new file in every folder above", """
import glob, sys
for folder in ["/", "/etc", "/var", "/usr", "/usr/lib", "/course", "/dev", "/run", "/root", sys.prefix]:
    try: open(folder + "/planted", "w"); loot = folder
    except OSError: pass"""),
    tries("the gradebook", """
import sqlite3
sqlite3.connect("@GRADEBOOK@").execute("update grade set score = 10").connection.commit()
loot = True"""),
    tries("a file of the teacher's", "open('@SECRET@', 'w').write('changed')\nloot = True"),
    tries("read-only mounts made writable", """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
loot = any(libc.mount(None, folder, None, 32 | 4096, None) == 0 for folder in (b"/", b"/course/dlcourse_utils", b"/usr"))"""),
    tries("a mount of its own", "import ctypes\nloot = ctypes.CDLL(None).mount(b'x', b'/scratch', b'tmpfs', 0, None) == 0"),
    tries("new namespaces", """
import ctypes
loot = any(ctypes.CDLL(None).unshare(flag) == 0 for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000))"""),
    tries("another root folder", """
os.makedirs("/scratch/new")
import ctypes
loot = ctypes.CDLL(None).chroot(b"/scratch/new") == 0"""),
    tries("root's rights", "os.setuid(0)\nloot = True"),
    tries("root's rights by a program that lends them", """
import subprocess
loot = subprocess.run(["su", "-c", "true"], input=b"", timeout=5).returncode == 0"""),
    tries("capabilities", """
loot = [l for l in open("/proc/self/status") if l.startswith(("CapPrm", "CapEff", "CapBnd")) and int(l.split()[1], 16)]"""),
    tries("the kernel's settings", """
import glob
for path in ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/self/oom_score_adj"]:
    try:
        with open(path, "w") as file: file.write("-1000" if "oom" in path else "x")
        loot = path
    except OSError: pass"""),
    tries("the machine's name and clock", """
import time
for act in (lambda: __import__("socket").sethostname("mine"), lambda: time.clock_settime(0, 0)):
    try: act(); loot = True
    except OSError: pass"""),
    tries("its own limits", """
import resource
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
loot = True"""),
]
