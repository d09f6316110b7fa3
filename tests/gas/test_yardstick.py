"""
The plain escrow that Winnow is compared with does what it is compared for: it pays each task once
├── compiling it touches nothing of the project's own
├── rows
│   ├── in batches and one by one, and the parts sum up
│   └── their transactions are on the chain
└── money
    ├── a task is paid once, alone and in a batch
    ├── nobody takes what is not theirs: annotator, creator, stranger
    └── every wei that came in goes out, at the latest by refunds
"""

from typing import Any

import ape
import pytest

from scripts._gas.bench import DAY, REWARD, Bench, digest
from scripts._gas.yardstick import Yardstick, compile_yardstick

RESULT = digest("result")
OPEN, CLAIMED, SUBMITTED, PAID, REFUNDED = range(5)


@pytest.fixture(scope="module")
def yardstick(project: Any, accounts: Any, chain: Any) -> Yardstick:
    return Yardstick(Bench(project, accounts, chain), compile_yardstick(project))


@pytest.fixture
def escrow(yardstick: Yardstick) -> Any:
    return yardstick.escrow


@pytest.fixture
def annotator(yardstick: Yardstick) -> Any:
    return yardstick.annotator


@pytest.fixture
def creator(yardstick: Yardstick) -> Any:
    return yardstick.creator


@pytest.fixture
def stranger(yardstick: Yardstick) -> Any:
    return yardstick.bench.buyer


@pytest.fixture
def job(yardstick: Yardstick) -> int:
    """Four tasks; the first two are submitted, the third is claimed, the last is open."""
    job_id, _ = yardstick.create(4)
    for task in range(3):
        yardstick.escrow.claim(job_id, task, sender=yardstick.annotator)
    yardstick.escrow.submitBatch(job_id, [0, 1], [RESULT, RESULT], sender=yardstick.annotator)
    return job_id


def test_compile__beside_other_commands__leaves_what_ape_keeps_of_the_project_alone(project):
    """A command that started while Ape rewrote that file found none, and compiled everything anew."""
    project.load_contracts()
    kept = project.path / ".build" / "__local__.json"
    before = kept.stat()
    compile_yardstick(project)
    after = kept.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def status(escrow: Any, job: int, task: int) -> int:
    return escrow.tasks(job, task).status


def test_rows__in_batches_and_one_by_one__are_there_and_sum_up(yardstick: Yardstick, chain: Any) -> None:
    list(yardstick.measure(4, single=2))
    rows = {row.name.removeprefix("baseline.naive."): row for row in yardstick.bench.rows}
    acts = [rows[f"batch4.{act}"] for act in ("claim", "submit", "approve")]
    assert rows["batch4.total_per_task"].gas == sum(act.gas for act in acts)
    assert [len(act.tx) for act in acts] == [4, 1, 1]
    sizes = {name: row.units for name, row in rows.items() if name.endswith("total_per_task")}
    assert sizes == {"batch4.total_per_task": 4, "batch1.total_per_task": 1, "single2.total_per_task": 2}
    assert len(rows["single2.total_per_task"].tx) == 6
    for row in rows.values():
        assert row.gas == sum(chain.provider.get_receipt(tx).gas_used for tx in row.tx)


def test_create__wrong_bounty__is_refused(escrow: Any, creator: Any) -> None:
    with ape.reverts(escrow.WrongBounty, sent=3 * REWARD - 1, needed=3 * REWARD):
        escrow.createJob(REWARD, 3, 60, 60, RESULT, sender=creator, value=3 * REWARD - 1)


def test_approve__a_task__pays_it_once(escrow: Any, annotator: Any, creator: Any, job: int) -> None:
    before = annotator.balance
    receipt = escrow.approve(job, 0, sender=creator)
    assert receipt.events == [escrow.TaskPaid(job, 0, annotator, REWARD)]
    assert annotator.balance == before + REWARD
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=0, status=PAID):
        escrow.approve(job, 0, sender=creator)


