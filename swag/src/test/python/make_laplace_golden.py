#!/usr/bin/env python3
"""Makes the golden values of the Laplace tests with torch alone, in float64, from the definitions.

    OMP_NUM_THREADS=1 python3 make_laplace_golden.py ../resources/io/github/swag4j/swag/laplace/golden

The curvature is built from whole Jacobians (last layer, diagonal) and from unfolded inputs and
gradients of layer outputs (Kronecker factors); the log marginal likelihood is that of laplace-torch's
ParametricLaplace. Weights and inputs are float32 numbers. Made with torch 2.13 and scipy 1.17.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F
from scipy.optimize import minimize_scalar

ROWS = 14
CLASSES = 3


class Net(torch.nn.Module):
    """Two convolutions, batch normalisation in evaluation mode, two linear layers."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(2, 3, (3, 2), padding=(1, 0))
        self.bn = torch.nn.BatchNorm2d(3)
        self.conv2 = torch.nn.Conv2d(3, 4, 3, stride=2, padding=1, dilation=1, bias=False)
        self.hidden = torch.nn.Linear(4 * 3 * 2, 5)
        self.head = torch.nn.Linear(5, CLASSES)
        self.seen = {}

    def tap(self, name, x, layer):
        y = layer(x)
        self.seen[name] = (x, y)
        return y

    def forward(self, x):
        x = self.bn(self.tap("conv1", x, self.conv1)).relu()
        x = self.tap("conv2", x, self.conv2).tanh()
        x = self.tap("hidden", x.flatten(1), self.hidden).relu()
        return self.tap("head", x, self.head)


def flat(t):
    return t.detach().double().flatten().tolist()


def unfolded(net, name, x):
    """Inputs of a layer as rows, 1 appended where there is a bias."""
    layer = getattr(net, name)
    if isinstance(layer, torch.nn.Conv2d):
        rows = F.unfold(x, layer.kernel_size, layer.dilation, layer.padding, layer.stride)
        rows = rows.transpose(1, 2).reshape(-1, rows.shape[1])
    else:
        rows = x
    if layer.bias is not None:
        rows = torch.cat([rows, torch.ones(len(rows), 1, dtype=rows.dtype)], 1)
    return rows


def kronecker(net, inputs, targets, exact):
    """A and G of every layer: sums over rows of all labels weighted by p, or of the data's label."""
    logits = net(inputs)
    p = logits.softmax(1).detach()
    factors = {}
    names = list(net.seen)
    for name in names:
        a = unfolded(net, name, net.seen[name][0].detach())
        factors[name] = [a.T @ a / len(a), 0]
    for k in range(CLASSES if exact else 1):
        logits = net(inputs)
        label = torch.full((ROWS,), k) if exact else targets
        weight = p[:, k].sqrt() if exact else torch.ones(ROWS, dtype=p.dtype)
        loss = (weight * F.cross_entropy(logits, label, reduction="none")).sum()
        gradients = torch.autograd.grad(loss, [net.seen[n][1] for n in names])
        for name, g in zip(names, gradients):
            g = g.movedim(1, -1).reshape(-1, g.shape[1])
            factors[name][1] = factors[name][1] + g.T @ g
    return factors


def jacobians(net, inputs, parameters):
    """[rows][classes][weights], one row at a time."""
    out = []
    for n in range(ROWS):
        logits = net(inputs[n : n + 1])[0]
        rows = []
        for c in range(CLASSES):
            grads = torch.autograd.grad(logits[c], parameters, retain_graph=True)
            rows.append(torch.cat([g.flatten() for g in grads]))
        out.append(torch.stack(rows))
    return torch.stack(out)


def evidence(log_likelihood, eigenvalues, squared_norm, prior, temperature):
    """laplace-torch: log lik - 1/2 (log det P - log det P0 + scatter)."""
    log_det = (eigenvalues / temperature + prior).log().sum().item()
    ratio = log_det - len(eigenvalues) * math.log(prior)
    return log_likelihood / temperature - 0.5 * (ratio + prior * squared_norm)


