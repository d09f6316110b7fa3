"""The conditions that most acts share."""

from __future__ import annotations

from offchain.reference.revert import Revert


def require_subset(mask: int, allowed: int) -> None:
    """A mask that is empty or reaches outside of what is allowed reverts."""
    if mask == 0 or mask & ~allowed:
        raise Revert("BadMask", mask, allowed)


def require_in_time(deadline: int, now: int) -> None:
    """A party's own time, its last second included."""
    if now > deadline:
        raise Revert("TooLate", deadline, now)


def require_passed(deadline: int, now: int) -> None:
    """Somebody else's time must be over."""
    if now <= deadline:
        raise Revert("TooEarly", deadline, now)


def require_account(caller: str, required: str) -> None:
    """The act is another account's."""
    if caller != required:
        raise Revert("NotAuthorized", caller, required)
