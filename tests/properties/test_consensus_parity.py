"""Solidity and Python decide the same integers, and the order of annotators does not matter (T30, T31)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.consensus import (
    RULES,
    Ballot,
    ConsensusTerms,
    Matrix,
    PanelKind,
    consensus_terms_hash,
    matrix_words,
)
from offchain.hashing import checksum_address
from tests.support.calls import deploy
from tests.support.consensus import deploy_market

CONTRACTS = {"majority": "MajorityRule", "weighted": "WeightedRule", "expert": "ExpertRule"}


@pytest.fixture(scope="module")
def rules(networks, who):
    return {name: deploy(kind, sender=who.owner) for name, kind in CONTRACTS.items()}


@pytest.fixture(scope="module")
def consensus(networks, who):
    return deploy_market(who.owner, who.sink, who.owner, who.owner)


@st.composite
def ballots(draw):
    """Up to nine annotators of up to 64 tasks, from nothing known of them to more than a job can have."""
    classes, length = draw(st.integers(2, 8)), draw(st.sampled_from((32, 64)))
    seats = draw(st.integers(1, 9))
    cells = st.lists(
        st.one_of(st.integers(0, 3), st.integers(0, 2**15 - 1)),
        min_size=classes**2,
        max_size=classes**2,
    )
    # Few patterns of labels, so that annotators agree at times.
    pattern = st.binary(min_size=length, max_size=length)
    labels = [bytes(byte % (classes + 1) for byte in draw(pattern)) for _ in range(seats)]
    if draw(st.booleans()):
        labels = [labels[0] if draw(st.integers(0, 2)) else one for one in labels]
    matrices = [Matrix(classes, tuple(draw(cells)), draw(st.integers(0, 9))) for _ in range(seats)]
    gold = tuple(draw(st.lists(st.integers(0, 4_000), min_size=classes, max_size=classes)))
    return Ballot(classes, draw(st.integers(5_000, 9_999)), gold, tuple(matrices), tuple(labels))


def struct_of(ballot):
    """The ballot as the contracts take it."""
    return {
        "classes": ballot.classes,
        "acceptBps": ballot.accept_bps,
        "gold": sum(count << 24 * number for number, count in enumerate(ballot.gold)),
        "matrices": [word for matrix in ballot.matrices for word in matrix.pack()],
        "labels": list(ballot.labels),
    }


@pytest.mark.parametrize("name", CONTRACTS)
@given(ballot=ballots(), order=st.randoms(use_true_random=False))
def test_rules_are_the_same_integers_in_any_order(rules, name, ballot, order):
    """T31: ties, all of one mind, one of many revealed: what Python says, whoever is named first."""
    verdict = RULES[name](ballot)
    assert rules[name].call("tally", struct_of(ballot)) == (verdict.labels, verdict.voted)
    pairs = list(zip(ballot.matrices, ballot.labels, strict=True))
    order.shuffle(pairs)
    matrices, labels = zip(*pairs, strict=True)
    shuffled = Ballot(ballot.classes, ballot.accept_bps, ballot.gold, matrices, labels)
    assert rules[name].call("tally", struct_of(shuffled)) == (verdict.labels, verdict.voted)


@pytest.mark.parametrize("name", CONTRACTS)
def test_rules_need_three_answers(rules, name):
    """T31: of two who agree, or none, nothing follows."""
    for seats in range(4):
        labels = (bytes([1] * 32),) * seats
        ballot = Ballot(2, 5_000, (5, 5), (Matrix(2, (9, 0, 0, 9)),) * seats, labels)
        found, voted = rules[name].call("tally", struct_of(ballot))
        assert (any(found), voted) == ((True, (1 << 32) - 1) if seats == 3 else (False, 0))


@given(classes=st.integers(2, 8), data=st.data())
def test_matrix_takes_as_many_words_as_it_says(classes, data):
    counts = st.lists(st.integers(0, 2**15 - 1), min_size=classes**2, max_size=classes**2)
    words = Matrix(classes, tuple(data.draw(counts)), data.draw(st.integers(0, 2**15 - 1))).pack()
    assert len(words) == matrix_words(classes)
    assert all(0 <= word < 1 << 256 for word in words)


@given(
    creator=st.binary(min_size=20, max_size=20).map(checksum_address),
    pay=st.integers(0, 2**96 - 1),
    windows=st.tuples(*[st.integers(0, 2**24 - 1)] * 6),
    kind=st.sampled_from(PanelKind),
    panel=st.binary(min_size=32, max_size=32),
    word_classes=st.lists(st.integers(0, 2**256 - 1), max_size=3).map(tuple),
)
def test_terms_hash_is_the_contracts(consensus, creator, pay, windows, kind, panel, word_classes):
    """T30: what a signature over a seat covers."""
    terms = ConsensusTerms(
        pay=pay,
        task_count=7,
        stake=3,
        seats_until=5,
        windows=windows,
        rule=creator,
        panel_kind=kind,
        panel=panel,
        gold_root=panel,
        word_classes=word_classes,
    )
    told = consensus.call("hashTerms", creator, terms.struct(), list(word_classes))
    assert told == consensus_terms_hash(creator, terms)
