"""Peer of `posterior-sample`: the formula in eager PyTorch on one vector of 25 million float32
weights: clamp, square root, normal numbers, product with the transposed deviations."""
import math
import time

import torch

K, N = 20, 25_000_000
mean = torch.rand(N) - 0.5
variance = 1e-5 * (1 + torch.rand(N))
deviations = 0.01 * (torch.rand(K, N) - 0.5)


def sample():
    spread = torch.sqrt(torch.clamp(variance, 1e-30)) * torch.randn(N)
    low_rank = deviations.T.matmul(torch.randn(K)) / math.sqrt(K - 1)
    return mean + math.sqrt(0.5) * (spread + low_rank)


for i in range(10):
    start = time.perf_counter()
    sample()
    if i >= 2:
        print(f"{1e3 * (time.perf_counter() - start):.6f}")

for i in range(4):
    start = time.perf_counter()
    mean + torch.sqrt(torch.clamp(variance, 1e-30)) * torch.randn(N)
    print(f"# diagonal: {1e3 * (time.perf_counter() - start):.1f} ms")
