"""The bounded powers of owner and pauser over markets and registry.

The owner sets the fee of what opens later, names the pauser, pauses and unpauses new business, and hands
over in two steps. Nobody can move anybody's money or change what is open. Where a timelock is the owner, the
same command schedules an act, and executes it once the timelock's delay is over.
"""

from collections.abc import Callable
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import HINTS, group, table
from scripts._job.common import command

NAMES = {"market": "AnnotationMarket", "registry": "DatasetRegistry", "consensus": "LabelConsensus"}
DIRECT = {"pause", "acceptOwnership"}
"""Acts that are not the owner's alone."""

HEADINGS = {"contract": "Contract", "note": "", "tx": "Transaction"}

HINTS.update(
    {
        "OwnableUnauthorizedAccount": "Only the owner may (after a transfer: the new one, by "
        "`accept-ownership`).",
        "NotPauser": "Only pauser and owner may pause: `ape run admin status` names them.",
        "FeeAboveCap": "`ape run admin status` shows the cap.",
    }
)

cli = group(__doc__)
contract_option = click.option(
    "--contract",
    "which",
    type=click.Choice(["all", *NAMES]),
    default="all",
    show_default=True,
    help="Which one.",
)


def governed(system: Any, which: str) -> list[tuple[str, Any]]:
    """The contracts that are meant and deployed, by name; ClickException where one that was named is not."""
    names = [name for key, name in NAMES.items() if which in {"all", key}]
    return [(name, system.contract(name)) for name in names if which != "all" or name in system.entries]


def apply(
    system: Any,
    account: AccountAPI,
    which: str,
    method: str,
    arguments: tuple[Any, ...],
    done: Callable[[Any], bool],
    as_json: bool,
) -> None:
    """Call a method of each contract, unless it is `done` there already."""
    rows = [
        {"contract": name, "note": "so already"}
        if done(contract)
        else act_on(system, account, name, method, arguments)
        for name, contract in governed(system, which)
    ]
    table(rows, HEADINGS, title=method, as_json=as_json)


def act_on(
    system: Any, account: AccountAPI, name: str, method: str, arguments: tuple[Any, ...]
) -> dict[str, Any]:
    """Call a contract's method; through the timelock where that is the owner and the act is his alone."""
    from scripts._chain.consensus import whole_contract  # noqa: PLC0415
    from scripts._chain.governance import through_timelock, timelock_of  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    contract, timelock = whole_contract(system, name), timelock_of(system)
    call = getattr(contract, method)
    if timelock is not None and method not in DIRECT and contract.owner() == timelock.address:
        told, sent = through_timelock(system, name, call, arguments, account)
    else:
        told, sent = "done", send(system, f"{name}.{method}", call, *arguments, sender=account)
    return {"contract": name, "note": told, **(sent.facts() if sent else {})}


