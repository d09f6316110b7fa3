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
    "worst.claim.16_expired": 15_000_000,
    "worst.releaseExpired.64": 15_000_000,
    "worst.job.create.4096_words": 15_000_000,
}


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


def write(rows: list[Row], state: str, folder: Path) -> None:
    """gas.json, and gas.state: what `anvil --load-state` reads, so that anyone can ask for the receipts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gas.json").write_text(
        json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8"
    )
    # Anvil answers with the gzipped file in hexadecimal.
    (folder / "gas.state").write_bytes(gzip.decompress(bytes.fromhex(state.removeprefix("0x"))))


def markdown(rows: list[Row]) -> str:
    """The table for docs/gas.md."""
    lines = ["| what | gas | units | gas per unit | at most |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        limit = f"{LIMITS[row.name]:,}" if row.name in LIMITS else ""
        lines.append(f"| `{row.name}` | {row.gas:,} | {row.units:,} | {row.per_unit:,.0f} | {limit} |")
    return "\n".join(lines) + "\n"
