"""What the market's interface says that tasks and jobs cost, computed anew."""

from dataclasses import dataclass

from offchain.terms import UNIT, JobTerms, class_of_word, unpack_multipliers


@dataclass(frozen=True)
class TaskMoney:
    """What one task of a word moves, in base units."""

    reward: int
    fee: int
    bond: int
    reject_fee: int

    @property
    def locked(self) -> int:
        return self.reward + self.fee

    @property
    def paid(self) -> int:
        return self.reward + self.bond


def task_money(terms: JobTerms, word: int = 0) -> TaskMoney:
    """What the interface promises for a task of `word`."""
    multiplier = UNIT
    if terms.multipliers:
        multiplier = unpack_multipliers(terms.multipliers)[class_of_word(terms.word_classes, word)]
    reward = terms.reward * multiplier // UNIT
    return TaskMoney(
        reward=reward,
        fee=reward * terms.fee_bps // UNIT,
        bond=-(-terms.reward * terms.bond_bps // UNIT),
        reject_fee=-(-reward * terms.reject_fee_bps // UNIT),
    )


def tasks_in(task_count: int, word: int) -> int:
    """The mask of the tasks that exist in a word."""
    return (1 << max(0, min(256, task_count - 256 * word))) - 1


def bounty(terms: JobTerms) -> int:
    """What opening a job costs."""
    words = range(-(-terms.task_count // 256))
    return sum(
        tasks_in(terms.task_count, word).bit_count() * task_money(terms, word).locked for word in words
    )
