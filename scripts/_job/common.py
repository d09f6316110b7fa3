"""What the commands about jobs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI

from scripts._cli import (
    HINTS,
    WinnowCommand,
    account_option,
    checked_account,
    checked_network,
    facts,
    json_option,
)

JOB = "ape run job"

HINTS.update(
    {
        "WrongJobState": f"See where it stands: `{JOB} status JOB`.",
        "WrongClaimState": f"See where it stands: `{JOB} status JOB`.",
        "WrongDisputeState": f"See where it stands: `{JOB} status JOB`.",
        "NotAuthorized": "Sign with that account: --account ALIAS.",
        "TooLate": f"If something is due now, `{JOB} settle JOB` does it.",
        "TooEarly": f"`{JOB} status JOB` says when.",
        "TasksTaken": f"Let the command choose: `{JOB} claim JOB --count N`.",
        "OpenCapExceeded": f"Submit or release what you hold first: `{JOB} status JOB --mine`.",
        "FeeChanged": f"Make the draft anew: `{JOB} create` with the terms file.",
        "RoleConflict": "Creator, arbiter and fee recipient must be different accounts.",
        "EnforcedPause": "New business is paused: `ape run admin status` tells; what is open goes on.",
        "NotEligible": (
            "The job's hook refuses this account: an allow list needs --allowlist FILE, a stake hook a "
            "pledge (`ape run stake pledge JOB TASKS`)."
        ),
        "SignatureExpired": "Sign it again.",
        "InvalidSignature": "Sign it again, on the same network and with the same terms.",
        "CreditTooLow": f"`{JOB} status` shows your credit.",
        "MayNotClaim": (
            "Creator and fee recipient do not claim; an expired claim of your own ends with "
            f"`{JOB} settle JOB`."
        ),
    }
)


def command(name: str | None = None, *, signs: bool = True) -> Callable[[Callable[..., Any]], click.Command]:
    """A command that gets `system`, `account` and `as_json` besides its own options. One that signs
    nothing works without an account, which is None then.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        def run(provider: ProviderAPI, account: AccountAPI | None, as_json: bool, **options: Any) -> None:
            system, signer = enter(provider, account, signs=signs)
            function(system=system, account=signer, as_json=as_json, **options)

        run.__doc__ = function.__doc__
        # The parameters that click's decorators left on the function belong to the command.
        run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        chosen = name or function.__name__.replace("_", "-")
        return click.command(chosen, cls=WinnowCommand)(account_option(json_option(run)))

    return decorate


def enter(
    provider: ProviderAPI, account: AccountAPI | None, *, signs: bool = True
) -> tuple[Any, AccountAPI | None]:
    """The network's system and the account that signs, both checked."""
    from scripts._chain.system import load_system  # noqa: PLC0415

    network = checked_network(provider)
    needed = signs or account is not None or network.kind == "local"
    return load_system(network, provider), checked_account(account, provider) if needed else None


def report(values: dict[str, Any], sent: Any, *, title: str, as_json: bool) -> None:
    """What happened, and its transaction where there was one."""
    facts({**values, **(sent.facts() if sent else {})}, title=title, as_json=as_json)


class Number(click.ParamType):
    """A number of up to 256 bits, decimal or 0x…: data sets are numbered by hashes."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return value if isinstance(value, int) else int(value, 0)
        except ValueError:
            self.fail(f"{value!r} is no number", param, ctx)


def shown(number: int) -> str:
    """A number of 256 bits as text: JSON readers round what is longer than 53 bits."""
    return f"0x{number:064x}"


dataset_argument = click.argument("dataset", type=Number())


def file_option(*names: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for a file that exists."""
    kind = click.Path(path_type=Path, exists=True, dir_okay=False)
    return click.option(*names, type=kind, **options)


sign_only_option = click.option(
    "--sign-only",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the signed act to this file; anybody sends it with `relay FILE`.",
)
