"""What acts may cost at most holds in every test run, not only when somebody runs `make gas`."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts._gas.bench import Bench
from scripts._gas.consensus import ALL, ConsensusBench
from scripts._gas.ledger import LIMITS, Row, markdown, over_limit, write_rows
from scripts._gas.worst import WorstWords


@pytest.fixture(scope="module")
def rows(project: Any, accounts: Any, chain: Any) -> list[Row]:
    bench = Bench(project, accounts, chain)
    bench.jobs()
    bench.batches()
    bench.worst_cases()
    consensus = ConsensusBench(bench)
    consensus.round("k5x256", consensus.crowd(5), [ALL] * 5, classes=2)
    for _ in WorstWords(consensus).measure():
        pass
    return bench.rows


def test_costs__every_measured_act__is_within_its_limit(rows: list[Row]) -> None:
    """T11: calls with every array at its cap, and the budgets of a job and of batches of 1 and 256."""
    measured = {row.name for row in rows}
    assert measured >= set(LIMITS) - {"worst.job.create.4096_words"}
    assert over_limit(rows) == []


def test_costs__a_batch__is_the_sum_of_its_acts(rows: list[Row]) -> None:
    by_name = {row.name: row for row in rows}
    acts = [by_name[f"batch256.{act}"] for act in ("claim", "submit", "approve")]
    assert by_name["batch256.total_per_task"].gas == sum(act.gas for act in acts)
    assert by_name["batch256.total_per_task"].tx == [act.tx[0] for act in acts]


def test_over_limit__one_gas_more__is_named() -> None:
    limit = LIMITS["job.create"]
    within, above = Row("job.create", limit, 1, limit, []), Row("job.create", limit + 1, 1, limit + 1, [])
    assert over_limit([within]) == []
    assert over_limit([above]) == ["job.create costs 200,001 gas per unit, more than 200,000"]


def test_write_rows__rows__can_be_read_back(tmp_path: Path) -> None:
    row = Row("job.create", 7, 2, 3.5, ["0xab"])
    write_rows([row], tmp_path / "new" / "gas.json")
    assert json.loads((tmp_path / "new" / "gas.json").read_text()) == [vars(row)]
    assert "| `job.create` | 7 | 2 | 4 | 200,000 |" in markdown([row])
