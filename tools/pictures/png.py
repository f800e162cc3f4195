"""Writes PNG with a palette of 256 colours, a quarter of a screenshot's size.

The format: https://www.w3.org/TR/png-3/
"""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS, _PALETTE = 8, 3  # a byte for each pixel, which is an index


def encode_png(width: int, palette: bytes, pixels: bytes) -> bytes:
    """Return the picture. `palette` has three bytes for each colour, `pixels` an index for each pixel."""
    height = len(pixels) // width
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, _BITS, _PALETTE, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
