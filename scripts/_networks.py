"""What Winnow knows about each network: one reviewed file each in deployments/params/, loaded and checked
here.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.address import is_checksum_address

PARAMS = Path(__file__).resolve().parents[1] / "deployments" / "params"
KINDS = ("local", "test", "live")
ROLES = ("owner", "pauser", "fee_recipient")
KEYS = {
    "about",
    "kind",
    "chain_id",
    "coin",
    "explorer",
    "confirmations",
    "fee_bps",
    "quality",
    "governance",
    *ROLES,
}
COIN_KEYS = {"symbol", "decimals", "rpc_decimals"}
MAX_BPS = 10_000
DECIDERS = ("proposers", "executors")
MAX_DELAY, MIN_LIVE_DELAY = 30 * 86_400, 86_400
"""Of a timelock, in seconds: at most anywhere, at least on a live network."""

MAX_LOCK = 180 * 86_400
"""The longest lock of a stake, in seconds, which no unbonding may exceed (`Staking.MAX_LOCK`)."""
AMOUNT = re.compile(r"(?P<whole>[0-9]{1,60})(\.(?P<fraction>[0-9]+))?")


class ParamsError(ValueError):
    """A parameter file is missing or says something impossible; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Coin:
    """The native coin. `decimals` is what contracts count in, `rpc_decimals` what the RPC's `value` and gas
    price do.
    """

    symbol: str
    decimals: int
    rpc_decimals: int

    def parse(self, text: str) -> int:
        """'0.25' as an integer of the contracts' smallest unit; ValueError if it is no such amount."""
        found = AMOUNT.fullmatch(text)
        if found is None or len(found["fraction"] or "") > self.decimals:
            most = f"at most {self.decimals} decimals"
            raise ValueError(f"{text!r} is no amount of {self.symbol}: write it like 0.25, {most}")
        fraction = (found["fraction"] or "").ljust(self.decimals, "0")
        return int(found["whole"] + fraction)

    def format(self, amount: int) -> str:
        """An integer of the contracts' smallest unit as a person reads it, exactly: '0.25 ETH'."""
        return f"{_decimal(amount, self.decimals)} {self.symbol}"

    def format_rpc(self, amount: int) -> str:
        """The same for an integer of the RPC's unit, such as gas cost."""
        return f"{_decimal(amount, self.rpc_decimals)} {self.symbol}"


@dataclass(frozen=True, slots=True)
class Quality:
    """What the quality contracts are deployed with. Amounts are whole reward tokens, times are seconds; a
    stake token that is None is the reward token.
    """

    reward_name: str
    reward_symbol: str
    reward_cap: int
    max_epoch_cap: int
    admin_delay: int
    stake_token: str | None
    unbonding_period: int


@dataclass(frozen=True, slots=True)
class Governance:
    """The timelock that `deploy all --governance` puts every power behind. `delay` in seconds; proposers also
    cancel; the zero address among the executors is everybody. None is the owner.
    """

    delay: int
    proposers: tuple[str, ...] | None
    executors: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class NetworkParams:
    """One network. `fee_bps` in basis points (10_000 = 1.00); `confirmations` in blocks; a role that is None
    is the deployer.
    """

    name: str
    kind: str
    chain_id: int
    coin: Coin
    explorer: str | None
    confirmations: int
    owner: str | None
    pauser: str | None
    fee_recipient: str | None
    fee_bps: int
    quality: Quality
    governance: Governance

    def deciders(self, role: str, deployer: str) -> list[str]:
        """The proposers or the executors of the timelock; ParamsError where a live network leaves them
        open.
        """
        accounts: tuple[str, ...] | None = getattr(self.governance, role)
        return [self.role("owner", deployer)] if accounts is None else list(accounts)

    def role(self, name: str, deployer: str) -> str:
        """The address of a role; ParamsError where a live network leaves it open."""
        address: str | None = getattr(self, name)
        if address is None and self.kind == "live":
            raise ParamsError(
                f"{self.name} is a live network: set {name!r} in deployments/params/{self.name}.json first"
            )
        return address or deployer

    def address_link(self, address: str) -> str | None:
        return f"{self.explorer}/address/{address}" if self.explorer else None

    def transaction_link(self, tx_hash: str) -> str | None:
        return f"{self.explorer}/tx/{tx_hash}" if self.explorer else None


def load_params(name: str, folder: Path = PARAMS) -> NetworkParams:
    """The parameters of a network by its file's name ('local', '0g-galileo'); ParamsError if it is wrong."""
    path = folder / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json")))
        raise ParamsError(
            f"no parameters for network {name!r}: write deployments/params/{name}.json, or use one of {known}"
        )
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ParamsError(f"{path.name} is not JSON: {error}") from error
    return _validated(name, raw)


