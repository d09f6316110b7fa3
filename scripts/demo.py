"""`ape run demo`: the whole story on a fresh local chain, from raw files to data sets that were sold, with a
report.

Without options it runs on sheets of handwritten digits and on short messages that come with the project. With
your own files, annotators are simulated on your boxes, and text tasks are given the answers in your file.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import click
from ape.api.providers import ProviderAPI

from scripts._cli import LocalCommand, checked_network

PATH = click.Path(path_type=Path)


@click.command(cls=LocalCommand, help=__doc__)
@click.option("--plant", is_flag=True, help="Move one wei off the books: the run must then fail.")
@click.option("--images", type=PATH, metavar="DIR", help="Pictures (PNG, JPG, WEBP); needs --boxes.")
@click.option("--boxes", type=PATH, metavar="CSV", help="filename,width,height,class,xmin,ymin,xmax,ymax")
@click.option("--texts", type=PATH, metavar="FILE", help="CSV or JSONL with id and text; needs --labels.")
@click.option("--labels", type=PATH, metavar="CSV", help="question,worker,answer[,truth]")
@click.option("--seed", type=click.IntRange(0, 2**31), default=7, show_default=True, help="Of all chance.")
@click.option(
    "--output", type=PATH, default=Path("out/demo"), show_default=True, help="Folder of the report."
)
def cli(
    provider: ProviderAPI,
    plant: bool,
    images: Path | None,
    boxes: Path | None,
    texts: Path | None,
    labels: Path | None,
    seed: int,
    output: Path,
) -> None:
    from scripts._demo import direction  # noqa: PLC0415 - Ape imports every script to list them

    network = checked_network(provider)
    named = {"images": images, "boxes": boxes, "texts": texts, "labels": labels, "seed": seed}
    given = [f"--{name} {shlex.quote(str(value))}" for name, value in named.items() if value is not None]
    command = " ".join(["ape run demo", *given, *(["--plant"] if plant else [])])
    files = (images, boxes, texts, labels)
    script = direction.choose(*files, seed=seed, plant=plant, folder=output, command=command)
    direction.run(provider, network, script)