def checksummed(text: str) -> str:
    """An address from the command line."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415

    return checksum_address(address_bytes(text))


def token_powers(system: Any) -> list[dict[str, Any]]:
    """The row of the reward token, where it is deployed: its minters act without the admin, and at once."""
    from scripts._chain.governance import ADMIN, TOKEN, minters_of  # noqa: PLC0415

    if TOKEN not in system.entries:
        return []
    token = system.contract(TOKEN)
    row = {"contract": TOKEN, "address": str(token.address), "owner": ADMIN.held_by(token)}
    return [{**row, "heir": ADMIN.offered_to(token)[0], "minters": ", ".join(minters_of(system))}]


@command(signs=False)
def status(system: Any, account: AccountAPI | None, as_json: bool) -> None:  # noqa: ARG001 - anybody may look
    """Show owner, pauser, fee and whether new business is paused; and who mints reward tokens."""
    rows: list[dict[str, Any]] = [
        {
            "contract": name,
            "address": str(contract.address),
            "owner": str(contract.owner()),
            "heir": str(contract.pendingOwner()),
            "pauser": str(contract.pauser()),
            "fee_recipient": str(contract.feeRecipient()),
            "fee_bps": int(contract.feeBps()),
            "fee_cap_bps": int(contract.MAX_FEE_BPS()),
            "paused": bool(contract.paused()),
        }
        for name, contract in governed(system, "all")
    ]
    rows += token_powers(system)
    keys = dict.fromkeys(key for row in rows for key in row if key != "address")
    headings = {key: key.replace("_", " ") for key in keys}
    table(rows, headings, title=f"Powers on {system.network.name}", as_json=as_json)


@command()
@contract_option
def pause(system: Any, account: AccountAPI, as_json: bool, which: str) -> None:
    """Refuse new business. Everything that is open goes on."""
    apply(system, account, which, "pause", (), lambda contract: contract.paused(), as_json)


@command()
@contract_option
def unpause(system: Any, account: AccountAPI, as_json: bool, which: str) -> None:
    """Admit new business again; the owner only."""
    apply(system, account, which, "unpause", (), lambda contract: not contract.paused(), as_json)


@command()
@click.argument("fee")
@contract_option
def set_fee(system: Any, account: AccountAPI, as_json: bool, fee: str, which: str) -> None:
    """Set the protocol FEE (1% or 100, basis points) of what opens from now on; the owner only."""
    from scripts._chain.amounts import parse_share  # noqa: PLC0415

    wanted = parse_share(fee)
    apply(system, account, which, "setFee", (wanted,), lambda contract: contract.feeBps() == wanted, as_json)


@command()
@click.argument("address")
@contract_option
def set_pauser(system: Any, account: AccountAPI, as_json: bool, address: str, which: str) -> None:
    """Name ADDRESS as the one who may pause besides the owner; the owner only."""
    target = checksummed(address)
    apply(
        system, account, which, "setPauser", (target,), lambda contract: contract.pauser() == target, as_json
    )


@command()
@click.argument("address")
@contract_option
def transfer_ownership(system: Any, account: AccountAPI, as_json: bool, address: str, which: str) -> None:
    """Offer the ownership to ADDRESS, who has to accept it with `accept-ownership`."""
    target = checksummed(address)

    def done(contract: Any) -> bool:
        return target in {contract.owner(), contract.pendingOwner()}

    apply(system, account, which, "transferOwnership", (target,), done, as_json)


@command()
@contract_option
def accept_ownership(system: Any, account: AccountAPI, as_json: bool, which: str) -> None:
    """Take an ownership that was offered to you."""
    apply(system, account, which, "acceptOwnership", (), lambda c: c.owner() == account.address, as_json)


@command()
@click.argument("contract")
@click.argument("method")
@click.argument("values", nargs=-1)
def call(
    system: Any, account: AccountAPI, as_json: bool, contract: str, method: str, values: tuple[str, ...]
) -> None:
    """Use a power that has no command of its own: `call Staking setMarket ADDRESS true`."""
    from scripts._chain.blueprints import BLUEPRINTS  # noqa: PLC0415
    from scripts._chain.consensus import whole_contract  # noqa: PLC0415

    if contract not in BLUEPRINTS:
        raise click.ClickException(f"there is no {contract}: choose from {', '.join(BLUEPRINTS)}")
    methods = whole_contract(system, contract).contract_type.mutable_methods
    acts = {each.name: each.inputs for each in methods if each.stateMutability == "nonpayable"}
    if method not in acts:
        raise click.ClickException(f"{contract} has no act {method!r}: choose from {', '.join(sorted(acts))}")
    kinds = [str(item.type) for item in acts[method]]
    if len(kinds) != len(values):
        raise click.ClickException(f"{contract}.{method} takes {len(kinds)} values: {', '.join(kinds)}")
    arguments = tuple(as_value(*pair) for pair in zip(kinds, values, strict=True))
    rows = [act_on(system, account, contract, method, arguments)]
    table(rows, HEADINGS, title=method, as_json=as_json)


def as_value(kind: str, text: str) -> Any:
    """A word of the command line as a value of a Solidity type; ClickException where it is none."""
    try:
        if kind == "address":
            return checksummed(text)
        if kind == "bool":
            return {"true": True, "false": False}[text]
        if kind == "bytes32":
            return bytes.fromhex(text.removeprefix("0x"))
        return int(text, 0)
    except (ValueError, KeyError) as error:
        raise click.ClickException(
            f"{text!r} is no {kind}: write an address, true or false, or a number"
        ) from error


for each in (pause, unpause, set_fee, set_pauser, transfer_ownership, accept_ownership, call, status):
    cli.add_command(each)
