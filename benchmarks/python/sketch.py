"""Peer of `sketch`: the ECE alone of 1,000,000 x 10 float32 by torchmetrics, all threads."""
import time

import torch
from torchmetrics.functional.classification import multiclass_calibration_error

torch.manual_seed(0)
probabilities = torch.randn(1_000_000, 10).mul(3).softmax(1)
labels = torch.multinomial(probabilities, 1).squeeze(1)


def ece():
    return multiclass_calibration_error(
        probabilities, labels, num_classes=10, n_bins=15, norm="l1", validate_args=False
    ).item()


for _ in range(10):
    ece()
for _ in range(9):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        ece()
        times.append(time.perf_counter() - start)
    print(f"{1e3 * sum(times) / len(times):.6f}")
