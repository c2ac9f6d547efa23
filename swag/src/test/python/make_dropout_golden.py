#!/usr/bin/env python3
"""Makes the golden values of Monte Carlo dropout: a small network in float64, 10,000 passes.

    OMP_NUM_THREADS=1 python3 make_dropout_golden.py ../resources/io/github/swag4j/swag/golden

Batch norm evaluates, dropout is active. Also saves the network as TorchScript, scripted and traced
in training mode. Made with torch 2.13.0 (CPU).
"""

import json
import pathlib
import sys
import warnings

import torch
from torch import nn

PASSES = 10_000


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.norm = nn.BatchNorm1d(8)
        self.drop = nn.Dropout(0.3)
        self.last = nn.Linear(8, 3)

    def forward(self, x):
        return self.last(self.drop(torch.relu(self.norm(self.first(x)))))


def main():
    torch.manual_seed(1506)
    net = Net()
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(torch.randn_like(p))
        net.norm.running_mean.copy_(torch.randn(8))
        net.norm.running_var.copy_(torch.rand(8) + 0.5)
    inputs = torch.randn(5, 4)
    net.eval()
    out = pathlib.Path(sys.argv[1])
    warnings.simplefilter("ignore")
    torch.jit.script(net).save(str(out / "dropout-scripted.pt"))
    net.train()
    state = {k: v.clone() for k, v in net.state_dict().items()}
    traced = torch.jit.trace(net, inputs, check_trace=False)
    # Tracing ran the network in training mode.
    net.load_state_dict(state)
    traced.save(str(out / "dropout-traced.pt"))
    net.eval()
    plain = torch.softmax(net(inputs), 1)
    net.drop.train()
    net.double()
    with torch.no_grad():
        p = torch.stack([torch.softmax(net(inputs.double()), 1) for _ in range(PASSES)])
    entropy = -(p * p.log()).sum(2)
    content = {
        "weights": {k: v.flatten().tolist() for k, v in state.items() if v.dim() > 0},
        "inputs": inputs.flatten().tolist(),
        "passes": PASSES,
        "mean": p.mean(0).flatten().tolist(),
        "deviation": p.std(0).flatten().tolist(),
        "entropy": entropy.mean(0).tolist(),
        "entropy_deviation": entropy.std(0).tolist(),
        "without_dropout": plain.flatten().tolist(),
    }
    (out / "dropout.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
