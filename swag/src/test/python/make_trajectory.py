#!/usr/bin/env python3
"""Trains a small network on real data, records its weights, and makes the paper's posterior of them.

    OMP_NUM_THREADS=1 python3 make_trajectory.py ../resources/io/github/swag4j/swag/golden

scikit-learn's handwritten digits, 4 x 4 means of the 8 x 8 pixels; 16 inputs, 12 hidden units
(tanh), 10 classes: 334 weights. SGD with a constant rate, one record a half epoch after a warm-up.
Everything but the recorded iterates, which are float32, is float64 in plain NumPy, dense, by the
formulas of Maddox et al. 2019, section 3. Made with numpy 2.4, scikit-learn 1.9, safetensors 0.8.
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file
from sklearn.datasets import load_digits

SHAPES = {"hidden.weight": (12, 16), "hidden.bias": (12,), "head.weight": (10, 12), "head.bias": (10,)}
ITERATES, RANK, BATCH = 60, 20, 32


def trajectory():
    """Weights in float32, [iterates][weights in the order of SHAPES]."""
    digits = load_digits()
    x = digits.images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16) / 16 - 0.3
    y = np.eye(10)[digits.target]
    rng = np.random.default_rng(1803)
    w1 = rng.standard_normal((12, 16)) / 4
    b1 = np.zeros(12)
    w2 = rng.standard_normal((10, 12)) / np.sqrt(12)
    b2 = np.zeros(10)
    out = []
    steps = len(x) // BATCH
    half = steps // 2
    for epoch in range(20 + ITERATES // 2):
        order = rng.permutation(len(x))
        for step in range(steps):
            rows = order[step * BATCH : (step + 1) * BATCH]
            hidden = np.tanh(x[rows] @ w1.T + b1)
            logits = hidden @ w2.T + b2
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            g = (p - y[rows]) / BATCH
            back = (g @ w2) * (1 - hidden**2)
            w2 -= 0.5 * (g.T @ hidden + 5e-4 * w2)
            b2 -= 0.5 * g.sum(axis=0)
            w1 -= 0.5 * (back.T @ x[rows] + 5e-4 * w1)
            b1 -= 0.5 * back.sum(axis=0)
            if epoch >= 20 and (step + 1) % half == 0 and step + 1 <= 2 * half:
                out.append(np.concatenate([w1.ravel(), b1, w2.ravel(), b2]))
    hidden = np.tanh(x @ w1.T + b1)
    print("accuracy", ((hidden @ w2.T + b2).argmax(axis=1) == digits.target).mean())
    return np.array(out).astype(np.float32)


def main():
    iterates = trajectory()
    assert iterates.shape == (ITERATES, 334)
    w = iterates.astype(np.float64)
    mean = w.mean(axis=0)
    variance = (w**2).mean(axis=0) - mean**2  # the paper's; 1e-13 of it is lost in float64
    assert np.allclose(variance, w.var(axis=0), rtol=1e-9)
    running = np.cumsum(w, axis=0) / np.arange(1, ITERATES + 1)[:, None]
    deviations = (w - running)[-RANK:]
    recentred = (w - mean)[-RANK:]
    covariance = 0.5 * (np.diag(variance) + deviations.T @ deviations / (RANK - 1))
    point = iterates[-1].astype(np.float64)
    r = point - mean
    sign, log_det = np.linalg.slogdet(covariance)
    distance = r @ np.linalg.solve(covariance, r)
    log_density = -0.5 * (len(r) * np.log(2 * np.pi) + log_det + distance)
    picked = np.concatenate([np.arange(0, 192, 16), [192, 195, 203], [204, 240, 301], [324, 330, 333]])
    stored = {}
    at = 0
    for name, shape in SHAPES.items():
        size = int(np.prod(shape))
        part = slice(at, at + size)
        stored["iterates/" + name] = np.ascontiguousarray(iterates[:, part]).reshape(-1, *shape)
        at += size
    stored["mean"] = mean
    stored["variance"] = variance
    stored["deviations.running_mean"] = np.ascontiguousarray(deviations)
    stored["deviations.final_mean"] = np.ascontiguousarray(recentred)
    stored["picked"] = picked.astype(np.float64)
    stored["picked.covariance"] = np.ascontiguousarray(covariance[np.ix_(picked, picked)])
    stored["density"] = np.array([log_det, distance, log_density])
    folder = pathlib.Path(sys.argv[1])
    save_file(stored, str(folder / "trajectory.safetensors"), {"rank": str(RANK), "scale": "0.5"})
    sd = np.sqrt(variance)
    print("standard deviations", np.quantile(sd, [0, 0.1, 0.5, 0.9, 1]), "weights", np.abs(mean).mean())
    print("density", log_det, distance, log_density, "bytes", (folder / "trajectory.safetensors").stat().st_size)


if __name__ == "__main__":
    main()
