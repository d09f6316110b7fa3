"""How a model says that the contract must refuse a call."""

from typing import Any


class Revert(Exception):  # noqa: N818 - the word of the trade
    """The call reverts with the custom error `error` and exactly these values, in the order of its
    declaration.
    """

    def __init__(self, error: str, *values: Any) -> None:
        super().__init__(f"{error}{values}")
        self.error, self.values = error, values
