"""The keeper does what anyone may do, once, and nobody pays him for it."""

from types import SimpleNamespace

import pytest

from offchain.exceptions import IntegrityError
from offchain.indexer import IndexedClaim, IndexedJob
from offchain.states import ClaimState, DisputeState
from offchain.terms import JobTerms
from scripts._chain.jobs import job_duties
from tests.scripts.conftest import terms, write_results
from tests.scripts.consensus import ANN, BEN, CLEO, CREATOR, CROWD, DAY, KEEPER, TASKS, Job

PAY = 10**16
CREATOR_ADDRESS = "0x" + "11" * 20


@pytest.fixture
def job(market, content, tmp_path):
    return Job(market, content, tmp_path)


@pytest.fixture(autouse=True)
def looks(monkeypatch):
    """A round that never ends fails, instead of hanging."""
    from scripts._keeper import rounds  # noqa: PLC0415

    look, left = rounds._look, iter(range(50))

    def counted(*args):
        assert next(left, None) is not None, "the keeper tries the same again and again"
        return look(*args)

    monkeypatch.setattr(rounds, "_look", counted)


def keep(run, *more):
    """A round; (act, note) of each row."""
    return [(row["act"], row["note"]) for row in run("keeper", *more, by=KEEPER)]


def done(*acts):
    return [(act, "done") for act in acts]


def test_keeper__whose_creator_is_silent__ends_everything(job, accounts) -> None:
    """Seats are paid in full without gold, silent ones slashed, the job closed; the keeper gets nothing,
    round after round (T64).
    """
    run = job.run
    job.create()
    for who in CROWD:
        job.sit(who)
    assert keep(run) == []
    job.wait("seats")
    job.do("reveal", ANN)
    job.do("reveal", BEN)
    job.wait("reveals")
    before = {who: accounts[who].balance for who in (ANN, BEN, KEEPER)}
    assert keep(run, "--dry-run") == [("slashSilent", "")]
    assert keep(run) == done("slashSilent")
    assert keep(run) == []
    job.wait("gold")
    assert keep(run) == done("settle", "close")
    assert run.nothing_sent("keeper", by=KEEPER) == []
    assert [accounts[who].balance - before[who] for who in (ANN, BEN)] == [TASKS * PAY] * 2
    assert accounts[KEEPER].balance < before[KEEPER]
    assert run("quality", "status", by=KEEPER)["credits"] == []
    assert job.status()["state"] == "Closed"
    staked = [float(run("stake", "status", by=who)["locked"].split()[0]) for who in CROWD]
    assert staked == [0, 0, 0]


def test_keeper__scores_and_settles_what_is_measured(job) -> None:
    job.opened(0, 2, 4)
    assert keep(job.run) == []
    job.wait("gold")
    assert keep(job.run) == done("scoreAndSettle", "close")
    assert keep(job.run) == []
    assert job.status()["word_rows"][0]["state"] == "Settled"


def test_keeper__too_late_to_settle__expires_and_frees_stakes(job) -> None:
    run = job.run
    job.revealed(0, 0)
    job.wait("settlement")
    assert keep(run) == done("expire", "close")
    job.create(seats="1d")
    job.sit(ANN)
    run.wait(60 * DAY)
    run("stake", "unbond", "5", by=BEN)
    assert keep(run) == done("slashSilent", "reclaim", "close")
    run.wait(60 * DAY)
    assert keep(run, "--only", "jobs", "--only", "consensus") == []
    assert keep(run, "--only", "stakes") == done("collect")
    assert keep(run) == []


def test_keeper__with_experts__ends_challenges(job, accounts) -> None:
    job.opened(expert=accounts[7].address, challenge_bond="0.001")
    job.wait("gold")
    job.do("challenge", ANN, "--tasks", "0")
    before = accounts[ANN].balance
    job.wait("experts")
    assert keep(job.run) == done("settleChallenge")
    assert keep(job.run) == [], "a word with undecided challenges cannot be scored"
    job.wait("scores")
    assert keep(job.run) == done("settle", "close")
    assert accounts[ANN].balance - before == 10**15 + TASKS * PAY