def optimum(log_likelihood, eigenvalues, squared_norm):
    found = minimize_scalar(
        lambda d: -evidence(log_likelihood, eigenvalues, squared_norm, math.exp(d), 1),
        bounds=(math.log(1e-5), math.log(1e5)),
        method="bounded",
        options={"xatol": 1e-11, "maxiter": 2000},
    )
    return math.exp(found.x)


def evidences(log_likelihood, eigenvalues, squared_norm):
    cases = [(1.0, 1.0), (0.03, 1.0), (20.0, 1.0), (0.5, 2.0)]
    return {
        "cases": [
            {
                "prior": prior,
                "temperature": t,
                "value": evidence(log_likelihood, eigenvalues, squared_norm, prior, t),
            }
            for prior, t in cases
        ],
        "optimum": optimum(log_likelihood, eigenvalues, squared_norm),
    }


def joint_order(net):
    """Places of (weight, bias) vectors of the head in the order [outputs][inputs + 1]."""
    inputs = net.head.in_features
    return [
        c * inputs + i if i < inputs else CLASSES * inputs + c
        for c in range(CLASSES)
        for i in range(inputs + 1)
    ]


def last_layer(net, inputs, log_likelihood, test):
    parameters = [net.head.weight, net.head.bias]
    squared_norm = sum((w**2).sum() for w in parameters).item()
    j = jacobians(net, inputs, parameters)[:, :, joint_order(net)]
    p = net(inputs).softmax(1)
    hessian = torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
    full = torch.einsum("ncp,ncd,ndq->pq", j, hessian, j)
    a = unfolded(net, "head", net.seen["head"][0])
    factor_a, factor_g = a.T @ a / ROWS, hessian.sum(0)
    kron = torch.kron(factor_g, factor_a)
    result = {"A": flat(factor_a), "G": flat(factor_g), "full": flat(full)}
    logits = net(test)
    features = torch.cat([net.seen["head"][0], torch.ones(len(test), 1).double()], 1)
    jacobian = torch.einsum("cd,ni->ncdi", torch.eye(CLASSES).double(), features).flatten(2)
    for name, matrix in [("full", full), ("kron", kron), ("diag", full.diag().diag())]:
        covariance = torch.linalg.inv(matrix + 0.7 * torch.eye(len(matrix)).double())
        variance = torch.einsum("ncp,pq,ndq->ncd", jacobian, covariance, jacobian)
        kappa = 1 / (1 + math.pi / 8 * variance.diagonal(dim1=1, dim2=2)).sqrt()
        result["evidence_" + name] = evidences(
            log_likelihood, torch.linalg.eigvalsh(matrix).clamp(min=0), squared_norm
        )
        result["logit_covariance_" + name] = flat(variance)
        result["probit_" + name] = flat((kappa * logits).softmax(1))
    return result


def linearised(net, factors, test, prior=0.7, samples=2_000_000):
    """Gaussian logits of the network that is linear in its weights around their mean (GLM predictive)."""
    names = list(factors)
    parameters = [p for n in names for p in getattr(net, n).parameters()]
    logits = net(test).detach()
    covariance = torch.zeros(len(test), CLASSES, CLASSES).double()
    for n in range(len(test)):
        rows = []
        for c in range(CLASSES):
            gradients = iter(torch.autograd.grad(net(test[n : n + 1])[0, c], parameters))
            # [outputs][inputs, 1 for the bias] of each layer, as its factors are.
            matrices = []
            for name in names:
                g = next(gradients).flatten(1)
                if getattr(net, name).bias is not None:
                    g = torch.cat([g, next(gradients)[:, None]], 1)
                matrices.append(g.flatten())
            rows.append(matrices)
        for l, name in enumerate(names):
            a, g = factors[name]
            precision = torch.kron(g, a)
            precision = precision + prior * torch.eye(len(precision)).double()
            j = torch.stack([rows[c][l] for c in range(CLASSES)])
            covariance[n] += j @ torch.linalg.solve(precision, j.T)
    kappa = 1 / (1 + math.pi / 8 * covariance.diagonal(dim1=1, dim2=2)).sqrt()
    generator = torch.Generator().manual_seed(7)
    probabilities, entropies = [], []
    for n in range(len(test)):
        values, vectors = torch.linalg.eigh(covariance[n])
        root = vectors * values.clamp(min=0).sqrt()
        z = torch.randn(samples, CLASSES, generator=generator, dtype=torch.float64)
        p = (logits[n] + z @ root.T).softmax(1)
        probabilities.append(p.mean(0))
        entropies.append(-(p * p.clamp(min=1e-300).log()).sum(1).mean())
    return {
        "prior": prior,
        "logits": flat(logits),
        "covariance": flat(covariance),
        "probit": flat((kappa * logits).softmax(1)),
        "monte_carlo": flat(torch.stack(probabilities)),
        "entropy": flat(torch.stack(entropies)),
    }


