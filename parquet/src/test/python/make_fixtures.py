"""Writes the Parquet files of the tests, by three writers; Spark's are made by SparkFixtures.java.

    pip install pyarrow==25.0.1 polars==1.44.2 duckdb==1.5.6 pandas==3.0.6
    python make_fixtures.py ../resources/io/github/swag4j/parquet

Every file has the rows of rows.csv, which is written first, with all digits of float64.
"""

import os
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
ROWS = 60
CLASSES = ["cat", "dog", "owl"]


def path(name):
    return os.path.join(out, name)


random = np.random.default_rng(20261129)
logits = random.normal(0, 2, (ROWS, 3))
probs = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
labels = [CLASSES[int(k)] for k in random.integers(0, 3, ROWS)]
columns = {"id": [f"row {i}" for i in range(ROWS)]}
columns.update({name: probs[:, k] for k, name in enumerate(CLASSES)})
columns["label"] = labels
columns["weight"] = (1 + random.integers(0, 8, ROWS) / 4).tolist()
columns["site"] = [["north", "south", "süd, west"][i % 3] for i in range(ROWS)]
frame = pd.DataFrame(columns)
frame.to_csv(path("rows.csv"), index=False, lineterminator="\n")
assert (pd.read_csv(path("rows.csv"), float_precision="round_trip")[CLASSES].values == probs).all()
flat = pa.Table.from_pandas(frame, preserve_index=False)

# pyarrow: codecs, page versions, encodings, row groups.
for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    pq.write_table(flat, path(f"pyarrow-{codec}.parquet"), compression=codec, row_group_size=25)
pq.write_table(flat, path("pyarrow-plain.parquet"), use_dictionary=False, data_page_size=64)
pq.write_table(
    flat, path("pyarrow-v2.parquet"), data_page_version="2.0", compression="zstd",
    data_page_size=100, write_page_checksum=True, write_page_index=True)
pq.write_table(
    flat, path("pyarrow-encodings.parquet"), use_dictionary=False, data_page_version="2.0",
    column_encoding={
        "id": "DELTA_BYTE_ARRAY", "label": "DELTA_LENGTH_BYTE_ARRAY", "cat": "BYTE_STREAM_SPLIT",
        "dog": "BYTE_STREAM_SPLIT", "owl": "PLAIN", "weight": "PLAIN", "site": "PLAIN"})
pq.write_table(
    pa.Table.from_pandas(frame.set_index(pd.Index(range(5, 5 + ROWS)))),
    path("pandas-index.parquet"), row_group_size=7)

# Lists, fixed-size lists, structs, logits; labels by index, as each width of integer.
index = [CLASSES.index(name) for name in labels]
more = {"label": pa.array(index, pa.int8()), "weight": flat["weight"], "id": flat["id"]}
rows = probs.tolist()
pq.write_table(
    pa.table({"probability": pa.array(rows, pa.list_(pa.float64())), **more}),
    path("pyarrow-list.parquet"), row_group_size=25, data_page_size=100)
pq.write_table(
    pa.table({"probs": pa.array(rows, pa.list_(pa.float64(), 3)), **more}),
    path("pyarrow-fixed-list.parquet"), data_page_version="2.0")
named = [dict(zip(CLASSES, row)) for row in rows]
struct = pa.struct([(name, pa.float64()) for name in CLASSES])
pq.write_table(
    pa.table({"probs": pa.array(named, struct), **{**more, "label": flat["label"]}}),
    path("pyarrow-struct.parquet"))
pq.write_table(
    pa.table({"classes": pa.array([CLASSES] * ROWS), "probs": pa.array(rows), "id": flat["id"],
              "label": flat["label"], "weight": flat["weight"]}),
    path("pyarrow-named-list.parquet"))
pq.write_table(
    pa.table({"logits": pa.array(logits.tolist()), **more}), path("pyarrow-logits.parquet"))
pq.write_table(
    pa.table({"probs": pa.array([list(zip(CLASSES, row)) for row in rows],
                                pa.map_(pa.string(), pa.float64())), **more}),
    path("pyarrow-map.parquet"))
pq.write_table(
    pa.table({"embedding": pa.array([[1.0, 2.0]] * ROWS), **{c: flat[c] for c in flat.column_names}}),
    path("pyarrow-embedding.parquet"))

# Every kind of value, in three rows: what each is as text stands in the test.
import datetime as dt
import decimal
import uuid

