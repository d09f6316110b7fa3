"""`ape run demo` as a person types it, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from PIL import Image

from offchain.exceptions import InputError
from scripts._demo import direction
from scripts._demo.ledger import NATIVE
from scripts._demo.stage import Act, Note
from scripts._demo.summary import validate
from scripts._demo.world import amount_text
from tests.support.anvil import own_anvil

ROOT = Path(__file__).resolve().parents[2]
APE = Path(sys.executable).with_name("ape")


def run(*arguments):
    command = [str(APE), "run", "demo", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=own_anvil(), capture_output=True, text=True, timeout=300, check=False
    )


def choose(**given):
    """With one sheet: nobody here looks at more, and to draw all of them takes seconds."""
    names = ("images", "boxes", "texts", "labels")
    paths = {name: given.get(name) for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(direction, "SHEETS", 1)
        return direction.choose(**paths, seed=7, plant=False, folder=Path("out"))


def test_demo__plant__fails_and_names_who_holds_the_wrong_sum(tmp_path):
    done = run("--plant", "--output", tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the run does not add up: Pavel holds 1 base unit of ETH too little" in done.stderr
    summary = validate(json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")))
    assert not summary["reconciliation"]["balanced"]
    assert "The books do not balance." in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_demo__box_outside_its_picture__one_line_that_names_file_and_line(tmp_path):
    folder, boxes = _picture(tmp_path, "cat,0,0,99,10")
    done = run("--images", folder, "--boxes", boxes, "--output", tmp_path / "out")
    assert done.returncode == 1
    assert f"Error: {boxes}, line 2: the box 0,0,99,10" in done.stderr
    assert "Traceback" not in done.stderr


def test_choose__half_of_a_pair__is_a_usage_error(tmp_path):
    with pytest.raises(click.UsageError, match="--images and --boxes go together"):
        choose(images=tmp_path)
    with pytest.raises(click.UsageError, match="--texts and --labels go together"):
        choose(labels=tmp_path / "labels.csv")


def test_choose__broken_labels__names_the_line(tmp_path):
    texts, labels = tmp_path / "texts.csv", tmp_path / "labels.csv"
    texts.write_text("id,text\n1,one\n2,two\n", encoding="utf-8")
    labels.write_text("question,worker,answer\n1,ann,yes\n3,ann,no\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"labels\.csv, line 3: the question '3' fits no text"):
        choose(texts=texts, labels=labels)


def test_choose__truth_beside_the_labels__is_read(tmp_path):
    texts, labels = tmp_path / "texts.csv", tmp_path / "labels.csv"
    texts.write_text("id,text\n1,one\n2,two\n", encoding="utf-8")
    labels.write_text("question,worker,answer\n1,ann,yes\n2,ann,no\n", encoding="utf-8")
    (tmp_path / "truth.csv").write_text("question,truth\n1,no\n", encoding="utf-8")
    script = choose(texts=texts, labels=labels)
    assert [text.truth for text in script.texts.texts] == ["no", None]


def test_run__live_network__is_refused_before_anything_is_sent():
    provider = SimpleNamespace(network=SimpleNamespace(name="mainnet"))
    with pytest.raises(click.ClickException, match="on a local chain of its own only"):
        direction.run(provider, None, choose())


def test_teller__long_scene__is_cut_short_and_counted():
    said = []
    teller = direction.Teller(said.append)
    teller.scene("Scene")
    for number in range(direction.MANY + 5):
        note = Note("claim", f"claims {number}")
        teller.act(Act(note, "Ines", "Quinn", "0x", 2_000_000_000 + 3_600 * number, 21_000, ()))
    teller.count(50, 100)
    teller.count(51, 100)
    assert said[1] == "  day  0 00:00  Ines          claims 0  (21,000 gas)"
    assert said[25].startswith("  day  1 00:00")
    assert len(said) == 1 + direction.MANY + 1 + 1
    assert said[-1] == "  50 of 100 batches are in"


@pytest.mark.parametrize(
    ("amount", "token", "text"),
    [(25 * 10**14, NATIVE, "0.0025 ETH"), (150_000, "0x" + "70" * 20, "0.15 USDW"), (0, NATIVE, "0 ETH")],
)
def test_amount_text__coin_and_token__have_their_own_decimals(amount, token, text):
    assert amount_text(amount, token) == text


def _picture(folder, box):
    pictures, boxes = folder / "pictures", folder / "boxes.csv"
    pictures.mkdir()
    Image.new("RGB", (20, 20), "white").save(pictures / "a.png")
    boxes.write_text(
        f"filename,width,height,class,xmin,ymin,xmax,ymax\na.png,20,20,{box}\n", encoding="utf-8"
    )
    return pictures, boxes
