"""What is kept of a campaign."""

import json

import pytest

from tests.engine.corpus import Corpus, Find, chosen
from tests.engine.trial import Trial


def trial(*tapes, silent=(), after=0):
    return Trial(tuple(tapes), silent, after)


def find(program, *marks):
    return Find(program, frozenset(marks))


A, B, C = ("f", "ok"), ("g", "ok"), ("h", "Refused")
SMALL, LARGE = trial(b"\1"), trial(b"\2", b"\3", silent=("buyers",), after=1)


def test_keep__what_is_kept_is_loaded_smallest_first(tmp_path) -> None:
    corpus = Corpus(tmp_path, "market")
    assert corpus.load() == []
    assert corpus.keep([find(LARGE, A), find(SMALL, B)]) == 2
    assert corpus.load() == [SMALL, LARGE]
    assert Corpus(tmp_path, "registry").load() == []


def test_keep__what_brings_nothing_any_more_goes(tmp_path) -> None:
    corpus = Corpus(tmp_path, "market")
    corpus.keep([find(SMALL, A), find(LARGE, B)])
    corpus.keep([find(LARGE, B)])
    assert corpus.load() == [LARGE]


def test_keep__no_folder__nothing_is_kept() -> None:
    corpus = Corpus(None, "market")
    assert corpus.keep([find(SMALL, A)]) == 1
    assert corpus.load() == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"tapes": ["zz"], "silent": [], "after": 0}', '{"tapes": 1}']
)
def test_load__file_of_an_older_engine__left_out(tmp_path, text) -> None:
    corpus = Corpus(tmp_path, "market")
    corpus.keep([find(SMALL, A)])
    (tmp_path / "market" / "old.json").write_text(text)
    assert corpus.load() == [SMALL]


def test_chosen__the_smaller_of_two_that_reach_the_same() -> None:
    assert chosen([find(LARGE, A, B), find(SMALL, A, B)]) == [SMALL]


def test_chosen__bounded__outcomes_come_before_pairs_of_them() -> None:
    pairs = [find(trial(bytes([number])), (*A, *B, str(number))) for number in range(9)]
    assert chosen([*pairs, find(LARGE, C)], most=3)[0] == LARGE
    assert len(chosen([*pairs, find(LARGE, C)], most=3)) == 3


def test_trial__json_and_back() -> None:
    assert Trial.of_json(json.loads(json.dumps(LARGE.to_json()))) == LARGE
