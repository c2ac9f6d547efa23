#!/usr/bin/env python3
"""Makes the TorchScript archives that `train --from-trained` must refuse, or take as they are.

    OMP_NUM_THREADS=1 python3 make_archives.py ../resources/io/github/swag4j/cli/run

All map [rows, 1, 8, 8] to 3 logits. Made with torch 2.13.0 (CPU).
"""

import pathlib
import sys
import warnings

import torch
from torch import nn


class Convolution(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3, bias=False)
        self.norm = norm
        self.out = nn.Linear(3 * 6 * 6, 3)

    def forward(self, x):
        return self.out(torch.relu(self.norm(self.conv(x))).flatten(1))


class FixedBatch(nn.Module):
    """Tracing turns the batch's size into a number."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(64, 3)

    def forward(self, x):
        return self.out(x.reshape(int(x.shape[0]), 64))


class Dropping(nn.Module):
    """Dropout without batch norm."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 16)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return self.out(self.drop(torch.relu(self.hidden(x.flatten(1)))))


def main(folder):
    warnings.simplefilter("ignore")
    torch.manual_seed(5)
    frozen = Convolution(nn.BatchNorm2d(3))
    frozen.conv.weight.requires_grad = False
    torch.jit.script(frozen).save(folder / "frozen-layer.pt")
    tracked = Convolution(nn.InstanceNorm2d(3, affine=True, track_running_stats=True))
    torch.jit.script(tracked).save(folder / "instance-norm.pt")
    for rows in (2, 16):
        traced = torch.jit.trace(FixedBatch().train(), torch.rand(rows, 1, 8, 8))
        traced.save(folder / f"fixed-batch-{rows}.pt")
    torch.jit.script(Dropping()).save(folder / "dropping.pt")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
