"""What the report shows of the work itself: a choice of pictures and texts, and the data sets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image

from offchain.hashing import keccak256
from offchain.packaging import file_entry
from scripts._demo import items, schema
from scripts._demo.image_job import ImageScene, Reading
from scripts._demo.report import data_uri
from scripts._demo.results import image_result_of, shapes_of
from scripts._demo.sales import LICENCE, LICENCE_NAME, Listed, Sold
from scripts._demo.text_job import Label, TextScene

if TYPE_CHECKING:
    from scripts._demo.story import Story

MOST_PICTURES, MOST_TEXTS = 12, 24
LONG = 220  # characters of a text of two parts that is shown whole
WIDEST, HEAVIEST = 960, 200_000  # pixels and bytes of a picture as it is shown; larger ones are shrunk


def pictures(scene: ImageScene) -> list[schema.Picture]:
    """Pictures with all readings of them: those that were argued about first, then others, in task order."""
    by_task: dict[int, list[Reading]] = {}
    for reading in scene.readings:
        by_task.setdefault(reading.task, []).append(reading)
    calm = [t for t, found in by_task.items() if all(r.verdict == "approved" for r in found)]
    argued = [task for task in by_task if task not in calm]
    chosen = [*sorted(argued)[: MOST_PICTURES - 3], *sorted(calm)][:MOST_PICTURES]
    return [_picture(scene, task, by_task[task]) for task in sorted(chosen)]


def texts(scene: TextScene) -> list[schema.TextReading]:
    """A sample of the labels, half of them such as differ from what is known to be right."""
    known = {task: text.truth for task, text in enumerate(scene.texts.texts)}
    wrong = [label for label in scene.labels if known[label.task] not in (None, label.label)]
    right = [label for label in scene.labels if known[label.task] in (None, label.label)]
    share = min(len(wrong), MOST_TEXTS // 3)
    chosen = _spread(wrong, share) + _spread(right, MOST_TEXTS - share)
    return [_text(scene, label) for label in sorted(chosen, key=lambda label: label.task)]


def dataset(story: Story, listed: Listed, sold: Sold) -> schema.Dataset:
    """A data set with its files, its sale and the buyer's checks."""
    job = listed.job
    return schema.Dataset(
        id=hex(listed.id),
        title=listed.offer.title,
        job=job.id,
        version=1,
        publisher=job.creator.name,
        format=listed.offer.form,
        licence=LICENCE_NAME,
        licence_hash="0x" + keccak256(LICENCE).hex(),
        price=str(listed.offer.price),
        token=job.terms.token,
        tx=listed.tx,
        files=_files(listed),
        purchases=[_purchase(story, listed, sold)],
        checks=list(sold.checks),
    )


def _picture(scene: ImageScene, task: int, found: Sequence[Reading]) -> schema.Picture:
    picture = scene.pictures.pictures[task]
    data, media_type = _light(picture)
    return schema.Picture(
        job=scene.job.id,
        task=task,
        name=picture.name,
        width=picture.width,
        height=picture.height,
        image=data_uri(data, media_type),
        readings=[_reading(reading) for reading in found],
    )


def _reading(reading: Reading) -> schema.Reading:
    problems = reading.review.problems
    note = "; ".join(problems[:3]) + (f" and {len(problems) - 3} more" if len(problems) > 3 else "")
    shapes = shapes_of(image_result_of(reading.answer))
    verdict: schema.Verdict = reading.verdict  # type: ignore[assignment]
    return schema.Reading(annotator=reading.annotator, verdict=verdict, note=note, shapes=shapes)


def _light(picture: items.Picture) -> tuple[bytes, str]:
    """The file itself, or a smaller copy of a large one, so that the page stays light."""
    if len(picture.data) <= HEAVIEST and max(picture.width, picture.height) <= 2 * WIDEST:
        return picture.data, picture.media_type
    with Image.open(io.BytesIO(picture.data)) as image:
        small = image.convert("RGB")
    small.thumbnail((WIDEST, WIDEST))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return buffer.getvalue(), "image/jpeg"


def _text(scene: TextScene, label: Label) -> schema.TextReading:
    text = scene.texts.texts[label.task]
    note = f"known answer: {text.truth}" if text.truth not in (None, label.label) else ""
    verdict: schema.Verdict = label.verdict  # type: ignore[assignment]
    return schema.TextReading(
        job=scene.job.id,
        task=label.task,
        text=_brief(text.text),
        label=label.label,
        annotator=label.annotator,
        verdict=verdict,
        note=note,
    )


def _brief(text: str) -> str:
    """A long text of two parts as the beginnings of both."""
    parts = text.split("\n\n")
    if len(text) <= LONG or len(parts) < 2:
        return text
    return "\n".join(part.replace("\n", " ")[: LONG // 2].rstrip() + "…" for part in parts)


def _spread(labels: Sequence[Label], count: int) -> list[Label]:
    """`count` of the labels, evenly spaced."""
    if len(labels) <= count:
        return list(labels)
    return [labels[index * len(labels) // count] for index in range(count)]


def _files(listed: Listed) -> list[schema.StoredFile]:
    export = listed.export
    parts = {
        "source": listed.job.source,
        "annotations": export.files[export.annotations],
        "package": export.files[export.package],
    }
    found = []
    for part, data in parts.items():
        entry = file_entry(part, data)
        found.append(schema.StoredFile(part=part, root=entry.zerog_root, bytes=entry.length, cid=entry.cid))
    return found


def _purchase(story: Story, listed: Listed, sold: Sold) -> schema.Purchase:
    mine = [e.values for e in story.journal.events if e.values.get("datasetId") == listed.id]
    sale = next(values for values in mine if "licenceId" in values)
    rest = sale["price"] - sale["fee"] - sale["royalty"]
    royalties = [v for v in mine if set(v) == {"datasetId", "annotator", "amount"}]
    return schema.Purchase(
        buyer=sold.buyer.name,
        licence_id=str(sale["licenceId"]),
        price=str(sale["price"]),
        publisher=str(rest),
        fee=str(sale["fee"]),
        royalties=[_royalty(story, listed, values) for values in royalties],
        tx=sold.tx,
    )


def _royalty(story: Story, listed: Listed, values: object) -> schema.Royalty:
    who, amount = str(values["annotator"]).lower(), int(values["amount"])  # type: ignore[index]
    paid = story.journal.payments
    tasks = sum(p.tasks for p in paid if p.job == listed.job.id and p.account == who)
    return schema.Royalty(actor=story.names[who], tasks=tasks, amount=str(amount))
