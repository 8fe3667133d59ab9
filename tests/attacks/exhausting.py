"""Exhausting: time, memory, processes, disk, output, recursion, descriptors. Every limit here is small (`SMALL`)."""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import ENDED, PIPE, Attack

MIB = "MIB = 2**20\n"


def exhausts(name: str, source: str, **more: object) -> Attack:
    """Return an attack that must end without a point, whichever wall it meets first."""
    return Attack(name, source + "\nsoftmax = wrong\n", **{"expects": ENDED, **more})  # type: ignore[arg-type]


ATTACKS = [
    Attack("a loop in the answer cell", "while True: pass", expects=("timed_out",), seconds=2),
    Attack("a loop in the answer", "def softmax(z):\n    while True: pass", expects=("timed_out",), seconds=2),
    Attack("a loop that catches everything", """
def softmax(z):
    while True:
        try:
            while True: pass
        except BaseException: pass
""", expects=("timed_out",), seconds=2),
    Attack("a wait in C that no alarm interrupts", """
import ctypes, signal
def softmax(z):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
    ctypes.CDLL(None).sleep(100)
""", expects=("timed_out",), seconds=2),
    Attack("a regular expression that never ends", "import re\ndef softmax(z):\n    re.match('(a+)+$', 'a' * 60 + 'b')",
           expects=("timed_out",), seconds=2),
    Attack("an alarm of its own in place of ours", """
import signal
def softmax(z):
    signal.signal(signal.SIGALRM, lambda *a: None)
    while True: pass
""", expects=("timed_out",), seconds=2),
    exhausts("memory at one go", "hoard = bytearray(4 * 2**30)"),
    exhausts("memory bit by bit", "hoard = []\nwhile True: hoard.append(bytearray(2**20))"),
    exhausts("memory of many processes", """
import os, time
for _ in range(12):
    if os.fork() == 0:
        hoard = bytearray(60 * 2**20); time.sleep(5); os._exit(0)
time.sleep(5)
""", expects=("crashed",)),
    exhausts("memory of processes that hide from the watchdog", """
import ctypes, os, time
ctypes.CDLL(None).prctl(4, 0)
for _ in range(12):
    if os.fork() == 0:
        hoard = bytearray(60 * 2**20); time.sleep(5); os._exit(0)
time.sleep(5)
""", expects=("crashed",)),
    Attack("shared memory that nobody maps, twice what is allowed", """
import mmap, os, time
def hold():
    hoard = mmap.mmap(-1, 6 * 2**24)
    for part in range(6): hoard.write(bytes(2**24)); hoard.madvise(mmap.MADV_DONTNEED, part * 2**24, 2**24)
    time.sleep(1)
for _ in range(6):
    if os.fork() == 0:
        try: hold()
        except OSError: os._exit(1)
        os._exit(0)
softmax = wrong if any(os.wait()[1] for _ in range(6)) else right
""", expects=("incorrect", "crashed")),
    exhausts("memory files", "import os\nhoard = [os.memfd_create('x') for _ in range(9)]\n[os.write(h, bytes(2**26)) for h in hoard]",
             expects=("missing", "broken")),
    exhausts("System V memory and semaphores", """
import ctypes
libc = ctypes.CDLL(None)
made = [libc.semget(0, 32000, 0o1600) for _ in range(20)] + [libc.shmget(0, 2**26, 0o1600) for _ in range(9)]
assert max(made) >= 0
""", expects=("broken", "missing")),
    exhausts("memory in sockets", """
import os, socket, time
for _ in range(20):
    if os.fork() == 0:
        hoard = [socket.socketpair() for _ in range(40)]
        for a, b in hoard:
            a.setblocking(False)
            try:
                while True: a.send(bytes(65536))
            except OSError: pass
        time.sleep(5); os._exit(0)
time.sleep(5)
""", expects=("crashed",)),
    exhausts("the shared memory's folder", "open('/dev/shm/x', 'wb').write(bytes(2**26))", expects=("missing", "broken")),
    exhausts("one large file", "open('/scratch/x', 'wb').write(bytes(2**26))", expects=("missing", "broken", "crashed")),
    exhausts("many files up to the brim", """
for number in range(200): open(f"/scratch/{number}", "wb").write(bytes(2**20))
""", expects=("missing", "broken")),
    exhausts("more names than a folder has room for", "for n in range(20_000): open(f'/scratch/{n}', 'w').close()",
             expects=("missing", "broken")),
    exhausts("processes without end", """
import os
while True:
    try: os.fork()
    except OSError: pass
""", expects=("timed_out", "crashed"), seconds=2),
    exhausts("a shell's fork bomb", "import os\nos.system(':(){ :|:& };:')\nimport time\ntime.sleep(1)",
             expects=("incorrect", "timed_out", "crashed"), seconds=3),
    exhausts("threads without end", """
import threading, time
while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
""", expects=("missing", "broken", "timed_out", "crashed"), seconds=3),
    exhausts("descriptors", "hoard = []\nwhile True: hoard.append(open('/dev/null'))", expects=("missing", "broken", "crashed")),
    exhausts("a line of 200 MB", "print('x' * 200_000_000)", expects=("incorrect", "missing", "crashed"), host_bytes=150 * 2**20),
    exhausts("200 MB past Python", "import os\nfor _ in range(200): os.write(1, bytes(10**6))", expects=("incorrect",),
             host_bytes=150 * 2**20),
    exhausts("a hundred thousand small outputs", "for n in range(30_000): display(n)", expects=("incorrect", "timed_out"),
             host_bytes=200 * 2**20),
    exhausts("outputs of 4 MB each", """
from IPython.display import HTML
for n in range(60): display(HTML('<p>' * 1_300_000))
""", expects=("incorrect", "timed_out"), host_bytes=250 * 2**20),
    exhausts("an output nested a thousand deep", """
deep = 1
for _ in range(900): deep = [deep]
display({"application/json": deep, "text/plain": "x"}, raw=True)
""", expects=("incorrect",)),
    exhausts("errors of 8 MB each", PIPE + """
import json
for n in range(40):
    text = json.dumps({"output_type": "error", "ename": "x" * 7_000_000, "evalue": "", "traceback": [""]})
    pipe.send({"said": "output", "turn": turn(), "json": text})
""", expects=("incorrect", "timed_out", "missing"), host_bytes=250 * 2**20),
    exhausts("one output updated to 500 large ones", PIPE + """
import json
def tell(text, update):
    output = {"output_type": "display_data", "data": {"text/plain": text}, "transient": {"display_id": "d", "update": update}}
    pipe.send({"said": "output", "turn": turn(), "json": json.dumps(output)})
for n in range(400): tell("x", False)
tell("x" * 7_000_000, True)
""", expects=("incorrect",), host_bytes=250 * 2**20),
    Attack("recursion", "def softmax(z):\n    return softmax(z)", expects=("broken",)),
    Attack("recursion with the limit lifted", "import sys\nsys.setrecursionlimit(10**9)\ndef softmax(z):\n    return softmax(z)",
           expects=("broken", "crashed")),
    Attack("source nested too deeply to be parsed", "softmax = " + "(" * 5_000 + "1" + ")" * 5_000, expects=("broken",)),
    Attack("a result of 100 MB", "softmax = lambda z: np.zeros(13_000_000)", expects=("broken", "crashed"), host_bytes=250 * 2**20),
    Attack("an observation of 60 MB for every case", "softmax = lambda z: np.zeros(7_500_000)",
           expects=("broken", "crashed", "timed_out"), host_bytes=900 * 2**20),
    Attack("more observations than cases", PIPE + """
def softmax(z):
    for number in range(400):
        pipe.send({"said": "observation", "turn": turn(), "case": number, "observation": {"value": np.zeros(250_000)}})
""", expects=("crashed",), host_bytes=250 * 2**20),
    Attack("a flood while the grader is sending", PIPE + """
import time
pipe.send({"said": "done", "turn": turn(), "status": "ok"})
pipe.send({"said": "sync", "turn": pipe.receive()["turn"]})  # as the worker would
os.write(pipe._writing, struct.pack("<Q", 60 * 2**20))
ends = time.time() + 3
while time.time() < ends: os.write(pipe._writing, bytes(2**20))
""", between=("#" * 300_000,), expects=("crashed", "missing", "timed_out"), host_bytes=250 * 2**20,
           beside="any"),  # who takes the worker's place can spoil the rest of their own submission
    Attack("a list of ten million lists", "softmax = lambda z: [[]] * 10_000_000", expects=("broken",)),
    Attack("an array larger than all memory", "softmax = lambda z: np.broadcast_to(0.0, (2**20, 2**20))", expects=("broken", "crashed")),
    Attack("a number of a hundred million digits", "softmax = lambda z: 1 << 10**8", expects=("broken",)),
    Attack("a generator that never ends", "def softmax(z):\n    while True: yield z", expects=("broken",)),
    Attack("10 GB out of 10 MB", """
import zlib
packed = zlib.compress(bytes(10**8), 9)
softmax = lambda z: b"".join(zlib.decompress(packed) for _ in range(100))
""", expects=("broken", "crashed")),
    Attack("a training that takes longer than the submission has", "import time\ntime.sleep(100)", before=("import time\ntime.sleep(1)",),
           expects=("timed_out",), seconds=2),
]
