"""Data sets: made from jobs, published, bought, checked.

Exports are computed from events and payloads alone, so everybody gets the same files; `verify` does that and
compares roots. Who has a package's address can read it: a licence is a right, not a lock.
"""

from scripts._cli import group
from scripts._dataset.files import export, verify
from scripts._dataset.publish import publish
from scripts._dataset.sale import price, purchase, royalty, status

cli = group(__doc__)
for command in (export, publish, purchase, verify, status, price, royalty):
    cli.add_command(command)
