"""Amounts, times, shares, tasks and addresses as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError
from scripts._chain.amounts import parse_amount, parse_moment, parse_seconds, parse_share, when
from scripts._chain.datasets import first_difference
from scripts._chain.places import ref_of
from scripts._chain.tasks import parse_tasks, show_tasks
from scripts._chain.transactions import rpc_value
from scripts._networks import Coin

NOW = 2_000_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1_800), ("1h30m", 5_400), ("2d", 172_800), ("0.5h", 1_800), (7, 7)],
)
def test_parse_seconds(text, seconds) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "5 apples", "-3m", "3m!", "1.5"])
def test_parse_seconds__no_duration__is_refused(text) -> None:
    with pytest.raises(InputError, match="duration"):
        parse_seconds(text)


def test_parse_moment__duration_date_or_unix() -> None:
    assert parse_moment("2d", NOW) == NOW + 172_800
    assert parse_moment("2033-05-18T03:33:21", NOW) == NOW + 1
    assert parse_moment("2033-05-18T05:33:21+02:00", NOW) == NOW + 1
    assert parse_moment(NOW + 5, NOW) == NOW + 5
    assert parse_moment(60, NOW) == NOW + 60


@pytest.mark.parametrize(
    ("text", "bps"), [("2.5%", 250), ("250", 250), (250, 250), ("0%", 0), ("100%", 10_000)]
)
def test_parse_share(text, bps) -> None:
    assert parse_share(text) == bps


@pytest.mark.parametrize("text", ["101%", "-1", "0.005%", "much", "2.5"])
def test_parse_share__impossible__is_refused(text) -> None:
    with pytest.raises(InputError, match="share"):
        parse_share(text)


def test_parse_amount__floats_of_toml_are_exact() -> None:
    coin = Coin("X", 18, 18)
    assert parse_amount(coin, 0.1) == 10**17
    assert parse_amount(coin, "0.000000000000000001") == 1
    with pytest.raises(InputError, match="amount"):
        parse_amount(Coin("X", 6, 6), "0.0000001")


def test_rpc_value__hedera_counts_in_two_units() -> None:
    assert rpc_value(Coin("HBAR", 8, 18), 3) == 3 * 10**10
    assert rpc_value(Coin("ETH", 18, 18), 3) == 3


def test_when__says_how_far() -> None:
    assert when(NOW + 7_200, NOW).endswith("(in 2h)")
    assert when(NOW - 90, NOW).endswith("(1m ago)")
    assert when(0, NOW) == "-"


@given(st.sets(st.integers(0, 2_000), min_size=1))
def test_tasks__shown_and_read_again(tasks) -> None:
    assert parse_tasks(show_tasks(tasks)) == sorted(tasks)


@pytest.mark.parametrize("text", ["", "a", "5-3", "1--2", "0-9999999", "1,,2"])
def test_parse_tasks__no_tasks__is_refused(text) -> None:
    with pytest.raises(InputError, match="names no tasks"):
        parse_tasks(text)


def test_ref_of__needs_root_and_length() -> None:
    root = "0x" + "ab" * 32
    assert ref_of(f"local://{root}-7").length == 7
    remote = ref_of(f"ipfs://bafk?root={root}&length=9")
    assert (remote.uri, remote.length, remote.root.hex()) == ("ipfs://bafk", 9, "ab" * 32)
    for uri in ("ipfs://bafk", f"local://../{root}-7", f"https://x/?root={root}&length=9", "local://x"):
        with pytest.raises(InputError, match="address"):
            ref_of(uri)


def test_first_difference__names_the_place() -> None:
    one, two = b'{"a":[1,{"b":2}]}', b'{"a":[1,{"b":3}]}'
    assert first_difference("x.json", one, two) == "x.json: a[1].b is 3, recomputed 2"
    assert "line 2" in first_difference("x.jsonl", b"1\n2\n", b"1\n3\n")
    assert "line 3" in first_difference("x.jsonl", b"1\n2", b"1\n2\n3")
