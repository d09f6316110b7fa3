"""
Campaigns: a sample by seed, judged once
├── the sample: each file's share, the same for the same seed, another for another
├── what does not compile is replaced by another of its file, and counts nowhere
├── an interrupted campaign goes on; verdicts on other sources do not count
├── survivors that were reviewed count untried
├── a new test is tried on survivors alone, a changed one on what it noticed, too
└── an error of a worker ends the campaign
"""

import json
from collections import Counter
from dataclasses import replace

import pytest

from tests.mutation import campaign
from tests.mutation.journal import ENGINE, TIMEOUT, UNIT, Journal, Verdict
from tests.mutation.project import Grounds, decisive_files, quick_tests
from tests.mutation.sample import sample_sites
from tests.mutation.sampling import FIRST, LEAST, Draw, by_file, capability_of, shares, sizes_of


class Robot:
    """Judges without compiling: what is in `broken` does not compile, everything else is killed."""

    def __init__(self, asked, broken=()):
        self.asked, self.broken = asked, broken

    def judge(self, site):
        self.asked.append(site.id)
        return Verdict(site.id, compiles=site.id not in self.broken, killer=ENGINE)

    def close(self):
        pass


def ours(entry):
    """Everything rests on the same sources."""
    return f"key of {entry['id']}"


def others(entry):
    return f"another {ours(entry)}"


def drawn(seed, count=40):
    draw = Draw(sample_sites(), count, seed)
    return [site.id for site in iter(draw.take, None)]


def run(journal, asked, *, broken=(), count=20, seed=1):
    return campaign.run(Draw(sample_sites(), count, seed), journal, lambda: Robot(asked, broken))


def test_shares__of_files__are_in_proportion_with_a_least():
    assert shares({"a": 900, "b": 90, "c": 9, "d": 2}, 100) == {"a": 87, "b": 7, "c": LEAST, "d": 2}


def test_shares__more_than_there_are__are_all():
    assert shares({"a": 5, "b": 2}, 100) == {"a": 5, "b": 2}


def test_shares__fewer_than_the_least_of_all__are_as_many_as_asked_for():
    assert shares({"a": 900, "b": 90, "c": 10}, 3) == {"a": 1, "b": 1, "c": 1}
    assert shares({"a": 900, "b": 90, "c": 10}, 2) == {"a": 2, "b": 0, "c": 0}


def test_draw__same_seed__same_sample_in_the_same_order():
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert set(drawn(7)) != set(drawn(8))
    assert len(set(drawn(7))) == 40


def test_draw__files__have_their_shares():
    files = Counter(identity.split(":")[0] for identity in drawn(3))
    sizes = {file: len(sites) for file, sites in by_file(sample_sites()).items()}
    assert files == shares(sizes, 40)


def test_run__what_does_not_compile__is_replaced_by_another_of_its_file(tmp_path, capsys):
    first = drawn(1, 19)
    broken = [next(one for one in first if file in one) for file in by_file(sample_sites())]
    verdicts = run(Journal(tmp_path / "j", ours), [], broken=broken, count=19)
    counted = [identity for identity, verdict in verdicts.items() if verdict.compiles]
    assert len(counted) == 19
    assert set(first) - set(broken) < set(counted)
    assert Counter(one.split(":")[0] for one in counted) == Counter(one.split(":")[0] for one in first)
    assert "mutants: 19/19, 19 killed" in capsys.readouterr().err.splitlines()[-1]


def test_run__nothing_left_of_a_file__comes_to_fewer(tmp_path):
    library = [site.id for site in sample_sites() if "Sums" in site.file]
    draw = Draw(sample_sites(), len(sample_sites()), 1)
    verdicts = campaign.run(draw, Journal(tmp_path / "j", ours), lambda: Robot([], library))
    assert draw.total == len(sample_sites()) - len(library)
    assert sum(verdict.compiles for verdict in verdicts.values()) == draw.total


def test_run__interrupted__asks_only_for_what_is_missing(tmp_path):
    path, asked = tmp_path / "j", []
    complete = run(Journal(path, ours), asked)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:12]) + "\n" + lines[12][:20])
    again = []
    assert run(Journal(path, ours), again) == complete
    assert sorted(again) == sorted(json.loads(line)["id"] for line in lines[12:])
    assert len(path.read_text().splitlines()) == 12 + 1 + len(again)


