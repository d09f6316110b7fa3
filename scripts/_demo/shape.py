"""Checks plain data against TypedDicts: exactly their keys, and values of the stated types, all the way
down.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from scripts._demo.errors import SummaryError


def check(value: Any, wanted: Any, place: str) -> None:
    """Raises SummaryError, naming the place, where `value` is not of the type `wanted`.

    Knows TypedDict, list, dict with text keys, unions, Literal and plain types. A whole number passes as a
    float, a truth value does not pass as a number.
    """
    origin, arguments = get_origin(wanted), get_args(wanted)
    if is_typeddict(wanted):
        _check_record(value, wanted, place)
    elif origin is list:
        _expect(isinstance(value, list), value, "a list", place)
        for index, item in enumerate(value):
            check(item, arguments[0], f"{place}[{index}]")
    elif origin is dict:
        _expect(isinstance(value, Mapping), value, "an object", place)
        for key, item in value.items():
            check(item, arguments[1], f"{place}.{key}")
    elif origin is Literal:
        _expect(value in arguments, value, f"one of {', '.join(map(repr, arguments))}", place)
    elif origin in (types.UnionType, Union):
        _check_union(value, arguments, place)
    else:
        _expect(_is_plain(value, wanted), value, getattr(wanted, "__name__", str(wanted)), place)


def _check_record(value: Any, wanted: Any, place: str) -> None:
    _expect(isinstance(value, Mapping), value, "an object", place)
    fields = get_type_hints(wanted)
    if missing := fields.keys() - value.keys():
        raise SummaryError(f"{place}: {', '.join(sorted(missing))} is missing")
    if unknown := value.keys() - fields.keys():
        raise SummaryError(f"{place}: {', '.join(sorted(map(str, unknown)))} is not known here")
    for name, kind in fields.items():
        check(value[name], kind, f"{place}.{name}")


def _check_union(value: Any, choices: tuple[Any, ...], place: str) -> None:
    if value is None and type(None) in choices:
        return
    present = [choice for choice in choices if choice is not type(None)]
    _expect(value is not None and len(present) == 1, value, "a value", place)
    check(value, present[0], place)


def _is_plain(value: Any, wanted: type) -> bool:
    if wanted in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) if wanted is float else isinstance(value, wanted)


def _expect(holds: bool, value: Any, wanted: str, place: str) -> None:
    if not holds:
        raise SummaryError(f"{place}: expected {wanted}, got {str(value)[:60]!r}")
