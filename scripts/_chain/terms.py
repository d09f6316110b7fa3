"""The terms of a job from a file or from options, and the draft that fixes them before they are signed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from offchain.exceptions import InputError
from offchain.hashing import AllowList, address_bytes, bytes32, checksum_address, zerog_root
from offchain.terms import ZERO_ADDRESS, JobTerms, difficulty
from scripts._chain.amounts import (
    BPS,
    coin_of,
    parse_amount,
    parse_moment,
    parse_number,
    parse_seconds,
    parse_share,
    token_address,
)
from scripts._chain.system import System

#: What a terms file may say, with what counts where it does not.
DEFAULTS: dict[str, Any] = {
    "token": "native",
    "reward": None,
    "tasks": None,
    "claim_window": "30m",
    "review_window": "3d",
    "appeal_window": "2d",
    "decision_window": "5d",
    "deadline": "30d",
    "max_open": 256,
    "bond": 0,
    "reject_fee": "10%",
    "royalty": 0,
    "arbiter": None,
    "arbiter_fee": "0",
    "hook": None,
    "data": None,
    "data_root": None,
    "data_length": None,
    "instructions": None,
    "instructions_hash": None,
    "difficulty": None,
}
DRAFT = "winnow_terms"
PATHS = ("data", "instructions")


def read_text(path: Path) -> str:
    """A file of a person's. Raises InputError that names it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text: write it in UTF-8") from error


def read_list(path: Path) -> AllowList:
    """The list of a file with one address a line. Raises InputError that names the file."""
    lines = [line.strip() for line in read_text(path).splitlines()]
    try:
        return AllowList([line for line in lines if line])
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def read_document(path: Path) -> dict[str, Any]:
    """An object from JSON, TOML or YAML. Raises InputError that names the file."""
    import yaml  # noqa: PLC0415

    text = read_text(path)
    try:
        if path.suffix == ".toml":
            value: Any = tomllib.loads(text)
        elif path.suffix in {".yaml", ".yml"}:
            value = yaml.safe_load(text)
        else:
            value = json.loads(text)
    except (ValueError, yaml.YAMLError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f'{path} holds no object: write names and values, such as reward = "0.01"')
    return value


def read_terms(
    path: Path | None,
    options: Mapping[str, Any],
    known: Mapping[str, Any] = DEFAULTS,
    paths: Sequence[str] = PATHS,
) -> dict[str, Any]:
    """What a file says, with options on top. `paths` are the terms that name files, beside the file itself.
    Raises InputError for a name that is not in `known`.
    """
    said = read_document(path) if path else {}
    if unknown := sorted(set(said) - set(known)):
        raise InputError(f"{path}: there is no term {unknown[0]!r}: choose from {', '.join(known)}")
    for name in paths:
        if path and said.get(name):
            said[name] = str(path.parent / said[name])
    return {**said, **{name: value for name, value in options.items() if value is not None}}


def resolve(said: Mapping[str, Any], system: System, creator: str) -> JobTerms:
    """The terms in base units and seconds. Files are hashed; a deadline counts from the latest block.

    Raises InputError for what is missing or impossible; what the contract bounds, the contract says.
    """
    values = {**DEFAULTS, **said}
    token = token_address(values["token"])
    coin = coin_of(system, token)
    root, length = source_root(values)
    tasks = whole(values, "tasks") if values["tasks"] is not None else count_tasks(values)
    if values["reward"] is None:
        raise InputError("the terms say no reward: pass --reward, such as 0.01 (per task)")
    multipliers, classes = difficulty_of(values["difficulty"], tasks)
    return JobTerms(
        creator=creator,
        token=token,
        reward=parse_amount(coin, values["reward"]),
        task_count=tasks,
        claim_window=parse_seconds(values["claim_window"]),
        review_window=parse_seconds(values["review_window"]),
        deadline=parse_moment(values["deadline"], system.now),
        max_open=whole(values, "max_open"),
        bond_bps=parse_share(values["bond"]),
        fee_bps=int(system.market.feeBps()),
        royalty_bps=parse_share(values["royalty"]),
        hook=checksum_address(address_bytes(values["hook"])) if values["hook"] else ZERO_ADDRESS,
        data_root=root,
        data_length=length,
        instructions_hash=instructions_digest(values),
        multipliers=multipliers,
        word_classes=classes,
        **_disputes(values, coin),
    )


def source_items(values: Mapping[str, Any]) -> list[Any] | None:
    """The items of the source file, where file and instructions are both known."""
    from offchain.packaging import read_image_source, read_text_source  # noqa: PLC0415

    if not values.get("data") or not values.get("instructions"):
        return None
    kind = read_instructions(Path(values["instructions"])).kind
    data = Path(values["data"]).read_bytes()
    return list(read_image_source(data) if kind == "image" else read_text_source(data))


def count_tasks(values: Mapping[str, Any]) -> int:
    """One task for each item of the source. Raises InputError where that cannot be known."""
    items = source_items(values)
    if items is None:
        raise InputError("the terms say no number of tasks: pass --tasks, or --data and --instructions files")
    return len(items)


