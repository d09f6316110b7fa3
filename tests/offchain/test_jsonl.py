import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.exceptions import InputError, SchemaError
from offchain.packaging import SCHEMAS, read_jsonl, training_row, write_jsonl

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(st.sampled_from(SCHEMAS), st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=4))
def test_rows__there_and_back__and_strict_about_bytes(schema, examples):
    rows = [training_row(schema, *example) for example in examples]
    data = write_jsonl(schema, rows)
    assert read_jsonl(schema, data) == rows
    assert data.count(b"\n") == len(rows)
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")


@given(WORDS, WORDS, WORDS)
def test_row__of_each_schema__says_the_answer_last(instruction, text, answer):
    assert training_row("chat", instruction, text, answer)["messages"][-1] == {
        "role": "assistant",
        "content": answer,
    }
    assert training_row("instruction", instruction, text, answer)["output"] == answer
    assert training_row("completion", instruction, text, answer)["text"].endswith(f"\n\n{answer}")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_reader__refuses_the_other_schemas(schema):
    for other in set(SCHEMAS) - {schema}:
        with pytest.raises(SchemaError, match="line 1"):
            read_jsonl(schema, write_jsonl(other, [training_row(other, "i", "t", "a")]))


GOOD = {schema: write_jsonl(schema, [training_row(schema, "ask", "text", "yes")]) for schema in SCHEMAS}


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data + b"\n",
        lambda data: data[:-1],
        lambda data: data + b"[]\n",
        lambda data: data + b"{}\n",
        lambda data: data + data[:-2] + b',"extra":1}\n',
        lambda data: data + b"{\n",
        lambda data: data + b"\xff\n",
        lambda _: b"",
    ],
)
def test_reader__refuses_spoilt_files(schema, spoil):
    with pytest.raises(SchemaError):
        read_jsonl(schema, spoil(GOOD[schema]))


def messages(*turns):
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


@pytest.mark.parametrize(
    "row",
    [
        messages(("user", "q")),  # nobody answers
        messages(("assistant", "a")),  # nobody asks
        messages(("user", "q"), ("assistant", " ")),
        messages(("user", "q"), ("system", "s"), ("assistant", "a")),
        messages(("user", "q"), ("tool", "s"), ("assistant", "a")),
        messages(),
        {"messages": "q"},
        {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "name": "x"}]},
        {"messages": [{"role": "user", "content": 1}, {"role": "assistant", "content": "a"}]},
        {"messages": ["q", "a"]},
    ],
)
def test_chat__what_a_trainer_would_trip_over__is_refused(row):
    with pytest.raises(SchemaError, match="line 1"):
        read_jsonl("chat", json.dumps(row).encode() + b"\n")
    with pytest.raises(SchemaError, match="row 1"):
        write_jsonl("chat", [row])


def test_chat__system_message_may_lead():
    row = messages(("system", "s"), ("user", "q"), ("assistant", "a"))
    assert read_jsonl("chat", write_jsonl("chat", [row])) == [row]


def test_completion__of_two_columns__is_to_be_joined():
    with pytest.raises(SchemaError, match="join prompt and completion"):
        write_jsonl("completion", [{"prompt": "a", "completion": "b"}])


def test_instruction__input_may_be_empty__but_no_output():
    write_jsonl("instruction", [{"instruction": "i", "input": "", "output": "o"}])
    with pytest.raises(SchemaError):
        write_jsonl("instruction", [{"instruction": "i", "input": "", "output": ""}])


def test_doubled_key__is_refused():
    with pytest.raises(SchemaError, match="twice"):
        read_jsonl("completion", b'{"text":"a","text":"b"}\n')


def test_unknown_schema_and_no_rows__are_refused():
    with pytest.raises(InputError):
        training_row("poem", "i", "t", "a")
    with pytest.raises(InputError):
        read_jsonl("poem", b"{}\n")
    with pytest.raises(SchemaError):
        write_jsonl("chat", [])
    with pytest.raises(SchemaError, match="half a character"):
        write_jsonl("completion", [{"text": "\ud800"}])
