"""The sections of the report page about money: payments, data sets, gas, books, and how the run was made."""

from __future__ import annotations

from scripts._demo.figures import Money, code, short, size
from scripts._demo.flowchart import flowchart
from scripts._demo.ledger import NATIVE
from scripts._demo.markup import Content, Markup, join, table, tag
from scripts._demo.schema import BookRow, Check, Dataset, Purchase, Summary
from scripts._demo.summary import BOOK_AMOUNTS
from scripts._demo.words import badge


def payments(summary: Summary, money: Money) -> Markup | None:
    """Every payment for work."""
    rows = [
        [
            tag("strong", p["actor"]),
            f"{p['job']}",
            p["why"],
            f"{p['tasks']:,}",
            money.html(p["amount"], p["token"]),
            code(p["tx"]),
        ]
        for p in summary["payments"]
    ]
    return (
        table(["Paid", "Job", "For", "Tasks", "Amount", "Transaction"], rows, numbers=(3, 4))
        if rows
        else None
    )


def datasets(summary: Summary, money: Money) -> Markup | None:
    """Each data set with its files and roots, its purchases and royalties, and the checks of what was
    downloaded.
    """
    return join([_dataset(d, money) for d in summary["datasets"]]) if summary["datasets"] else None


def _dataset(dataset: Dataset, money: Money) -> Markup:
    about: list[tuple[str, Content]] = [
        ("From", f"job {dataset['job']}, version {dataset['version']}"),
        ("Publisher", dataset["publisher"]),
        ("Format", dataset["format"]),
        ("Licence", [dataset["licence"], " ", code(dataset["licence_hash"])]),
        ("Price", money.html(dataset["price"], dataset["token"])),
        ("Registry id", code(dataset["id"])),
        ("Published in", code(dataset["tx"])),
    ]
    files = [
        [
            tag("strong", f["part"]),
            size(f["bytes"]),
            tag("code", f["root"]),
            tag("code", _short_cid(f["cid"]), title=f["cid"]),
        ]
        for f in dataset["files"]
    ]
    bought = [_purchase(purchase, dataset["token"], money) for purchase in dataset["purchases"]]
    checks = [_check(check) for check in dataset["checks"]]
    return tag(
        "article",
        tag("h3", dataset["title"]),
        tag("dl", [tag("div", tag("dt", k), tag("dd", v)) for k, v in about], class_="terms"),
        table(["File", "Size", "0G Storage root", "IPFS CID"], files, numbers=(1,), kind="hashes"),
        bought,
        table(["Check", "Of what", "Found"], checks) if checks else None,
        class_="dataset",
    )


def _check(check: Check) -> list[Content]:
    if check["ok"]:
        return [badge("approved", "agrees"), check["what"], code(check["actual"])]
    found = [code(check["actual"]), " where it must be ", code(check["expected"])]
    return [badge("rejected", "differs"), check["what"], found]


def _purchase(purchase: Purchase, token: str, money: Money) -> Markup:
    rows: list[list[Content]] = [["publisher", "", money.html(purchase["publisher"], token)]]
    rows += [[r["actor"], f"{r['tasks']:,}", money.html(r["amount"], token)] for r in purchase["royalties"]]
    if int(purchase["fee"]):
        rows.append(["protocol fee", "", money.html(purchase["fee"], token)])
    title = [
        tag("strong", purchase["buyer"]),
        " paid ",
        money.html(purchase["price"], token),
        f" for licence {purchase['licence_id']} ",
        code(purchase["tx"]),
    ]
    shares = table(
        ["Shared among", "Approved tasks", "Amount"], rows, numbers=(1, 2), limit=20, kind="narrow"
    )
    return join([tag("p", title, class_="purchase"), shares])


def gas(summary: Summary) -> Markup | None:
    """What each act cost, as a whole and for each task."""
    rows = [
        [
            tag("code", g["name"]),
            f"{g['gas']:,}",
            f"{g['units']:,}",
            f"{g['per_unit']:,.1f}",
            [code(tx) for tx in g["tx"][:1]],
        ]
        for g in summary["gas"]
    ]
    head_cells = ["Act", "Gas", "Units", "Gas per unit", "Transaction"]
    return table(head_cells, rows, numbers=(1, 2, 3)) if rows else None


