"""
The report: survivors stay in the denominator, and each needs a reason
├── counts by file, by operator, by killer
├── a survivor without a reason, too few kills, an idle entry: the command fails and names it
└── the list of reviewed survivors: malformed entries are named
"""

import json
from dataclasses import replace

import pytest

from tests.mutation.journal import ENGINE, SAME_CODE, TIMEOUT, UNIT, Verdict
from tests.mutation.report import KeptError, complaints, idle, load_kept, summarise
from tests.mutation.sample import NAME, sample_sites

SITES = sample_sites()[:100]
KILLED = {site.id: Verdict(site.id, killer=UNIT, found="a test") for site in SITES}
WHY = "the two branches do the same here"


def survivor(verdicts=KILLED, why=""):
    """The verdicts, but the first mutant survived."""
    return verdicts | {SITES[0].id: Verdict(SITES[0].id, why=why)}


def report_of(verdicts, kept=None):
    return summarise(SITES, verdicts, kept or {}, seed=5, seconds=1.23)


def test_summarise__counts__killers_files_and_operators():
    killers = {SITES[1].id: replace(KILLED[SITES[1].id], killer=ENGINE)}
    killers[SITES[2].id] = replace(KILLED[SITES[2].id], killer=TIMEOUT)
    report = report_of(survivor() | killers)
    assert (report["seed"], report["total"], report["killed"], report["share"]) == (5, 100, 99, 0.99)
    assert report["killers"] == {ENGINE: 1, UNIT: 97, TIMEOUT: 1}
    assert report["by_file"] == {NAME: {"total": 100, "killed": 99}}
    assert report["by_operator"][SITES[0].operator]["killed"] == (
        report["by_operator"][SITES[0].operator]["total"] - 1
    )
    assert report["sites"] == {NAME: 100}


def test_summarise__what_does_not_compile_or_was_not_drawn__counts_nowhere():
    verdicts = dict(list(KILLED.items())[:10])
    verdicts[SITES[0].id] = Verdict(SITES[0].id, compiles=False)
    report = report_of(verdicts)
    assert (report["total"], report["killed"], report["survivors"]) == (9, 9, [])


def test_summarise__survivors__are_named_with_their_reason():
    expected = {
        "file": NAME,
        "line": SITES[0].line,
        "mutation": SITES[0].mutation,
        "operator": SITES[0].operator,
        "id": SITES[0].id,
    }
    assert report_of(survivor())["survivors"] == [expected | {"why_kept": ""}]
    assert report_of(survivor(why=SAME_CODE))["survivors"] == [expected | {"why_kept": SAME_CODE}]
    kept = {(NAME, SITES[0].mutation): WHY}
    assert report_of(survivor(), kept)["survivors"] == [expected | {"why_kept": WHY}]


def test_complaints__a_survivor_without_a_reason__is_named():
    verdicts = survivor()
    (complaint,) = complaints(report_of(verdicts), SITES, verdicts, {})
    assert SITES[0].mutation in complaint


def test_complaints__reasons_for_all__there_are_none():
    for verdicts, kept in (
        (survivor(why=SAME_CODE), {}),
        (survivor(), {(NAME, SITES[0].mutation): WHY}),
    ):
        assert complaints(report_of(verdicts, kept), SITES, verdicts, kept) == []


def test_complaints__four_of_a_hundred_survive__is_too_few_killed_though_explained():
    verdicts = KILLED | {site.id: Verdict(site.id, why=SAME_CODE) for site in SITES[:3]}
    assert complaints(report_of(verdicts), SITES, verdicts, {}) == []
    verdicts |= {SITES[3].id: Verdict(SITES[3].id, why=SAME_CODE)}
    (complaint,) = complaints(report_of(verdicts), SITES, verdicts, {})
    assert "96.0% killed" in complaint


def test_idle__entries_without_a_mutant_or_with_a_dead_one__are_named():
    gone = {(NAME, "nothing: a => b"): WHY}
    dead = {(NAME, SITES[0].mutation): WHY}
    assert "no such mutant" in idle(SITES, KILLED, gone)[0]
    assert "but killed" in idle(SITES, KILLED, dead)[0]
    assert idle(SITES, {}, dead) == []  # not drawn this time
    assert idle(SITES, survivor(), dead) == []


@pytest.mark.parametrize(
    "entries",
    [
        [{"file": "a", "mutation": "b"}],
        [{"file": "a", "mutation": "b", "why": "short"}],
        [{"file": "a", "mutation": "b", "why": WHY}] * 2,
    ],
)
def test_load_kept__malformed__is_refused(tmp_path, entries):
    path = tmp_path / "kept.json"
    path.write_text(json.dumps(entries))
    with pytest.raises(KeptError, match=r"kept\.json"):
        load_kept(path)


def test_load_kept__good_or_missing__is_read(tmp_path):
    path = tmp_path / "kept.json"
    assert load_kept(path) == {}
    path.write_text(json.dumps([{"file": "a", "mutation": "b", "why": WHY}]))
    assert load_kept(path) == {("a", "b"): WHY}
