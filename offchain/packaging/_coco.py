"""COCO documents (object detection and segmentation), written and read so that evaluation tools count
right.

Several mistakes are accepted in silence by the usual readers and spoil their numbers: ids from 0 or
doubled, an empty segmentation, a negative width, an unknown category, an odd number of coordinates, an
area that is no number. All are refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from offchain.annotations import Box, ImageItem, ImageResult, LabelSet, Polygon, Shape, image_result
from offchain.exceptions import SchemaError


def coco_document(
    pictures: Iterable[tuple[int, ImageItem, ImageResult]], labels: LabelSet, info: Mapping[str, Any]
) -> dict[str, Any]:
    """A COCO document of (task, item, result). The id of an image is its task + 1. Raises
    AnnotationError, LabelError.
    """
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for task, item, result in pictures:
        result.check(labels, item.width, item.height)
        images.append({"id": task + 1, "file_name": item.name, "width": item.width, "height": item.height})
        for shape in result.objects:
            annotations.append(_annotation(len(annotations) + 1, task + 1, shape, labels))
    categories = [{"id": labels.category(name), "name": name, "supercategory": ""} for name in labels]
    document = {
        "info": dict(info),
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": categories,
    }
    check_coco(document)
    return document


def check_coco(document: Any) -> None:
    """Raises SchemaError, which names the entry, for a document that a reader would refuse or count
    wrongly.
    """
    if not isinstance(document, dict):
        raise SchemaError("a COCO document is a JSON object")
    images = _by_id(document, "images")
    categories = _by_id(document, "categories")
    for image in images.values():
        _check_image(image)
    names = [image["file_name"] for image in images.values()]
    if len(set(names)) != len(names):
        raise SchemaError("two images of the COCO document have one file_name")
    for annotation in _by_id(document, "annotations").values():
        _check_annotation(annotation, images, categories)


def read_coco(document: Any) -> tuple[LabelSet, dict[str, ImageResult]]:
    """The labels, and the objects by file name, of a document that passes check_coco.

    A segmentation that is the four corners of its own box is read as a box. Raises SchemaError,
    AnnotationError.
    """
    check_coco(document)
    names = {category["id"]: category["name"] for category in document["categories"]}
    labels = LabelSet([names[identity] for identity in sorted(names)])
    objects: dict[int, list[Shape]] = {image["id"]: [] for image in document["images"]}
    for annotation in sorted(document["annotations"], key=lambda entry: int(entry["id"])):
        objects[annotation["image_id"]].append(_shape(annotation, names))
    return labels, {image["file_name"]: image_result(objects[image["id"]]) for image in document["images"]}


def _annotation(identity: int, image: int, shape: Shape, labels: LabelSet) -> dict[str, Any]:
    return {
        "id": identity,
        "image_id": image,
        "category_id": labels.category(shape.label),
        "bbox": list(shape.bounds),
        "area": shape.area,
        "iscrowd": 0,
        "segmentation": [[number for point in shape.outline for number in point]],
    }


def _by_id(document: Mapping[str, Any], key: str) -> dict[int, dict[str, Any]]:
    entries = document.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SchemaError(f"`{key}` of a COCO document is a list of objects")
    found: dict[int, dict[str, Any]] = {}
    for entry in entries:
        identity = entry.get("id")
        if type(identity) is not int or identity < 1:
            raise SchemaError(f"`{key}` has the id {identity!r}: ids are whole numbers from 1")
        if identity in found:
            raise SchemaError(f"`{key}` has the id {identity} twice")
        found[identity] = entry
    return found


def _check_image(image: Mapping[str, Any]) -> None:
    for key in ("width", "height"):
        if type(image.get(key)) is not int or image[key] < 1:
            raise SchemaError(
                f"image {image['id']} has the {key} {image.get(key)!r}: it is a number of pixels"
            )
    if not isinstance(image.get("file_name"), str) or not image["file_name"]:
        raise SchemaError(f"image {image['id']} has no file_name")


def _check_annotation(
    entry: Mapping[str, Any], images: Mapping[int, Any], categories: Mapping[int, Any]
) -> None:
    what = f"annotation {entry['id']}"
    image = images.get(entry.get("image_id", 0))
    if image is None or entry.get("category_id") not in categories:
        raise SchemaError(f"{what} names an image or a category that the document does not have")
    box = _numbers(entry.get("bbox"), f"{what}: bbox")
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        raise SchemaError(f"{what}: bbox is [x, y, width, height] with sides above 0, not {box}")
    slack = 1e-6 * max(image["width"], image["height"])  # sums of decimal fractions
    right, bottom = image["width"] + slack, image["height"] + slack
    if min(box[:2]) < 0 or box[0] + box[2] > right or box[1] + box[3] > bottom:
        raise SchemaError(f"{what}: bbox {box} leaves its image")
    if _numbers([entry.get("area")], f"{what}: area")[0] <= 0:
        raise SchemaError(f"{what}: the area is not above 0")
    if entry.get("iscrowd") not in {0, 1}:
        raise SchemaError(f"{what}: iscrowd is 0 or 1")
    _check_segmentation(entry.get("segmentation"), what)


def _check_segmentation(segmentation: Any, what: str) -> None:
    if not isinstance(segmentation, list) or not segmentation:
        raise SchemaError(
            f"{what}: segmentation is a list of at least one polygon; a box has its four corners"
        )
    for polygon in segmentation:
        if len(_numbers(polygon, f"{what}: segmentation")) < 6 or len(polygon) % 2:
            raise SchemaError(f"{what}: a polygon has three corners or more and an even count of numbers")


def _numbers(values: Any, what: str) -> list[float]:
    if not isinstance(values, list):
        raise SchemaError(f"{what} is a list of numbers")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise SchemaError(f"{what} holds {value!r}, which is no finite number")
    return values


def _shape(annotation: Mapping[str, Any], names: Mapping[int, str]) -> Shape:
    label = names[annotation["category_id"]]
    if len(annotation["segmentation"]) > 1 or annotation["iscrowd"]:
        raise SchemaError(
            f"annotation {annotation['id']} has several parts: split it into one object for each"
        )
    box = Box(label, *annotation["bbox"])
    polygon = Polygon.from_flat(label, annotation["segmentation"][0])
    return box if polygon.points == box.outline else polygon
