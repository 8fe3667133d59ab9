"""Surviving: nothing of a submission may reach the next one, or stay on the host.

The host's side is looked at too: after every attack no process and no file named @MARK@ may be left there.
"""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import Attack

LOOK_FOR_FILES = """
import glob, os
found = []
for root in ("/scratch", "/tmp", "/dev/shm", "/var/tmp", "/course"):
    for folder, folders, files in os.walk(root):
        found += [name for name in (*folders, *files) if "@MARK@" in name]
softmax = right if found else wrong
"""
LOOK_FOR_PROCESSES = """
import glob
found = [p for p in glob.glob("/proc/[0-9]*/cmdline") if b"@MARK@" in open(p, "rb").read()]
softmax = right if found else wrong
"""
DONE = "\nsoftmax = wrong\n"

ATTACKS = [
    Attack("files wherever they can be written", """
import glob, os
for folder in ["/", "/scratch", "/tmp", "/dev", "/dev/shm", "/var/tmp", "/run", "/course", os.path.expanduser("~"), *glob.glob("/*")]:
    try: open(folder + "/dlc-@MARK@", "w").write("here")
    except OSError: pass
""" + DONE, then=LOOK_FOR_FILES),
    Attack("start-up files for the next Python and IPython", """
import os, sys, site
home = os.path.expanduser("~")
for path in (f"{home}/.ipython/profile_default/startup/00-@MARK@.py", f"{home}/.config/matplotlib/@MARK@.py",
             site.getusersitepackages() + "/@MARK@.pth", site.getusersitepackages() + "/sitecustomize.py"):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("import builtins; builtins.planted = True")
    except OSError: pass
""" + DONE, then="import builtins\nsoftmax = right if hasattr(builtins, 'planted') else wrong\n"),
    Attack("a table for cron", """
import os, subprocess
for path in ("/var/spool/cron/crontabs/root", "/etc/cron.d/x", "/etc/crontab"):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("* * * * * root touch /tmp/dlc-@MARK@")
    except OSError: pass
subprocess.run("echo '* * * * * touch /tmp/dlc-@MARK@' | crontab - ; echo touch /tmp/dlc-@MARK@ | at now", shell=True)
""" + DONE, then=LOOK_FOR_FILES),
    Attack("a daemon by two forks and a session of its own", """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        os.execv(sys.executable, ["python", "-c", "import time; time.sleep(300)", "@MARK@"])
    os._exit(0)
os.wait()
""" + DONE, then=LOOK_FOR_PROCESSES),
    Attack("a program under nohup that ignores every signal", """
import subprocess
subprocess.Popen(["nohup", "sh", "-c", "trap '' HUP INT TERM QUIT; while :; do sleep 1; done", "@MARK@"],
                 start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
""" + DONE, then=LOOK_FOR_PROCESSES),
    Attack("a process that asks not to die with its parent", """
import ctypes, os, time
ctypes.CDLL(None).prctl(1, 0)
if os.fork() == 0:
    ctypes.CDLL(None).prctl(1, 0)
    ctypes.CDLL(None).prctl(15, b"@MARK@")
    while True: time.sleep(1)
""" + DONE, then=LOOK_FOR_PROCESSES),
    Attack("a thread that waits for the next submission", """
import threading, time
def wait():
    while True:
        time.sleep(0.01); np.maximum = np.minimum
threading.Thread(target=wait, daemon=False).start()
""" + DONE, then="softmax = right if np.maximum is np.minimum else wrong\n", beside="any"),
    Attack("what happens at exit", """
import atexit, os
atexit.register(lambda: (open("/tmp/dlc-@MARK@", "w"), os.fork(), __import__("time").sleep(300)))
""" + DONE, then=LOOK_FOR_FILES),
    Attack("patches of numpy and the package in memory", """
import dlcourse_utils.probes.observe as observe, dlcourse_utils.probes.wire as wire, builtins
np.planted = builtins.planted = observe.planted = wire.planted = True
""" + DONE, then="""
import builtins, dlcourse_utils.probes.observe as observe
softmax = right if hasattr(np, "planted") or hasattr(builtins, "planted") or hasattr(observe, "planted") else wrong
"""),
    Attack("numbers written over by hand", """
import ctypes, sys
ctypes.memset(id(1.0) + 0, 0, 0)
np.pi = 3
constant = sys.intern("planted-@MARK@")
ctypes.memmove(id(np.float64(0).dtype) + 0, id(np.float64(0).dtype), 0)
""" + DONE, then="softmax = right if np.pi == 3 else wrong\n"),
    Attack("the environment, the folder and the signals", """
import os, signal
os.environ["DLC_@MARK@"] = "1"
os.chdir("/"); os.umask(0)
signal.signal(signal.SIGALRM, signal.SIG_IGN); signal.alarm(1)
""" + DONE, then="import os\nsoftmax = right if 'DLC_@MARK@' in os.environ or os.getcwd() == '/' else wrong\n"),
    Attack("memory with a name", """
from multiprocessing import shared_memory, resource_tracker
resource_tracker.register = lambda *a: None
kept = shared_memory.SharedMemory("dlc-@MARK@", create=True, size=64)
""" + DONE, then="""
from multiprocessing import shared_memory
try: softmax = right if shared_memory.SharedMemory("dlc-@MARK@") else wrong
except OSError: softmax = wrong
"""),
    Attack("System V memory, semaphores and messages", """
import ctypes
libc = ctypes.CDLL(None)
made = [libc.shmget(4711, 64, 0o1666), libc.semget(4711, 1, 0o1666), libc.msgget(4711, 0o1666)]
""" + DONE, then="""
import ctypes
libc = ctypes.CDLL(None)
softmax = right if max(libc.shmget(4711, 64, 0o666), libc.semget(4711, 1, 0o666), libc.msgget(4711, 0o666)) >= 0 else wrong
"""),
    Attack("an address that stays taken", """
import os, socket, time
if os.fork() == 0:
    taken = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_INET)]
    taken[0].bind("\\0dlc-@MARK@"); taken[1].bind(("", 4711))
    time.sleep(300)
time.sleep(0.2)
""" + DONE, then="""
import socket
try: socket.socket(socket.AF_UNIX).bind("\\0dlc-@MARK@"); socket.socket(socket.AF_INET).bind(("", 4711)); softmax = wrong
except OSError: softmax = right
"""),
    Attack("a lock on a library that everybody reads", """
import fcntl
held = open(np.__file__)
try: fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError: pass
""" + DONE, then="""
import fcntl
try: fcntl.flock(open(np.__file__), fcntl.LOCK_EX | fcntl.LOCK_NB); softmax = wrong
except BlockingIOError: softmax = right
"""),
    Attack("the position in a file that everybody has open", """
import os
for descriptor in range(256):
    try: os.lseek(descriptor, 4711, 0)
    except OSError: pass
""" + DONE, then="""
import os
def place(descriptor):
    try: return os.lseek(descriptor, 0, 1)
    except OSError: return 0
softmax = right if any(place(d) == 4711 for d in range(3, 256)) else wrong
"""),
]
