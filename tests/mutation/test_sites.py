"""
Sites: every operator, at exactly the places where it belongs
├── each operator: the exact text before and after
├── one change has one owner, one id, and words of its own
├── pragmas, imports, documentation, declarations and the steps of loops stay as they are
└── what is affected: contracts, harnesses, and which tests come first
"""

import pytest

from tests.mutation.sample import NAME, SAMPLE, SOURCES, sample_project, sample_sites
from tests.mutation.sites import OPERATORS
from tests.mutation.syntax import File


def changes(operator: str, function: str) -> set[tuple[str, str]]:
    """What an operator makes of what in a function of the sample."""
    data = SAMPLE.encode()
    return {
        (data[site.change.start : site.change.end].decode(), site.change.text)
        for site in sample_sites()
        if (site.file, site.operator, site.function) == (NAME, operator, function)
    }


EXPECTED = [
    ("relational", "compare", {("<", "<="), ("<", ">=")}),
    ("relational", "choose", {(">", ">=")}),  # negated it would be what `ternary` makes
    ("relational", "loops", {("<", "<="), ("<", ">=")}),
    ("relational", "late", {("<=", "<"), ("<=", ">")}),
    ("logical", "both", {("&&", "||"), ("a && !b", "a"), ("a && !b", "!b"), ("!b", "b")}),
    ("logical", "branch", {("a", "!(a)")}),
    ("logical", "guarded", {("!_job.live", "_job.live")}),
    ("forced-branch", "branch", {("a", "true"), ("a", "false")}),
    (
        "ternary",
        "choose",
        {("a > b ? a : b", "a > b ? b : a"), ("a > b ? a : b", "a"), ("a > b ? a : b", "b")},
    ),
    ("truth", "says", {("true", "false"), ("a", "true"), ("a", "false")}),
    ("arithmetic", "sums", {("+=", "-="), ("+=", "="), ("%", "*")}),
    ("arithmetic", "branch", {("x++", "x--")}),
    ("arithmetic", "loops", set()),
    ("bitwise", "bits", {("&=", "|="), ("<<", ">>"), ("~(a << 4)", "(a << 4)")}),
    ("bitwise", "counts", {("&", "|")}),
    ("constant", "sums", {("2", "3"), ("2", "1")}),
    ("constant", "loops", {("0", "1"), ("3", "4"), ("3", "2")}),
    ("deadline", "late", {("deadline", "deadline + 1")}),
    (
        "deadline",
        "timed",
        {
            ("since + 7", "(since + 7) + 1"),
            ("since + 7", "(since + 7) - 1"),
            ("block.timestamp", "(block.timestamp + 1)"),
            ("block.timestamp", "(block.timestamp - 1)"),
        },
    ),
    ("guard", "late", {("require(block.timestamp <= deadline);", "{}")}),
    ("guard", "timed", {("_inTime(since + 7);", "{}")}),
    ("guard", "guarded", {("onlyOwner", ""), ("revert Wrong(2, 3);", "{}")}),
    ("effect", "loops", set()),
    (
        "effect",
        "acts",
        {
            ("emit Moved(id, msg.sender);", "{}"),
            ("delete _job;", "{}"),
            ("(_state, _job.live) = (State.Open, true);", "{}"),
            ("_state", ""),
            ("_job.live", ""),
        },
    ),
    ("effect", "pay", {("_pay(to, amount, most);", "{}")}),
    (
        "result",
        "results",
        {
            ("uint256 y = a.twice()", "uint256 y; a.twice()"),
            ("x = y.twice()", "y.twice()"),
            ("return y;", "{}"),
        },
    ),
    ("swapped-arguments", "pay", {("amount, most", "most, amount")}),
    ("swapped-arguments", "same", set()),
    ("recipient", "settle", {("_job.creator", "_job.arbiter"), ("_job.creator", "msg.sender")}),
    ("bucket", "settle", set()),  # its neighbour is what `recipient` has already
    ("recipient", "acts", {("msg.sender", "owner"), ("msg.sender", "_job.creator")}),
    ("bucket", "_pay", {("_paid", "_owed")}),
    ("bucket", "acts", {("State.Open", "State.Closed")}),
    ("bucket", "counts", {("_job.open", "_job.taken"), ("FLAG", "OTHER_FLAG")}),
    ("error-argument", "guarded", {("2", "3"), ("2", "1"), ("3", "4"), ("3", "2"), ("2, 3", "3, 2")}),
    ("error-argument", "_inTime", {("1", "2"), ("1", "0"), ("limit, 1", "1, limit")}),
]