def params_name(ecosystem: str, network: str) -> str:
    """The file for Ape's names: ('ethereum', 'local') is 'local', ('0g', 'galileo') is '0g-galileo'."""
    return "local" if network == "local" else f"{ecosystem}-{network}"


def _decimal(amount: int, decimals: int) -> str:
    sign, digits = ("-", -amount) if amount < 0 else ("", amount)
    whole, fraction = divmod(digits, 10**decimals)
    tail = f"{fraction:0{decimals}d}".rstrip("0") if decimals else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def _validated(name: str, raw: Any) -> NetworkParams:
    def require(condition: object, problem: str) -> None:
        if not condition:
            raise ParamsError(f"deployments/params/{name}.json: {problem}")

    def whole(value: object, least: int, most: int) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    require(isinstance(raw, dict) and raw.keys() == KEYS, f"needs exactly the keys {', '.join(sorted(KEYS))}")
    coin = raw["coin"]
    require(
        isinstance(coin, dict) and coin.keys() == COIN_KEYS,
        f"coin needs exactly {', '.join(sorted(COIN_KEYS))}",
    )
    require(isinstance(coin["symbol"], str) and coin["symbol"], "coin.symbol must be a name")
    for key in ("decimals", "rpc_decimals"):
        require(whole(coin[key], 0, 77), f"coin.{key} must be a whole number from 0 to 77")
    require(raw["kind"] in KINDS, f"kind must be one of {', '.join(KINDS)}")
    require(whole(raw["chain_id"], 1, 2**53), "chain_id must be a positive whole number")
    require(whole(raw["confirmations"], 0, 1_000), "confirmations must be a whole number from 0 to 1000")
    require(
        whole(raw["fee_bps"], 0, MAX_BPS), f"fee_bps must be a whole number of basis points up to {MAX_BPS}"
    )
    link = raw["explorer"]
    require(link is None or str(link).startswith("https://"), "explorer must be null or an https address")
    for role in ROLES:
        require(
            raw[role] is None or is_checksum_address(raw[role]),
            f"{role} must be null or a checksummed address",
        )
    _check_quality(raw["quality"], require, whole)
    _check_governance(raw["governance"], raw["kind"], require, whole)
    fields = {key: raw[key] for key in KEYS - {"about", "coin", "explorer", "quality", "governance"}}
    return NetworkParams(
        name=name,
        coin=Coin(**coin),
        explorer=link.rstrip("/") if link else None,
        quality=Quality(**raw["quality"]),
        governance=Governance(
            raw["governance"]["delay"], *map(_tuple, (raw["governance"][key] for key in DECIDERS))
        ),
        **fields,
    )


def _check_quality(
    raw: Any, require: Callable[[object, str], None], whole: Callable[[object, int, int], bool]
) -> None:
    keys = Quality.__slots__
    require(
        isinstance(raw, dict) and raw.keys() == set(keys), f"quality needs exactly the keys {', '.join(keys)}"
    )
    for key in ("reward_name", "reward_symbol"):
        require(isinstance(raw[key], str) and raw[key], f"quality.{key} must be a name")
    require(whole(raw["reward_cap"], 1, 10**30), "quality.reward_cap must be a whole number of tokens from 1")
    require(
        whole(raw["max_epoch_cap"], 0, raw["reward_cap"]),
        "quality.max_epoch_cap must be a whole number of tokens up to reward_cap",
    )
    require(whole(raw["admin_delay"], 0, 2**40), "quality.admin_delay must be a whole number of seconds")
    require(
        whole(raw["unbonding_period"], 1, MAX_LOCK),
        f"quality.unbonding_period must be a whole number of seconds from 1 to {MAX_LOCK}",
    )
    require(
        raw["stake_token"] is None or is_checksum_address(raw["stake_token"]),
        "quality.stake_token must be null or a checksummed address",
    )


def _check_governance(
    raw: Any,
    kind: str,
    require: Callable[[object, str], None],
    whole: Callable[[object, int, int], bool],
) -> None:
    keys = Governance.__slots__
    require(
        isinstance(raw, dict) and raw.keys() == set(keys),
        f"governance needs exactly the keys {', '.join(keys)}",
    )
    least = MIN_LIVE_DELAY if kind == "live" else 0
    require(
        whole(raw["delay"], least, MAX_DELAY),
        f"governance.delay must be a whole number of seconds from {least} to {MAX_DELAY}",
    )
    for key in DECIDERS:
        accounts = raw[key]
        require(
            accounts is None
            or (isinstance(accounts, list) and accounts and all(map(is_checksum_address, accounts))),
            f"governance.{key} must be null or a list of checksummed addresses that is not empty",
        )


def _tuple(accounts: list[str] | None) -> tuple[str, ...] | None:
    return None if accounts is None else tuple(accounts)
