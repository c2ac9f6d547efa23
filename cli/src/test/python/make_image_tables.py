"""Writes the Parquet files of images and features of TableImagesTest.

    pip install pyarrow==25.0.1
    python make_image_tables.py ../resources/io/github/swag4j/cli/data/tables

Level (y, x, c) of image i is (37 i + 11 y + 3 x + 101 c) mod 256; its label is i mod 3.
"""

import json
import os
import struct
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

out = sys.argv[1]
os.makedirs(os.path.join(out, "hugging-face"), exist_ok=True)
NAMES = ["zebra", "ant", "bee"]
ROWS = 15


def level(i, y, x, c=0):
    return (37 * i + 11 * y + 3 * x + 101 * c) % 256


def png(i):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = b"".join(b"\0" + bytes(level(i, y, x) for x in range(8)) for y in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines))
            + chunk(b"IEND", b""))


def write(name, table):
    pq.write_table(table, os.path.join(out, name), row_group_size=4)


def grey(i):
    return [level(i, y, x) for y in range(8) for x in range(8)]


rows = range(ROWS)
labels = [i % 3 for i in rows]

# As the library `datasets` writes images and ClassLabel.
image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
features = {"image": {"_type": "Image"}, "label": {"names": NAMES, "_type": "ClassLabel"}}
meta = {"huggingface": json.dumps({"info": {"features": features}})}
for name, part in [("train-00000-of-00002", range(0, 6)), ("train-00001-of-00002", range(6, 10)),
                   ("test-00000-of-00001", range(10, 15))]:
    table = pa.table({
        "image": pa.array([{"bytes": png(i), "path": f"{i}.png"} for i in part], image),
        "label": pa.array([labels[i] for i in part], pa.int64()),
    })
    write(f"hugging-face/{name}.parquet", table.replace_schema_metadata(meta))

write("png.parquet", pa.table({
    "image": pa.array([png(i) for i in rows], pa.binary()), "id": [f"row {i}" for i in rows]}))
write("levels.parquet", pa.table({
    "pixels": pa.array([grey(i) for i in rows], pa.list_(pa.uint8())),
    "label": [NAMES[k] for k in labels]}))
write("levels-uint64.parquet", pa.table({
    "pixels": pa.array([grey(i) for i in rows], pa.list_(pa.uint64())), "label": labels}))
write("colour.parquet", pa.table({
    "pixels": [[level(i, y, x, c) for y in range(8) for x in range(8) for c in range(3)] for i in rows],
    "label": labels}))
write("floats.parquet", pa.table({
    "x": pa.array([[v / 255 for v in grey(i)] for i in rows], pa.list_(pa.float32(), 64)),
    "label": labels}))
write("features.parquet", pa.table({
    "height": [0.5 * i for i in rows], "label": [NAMES[k] for k in labels],
    "count": pa.array(list(rows), pa.int32())}))
write("nested.parquet", pa.table({
    "pixels": pa.array([[[1, 2], [3, 4]]], pa.list_(pa.list_(pa.uint8()))), "label": [0]}))
write("short.parquet", pa.table({"pixels": [[1, 2, 3], [4, 5]], "label": [0, 1]}))
write("unlabelled.parquet", pa.table({"a": [1.0, 2.0], "label": pa.array([0, None], pa.int64())}))
write("two.parquet", pa.table({"a": [[1, 2]], "b": [[1, 2]], "label": [0]}))
