"""Peer of `sketch`: by torchmetrics and torch, all threads, what one pass of the sketch gives of
1,000,000 x 10 float32: accuracy, NLL, Brier score, ECE, MCE, RMSCE and class-wise ECE.

torchmetrics has no NLL, multi-class Brier score or class-wise ECE: the first two are torch's own
operations, the last is its binary calibration error, once a class.
"""
import time

import torch
from torchmetrics.functional.classification import (
    binary_calibration_error,
    multiclass_accuracy,
    multiclass_calibration_error,
)

CLASSES = 10
torch.manual_seed(0)
probabilities = torch.randn(1_000_000, CLASSES).mul(3).softmax(1)
labels = torch.multinomial(probabilities, 1).squeeze(1)
columns = probabilities.t().contiguous()  # in the peer's favour: not timed


def calibration(norm):
    return multiclass_calibration_error(
        probabilities, labels, num_classes=CLASSES, n_bins=15, norm=norm, validate_args=False
    ).item()


def metrics():
    rows = torch.arange(len(labels))
    accuracy = multiclass_accuracy(
        probabilities, labels, num_classes=CLASSES, average="micro", validate_args=False
    ).item()
    nll = -probabilities[rows, labels].log().mean().item()
    one_hot = torch.nn.functional.one_hot(labels, CLASSES)
    brier = (probabilities - one_hot).square().sum(1).mean().item()
    errors = [calibration(norm) for norm in ("l1", "l2", "max")]
    classwise = sum(
        binary_calibration_error(
            columns[k], (labels == k).int(), n_bins=15, norm="l1", validate_args=False
        ).item()
        for k in range(CLASSES)
    )
    return accuracy, nll, brier, errors, classwise / CLASSES


for _ in range(3):
    metrics()
for _ in range(9):
    start = time.perf_counter()
    metrics()
    print(f"{1e3 * (time.perf_counter() - start):.6f}")
