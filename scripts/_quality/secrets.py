"""What must not be lost: labels and salts of seats, and a creator's gold, until they are told.

A file is written whole and synced before anything that depends on it is sent, readable by its owner alone,
and nothing in it is ever overwritten: a transaction that seemed lost may still be mined.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

import click

from offchain.consensus import GoldTree, GoldWord, commitment
from scripts._chain.places import market_name

MARKET = "LabelConsensus"


@dataclass(frozen=True)
class SeatSecret:
    """What a commitment binds, besides whose and where it is."""

    commitment: bytes
    mask: int
    labels: bytes
    salt: bytes


@dataclass(frozen=True)
class Vault:
    """The secrets that belong to one consensus market on one chain."""

    folder: Path
    chain_id: int
    market: str

    @classmethod
    def of(cls, system: Any) -> Vault:
        """In `secrets`, or in the folder that WINNOW_SECRETS names."""
        folder = Path(os.environ.get("WINNOW_SECRETS") or "secrets") / market_name(system, MARKET)
        return cls(folder, system.network.chain_id, str(system.entry(MARKET)["address"]))

    # Seats

    def seat_file(self, job_id: int, word: int, annotator: str) -> Path:
        """Where the secrets of a seat are."""
        return self.folder / "seats" / f"job-{job_id}" / f"word-{word}" / f"{annotator}.json"

    def seats(self, job_id: int, word: int, annotator: str) -> list[SeatSecret]:
        """All that was ever made for a seat, oldest first. ClickException for a file that is damaged."""
        path = self.seat_file(job_id, word, annotator)
        if not path.is_file():
            return []
        try:
            secrets = [_seat_secret(entry) for entry in json.loads(path.read_bytes())["secrets"]]
            good = all(
                self._commit(job_id, word, annotator, one.mask, one.labels, one.salt) == one.commitment
                for one in secrets
            )
        except (ValueError, TypeError, KeyError) as error:
            raise _damaged(path) from error
        if not good:
            raise _damaged(path)
        return secrets

    def seat(self, job_id: int, word: int, annotator: str, sealed: bytes) -> SeatSecret | None:
        """What stands behind a commitment, if it was made here."""
        found = [one for one in self.seats(job_id, word, annotator) if one.commitment == sealed]
        return found[0] if found else None

    def keep_seat(self, job_id: int, word: int, annotator: str, mask: int, labels: bytes) -> SeatSecret:
        """A commitment to labels with the secrets behind it, on disk: those of an earlier run, or new ones
        beside them.
        """
        path = self.seat_file(job_id, word, annotator)
        with _locked(path):
            known = self.seats(job_id, word, annotator)
            for one in known:
                if (one.mask, one.labels) == (mask, labels):
                    return one
            salt = token_bytes(32)
            sealed = self._commit(job_id, word, annotator, mask, labels, salt)
            made = SeatSecret(sealed, mask, labels, salt)
            about = {"chain_id": self.chain_id, "market": self.market}
            place = {"job": job_id, "word": word, "annotator": annotator}
            write_secret(path, {**about, **place, "secrets": [_plain(one) for one in (*known, made)]})
            return made

    def _commit(self, job_id: int, word: int, annotator: str, mask: int, labels: bytes, salt: bytes) -> bytes:
        return commitment(
            chain_id=self.chain_id,
            market=self.market,
            job_id=job_id,
            word=word,
            annotator=annotator,
            mask=mask,
            labels=labels,
            salt=salt,
        )

    # Gold

    def gold_file(self, root: bytes) -> Path:
        """Where the gold under a root is."""
        return self.folder / "gold" / f"0x{root.hex()}.json"

    def gold(self, root: bytes, path: Path | None = None) -> GoldTree | None:
        """The gold under a root, if it is here. ClickException for a file that holds something else."""
        named, path = path, path or self.gold_file(root)
        if not path.is_file():
            return None
        try:
            words = json.loads(path.read_bytes())["words"]
            tree = GoldTree({int(word): _gold_word(entry) for word, entry in words.items()})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            if named:
                raise click.ClickException(
                    f"{path} is not the file that `create` wrote, with the salts"
                ) from error
            raise _damaged(path) from error
        if tree.root != root:
            raise click.ClickException(f"{path} is not the gold of this job: its root is 0x{tree.root.hex()}")
        return tree

    def keep_gold(self, tree: GoldTree) -> Path:
        """Write gold down."""
        path = self.gold_file(tree.root)
        words = {str(word): _plain(gold) for word, gold in sorted(tree.words.items())}
        write_secret(path, {"chain_id": self.chain_id, "market": self.market, "words": words})
        return path


def write_secret(path: Path, value: Mapping[str, Any]) -> None:
    """Written whole or not at all, for its owner alone, and on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too
    finally:
        os.close(folder)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two runs of a command do not write the same file at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _plain(value: Any) -> dict[str, str]:
    """Numbers of 256 bits as text, which JSON readers keep exact."""
    return {
        name: hex(part) if isinstance(part, int) else "0x" + part.hex() for name, part in vars(value).items()
    }


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _seat_secret(entry: Mapping[str, str]) -> SeatSecret:
    sealed, labels, salt = (_bytes(entry[name]) for name in ("commitment", "labels", "salt"))
    return SeatSecret(sealed, int(entry["mask"], 16), labels, salt)


def _gold_word(entry: Mapping[str, str]) -> GoldWord:
    return GoldWord(int(entry["mask"], 16), _bytes(entry["labels"]), _bytes(entry["salt"]))


def _damaged(path: Path) -> click.ClickException:
    return click.ClickException(
        f"{path} is damaged: put a copy of it back. It is not overwritten, since a commitment on chain may "
        "depend on it"
    )
