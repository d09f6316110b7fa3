import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._demo.errors import BooksError
from scripts._demo.ledger import (
    NATIVE,
    TRANSFER_TOPIC,
    Fee,
    Movement,
    fee_of,
    token_transfers,
    value_of,
    without_credits,
)
from scripts._demo.reconcile import as_summary, flows, reconcile

MARKET, WORKER, CREATOR, TOKEN = ("0x" + two * 20 for two in ("aa", "bb", "cc", "dd"))
TX = "0x" + "01" * 32


def move(sender, recipient, amount, token=NATIVE, tx=TX):
    return Movement(token, sender, recipient, amount, "test", tx)


def test_fee_of__failed_transaction__costs_gas_too():
    receipt = {
        "from": WORKER.upper().replace("X", "x"),
        "gasUsed": "0x5208",
        "effectiveGasPrice": 7,
        "status": 0,
    }
    assert fee_of(receipt | {"transactionHash": bytes.fromhex(TX[2:])}) == Fee(WORKER, 147_000, TX)


def test_value_of__success_failure_and_creation():
    receipt = {"status": "0x1", "to": MARKET, "transactionHash": TX}
    transaction = {"from": CREATOR, "value": "0x10"}
    assert value_of(transaction, receipt, "test") == [move(CREATOR, MARKET, 16)]
    assert value_of(transaction, receipt | {"status": 0}, "test") == []
    assert value_of(transaction | {"value": 0}, receipt, "test") == []
    created = {"status": 1, "to": None, "contractAddress": MARKET, "transactionHash": TX}
    assert value_of(transaction, created, "test") == [move(CREATOR, MARKET, 16)]


def test_token_transfers__only_erc20_logs_of_the_given_tokens():
    topics = [TRANSFER_TOPIC, "0x" + "00" * 12 + MARKET[2:], "0x" + "00" * 12 + WORKER[2:]]
    log = {"address": TOKEN, "topics": topics, "data": "0x" + f"{42:064x}"}
    nft = log | {"topics": [*topics, "0x" + "00" * 32], "data": "0x"}
    other = log | {"address": WORKER}
    receipt = {"transactionHash": TX, "logs": [log, nft, other, log | {"topics": ["0x" + "00" * 32]}]}
    assert token_transfers(receipt, [TOKEN], "test") == [move(MARKET, WORKER, 42, TOKEN)]


def test_transfer_topic__is_the_hash_of_the_signature():
    from Crypto.Hash import keccak  # noqa: PLC0415

    digest = keccak.new(digest_bits=256, data=b"Transfer(address,address,uint256)").hexdigest()
    assert f"0x{digest}" == TRANSFER_TOPIC


def test_without_credits__a_credit_cancels_what_was_not_paid():
    due = [move(MARKET, WORKER, 10), move(MARKET, CREATOR, 5), move(MARKET, WORKER, 3, tx="0x02")]
    assert without_credits(due, [move(MARKET, WORKER, 10)]) == due[1:]
    assert without_credits(due, [move(MARKET, WORKER, 4)])[0].amount == 6


def test_without_credits__credit_of_nothing_due__is_refused():
    with pytest.raises(ValueError, match="credits without a payment"):
        without_credits([move(MARKET, WORKER, 10)], [move(MARKET, WORKER, 11)])


def balances(**amounts):
    names = {"market": MARKET, "worker": WORKER, "creator": CREATOR}
    return {(NATIVE, names[name]): amount for name, amount in amounts.items()}


OPENING = balances(market=0, worker=100, creator=1_000)
CLOSING = balances(market=10, worker=138, creator=943)
MOVES = [move(CREATOR, MARKET, 50), move(MARKET, WORKER, 40)]
FEES = [Fee(CREATOR, 7, TX), Fee(WORKER, 2, TX)]
OWED = {(NATIVE, MARKET): 10}


