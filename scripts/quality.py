"""Consensus jobs: several annotators label each task, gold measures them, and a rule decides.

A job goes create, seat, reveal, open-gold, score, settle, close; with experts also challenge, decide,
settle-challenge and resolve. Whoever is silent is slashed (slash-silent) or paid for (expire).

`status` says what may be done now, by whom, and until when; `ape run keeper` does whatever anyone may do.
What must not be lost (labels, salts, gold) is in the folder `secrets`, or in that which WINNOW_SECRETS names.
"""

from scripts._cli import group
from scripts._quality.create import create
from scripts._quality.duties import close, expire, score, settle, settle_challenge, slash_silent
from scripts._quality.experts import decide, resolve
from scripts._quality.gold import challenge, open_gold
from scripts._quality.relay import relay
from scripts._quality.seat import reveal, seat
from scripts._quality.status import status, withdraw

cli = group(__doc__)
for command in (
    create, seat, relay, reveal, slash_silent, open_gold, challenge, decide, settle_challenge, score, settle,
    resolve, expire, close, status, withdraw,
):  # fmt: skip
    cli.add_command(command)
