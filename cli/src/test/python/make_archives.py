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


class Ending(nn.Module):
    """A linear layer and what follows it."""

    def __init__(self, last):
        super().__init__()
        self.out = nn.Linear(64, 3)
        self.last = last

    def forward(self, x):
        return self.last(self.out(x.flatten(1)))


class Detached(nn.Module):
    def forward(self, x):
        return x.detach()


class Half(nn.Module):
    def forward(self, x):
        return x.half()


class Two(nn.Module):
    def forward(self, x):
        return x, x


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
    for name, last in {
        "sigmoid": nn.Sigmoid(),
        "softmax": nn.Softmax(dim=1),
        "detached": Detached(),
        "half-output": Half(),
        "two-outputs": Two(),
    }.items():
        torch.jit.script(Ending(last)).save(folder / f"ending-{name}.pt")
    torch.jit.script(Ending(nn.Identity()).double()).save(folder / "double.pt")
    broken = Ending(nn.Identity())
    with torch.no_grad():
        broken.out.bias[1] = float("nan")
    torch.jit.script(broken).save(folder / "nan.pt")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
