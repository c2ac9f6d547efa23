"""Makes the state dicts in src/test/resources/.../swa_gaussian with the SWAG class of wjmaddox/swa_gaussian.

    git clone https://github.com/wjmaddox/swa_gaussian
    pip install torch==2.13.0 safetensors==0.8.0
    python swag/src/test/python/make_swa_gaussian.py PATH_OF_THE_CLONE

The class itself collects and saves; nothing of it is here. Its densities need gpytorch, its samples a GPU: neither is
used, so both are given empty stand-ins. expected.json has what the class holds and draws, computed in float64.
"""

import json
import pathlib
import sys
import types

import torch
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).parents[1] / "resources/io/github/swag4j/swag/swa_gaussian"
SCALE = 0.5


def load_class(clone):
    for name in ("gpytorch", "gpytorch.lazy", "gpytorch.distributions"):
        sys.modules[name] = types.ModuleType(name)
    for name in ("RootLazyTensor", "DiagLazyTensor", "AddedDiagLazyTensor"):
        setattr(sys.modules["gpytorch.lazy"], name, None)
    sys.modules["gpytorch.distributions"].MultivariateNormal = None
    package = types.ModuleType("swag")
    package.__path__ = [str(clone / "swag")]
    sys.modules["swag"] = package
    posteriors = types.ModuleType("swag.posteriors")
    posteriors.__path__ = [str(clone / "swag/posteriors")]
    sys.modules["swag.posteriors"] = posteriors
    sys.modules.setdefault("tqdm", types.ModuleType("tqdm"))
    torch.Tensor.cuda = lambda self, *args, **kwargs: self
    from swag.posteriors.swag import SWAG
    return SWAG


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 3, bias=False)
        self.bn = torch.nn.BatchNorm2d(2)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Net(torch.nn.Module):
    """Names three deep, and batch norm, whose running_mean ends in _mean too."""

    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(Block(), torch.nn.Flatten())
        self.head = torch.nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.features(x))


def collect(SWAG, models, spread, centre=None, **options):
    """A SWAG of so many iterates: a network, moved at random."""
    torch.manual_seed(7)
    net = Net()
    if centre is not None:
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.fill_(centre)
    start = [p.detach().clone() for p in net.parameters()]
    swag = SWAG(Net, **options)
    for _ in range(models):
        with torch.no_grad():
            for parameter, first in zip(net.parameters(), start):
                parameter.copy_(first + spread * torch.randn_like(first))
        swag.collect_model(net)
    return swag


def expected(swag, draws=0):
    state = swag.state_dict()
    out = {"n_models": int(state["n_models"]), "parameters": []}
    clamped = 0
    for name in state:
        stem = name.removesuffix("_sq_mean")
        if stem == name:
            continue
        mean, square = state[stem + "_mean"], state[name]
        clamped += int((square - mean ** 2 <= swag.var_clamp).sum())
        variance = (square.double() - mean.double() ** 2).clamp(swag.var_clamp)
        entry = {"name": stem.removeprefix("base."), "shape": list(mean.shape),
                 "mean": mean.double().flatten().tolist(), "variance": variance.flatten().tolist()}
        if stem + "_cov_mat_sqrt" in state:
            rows = state[stem + "_cov_mat_sqrt"].double()
            low_rank = (rows ** 2).sum(0) / (swag.max_num_models - 1)
            entry["marginal"] = (SCALE * (variance.flatten() + low_rank)).tolist()
        out["parameters"].append(entry)
    out["clamped_float32"] = clamped
    if draws:
        torch.manual_seed(1)
        sums = [torch.zeros(p["mean"].__len__(), dtype=torch.float64) for p in out["parameters"]]
        for _ in range(draws):
            swag.sample(scale=SCALE, cov=True)
            for at, (module, name) in enumerate(swag.params):
                mean = getattr(module, name + "_mean")
                sums[at] += (getattr(module, name) - mean).double().flatten() ** 2
        out["drawn_variance"] = [(s / draws).tolist() for s in sums]
    return out


def main(clone):
    SWAG = load_class(clone)
    OUT.mkdir(exist_ok=True)
    full = collect(SWAG, 6, 0.1, no_cov_mat=False, max_num_models=4)
    early = collect(SWAG, 3, 0.1, no_cov_mat=False, max_num_models=5)
    diagonal = collect(SWAG, 4, 0.1)
    cancelled = collect(SWAG, 5, 1e-4, centre=1.0, no_cov_mat=False, max_num_models=3)
    torch.save({"epoch": 6, "state_dict": full.state_dict()}, OUT / "full.pt")
    save_file({k: v.contiguous() for k, v in full.state_dict().items()}, OUT / "full.safetensors")
    torch.save(early.state_dict(), OUT / "early.pt")
    torch.save(diagonal.state_dict(), OUT / "diagonal.pt")
    torch.save(cancelled.state_dict(), OUT / "cancelled.pt")
    values = {"full": expected(full, 20000), "early": expected(early, 20000),
              "diagonal": expected(diagonal), "cancelled": expected(cancelled)}
    (OUT / "expected.json").write_text(json.dumps(values) + "\n")
    for name, value in values.items():
        print(name, value["n_models"], "models,", value["clamped_float32"], "clamped")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
