"""`python -m tests.attacks [WORD …]`: run the attacks whose class or name holds a word, and print the table."""

import sys

from .host import Host
from .table import CLASSES, line, totals, try_out

words = sys.argv[1:]
rows = []
with Host() as host:
    for kind, attacks in CLASSES.items():
        for attack in attacks:
            if words and not any(word in f"{kind} {attack.name}" for word in words):
                continue
            rows.append((kind, try_out(attack, host)))
            print(line(*rows[-1]), f"{rows[-1][1].seconds:6.2f} s", flush=True)
print(totals(rows))
sys.exit(any(row.faults for _, row in rows))
