"""Whether the code at an address is the code that was compiled."""

from __future__ import annotations

PUSH1, PUSH32 = 0x60, 0x7F
WORD = 32


def immutables(compiled: bytes) -> list[int]:
    """Where the values of immutables go: solc leaves `PUSH32 0` there, which it writes nowhere else."""
    places, at = [], 0
    while at < len(compiled):
        opcode = compiled[at]
        if opcode == PUSH32 and compiled[at + 1 : at + 1 + WORD] == bytes(WORD):
            places.append(at + 1)
        at += 1 + (opcode - PUSH1 + 1 if PUSH1 <= opcode <= PUSH32 else 0)
    return places


def same_code(deployed: bytes, compiled: bytes) -> bool:
    """Equal, values of immutables left aside; the hash of all sources at the end counts as code."""
    if not deployed or len(deployed) != len(compiled):
        return False
    masked = bytearray(deployed)
    for place in immutables(compiled):
        masked[place : place + WORD] = bytes(WORD)
    return bytes(masked) == compiled
