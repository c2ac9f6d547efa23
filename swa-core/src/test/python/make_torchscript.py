#!/usr/bin/env python3
"""Makes the TorchScript archives of the tests and what PyTorch says of them.

    OMP_NUM_THREADS=1 python3 make_torchscript.py ../resources/io/github/swag4j/swa/golden/torchscript

A small CNN and a small ResNet, both with batch norm and dropout. The CNN is saved in every way an
archive can come: scripted, traced in training and in evaluation mode, frozen, as a state dict. The
ResNet is trained on an easy task and saved three times on the way; torch.optim.swa_utils averages
the three. Made with torch 2.13.0 (CPU).
"""

import copy
import json
import pathlib
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional
from torch.optim import swa_utils

BATCHES = [16, 16, 7]


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.4)
        self.fc = nn.Linear(4 * 6 * 6, 8)
        self.bn2 = nn.BatchNorm1d(8, momentum=0.3)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv(x)))
        x = self.drop(x.flatten(1))
        x = functional.dropout(torch.relu(self.bn2(self.fc(x))), 0.2, self.training)
        return self.out(x)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.drop = nn.Dropout(0.1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = self.drop(functional.relu(self.bn1(self.conv1(x))))
        return functional.relu(x + self.bn2(self.conv2(y)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 6, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(6)
        self.blocks = nn.Sequential(Residual(6), Residual(6))
        self.out = nn.Linear(6, 4)

    def forward(self, x):
        x = self.blocks(functional.relu(self.bn(self.stem(x))))
        return self.out(x.mean((2, 3)))


class Awkward(nn.Module):
    """Tensors under two names, plain and transposed, and one in channels-last order."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3)
        self.conv.weight = nn.Parameter(
            self.conv.weight.detach().to(memory_format=torch.channels_last)
        )
        self.first = nn.Linear(3, 3, bias=False)
        self.second = nn.Linear(3, 3, bias=False)
        self.second.weight = self.first.weight
        self.turned = nn.Parameter(torch.randn(3, 3).t())
        self.again = self.turned

    def forward(self, x):
        x = self.conv(x).mean((2, 3))
        return self.second(torch.relu(self.first(x))) @ self.turned @ self.again


class Various(nn.Module):
    """Batch norm in its less usual forms."""

    def __init__(self):
        super().__init__()
        self.cumulative = nn.BatchNorm2d(2, momentum=None)
        self.batch_only = nn.BatchNorm2d(2, track_running_stats=False)
        self.plain = nn.BatchNorm1d(2, affine=False)
        self.group = nn.GroupNorm(1, 2)
        self.drop = nn.AlphaDropout(0.5)
        self.sequence = nn.BatchNorm1d(4)
        self.out = nn.Linear(20, 3)

    def forward(self, x):
        x = self.group(self.batch_only(self.cumulative(x)))
        x = self.plain(x.flatten(2))
        x = self.drop(x.reshape(-1, 4, 5))
        return self.out(self.sequence(x).flatten(1))


class Repeated(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)

    def forward(self, x):
        return self.norm(torch.relu(self.norm(x)))


class Unused(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.left = nn.BatchNorm1d(3)

    def forward(self, x):
        return self.norm(x)


class Instance(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.InstanceNorm1d(1, affine=True, track_running_stats=True)

    def forward(self, x):
        return self.norm(x.unsqueeze(1)).squeeze(1)


def values(tensor):
    return tensor.detach().to(torch.float64).tolist()


def norms(model):
    return [(n, m) for n, m in model.named_modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]


def only_norms_train(model):
    model.eval()
    for _, norm in norms(model):
        norm.train()


def pooled(model, batches):
    """Mean and unbiased variance in float64 over all values that reach each batch-norm layer."""
    model = copy.deepcopy(model).double()
    only_norms_train(model)
    seen = {}

    def hook(name):
        return lambda _, inputs, __: seen.setdefault(name, []).append(
            inputs[0].transpose(0, 1).flatten(1)
        )

    for name, norm in norms(model):
        if norm.track_running_stats:
            norm.register_forward_hook(hook(name))
    with torch.no_grad():
        for batch in batches:
            model(batch.double())
    result = {}
    for name, parts in seen.items():
        every = torch.cat(parts, 1)
        result[name] = {"mean": values(every.mean(1)), "variance": values(every.var(1))}
    return result


def updated(model, batches):
    """What update_bn gives without dropout."""
    model = copy.deepcopy(model)
    for module in model.modules():
        if isinstance(module, (nn.Dropout, nn.AlphaDropout)):
            module.p = 0.0
    original = functional.dropout
    functional.dropout = lambda x, p=0.5, training=True, inplace=False: x
    try:
        swa_utils.update_bn(batches, model)
    finally:
        functional.dropout = original
    model.eval()
    return model


def with_statistics(model, statistics):
    model = copy.deepcopy(model)
    for name, norm in norms(model):
        if not norm.track_running_stats:
            continue
        norm.running_mean.copy_(torch.tensor(statistics[name]["mean"]))
        norm.running_var.copy_(torch.tensor(statistics[name]["variance"]))
    return model.eval()


def described(model, inputs):
    batches = list(inputs.split(BATCHES))
    statistics = pooled(model, batches)
    update = updated(model, batches)
    with torch.no_grad():
        return {
            "inputs": values(inputs.flatten()),
            "shape": list(inputs.shape[1:]),
            "batches": BATCHES,
            "outputs": values(model.eval()(inputs)),
            "pooled": statistics,
            "outputs_pooled": values(with_statistics(model, statistics)(inputs)),
            "update_bn": {
                n: {"mean": values(m.running_mean), "variance": values(m.running_var)}
                for n, m in norms(update)
                if m.track_running_stats
            },
        }


def cnn(folder):
    torch.manual_seed(1)
    model = Cnn()
    inputs = short(torch.randn(sum(BATCHES), 1, 8, 8) * 2 + 1)
    model.train()
    for _ in range(3):
        model(inputs)
    torch.jit.script(model).save(folder / "cnn-scripted.pt")
    state = copy.deepcopy(model.state_dict())
    traced = torch.jit.trace(model, inputs, check_trace=False)
    model.load_state_dict(state)
    traced.save(folder / "cnn-traced-training.pt")
    model.eval()
    torch.jit.trace(model, inputs).save(folder / "cnn-traced-evaluation.pt")
    torch.jit.freeze(torch.jit.script(model)).save(folder / "cnn-frozen.pt")
    torch.save(state, folder / "cnn-state-dict.pt")
    return described(model, inputs)


def short(tensor):
    """Multiples of 1/16, whose decimals are few."""
    return (tensor * 16).round() / 16


def task(rows, seed):
    """Four textures in noise."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 4, (rows,), generator=generator)
    grid = torch.arange(8).float()
    waves = torch.stack(
        [
            torch.sin(grid * 1.5)[None, :].expand(8, 8),
            torch.sin(grid * 1.5)[:, None].expand(8, 8),
            torch.sin((grid[:, None] + grid[None, :]) * 1.5),
            torch.sin((grid[:, None] - grid[None, :]) * 1.5),
        ]
    )
    noise = torch.randn(rows, 8, 8, generator=generator)
    return short((waves[labels] + 0.9 * noise)[:, None]), labels


def resnet(folder):
    torch.manual_seed(2)
    train, labels = task(240, 3)
    test, test_labels = task(120, 4)
    model = ResNet()
    average = swa_utils.AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
    for epoch in range(4):
        model.train()
        for start in range(0, 240, 40):
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(train[start : start + 40]), labels[start : start + 40])
            loss.backward()
            optimizer.step()
        if epoch >= 1:
            torch.jit.script(model).save(folder / f"resnet-{epoch}.pt")
            average.update_parameters(model)
        if epoch == 1:
            first = {n: b.clone() for n, b in model.state_dict().items() if "running" in n}

    def accuracy(m):
        with torch.no_grad():
            return (m.eval()(test).argmax(1) == test_labels).float().mean().item()

    mean = average.module
    mean.load_state_dict(mean.state_dict() | first)
    stale = accuracy(mean)
    batches = list(train.split(64))
    refreshed = accuracy(updated(mean, batches))
    statistics = pooled(mean, batches)
    with torch.no_grad():
        outputs = with_statistics(mean, statistics)(test)
    return {
        "train": values(train.flatten()),
        "batch": 64,
        "test": values(test.flatten()),
        "labels": test_labels.tolist(),
        "accuracy_of_last": accuracy(model),
        "accuracy_stale": stale,
        "accuracy_update_bn": refreshed,
        "pooled": statistics,
        "outputs_pooled": values(outputs),
    }


def various(folder):
    torch.manual_seed(6)
    model = Various()
    inputs = short(torch.randn(sum(BATCHES), 2, 2, 5) * 2 + 1)
    model.train()
    model(inputs)
    torch.jit.script(model).save(folder / "various.pt")
    torch.jit.script(Repeated()).save(folder / "repeated.pt")
    torch.jit.script(Unused()).save(folder / "unused.pt")
    torch.jit.script(Instance()).save(folder / "instance.pt")
    torch.jit.script(nn.Linear(3, 2).to(torch.bfloat16)).save(folder / "bfloat16.pt")
    return described(model, inputs)


def awkward(folder):
    torch.manual_seed(5)
    model = Awkward()
    inputs = torch.randn(6, 2, 5, 5)
    torch.jit.script(model).save(folder / "awkward.pt")
    with torch.no_grad():
        return {"inputs": values(inputs.flatten()), "outputs": values(model(inputs))}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    content = {
        "cnn": cnn(folder),
        "resnet": resnet(folder),
        "awkward": awkward(folder),
        "various": various(folder),
    }
    for name, values_of in content.items():
        (folder / f"{name}.json").write_text(json.dumps(values_of) + "\n", "utf-8")
    told = {k: v for k, v in content["resnet"].items() if k.startswith("accuracy")}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
