"""Acts that are signed into a file, for somebody else to send."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ape.api.accounts import AccountAPI

from scripts._cli import facts
from scripts._job.common import JOB


def sign_to_file(
    system: Any,
    account: AccountAPI,
    primary: str,
    values: dict[str, Any],
    target: Path,
    as_json: bool,
    contract: str = "AnnotationMarket",
    handed: Mapping[str, bytes] | None = None,
) -> None:
    """Sign an act and write it down with what is handed over besides; say who sends it how."""
    import json  # noqa: PLC0415

    from scripts._chain.acts import act_document, sign_act  # noqa: PLC0415
    from scripts.storage import write_atomically  # noqa: PLC0415

    act = sign_act(system, account, primary, values, contract=contract, handed=handed)
    write_atomically(target, (json.dumps(act_document(system, act), indent=2) + "\n").encode())
    relay_by = "ape run quality" if contract == "LabelConsensus" else JOB
    shown = {"signed": str(target), "next": f"{relay_by} relay {target}"}
    facts(shown, title=f"{primary} signed", as_json=as_json)
