#!/usr/bin/env python3
"""Writes the first rows of an IDX data set, its test set whole, into another directory.

    first-images.py FROM TO ROWS

FROM holds train-images-idx3-ubyte and the other three files, plain or gzip. Needs Python 3.8 and
nothing else.
"""

import gzip
import pathlib
import struct
import sys


def read(folder, name):
    for path, opened in ((folder / name, open), (folder / f"{name}.gz", gzip.open)):
        if path.exists():
            with opened(path, "rb") as file:
                return file.read()
    sys.exit(f"{folder} must hold {name} or {name}.gz")


def first(data, rows):
    dimensions = data[3]
    sizes = list(struct.unpack(f">{dimensions}i", data[4 : 4 + 4 * dimensions]))
    if rows > sizes[0]:
        sys.exit(f"there must be {rows} rows, got {sizes[0]}")
    row = 1
    for size in sizes[1:]:
        row *= size
    start = 4 + 4 * dimensions
    header = data[:4] + struct.pack(f">{dimensions}i", rows, *sizes[1:])
    return header + data[start : start + rows * row]


def main():
    source, target, rows = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    for name in ("images-idx3-ubyte", "labels-idx1-ubyte"):
        (target / f"train-{name}").write_bytes(first(read(source, f"train-{name}"), rows))
        (target / f"t10k-{name}").write_bytes(read(source, f"t10k-{name}"))


main()
