#!/usr/bin/env python3
"""Saves checkpoints of a small network with batch norm as PyTorch training scripts do.

    OMP_NUM_THREADS=1 python3 make_checkpoints.py ../resources/io/github/swag4j/swag/golden/checkpoints

epoch-2.pt, epoch-9.pt and epoch-10.pt are dicts of state dict, optimizer and epoch. Every weight of
epoch n is n + its place among the network's weights / 16, so a test knows what it should read. Made
with torch 2.13.
"""

import pathlib
import sys

import torch


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for epoch in (2, 9, 10):
        place = 0
        for value in net.state_dict().values():
            if value.dtype == torch.float32:
                numbers = torch.arange(place, place + value.numel(), dtype=torch.float32)
                value.copy_((epoch + numbers / 16).reshape(value.shape))
                place += value.numel()
        torch.save(
            {"state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch},
            folder / f"epoch-{epoch}.pt",
        )
    print({name: tuple(value.shape) for name, value in net.state_dict().items()})


if __name__ == "__main__":
    main()