def test_reconcile__right_books__balance():
    books = reconcile(MOVES, FEES, OPENING, CLOSING, OWED)
    assert books.balanced
    rows = {row.address: row for row in books.rows}
    worker = rows[WORKER]
    assert (worker.received, worker.sent, worker.gas, worker.expected) == (40, 0, 2, 138)
    assert rows[CREATOR].expected == 943


@given(st.sampled_from(sorted(CLOSING)), st.sampled_from([-1, 1]))
def test_reconcile__one_unit_off_anywhere__is_found(key, off):
    books = reconcile(MOVES, FEES, OPENING, CLOSING | {key: CLOSING[key] + off}, OWED)
    assert not books.balanced
    assert [row.difference for row in books.rows if row.address == key[1]] == [off]


def test_reconcile__two_errors_that_cancel__are_both_found():
    closing = CLOSING | {(NATIVE, WORKER): 139, (NATIVE, CREATOR): 942}
    assert len(reconcile(MOVES, FEES, OPENING, closing, OWED).differences()) == 2


def test_reconcile__liabilities_one_unit_higher__are_found():
    books = reconcile(MOVES, FEES, OPENING, CLOSING, {(NATIVE, MARKET): 11})
    assert books.differences({MARKET: "Market", NATIVE: "ETH"}.get) == (
        "Market holds 1 base unit of ETH too little for what it owes",
    )


def test_reconcile__case_of_addresses__does_not_matter():
    def upper(amounts):
        return {(token, "0x" + address[2:].upper()): n for (token, address), n in amounts.items()}

    assert reconcile(MOVES, FEES, upper(OPENING), CLOSING, OWED).balanced


def test_reconcile__money_at_an_unread_address__is_refused():
    with pytest.raises(BooksError, match=TOKEN):
        reconcile([*MOVES, move(MARKET, TOKEN, 0)], FEES, OPENING, CLOSING, OWED)


def test_reconcile__balance_read_only_once__is_refused():
    with pytest.raises(BooksError, match="read every address before and after"):
        reconcile(MOVES, FEES, OPENING | {(TOKEN, WORKER): 1}, CLOSING, OWED)


def test_reconcile__outside_addresses__are_not_followed():
    zero = NATIVE
    opening, closing = OPENING | {(TOKEN, WORKER): 0}, CLOSING | {(TOKEN, WORKER): 9}
    assert reconcile(
        [*MOVES, move(zero, WORKER, 9, TOKEN)], FEES, opening, closing, OWED, outside=[zero]
    ).balanced


@given(
    st.lists(
        st.tuples(
            st.sampled_from([MARKET, WORKER, CREATOR]),
            st.sampled_from([MARKET, WORKER, CREATOR]),
            st.integers(0, 9),
        ),
        max_size=12,
    )
)
def test_reconcile__any_movements__conserve_money(drawn):
    closing = dict(OPENING)
    for sender, recipient, amount in drawn:
        closing[NATIVE, sender] -= amount
        closing[NATIVE, recipient] += amount
    books = reconcile([move(*one) for one in drawn], [], OPENING, closing, {})
    assert books.balanced
    assert sum(row.expected for row in books.rows) == sum(OPENING.values())


def test_as_summary__amounts_are_exact_text():
    opening = OPENING | {(NATIVE, WORKER): 10**30}
    books = reconcile([], [], opening, opening, {})
    rows = {row["name"]: row for row in as_summary(books, lambda who: who[:4])["rows"]}
    assert rows["0xbb"]["opening"] == "1" + "0" * 30


def test_flows__are_added_up_by_route():
    found = flows([*MOVES, move(CREATOR, MARKET, 1), move(WORKER, MARKET, 0)])
    assert [(flow["sender"], flow["amount"]) for flow in found] == [(MARKET, "40"), (CREATOR, "51")]


def test_movement__negative__is_refused():
    with pytest.raises(ValueError, match="negative"):
        move(MARKET, WORKER, -1)
