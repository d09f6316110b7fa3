"""
The rules' own gas, for a word of 256 tasks: the bar for a label, and the worst word of a job, rest on it
├── few annotators of few classes: a verdict for each of the numbers that their labels make, not for each task
└── more: sums by tables of what several annotators say, and a verdict for each task
"""

import pytest

from offchain.consensus import Ballot, Matrix
from offchain.hashing import keccak256
from tests.properties.test_consensus_parity import struct_of
from tests.support.calls import rpc

# As measured with the pinned compiler, and 0.4 % more; a table of another size takes 0.9 % more, the other
# way 20 %.
MOST = {(5, 2): 249_400, (3, 5): 514_300, (7, 3): 619_300, (31, 7): 4_923_000}


def word_of(seats: int, classes: int) -> Ballot:
    """Everybody has answered everything."""
    labels = tuple(
        bytes(1 + keccak256(bytes([seat, task]))[0] % classes for task in range(256)) for seat in range(seats)
    )
    matrix = Matrix(classes, tuple(3 + 9 * (n % (classes + 1) == 0) for n in range(classes**2)), 1)
    return Ballot(classes, 5_000, (40,) * classes, (matrix,) * seats, labels)


@pytest.mark.parametrize(("seats", "classes"), MOST)
def test_tally__of_a_whole_word__costs_what_the_bench_counts_on(system, who, seats, classes):
    rule = system.rules["weighted"]
    data = rule.data("tally", struct_of(word_of(seats, classes)))
    gas = int(rpc("eth_estimateGas", {"from": who.keeper, "to": rule.address, "data": "0x" + data.hex()}), 16)
    assert gas <= MOST[seats, classes]