def test_approve_batch__pays_each_task_once(escrow: Any, annotator: Any, creator: Any, job: int) -> None:
    before = annotator.balance
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=0, status=PAID):
        escrow.approveBatch(job, [0, 1, 0], sender=creator)
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=2, status=CLAIMED):
        escrow.approveBatch(job, [0, 1, 2], sender=creator)
    escrow.approveBatch(job, [0, 1], sender=creator)
    assert annotator.balance == before + 2 * REWARD


def test_approve__stranger__only_after_the_review_window(
    escrow: Any, annotator: Any, stranger: Any, chain: Any, job: int
) -> None:
    with ape.reverts(escrow.WrongAccount, account=stranger):
        escrow.approve(job, 0, sender=stranger)
    before = annotator.balance
    chain.mine(deltatime=3 * DAY + 1)
    escrow.approve(job, 0, sender=stranger)
    assert annotator.balance == before + REWARD


def test_reject__in_time__opens_the_task_for_others(
    escrow: Any, creator: Any, stranger: Any, chain: Any, job: int
) -> None:
    with ape.reverts(escrow.WrongAccount, account=stranger):
        escrow.reject(job, 0, sender=stranger)
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=2, status=CLAIMED):
        escrow.reject(job, 2, sender=creator)
    escrow.reject(job, 0, sender=creator)
    assert status(escrow, job, 0) == OPEN
    escrow.claim(job, 0, sender=stranger)
    chain.mine(deltatime=3 * DAY + 1)
    with ape.reverts(escrow.TooLate, until=escrow.tasks(job, 1).until):
        escrow.reject(job, 1, sender=creator)


def test_claim__taken_task__is_free_after_the_claim_window(
    escrow: Any, annotator: Any, stranger: Any, chain: Any, job: int
) -> None:
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=2, status=CLAIMED):
        escrow.claim(job, 2, sender=stranger)
    with ape.reverts(escrow.NoSuchTask, jobId=job, taskId=4):
        escrow.claim(job, 4, sender=stranger)
    until = escrow.tasks(job, 2).until
    chain.mine(deltatime=1_801)
    with ape.reverts(escrow.TooLate, until=until):
        escrow.submit(job, 2, RESULT, sender=annotator)
    escrow.claim(job, 2, sender=stranger)
    with ape.reverts(escrow.WrongAccount, account=annotator):
        escrow.submit(job, 2, RESULT, sender=annotator)
    escrow.submit(job, 2, RESULT, sender=stranger)
    assert escrow.tasks(job, 2).result == RESULT


def test_submit__twice_or_unequal_lists__is_refused(escrow: Any, annotator: Any, job: int) -> None:
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=0, status=SUBMITTED):
        escrow.submit(job, 0, RESULT, sender=annotator)
    with ape.reverts(escrow.LengthMismatch, taskIds=1, results=2):
        escrow.submitBatch(job, [2], [RESULT, RESULT], sender=annotator)


def test_refund__only_the_creator_and_only_what_nobody_works_on(
    escrow: Any, creator: Any, stranger: Any, job: int
) -> None:
    with ape.reverts(escrow.WrongAccount, account=stranger):
        escrow.refund(job, 3, sender=stranger)
    for task, found in ((0, SUBMITTED), (2, CLAIMED)):
        with ape.reverts(escrow.WrongStatus, jobId=job, taskId=task, status=found):
            escrow.refund(job, task, sender=creator)
    escrow.refund(job, 3, sender=creator)
    with ape.reverts(escrow.WrongStatus, jobId=job, taskId=3, status=REFUNDED):
        escrow.refund(job, 3, sender=creator)


def test_money__after_payment_and_refunds__nothing_is_left(
    escrow: Any, creator: Any, chain: Any, job: int
) -> None:
    held = escrow.balance
    escrow.approveBatch(job, [0, 1], sender=creator)
    chain.mine(deltatime=1_801)
    for task in (2, 3):
        before = creator.balance
        receipt = escrow.refund(job, task, sender=creator)
        assert creator.balance == before + REWARD - receipt.total_fees_paid
    assert escrow.balance == held - 4 * REWARD
