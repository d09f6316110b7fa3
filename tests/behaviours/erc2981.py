"""How every contract with ERC-2981 behaves."""

from tests.support.calls import ZERO, Contract

PRICES = (0, 1, 9_999, 10_000, 10_001, 123_456_789, 10**18 + 7, 2**128, 2**256 - 1)


def tells_the_royalty(contract: Contract, token_id: int, receiver: str, bps: int) -> None:
    """Of any price, the highest included, the receiver gets `bps` basis points rounded down."""
    for price in PRICES:
        assert contract.call("royaltyInfo", token_id, price) == (receiver, price * bps // 10_000)


def knows_no_royalty_of_what_is_not_there(contract: Contract, token_id: int) -> None:
    assert contract.call("royaltyInfo", token_id, 10**18) == (ZERO, 0)
