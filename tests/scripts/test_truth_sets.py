"""What `ape run truth` is fed with: sets from files, the embedded crowd, seats, spammers."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError
from scripts._truth.arrange import MAX_SEATS, WORD, arrange, least_seat
from scripts._truth.crowd import SETS, Crowd, load_crowd, load_crowds
from scripts._truth.spam import KINDS, SCENARIOS, Scenario, lone_answers, spammed
from scripts._truth.synthetic import synthetic_crowds

HEADS = {"answer.csv": "question,worker,answer", "truth.csv": "question,truth"}


# --- sets from files ---


def write_set(folder: Path, **files: str) -> Path:
    """A good set of 20 questions and 4 workers; `answer` and `truth` replace the lines of a file."""
    folder.mkdir()
    lines = {
        "truth": "\n".join(f"q{number},{number % 2}" for number in range(20)),
        "answer": "\n".join(f"q{number},w{worker},1" for number in range(20) for worker in range(4)),
    } | files
    for name, head in HEADS.items():
        (folder / name).write_text(f"{head}\n{lines[name.removesuffix('.csv')]}\n", encoding="utf-8")
    return folder


def test_load__a_set__is_numbered(tmp_path) -> None:
    truth = "\n".join(f"{number},{'yes' if number > 9 else 'no'}" for number in range(20))
    answer = "\n".join(f"{number},{10 - worker},yes" for number in range(20) for worker in range(4))
    crowd = load_crowd(write_set(tmp_path / "set", truth=truth, answer=answer))
    assert crowd.truth == (0,) * 10 + (1,) * 10
    assert crowd.answers == ({0: 1, 1: 1, 2: 1, 3: 1},) * 20
    assert (crowd.classes, crowd.workers, crowd.redundancy) == (2, 4, 4)
    assert crowd.skill == (0.5,) * 4
    assert crowd.shares == (10, 10)


ANSWERS = "\n".join(f"q{number},w{worker},1" for number in range(20) for worker in range(4))
TRUTH = "\n".join(f"q{number},{number % 2}" for number in range(20))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"answer": f"{ANSWERS}\nq1,w1,0"}, r"answer.csv line 82: worker 'w1' answers question 'q1' twice"),
        ({"answer": f"{ANSWERS}\nqx,w1,0"}, r"line 82: question 'qx' has no truth in truth.csv"),
        ({"answer": f"{ANSWERS}\nq1,,0"}, r"answer.csv line 82: worker is empty"),
        ({"answer": f"{ANSWERS}\nq1,w9"}, r"answer.csv line 82: answer is empty"),
        ({"truth": f"{TRUTH}\nq1,0"}, r"truth.csv line 22: question 'q1' is there twice"),
        ({"truth": f"{TRUTH}\nq99,0"}, r"nobody answers question 'q99'"),
        (
            {"truth": TRUTH.replace(",0", ",1"), "answer": f"{ANSWERS}\nq0,w9,0"},
            r"truth.csv: all truths are the same",
        ),
        ({"truth": "q1,0\nq2,1", "answer": "q1,w1,0\nq2,w2,0"}, r"2 questions of 2 workers; at least 20"),
        (
            {"answer": f"{ANSWERS}\n" + "\n".join(f"q{number},w9,{number}" for number in range(9))},
            r"9 classes, not 2 to 8",
        ),
    ],
)
def test_load__wrong_lines__are_named(tmp_path, files, message) -> None:
    with pytest.raises(InputError, match=message):
        load_crowd(write_set(tmp_path / "set", **files))


def test_load__wrong_files__are_named(tmp_path) -> None:
    with pytest.raises(InputError, match=r"duck/truth.csv: DATA has the folders duck, face_sentiment"):
        load_crowds(tmp_path)
    folder = write_set(tmp_path / "set")
    (folder / "answer.csv").write_text("question,who,answer\n", encoding="utf-8")
    with pytest.raises(InputError, match="has to name question,worker,answer; no worker"):
        load_crowd(folder)
    (folder / "answer.csv").write_bytes(b"question,worker,answer\n\xff,1,1\n")
    with pytest.raises(InputError, match="is not a CSV file in UTF-8"):
        load_crowd(folder)


def test_synthetic__same_in_every_run_and_shaped_like_crowds() -> None:
    crowds = synthetic_crowds()
    assert crowds == synthetic_crowds()
    assert [crowd.name for crowd in crowds] == list(SETS)
    for crowd in crowds:
        assert min(map(len, crowd.answers)) == crowd.redundancy >= 3
        assert min(crowd.tasks_of) > 0
        assert 0.4 < sum(crowd.skill) / crowd.workers < 0.95


# --- seats ---


@st.composite
def small_crowds(draw):
    """Up to 600 questions, answered in sheets."""
    workers = draw(st.integers(4, 12))
    sheets = draw(
        st.lists(
            st.tuples(
                st.integers(1, 20) | st.integers(1, 300), st.sets(st.integers(0, workers - 1), min_size=3)
            ).filter(lambda sheet: sheet[1]),
            min_size=1,
            max_size=6,
        )
    )
    answers = tuple(dict.fromkeys(sorted(who), 0) for many, who in sheets for _ in range(many))
    return Crowd("sheets", 2, workers, answers, (0,) * len(answers))


@given(small_crowds())
def test_arrange__seats_are_as_the_market_allows(crowd) -> None:
    found = arrange(crowd)
    words = found.words
    assert sorted(question for word in words for question in word) == list(range(len(crowd.answers)))
    assert max(map(len, words)) <= WORD
    assert found.min_seat == least_seat(found.redundancy, crowd.classes)
    assert len({(place.word, place.worker) for place in found.places}) == len(found.places)
    for word in range(len(words)):
        here = [place for place in found.places if place.word == word]
        assert len(here) <= MAX_SEATS
        free = [(1 << (len(words[word]) if word == len(words) - 1 else WORD)) - 1] * found.redundancy
        for place in here:  # in the order in which they are taken
            assert place.mask & ~free[place.layer] == 0
            assert place.mask.bit_count() >= found.min_seat or place.mask == free[place.layer]
            free[place.layer] &= ~place.mask
    for place in found.places:
        bits = {bit for bit in range(WORD) if place.mask >> bit & 1}
        assert all(place.worker in crowd.answers[words[place.word][bit]] for bit in bits)
    seated = sum(place.mask.bit_count() for place in found.places)
    assert seated + found.dropped == sum(crowd.tasks_of)


def test_arrange__small_seats_that_do_not_fill_a_layer__are_left_out() -> None:
    sheets = ((1, (0, 1, 2)), (1, (3, 4, 5)), (100, (6, 7, 8)))
    answers = tuple(dict.fromkeys(who, 0) for many, who in sheets for _ in range(many))
    found = arrange(Crowd("sheets", 2, 9, answers, (0,) * len(answers)))
    assert (found.dropped, {place.worker for place in found.places}) == (6, {6, 7, 8})


def test_arrange__embedded_crowd__loses_no_answer() -> None:
    assert [arrange(crowd).dropped for crowd in synthetic_crowds()] == [0, 0, 0]


# --- spammers ---


@pytest.fixture(scope="module")
def crowds() -> list[Crowd]:
    return synthetic_crowds()


@pytest.mark.parametrize("scenario", SCENARIOS[1:], ids=lambda scenario: scenario.name)
def test_spammed__others_answer_as_before(crowds, scenario) -> None:
    crowd = crowds[1]
    answers, spammers = spammed(crowd, scenario, random.Random(1))
    assert len(spammers) == max(1, round(crowd.workers * scenario.percent / 100))
    for given_, before in zip(answers, crowd.answers, strict=True):
        assert given_.keys() == before.keys()
        assert all(given_[worker] == before[worker] for worker in given_ if worker not in spammers)


def spam_of(crowd: Crowd, kind: str) -> list[list[int]]:
    """By question, what spammers of a kind answer if half the workers are."""
    answers, spammers = spammed(crowd, Scenario(kind, 50), random.Random(7))
    return [[label for worker, label in given_.items() if worker in spammers] for given_ in answers]


def test_spammed__each_kind_does_what_it_is_called(crowds) -> None:
    crowd = crowds[1]
    spam = {kind: spam_of(crowd, kind) for kind in KINDS}
    for kind in ("ring", "sybils", "constant"):
        assert all(len(set(labels)) <= 1 for labels in spam[kind])
    ring = zip(spam["ring"], crowd.truth, strict=True)
    assert all(truth not in labels for labels, truth in ring)
    constant = {label for labels in spam["constant"] for label in labels}
    assert constant == {max(range(crowd.classes), key=crowd.shares.__getitem__)}
    for kind in ("random", "prior"):
        assert any(len(set(labels)) > 1 for labels in spam[kind])
    shares = Counter(label for labels in spam_of(crowds[2], "prior") for label in labels)
    assert abs(shares[0] / shares.total() - crowds[2].shares[0] / len(crowds[2].truth)) < 0.02


def test_lone_answers__sybils_do_not_copy_and_only_some_questions(crowds) -> None:
    answers = lone_answers(crowds[0], "sybils", random.Random(1), {3})
    assert [bool(given_) for given_ in answers] == [question == 3 for question in range(len(answers))]
    assert set(answers[3].values()) == {0, 1}
