"""Peer of `log-density`: Woodbury's identity in float64, 25 tensors of a million, rank 20."""
import math
import time

import torch

K, TENSORS, SIZE = 20, 25, 1_000_000
mean = [torch.rand(SIZE) - 0.5 for _ in range(TENSORS)]
variance = [1e-5 * (1 + torch.rand(SIZE)) for _ in range(TENSORS)]
deviations = [0.01 * (torch.rand(K, SIZE) - 0.5) for _ in range(TENSORS)]
weights = [m + 0.003 * torch.randn(SIZE) for m in mean]
scale = 0.5


def log_density():
    m = torch.eye(K, dtype=torch.float64)
    b = torch.zeros(K, dtype=torch.float64)
    log_det = 0.0
    distance = 0.0
    for t in range(TENSORS):
        v = variance[t].double()
        r = weights[t].double() - mean[t].double()
        u = deviations[t].double() / math.sqrt(K - 1)
        scaled = u / v
        m += scaled @ u.T
        b += scaled @ r
        log_det += torch.log(v).sum().item()
        distance += (r * r / v).sum().item()
    n = TENSORS * SIZE
    factor = torch.linalg.cholesky(m)
    distance -= (b @ torch.cholesky_solve(b[:, None], factor)[:, 0]).item()
    log_det += 2 * torch.log(torch.diagonal(factor)).sum().item() + n * math.log(scale)
    return -0.5 * (n * math.log(2 * math.pi) + log_det + distance / scale)


for i in range(6):
    start = time.perf_counter()
    log_density()
    if i >= 1:
        print(f"{1e3 * (time.perf_counter() - start):.6f}")
