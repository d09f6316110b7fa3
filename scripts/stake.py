"""Stakes of those who work: put them in, let markets lock them, take them out again.

A stake can be locked only by a market that its account allows, up to a limit, and slashed no further. What is
locked comes back by the market or, once the lock is over, by `reclaim`; what is available leaves by `unbond`
and, when the period is over, `collect`. A job of the annotation market whose hook is StakeHook may `ask` for
stake; whoever wants to claim there makes a `pledge`, and may `leave`.
"""

from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, group, table
from scripts._job.common import command, report
from scripts._stake.common import MARKETS, amount_staked, coin_staked, market_argument
from scripts._stake.pledges import HEADINGS, ask, leave, pledge, pledges_of

NO_LIMIT = 2**104 - 1


@command(signs=False)
@click.option("--of", "who", help="Whose stake; without it your own.")
def status(system: Any, account: AccountAPI | None, as_json: bool, who: str | None) -> None:
    """Show a stake: what is available, locked and leaving, what each market may lock, and pledges to jobs."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415

    if who is None and account is None:
        raise click.UsageError("whose stake? Say --of ADDRESS or --account ALIAS")
    address = checksum_address(address_bytes(who)) if who else str(account.address)
    staking, coin = system.contract("Staking"), coin_staked(system)
    stake = staking.stakeOf(address)
    values = {"account": address}
    values |= {name: coin.format(stake[name]) for name in ("available", "locked", "unbonding")}
    rows = [_lock(system, name, address) for name, at in MARKETS.items() if at in system.entries]
    leaving = [
        {"amount": coin.format(each["amount"]), "until": when(int(each["until"]), system.now)}
        for each in staking.unbondingsOf(address)
    ]
    pledges = pledges_of(system, address)
    if as_json:
        facts({**values, "markets": rows, "leaving": leaving, "pledges": pledges}, as_json=True)
        return
    facts(values, title="Stake", as_json=False)
    headings = {"market": "Market", "limit": "May lock", "locked": "Locked", "until": "Until"}
    table(rows, headings, title="Markets", as_json=False)
    if leaving:
        table(leaving, {"amount": "Leaving", "until": "Until"}, title="On its way out", as_json=False)
    if pledges:
        table(pledges, HEADINGS, title="Pledged to jobs of the annotation market", as_json=False)


def _lock(system: Any, market: str, account: str) -> dict[str, Any]:
    """What a market may lock of an account, and has locked."""
    from scripts._chain.amounts import when  # noqa: PLC0415

    bond, coin = system.contract("Staking").lockOf(account, _market(system, market)), coin_staked(system)
    limit = "all" if bond["limit"] == NO_LIMIT else coin.format(bond["limit"])
    until = when(int(bond["until"]), system.now)
    return {"market": market, "limit": limit, "locked": coin.format(bond["locked"]), "until": until}


@command()
@click.argument("amount")
@click.option("--to", help="Whose stake; without it your own.")
def deposit(system: Any, account: AccountAPI, as_json: bool, amount: str, to: str | None) -> None:
    """Add AMOUNT (such as 12.5) to a stake."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.amounts import allow as approve  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    staking, coin, wanted = system.contract("Staking"), coin_staked(system), amount_staked(system, amount)
    target = checksum_address(address_bytes(to)) if to else str(account.address)
    approve(system, str(staking.stakeToken()), str(staking.address), wanted, account)
    sent = send(system, "stake", staking.stake, target, wanted, sender=account)
    report({"account": target, "amount": coin.format(wanted)}, sent, title="Staked", as_json=as_json)


@command()
@market_argument
@click.argument("amount")
def allow(system: Any, account: AccountAPI, as_json: bool, market: str, amount: str) -> None:
    """Let MARKET lock, and slash, up to AMOUNT of your stake: `all` for no limit, 0 for nothing more.

    A lower limit holds for slashes only after the unbonding period.
    """
    from scripts._chain.transactions import send  # noqa: PLC0415

    staking, address = system.contract("Staking"), _market(system, market)
    wanted = NO_LIMIT if amount == "all" else amount_staked(system, amount)
    if int(staking.lockOf(str(account.address), address)["limit"]) == wanted:
        facts({"market": market, "note": "so already"}, title="Allowed", as_json=as_json)
        return
    sent = send(system, "allow", staking.allow, address, wanted, sender=account)
    report({"market": market, "limit": amount}, sent, title="Allowed", as_json=as_json)


@command()
@click.argument("amount")
def unbond(system: Any, account: AccountAPI, as_json: bool, amount: str) -> None:
    """Start to take AMOUNT out of what is available; it can be slashed until it is over."""
    from scripts._chain.transactions import send  # noqa: PLC0415

    staking, coin, wanted = system.contract("Staking"), coin_staked(system), amount_staked(system, amount)
    sent = send(system, "unbond", staking.unbond, wanted, sender=account)
    report({"amount": coin.format(wanted)}, sent, title="Unbonding", as_json=as_json)


@command()
@click.option("--of", "who", help="Whose stake; without it your own.")
def collect(system: Any, account: AccountAPI, as_json: bool, who: str | None) -> None:
    """Pay out what has finished unbonding; anyone may."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    staking, target = system.contract("Staking"), str(account.address)
    if who:
        target = checksum_address(address_bytes(who))
    over = [each for each in staking.unbondingsOf(target) if int(each["until"]) < system.now]
    if not over:
        facts({"account": target, "note": "nothing is over"}, title="Collected", as_json=as_json)
        return
    sent = send(system, "collect", staking.collect, target, sender=account)
    report({"account": target}, sent, title="Collected", as_json=as_json)


@command()
@market_argument
@click.option("--of", "who", help="Whose stake; without it your own.")
def reclaim(system: Any, account: AccountAPI, as_json: bool, market: str, who: str | None) -> None:
    """Take back what MARKET has locked and whose lock is over; anyone may."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    staking, address = system.contract("Staking"), _market(system, market)
    target = checksum_address(address_bytes(who)) if who else str(account.address)
    if int(staking.lockOf(target, address)["locked"]) == 0:
        facts({"market": market, "note": "nothing is locked"}, title="Reclaimed", as_json=as_json)
        return
    sent = send(system, "reclaim", staking.reclaim, target, address, sender=account)
    report({"account": target, "market": market}, sent, title="Reclaimed", as_json=as_json)


def _market(system: Any, name: str) -> str:
    """The address of a market that locks stakes."""
    return str(system.entry(MARKETS[name])["address"])


cli = group(__doc__)
for each in (status, deposit, allow, ask, pledge, leave, unbond, collect, reclaim):
    cli.add_command(each)
