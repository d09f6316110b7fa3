"""What docs/gas.md says of others follows from its own rows."""

import re
from pathlib import Path

import pytest

from scripts._gas.compare import COMPARISONS, LEFT_OUT, Comparison, compared, unmeasured
from scripts._gas.ledger import BASELINE, LIMITS, Row, markdown

PAGE = Path(__file__).parents[2] / "docs" / "gas.md"
ROW = re.compile(r"^\| `(\S+)` \| ([\d,]+) \| ([\d,]+) \| [\d,]+ \|", re.MULTILINE)


def rows_of(page: str) -> list[Row]:
    """The rows that a page shows; their transactions are not shown."""
    found = (
        (name, *(int(part.replace(",", "")) for part in figures)) for name, *figures in ROW.findall(page)
    )
    return [Row(name, gas, units, round(gas / units, 2), []) for name, gas, units in found]


def costs(**gas: int) -> list[Row]:
    """Every row that a comparison needs: 100 gas for 10 units, or as told (with `__` for a dot)."""
    told = {name.replace("__", "."): amount for name, amount in gas.items()}
    names = sorted(set().union(*(item.rows() for item in COMPARISONS)))
    return [Row(name, told.get(name, 100), 10, 0.0, []) for name in names]


def line(text: str, what: str) -> str:
    return next(entry for entry in text.splitlines() if entry.startswith(f"| {what} |"))


def test_page__in_the_repository__is_what_its_rows_give() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = rows_of(page)
    assert {row.name for row in rows} >= set(LIMITS)
    assert unmeasured(rows) == []
    assert page == markdown(rows) + compared(rows)


def test_compared__ratio__is_theirs_over_ours_and_not_of_rounded_figures() -> None:
    text = compared(costs(job__create=400, baseline__naive__job__create=103))
    assert line(text, "open a job") == (
        "| open a job | 40: `job.create` | 10: `baseline.naive.job.create` | 0.26 |"
    )


def test_compared__sums__count_the_units_of_each_row() -> None:
    text = compared(costs(erc20__job__create=2_000, baseline__human__storeResults=990))
    whole = line(text, "a whole job of 100 annotators with 256 tasks each, all that is on chain")
    assert "256,200: `erc20.job.create` + 25,600 times `erc20.batch256.total_per_task`" in whole
    assert "1,109: `baseline.human.createFundAndSetup` + `baseline.human.storeResults` + 100 times" in whole
    assert whole.endswith("| 0.00 |")


def test_compared__rows_left_out__are_named_and_the_rest_is_compared() -> None:
    full = costs()
    without = [row for row in full if not row.name.startswith("baseline.human.")]
    assert LEFT_OUT not in compared(full)
    assert LEFT_OUT in compared(without)
    lines = [entry for entry in compared(without).splitlines() if "`baseline.naive." in entry]
    assert len(lines) == 4 + 4  # comparisons, then rows
    assert "baseline.human.storeResults was not measured" in unmeasured(without)
    assert len(unmeasured(without)) == 5


def test_markdown__others__are_not_among_winnows_rows() -> None:
    assert BASELINE not in markdown(costs())


@pytest.mark.parametrize("item", COMPARISONS, ids=lambda item: item.what)
def test_comparisons__sides__are_winnow_and_one_other(item: Comparison) -> None:
    assert not any(name.startswith(BASELINE) for name in item.ours)
    systems = {".".join(name.split(".")[:2]) for name in item.theirs}
    assert systems in ({"baseline.naive"}, {"baseline.human"})
