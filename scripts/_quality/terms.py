"""The terms of a consensus job from a file or from options, its gold, and the draft that fixes both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

from offchain.consensus import (
    WINDOWS,
    ConsensusTerms,
    GoldTree,
    GoldWord,
    PanelKind,
    account_panel,
    encode_labels,
)
from offchain.exceptions import InputError
from offchain.hashing import address_bytes, bytes32, checksum_address, keccak256
from offchain.indexer._consensus import consensus_terms_of
from offchain.reference.consensus.terms import MAX_WINDOW, least_stake
from offchain.reference.terms import DAY, MINUTE
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, solidity_name
from scripts._chain.amounts import (
    coin_of,
    parse_amount,
    parse_moment,
    parse_seconds,
    parse_share,
    token_address,
)
from scripts._chain.system import System, code_at
from scripts._chain.tasks import show_mask
from scripts._chain.terms import (
    count_tasks,
    difficulty_of,
    factor_bps,
    instructions_digest,
    plain,
    read_instructions,
    read_list,
    source_root,
    whole,
)
from scripts._quality.answers import read_answers
from scripts._quality.common import by_word, mask_of_bits, sizes_of

#: What a terms file may say, with what counts where it does not.
DEFAULTS: dict[str, Any] = {
    "token": "native",
    "pay": None,
    "tasks": None,
    "redundancy": 3,
    "classes": None,
    "min_seat": 256,
    "accept": "50%",
    "noise": 0,
    "gold": None,
    "gold_share": None,
    "audit": 0,
    "max_audit": None,
    "slope": 3,
    "stake": None,
    "max_stake": 1,
    "seats": "2d",
    "reveal": "1d",
    "open_gold": "1d",
    "challenge": "1d",
    "decide": "2d",
    "score": "1d",
    "settle": "2d",
    "rule": "majority",
    "hook": None,
    "expert": None,
    "experts": None,
    "expert_fee": 0,
    "expert_budget": 0,
    "challenge_bond": 0,
    "domain": None,
    "parent": 0,
    "data": None,
    "data_root": None,
    "data_length": None,
    "instructions": None,
    "instructions_hash": None,
    "difficulty": None,
}
PATHS = ("data", "instructions", "gold", "experts")
PHASES = dict(zip(WINDOWS, ("reveal", "open_gold", "challenge", "decide", "score", "settle"), strict=True))
RULES = {"majority": "MajorityRule", "weighted": "WeightedRule", "expert": "ExpertRule"}
BPS = 10_000


def resolve(
    said: Mapping[str, Any], system: System, market: Any, tasks_of: Callable[[ConsensusTerms], Sequence[int]]
) -> tuple[ConsensusTerms, GoldTree]:
    """The terms in base units and seconds, and the gold that they promise, with new salts. `tasks_of` says
    which tasks of each word a job with these terms labels.

    Raises InputError for what is missing or impossible; what the contract bounds, the contract says.
    """
    values = {**DEFAULTS, **said}
    token = token_address(values["token"])
    coin = coin_of(system, token)
    if values["pay"] is None:
        raise InputError("the terms say no pay: pass --pay, such as 0.01 (per label)")
    tasks = whole(values, "tasks") if values["tasks"] is not None else count_tasks(values)
    names, classes = classes_of(values)
    root, length = source_root(values)
    multipliers, word_classes = difficulty_of(values["difficulty"], tasks)
    panel = _panel(values, system, coin)
    audit = parse_share(values["audit"])
    common: dict[str, Any] = {
        "token": token,
        "pay": parse_amount(coin, values["pay"]),
        "task_count": tasks,
        "classes": classes,
        "accept_bps": parse_share(values["accept"]),
        "noise_bps": parse_share(values["noise"]),
        "audit_bps": audit,
        "max_audit_bps": audit if values["max_audit"] is None else parse_share(values["max_audit"]),
        "slope_bps": factor_bps(values["slope"], "slope"),
        "max_stake_bps": factor_bps(values["max_stake"], "max_stake"),
        "fee_bps": int(market.feeBps()),
        "seats_until": parse_moment(values["seats"], system.now),
        "windows": _windows(values, panel["panel_kind"]),
        "rule": _rule(values["rule"], system),
        "hook": _address(values["hook"]) if values["hook"] else ZERO_ADDRESS,
        "domain": _domain(values["domain"]),
        "data_root": root,
        "data_length": length,
        "instructions_hash": instructions_digest(values),
        "multipliers": multipliers,
        "word_classes": word_classes,
        **{name: whole(values, name) for name in ("redundancy", "min_seat", "parent")},
        **panel,
    }
    terms = ConsensusTerms(**common, stake=0)
    gold, share = gold_of(values, names, terms, tasks_of(terms))
    stake = _stake(values, system, terms)
    return replace(terms, stake=stake, gold_bps=share, gold_root=gold.root), gold


def classes_of(values: Mapping[str, Any]) -> tuple[Sequence[str], int]:
    """The names of the classes, where instructions say them, and their number. Raises InputError."""
    if values["instructions"]:
        names = tuple(read_instructions(Path(values["instructions"])).labels)
        if values["classes"] is not None and whole(values, "classes") != len(names):
            raise InputError(f"the instructions have {len(names)} labels, not {values['classes']} classes")
        return names, len(names)
    if values["classes"] is None:
        raise InputError("the terms say no number of classes: pass --classes, or --instructions FILE")
    return (), whole(values, "classes")


def gold_of(
    values: Mapping[str, Any], names: Sequence[str], terms: ConsensusTerms, masks: Sequence[int]
) -> tuple[GoldTree, int]:
    """The gold of a file with a new salt for each word, and the share of it in basis points that every word
    has at least, or that the terms promise. Raises InputError that names the word which has less.
    """
    classes, tasks = terms.classes, terms.task_count
    answers = read_answers(Path(values["gold"]), names, classes, tasks) if values["gold"] else {}
    if unknown := [task for task, answer in answers.items() if answer is None]:
        raise InputError(f"{values['gold']}: task {unknown[0]} has no label: gold is what you know")
    found, words = by_word(answers), {}
    for word, size in enumerate(sizes_of(tasks)):
        bits = found.get(word, {})
        mask = mask_of_bits(bits)
        if outside := mask & ~masks[word]:
            raise InputError(f"the job does not label the tasks {show_mask(word, outside)}, which are gold")
        words[word] = GoldWord(mask, encode_labels(bits, size, classes), token_bytes(32))
    counts = [(gold.mask.bit_count(), masks[word].bit_count()) for word, gold in words.items()]
    least = min((known * BPS // size for known, size in counts if size), default=0)
    share = least if values["gold_share"] is None else parse_share(values["gold_share"])
    for word, (known, size) in enumerate(counts):
        if known < size * share // BPS:
            raise InputError(
                f"word {word} has {known} gold tasks of {size}, the terms promise {size * share // BPS}: add "
                "some to the gold file, or promise less with --gold-share"
            )
    if not share and not terms.audit_bps:
        bare = next((word for word, (known, size) in enumerate(counts) if size and not known), 0)
        raise InputError(
            f"word {bare} has no gold, so nothing measures the annotators: name known tasks in every word "
            f"of 256 with --gold FILE (at least 1 of 10,000), or audit with --audit and an expert"
        )
    return GoldTree(words), share


def terms_document(terms: ConsensusTerms) -> dict[str, Any]:
    """Terms as JSON by their Solidity names."""
    values = {name: plain(value) for name, value in terms.struct().items()}
    return {"terms": values, "wordClasses": list(terms.word_classes)}


def terms_from(value: Mapping[str, Any]) -> ConsensusTerms:
    """Terms from such a document."""
    hashes = {
        solidity_name(name)
        for name, field in ConsensusTerms.__dataclass_fields__.items()
        if field.default == ZERO_HASH
    }
    terms = {name: bytes32(part) if name in hashes else part for name, part in value["terms"].items()}
    return consensus_terms_of({"terms": terms, "wordClasses": value["wordClasses"]})


def _stake(values: Mapping[str, Any], system: System, terms: ConsensusTerms) -> int:
    """In the stake token's base units; where pay and stake are one token, the least that makes noise lose."""
    token = str(system.contract("Staking").stakeToken())
    if values["stake"] is not None:
        return parse_amount(coin_of(system, token), values["stake"])
    if token != terms.token:
        raise InputError(
            f"the terms say no stake: pass --stake, per label, in {coin_of(system, token).symbol}"
        )
    return least_stake(terms, token)


