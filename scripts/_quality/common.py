"""What the commands about consensus jobs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import click

from scripts._cli import hints
from scripts._job.common import command as job_command

QUALITY = "ape run quality"
TITLES = {"reveal": "reveals", "gold": "gold", "challenge": "challenges", "expert": "experts",
          "score": "scores", "settle": "settlement"}  # fmt: skip

MENDS = {
    "WrongJobState": f"See where it stands: `{QUALITY} status JOB`.",
    "WrongWordState": f"See where it stands: `{QUALITY} status JOB`.",
    "OutsidePhase": f"`{QUALITY} status JOB` says which phase it is, and until when.",
    "RoleConflict": "Creator, expert and fee recipient do not annotate; whoever has a seat does not judge.",
    "NotEligible": "The job's hook refuses this account; an allow list needs --allowlist FILE.",
    "FeeChanged": f"Run `{QUALITY} create` again: it takes the fee of the day.",
    "StakeTooLow": "Put more in: `ape run stake deposit AMOUNT`; `ape run stake status` shows what is free.",
    "LimitExceeded": "Let the market lock it: `ape run stake allow consensus AMOUNT`.",
    "StakeAboveMax": "Agree to more with --max-stake AMOUNT.",
    "TasksNotAvailable": f"`{QUALITY} status JOB` shows what is free; the command looks for a layer.",
    "SeatTooSmall": "Take more tasks of the word, or all that are left in a layer.",
    "AlreadySeated": "An account has one seat a word: use another word, or another account.",
    "GoldNotOpened": f"The creator opens all gold first: `{QUALITY} open-gold JOB`.",
    "NotExpert": "Only the job's panel decides; on a list pass --experts FILE.",
    "TasksUndecided": "Experts left challenged gold undecided: the word is paid in full, after this phase.",
    "ChallengesOpen": f"`{QUALITY} settle-challenge JOB` ends them.",
    "EnforcedPause": "New jobs and seats are paused: `ape run admin status` tells; what is open goes on.",
    "BadPanel": "An expert is an account that is neither creator nor fee recipient.",
    "NotAContract": "Look at token, rule and hook: each is the address of a contract.",
    "SignatureExpired": "Sign it again.",
    "InvalidSignature": "Sign it again, on the same network and with the same terms.",
    "CreditTooLow": f"`{QUALITY} withdraw` without --amount takes all of it.",
}
"""What to do about the errors of the consensus market, some of which have the names of others'."""


def command(name: str | None = None, *, signs: bool = True) -> Callable[[Callable[..., Any]], click.Command]:
    """A command as those about jobs, which says of errors what helps here."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(**options: Any) -> None:
            with hints(MENDS):
                function(**options)

        return job_command(name or function.__name__.replace("_", "-"), signs=signs)(run)

    return decorate


def sizes_of(tasks: int) -> list[int]:
    """How many tasks each word of a job has."""
    return [min(256, tasks - first) for first in range(0, tasks, 256)]


def by_word(answers: Mapping[int, int | None]) -> dict[int, dict[int, int | None]]:
    """Answers by word, and in it by bit."""
    found: dict[int, dict[int, int | None]] = {}
    for task, answer in sorted(answers.items()):
        found.setdefault(task // 256, {})[task % 256] = answer
    return found


def mask_of_bits(bits: Iterable[int]) -> int:
    """The mask of some bits."""
    return sum(1 << bit for bit in set(bits))


def only_word(plans: Sequence[Any], hint: str = "choose --word") -> Sequence[Any]:
    """The plans, if they are for one word. ClickException where a signature cannot be for all of them."""
    if len(plans) != 1:
        raise click.ClickException(f"one signature is for one word, this is about {len(plans)}: {hint}")
    return plans


def window(job: Any, phase: Any) -> tuple[int, int]:
    """The last second before a phase, and its own last second."""
    from offchain.consensus import Phase  # noqa: PLC0415

    opens = job.terms.seats_until if phase == Phase.REVEAL else job.terms.end(Phase(phase - 1))
    return opens, job.terms.end(phase)


def require_phase(system: Any, job: Any, phase: Any) -> None:
    """ClickException, which says when, outside of a phase of an open job."""
    from offchain.consensus import ConsensusState  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415

    now, (opens, closes) = system.now, window(job, phase)
    if job.state != ConsensusState.OPEN:
        raise click.ClickException(f"job {job.job_id} is closed: nothing more happens in it")
    if opens == closes:
        raise click.ClickException(f"job {job.job_id} has no panel, so nobody challenges or decides")
    if now <= opens:
        raise click.ClickException(
            f"it is too early: in job {job.job_id} this begins {when(opens + 1, now)}. `{QUALITY} status "
            f"{job.job_id}` shows all phases"
        )
    if now > closes:
        raise click.ClickException(
            f"it is too late: in job {job.job_id} this ended {when(closes, now)}. `{QUALITY} status "
            f"{job.job_id}` shows what can be done now"
        )
