#!/usr/bin/env python3
"""Makes the golden values of the averaging engine's tests with PyTorch, NumPy and safetensors.

    OMP_NUM_THREADS=1 python3 make_golden.py ../resources/io/github/swag4j/swa/golden

Float32 values are written as the doubles equal to them, so they survive JSON exactly. Made with
torch 2.13.0 (CPU), numpy 2.4, safetensors 0.8.0.
"""

import json
import math
import pathlib
import sys
from fractions import Fraction

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.optim import swa_utils

BATCHES = [4, 4, 2]


def write(folder, name, content):
    (folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def values(array):
    """Nested lists of doubles equal to the array's values."""
    array = array.detach().numpy() if isinstance(array, torch.Tensor) else array
    return np.asarray(array, dtype=np.float64).tolist()


def exact_moments(column):
    """Mean and population variance, rounded once from the exact rational result."""
    exact = [Fraction(float(v)) for v in column]
    mean = sum(exact) / len(exact)
    variance = sum((v - mean) ** 2 for v in exact) / len(exact)
    return float(mean), float(variance)


def averages():
    """Averages after each of 12 updates, of float32 vectors that make a naive variance cancel."""
    rng = np.random.default_rng(20190222)
    centre = np.array([0, 1, 1, 1e6, -1e6, 1e-3, -2])
    spread = np.array([1, 1e-4, 1e-4, 1, 30, 1e-6, 0.5])
    vectors = (centre + spread * rng.standard_normal((12, 7))).astype(np.float32)
    decay = 0.9

    model = nn.Module()
    model.w = nn.Parameter(torch.zeros(7))
    swa = swa_utils.AveragedModel(model)
    ema = swa_utils.AveragedModel(model, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(decay))
    from_zero = np.zeros(7)
    from_first = vectors[0].astype(np.float64)
    updates = []
    for n, vector in enumerate(vectors, start=1):
        model.w.data.copy_(torch.from_numpy(vector))
        swa.update_parameters(model)
        ema.update_parameters(model)
        from_first += (1 - decay) * (vector - from_first)
        from_zero += (1 - decay) * (vector - from_zero)
        moments = [exact_moments(vectors[:n, j]) for j in range(7)]
        updates.append(
            {
                "n": n,
                "torch_swa": values(swa.module.w),
                "torch_ema": values(ema.module.w),
                "ema": values(from_first),
                "ema_from_zero_debiased": values(from_zero / (1 - decay**n)),
                "mean": [mean for mean, _ in moments],
                "variance": [variance for _, variance in moments],
            }
        )
    return {"decay": decay, "vectors": values(vectors), "updates": updates}


def garipov_factor(epoch, start, ratio):
    """The factor of timgaripov/swa: 1, from half of start linear to the ratio, constant."""
    t = epoch / start
    if t <= 0.5:
        return 1.0
    if t <= 0.9:
        return 1.0 - (1.0 - ratio) * (t - 0.5) / 0.4
    return ratio


def swalr(strategy):
    """Rates of torch.optim.swa_utils.SWALR before each of 10 epochs, in float64."""
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.05)
    scheduler = swa_utils.SWALR(optimizer, swa_lr=0.01, anneal_epochs=5, anneal_strategy=strategy)
    rates = []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {"lr_init": 0.05, "swa_lr": 0.01, "anneal_epochs": 5, "rates": rates}


def schedule():
    runs = []
    for start, epochs in ((161, 300), (10, 15)):
        factors = [garipov_factor(e, start, 0.01 / 0.05) for e in range(epochs)]
        runs.append(
            {
                "lr_init": 0.05,
                "swa_lr": 0.01,
                "swa_start": start,
                "epochs": epochs,
                "factors": factors,
                "rates": [0.05 * f for f in factors],
            }
        )
    return {"garipov": runs, "swalr_cos": swalr("cos"), "swalr_linear": swalr("linear")}


def pooled(counts, means, variances):
    """Statistics of all values from those of batches (Chan et al. 1979); variances unbiased."""
    n, mean, m2 = counts[0], means[0], variances[0] * (counts[0] - 1)
    for count, batch_mean, batch_variance in zip(counts[1:], means[1:], variances[1:]):
        delta = batch_mean - mean
        total = n + count
        m2 = m2 + batch_variance * (count - 1) + delta**2 * n * count / total
        mean = mean + delta * count / total
        n = total
    return mean, m2 / (n - 1)


