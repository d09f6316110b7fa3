"""The engine's hunt in a process of its own: `python -m tests.mutation.hunter URL CODES CONTRACT SECONDS
SEED`.

CODES is a JSON file {contract: creation bytecode}. What the hunt found comes out as JSON on the last line:
null, or one sentence.
"""

import json
import sys
from pathlib import Path

from tests.engine.hunt import hunt


def main(url: str, codes: str, contract: str, seconds: str, seed: str) -> None:
    artifacts = json.loads(Path(codes).read_text(encoding="utf-8"))
    found = hunt(url, artifacts, contract, float(seconds), int(seed))
    sys.stdout.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
