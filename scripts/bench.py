"""Measure how fast the 0G Storage root is computed on this machine, and write out/bench.json."""

from pathlib import Path

import click

from scripts._bench import SIZE, run, write
from scripts._cli import facts, friendly_errors, json_option, note, table

TARGET = Path("out/bench.json")


@click.command(short_help="Speed of the 0G root")
@click.option("--size", default=SIZE, show_default=True, type=click.IntRange(1 << 20), help="Bytes to hash.")
@json_option
def cli(size: int, as_json: bool) -> None:
    """Time each way to compute the 0G root on the same random bytes."""
    with friendly_errors():
        bench = run(size)
        write(bench, TARGET)
    if as_json:
        facts(bench.to_json(), as_json=True)
        return
    slowest = bench.methods["pycryptodome"]
    rows = [
        {"method": name, "speed": f"{speed:,.0f}", "times": f"{speed / slowest:.1f}"}
        for name, speed in bench.methods.items()
    ]
    title = f"0G root of {size / 2**20:g} MiB"
    table(rows, {"method": "Method", "speed": "MB/s", "times": "Times pycryptodome"}, title=title)
    note(f"written to {TARGET}")