def books(summary: Summary, money: Money) -> Markup:
    """The picture of the money, what every address had and has, and what contracts owe."""
    known = {actor["address"].lower(): actor["name"] for actor in summary["actors"]}
    known |= {contract["address"].lower(): contract["name"] for contract in summary["run"]["contracts"]}
    known[NATIVE] = "burnt"
    contracts = frozenset(contract["address"].lower() for contract in summary["run"]["contracts"])
    charts = []
    for token in summary["tokens"]:
        address = token["address"].lower()
        mine = [flow for flow in summary["flows"] if flow["token"].lower() == address]
        chart = flowchart(
            mine,
            contracts,
            lambda who: known.get(who.lower(), short(who)),
            lambda amount, address=address: money.text(str(amount), address),  # type: ignore[misc]
        )
        if chart:
            charts.append(join([tag("h3", f"Where the {token['symbol']} went"), chart]))
    note = (
        "Computed from receipts and opening balances alone: expected = opening + in - out - gas. "
        "The balances read at the end only confirm it."
    )
    rows = join([charts, tag("h3", "Every balance"), tag("p", note), _book_tables(summary, money)])
    return join([rows, tag("h3", "What contracts owe and hold"), _backing_table(summary, money)])


def _book_tables(summary: Summary, money: Money) -> Markup:
    tables = []
    for token in summary["tokens"]:
        address = token["address"]
        mine = _in_order(
            [r for r in summary["reconciliation"]["rows"] if _same(r["token"], address)], summary
        )
        if not mine:
            continue
        rows = [[tag("span", r["name"], title=r["address"]), *_amounts(r, money)] for r in mine]
        sums = {field: str(sum(int(str(dict(r)[field])) for r in mine)) for field in BOOK_AMOUNTS}
        rows.append([tag("strong", "All together"), *(money.exact(sums[f], address) for f in BOOK_AMOUNTS)])
        names = [token["symbol"], "Opening", "In", "Out", "Gas", "Expected", "Actual", "Off"]
        tables.append(table(names, rows, numbers=range(1, 8), kind="books sums", limit=300))
    return join(tables)


def _amounts(row: BookRow, money: Money) -> list[Markup]:
    cells = [money.exact(str(dict(row)[field]), row["token"]) for field in BOOK_AMOUNTS]
    if int(row["difference"]):
        cells[-1] = tag("strong", cells[-1], class_="off")
    return cells


def _in_order(rows: list[BookRow], summary: Summary) -> list[BookRow]:
    """Actors in the order of their introduction, then contracts, then everybody else."""
    known = [entry["address"].lower() for entry in (*summary["actors"], *summary["run"]["contracts"])]
    place = {address: index for index, address in enumerate(known)}
    return sorted(rows, key=lambda row: place.get(row["address"].lower(), len(known)))


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _backing_table(summary: Summary, money: Money) -> Markup:
    rows = [
        [
            b["name"],
            *(money.html(str(dict(b)[f]), b["token"]) for f in ("liabilities", "balance", "difference")),
        ]
        for b in sorted(summary["reconciliation"]["backings"], key=lambda b: b["name"])
    ]
    return table(["Contract", "Owes", "Holds", "Surplus"], rows, numbers=(1, 2, 3))


def run(summary: Summary) -> Markup:
    """How to get this page again."""
    facts = summary["run"]
    rows: list[tuple[str, Content]] = [
        ("Command", tag("code", facts["command"])),
        ("Network", f"{facts['network']}, chain id {facts['chain_id']}"),
        ("Commit", tag("code", facts["commit"])),
        ("Seed", str(facts["seed"])),
        ("Started", facts["started"]),
        ("Took", f"{facts['duration_s']:.1f} s"),
        *((name, version) for name, version in facts["versions"].items()),
    ]
    return tag("dl", [tag("div", tag("dt", k), tag("dd", v)) for k, v in rows], class_="terms")


def _short_cid(cid: str) -> str:
    return cid if len(cid) <= 20 else f"{cid[:10]}…{cid[-6:]}"
