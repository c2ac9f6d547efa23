"""Peer of `moments-update`: the update of swa_gaussian's SWAG class, mean and mean of squares of 25
tensors of a million float32, no checks."""
import time

import torch

mean = [torch.zeros(1_000_000) for _ in range(25)]
square = [torch.zeros(1_000_000) for _ in range(25)]
weights = [torch.randn(1_000_000) for _ in range(25)]

for i in range(25):
    start = time.perf_counter()
    for t in range(25):
        mean[t] = mean[t] * i / (i + 1.0) + weights[t] / (i + 1.0)
        square[t] = square[t] * i / (i + 1.0) + weights[t] ** 2 / (i + 1.0)
    if i >= 5:
        print(f"{1e3 * (time.perf_counter() - start):.6f}")