def _panel(values: Mapping[str, Any], system: System, coin: Any) -> dict[str, Any]:
    """Experts: an account or a contract by its address, or those of a file with one address a line."""
    if values["expert"] and values["experts"]:
        raise InputError("say either --expert ADDRESS or --experts FILE")
    money = {
        name: parse_amount(coin, values[name]) for name in ("expert_fee", "expert_budget", "challenge_bond")
    }
    if values["experts"]:
        return {"panel_kind": PanelKind.LIST, "panel": read_list(Path(values["experts"])).root, **money}
    if values["expert"]:
        address = _address(values["expert"])
        kind = PanelKind.CONTRACT if code_at(system.provider, address) else PanelKind.ACCOUNT
        return {"panel_kind": kind, "panel": account_panel(address), **money}
    if any(money.values()):
        raise InputError("the terms name money for experts, but nobody is one: pass --expert or --experts")
    return {"panel_kind": PanelKind.NONE, "panel": ZERO_HASH, **money}


def _windows(values: Mapping[str, Any], kind: PanelKind) -> tuple[int, ...]:
    """Lengths of the phases; without a panel nobody challenges or decides. The contract calls all of them
    `windows`, so which is too short or too long is said here.
    """
    silent = {"challenge", "expert"} if kind == PanelKind.NONE else set()
    lengths = []
    for name, said in PHASES.items():
        length = 0 if name in silent else parse_seconds(values[said])
        if name not in silent and not MINUTE <= length <= MAX_WINDOW:
            raise InputError(f"{said}: {values[said]} is not between 1m and {MAX_WINDOW // DAY}d")
        lengths.append(length)
    return tuple(lengths)


def _rule(value: str, system: System) -> str:
    return str(system.entry(RULES[value])["address"]) if value in RULES else _address(value)


def _address(value: Any) -> str:
    return checksum_address(address_bytes(value))


def _domain(value: Any) -> bytes:
    """What reputation is kept of: 32 bytes, or a name, of which the hash counts."""
    if not value:
        return ZERO_HASH
    text = str(value)
    return bytes32(text, "domain") if text.startswith("0x") else keccak256(text.encode())