def main():
    torch.manual_seed(1810)
    net = Net()
    for module in net.modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            torch.nn.init.normal_(module.weight, std=1.3 / math.sqrt(module.weight[0].numel()))
            if module.bias is not None:
                torch.nn.init.normal_(module.bias, std=0.3)
    torch.nn.init.uniform_(net.bn.weight, 0.5, 1.5)
    torch.nn.init.normal_(net.bn.bias, std=0.3)
    net.bn.running_mean.normal_(std=0.2)
    net.bn.running_var.uniform_(0.5, 2)
    inputs = torch.randn(ROWS, 2, 5, 5)
    test = torch.randn(6, 2, 5, 5)
    net.double().eval()
    inputs, test = inputs.double(), test.double()
    targets = torch.distributions.Categorical(logits=2 * net(inputs)).sample()
    log_likelihood = -F.cross_entropy(net(inputs), targets, reduction="sum").item()
    state = {k: v for k, v in net.state_dict().items() if "batches" not in k}
    content = {
        "rows": ROWS,
        "state": {k: {"shape": list(v.shape), "values": flat(v)} for k, v in state.items()},
        "inputs": flat(inputs),
        "test": flat(test),
        "labels": targets.tolist(),
        "log_likelihood": log_likelihood,
        "last_layer": last_layer(net, inputs, log_likelihood, test),
    }
    for kind in ["exact", "empirical"]:
        factors = kronecker(net, inputs, targets, kind == "exact")
        content["linearised_" + kind] = linearised(
            net, {n: [a.detach(), g.detach()] for n, (a, g) in factors.items()}, test
        )
        content["kfac_" + kind] = {
            n: {"A": flat(a), "G": flat(g)} for n, (a, g) in factors.items()
        }
        eigenvalues = torch.cat(
            [
                torch.outer(
                    torch.linalg.eigvalsh(g).clamp(min=0), torch.linalg.eigvalsh(a).clamp(min=0)
                ).flatten()
                for a, g in factors.values()
            ]
        )
        norm = sum(
            (p**2).sum().item() for n, p in net.named_parameters() if not n.startswith("bn")
        )
        content["kfac_" + kind]["evidence"] = evidences(log_likelihood, eigenvalues, norm)
    names = [n for n, _ in net.named_parameters()]
    parameters = list(net.parameters())
    sizes = [p.numel() for p in parameters]
    j = jacobians(net, inputs, parameters)
    p = net(inputs).softmax(1).detach()
    hessian = torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
    exact = torch.einsum("ncp,ncd,ndp->p", j, hessian, j)
    residual = p - F.one_hot(targets, CLASSES)
    empirical = (torch.einsum("ncp,nc->np", j, residual) ** 2).sum(0)
    norm = sum((w**2).sum().item() for w in parameters)
    for kind, diagonal in [("exact", exact), ("empirical", empirical)]:
        content["diagonal_" + kind] = {
            n: flat(d) for n, d in zip(names, torch.split(diagonal, sizes))
        }
        content["diagonal_" + kind]["evidence"] = evidences(log_likelihood, diagonal, norm)
    pathlib.Path(sys.argv[1], "laplace.json").write_text(json.dumps(content, indent=0) + "\n")


if __name__ == "__main__":
    main()
