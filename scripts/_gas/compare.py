"""What others cost for each thing that Winnow does, from the rows of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scripts._gas.ledger import BASELINE, Row, row_table

ANNOTATORS = 100  # of the larger job
TASKS = 256  # of each annotator


@dataclass(frozen=True)
class Comparison:
    """`ours` and `theirs` count units of rows, so that both sides stand for the same thing, `what`."""

    what: str
    ours: Mapping[str, int]
    theirs: Mapping[str, int]

    def rows(self) -> set[str]:
        """The names of all rows that it needs."""
        return {*self.ours, *self.theirs}


COMPARISONS = (
    Comparison("open a job", {"job.create": 1}, {"baseline.naive.job.create": 1}),
    Comparison(
        "a task of 256, from claim to pay, in batches",
        {"batch256.total_per_task": 1},
        {"baseline.naive.batch256.total_per_task": 1},
    ),
    Comparison(
        "the same, where every act on every task is a transaction",
        {"batch256.total_per_task": 1},
        {"baseline.naive.single16.total_per_task": 1},
    ),
    Comparison(
        "a task by itself, from claim to pay",
        {"batch1.total_per_task": 1},
        {"baseline.naive.batch1.total_per_task": 1},
    ),
    Comparison("open and fund a job", {"erc20.job.create": 1}, {"baseline.human.createFundAndSetup": 1}),
    Comparison(
        "pay an annotator who holds the token",
        {"erc20.approve.holder": 1},
        {"baseline.human.bulkPayOut100.holders": 1},
    ),
    Comparison(
        "pay an annotator who is new to the token",
        {"erc20.approve.new_holder": 1},
        {"baseline.human.bulkPayOut100": 1},
    ),
    Comparison(
        "a whole job of 1 annotator with 256 tasks, all that is on chain",
        {"erc20.job.create": 1, "erc20.batch256.total_per_task": TASKS},
        {
            "baseline.human.createFundAndSetup": 1,
            "baseline.human.storeResults": 1,
            "baseline.human.bulkPayOut1.holder": 1,
        },
    ),
    Comparison(
        "a whole job of 100 annotators with 256 tasks each, all that is on chain",
        {"erc20.job.create": 1, "erc20.batch256.total_per_task": ANNOTATORS * TASKS},
        {
            "baseline.human.createFundAndSetup": 1,
            "baseline.human.storeResults": 1,
            "baseline.human.bulkPayOut100.holders": ANNOTATORS,
        },
    ),
)

HEAD = """
## Compared

Measured in the same run, on the same chain. The ratio is the other's gas over Winnow's: above 1, Winnow is
cheaper. Each side is counted in units of its rows.

"""

TAIL = """
`baseline.naive` is [TaskEscrow](../tests/bench/contracts/TaskEscrow.sol), written for this table as projects
of this kind mostly do it, and compiled with the settings of Winnow's own contracts: one record of two slots a
task, which is claimed, judged and paid by itself, in the native coin. Work and approvals may be sent for many
tasks at once (`batch`), claims may not; in `single`, every act is one on one task. It keeps a hash of each
result on chain, where Winnow keeps one root a batch. It has no bonds, fees, appeals, signed acts or books for
royalties, and a recipient who refuses the coin stops the payment. Winnow's figures contain what of that the
job uses, which is why a job, and a single task, cost more there.

`baseline.human` is HUMAN's escrow, `@human-protocol/core` 6.0.0: the published bytecode with its own factory,
stake and key-value store, in the token of Winnow's `erc20` rows, without fees like Winnow's. It is a contract
per job (`createFundAndSetup` by the factory; `deploy`, `fund` and `setup` by hand), keeps one address and one
hash of results per job, and pays up to 100 payees in a call. Who works on what, the work and its review are
off chain: an oracle says who is paid how much. Winnow has claims, work and reviews on chain. So paying is
compared by itself (Winnow's transaction is the approval of 256 tasks, which also returns the bond; HUMAN's is
shared by 100 payees), and then whole jobs by all that each has on chain, where Winnow's does more.

"""

LEFT_OUT = "\nThis run left out what has no rows here: `make gas` measures it.\n"


def compared(rows: list[Row]) -> str:
    """The section of docs/gas.md: ratios of all comparisons whose rows are there, then the others' rows."""
    by_name = {row.name: row for row in rows}
    known = [item for item in COMPARISONS if by_name.keys() >= item.rows()]
    lines = ["| what | Winnow | other | ratio |", "|---|---:|---:|---:|"]
    lines += [_line(item, by_name) for item in known]
    table = "\n".join(lines) + "\n"
    others = [row for row in rows if row.name.startswith(BASELINE)]
    return HEAD + table + ("" if len(known) == len(COMPARISONS) else LEFT_OUT) + TAIL + row_table(others)


def unmeasured(rows: list[Row]) -> list[str]:
    """A sentence for each row that a comparison needs and the run did not bring."""
    missing = set().union(*(item.rows() for item in COMPARISONS)) - {row.name for row in rows}
    return [f"{name} was not measured" for name in sorted(missing)]


def _line(item: Comparison, rows: Mapping[str, Row]) -> str:
    ours, theirs = (_gas(side, rows) for side in (item.ours, item.theirs))
    sides = f"{ours:,.0f}: {_formula(item.ours)} | {theirs:,.0f}: {_formula(item.theirs)}"
    return f"| {item.what} | {sides} | {theirs / ours:,.2f} |"


def _gas(side: Mapping[str, int], rows: Mapping[str, Row]) -> float:
    """Not by `per_unit`, which is rounded."""
    return sum(rows[name].gas * count / rows[name].units for name, count in side.items())


def _formula(side: Mapping[str, int]) -> str:
    return " + ".join(
        f"{count:,} times `{name}`" if count > 1 else f"`{name}`" for name, count in side.items()
    )
