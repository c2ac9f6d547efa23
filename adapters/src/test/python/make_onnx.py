"""Small ONNX models and what PyTorch says they give.

    python make_onnx.py ../resources/io/github/swag4j/adapters/onnx

Written with torch 2.13.0, onnx 1.23.1, onnxscript 0.7.2, nodes of skl2onnx by onnx.helper.
"""
import sys
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper
from safetensors.torch import save_file

OUT = Path(sys.argv[1])


class Net(torch.nn.Module):
    """Convolution, batch norm, a linear layer: batch norm that exporters like to fold."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(2, 4, 3, padding=1)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 3)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        return self.fc(x.mean((2, 3)))


class Steps(torch.nn.Module):
    """A linear layer over three dimensions: a transposed weight that exporters and runtimes fold."""

    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(5, 3)

    def forward(self, x):
        return self.fc(x).mean(1)


def export(net, x, name, optimize):
    rows = torch.export.Dim("rows")
    torch.onnx.export(net, (x,), OUT / name, dynamo=True, external_data=False, optimize=optimize,
                      input_names=["x"], output_names=["logits"], dynamic_shapes=({0: rows},))


def average(net, states, x):
    """Mean probabilities and mean entropies over state dicts, in float64."""
    p, h = [], []
    for state in states:
        net.load_state_dict(state)
        with torch.no_grad():
            q = torch.softmax(net.eval()(x).double(), 1)
        p.append(q)
        h.append(-(q * q.log()).sum(1))
    return torch.stack(p).mean(0), torch.stack(h).mean(0)


def members(make, x, count):
    states = []
    for seed in range(count):
        torch.manual_seed(seed)
        net = make()
        for p in net.parameters():
            torch.nn.init.normal_(p, 0.2, 0.8)
        net.train()
        net(2 * x + seed)  # moves the running statistics
        net(x - 1)
        states.append({k: v.clone() for k, v in net.state_dict().items() if "num_batches" not in k})
    return states


def store(name, make, x):
    states = members(make, x, 3)
    net = make()
    strict = net.load_state_dict
    net.load_state_dict = lambda s: strict(s, strict=False)
    p, h = average(net, states, x)
    tensors = {"x": x, "p": p.float(), "entropy": h.float()}
    for m, state in enumerate(states):
        tensors |= {f"{m}/{k}": v for k, v in state.items()}
    save_file({k: v.contiguous() for k, v in tensors.items()}, OUT / name)


def of_sklearn(name, keys, zipmap):
    """What skl2onnx writes for a logistic regression: int64 or text labels, and a ZipMap or an array."""
    text = isinstance(keys[0], str)
    attribute = {"classlabels_strings" if text else "classlabels_ints": keys}
    nodes = [helper.make_node("LinearClassifier", ["x"], ["label", "raw"], domain="ai.onnx.ml",
                              coefficients=[1.0, 0.0, 0.0, 1.0, -1.0, -1.0], intercepts=[0.0, 0.1, 0.2],
                              post_transform="SOFTMAX", multi_class=1, **attribute)]
    kind = TensorProto.STRING if text else TensorProto.INT64
    label = helper.make_tensor_value_info("label", kind, [None])
    if zipmap:
        nodes.append(helper.make_node("ZipMap", ["raw"], ["probabilities"], domain="ai.onnx.ml",
                                      **{"classlabels_strings" if text else "classlabels_int64s": keys}))
        of_map = helper.make_map_type_proto(kind, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
        p = helper.make_value_info("probabilities", helper.make_sequence_type_proto(of_map))
    else:
        p = helper.make_tensor_value_info("raw", TensorProto.FLOAT, [None, 3])
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])],
                              [label, p])
    model = helper.make_model(graph, ir_version=8, opset_imports=[
        helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)])
    onnx.checker.check_model(model)
    onnx.save(model, OUT / name)


def main():
    torch.manual_seed(9)
    images = torch.randn(6, 2, 5, 5)
    steps = torch.randn(6, 4, 5)
    net = Net()
    net.train()
    net(images)
    net.eval()
    export(net, images[:2], "net.onnx", optimize=False)
    export(net, images[:2], "folded.onnx", optimize=True)
    torch.jit.script(net).save(OUT / "net.pt")
    store("net.safetensors", Net, images)
    export(Steps().eval(), steps[:2], "steps.onnx", optimize=False)
    export(Steps().eval(), steps[:2], "transposed.onnx", optimize=True)
    onnx.save_model(onnx.load(OUT / "steps.onnx"), OUT / "outside.onnx", save_as_external_data=True,
                    location="outside.data", size_threshold=0)
    (OUT / "outside.data").unlink()
    store("steps.safetensors", Steps, steps)
    of_sklearn("zipmap.onnx", [7, 3, 5], True)
    of_sklearn("zipmap-names.onnx", ["dog", "cat", "owl"], True)
    of_sklearn("array.onnx", [0, 1, 2], False)


main()
