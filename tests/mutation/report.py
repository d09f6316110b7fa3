"""What a campaign comes to: out/mutants.json, and whether it is good enough."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.mutation.journal import ENGINE, TIMEOUT, UNIT, Verdict
from tests.mutation.sampling import capability_of
from tests.mutation.sites import Site

LEAST_SHARE = 0.97
LEAST_WORDS = 20  # letters of a reason


class KeptError(Exception):
    """The list of reviewed survivors is malformed; the message names the entry."""


Key = tuple[str, str]  # file and mutation


def load_kept(path: Path) -> dict[Key, str]:
    """The reasons why reviewed survivors are no bugs. Raises KeptError."""
    kept: dict[Key, str] = {}
    for entry in json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []:
        if not isinstance(entry, dict) or set(entry) != {"file", "mutation", "why"}:
            raise KeptError(f"{path.name}: an entry has exactly file, mutation and why, not {entry}")
        key = (entry["file"], entry["mutation"])
        if key in kept or len(entry["why"]) < LEAST_WORDS:
            raise KeptError(f"{path.name}: {key} is there twice, or its why says too little")
        kept[key] = entry["why"]
    return kept


def summarise(
    sites: Sequence[Site],
    verdicts: Mapping[str, Verdict],
    kept: Mapping[Key, str],
    *,
    seed: int,
    seconds: float,
) -> dict[str, Any]:
    """The report on the mutants that were judged and compile. `verdicts` are by id."""
    judged = [
        (site, verdicts[site.id]) for site in sites if site.id in verdicts and verdicts[site.id].compiles
    ]
    killed = [pair for pair in judged if pair[1].killer]
    killers = Counter(verdict.killer for _, verdict in killed)
    survivors = [_survivor(site, verdict, kept) for site, verdict in judged if not verdict.killer]
    return {
        "seed": seed,
        "total": len(judged),
        "killed": len(killed),
        "share": round(len(killed) / len(judged), 4) if judged else 0.0,
        "seconds": round(seconds, 1),
        "killers": {name: killers[name] for name in (ENGINE, UNIT, TIMEOUT)},
        "by_capability": _table((capability_of(site.file), verdict) for site, verdict in judged),
        "by_file": _table((site.file, verdict) for site, verdict in judged),
        "by_operator": _table((site.operator, verdict) for site, verdict in judged),
        "sites": dict(Counter(site.file for site in sites)),
        "survivors": survivors,
    }


def complaints(
    report: Mapping[str, Any], sites: Sequence[Site], verdicts: Mapping[str, Verdict], kept: Mapping[Key, str]
) -> list[str]:
    """Everything that makes a campaign fail, in words."""
    found = [
        f"survived: {item['file']}:{item['line']} [{item['operator']}] {item['mutation']}"
        for item in report["survivors"]
        if not item["why_kept"]
    ]
    for name, row in report["by_capability"].items():
        if row["killed"] < LEAST_SHARE * row["total"]:
            share = row["killed"] / row["total"]
            found.append(f"{name}: {share:.1%} killed, at least {LEAST_SHARE:.0%} are wanted")
    return found + idle(sites, verdicts, kept)


def idle(sites: Iterable[Site], verdicts: Mapping[str, Verdict], kept: Mapping[Key, str]) -> list[str]:
    """Entries of the list that name no mutant, or one that is killed."""
    by_key: dict[Key, list[Site]] = {}
    for site in sites:
        by_key.setdefault((site.file, site.mutation), []).append(site)
    found = []
    for file, mutation in kept:
        same = by_key.get((file, mutation), [])
        if not same:
            found.append(f"kept, but there is no such mutant: {file} {mutation}")
        elif all(site.id in verdicts and verdicts[site.id].killer for site in same):
            found.append(f"kept, but killed: {file} {mutation}")
    return found


def _survivor(site: Site, verdict: Verdict, kept: Mapping[Key, str]) -> dict[str, Any]:
    return {
        "file": site.file,
        "line": site.line,
        "mutation": site.mutation,
        "operator": site.operator,
        "id": site.id,
        "why_kept": kept.get((site.file, site.mutation), verdict.why),
    }


def _table(named: Iterable[tuple[str, Verdict]]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for name, verdict in named:
        row = table.setdefault(name, {"total": 0, "killed": 0})
        row["total"] += 1
        row["killed"] += bool(verdict.killer)
    return dict(sorted(table.items()))
