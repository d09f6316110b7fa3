"""Data sets by commands alone: exported from a job, published, bought, checked, royalties handed out."""

import json
from pathlib import Path

import pytest

from tests.scripts.conftest import terms, write_results

CREATOR, WORKER, OTHER, BUYER = 1, 2, 3, 4


@pytest.fixture
def closed_job(deployed, content, tmp_path):
    """Job 1: six tasks by the worker, four by the other, all approved; a fifth of every sale is theirs."""
    run = deployed
    run("job", "create", *terms(content, royalty="20%"))
    for worker, tasks, label in ((WORKER, range(6), "answer"), (OTHER, range(6, 10), "question")):
        run("job", "claim", 1, "--tasks", f"{tasks[0]}-{tasks[-1]}", by=worker)
        results = write_results(tmp_path / "r.jsonl", dict.fromkeys(tasks, label))
        run("job", "submit", 1, "--results", results, by=worker)
        run("job", "approve", (1 << 24) + (worker == OTHER))
    return run


@pytest.fixture
def licence(tmp_path) -> Path:
    path = tmp_path / "licence.txt"
    path.write_text("Do no harm.")
    return path


@pytest.fixture
def published(closed_job, licence, tmp_path):
    """The data set of job 1 and its number."""
    run, folder = closed_job, tmp_path / "set"
    run("dataset", "export", 1, "--out", folder)
    made = run("dataset", "publish", folder, "--job", 1, "--price", "0.5", "--licence", licence)
    return run, made["dataset"], folder


def test_export__same_files_twice__and_a_changed_one_is_not_overwritten(closed_job, tmp_path) -> None:
    run, folder = closed_job, tmp_path / "set"
    first = run("dataset", "export", 1, "--out", folder)
    assert first == run("dataset", "export", 1, "--out", folder)
    rows = [json.loads(line) for line in (folder / "chat.jsonl").read_text().splitlines()]
    assert (first["results"], len(rows)) == (10, 10)
    (folder / "chat.jsonl").write_text("mine\n")
    assert "chat.jsonl" in run.refused("dataset", "export", 1, "--out", folder)


def test_publish_and_buy__by_price_and_licence_that_are_named(published, licence, accounts, tmp_path) -> None:
    run, dataset, folder = published
    twice = run.nothing_sent("dataset", "publish", folder, "--job", 1, "--price", "0.5", "--licence", licence)
    assert twice["note"] == "published already"
    shown = run.refused("dataset", "purchase", dataset, by=BUYER)
    assert "0.5 ETH" in shown
    assert "--licence-hash 0x" in shown
    cheap = ("--max-price", "0.4", "--licence", licence)
    assert "PriceAboveMax" in run.refused("dataset", "purchase", dataset, *cheap, by=BUYER)
    other = tmp_path / "other.txt"
    other.write_text("Do as you like.")
    wrong = ("--max-price", "0.5", "--licence", other)
    assert "LicenceChanged" in run.refused("dataset", "purchase", dataset, *wrong, by=BUYER)
    before = accounts[CREATOR].balance
    right = ("--max-price", "0.5", "--licence", licence, "--out", tmp_path / "bought")
    bought = run("dataset", "purchase", dataset, *right, by=BUYER)
    assert (bought["licence"], bought["price"], bought["of_that_to_annotators"]) == (1, "0.5 ETH", "0.1 ETH")
    assert Path(bought["file"]).read_bytes() == (folder / "chat.jsonl").read_bytes()
    assert accounts[CREATOR].balance - before == 4 * 10**17
    assert "held already" in run.nothing_sent("dataset", "purchase", dataset, *right, by=BUYER)["note"]


def test_royalty__is_shared_by_approved_tasks__once(published, licence, accounts) -> None:
    run, dataset, _ = published
    run("dataset", "purchase", dataset, "--max-price", "0.5", "--licence", licence, by=BUYER)
    due = {row["annotator"]: row["due"] for row in run("dataset", "royalty", dataset)}
    assert due == {accounts[WORKER].address: "0.06 ETH", accounts[OTHER].address: "0.04 ETH"}
    before = accounts[WORKER].balance
    run("dataset", "royalty", dataset, "--pay", by=BUYER)
    assert accounts[WORKER].balance - before == 6 * 10**16
    again = run.nothing_sent("dataset", "royalty", dataset, "--pay", by=BUYER)
    assert [row["due"] for row in again] == ["0 ETH", "0 ETH"]


def test_verify__recomputes_and_names_the_first_difference(closed_job, licence, tmp_path) -> None:
    run, folder = closed_job, tmp_path / "set"
    run("dataset", "export", 1, "--out", folder)
    lie = folder / "chat.jsonl"
    honest = lie.read_text()
    lines = honest.splitlines()
    lines[7] = lines[7].replace("question", "answer")
    lie.write_text("\n".join(lines) + "\n")
    assert "chat.jsonl" in run.refused("dataset", "publish", folder, "--price", "1", "--licence", licence)
    # A publisher who makes a manifest for altered content can publish it, as the contract cannot see inside.
    altered = run("dataset", "publish", lie, "--job", 1, "--price", "1", "--licence", licence)["dataset"]
    message = run.refused("dataset", "verify", altered)
    assert "First difference: chat.jsonl: line 8 differs" in message


def test_verify__honest_download__all_equal(published) -> None:
    run, dataset, folder = published
    rows = run("dataset", "verify", dataset, "--path", folder, by=BUYER)
    assert [row["check"].split()[0] for row in rows] == [
        "package",
        "annotations",
        "manifest",
        "package",
        "annotations",
    ]
    (folder / "README.md").write_text("another card")
    assert "README.md" in run.refused("dataset", "verify", dataset, "--path", folder, by=BUYER)


def test_price__changes_what_differs_only(published) -> None:
    run, dataset, _ = published
    changed = run("dataset", "price", dataset, "--set", "0.7", "--not-for-sale")
    assert (changed["price"], changed["for_sale"], len(changed["transactions"])) == ("0.7 ETH", False, 2)
    assert run.nothing_sent("dataset", "price", dataset, "--set", "0.7")["transactions"] == []
    assert "NotPublisher" in run.refused("dataset", "price", dataset, "--set", "0.1", by=OTHER)
    assert "NotForSale" in run.refused(
        "dataset",
        "purchase",
        dataset,
        "--max-price",
        "1",
        "--licence-hash",
        changed["licence_hash"],
        by=BUYER,
    )


def test_publish__without_a_job__and_a_new_version(deployed, licence, tmp_path) -> None:
    run, one, two = deployed, tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("a,b\n1,2\n")
    two.write_text("a,b\n1,2\n3,4\n")
    first = run("dataset", "publish", one, "--price", "0", "--licence", licence)
    second = run("dataset", "publish", two, "--version-of", first["dataset"])
    assert (second["dataset"], second["version"]) == (first["dataset"], 2)
    twice = run.nothing_sent("dataset", "publish", two, "--version-of", first["dataset"])
    assert twice["note"] == "published already"
    shown = run("dataset", "status", first["dataset"])
    assert (shown["schema"], shown["versions"], shown["royalty_bps"]) == ("csv", 2, 0)
    assert "no job" in run.refused("dataset", "royalty", first["dataset"])
    listed = run("dataset", "status")
    assert [row["dataset"] for row in listed] == [first["dataset"]]
