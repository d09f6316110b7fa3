"""How every contract with ERC-165 behaves."""

from collections.abc import Iterable

from tests.support.calls import Contract, rpc

IDS = {
    "ERC-165": "01ffc9a7",
    "ERC-721": "80ac58cd",
    "ERC-721 metadata": "5b5e139f",
    "ERC-2981": "2a55205a",
}
GAS_LIMIT = 30_000  # the standard's


def supports_exactly(contract: Contract, names: Iterable[str]) -> None:
    """It supports these interfaces of `IDS` and no other of them, and not the one that means none."""
    supported = {name for name, id_ in IDS.items() if contract.call("supportsInterface", bytes.fromhex(id_))}
    assert supported == set(names) | {"ERC-165"}
    assert contract.call("supportsInterface", b"\xff" * 4) is False
    assert contract.call("supportsInterface", b"\x12\x34\x56\x78") is False


def answers_within_the_standards_gas(contract: Contract) -> None:
    intrinsic = 21_000 + 16 * 36
    data = "0x" + contract.data("supportsInterface", b"\x01\xff\xc9\xa7").hex()
    request = {"to": contract.address, "data": data, "gas": hex(intrinsic + GAS_LIMIT)}
    assert int(rpc("eth_call", request, "latest"), 16) == 1
