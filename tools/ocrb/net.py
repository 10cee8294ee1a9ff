"""The network, and its export to ONNX with the batch norms folded in."""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from lines import CLASSES, HEIGHT

# Kernel, in, out, stride, padding (rows, columns). 32 rows become one; four columns of pixels one step.
CONVS = [
    ((3, 3), 1, 24, (2, 2), (1, 1)),
    ((3, 3), 24, 48, (2, 2), (1, 1)),
    ((3, 3), 48, 64, (1, 1), (1, 1)),
    ((3, 3), 64, 96, (2, 1), (1, 1)),
    ((3, 3), 96, 96, (2, 1), (1, 1)),
    ((2, 3), 96, 128, (1, 1), (0, 1)),
    ((1, 5), 128, 128, (1, 1), (0, 2)),
]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, k, s, p, bias=False) for k, i, o, s, p in CONVS
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for _, _, o, _, _ in CONVS)
        self.head = nn.Conv2d(CONVS[-1][2], len(CLASSES) + 1, 1)

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = torch.relu(norm(conv(x)))
        return self.head(x).squeeze(2)  # batch, classes, steps


def export(net, path):
    """Writes `[1, 1, 32, width]` to `[1, classes, 1, steps]`, scores without softmax."""
    net.eval()
    nodes, weights, last = [], [], "x"

    def conv(index, w, b, stride, padding, act):
        nonlocal last
        weights.append(numpy_helper.from_array(w.astype(np.float32), f"w{index}"))
        weights.append(numpy_helper.from_array(b.astype(np.float32), f"b{index}"))
        out = f"c{index}"
        nodes.append(helper.make_node("Conv", [last, f"w{index}", f"b{index}"], [out], kernel_shape=list(w.shape[2:]), strides=list(stride), pads=list(padding) * 2))
        last = out
        if act:
            nodes.append(helper.make_node("Relu", [last], [f"r{index}"]))
            last = f"r{index}"

    with torch.no_grad():
        for index, (c, n, (_, _, _, s, p)) in enumerate(zip(net.convs, net.norms, CONVS)):
            gain = n.weight / torch.sqrt(n.running_var + n.eps)
            conv(index, (c.weight * gain[:, None, None, None]).numpy(), (n.bias - n.running_mean * gain).numpy(), s, p, True)
        conv(len(CONVS), net.head.weight.numpy(), net.head.bias.numpy(), (1, 1), (0, 0), False)
    nodes.append(helper.make_node("Identity", [last], ["y"]))
    graph = helper.make_graph(
        nodes,
        "ocrb",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, HEIGHT, "width"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, len(CLASSES) + 1, 1, "steps"])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


def decoded(scores):
    """Greedy reading of `classes x steps`."""
    best = scores.argmax(0)
    out, last = [], 0
    for c in best.tolist():
        if c and c != last:
            out.append(CLASSES[c - 1])
        last = c
    return "".join(out)
