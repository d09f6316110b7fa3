"""Inputs that several tests share."""

import io
import json
from pathlib import Path

from PIL import Image

from offchain.annotations import ImageItem, image_from_bytes

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
MARKET = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
ANNOTATOR = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


def pattern(length: int) -> bytes:
    """byte[i] = (i * 31 + 7) mod 251, which the golden vectors were made of."""
    period = bytes((i * 31 + 7) % 251 for i in range(251))
    return (period * (length // 251 + 1))[:length]


def vector(name: str) -> dict:
    return json.loads((VECTORS / name).read_text())


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: int = 0) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (colour % 256, 30, 90)).save(target, kind)
    return target.getvalue()


def picture(name: str, size: tuple[int, int] = (64, 48), colour: int = 0) -> ImageItem:
    return image_from_bytes(name, picture_bytes("PNG", size, colour))
