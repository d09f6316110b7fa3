import copy
import json
import re

import pytest

from scripts._demo.errors import SummaryError
from scripts._demo.figures import decimal, since, size
from scripts._demo.ledger import NATIVE
from scripts._demo.report import render, write
from scripts._demo.summary import validate
from tests.demo.pages import Reader
from tests.demo.sample_summary import MARKET, sample


@pytest.fixture(scope="module")
def summary():
    return sample()


@pytest.fixture(scope="module")
def page(summary):
    return render(summary)


def test_render__is_well_formed_and_loads_nothing(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert all(link.startswith(("#", "data:image/")) for link in reader.links)
    assert {link[1:] for link in reader.links if link.startswith("#")} <= set(reader.ids)
    assert "<script" not in page
    assert not re.search(r"@import|url\(", page)


def test_render__names_everyone_and_every_amount(page, summary):
    for actor in summary["actors"]:
        assert actor["address"] in page
    for payment in summary["payments"]:
        assert payment["tx"] in page
    assert "0.0325" in page
    assert "The books balance." in page


def test_render__one_unit_missing__says_so_first():
    page = render(sample(planted=1))
    assert "The books balance." not in page
    alarm = page.index("The books do not balance.")
    assert alarm < page.index("Who took part")
    assert "Pavel holds 1 base unit of ETH too little" in page


def test_render__texts_of_users__cannot_break_the_page(summary):
    evil = copy.deepcopy(summary)
    evil["texts"][0]["text"] = '</td><script>alert("x")</script>'
    evil["pictures"][0]["name"] = '"><script>'
    evil["pictures"][0]["readings"][0]["shapes"][0]["label"] = "<b>"
    page = render(evil)
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


def test_render__nothing_happened__still_makes_a_page(summary):
    empty = summary | {
        key: [] for key in ("jobs", "pictures", "texts", "payments", "datasets", "gas", "flows")
    }
    page = render(empty)
    assert "What the annotators drew" not in page
    assert "The books" in page


def test_render__thousands_of_payments__folds_and_groups(summary):
    many = copy.deepcopy(summary)
    many["payments"] *= 300
    many["flows"] += [
        {"token": NATIVE, "sender": MARKET, "recipient": f"0x{i:040x}", "amount": "1000"}
        for i in range(1, 60)
    ]
    page = render(many)
    assert "2,040 more rows" in page
    assert "54 others" in page  # 59 and the 4 of the sample, of which 9 are drawn


def test_write__page_and_data_agree(tmp_path, summary):
    report, data = write(summary, tmp_path / "out" / "demo")
    assert json.loads(data.read_text(encoding="utf-8")) == summary
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("gas"), "summary: gas is missing"),
        (lambda s: s.update(extra=1), "summary: extra is not known here"),
        (lambda s: s["run"].update(chain_id="1"), "summary.run.chain_id: expected int, got '1'"),
        (lambda s: s["run"].update(seed=True), "summary.run.seed: expected int"),
        (
            lambda s: s["payments"][0].update(amount="1.5"),
            r"summary.payments\[0\].amount: '1.5' is not an integer",
        ),
        (lambda s: s["payments"][0].update(amount=15), r"summary.payments\[0\].amount: expected str"),
        (lambda s: s["payments"][0].update(actor="X"), "'X' is not among the actors"),
        (lambda s: s["payments"][0].update(token="0x1"), "token 0x1 is not among the tokens"),
        (lambda s: s["payments"][0].update(job=9), "job 9 is not among the jobs"),
        (lambda s: s["jobs"][0]["stats"].update(approved=29), "the stats add up to 31 of 32 tasks"),
        (
            lambda s: s["jobs"][0].update(kind="sound"),
            r"summary.jobs\[0\].kind: expected one of 'image', 'text'",
        ),
        (lambda s: s["jobs"][0]["timeline"][0].update(amount=None), None),
        (lambda s: s["pictures"][0]["readings"][0]["shapes"][0].update(box=None), "expected a list"),
        (lambda s: s["reconciliation"].update(balanced=False), "the verdict contradicts"),
        (lambda s: s["reconciliation"]["rows"][0].update(difference="01"), "is not an integer of base units"),
    ],
)
def test_validate__wrong_shape__names_the_place(summary, change, message):
    changed = copy.deepcopy(summary)
    change(changed)
    if message is None:
        assert validate(changed) == changed
        return
    with pytest.raises(SummaryError, match=message):
        validate(changed)


@pytest.mark.parametrize(
    ("amount", "decimals", "written"),
    [
        ("0", 18, "0"),
        ("1", 18, "0.000000000000000001"),
        ("-1500", 3, "-1.5"),
        ("1234567000000", 6, "1,234,567"),
        ("42", 0, "42"),
        ("10000000000000000000000000000001", 18, "10,000,000,000,000.000000000000000001"),
    ],
)
def test_decimal__is_exact(amount, decimals, written):
    assert decimal(amount, decimals) == written


def test_since_and_size__as_people_write_them():
    assert [since(n) for n in (0, 59, 60, 3_599, 3_900, 90_000)] == [
        "0 s",
        "59 s",
        "1 min",
        "59 min",
        "1 h 05",
        "1 d 01 h",
    ]
    assert [size(n) for n in (0, 999, 1_000, 1_261_904)] == ["0 B", "999 B", "1.0 kB", "1.3 MB"]
