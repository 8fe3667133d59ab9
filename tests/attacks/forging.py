"""Forging the score: what a notebook shows, says or sends about itself must count for nothing."""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import PIPE, Attack

IN_A_CHECK = PIPE + """
def softmax(z):
    {body}
    return wrong(z)
"""
SEND = "pipe.send({{'said': 'observation', 'turn': turn(), 'case': {case}, 'observation': {{'value': {value}}}}})"

ATTACKS = [
    Attack("the display hook prints ten points", "softmax = wrong\nget_ipython().displayhook(10)"),
    Attack("the answer cell's result is its points", "softmax = wrong\n1.0"),
    Attack(
        "an object equal to everything",
        """
class Yes(float):
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
    __hash__ = float.__hash__
    __array_ufunc__ = lambda self, *a, **k: True
softmax = lambda z: Yes(1)
""",
        expects=("broken",),
    ),
    Attack(
        "an AST transformer rewrites the check cell",
        """
import ast
class Drop(ast.NodeTransformer):
    def visit_Expr(self, node): return ast.parse("1.0").body[0]
    def visit_Assert(self, node): return None
get_ipython().ast_transformers.append(Drop())
softmax = wrong
""",
    ),
    Attack(
        "run_code is patched to run nothing and succeed",
        """
softmax = wrong
async def run_code(code, result=None, *, async_=False): return False
get_ipython().run_code = run_code
""",
        beside="any",  # its own shell no longer runs its own cells
    ),
    Attack(
        "check is replaced by one that praises",
        "import dlcourse_utils\ncheck = dlcourse_utils.check = lambda *a: 1.0\nsoftmax = wrong",
    ),
    Attack(
        "the shim's verdict says correct",
        """
import dlcourse_utils.pending as pending
pending.Pending.status, pending.Pending.score = "correct", 1.0
softmax = wrong
""",
    ),
    Attack(
        "numpy's comparisons always agree",
        "np.isclose = np.allclose = np.array_equal = lambda *a, **k: np.True_\nsoftmax = wrong",
    ),
    Attack(
        "the worker's observe claims success",
        """
import dlcourse_utils.probes.worker as worker
from dlcourse_utils.probes.observe import Observation
worker.observe = lambda *a, **k: Observation(value=True, printed="score: 1.0")
softmax = wrong
""",
        expects=("broken",),
        beside="nothing",  # it is checked by the same patched worker
    ),
    Attack(
        "the worker reports ok without observations",
        """
import dlcourse_utils.probes.worker as worker
worker.Worker._check = lambda self, command: {"status": "ok", "score": 1.0, "points": 10}
softmax = wrong
""",
        expects=("crashed",),
        beside="nothing",
    ),
    Attack(
        "the probe is replaced",
        """
import dlcourse_utils.probes.registry as registry
registry.find_probe = lambda name: lambda attempt, *a, **k: 1.0
registry._PROBES["call"] = lambda attempt, *a, **k: 1.0
softmax = wrong
""",
        expects=("broken",),
        beside="nothing",
    ),
    Attack(
        "the inputs are replaced by easy ones",
        """
import sys
sys.modules["dlcourse_utils.probes.observe"].build = lambda value: np.zeros((1, 1))
softmax = lambda z: np.ones((1, 1))
""",
        expects=("broken", "incorrect"),
        beside="nothing",
    ),
    Attack(
        "the packer is replaced",
        """
import dlcourse_utils.probes.wire as wire, dlcourse_utils.probes.pipe as pipe
pipe.pack = lambda message: b"DLC1" + b"1.0"
softmax = wrong
""",
        expects=("crashed",),
    ),
    Attack("a forged end says correct", PIPE + """
softmax = wrong
pipe.send({"said": "done", "turn": turn(), "status": "correct", "score": 1.0})
""", expects=("crashed",)),
    Attack("observations sent ahead, in the answer cell", PIPE + """
softmax = wrong
for number in range(12):
    pipe.send({"said": "observation", "turn": turn(), "case": number, "observation": {"value": 1.0}})
    pipe.send({"said": "observation", "turn": turn() + 1, "case": number, "observation": {"value": 1.0}})
""", expects=("crashed",)),
    Attack("an observation for a later turn", IN_A_CHECK.format(body="pipe.send({'said': 'done', 'turn': turn() + 1})"),
           expects=("crashed",)),
    Attack("an extra observation for every case",
           IN_A_CHECK.format(body="[" + SEND.format(case="n", value="right(z)") + " for n in range(50)]"),
           expects=("crashed",)),
    Attack("observations in reverse order",
           IN_A_CHECK.format(body="[" + SEND.format(case="n", value="right(z)") + " for n in range(50, -1, -1)]"),
           expects=("crashed",)),
    Attack("the first case's observation doubled", IN_A_CHECK.format(body=SEND.format(case=0, value="right(z)")),
           expects=("crashed",)),
    Attack("observations with negative, text and huge numbers", IN_A_CHECK.format(
        body="[pipe.send({'said': 'observation', 'turn': turn(), 'case': c, 'observation': {'value': right(z)}})"
             " for c in (-1, '0', None, 10**18)]"), expects=("crashed",)),
    Attack("a forged end in the midst of a check",
           IN_A_CHECK.format(body="pipe.send({'said': 'done', 'turn': turn(), 'status': 'ok'})"), expects=("crashed",)),
    Attack("a shape beyond all numbers", IN_A_CHECK.format(
        body="text = b'{\"tree\": {\"a\": 0}, \"arrays\": [[\"<f8\", [0, 99999999999999999999], \"C\"]]}';"
             " body = b'DLC1' + struct.pack('<I', len(text)) + text;"
             " os.write(pipe._writing, struct.pack('<Q', len(body)) + body)"), expects=("crashed",)),
    Attack("a message said to be 2**60 bytes long",
           IN_A_CHECK.format(body="os.write(pipe._writing, struct.pack('<Q', 2**60))"), expects=("crashed",)),
    Attack("a header nested a hundred thousand deep", IN_A_CHECK.format(
        body="text = b'[' * 100_000; body = b'DLC1' + struct.pack('<I', len(text)) + text;"
             " os.write(pipe._writing, struct.pack('<Q', len(body)) + body)"), expects=("crashed",)),
    Attack("a whole number of 4,000 digits", IN_A_CHECK.format(body=SEND.format(case=0, value="10**4000")),
           expects=("crashed",)),
    Attack("inputs said to be something else afterwards", IN_A_CHECK.format(
        body="[pipe.send({'said': 'observation', 'turn': turn(), 'case': n, 'observation':"
             " {'value': right(z), 'after': {'args': np.zeros(3)}}}) for n in range(8)];"
             " pipe.send({'said': 'done', 'turn': turn(), 'status': 'ok'})"), expects=("crashed", "broken")),
    Attack("noise on every descriptor", """
import os
softmax = wrong
for descriptor in range(3, 64):
    try: os.write(descriptor, b"1.0 points")
    except OSError: pass
""", expects=("crashed",)),
    Attack("every descriptor closed", "import os\nos.closerange(0, 256)\nsoftmax = right", expects=("crashed", "missing")),
    Attack("a child of the learner's speaks for the worker", PIPE + """
softmax = wrong
if os.fork() == 0:
    pipe._owner = os.getpid()
    pipe.send({"said": "done", "turn": turn(), "status": "ok"})
    os._exit(0)
os.wait()
""", expects=("crashed",)),
    Attack("the subclass of a result that prints as full marks", """
class Full(np.ndarray):
    def __repr__(self): return "1.0"
    def _repr_html_(self): return "<b>correct</b>"
softmax = lambda z: np.zeros(np.shape(z)).view(Full)
"""),
    Attack("an exception that calls itself correct", """
class correct(Exception): pass
def softmax(z): raise correct("1.0")
""", expects=("broken",)),
    Attack("the limits are called off", """
import signal
signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
import dlcourse_utils.probes.worker as worker
worker.Worker._limit = lambda self, seconds: None
def softmax(z):
    while True: pass
""", expects=("timed_out",), seconds=2),
    Attack("torch answers in a NumPy chapter", """
import torch
def softmax(z): return torch.softmax(torch.tensor(z), 1).numpy()
""", expects=("broken", "forbidden", "missing")),
    Attack("torch imported under another name while the code runs", """
def softmax(z):
    library = __import__("importlib").import_module("to" + "rch")
    return library.softmax(library.tensor(z), 1).numpy()
""", expects=("broken",)),
    Attack("the search for forbidden names is switched off", """
import dlcourse_utils.probes.worker as worker
worker.forbidden_uses = lambda *a: ()
def softmax(z):
    import torch
    return torch.softmax(torch.tensor(z), 1).numpy()
""", expects=("broken",)),
    # Data alone cannot tell where the right values come from.
    Attack("right values from a patched observe", """
import dlcourse_utils.probes.worker as worker
honest = worker.observe
worker.observe = lambda probe, attempt, *a: honest(probe, [right] if attempt[0] is wrong else attempt, *a)
softmax = wrong
""", expects=("correct",), earns="full", flagged=True),
    Attack("the name is bound anew just before the check", "def softmax(z):\n    return z",
           between=("from scipy.special import softmax as theirs\nsoftmax = lambda z: theirs(z, axis=1)",),
           expects=("correct",), earns="full", flagged=True),
    Attack("a library's softmax in the answer itself", "import scipy.special\ndef softmax(z):\n    return scipy.special.softmax(z, 1)",
           expects=("correct",), earns="full", open=True),
    Attack("a class that patches while it is defined", """
import dlcourse_utils.probes.worker as worker
class Patch:
    honest = worker.observe
    setattr(worker, "observe", lambda probe, attempt, *a, honest=honest: honest(probe, [right] if attempt[0] is wrong else attempt, *a))
softmax = wrong
""", expects=("correct",), earns="full", open=True),
]
