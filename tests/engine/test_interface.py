"""What the engine says to a contract and understands of it, against every ABI of the project and eth-abi."""

import pytest
from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.codec import decoded, signature_of, type_of
from tests.engine.interface import ERC20, Interface, Lexicon
from tests.engine.values import of_types, positional

EMITTER = "0x52908400098527886E0F7030069857D2E4169EE7"


@pytest.fixture(scope="module")
def interfaces(abis):
    return [Interface(name, abi) for name, abi in abis.items()]


def entries(interfaces, kind):
    """(interface, entry) of every function, event or error in the project."""
    return st.sampled_from([(one, entry) for one in interfaces for entry in one.abi if entry["type"] == kind])


def written(items, values):
    return encode([type_of(item) for item in items], list(map(positional, items, values)))


@given(data=st.data())
def test_function__any_call_of_the_project__is_as_eth_abi(interfaces, data):
    interface, entry = data.draw(entries(interfaces, "function"))
    args, results = data.draw(of_types(entry["inputs"])), data.draw(of_types(entry["outputs"]))
    function = interface.function(entry["name"], len(args))
    selector = function_signature_to_4byte_selector(signature_of(entry))
    assert function.call(args) == selector + written(entry["inputs"], args)
    assert function.answer(results) == written(entry["outputs"], results)
    assert function.changes_state == (entry["stateMutability"] in {"payable", "nonpayable"})


@given(data=st.data())
def test_log__any_event_of_the_project__is_as_the_evm_logs_it(interfaces, data):
    interface, entry = data.draw(entries(interfaces, "event"))
    values = data.draw(of_types(entry["inputs"]))
    named = {item["name"]: value for item, value in zip(entry["inputs"], values, strict=True)}
    indexed = [(item, named[item["name"]]) for item in entry["inputs"] if item["indexed"]]
    plain = [(item, named[item["name"]]) for item in entry["inputs"] if not item["indexed"]]
    emitter, topics, text = interface.log(EMITTER, entry["name"], named)
    assert emitter == EMITTER.lower()
    assert topics[0] == "0x" + keccak(text=signature_of(entry)).hex()
    assert topics[1:] == tuple("0x" + written([item], [value]).hex() for item, value in indexed)
    assert text == "0x" + written([item for item, _ in plain], [value for _, value in plain]).hex()


@given(data=st.data())
def test_explain_log__what_was_logged__is_told_by_name_in_the_order_of_the_declaration(interfaces, data):
    interface, entry = data.draw(entries(interfaces, "event"))
    values = data.draw(of_types(entry["inputs"]))
    named = {item["name"]: value for item, value in zip(entry["inputs"], values, strict=True)}
    lexicon = Lexicon()
    lexicon.learn(interface)
    name, told = lexicon.explain_log(interface.log(EMITTER, entry["name"], named))
    assert (name, list(told.items())) == (entry["name"], list(named.items()))


def test_explain_log__indexed_and_plain_values_mixed__keep_names_and_order():
    inputs = [
        {"name": "first", "type": "uint256", "indexed": False},
        {"name": "second", "type": "uint256", "indexed": True},
        {"name": "third", "type": "uint256", "indexed": False},
    ]
    interface, lexicon = Interface("Mixed", [{"type": "event", "name": "Mixed", "inputs": inputs}]), Lexicon()
    lexicon.learn(interface)
    values = {"first": 1, "second": 2, "third": 3}
    name, told = lexicon.explain_log(interface.log(EMITTER, "Mixed", values))
    assert (name, list(told.items())) == ("Mixed", list(values.items()))


@pytest.mark.parametrize("topics", [(), ("0x" + "12" * 32,)])
def test_explain_log__nobody_knows_it__is_told_as_it_is(topics):
    told = Lexicon().explain_log((EMITTER.lower(), topics, "0x1234"))
    assert told == ("unknown event", {"topics": list(topics), "data": "0x1234"})


