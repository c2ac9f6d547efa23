"""Opens the files our Java writer made with Python's safetensors and checks all that is in them.

The golden files java-*.safetensors are byte for byte what the writer gives: Java tests hold it to them
(GoldenFileTest in swa-core, PosteriorFilesTest and GoldenPosteriorsTest in swag). So what is found here is
true of the writer for as long as those tests pass. After a change of the format copy target/java-* of both
modules over the golden files and run this again:

    pip install safetensors==0.8.0 numpy
    python swa-core/src/test/python/check_java_files.py
"""

import hashlib
import json
import pathlib
import struct

import numpy as np
import safetensors
from safetensors.numpy import load_file

ROOT = pathlib.Path(__file__).parents[4]
AVERAGE = ROOT / "swa-core/src/test/resources/io/github/swag4j/swa/golden/java-average.safetensors"
GOLDEN = ROOT / "swag/src/test/resources/io/github/swag4j/swag/golden"
SHAPES = {"a": [2, 3], "b": [3], "c": [1]}


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return f"crc32c:{crc ^ 0xFFFFFFFF:08x}"


def header_checksum(path):
    """The checksum of what the header says, as docs/file-formats.md defines it."""
    whole = path.read_bytes()
    header = json.loads(whole[8:8 + struct.unpack("<Q", whole[:8])[0]])
    metadata = header.pop("__metadata__")
    lines = [f"{k}\0{metadata[k]}\n" for k in sorted(metadata) if k != "header_checksum"]
    for name, tensor in header.items():
        first, last = tensor["data_offsets"]
        lines.append(f"{name}\0{tensor['dtype']}\0{tensor['shape']}\0{first}\0{last}\n")
    return crc32c("".join(lines).encode())


def layout_hash(shapes):
    return hashlib.sha256("".join(f"{n}\0{s}\n" for n, s in shapes.items()).encode()).hexdigest()


def check(path, shapes, tensors, metadata, tolerance=0.0):
    """Names, types, shapes, values and metadata: all there, nothing else."""
    whole = path.read_bytes()
    data = whole[8 + struct.unpack("<Q", whole[:8])[0]:]
    loaded = load_file(path)
    assert set(loaded) == set(tensors), sorted(loaded)
    worst = 0.0
    for name, expected in tensors.items():
        got = loaded[name]
        assert got.dtype == np.float32 and got.shape == expected.shape, (name, got.dtype, got.shape)
        if got.size:
            worst = max(worst, float(np.abs(got - expected).max()))
        if tolerance == 0:
            assert got.tobytes() == expected.astype(np.float32).tobytes(), name
    assert worst <= tolerance, worst
    with safetensors.safe_open(path, "numpy") as opened:
        found = opened.metadata()
        assert set(opened.keys()) == set(tensors)
    common = {"format": "1", "writer": "swag4j", "layout": layout_hash(shapes), "checksum": crc32c(data),
              "header_checksum": header_checksum(path)}
    assert found == common | metadata, found
    listed = ", ".join(f"{n} {list(t.shape)}" for n, t in loaded.items())
    print(f"{path.name}: {listed}; {len(found)} metadata; largest difference {worst:.1e}")


def posterior(rank):
    """Mean, variance and deviations of the snapshots in double precision, as the paper writes them."""
    w = np.array(json.loads((GOLDEN / "covariance.json").read_text())["snapshots"], np.float64)
    running = np.cumsum(w, 0) / np.arange(1, len(w) + 1)[:, None]
    parts = {"mean": w.mean(0), "variance": w.var(0), "deviations": (w - running)[len(w) - rank:]}
    tensors, at = {}, 0
    for name, shape in SHAPES.items():
        size = int(np.prod(shape))
        for part, values in parts.items():
            front = [rank] if part == "deviations" else []
            tensors[f"{part}/{name}"] = values[..., at:at + size].reshape(front + shape)
        at += size
    return len(w), tensors


