"""Rows of the gas table, and the files they are written to."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: What a row may cost per unit at most; the bench fails above it.
LIMITS = {
    "job.create": 200_000,
    "batch256.total_per_task": 1_000,
    "batch1.total_per_task": 225_000,
    "consensus.k5x256.per_label": 1_200,
    "worst.claim.16_expired": 15_000_000,
    "worst.consensus.score.56x4": 15_000_000,
    "worst.consensus.settle.56x4": 15_000_000,
    "worst.consensus.score.28x8": 15_000_000,
    "worst.consensus.settle.28x8": 15_000_000,
    "worst.consensus.score.64x3": 15_000_000,
    "worst.consensus.settle.64x3": 15_000_000,
    "worst.consensus.expire.64": 15_000_000,
    "worst.consensus.slashSilent.64": 15_000_000,
    "worst.consensus.decide.64": 15_000_000,
    "worst.releaseExpired.64": 15_000_000,
    "worst.job.create.4096_words": 15_000_000,
}

#: How the rows of other systems begin.
BASELINE = "baseline."


@dataclass(frozen=True)
class Row:
    """`gas` of all transactions in `tx` (hashes) together, for `units` tasks, jobs or licences."""

    name: str
    gas: int
    units: int
    per_unit: float
    tx: list[str]


def row(name: str, receipts: list[Any], units: int = 1) -> Row:
    """The row of some receipts."""
    gas = sum(receipt.gas_used for receipt in receipts)
    return Row(name, gas, units, round(gas / units, 2), [str(receipt.txn_hash) for receipt in receipts])


def over_limit(rows: list[Row]) -> list[str]:
    """A sentence for each row that costs more than it may."""
    return [
        f"{row.name} costs {row.per_unit:,} gas per unit, more than {LIMITS[row.name]:,}"
        for row in rows
        if row.per_unit > LIMITS.get(row.name, row.per_unit)
    ]


def write_state(answer: str, path: Path) -> None:
    """What `anvil --load-state` reads, so that anyone can ask for receipts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Anvil answers with the gzipped file in hexadecimal.
    path.write_bytes(gzip.decompress(bytes.fromhex(answer.removeprefix("0x"))))


def write_rows(rows: list[Row], path: Path) -> None:
    """The rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


HEAD = """# Gas

Whole-transaction gas of real transactions, calldata included, as `make gas` measures it on a fresh local
Anvil (Cancun). Job terms set every field but the hook: arbiter, bond, cap, deadline, both hashes, length,
royalty share. Batches are an annotator's first one in a fresh job, in the native coin unless the row says
otherwise, paid to an account that has a balance. The bench fails where an act costs more than it may.
`out/gas.json` has the transaction hashes, and `anvil --load-state out/gas.state` answers for their receipts.

"""


def markdown(rows: list[Row]) -> str:
    """docs/gas.md, as far as it is about Winnow."""
    return HEAD + row_table([row for row in rows if not row.name.startswith(BASELINE)])


def row_table(rows: list[Row]) -> str:
    """Rows as a table."""
    lines = ["| what | gas | units | gas per unit | at most |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        limit = f"{LIMITS[row.name]:,}" if row.name in LIMITS else ""
        lines.append(f"| `{row.name}` | {row.gas:,} | {row.units:,} | {row.per_unit:,.0f} | {limit} |")
    return "\n".join(lines) + "\n"