def test_keeper__on_the_annotation_market(market, content, tmp_path) -> None:
    run = market
    run("job", "create", *terms(content, bond="10%"))
    for worker, tasks in ((ANN, "0-3"), (BEN, "4-5")):
        run("job", "claim", 1, "--tasks", tasks, by=worker)
    results = write_results(tmp_path / "r.jsonl", dict.fromkeys(range(4), "answer"))
    run("job", "submit", 1, "--results", results, by=ANN)
    assert keep(run) == []
    run.wait(4 * DAY)
    assert sorted(keep(run)) == done("finalize", "releaseExpired")
    assert keep(run) == []
    run.wait(10 * DAY)
    assert keep(run) == done("close")
    assert run("job", "status", 1)["state"] == "Closed"
    assert keep(run) == []


def test_duties_of_the_annotation_market__begin_after_the_last_second() -> None:
    windows = {"claim_window": 50, "review_window": 100, "appeal_window": 20, "decision_window": 30}
    content = {"data_root": bytes(32), "data_length": 0, "instructions_hash": bytes(32)}
    terms = JobTerms(
        creator=CREATOR_ADDRESS, reward=1, task_count=9, deadline=500, max_open=9, **windows, **content
    )
    job = IndexedJob(1, terms, bytes(32), open=3, free_funds=3, owed=9)
    claims = [
        IndexedClaim(1, CREATOR_ADDRESS, 0, 1, 10),
        IndexedClaim(2, CREATOR_ADDRESS, 0, 2, 10, ClaimState.SUBMITTED),
        IndexedClaim(3, CREATOR_ADDRESS, 0, 0, 0, ClaimState.SUBMITTED, DisputeState.REJECTED, 4, 200),
        IndexedClaim(4, CREATOR_ADDRESS, 0, 0, 0, ClaimState.SUBMITTED, DisputeState.APPEALED, 8, 300),
    ]
    ends = {"releaseExpired": 10, "finalize": 110, "settleRejection": 220, "settleAppeal": 330, "close": 500}
    for act, end in ends.items():
        before, after = ({duty.act for duty in job_duties(job, claims, now)} for now in (end, end + 1))
        assert after - before == {act}


def test_keeper__somebody_was_faster__is_skipped(job, monkeypatch) -> None:
    """What another keeper has done between look and call costs nothing and stops nothing."""
    from scripts._keeper import rounds  # noqa: PLC0415

    job.create()
    job.sit(ANN)
    job.wait("reveals")
    perform, others = rounds.perform, []

    def after_another(system, account, duty):
        if duty.act == "slashSilent":
            others.append(perform(system, account, duty))
        return perform(system, account, duty)

    monkeypatch.setattr(rounds, "perform", after_another)
    (slashed, closed) = keep(job.run)
    assert slashed[0] == "slashSilent"
    assert "skipped" in slashed[1]
    assert "WrongSeat" in slashed[1]
    assert closed == ("close", "done")
    assert len(others) == 1


@pytest.fixture
def two_silent(job):
    """Two jobs with a seat each that nobody revealed."""
    for _ in range(2):
        job.create(pay=f"0.0{job.number + 1}")
        job.sit(ANN)
    job.wait("reveals")
    return job


def test_act_that_fails__stops_no_other__and_is_named(two_silent, monkeypatch) -> None:
    from ape.exceptions import ProviderError  # noqa: PLC0415

    from scripts._keeper import rounds  # noqa: PLC0415

    perform = rounds.perform

    def failing(system, account, duty):
        if duty.arguments[0] == 1:
            raise ProviderError("the line broke")
        return perform(system, account, duty)

    monkeypatch.setattr(rounds, "perform", failing)
    run = two_silent.run
    said = run.refused("keeper", by=KEEPER)
    assert "failed, the others were tried: slashSilent (job 1, word 0: 1 seat)\n" in said
    monkeypatch.setattr(rounds, "perform", perform)
    assert keep(run) == done("slashSilent", "close"), "what was due in job 2 is done"


