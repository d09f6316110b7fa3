"""Items, labels and results of annotation jobs: what exists has been checked."""

from offchain.annotations._instructions import Instructions, Kind
from offchain.annotations._items import (
    ImageItem,
    Item,
    TextItem,
    check_items,
    image_from_bytes,
    read_image,
    read_items,
    read_texts,
)
from offchain.annotations._labels import LabelSet
from offchain.annotations._results import (
    ImageResult,
    Result,
    TextResult,
    image_result,
    result_from_json,
    text_result,
)
from offchain.annotations._shapes import Box, Point, Polygon, Shape, TextLabel

__all__ = [
    "Box",
    "ImageItem",
    "ImageResult",
    "Instructions",
    "Item",
    "Kind",
    "LabelSet",
    "Point",
    "Polygon",
    "Result",
    "Shape",
    "TextItem",
    "TextLabel",
    "TextResult",
    "check_items",
    "image_from_bytes",
    "image_result",
    "read_image",
    "read_items",
    "read_texts",
    "result_from_json",
    "text_result",
]