@pytest.mark.parametrize(("operator", "function", "expected"), EXPECTED)
def test_operator__makes_exactly_these_changes(operator, function, expected):
    assert changes(operator, function) == expected


def test_operators__each__is_in_the_table_of_this_test():
    assert {operator for operator, *_ in EXPECTED} == {*OPERATORS, "error-argument"}


def test_constant__state_constants__one_more_or_less_but_gas_twice_or_half():
    found = changes("constant", "Sample")
    assert found == {
        ("1", "2"), ("1", "0"), ("4", "5"), ("4", "3"),
        ("0x20", "0x21"), ("0x20", "0x1f"),
        ("100_000", "200000"), ("100_000", "50000"),
    }  # fmt: skip


def test_recipient__anywhere__never_stays_the_same():
    assert all(before != after for before, after in changes("recipient", "_pay"))
    assert len(changes("recipient", "_pay")) == 2


def test_sites__of_all_operators__no_change_ids_or_words_twice():
    sites = sample_sites()
    assert len({(site.file, site.change) for site in sites}) == len(sites)
    assert len({site.id for site in sites}) == len(sites)


def test_sites__lie_in_code_alone():
    first = SAMPLE[: SAMPLE.index("    uint256 private constant FLAG")].encode()
    sites = [site for site in sample_sites() if site.file == NAME]
    assert min(site.change.start for site in sites) > len(first)


def test_site__line_and_column__are_those_of_the_bytes():
    site = next(site for site in sample_sites() if site.function == "compare")
    line = SAMPLE.encode().split(b"\n")[site.line - 1]
    assert line[site.column - 1 :].startswith(b"x = a < b")
    assert File("x", "‖\na".encode()).column_of(4) == 1


def test_site__in_words__names_function_and_both_texts():
    site = next(site for site in sample_sites() if site.operator == "guard" and site.function == "timed")
    assert site.mutation.startswith("timed: function timed(uint256 since) external { _inTime(since + 7);")
    assert "=> function timed(uint256 since) external { {} _job.open" in site.mutation


def test_site__applied__changes_nothing_else():
    for site in sample_sites():
        data = SOURCES[site.file].encode()
        after = site.applied(data)
        start, end, text = site.change
        assert after[:start] == data[:start]
        assert after[start : start + len(text.encode())] == text.encode()
        assert after[start + len(text.encode()) :] == data[end:]


def test_project__a_file__names_who_is_affected_and_skips_mocks():
    project = sample_project()
    assert project.files == [NAME, "contracts/libraries/Sums.sol"]
    of_library = next(site for site in sample_sites() if site.file != NAME)
    assert project.deployed(of_library) == {"Sample": NAME}
    assert project.harnesses(of_library) == {"SumsHarness": "contracts/mocks/SumsHarness.sol"}
    assert project.harnesses(sample_sites()[0]) == {}


def test_load__interface_that_no_contract_imports__is_read_too() -> None:
    """It had no tree, and the campaign ended with a KeyError."""
    project = sample_project()
    assert set(project.roots) == set(SOURCES)
    assert project.deployable() == [("Sample", NAME), ("SumsHarness", "contracts/mocks/SumsHarness.sol")]


def test_project__tests_for_a_mutant__begin_with_those_named_after_what_reaches_it():
    project = sample_project()
    inner = next(site for site in sample_sites() if site.function == "_pay")
    of_library = next(site for site in sample_sites() if site.file != NAME)
    assert project.tests_for(inner)[0] == "tests/unit/escrow/test_pay.py"
    assert project.tests_for(of_library)[0].startswith("tests/unit/libraries/")
    assert sorted(project.tests_for(inner)) == sorted(project.tests_for(of_library))
