"""Peer of `swag-collect`: the reference algorithm in eager PyTorch, from its description: running
means of the weights and of their squares, and the deviation matrix of each of 25 tensors, to which a
row is appended by torch.cat and whose first row is dropped when it has more than 20. No checks."""
import time

import torch

RANK, TENSORS, SIZE = 20, 25, 1_000_000
mean = [torch.zeros(SIZE) for _ in range(TENSORS)]
square = [torch.zeros(SIZE) for _ in range(TENSORS)]
deviations = [torch.zeros(0, SIZE) for _ in range(TENSORS)]
weights = [torch.randn(SIZE) for _ in range(TENSORS)]

for n in range(RANK + 12):
    start = time.perf_counter()
    for t in range(TENSORS):
        w = weights[t]
        mean[t] = mean[t] * (n / (n + 1.0)) + w / (n + 1.0)
        square[t] = square[t] * (n / (n + 1.0)) + w**2 / (n + 1.0)
        deviations[t] = torch.cat((deviations[t], (w - mean[t]).view(1, -1)), dim=0)
        if deviations[t].shape[0] > RANK:
            deviations[t] = deviations[t][1:, :]
    if n >= RANK + 4:
        print(f"{1e3 * (time.perf_counter() - start):.6f}")
