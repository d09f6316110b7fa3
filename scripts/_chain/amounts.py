"""Amounts, times and shares as people write them, and tokens."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click
from ape.api.accounts import AccountAPI

from offchain.exceptions import InputError
from offchain.hashing import address_bytes, checksum_address
from scripts._chain.system import System, contract_at
from scripts._chain.transactions import Sent, send
from scripts._networks import Coin

NATIVE = "0x" + "0" * 40
NATIVE_NAMES = {"", "native", "coin", NATIVE}
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
BPS = 10_000


def _item(name: str, inputs: str, output: str, mutability: str = "view") -> dict[str, Any]:
    return {
        "type": "function",
        "name": name,
        "stateMutability": mutability,
        "inputs": [{"name": "", "type": kind} for kind in inputs.split()],
        "outputs": [{"name": "", "type": output}],
    }


ERC20 = [
    _item("symbol", "", "string"),
    _item("decimals", "", "uint8"),
    _item("balanceOf", "address", "uint256"),
    _item("allowance", "address address", "uint256"),
    _item("approve", "address uint256", "bool", "nonpayable"),
]


def token_address(text: str | None) -> str:
    """The zero address for the native coin, otherwise the address in the text. Raises InputError."""
    return NATIVE if (text or "").lower() in NATIVE_NAMES else checksum_address(address_bytes(text or ""))


def coin_of(system: System, token: str) -> Coin:
    """Symbol and decimals of a token, asked from its contract. ClickException where there is none."""
    if token == NATIVE:
        return system.network.coin
    contract = token_at(token)
    try:
        symbol, decimals = str(contract.symbol()), int(contract.decimals())
    except Exception as error:
        raise click.ClickException(
            f"{token} does not answer as an ERC-20 token on {system.network.name}"
        ) from error
    return Coin(symbol[:12], decimals, decimals)


def token_at(token: str) -> Any:
    """An ERC-20 contract."""
    return contract_at(token, "ERC20", ERC20)


def allow(system: System, token: str, spender: str, amount: int, sender: AccountAPI) -> Sent | None:
    """Let a contract take exactly `amount` base units of a token, unless it already may."""
    if token == NATIVE or not amount:
        return None
    _require_balance(system, token, str(sender.address), amount)
    contract = token_at(token)
    if int(contract.allowance(sender.address, spender)) >= amount:
        return None
    return send(system, "approve", contract.approve, spender, amount, sender=sender)


def require_allowed(system: System, token: str, owner: str, spender: str, amount: int) -> None:
    """ClickException where somebody else has not so much of a token, or has not let a contract take it."""
    if token == NATIVE or not amount:
        return
    _require_balance(system, token, owner, amount)
    if int(token_at(token).allowance(owner, spender)) < amount:
        raise click.ClickException(
            f"{owner} has to let {spender} take {coin_of(system, token).format(amount)} first: `approve` of "
            f"the token {token}"
        )


def _require_balance(system: System, token: str, owner: str, amount: int) -> None:
    if (short := amount - int(token_at(token).balanceOf(owner))) > 0:
        unit = coin_of(system, token)
        raise click.ClickException(
            f"{unit.format(amount)} are needed, but {owner} is short of {unit.format(short)}"
        )


def parse_seconds(value: str | int) -> int:
    """'90s', '30m', '1h30m', '2d', '1w' or a number of seconds. Raises InputError."""
    if isinstance(value, int) or value.isdigit():
        return int(value)
    parts = DURATION.findall(value.replace(" ", ""))
    if not parts or "".join(number + unit for number, unit in parts) != value.replace(" ", ""):
        raise InputError(f"{value!r} is no duration: write it like 30m, 12h, 2d or 1h30m")
    return int(sum(float(number) * UNITS[unit] for number, unit in parts))


def parse_moment(value: Any, now: int) -> int:
    """Unix seconds from a duration after `now`, an ISO date (UTC unless it says so) or Unix seconds.
    Raises InputError.
    """
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, int) or value.isdigit():
        number = int(value)
        return number if number > UNITS["w"] * 520 else now + number
    try:
        return parse_moment(datetime.fromisoformat(value), now)
    except ValueError:
        return now + parse_seconds(value)


def parse_number(value: Any, wrong: str) -> Decimal:
    """A finite number of at least 0, exactly. Raises InputError with the text `wrong`."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise InputError(wrong) from error
    if not found.is_finite() or found < 0:
        raise InputError(wrong)
    return found


def parse_share(value: str | float) -> int:
    """Basis points from '2.5%', or from a whole number of basis points. Raises InputError."""
    text = str(value).strip()
    found = parse_number(text.removesuffix("%"), f"{value!r} is no share: write 2.5% or 250 (basis points)")
    if text.endswith("%"):
        found *= 100
    if found != int(found) or not 0 <= found <= BPS:
        raise InputError(f"{value!r} is no share: whole basis points from 0 to {BPS} (0% to 100%)")
    return int(found)


def parse_amount(coin: Coin, text: str | float) -> int:
    """Base units from '0.25'. Raises InputError."""
    try:
        return coin.parse(format(text, "f").rstrip("0").rstrip(".") if isinstance(text, float) else str(text))
    except ValueError as error:
        raise InputError(str(error)) from error


def when(moment: int, now: int) -> str:
    """A moment as a person reads it, with how far it is away."""
    if not moment:
        return "-"
    stamp = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    distance = abs(moment - now)
    amount = next(
        (f"{distance // size}{name}" for name, size in reversed(UNITS.items()) if distance >= size), "now"
    )
    return stamp if amount == "now" else f"{stamp} ({'in ' + amount if moment > now else amount + ' ago'})"