def test_max_gas__ends_a_round__and_says_what_is_left(two_silent) -> None:
    run = two_silent.run
    chain, before = run.chain, run.chain.snapshot()
    gas = run("keeper", by=KEEPER)[0]["gas"]
    chain.restore(before)
    left = run.nothing_sent("keeper", "--max-gas", gas // 2, by=KEEPER)
    assert [(row["act"], row["note"].split(",")[0]) for row in left] == [("slashSilent", "left")] * 2
    assert f"more than the {gas // 2:,} of a round" in left[0]["note"]
    estimate = int(left[0]["note"].split()[3].replace(",", ""))
    first, second = keep(run, "--max-gas", estimate + gas // 2)
    assert (first, second[1].split(",")[0]) == (("slashSilent", "done"), "left")
    assert f"of {estimate + gas // 2:,} are left" in second[1]
    assert keep(run, "--max-gas", gas * 30) == done("close", "slashSilent", "close")


def test_max_fee__nothing_is_sent_while_gas_is_dearer(two_silent, monkeypatch) -> None:
    from scripts._keeper import rounds  # noqa: PLC0415

    run, prices = two_silent.run, iter([21 * 10**8, 2 * 10**9, 2 * 10**9, 3 * 10**9, 1, 1])
    monkeypatch.setattr(rounds, "price_now", lambda _: next(prices))
    head = run.chain.blocks.head.number
    said = run.refused("keeper", "--max-fee", "2", by=KEEPER)
    assert "gas costs 2.1 gwei, more than 2" in said
    assert "too dear" in said
    assert run.chain.blocks.head.number == head
    # The keeper's own: Ape sleeps, too, where the node takes its time, and would be stopped in mid-act.
    own = SimpleNamespace(sleep=lambda _: run.chain.blocks.head.number > head + 3 and stop())
    monkeypatch.setattr("scripts.keeper.time", own)
    text = run.text("keeper", "--watch", "--max-fee", "2", by=KEEPER)
    assert [text.count(what) for what in ("done", "left, gas costs 3 gwei", "close ")] == [4, 1, 4]


def stop():
    raise KeyboardInterrupt


def test_watch__goes_on_until_it_is_stopped(job, monkeypatch) -> None:
    job.create()
    job.sit(CLEO)
    rounds = []

    def sleep(seconds):
        rounds.append(seconds)
        if len(rounds) == 3:
            raise KeyboardInterrupt
        job.run.wait(2 * DAY)

    # The keeper's own: Ape sleeps, too, where the node takes its time.
    monkeypatch.setattr("scripts.keeper.time", SimpleNamespace(sleep=sleep))
    text = job.run.text("keeper", "--watch", "--interval", 7, by=KEEPER)
    assert rounds == [7, 7, 7]
    assert (text.count("slashSilent"), text.count("close ")) == (1, 1)


def test_reorganised_chain__is_read_anew(job) -> None:
    from scripts._keeper.books import Book  # noqa: PLC0415

    chain, before = job.run.chain, job.run.chain.snapshot()
    book = Book(job.system(), "LabelConsensus")
    job.create()
    book.catch_up()
    assert set(book.fold.jobs) == {1}
    chain.restore(before)
    chain.mine(40)
    book.catch_up()
    assert set(book.fold.jobs) == set()


def test_events_that_do_not_follow__are_read_anew(job, monkeypatch) -> None:
    from offchain.indexer import ConsensusIndexer  # noqa: PLC0415
    from scripts._keeper.books import Book  # noqa: PLC0415

    def gap(*_):
        raise IntegrityError("a gap")

    job.create()
    book = Book(job.system(), "LabelConsensus")
    with monkeypatch.context() as patch:
        patch.setattr(ConsensusIndexer, "apply", gap)
        with pytest.raises(IntegrityError):
            book.catch_up()
    job.sit(ANN)
    book.catch_up()
    assert set(book.fold.jobs[1].words) == {0}


def test_annotation_market_alone__is_enough(run) -> None:
    run("deploy", "annotation", by=0)
    assert run("keeper", by=KEEPER) == []
    assert "LabelConsensus" in run.refused("quality", "status", by=CREATOR)
