"""Annotation jobs: open them, work in them, pay for the work.

A job goes create, claim, submit, approve (or finalize, after silence), close; a dispute goes reject, appeal,
decide.

`settle` does what is due by the clock, `status` says when that is. Workers may sign with `--sign-only` and
have somebody else `relay` it. A second run of an interrupted command does what is still missing.
"""

from scripts._cli import group
from scripts._job.claims import claim, relay, release
from scripts._job.create import accept, close, create
from scripts._job.judge import appeal, approve, decide, finalize, reject
from scripts._job.settle import settle, withdraw
from scripts._job.status import status
from scripts._job.submit import review, submit

cli = group(__doc__)
for command in (
    create, accept, claim, submit, release, review, approve, reject, appeal, decide, finalize, settle, close,
    status, withdraw, relay,
):  # fmt: skip
    cli.add_command(command)
