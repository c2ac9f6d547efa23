#!/usr/bin/env python3
"""Makes real files of PyTorch and safetensors, what they hold, and PyTorch's averages of them.

    OMP_NUM_THREADS=1 python3 make_torch_files.py ../resources/io/github/swag4j/swa/io/torch

Values are written as the doubles or integers equal to them. Made with torch 2.13.0 (CPU),
numpy 2.4, safetensors 0.8.0.
"""

import argparse
import collections
import json
import os
import pathlib
import sys
import zipfile
from fractions import Fraction

import torch
from safetensors.torch import save_file
from torch import nn
from torch.optim import swa_utils

TYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.uint16: "U16", torch.bool: "BOOL", torch.float8_e4m3fn: "F8_E4M3",
    torch.complex64: "C64",
}


class Runs:
    """A pickle of it runs a command where pickles are executed."""

    def __reduce__(self):
        return os.system, ("touch a-pickle-was-executed",)


def described(tensors):
    """Type, shape and values of each tensor, in order."""
    content = {}
    for name, tensor in tensors.items():
        tensor = tensor.detach()
        entry = {"type": TYPES[tensor.dtype], "shape": list(tensor.shape)}
        if tensor.dtype == torch.float8_e4m3fn:
            entry["values"] = tensor.float().contiguous().flatten().tolist()
        elif tensor.dtype == torch.uint16:
            entry["values"] = tensor.to(torch.int64).flatten().tolist()
        elif tensor.dtype == torch.bool:
            entry["values"] = tensor.to(torch.int64).flatten().tolist()
        elif tensor.is_floating_point():
            entry["values"] = tensor.double().contiguous().flatten().tolist()
        else:
            entry["values"] = tensor.contiguous().flatten().tolist()
        content[name] = entry
    return content