def test_explain_log__transfers_of_a_token_and_of_a_licence__are_told_apart(abis):
    """ERC-20 and ERC-721 log the same first topic and differ in how many values are indexed."""
    lexicon, licence = Lexicon(), Interface("DatasetRegistry", abis["DatasetRegistry"])
    lexicon.learn(licence)
    people = {"from": EMITTER, "to": EMITTER}
    money = ERC20.log(EMITTER, "Transfer", {**people, "value": 5})
    token = licence.log(EMITTER, "Transfer", {**people, "tokenId": 5})
    assert money[1][0] == token[1][0]
    assert lexicon.explain_log(money) == ("Transfer", {**people, "value": 5})
    assert lexicon.explain_log(token) == ("Transfer", {**people, "tokenId": 5})


@given(data=st.data())
def test_revert__any_error_of_the_project__is_as_eth_abi_and_is_explained(interfaces, data):
    interface, entry = data.draw(entries(interfaces, "error"))
    values = data.draw(of_types(entry["inputs"]))
    lexicon = Lexicon()
    lexicon.learn(interface)
    text = lexicon.revert(entry["name"], values)
    selector = function_signature_to_4byte_selector(signature_of(entry))
    assert text == "0x" + (selector + written(entry["inputs"], values)).hex()
    assert lexicon.explain_revert(text) == (
        entry["name"],
        tuple(decoded(entry["inputs"], written(entry["inputs"], values))),
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("0x", ("", ())),
        ("0x08c379a0" + encode(["string"], ["no money, please"]).hex(), ("Error", ("no money, please",))),
        ("0x4e487b71" + encode(["uint256"], [0x11]).hex(), ("Panic", (0x11,))),
        ("0x12345678", ("unknown error", ("0x12345678",))),
    ],
)
def test_explain_revert__what_solidity_says_by_itself__is_explained(data, told):
    assert Lexicon().explain_revert(data) == told


def test_revert__without_error__has_no_data():
    assert Lexicon().revert("", ()) == "0x"


def test_learn__every_contract_of_the_project_at_once__has_one_meaning_for_each_error(interfaces):
    lexicon = Lexicon()
    for interface in interfaces:
        lexicon.learn(interface)
    assert {name for one in interfaces for name in one.errors} <= set(lexicon.errors)


def test_learn__two_errors_of_one_name__are_refused():
    def interface(kind):
        error = {"type": "error", "name": "TooLow", "inputs": [{"name": "amount", "type": kind}]}
        return Interface("Odd", [error])

    lexicon = Lexicon()
    lexicon.learn(interface("uint256"))
    lexicon.learn(interface("uint256"))
    with pytest.raises(ValueError, match="two errors TooLow"):
        lexicon.learn(interface("uint96"))


def overloaded():
    inputs = [{"name": "a", "type": "uint256"}, {"name": "b", "type": "bool"}]
    shared = {"type": "function", "name": "f", "outputs": [], "stateMutability": "nonpayable"}
    return Interface("Odd", [{**shared, "inputs": inputs[:count]} for count in range(3)])


@pytest.mark.parametrize(
    ("args", "signature"), [((), "f()"), ((1,), "f(uint256)"), ((1, True), "f(uint256,bool)")]
)
def test_function__overloaded__is_found_by_the_number_of_arguments(args, signature):
    call = overloaded().function("f", len(args)).call(args)
    assert call[:4] == function_signature_to_4byte_selector(signature)


def test_function__unknown__is_refused_with_what_there_is():
    with pytest.raises(KeyError, match=r"Odd has no f with 3 arguments, but \['f/0', 'f/1', 'f/2'\]"):
        overloaded().function("f", 3)


def test_log__unknown_event__is_refused_with_what_there_is():
    with pytest.raises(KeyError, match=r"ERC-20 has no event Transferred, but \['Transfer'\]"):
        ERC20.log(EMITTER, "Transferred", {})


def test_revert__unknown_error__is_refused_with_what_there_is():
    with pytest.raises(
        KeyError, match=r"no contract of the stage has an error TooLow, but \['Error', 'Panic'\]"
    ):
        Lexicon().revert("TooLow", ())


def test_constructor__with_and_without__is_what_the_abi_says(abis):
    inputs = Interface("PiggyBank", abis["PiggyBank"]).constructor()
    assert [(item["name"], item["type"]) for item in inputs] == [("owner_", "address")]
    assert ERC20.constructor() == []