def batch_norm_case(net, inputs):
    """Every way of refreshing running statistics, for one net of float32 weights, in float64."""
    net = net.double()
    inputs = inputs.double()
    norms = [layer for layer in net if isinstance(layer, nn.modules.batchnorm._BatchNorm)]
    batches = list(torch.split(inputs, BATCHES))
    seen = {norm: [] for norm in norms}
    hooks = [
        norm.register_forward_pre_hook(lambda module, args: seen[module].append(args[0].detach()))
        for norm in norms
    ]
    net.train()
    with torch.no_grad():
        for batch in batches:
            net(batch)
    for hook in hooks:
        hook.remove()

    layers = []
    for norm in norms:
        flat = [x.transpose(0, 1).reshape(x.shape[1], -1) for x in seen[norm]]
        counts = [x.shape[1] for x in flat]
        means = [x.mean(dim=1) for x in flat]
        variances = [x.var(dim=1, unbiased=True) for x in flat]
        mean, variance = pooled(counts, means, variances)
        everything = torch.cat(flat, dim=1)
        assert torch.allclose(mean, everything.mean(dim=1), rtol=1e-12, atol=1e-14)
        assert torch.allclose(variance, everything.var(dim=1), rtol=1e-12, atol=0)
        layers.append(
            {
                "values_per_channel": counts,
                "batch_mean": [values(m) for m in means],
                "batch_unbiased_variance": [values(v) for v in variances],
                "pooled_mean": values(mean),
                "pooled_unbiased_variance": values(variance),
            }
        )

    swa_utils.update_bn(batches, net)
    for norm, layer in zip(norms, layers):
        layer["update_bn_mean"] = values(norm.running_mean)
        layer["update_bn_variance"] = values(norm.running_var)
        norm.running_mean.zero_()
        norm.running_var.fill_(1)

    # torchcontrib.optim.SWA.bn_update: momentum b / (n + b), so batches weigh by their size.
    net.train()
    rows = 0
    with torch.no_grad():
        for batch in batches:
            for norm in norms:
                norm.momentum = len(batch) / (rows + len(batch))
            net(batch)
            rows += len(batch)
    for norm, layer in zip(norms, layers):
        layer["size_weighted_mean"] = values(norm.running_mean)
        layer["size_weighted_variance"] = values(norm.running_var)
        norm.running_mean.copy_(torch.tensor(layer["pooled_mean"], dtype=torch.float64))
        variance = torch.tensor(layer["pooled_unbiased_variance"], dtype=torch.float64)
        norm.running_var.copy_(variance)

    net.eval()
    with torch.no_grad():
        logits = net(inputs)
    weights = {
        name: {"shape": list(value.shape), "values": values(value)}
        for name, value in net.named_parameters()
    }
    return {
        "epsilon": norms[0].eps,
        "batches": BATCHES,
        "weights": weights,
        "inputs": values(inputs),
        "layers": layers,
        "logits_with_pooled_statistics": values(logits),
    }


def scatter_affine(net):
    """Gives batch norm a scale and shift that are not 1 and 0; biases and weights stay as drawn."""
    for layer in net:
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.uniform_(layer.bias, -0.5, 0.5)
    return net


def batch_norm():
    torch.manual_seed(1902)
    conv = nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, bias=False),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(6, 3),
    )
    dense = nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))
    # The short last batch differs from the others, so that how it is weighted shows.
    images = torch.rand(10, 1, 12, 12)
    images[8:] = images[8:] * 3 + 1
    rows = torch.randn(10, 6)
    rows[8:] = rows[8:] * 3 + 1
    return {
        "convolutional": batch_norm_case(scatter_affine(conv), images),
        "dense": batch_norm_case(scatter_affine(dense), rows),
    }


def sgd():
    """Softmax regression under torch.optim.SGD; gradients are those before weight decay."""
    torch.manual_seed(7)
    inputs = torch.randn(8, 4)
    labels = torch.tensor([0, 1, 2, 0, 1, 2, 2, 1])
    weight = torch.randn(3, 4)
    bias = torch.randn(3)
    result = {
        "momentum": 0.9,
        "weight_decay": 5e-4,
        "rates": [0.1] * 5 + [0.01] * 5,
        "loss": "mean cross-entropy of softmax(x W^T + b)",
        "inputs": values(inputs),
        "labels": labels.tolist(),
        "weight": values(weight),
        "bias": values(bias),
    }
    for kind, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        model = nn.Linear(4, 3).to(dtype)
        model.weight.data.copy_(weight)
        model.bias.data.copy_(bias)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
        steps = []
        for rate in result["rates"]:
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs.to(dtype)), labels)
            loss.backward()
            gradient = {
                "loss": loss.item(),
                "weight_gradient": values(model.weight.grad),
                "bias_gradient": values(model.bias.grad),
            }
            optimizer.step()
            steps.append({**gradient, "weight": values(model.weight), "bias": values(model.bias)})
        result[kind] = steps
    return result


def safetensors(folder):
    """A file by the Python package, and what it must be read as."""
    tensors = {
        "conv.weight": torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2) / 7 - 1,
        "fc.weight": torch.linspace(-1e30, 1e30, 6).reshape(3, 2),
        "fc.bias": torch.tensor([math.pi, -0.0, 1e-45], dtype=torch.float32),
        "scalar": torch.tensor(0.1, dtype=torch.float32),
        "empty": torch.zeros(0, 5),
        "double": torch.tensor([0.1, -1e300, 5e-324], dtype=torch.float64),
        "count": torch.tensor([2**53 + 1, -1, 0], dtype=torch.int64),
        "名前": torch.tensor([1.5], dtype=torch.float32),
    }
    # The package writes metadata in no fixed order: the bytes differ from run to run, not the content.
    metadata = {
        "format": "pt",
        "note": "naïve → Ω 🙂 \"quoted\" back\\slash\nnew line",
        "empty": "",
    }
    path = folder / "python.safetensors"
    save_file(tensors, path, metadata)
    path.chmod(0o644)
    assert all(torch.equal(v, tensors[k]) for k, v in load_file(path).items())
    kinds = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}
    expected = {
        name: {
            "dtype": kinds[t.dtype],
            "shape": list(t.shape),
            # As text: JSON readers that know doubles only would round 2^53 + 1.
            "values": [repr(v) for v in t.flatten().tolist()],
        }
        for name, t in tensors.items()
    }
    write(folder, "python.safetensors.json", {"metadata": metadata, "tensors": expected})


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    write(folder, "averages.json", averages())
    write(folder, "schedule.json", schedule())
    write(folder, "batch-norm.json", batch_norm())
    write(folder, "sgd.json", sgd())
    safetensors(folder)


if __name__ == "__main__":
    main()