three = {
    "cat": pa.array([0.25, 0.5, 0.125], pa.float32()), "dog": pa.array([0.75, 0.5, 0.875], pa.float16()),
    "label": pa.array(["cat", "dog", "dog"]).dictionary_encode(),
    "int8": pa.array([-128, 0, 127], pa.int8()), "uint8": pa.array([0, 1, 255], pa.uint8()),
    "int16": pa.array([-32768, 0, 32767], pa.int16()), "uint16": pa.array([0, 1, 65535], pa.uint16()),
    "int32": pa.array([-2**31, 0, 2**31 - 1], pa.int32()), "uint32": pa.array([0, 1, 2**32 - 1], pa.uint32()),
    "int64": pa.array([-2**63, 0, 2**63 - 1], pa.int64()), "uint64": pa.array([0, 1, 2**64 - 1], pa.uint64()),
    "truth": pa.array([True, False, None]), "none": pa.nulls(3),
    "decimal9": pa.array([decimal.Decimal("-1.05"), decimal.Decimal("0.00"), decimal.Decimal("9999999.99")], pa.decimal128(9, 2)),
    "decimal38": pa.array([decimal.Decimal("-1.0000000000000000000000000005"), decimal.Decimal(0), decimal.Decimal(7)], pa.decimal128(38, 28)),
    "date": pa.array([dt.date(1969, 12, 31), dt.date(2026, 11, 29), None]),
    "time": pa.array([dt.time(1, 2, 3, 4000), dt.time(0), dt.time(23, 59, 59)], pa.time64("us")),
    "local": pa.array([dt.datetime(2026, 11, 29, 3, 25), dt.datetime(1960, 1, 1, 0, 0, 0, 1), None], pa.timestamp("us")),
    "utc": pa.array([dt.datetime(2026, 11, 29, 3, 25), dt.datetime(1960, 1, 1), None], pa.timestamp("ms", "UTC")),
    "bytes": pa.array([b"plain", "süß".encode(), b""]),
    "uuid": pa.array([uuid.UUID(int=k).bytes for k in (1, 2, 2**127)], pa.uuid()),
    "quoted": pa.array([' a "b", c ', "line\nline", ""]),
}
pq.write_table(pa.table(three), path("pyarrow-kinds.parquet"), store_decimal_as_integer=True)

# What is refused.
broken = {**{c: flat[c] for c in CLASSES}, "label": flat["label"]}
holes = probs[:, 1].tolist()
holes[41] = None
pq.write_table(pa.table({**broken, "dog": pa.array(holes)}), path("null.parquet"))
holes[41] = float("nan")
pq.write_table(pa.table({**broken, "dog": pa.array(holes)}), path("nan.parquet"))
ragged = [list(row) for row in rows]
ragged[41] = None
pq.write_table(pa.table({"probs": pa.array(ragged), **more}), path("null-list.parquet"))
ragged[41] = [0.5, 0.5]
pq.write_table(pa.table({"probs": pa.array(ragged), **more}), path("short-list.parquet"))
ragged[41] = [0.5, None, 0.5]
pq.write_table(pa.table({"probs": pa.array(ragged), **more}), path("null-in-list.parquet"))
pq.write_table(pa.table({"a": [0.5, None], "b": [0.5, None], "label": ["a", None]}), path("null-row.parquet"))
pq.write_table(flat.slice(0, 0), path("empty.parquet"))
pq.write_table(
    pa.table({"a": [0.5], "b": [0.5], "label": pa.array([b"\xff\xfe"], pa.binary())}), path("not-utf8.parquet"))

# polars and DuckDB, as they write by default.
polars = pl.from_pandas(frame)
polars.write_parquet(path("polars.parquet"), row_group_size=20)
pl.DataFrame({"probability": rows, "label": index, "weight": columns["weight"], "id": columns["id"]},
             schema_overrides={"probability": pl.Array(pl.Float64, 3), "label": pl.UInt32}
             ).write_parquet(path("polars-array.parquet"), compression="snappy")
database = duckdb.connect()
database.register("frame", frame)
database.execute(f"COPY frame TO '{path('duckdb.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
database.execute(
    f"COPY (SELECT [cat, dog, owl] AS probability, "
    f"CASE label WHEN 'cat' THEN 0 WHEN 'dog' THEN 1 ELSE 2 END AS label, weight, id FROM frame) "
    f"TO '{path('duckdb-list.parquet')}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)")
pq.write_table(
    pa.table({"a": pa.array([1 / 3, 0.5], pa.float32()), "b": pa.array([2 / 3, 0.5], pa.float32()),
              "label": ["a", "b"]}),
    path("thirds.parquet"))
