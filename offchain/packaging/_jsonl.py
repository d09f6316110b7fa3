"""JSON Lines for training: chat, instruction and completion, exactly one of them in a file.

UTF-8 without a byte order mark, line feeds, no blank line, no key besides the schema's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Literal

from offchain.exceptions import InputError, SchemaError

Schema = Literal["chat", "instruction", "completion"]
SCHEMAS: tuple[Schema, ...] = ("chat", "instruction", "completion")
ROLES = {"system", "user", "assistant"}


def training_row(schema: Schema, instruction: str, text: str, answer: str) -> dict[str, Any]:
    """One example: what is asked, about which text, and the right answer. Raises InputError for an
    unknown schema.
    """
    if schema == "chat":
        turns = [("user", f"{instruction}\n\n{text}"), ("assistant", answer)]
        return {"messages": [{"role": role, "content": content} for role, content in turns]}
    if schema == "instruction":
        return {"instruction": instruction, "input": text, "output": answer}
    if schema == "completion":
        return {"text": f"{instruction}\n\n{text}\n\n{answer}"}
    raise InputError(f"there is no schema {schema!r}: choose one of {', '.join(SCHEMAS)}")


def write_jsonl(schema: Schema, rows: Iterable[dict[str, Any]]) -> bytes:
    """The rows as one file, keys in the schema's order. Raises SchemaError, which names the row."""
    lines: list[str] = []
    for number, row in enumerate(rows, 1):
        _check_row(schema, row, f"row {number}")
        lines.append(json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
    if not lines:
        raise SchemaError("a JSONL file has at least one row")
    try:
        return "".join(lines).encode()
    except UnicodeEncodeError as error:
        raise SchemaError(f"a row holds half a character, which UTF-8 cannot say: {error}") from error


def read_jsonl(schema: Schema, data: bytes) -> list[dict[str, Any]]:
    """The rows of a file. Raises SchemaError, which names the line, for whatever the schema does not
    allow.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise SchemaError("the file begins with a byte order mark: save it as plain UTF-8")
    if b"\r" in data:
        raise SchemaError("the file has carriage returns: lines end with a line feed alone")
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise SchemaError(f"the file is not UTF-8: byte {error.start} does not fit") from error
    if lines.pop() != "" or not lines:
        raise SchemaError("the file has no line, or its last line has no line feed")
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            raise SchemaError(f"line {number} is blank")
        try:
            row = json.loads(line, object_pairs_hook=_no_doubles)
        except (ValueError, RecursionError) as error:
            raise SchemaError(f"line {number} is not JSON: {error}") from error
        _check_row(schema, row, f"line {number}")
        rows.append(row)
    return rows


def _check_row(schema: Schema, row: Any, where: str) -> None:
    checks: dict[str, Callable[[dict[str, Any], str], None]] = {
        "chat": _check_chat,
        "instruction": _check_instruction,
        "completion": _check_completion,
    }
    if schema not in checks:
        raise InputError(f"there is no schema {schema!r}: choose one of {', '.join(SCHEMAS)}")
    if not isinstance(row, dict):
        raise SchemaError(f"{where} is not an object")
    checks[schema](row, where)


def _check_chat(row: dict[str, Any], where: str) -> None:
    _need_keys(row, ("messages",), where)
    messages = row["messages"]
    if not isinstance(messages, list) or not messages:
        raise SchemaError(f"{where}: `messages` is a list of at least one message")
    for position, message in enumerate(messages):
        if not isinstance(message, dict):
            raise SchemaError(f"{where}: a message is an object")
        _need_keys(message, ("role", "content"), where)
        _need_text(message, ("content",), where, empty=False)
        if message["role"] not in ROLES or (message["role"] == "system" and position > 0):
            raise SchemaError(f"{where}: message {position + 1} cannot have the role {message['role']!r}")
    roles = [message["role"] for message in messages]
    if roles[-1] != "assistant" or "user" not in roles:
        raise SchemaError(f"{where}: a conversation has a user, and its last message is the assistant's")


def _check_instruction(row: dict[str, Any], where: str) -> None:
    _need_keys(row, ("instruction", "input", "output"), where)
    _need_text(row, ("instruction", "output"), where, empty=False)
    _need_text(row, ("input",), where, empty=True)


def _check_completion(row: dict[str, Any], where: str) -> None:
    if set(row) == {"prompt", "completion"}:
        raise SchemaError(
            f"{where}: join prompt and completion into one `text`; trainers differ in how they do it"
        )
    _need_keys(row, ("text",), where)
    _need_text(row, ("text",), where, empty=False)


def _need_keys(row: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
    if set(row) != set(keys):
        found = ", ".join(row) or "none"
        raise SchemaError(f"{where} has the keys {found}: exactly {', '.join(keys)} belong there")


def _need_text(row: dict[str, Any], keys: tuple[str, ...], where: str, *, empty: bool) -> None:
    for key in keys:
        if not isinstance(row[key], str) or not (empty or row[key].strip()):
            raise SchemaError(f"{where}: `{key}` is a text" + ("" if empty else " that is not empty"))


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise SchemaError("a key occurs twice in one object")
    return row