def check_posterior(file, rank, scale, tensors, metadata):
    count, moments = posterior(rank)
    if metadata["format"] == "3":
        moments = {name: values for name, values in moments.items() if not name.startswith("variance/")}
    check(GOLDEN / file, SHAPES, moments | tensors, {
        "roles": "WEIGHT,BIAS,BIAS", "kind": "swag-posterior", "count": str(count), "rank": str(rank), "columns": str(rank),
        "centre": "RUNNING_MEAN", "variance_floor": "1.0E-30", "scale": scale,
        "covariance": "scale * (diag(variance) + D D^T / (columns - 1))"} | metadata, 1e-6)


def check_posteriors():
    """Files of format 2 of the first sampler, one with all that the format can say, one of format 3."""
    first = {"format": "2", "sampler": "philox4x32-10/as241-v1"}
    check_posterior("java-posterior.safetensors", 4, "0.5", {}, first)
    check_posterior("java-diagonal.safetensors", 0, "1.0", {}, first)
    statistics = {"statistics/bn.mean": np.array([[1, -2], [0.1, 3e-5]], np.float32),
                  "statistics/bn.variance": np.array([[0.5, 0], [7, 1e20]], np.float32)}
    facts = {
        "sampler": "threefry4x32-20/table-v2", "sample_antithetic": "true",
        "statistics_layout": layout_hash({"bn.mean": [2], "bn.variance": [2]}),
        "statistics_roles": "RUNNING_MEAN,RUNNING_VARIANCE", "statistics_seed": "11", "statistics_first": "3",
        "statistics_samples": "2", "provenance.plan": "after each epoch past 15",
        "provenance.rates": '0.05 to epoch 15, then "0.01" \u2026', "provenance.data": "sha256 00ff",
        "provenance.seed": "42", "provenance.method": "swag", "provenance.program": "swag4j 0.2.0"}
    check_posterior("java-statistics.safetensors", 4, "0.3", statistics, facts | {
        "format": "2", "sample_blockwise": "true", "sample_stochastic": "a\nc"})
    check_posterior("java-deviations.safetensors", 4, "0.7", statistics, facts | {
        "format": "3", "sample_parts": "LOW_RANK"})


def check_file_average():
    """The average of the four files of make_torch_files.py, against the exact one."""
    path = AVERAGE.with_name("java-file-average.safetensors")
    exact = json.loads((AVERAGE.parents[1] / "io/torch/expected.json").read_text())["averages"]["exact"]
    loaded = load_file(path)
    expected = {name: np.array(exact[name], np.float64 if name == "double" else np.float32)
                for name in ("weight", "double", "brain", "half")}
    expected |= {"bn.num_batches_tracked": np.array(40), "index": np.arange(3)}
    assert set(loaded) == set(expected), sorted(loaded)
    for name, values in expected.items():
        assert loaded[name].dtype == values.dtype, (name, loaded[name].dtype)
        assert loaded[name].ravel().tobytes() == values.ravel().tobytes(), name
    assert loaded["weight"].shape == (5, 7) and loaded["index"].shape == (3,)
    whole = path.read_bytes()
    with safetensors.safe_open(path, "numpy") as opened:
        assert opened.metadata() == {
            "format": "1", "writer": "swag4j", "kind": "average", "count": "4", "rule": "uniform",
            "accumulate": "float64", "taken_from_last": "bn.num_batches_tracked,index",
            "checksum": crc32c(whole[8 + struct.unpack("<Q", whole[:8])[0]:]),
            "header_checksum": header_checksum(path)}, opened.metadata()
    print(f"{path.name}: {len(loaded)} tensors, every bit as expected")


def main():
    print("safetensors", safetensors.__version__, "numpy", np.__version__)
    check(AVERAGE, {'w "ü"': [2, 3], "empty": [0], "scalar": []}, {
        'w "ü"': np.array([[2, 0, 0.5], [1e-30, 3e38, -1.25]], np.float32),
        "empty": np.zeros(0, np.float32),
        "scalar": np.array(7, np.float32)}, {"kind": "average", "count": "2"})
    check_file_average()
    check_posteriors()


if __name__ == "__main__":
    main()
