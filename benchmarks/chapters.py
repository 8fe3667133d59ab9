"""What the solved course reaches and costs: seconds of each notebook, milestones over several seeds, CPU beside GPU.

    python benchmarks/chapters.py [--only 06 --only 08] [--seeds 3] [--threads 1] [--write docs/results.md]

Whatever stands in `solutions/` is run; a milestone is measured where `benchmarks/milestones/chNN.py` stands. Everything
runs in turn, so an idle machine gives the same seconds again. Nothing is asserted here: the tests say what is right.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="NN", help="this chapter; may be given several times")
    parser.add_argument("--seeds", type=int, default=3, help="seeds for each milestone (default 3)")
    parser.add_argument("--threads", type=int, default=1, help="threads of NumPy and torch (default 1: least noise)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the page here; otherwise it is only printed")
    options = parser.parse_args(arguments)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):  # before NumPy and torch are imported
        os.environ[name] = str(options.threads)
    os.environ["TQDM_DISABLE"] = "1"  # no bars between the lines
    os.environ["DLCOURSE_PROGRESS"] = "off"  # a benchmark is nobody's progress
    sys.path.insert(0, str(ROOT))

    from chapters_page import page

    every = sorted(SOLUTIONS.glob("[0-9][0-9]_*.py"))
    texts = [p for p in every if not options.only or p.name[:2] in options.only]
    if not texts:
        parser.error(f"no chapter in solutions/ has the number {', '.join(options.only)}")
    facts = list(_facts(texts, range(options.seeds)))
    left_out = [p.stem for p in every if p not in texts]
    text = page(facts, seeds=options.seeds, threads=options.threads, left_out=left_out)
    print("\n" + text)
    if options.write:
        options.write.write_text(text, encoding="utf-8")


def _facts(texts: Sequence[Path], seeds: Sequence[int]) -> Iterator[object]:
    """Run each chapter's notebook and milestones, on the CPU and on a GPU that is there; say so as it goes."""
    import torch
    from chapters_facts import Chapter, run_notebook
    from milestones import available

    from autograde.attempts import solved

    measures = available()
    for path in texts:
        number = path.name[:2]
        print(f"{path.stem}: the notebook …", end="", flush=True)
        notebook = run_notebook(path)
        print(f" {notebook.cpu:.0f} CPU-seconds, {notebook.green} of {notebook.cards} cards green", flush=True)
        cpu, gpu, trouble = [], [], ""
        if number in measures:
            namespace = solved(path)
            for device, found in (("cpu", cpu), ("cuda", gpu)):
                if device == "cuda" and (number < "06" or not torch.cuda.is_available()):
                    continue  # NumPy chapters, or no GPU
                try:
                    for milestone in measures[number](namespace, seeds, device):
                        print(f"  {milestone.exercise} on {device}: {milestone.ours}", flush=True)
                        found.append(milestone)
                except Exception as error:  # an hour of measuring is not lost to one chapter; the page says it
                    trouble = f"{type(error).__name__}: {error}"[:100]
                    print(f"  stopped on {device} by {trouble}", flush=True)
        yield Chapter(path.stem, notebook, tuple(cpu), tuple(gpu), trouble)


if __name__ == "__main__":
    main()