def read_instructions(path: Path) -> Any:
    """Instructions from their document, or from a JSON, TOML or YAML file with kind, labels and text."""
    from offchain.annotations import Instructions, LabelSet  # noqa: PLC0415

    value = read_document(path)
    if set(value) - {"version"} != {"kind", "labels", "text"} or not isinstance(value["labels"], list):
        raise InputError(f"{path}: instructions have kind (image or text), labels (a list) and text")
    return Instructions(value["kind"], LabelSet(value["labels"]), value["text"])


def draft_of(terms: JobTerms, system: System) -> dict[str, Any]:
    """The terms with everything fixed, as JSON: what an arbiter signs and a later run opens."""
    values = {name: plain(value) for name, value in terms.message().items()}
    market = str(system.entry("AnnotationMarket")["address"])
    return {DRAFT: 1, "chain_id": system.network.chain_id, "market": market, "terms": values}


def is_draft(path: Path | None) -> bool:
    """Whether a file is such a draft."""
    return path is not None and path.suffix == ".json" and DRAFT in read_document(path)


def terms_of_draft(value: Mapping[str, Any], system: System) -> JobTerms:
    """The terms in a draft. Raises InputError for one of another market, or a damaged one."""
    market = str(system.entry("AnnotationMarket")["address"])
    if (value.get("chain_id"), value.get("market")) != (system.network.chain_id, market):
        raise InputError(
            f"this draft is for the market {value.get('market')} on chain {value.get('chain_id')}, not "
            f"for {market} "
            f"on {system.network.chain_id}"
        )
    return terms_from(value.get("terms", {}))


def terms_from(values: Mapping[str, Any]) -> JobTerms:
    """Terms from their fields by Solidity names, hashes as hex. Raises InputError."""
    from offchain.terms import solidity_name  # noqa: PLC0415

    names = {solidity_name(name): name for name in JobTerms.__dataclass_fields__}
    if set(values) != set(names):
        raise InputError(
            f"the terms have other fields: look at {', '.join(sorted(set(values) ^ set(names)))}"
        )
    hashes = {"dataRoot", "instructionsHash"}
    fields = {names[key]: bytes32(value) if key in hashes else value for key, value in values.items()}
    return JobTerms(**{**fields, "word_classes": tuple(fields["word_classes"])})


def plain(value: Any) -> Any:
    """A value of the terms as JSON has it."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return list(value) if isinstance(value, tuple) else value


def source_root(values: Mapping[str, Any]) -> tuple[bytes, int]:
    """0G root and length of the source data, of a file or as they are told. Raises InputError."""
    if values["data"]:
        from scripts.storage import reporting  # noqa: PLC0415

        path = Path(values["data"])
        with reporting(path, False) as report:
            found = zerog_root(path, progress=report)
        return found.root, found.length
    if values["data_root"] is None or values["data_length"] is None:
        raise InputError("the terms name no source data: pass --data FILE (or data_root and data_length)")
    return bytes32(values["data_root"], "data_root"), whole(values, "data_length")


def instructions_digest(values: Mapping[str, Any]) -> bytes:
    """The hash of the instructions, of a file or as it is told. Raises InputError."""
    if values["instructions"]:
        return bytes(read_instructions(Path(values["instructions"])).hash)
    if values["instructions_hash"] is None:
        raise InputError("the terms name no instructions: pass --instructions FILE (or instructions_hash)")
    return bytes32(values["instructions_hash"], "instructions_hash")


def _disputes(values: Mapping[str, Any], coin: Any) -> dict[str, Any]:
    """Without an arbiter nothing can be rejected, and these terms do not exist."""
    if not values["arbiter"]:
        return {}
    return {
        "appeal_window": parse_seconds(values["appeal_window"]),
        "decision_window": parse_seconds(values["decision_window"]),
        "reject_fee_bps": parse_share(values["reject_fee"]),
        "arbiter": checksum_address(address_bytes(values["arbiter"])),
        "arbiter_fee": parse_amount(coin, values["arbiter_fee"]),
    }


def difficulty_of(value: Any, tasks: int) -> tuple[int, tuple[int, ...]]:
    """Multipliers and classes of the words, from a factor for each word. Raises InputError."""
    if value is None:
        return 0, ()
    words = -(-tasks // 256)
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or len(value) != words:
        raise InputError(
            f"difficulty is a list of one factor per word of 256 tasks: {words} for {tasks} tasks"
        )
    factors = [factor_bps(factor, "difficulty") for factor in value]
    return difficulty(factors)


def factor_bps(value: Any, name: str) -> int:
    """Basis points from a factor such as 3 or 1.5. Raises InputError."""
    return round(parse_number(value, f"{name} is a factor such as 3 or 1.5, not {value!r}") * BPS)


def whole(values: Mapping[str, Any], name: str) -> int:
    """A whole number of the terms. Raises InputError."""
    value = values[name]
    if isinstance(value, bool) or not str(value).isdigit():
        raise InputError(f"{name} is a whole number, not {value!r}")
    return int(value)


def terms_tuple(terms: JobTerms) -> tuple[Any, ...]:
    """Terms as the contracts take them: the fields in order, without creator and word classes."""
    values = terms.message()
    return tuple(value for name, value in values.items() if name not in {"creator", "wordClasses"})


def refuse_sink(system: System, account: str) -> None:
    """The fee recipient gains by others' forfeits, so it opens no jobs; said before anything is hashed."""
    if system.market.feeRecipient() == account:
        raise click.ClickException(
            f"{account} is the market's fee recipient, who cannot open jobs: use another --account"
        )
