"""Peer of `evaluate-csv`: Python starts, reads the CSV and computes the ECE alone."""
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np


def child(path):
    import torch
    from torchmetrics.functional.classification import multiclass_calibration_error

    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    ece = multiclass_calibration_error(
        torch.from_numpy(rows[:, :-1]),
        torch.from_numpy(rows[:, -1].astype(np.int64)),
        num_classes=10,
        n_bins=15,
        norm="l1",
        validate_args=False,
    )
    print(ece.item())


def main():
    count = int(os.environ.get("ROWS", "1000000"))
    random = np.random.default_rng(1)
    p = np.exp(8 * random.random((100_000, 10)))
    p /= p.sum(1, keepdims=True)
    lines = [",".join(f"{v:.6f}" for v in row) for row in p]
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(",".join(f"c{k}" for k in range(10)) + ",label\n")
        for start in range(0, count, len(lines)):
            some = lines[: min(len(lines), count - start)]
            labels = random.integers(0, 10, len(some))
            file.write("".join(f"{line},{label}\n" for line, label in zip(some, labels)))
        file.flush()
        for _ in range(1 if count > 1_000_000 else 3):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, __file__, file.name], check=True, stdout=subprocess.DEVNULL
            )
            print(f"{1e3 * (time.perf_counter() - start):.3f}")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"# {count:,} rows, memory at most {peak} MB")


if len(sys.argv) > 1:
    child(sys.argv[1])
else:
    main()
