#!/usr/bin/env python3
"""Makes the data that is embedded in the program from the original IDX files.

    python3 make_slice.py --fashion-mnist DIR --mnist DIR --out cli/src/main/resources/io/github/swag4j/cli/data

DIR holds the four files of the data set under their original names, plain or gzip. Written are

    fashion-mnist-slice/  5,000 training images (500 a class) and 2,000 test images (200 a class)
    mnist-slice/          1,000 test digits (100 a class)

as gzip IDX files of the original names. Which images: within each class, those whose SHA-256 of
"swag4j-slice-1:SET:INDEX" is smallest, so the choice depends on no random generator's version and
on nothing in the images. In which order: by rank within the class, then by class, so every prefix
whose length is a multiple of ten is class-balanced too.

Needs Python 3.8 and nothing else. The decompressed content is the same everywhere; the compressed
bytes are too, for one version of zlib. "--check" compares the content of existing files instead of
writing.
"""

import argparse
import gzip
import hashlib
import pathlib
import struct
import sys
import zlib

CLASSES = 10


def read(folder, stem):
    """The bytes of an IDX file, plain or gzip."""
    for name in (stem, stem + ".gz"):
        path = folder / name
        if path.exists():
            content = path.read_bytes()
            return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    sys.exit(f"{folder} has neither {stem} nor {stem}.gz")


def read_split(folder, split):
    """Images as a list of bytes, labels as bytes, and the images' height and width."""
    images = read(folder, f"{split}-images-idx3-ubyte")
    labels = read(folder, f"{split}-labels-idx1-ubyte")
    magic, count, height, width = struct.unpack(">iiii", images[:16])
    size = height * width
    if magic != 2051 or len(images) != 16 + count * size:
        sys.exit(f"{folder}: {split} images are not an IDX file of their declared size")
    if struct.unpack(">ii", labels[:8]) != (2049, count) or len(labels) != 8 + count:
        sys.exit(f"{folder}: {split} labels are not an IDX file of {count} labels")
    pixels = [images[16 + i * size : 16 + (i + 1) * size] for i in range(count)]
    return pixels, labels[8:], height, width


def choose(labels, name, per_class):
    """Indices of the images to keep, in the order to keep them."""
    ranked = []
    for k in range(CLASSES):
        members = [i for i, label in enumerate(labels) if label == k]
        members.sort(key=lambda i: hashlib.sha256(f"swag4j-slice-1:{name}:{i}".encode()).digest())
        if len(members) < per_class:
            sys.exit(f"{name}: class {k} has {len(members)} images, {per_class} are needed")
        ranked += [(rank, k, i) for rank, i in enumerate(members[:per_class])]
    return [i for _, _, i in sorted(ranked)]


def compress(content):
    """One gzip member without name and time, so equal content gives equal bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    body = deflate.compress(content) + deflate.flush()
    header = b"\x1f\x8b\x08\x00" + b"\x00" * 4 + b"\x02\xff"
    return header + body + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def slice_split(source, split, name, per_class, target, check):
    pixels, labels, height, width = read_split(source, split)
    chosen = choose(labels, f"{name}/{split}", per_class)
    images = struct.pack(">iiii", 2051, len(chosen), height, width)
    images += b"".join(pixels[i] for i in chosen)
    contents = {
        f"{split}-images-idx3-ubyte.gz": images,
        f"{split}-labels-idx1-ubyte.gz": struct.pack(">ii", 2049, len(chosen))
        + bytes(labels[i] for i in chosen),
    }
    target.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        path = target / file
        if check:
            if gzip.decompress(path.read_bytes()) != content:
                sys.exit(f"{path} differs from what the originals give")
        else:
            path.write_bytes(compress(content))
        print(f"{path.stat().st_size:9,} bytes  {hashlib.sha256(content).hexdigest()}  {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fashion-mnist", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--mnist", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    fashion = options.out / "fashion-mnist-slice"
    slice_split(options.fashion_mnist, "train", "fashion-mnist", 500, fashion, options.check)
    slice_split(options.fashion_mnist, "t10k", "fashion-mnist", 200, fashion, options.check)
    slice_split(options.mnist, "t10k", "mnist", 100, options.out / "mnist-slice", options.check)


if __name__ == "__main__":
    main()