def test_run__reviewed_survivors__count_untried(tmp_path):
    """Each takes all tests to survive again; a survivor stays in the denominator."""
    asked, site = [], next(site for site in sample_sites() if site.id in drawn(1, 20))
    draw = Draw(sample_sites(), 20, 1)
    reviewed = {(site.file, site.mutation)}
    verdicts = campaign.run(draw, Journal(tmp_path / "j", ours), lambda: Robot(asked), reviewed=reviewed)
    assert len(verdicts) == 20
    assert verdicts[site.id] == Verdict(site.id)
    assert [one for one, verdict in verdicts.items() if not verdict.killer] == [site.id]
    assert set(asked) == set(verdicts) - {site.id}


def test_run__after_an_interruption_in_a_line__writes_lines_that_can_be_read(tmp_path):
    path = tmp_path / "j"
    run(Journal(path, ours), [])
    path.write_text(path.read_text()[:-30])
    run(Journal(path, ours), [])
    again = []
    run(Journal(path, ours), again)
    assert again == []


def test_run__other_sources__asks_for_everything_again(tmp_path):
    path, asked = tmp_path / "j", []
    run(Journal(path, ours), [])
    run(Journal(path, others), asked)
    assert sorted(asked) == sorted(drawn(1, 20))


def test_journal__times_without_a_mutation__are_kept_for_the_same_sources(tmp_path):
    Journal(tmp_path / "j", ours).add_times({"unit": 2.5})
    assert Journal(tmp_path / "j", ours).times() == {"unit": 2.5}
    assert Journal(tmp_path / "j", others).times() is None


def test_run__error_of_a_worker__ends_it(tmp_path):
    class Broken(Robot):
        def judge(self, site):
            raise RuntimeError("the node is gone")

    with pytest.raises(RuntimeError, match="the node is gone"):
        campaign.run(Draw(sample_sites(), 20, 1), Journal(tmp_path / "j", ours), lambda: Broken([]))


def test_run__says_how_far_it_is(tmp_path, capsys):
    run(Journal(tmp_path / "j", ours), [])
    assert "mutants: 20/20, 20 killed, 0 survived" in capsys.readouterr().err


def test_sizes__each_later_capability__adds_half_as_many():
    both = ["contracts/payments/Escrow.sol", "contracts/quality/Staking.sol"]
    assert sizes_of(both, 320) == {FIRST: 320, "quality": 160}
    assert sizes_of(both[1:], 320) == {"quality": 320}


def test_draw__files_of_two_capabilities__each_have_their_sample():
    later = [replace(site, file="contracts/quality/Sample.sol") for site in sample_sites()]
    draw = Draw([*sample_sites(), *later], 20, 1)
    files = Counter(capability_of(site.file) for site in iter(draw.take, None))
    assert files == {FIRST: 20, "quality": 10}


@pytest.fixture
def tree(tmp_path):
    """A project of one contract, one test and what it uses."""
    for name in ("contracts/A.sol", "tests/unit/test_a.py", "tests/unit/conftest.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    return tmp_path


ENGINES = {"id": "a", "killer": ENGINE, "found": "tests/unit/test_a.py::is no test here"}
TESTS = {"id": "b", "killer": UNIT, "found": "tests/unit/test_a.py::test_a[1] - assert 1 == 2"}
ENDLESS = {"id": "c", "killer": TIMEOUT, "found": "unit: still running after 5 s"}
SURVIVOR = {"id": "d", "killer": "", "found": ""}
TIMES = {"id": "unmutated", "times": {}}


@pytest.mark.parametrize(
    ("file", "stands"),
    [
        ("tests/unit/test_new.py", [ENGINES, TESTS]),
        ("tests/unit/test_a.py", [ENGINES]),
        ("tests/unit/conftest.py", []),
        ("contracts/A.sol", []),
        ("README.md", [ENGINES, TESTS, ENDLESS, SURVIVOR, TIMES]),
    ],
)
def test_grounds__a_file_changes__what_rests_on_it_is_tried_again(tree, file, stands):
    entries = [ENGINES, TESTS, ENDLESS, SURVIVOR, TIMES]
    before = [Grounds(tree)(entry) for entry in entries]
    (tree / file).write_text("after")
    after = [Grounds(tree)(entry) for entry in entries]
    assert [
        entry for entry, *keys in zip(entries, before, after, strict=True) if len(set(keys)) == 1
    ] == stands


def test_grounds__of_the_project__every_quick_test_is_among_them():
    assert set(quick_tests()) < set(decisive_files())
