"""One way to write a JSON value, so that the same result always has the same hash."""

import json
from typing import Any

from offchain.exceptions import InputError, SchemaError
from offchain.hashing._keccak import keccak256


def canonical_json(value: Any) -> bytes:
    """UTF-8, keys sorted by code point, no spaces, no NaN, no lone surrogates. Raises InputError for what
    JSON cannot say.
    """
    _check_keys(value)
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"this cannot be written as canonical JSON: {error}") from error


def parse_canonical_json(data: bytes) -> Any:
    """The value of canonical JSON. Raises SchemaError for any other way to write it, double keys included."""
    try:
        value = json.loads(data)
        again = canonical_json(value)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"this is not JSON: {error}") from error
    if again != data:
        raise SchemaError("this JSON is not in canonical form: write it with canonical_json")
    return value


def result_hash(result: Any) -> bytes:
    """Keccak-256 of the canonical JSON of a result, 32 bytes: what the leaf of its task holds."""
    return keccak256(canonical_json(result))


def _check_keys(value: Any) -> None:
    """json.dumps would turn the keys 1 and True into text, silently."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                raise InputError(
                    f"the keys of a JSON object are texts, not {[k for k in item if not isinstance(k, str)]}"
                )
            stack.extend(item.values())
        elif isinstance(item, list | tuple):
            stack.extend(item)
