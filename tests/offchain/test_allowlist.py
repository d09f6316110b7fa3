import pytest
from eth_abi import encode
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError
from offchain.hashing import AllowList, allow_list_leaf, checksum_address, keccak256, verify_allow_list_proof
from tests.offchain.samples import ANNOTATOR, MARKET, OTHER

ADDRESSES = st.sets(st.binary(min_size=20, max_size=20), min_size=1, max_size=40)


def test_leaf__is_that_of_openzeppelins_standard_tree():
    assert allow_list_leaf(ANNOTATOR) == keccak256(keccak256(encode(["address"], [ANNOTATOR])))


@given(ADDRESSES, st.data())
def test_proof__members_pass_and_others_do_not(addresses, data):
    members = AllowList(addresses)
    member = data.draw(st.sampled_from(sorted(addresses)))
    stranger = keccak256(b"".join(sorted(addresses)))[:20]
    assert verify_allow_list_proof(members.root, member, members.proof(member))
    assert not verify_allow_list_proof(members.root, stranger, members.proof(member))
    assert member in members
    assert stranger not in members
    with pytest.raises(InputError):
        members.proof(stranger)


def test_root__order_and_doubles_do_not_matter():
    assert AllowList([MARKET, ANNOTATOR, OTHER]).root == AllowList([OTHER, MARKET, ANNOTATOR, OTHER]).root


def test_root__of_two__hashes_the_smaller_first():
    low, high = sorted([allow_list_leaf(ANNOTATOR), allow_list_leaf(OTHER)])
    assert AllowList([ANNOTATOR, OTHER]).root == keccak256(low + high)


def test_list__empty__is_refused():
    with pytest.raises(InputError):
        AllowList([])


def test_checksum__vectors_of_eip_55():
    for address in (
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    ):
        assert checksum_address(address.lower()) == address
        with pytest.raises(InputError, match="checksum"):
            checksum_address(address.swapcase().replace("0X", "0x"))