def rezip(source, target, change=None, method=zipfile.ZIP_STORED):
    """The entries of an archive again, some with other bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = method
            new.writestr(entry, (change or {}).get(name.split("/", 1)[1], old.read(name)))


def state_dicts(folder):
    """Files that are read, and what they hold."""
    torch.manual_seed(1)
    expected = {}

    types = collections.OrderedDict(
        single=torch.tensor([[1.5, -0.0, 1e-45], [3.4e38, -2.0, 1 / 3]]),
        double=torch.tensor([1 / 3, -1e300], dtype=torch.float64),
        half=torch.tensor([1 / 3, 65504, 6e-8], dtype=torch.float16),
        brain=torch.tensor([1 / 3, 3e38, -1], dtype=torch.bfloat16),
        long=torch.tensor([2**62, -1]),
        int=torch.tensor([7, -8], dtype=torch.int32),
        short=torch.tensor([7, -8], dtype=torch.int16),
        byte=torch.tensor([-128, 127], dtype=torch.int8),
        unsigned=torch.tensor([255, 0], dtype=torch.uint8),
        wide=torch.tensor([65535, 1], dtype=torch.uint16),
        flags=torch.tensor([True, False]),
        eight=torch.tensor([0.5, -2]).to(torch.float8_e4m3fn),
        scalar=torch.tensor(7.0),
        empty=torch.zeros(0, 3),
    )
    torch.save(types, folder / "types.pt")
    expected["types.pt"] = described(types)
    torch.save(types, folder / "protocol-4.pt", pickle_protocol=4)
    expected["protocol-4.pt"] = described(types)
    # The old format has no storages without a type.
    old = {k: v for k, v in types.items() if k not in ("wide", "eight")}
    torch.save(old, folder / "legacy.pt", _use_new_zipfile_serialization=False)
    expected["legacy.pt"] = described(old)
    torch.serialization.set_crc32_options(False)
    torch.save(types, folder / "no-checksums.pt")
    torch.serialization.set_crc32_options(True)
    expected["no-checksums.pt"] = described(types)

    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    views = {
        "base": base,
        "tied": base,
        "transposed": base.t(),
        "columns": base[:, 1:5:2],
        "rows": base[2:],
        "one": base[3, 5],
        "expanded": base[0, :3].expand(2, 3),
        "channels_last": torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
        "permuted": torch.arange(24, dtype=torch.float64).reshape(2, 3, 4).permute(2, 0, 1),
        "half": torch.arange(6, dtype=torch.float16).reshape(2, 3).t(),
        "flags": torch.tensor([[True, False], [True, True]]).t(),
    }
    torch.save(views, folder / "views.pth")
    expected["views.pth"] = described(views)
    torch.save(views, folder / "legacy-views.pth", _use_new_zipfile_serialization=False)
    expected["legacy-views.pth"] = described(views)

    parameters = {"w": nn.Parameter(torch.randn(2, 2)), "b": nn.Parameter(torch.randn(2))}
    parameters["b"].note = "an attribute"
    torch.save(parameters, folder / "parameters.bin")
    expected["parameters.bin"] = described(parameters)

    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(32, 3))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
    net(torch.randn(4, 1, 6, 6)).sum().backward()
    optimizer.step()
    checkpoint = {
        "epoch": 3, "big": 2**80, "name": "b\u00e4r", "none": None, "loss": [0.5, {"x": (1, 2, 3, 4)}],
        "seen": {1, 2}, "bytes": b"\x00\xff", "size": torch.Size([1, 2]), "type": torch.float32,
        "device": torch.device("cpu"), "complex": 1 + 2j, "best": torch.tensor(0.9),
        "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(),
        "state_dict": net.state_dict(),
    }
    torch.save(checkpoint, folder / "checkpoint.pt")
    expected["checkpoint.pt"] = described(net.state_dict())
    torch.save(checkpoint, folder / "legacy-checkpoint.pt", _use_new_zipfile_serialization=False)
    expected["legacy-checkpoint.pt"] = described(net.state_dict())

    net.eval()
    exported = torch.export.export(net, (torch.randn(1, 1, 6, 6),))
    torch.export.save(exported, folder / "exported.pt2")
    expected["exported.pt2"] = described(exported.state_dict)

    # Not read:
    torch.save({"model": parameters, "ema": parameters}, folder / "several.pt")
    torch.save({"w": torch.ones(1), "epoch": 3}, folder / "mixed.pt")
    torch.save({"w": torch.tensor([1 + 2j])}, folder / "complex.pt")
    torch.save({"w": torch.tensor([1 + 2j]).conj()}, folder / "conjugated.pt")
    torch.save({"args": argparse.Namespace(lr=1), "model": parameters}, folder / "namespace.pt")
    torch.save({"w": torch.ones(1), "x": Runs()}, folder / "runs.pt")
    torch.save(net, folder / "module.pt")
    torch.save(torch.ones(2), folder / "tensor.pt")
    torch.save({"w": torch.ones(2).to_sparse()}, folder / "sparse.pt")
    torch.jit.script(nn.Linear(2, 1)).save(folder / "script.pt")
    rezip(folder / "parameters.bin", folder / "big-endian.pt", {"byteorder": b"big"})
    rezip(folder / "parameters.bin", folder / "deflated.pt", method=zipfile.ZIP_DEFLATED)
    return expected


def series(folder):
    """Four files as a run leaves them, and PyTorch's averages of them."""
    torch.manual_seed(2)
    model = nn.Module()
    model.weight = nn.Parameter(torch.zeros(5, 7))
    swa = swa_utils.AveragedModel(model)
    ema = swa_utils.AveragedModel(model, avg_fn=swa_utils.get_ema_avg_fn(0.9))
    double = nn.Module()
    double.weight = nn.Parameter(torch.zeros(3, dtype=torch.float64))
    double_swa = swa_utils.AveragedModel(double)
    files = []
    for epoch in range(4):
        model.weight.data = torch.randn(5, 7) * 10 ** torch.randint(-3, 4, (5, 7))
        double.weight.data = torch.randn(3, dtype=torch.float64)
        swa.update_parameters(model)
        ema.update_parameters(model)
        double_swa.update_parameters(double)
        tensors = {
            "weight": model.weight.data.clone(),
            "double": double.weight.data.clone(),
            "brain": (1 + 0.01 * torch.randn(9)).to(torch.bfloat16),
            "half": (1 + 0.01 * torch.randn(9)).to(torch.float16),
            "bn.num_batches_tracked": torch.tensor(10 * (epoch + 1)),
            "index": torch.arange(3),
        }
        save_file(tensors, folder / f"epoch-{epoch}.safetensors")
        torch.save(tensors, folder / f"epoch-{epoch}.pt")
        files.append(tensors)
    weights = [1, 0.5, 0, 2.25]
    exact = {}
    weighted = {}
    for name in ("weight", "double", "brain", "half"):
        columns = zip(*(t[name].double().flatten().tolist() for t in files))
        columns = [[Fraction(v) for v in column] for column in columns]
        exact[name] = [float(sum(c) / 4) for c in columns]
        weighted[name] = [
            float(sum(Fraction(w) * v for w, v in zip(weights, c)) / Fraction(sum(weights)))
            for c in columns
        ]
    shards = {"a": {"weight": files[0]["weight"], "half": files[0]["half"]},
              "b": {k: v for k, v in files[0].items() if k not in ("weight", "half")}}
    (folder / "sharded").mkdir(exist_ok=True)
    where = {}
    for shard, tensors in shards.items():
        save_file(tensors, folder / "sharded" / f"model-{shard}.safetensors")
        where |= {name: f"model-{shard}.safetensors" for name in tensors}
    index = {"metadata": {"total_size": 1}, "weight_map": where}
    (folder / "sharded" / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    return {
        "torch_swa": swa.module.weight.double().flatten().tolist(),
        "torch_ema": ema.module.weight.double().flatten().tolist(),
        "torch_swa_double": double_swa.module.weight.flatten().tolist(),
        "exact": exact,
        "weights": weights,
        "weighted": weighted,
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    content = {"files": state_dicts(folder), "averages": series(folder)}
    (folder / "expected.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
