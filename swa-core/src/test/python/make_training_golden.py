#!/usr/bin/env python3
"""Makes the golden values of schedules, optimisers and gradient clipping with PyTorch.

    OMP_NUM_THREADS=1 python3 make_training_golden.py ../resources/io/github/swag4j/swa/golden

Float32 values are written as the doubles equal to them. Made with torch 2.13.0 (CPU).
"""

import json
import math
import pathlib
import sys
import warnings

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiplicativeLR, StepLR
from torch.optim.swa_utils import SWALR

STEPS = 100


def numbers(tensor):
    return tensor.detach().double().flatten().tolist()


def optimizer_of(rates):
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    return torch.optim.SGD(groups, lr=0.5)


def rates_of(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def swalr(rates, epochs, start, swa, length, shape, factor=None):
    """Rates of each epoch and group in the loop of the torch documentation."""
    optimizer = optimizer_of(rates)
    scheduler = MultiplicativeLR(optimizer, lambda _: factor) if factor else None
    annealing = SWALR(optimizer, swa_lr=swa, anneal_epochs=length, anneal_strategy=shape)
    out = []
    for epoch in range(epochs):
        out.append(rates_of(optimizer))
        optimizer.step()
        if epoch >= start:
            annealing.step()
        elif scheduler:
            scheduler.step()
    return {
        "initial": rates,
        "start": start,
        "swa": swa if isinstance(swa, list) else [swa] * len(rates),
        "length": length,
        "shape": shape,
        "factor": factor or 1.0,
        "rates": out,
    }


def scheduled(make, epochs):
    optimizer = optimizer_of([0.1])
    scheduler = make(optimizer)
    out = []
    for _ in range(epochs):
        out.append(rates_of(optimizer)[0])
        optimizer.step()
        scheduler.step()
    return out


def sawtooth(high, low, cycle, steps):
    """Izmailov et al. 2018, section 3.1, i from 1."""
    share = [(math.fmod(i - 1, cycle) + 1) / cycle for i in range(1, steps + 1)]
    return [(1 - t) * high + t * low for t in share]


def fge(high, low, cycle, epochs, iterations):
    """The rates of dnn-mode-connectivity's fge.py, and the epochs (from 0) it collects after."""
    rates, collected = [], []
    for epoch in range(epochs):
        for i in range(iterations):
            t = (epoch % cycle + i / iterations) / cycle
            down = high * (1 - 2 * t) + low * 2 * t
            rates.append(down if t < 0.5 else high * (2 * t - 1) + low * (2 - 2 * t))
        if epoch % cycle + 1 == cycle // 2:
            collected.append(epoch)
    return {"iterations": iterations, "rates": rates, "collected": collected}


def schedules():
    return {
        "swalr": [
            swalr([0.05, 0.5], 10, 5, 0.01, 1, "cos"),
            swalr([0.05, 0.5], 15, 5, 0.05, 5, "cos", factor=0.9),
            swalr([0.05, 0.5], 15, 5, [0.01, 0.02], 4, "linear", factor=0.9),
            swalr([0.05], 10, 3, 0.01, 5, "cos"),
            swalr([0.05], 10, 3, 0.01, 4, "linear"),
        ],
        "step": scheduled(lambda o: StepLR(o, step_size=3, gamma=0.1), 10),
        "cosine": scheduled(lambda o: CosineAnnealingLR(o, T_max=8, eta_min=0.001), 9),
        "sawtooth": sawtooth(0.05, 0.01, 4, 12),
        "fge": fge(0.05, 0.01, 4, 8, 5),
    }


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd momentum decay": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=5e-4),
    "sgd dampening": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1),
    "sgd nesterov": lambda p: torch.optim.SGD(
        p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-2
    ),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "adam decay": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.99), weight_decay=1e-2),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1),
    "rmsprop decay": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.9, eps=1e-5, weight_decay=1e-2),
    "adamw decay": lambda p: torch.optim.AdamW(p, lr=0.1, eps=1e-6, weight_decay=0.1),
}


def optimizers():
    """Weights after each tenth of 100 steps of given gradients; the rate changes after 50."""
    torch.manual_seed(20260728)
    start = torch.randn(7)
    gradients = torch.randn(STEPS, 7) * torch.tensor([1, 0.1, 1e-3, 2, 1, 0.5, 1e-5])
    rates = [0.01] * 50 + [0.001] * 50
    runs = {}
    for name, make in OPTIMIZERS.items():
        weight = torch.nn.Parameter(start.clone())
        optimizer = make([weight])
        steps = []
        for step, (rate, gradient) in enumerate(zip(rates, gradients), start=1):
            optimizer.param_groups[0]["lr"] = rate
            weight.grad = gradient.clone()
            optimizer.step()
            if step % 10 == 0:
                steps.append(numbers(weight))
        runs[name] = steps
    return {
        "start": numbers(start),
        "gradients": [numbers(g) for g in gradients],
        "rates": rates,
        "weights": runs,
    }


def clipping():
    torch.manual_seed(3)
    gradients = [torch.randn(3, 4), torch.randn(3)]
    cases = []
    for limit in (0.5, 2.0, 100.0):
        parameters = [torch.nn.Parameter(torch.zeros_like(g)) for g in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        norm = torch.nn.utils.clip_grad_norm_(parameters, limit)
        cases.append(
            {
                "max_norm": limit,
                "norm": norm.item(),
                "clipped": [numbers(p.grad) for p in parameters],
            }
        )
    return {"gradients": [numbers(g) for g in gradients], "cases": cases}


def main():
    warnings.filterwarnings("ignore")
    folder = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    for name, content in (
        ("schedules.json", schedules()),
        ("optimizers.json", optimizers()),
        ("clipping.json", clipping()),
    ):
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
