"""`python -m tests.attacks [WORD …]`: run what holds a word in its class or name, and print the table."""

import sys

from .table import rows, totals

done = []
for row in rows(sys.argv[1:]):
    done.append(row)
    print(f"{row} ({row.seconds:.1f} s)" if row.seconds else row, flush=True)
print(totals(done))
sys.exit(any(row.faults for row in done))
