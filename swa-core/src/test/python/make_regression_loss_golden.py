"""Golden losses and gradients of regression losses, from PyTorch in float64.

Run: python make_regression_loss_golden.py > ../resources/io/github/swag4j/swa/golden/regression-losses.json
"""

import json
import math

import torch

torch.manual_seed(5)
rows = 64
targets = torch.randn(rows, dtype=torch.float64).float().double()
outputs = torch.randn(rows, 2, dtype=torch.float64).float().double()
out = {"torch": torch.__version__, "targets": targets.tolist(), "outputs": outputs.flatten().tolist()}


def record(name, loss_of, columns):
    x = outputs[:, :columns].clone().requires_grad_(True)
    loss = loss_of(x)
    loss.backward()
    out[name] = {"loss": loss.item(), "gradient": x.grad.flatten().tolist()}


nll = torch.nn.GaussianNLLLoss(full=True, eps=1e-6)
record("mean-squared", lambda x: torch.nn.MSELoss()(x[:, 0], targets), 1)
record("log_variance", lambda x: nll(x[:, 0], targets, x[:, 1].exp()), 2)
record("softplus", lambda x: nll(x[:, 0], targets, torch.nn.functional.softplus(x[:, 1])), 2)
record("variance", lambda x: nll(x[:, 0], targets, x[:, 1] * x[:, 1] + 0.1), 2)

# One row below the least variance, which GaussianNLLLoss clamps without touching the gradient.
x = torch.tensor([[0.5, 1e-9]], dtype=torch.float64, requires_grad=True)
loss = nll(x[:, 0], torch.tensor([0.503], dtype=torch.float64), x[:, 1])
loss.backward()
out["below"] = {"loss": loss.item(), "gradient": x.grad.flatten().tolist()}
assert math.isfinite(loss.item())
print(json.dumps(out, indent=1))
