"""Peer of `average-update`: torch._foreach_lerp_ of 25 tensors of a million float32, no checks."""
import time

import torch

average = [torch.randn(1_000_000) for _ in range(25)]
weights = [torch.randn(1_000_000) for _ in range(25)]

for i in range(100):
    start = time.perf_counter()
    torch._foreach_lerp_(average, weights, 0.01)
    if i >= 60:
        print(f"{1e3 * (time.perf_counter() - start):.6f}")
