"""What the commands about stakes share."""

from __future__ import annotations

from typing import Any

import click

from scripts._cli import HINTS

STAKE = "ape run stake"
MARKETS = {"consensus": "LabelConsensus", "hook": "StakeHook"}

HINTS.update(
    {
        "StakeTooLow": f"`{STAKE} status` shows what is available; what is locked or leaving is not.",
        "LimitExceeded": f"Allow the market more: `{STAKE} allow MARKET AMOUNT`.",
        "StillLocked": f"`{STAKE} status` says until when.",
        "TooManyUnbondings": f"Collect what is over first: `{STAKE} collect`.",
        "NothingToMove": f"`{STAKE} status` shows what there is.",
    }
)

market_argument = click.argument("market", type=click.Choice(list(MARKETS)))


def coin_staked(system: Any) -> Any:
    """Symbol and decimals of what is staked."""
    from scripts._chain.amounts import coin_of  # noqa: PLC0415

    return coin_of(system, str(system.contract("Staking").stakeToken()))


def amount_staked(system: Any, text: str) -> int:
    """Base units of what is staked."""
    from scripts._chain.amounts import parse_amount  # noqa: PLC0415

    return parse_amount(coin_staked(system), text)
