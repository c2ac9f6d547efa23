#!/usr/bin/env python3
"""Loads the archives that TorchScriptModelsTest saved and compares outputs with those in Java.

    ./mvnw -pl swa-core -am test -Dtest=TorchScriptModelsTest -Dsurefire.failIfNoSpecifiedTests=false
    venv/bin/python swa-core/src/test/python/check_torchscript.py swa-core/target/torchscript
"""

import json
import pathlib
import sys
import warnings

import torch

GOLDEN = pathlib.Path(__file__).parent.parent / "resources/io/github/swag4j/swa/golden/torchscript"


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    golden = json.loads((GOLDEN / "cnn.json").read_text("utf-8"))
    inputs = torch.tensor(golden["inputs"]).reshape(-1, 1, 8, 8)
    archives = sorted(pathlib.Path(sys.argv[1]).glob("*.pt"))
    if not archives:
        sys.exit("no archives there: run TorchScriptModelsTest first")
    for archive in archives:
        model = torch.jit.load(archive).eval()
        original = torch.jit.load(GOLDEN / archive.name.removeprefix("trained-"))
        assert model.state_dict().keys() == original.state_dict().keys(), archive
        names = [[n for n, _ in m.named_buffers()] for m in (model, original)]
        assert names[0] == names[1] and len(names[0]) > 0, (archive, names)
        java = torch.tensor(json.loads(pathlib.Path(f"{archive}.json").read_text("utf-8")))
        with torch.no_grad():
            outputs = model(inputs).flatten()
            again = model(inputs).flatten()
        assert torch.equal(outputs, again), f"{archive}: random in evaluation mode"
        worst = (outputs - java).abs().max().item()
        assert worst <= 2e-6, f"{archive}: outputs differ by {worst}"
        model.train()
        model(inputs)
        moved = dict(model.named_buffers())[names[0][0]]
        assert not torch.equal(moved, dict(torch.jit.load(archive).named_buffers())[names[0][0]])
        print(f"{archive.name}: buffers as before, outputs within {worst:.1e}, trains")


if __name__ == "__main__":
    main()
