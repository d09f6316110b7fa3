"""How numbers, amounts, times and hashes are written on the report page."""

from __future__ import annotations

from scripts._demo.markup import Markup, tag
from scripts._demo.schema import Summary, Token


class Money:
    """Writes amounts of base units in the tokens of one summary."""

    def __init__(self, summary: Summary) -> None:
        self._tokens = {token["address"].lower(): token for token in summary["tokens"]}

    def token(self, address: str) -> Token:
        """The token at an address; one that is not listed is shown in base units under its address."""
        return self._tokens.get(address.lower()) or Token(address=address, symbol=short(address), decimals=0)

    def text(self, amount: str, address: str) -> str:
        """For instance "0.0256 ETH"."""
        token = self.token(address)
        return f"{decimal(amount, token['decimals'])} {token['symbol']}"

    def html(self, amount: str, address: str) -> Markup:
        """The same with the symbol set back and the exact base units as a tool tip."""
        token = self.token(address)
        symbol = tag("span", token["symbol"], class_="unit")
        written = decimal(amount, token["decimals"])
        return tag("span", written, " ", symbol, class_="money", title=f"{int(amount):,} base units")

    def exact(self, amount: str, address: str) -> Markup:
        """Every digit down to the base unit, the part after the sixth decimal set back."""
        written = decimal(amount, self.token(address)["decimals"])
        whole, point, digits = written.partition(".")
        return tag(
            "span", f"{whole}{point}{digits[:6]}", tag("span", digits[6:], class_="tail"), class_="money"
        )


def decimal(amount: str, decimals: int) -> str:
    """An integer of base units as a decimal number, exactly, without trailing zeros, with separated
    thousands.
    """
    value = int(amount)
    whole, part = divmod(abs(value), 10**decimals)
    digits = str(part).rjust(decimals, "0").rstrip("0") if decimals else ""
    return f"{'-' if value < 0 else ''}{whole:,}" + (f".{digits}" if digits else "")


def short(hexadecimal: str) -> str:
    """A hash or address that a person can compare: 0x1234…abcd."""
    return hexadecimal if len(hexadecimal) <= 14 else f"{hexadecimal[:6]}…{hexadecimal[-4:]}"


def code(hexadecimal: str) -> Markup:
    """A shortened hash with the whole one as its tool tip."""
    return tag("code", short(hexadecimal), title=hexadecimal)


def since(seconds: int) -> str:
    """A span of chain time: "0:00", "35 min", "2 h 05", "3 d 04 h"."""
    minutes, days = seconds // 60, seconds // 86_400
    if days:
        return f"{days} d {seconds % 86_400 // 3_600:02d} h"
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes} min" if minutes else f"{seconds} s"


def size(count: int) -> str:
    """A number of bytes with its unit: "512 B", "1.4 MB"."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1_000:
            return f"{value:.0f} B" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1_000
    return f"{value:.1f} GB"
