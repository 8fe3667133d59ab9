"""Innocent submissions, which must keep their full marks."""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from .attack import innocent

ANSWER = "\nsoftmax = right\n"

ATTACKS = [
    innocent("warnings", "import warnings\nwarnings.warn('old')\ndef softmax(z):\n    warnings.warn('older'); return right(z)"),
    innocent("NumPy's own warnings", "def softmax(z):\n    np.array([0.0]) / 0; np.exp(1000.0); return right(z)"),
    innocent("prints here and there", "print('hello')\ndef softmax(z):\n    print('z is', z); return right(z)"),
    innocent("words on stderr", "import sys\ndef softmax(z):\n    print('careful', file=sys.stderr); return right(z)"),
    innocent("logging", """
import logging
logging.basicConfig(level=logging.DEBUG)
def softmax(z):
    logging.getLogger(__name__).warning("shape %s", np.shape(z)); return right(z)
"""),
    innocent("a figure", "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('mine'); plt.show()" + ANSWER),
    innocent("a figure in the answer itself", "import matplotlib.pyplot as plt\ndef softmax(z):\n    plt.plot(z.ravel()); return right(z)"),
    innocent("a widget", "import ipywidgets\nslider = ipywidgets.IntSlider(); display(slider)" + ANSWER),
    innocent("an interactive widget", "import ipywidgets\nipywidgets.interact(lambda x: print(x), x=(0, 3))" + ANSWER),
    innocent("display and HTML", "from IPython.display import HTML, Markdown, Latex\ndisplay(HTML('<b>x</b>'), Markdown('*x*'), Latex('$x$'))" + ANSWER),
    innocent("a slow import", "import scipy.optimize, scipy.signal, sklearn.tree" + ANSWER),
    innocent("a cell of helpers", "def softmax(z):\n    return share(exponentials(z))",
             before=("def exponentials(z):\n    return np.exp(z - z.max(1, keepdims=True))\ndef share(e):\n    return e / e.sum(1, keepdims=True)",)),
    innocent("a helper below its use", "def softmax(z):\n    return later(z)", between=("def later(z):\n    return right(z)",)),
    innocent("magics", "%matplotlib inline\n%timeit -n1 -r1 1 + 1\n%time x = 1\n!echo from the shell\n%load_ext autoreload" + ANSWER),
    innocent("cell magics", before=("%%time\nx = 1", "%%bash\necho hello", "%%capture said\nprint(1)")),
    innocent("a progress bar", "from tqdm.auto import tqdm\nfor _ in tqdm(range(50)): pass" + ANSWER),
    innocent("a progress bar in the answer", "from tqdm import tqdm\ndef softmax(z):\n    return np.array([right(r[None])[0] for r in tqdm(z)])"),
    innocent("a thread that prints on and on", """
import threading, time
def talk():
    while True: print("still here " * 100); time.sleep(0.001)
threading.Thread(target=talk, daemon=True).start()
""" + ANSWER),
    innocent("a pool of threads", """
from concurrent.futures import ThreadPoolExecutor
def softmax(z):
    with ThreadPoolExecutor(2) as pool: return np.array(list(pool.map(lambda r: right(r[None])[0], z)))
"""),
    innocent("a subprocess", "import subprocess\nsubprocess.run(['echo', 'hello'], check=True)" + ANSWER),
    innocent("files of its own", "np.save('mine.npy', np.eye(3)); np.load('mine.npy')\nimport tempfile\ntempfile.TemporaryFile().write(b'x')" + ANSWER),
    innocent("await", "import asyncio\nawait asyncio.sleep(0.01)" + ANSWER),
    innocent("an error in a cell of its own", before=("1 / 0", "undefined_name", "raise SystemExit")),
    innocent("an unfinished try, left above", before=("def softmax(z):\n    raise NotImplementedError", "assert False, 'todo'")),
    innocent("a class that can be called", "class Softmax:\n    def __call__(self, z): return right(z)\nsoftmax = Softmax()"),
    innocent("a lambda", "softmax = lambda z: (lambda e: e / e.sum(-1)[:, None])(np.exp(z - z.max(-1)[:, None]))"),
    innocent("a decorated function", "import functools\n@functools.lru_cache\ndef twice(): return 2\n@functools.wraps(right)\ndef softmax(z): return right(z)"),
    innocent("loops in plain Python", """
import math
def softmax(z):
    rows = []
    for row in z.tolist():
        top = max(row); e = [math.exp(v - top) for v in row]
        rows.append([v / sum(e) for v in e])
    return np.array(rows)
"""),
    innocent("type hints and a long docstring", 'def softmax(z: "np.ndarray") -> "np.ndarray":\n    """Check. assert. exit. os._exit."""\n    return right(z)'),
    innocent("its own random numbers", "np.random.seed(1); import random; random.seed(2)\ndef softmax(z):\n    np.random.rand(); return right(z)"),
    innocent("a warning filter that raises", "import warnings\nwarnings.simplefilter('error')" + ANSWER),
    innocent("a changed folder and plot style", "import os, matplotlib.pyplot as plt\nos.chdir('/'); plt.style.use('dark_background'); plt.ion()" + ANSWER),
    innocent("looking at the check", "print(check('02.softmax', right)); hint('02.softmax')" + ANSWER),
    innocent("stdout of its own", "import sys, io\nsys.stdout = io.StringIO()" + ANSWER),
    innocent("quit at the end", "softmax = right\nquit()"),
]
