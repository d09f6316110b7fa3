"""`make audit`: which findings are answered, and which answers are worth nothing."""

import json
from pathlib import Path

import pytest

from scripts._toolchain import audit
from scripts._toolchain.layout import SetupError

FILE = {"filename_relative": "contracts/Bank.sol"}
BANK = {"type": "contract", "name": "Bank"}
PAY = {"type": "function", "name": "pay", "type_specific_fields": {"parent": BANK}}
ANSWER = "The owner is the only one who can call it."


def finding(element, check: str = "reentrancy-eth"):
    return {
        "check": check,
        "impact": "High",
        "description": "text",
        "elements": [element | {"source_mapping": FILE}],
    }


def answers_file(folder: Path, *entries: dict[str, str]) -> Path:
    path = folder / "answers.json"
    path.write_text(json.dumps(entries))
    return path


@pytest.mark.parametrize(
    ("element", "where"),
    [
        (BANK, "Bank"),
        (PAY, "Bank.pay"),
        ({"type": "variable", "name": "to", "type_specific_fields": {"parent": PAY}}, "Bank.pay.to"),
        ({"type": "node", "name": "to.call()", "type_specific_fields": {"parent": PAY}}, "Bank.pay"),
    ],
)
def test_place(element, where: str) -> None:
    assert audit.place(finding(element)) == f"contracts/Bank.sol:{where}"


def test_compare__answer_of_another_check_or_place__does_not_count() -> None:
    answers = {
        ("reentrancy-eth", "contracts/Bank.sol:Bank.take"): ANSWER,
        ("timestamp", "contracts/Bank.sol:Bank.pay"): ANSWER,
    }
    unanswered, idle = audit.compare([finding(PAY)], answers)
    assert len(unanswered) == 1
    assert "reentrancy-eth at contracts/Bank.sol:Bank.pay" in unanswered[0]
    assert len(idle) == 2


def test_compare__answered_finding__leaves_nothing() -> None:
    assert audit.compare([finding(PAY)], {("reentrancy-eth", "contracts/Bank.sol:Bank.pay"): ANSWER}) == (
        [],
        [],
    )


def test_load_answers__empty_words_doubles_and_strange_keys__are_refused(tmp_path: Path) -> None:
    good = {"check": "timestamp", "where": "contracts/Bank.sol:Bank.pay", "answer": ANSWER}
    assert audit.load_answers(answers_file(tmp_path, good)) == {(good["check"], good["where"]): ANSWER}
    for bad in ([good, good], [good | {"answer": "fine"}], [good | {"line": "7"}]):
        with pytest.raises(SetupError):
            audit.load_answers(answers_file(tmp_path, *bad))


def test_load_answers__the_committed_ones__are_well_formed() -> None:
    audit.load_answers()
