"""Checks that pyarrow reads a Parquet file that swag4j wrote as the NPZ file of the same predictions.

    pip install pyarrow==25.0.1 numpy
    swag4j predict run --method swag --out swag.npz
    swag4j predict run --method swag --out swag.parquet
    python check_written_files.py swag.npz swag.parquet

Bits of probabilities, expected entropies and labels are compared; checksums of pages are verified.
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

arrays = np.load(sys.argv[1])
file = pq.ParquetFile(sys.argv[2], page_checksum_verification=True)
table = file.read()
print(file.metadata)
print(table.schema)
assert file.metadata.created_by.startswith("swag4j version "), file.metadata.created_by
names = list(arrays["class_names"]) if "class_names" in arrays else [
    str(k) for k in range(arrays["probs"].shape[1])]
for k, name in enumerate(names):
    stored = np.ascontiguousarray(arrays["probs"][:, k])
    read = table[name].to_numpy()
    assert read.dtype == stored.dtype, (name, read.dtype, stored.dtype)
    assert read.tobytes() == stored.tobytes(), name
if "labels" in arrays:
    assert table["label"].type == pa.int64()
    assert (table["label"].to_numpy() == arrays["labels"]).all()
if "expected_entropy" in arrays:
    assert table["expected_entropy"].to_numpy().tobytes() == arrays["expected_entropy"].tobytes()
if "ids" in arrays:
    assert table["id"].to_pylist() == list(arrays["ids"])
assert not any(column.null_count for column in table.columns)
print("the same", table.num_rows, "rows")
