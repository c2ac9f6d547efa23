#!/usr/bin/env python3
"""Makes the golden values of ODIN and of layer features: a small convolutional network in float64.

    OMP_NUM_THREADS=1 python3 make_ood_golden.py ../resources/io/github/swag4j/swag/golden

ODIN by its formulas (Liang et al. 2018, eq. 1 to 3), gradients by autograd. Made with torch 2.13.0.
"""

import json
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional

CHANNELS, SIDE, CLASSES, ROWS = 2, 6, 3, 7


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(CHANNELS, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.hidden = nn.Linear(64, 5)
        self.last = nn.Linear(5, CLASSES)

    def forward(self, x):
        self.maps = torch.tanh(self.norm(self.conv(x)))
        self.features = torch.tanh(self.hidden(self.maps.flatten(1)))
        return self.last(self.features)


def odin(net, x, temperature, epsilon, deviations):
    x = x.clone().requires_grad_(True)
    logits = net(x)
    log_s = functional.log_softmax(logits / temperature, 1)
    predicted = logits.argmax(1)
    log_s.gather(1, predicted[:, None]).sum().backward()
    unit = torch.tensor(deviations, dtype=torch.float64).reciprocal()[None, :, None, None]
    moved = x.detach() + epsilon * unit * x.grad.sign()
    with torch.no_grad():
        s = torch.softmax(net(moved) / temperature, 1).max(1).values
    return (1 - s).tolist()


def main():
    torch.manual_seed(1706)
    net = Net()
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(torch.randn_like(p) * 0.4)
        net.last.weight.mul_(4)
        net.norm.running_mean.copy_(torch.randn(4) * 0.3)
        net.norm.running_var.copy_(torch.rand(4) + 0.5)
    x = torch.randn(ROWS, CHANNELS, SIDE, SIDE)
    state = {k: v.flatten().tolist() for k, v in net.state_dict().items() if v.dim() > 0}
    net.double().eval()
    x = x.double()
    with torch.no_grad():
        logits = net(x)
    content = {
        "weights": state,
        "inputs": x.flatten().tolist(),
        "logits": logits.flatten().tolist(),
        "features": net.features.flatten().tolist(),
        "channel_means": net.maps.mean((2, 3)).flatten().tolist(),
        "maps": net.maps.flatten().tolist(),
        "odin": odin(net, x, 1000, 0.0014, [1, 1]),
        "odin_large_step": odin(net, x, 10, 0.05, [1, 1]),
        "odin_channels": odin(net, x, 10, 0.05, [0.5, 2]),
    }
    steps = [0.0, 0.01, 0.05, 0.2, 0.8, 3.2]
    sums = [sum(1 - s for s in odin(net, x, 10, e, [1, 1])) for e in steps]
    content["steps"] = steps
    content["sums"] = sums
    content["best_step"] = steps[sums.index(max(sums))]
    pathlib.Path(sys.argv[1], "odin.json").write_text(json.dumps(content, indent=1) + "\n")
    print(content["odin"], content["odin_large_step"], sums)


if __name__ == "__main__":
    main()
