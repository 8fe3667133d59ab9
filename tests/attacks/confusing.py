"""Confusing the judge: things that lie, change, or are not what they seem. Each must be a plain verdict, never a fault."""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import Attack, innocent

FORM = ("broken",)
EITHER = ("broken", "incorrect")

ATTACKS = [
    Attack("an array that says it equals everything", """
class Liar(np.ndarray):
    __eq__ = __ne__ = __lt__ = __le__ = lambda self, other: np.True_
    __hash__ = None
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return np.True_
softmax = lambda z: np.zeros(np.shape(z)).view(Liar)
"""),
    Attack("an array whose values differ by who asks", """
class Liar(np.ndarray):
    def __array__(self, *a, **k): return np.ones(3)
    def tobytes(self, *a): return b""
    @property
    def shape(self): return (5, 4)
softmax = lambda z: np.zeros((2, 2)).view(Liar)
""", expects=EITHER),
    Attack("an object that says it is an array", """
class Liar:
    __class__ = np.ndarray
    dtype, shape, ndim = np.dtype(float), (5, 4), 2
    def __array__(self, *a, **k): raise SystemExit
softmax = lambda z: Liar()
""", expects=FORM),
    Attack("an object that says it is a list", """
class Liar:
    __class__ = list
    def __len__(self): return -1
    def __iter__(self): return iter([1.0])
softmax = lambda z: Liar()
""", expects=FORM),
    Attack("a list that never stops", """
class Endless(list):
    def __iter__(self):
        while True: yield 1.0
    def __len__(self): return 1
softmax = lambda z: Endless([1.0])
""", expects=FORM),
    Attack("a list that grows while it is walked", """
import threading
def softmax(z):
    values = [0.0]
    def grow():
        while len(values) < 10**6: values.append(0.0)
    threading.Thread(target=grow, daemon=True).start()
    return values
""", expects=FORM),
    Attack("a list that holds itself", "def softmax(z):\n    a = []\n    a.append(a)\n    return a", expects=FORM),
    Attack("a dict with keys of its own kind", """
class Key(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
softmax = lambda z: {Key("value"): 1.0}
""", expects=FORM),
    Attack("a dict that hides its items", """
class Liar(dict):
    def items(self): return [("x", 1)]
    keys = __iter__ = lambda self: iter(())
softmax = lambda z: Liar(a=right(z))
""", expects=FORM),
    Attack("a view that changes after it was returned", """
import threading, time
late = []
def softmax(z):
    result = np.zeros(np.shape(z)); late.append(result)
    return result[:]
def correct_it():
    for _ in range(400):
        for result in late: result[...] = 0.5
        time.sleep(0.001)
threading.Thread(target=correct_it, daemon=True).start()
"""),
    Attack("the input, changed to the answer and returned", "def softmax(z):\n    z[...] = right(z)\n    return z", expects=EITHER, earns="less"),
    Attack("the input's memory, changed later", """
def softmax(z):
    answer = right(z)
    z[...] = 0
    return answer
""", earns="less", expects=EITHER),
    Attack("NaN everywhere", "softmax = lambda z: np.full(np.shape(z), np.nan)"),
    Attack("infinity everywhere", "softmax = lambda z: np.full(np.shape(z), np.inf)"),
    Attack("complex numbers with a real part that is right", "softmax = lambda z: right(z) + 1j", expects=FORM),
    Attack("numbers as text", "softmax = lambda z: right(z).astype(str)", expects=FORM),
    Attack("numbers as objects", "softmax = lambda z: right(z).astype(object)", expects=FORM),
    Attack("whole numbers", "softmax = lambda z: right(z).astype(int)", earns="less"),
    Attack("True everywhere", "softmax = lambda z: np.ones(np.shape(z), bool)", earns="less"),
    Attack("a record array", "softmax = lambda z: np.zeros(np.shape(z), [('a', float)])", expects=FORM),
    Attack("dates", "softmax = lambda z: np.zeros(np.shape(z), 'M8[s]')", expects=FORM),
    Attack("ragged rows", "softmax = lambda z: [[1.0], [0.5, 0.5]]", expects=FORM),
    Attack("rows of text", "softmax = lambda z: [['1.0']]", expects=FORM),
    Attack("an array of 32 axes", "softmax = lambda z: np.zeros((1,) * 32)", expects=FORM),
    Attack("an empty array", "softmax = lambda z: np.zeros((0, 4))", expects=FORM),
    Attack("a scalar that spreads", "softmax = lambda z: 0.25", expects=FORM),
    Attack("a generator", "def softmax(z):\n    yield right(z)", expects=FORM),
    Attack("a coroutine", "async def softmax(z):\n    return right(z)", expects=FORM),
    Attack("a function that returns itself", "def softmax(z):\n    return softmax", expects=FORM),
    Attack("an exception that cannot be printed", """
class Bad(Exception):
    def __str__(self): raise SystemExit
    __repr__ = __str__
def softmax(z): raise Bad
""", expects=("broken", "crashed")),
    Attack("an exception that is the stub's", "def softmax(z):\n    raise NotImplementedError", expects=("not_attempted",)),
    Attack("an exception of every kind at once", "def softmax(z):\n    raise BaseExceptionGroup('x', [KeyboardInterrupt(), SystemExit()])",
           expects=("broken", "crashed")),
    Attack("an interrupt as from the keyboard", "def softmax(z):\n    raise KeyboardInterrupt", expects=("broken", "crashed")),
    Attack("half a character", "softmax = lambda z: '\\ud800'", expects=FORM),
    Attack("half a character in an exception", "def softmax(z):\n    raise ValueError('\\ud800' * 3)", expects=FORM),
    Attack("half a character in an output", "print('\\ud800')\nsoftmax = wrong"),
    Attack("a type with a name of 100,000 letters", "softmax = lambda z: type('x' * 100_000, (), {})()", expects=FORM),
    Attack("a class whose parts raise when looked at", """
class Bad(type):
    def __getattribute__(cls, name): raise SystemExit
class softmax(metaclass=Bad): pass
""", expects=("broken", "crashed")),
    Attack("a value that cannot be copied", """
class Bad(list):
    def __deepcopy__(self, memo): raise SystemExit
    __reduce__ = __reduce_ex__ = __deepcopy__
softmax = lambda z: Bad([1.0])
""", expects=FORM),
    innocent("a matrix of NumPy's old kind", "softmax = lambda z: np.asmatrix(right(z))"),
    innocent("a masked array without a mask", "softmax = lambda z: np.ma.array(right(z))"),
    innocent("an array in column order", "softmax = lambda z: np.asfortranarray(right(z))"),
    innocent("an array that cannot be written to", "def softmax(z):\n    a = right(z)\n    a.flags.writeable = False\n    return a"),
    innocent("more precision than asked for", "softmax = lambda z: right(z.astype(np.longdouble))"),
]
