"""Peer of `train-epoch`: the same network, batches, SGD and average in eager PyTorch.

With TURNS set it waits for a line on standard input before each epoch, as by-turns.py wants it.
"""
import os
import sys
import time

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

ROWS, BATCH, WARM_UP, EPOCHS = 2560, 128, 3, int(os.environ.get("EPOCHS", "7"))
TURNS = "TURNS" in os.environ
torch.set_num_threads(int(os.environ.get("THREADS", "2")))
torch.manual_seed(1)
images = torch.randn(ROWS, 1, 28, 28)
labels = torch.arange(ROWS) % 10

layers, channels = [], 1
for width in (32, 64, 128):
    layers += [
        nn.Conv2d(channels, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]
    channels = width
model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(1152, 10))
average = AveragedModel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)

parts = dict.fromkeys(("data", "forward", "backward", "step"), 0.0)
for epoch in range(-WARM_UP, EPOCHS):
    if epoch == 0:
        parts = dict.fromkeys(parts, 0.0)
    if TURNS:
        sys.stdin.readline()
    start = time.perf_counter()
    order = torch.randperm(ROWS)
    for first in range(0, ROWS, BATCH):
        marks = [time.perf_counter()]
        rows = order[first : first + BATCH]
        x, y = images[rows], labels[rows]
        marks.append(time.perf_counter())
        loss = nn.functional.cross_entropy(model(x), y)
        marks.append(time.perf_counter())
        optimizer.zero_grad()
        loss.backward()
        assert loss.isfinite()
        marks.append(time.perf_counter())
        optimizer.step()
        marks.append(time.perf_counter())
        for part, began, ended in zip(parts, marks, marks[1:]):
            parts[part] += ended - began
    average.update_parameters(model)
    if epoch >= 0 or TURNS:
        print(f"{1e3 * (time.perf_counter() - start):.6f}", flush=True)
print("# torch " + torch.__version__, *(f"{k} {1e3 * v / EPOCHS:.1f}" for k, v in parts.items()))
