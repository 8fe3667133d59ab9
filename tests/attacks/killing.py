"""Killing, stopping or tracing the parent, the keeper and the grader."""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import Attack
from .reading import tries

ATTACKS = [
    Attack("every process it can name", """
import os, signal
for pid in [os.getppid(), *range(2, 400)]:
    for number in (signal.SIGSTOP, signal.SIGKILL):
        if pid in (0, os.getpid()): continue
        try: os.kill(pid, number)
        except OSError: pass
softmax = wrong
"""),
    Attack("all processes at once", "import os\nsoftmax = wrong\nos.kill(-1, 9)"),
    Attack("its own group, which has no parent in it", "import os\nsoftmax = wrong\nos.killpg(0, 15)", expects=("incorrect", "missing")),
    Attack("the grader by its number on the host", "import os\nsoftmax = wrong\nos.kill(@PID@, 9)", expects=("incorrect",)),
    tries("the parent, by a handle", """
import signal
for pid in range(1, 100):
    if pid == os.getpid(): continue
    try:
        handle = os.pidfd_open(pid)
        signal.pidfd_send_signal(handle, 9)
        loot = pid
    except OSError: pass"""),
    tries("tracing the parent", """
import ctypes
loot = any(ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0 for pid in range(2, 100))"""),
    tries("writing into the parent", """
import ctypes
libc, part = ctypes.CDLL(None), ctypes.create_string_buffer(8)
vector = (ctypes.c_void_p * 2)(ctypes.addressof(part), 8)
loot = any(libc.process_vm_writev(pid, vector, 1, vector, 1, 0) >= 0 for pid in range(2, 100))"""),
    tries("the parent's limits", """
import resource
for pid in range(2, 100):
    try: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)); loot = pid
    except OSError: pass"""),
    tries("the parent's priority", """
for pid in range(2, 100):
    try: os.setpriority(os.PRIO_PROCESS, pid, 19); loot = pid
    except OSError: pass"""),
    tries("the machine itself", """
import ctypes
loot = ctypes.CDLL(None).reboot(0x1234567) == 0"""),
    Attack("itself, by exit", "softmax = wrong\nimport sys\nsys.exit(0)"),
    Attack("itself, at once", "softmax = right\nimport os\nos._exit(0)", expects=("crashed",)),
    Attack("itself, in the check", "def softmax(z):\n    import os\n    os._exit(0)", expects=("crashed",)),
    Attack("itself, by a fault in memory", "import ctypes\nsoftmax = right\nctypes.string_at(0)", expects=("crashed",)),
    Attack("itself, by abort, in the check", "def softmax(z):\n    import os\n    os.abort()", expects=("crashed",)),
    Attack("becoming another program", "import os\nsoftmax = right\nos.execv('/bin/sh', ['sh', '-c', 'sleep 60'])",
           expects=("crashed", "timed_out"), seconds=2),
    Attack("stopping itself", "def softmax(z):\n    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n    return wrong(z)",
           expects=("incorrect", "timed_out"), seconds=2),
    Attack("the line to the grader", """
import os, threading, time
def flood():
    while True: os.write(1, b"x" * 65536)
threading.Thread(target=flood, daemon=True).start()
for descriptor in range(3, 64):
    try: os.close(descriptor)
    except OSError: pass
time.sleep(60)
""", expects=("crashed", "timed_out", "missing"), seconds=2),
]
