#!/usr/bin/env python3
"""Makes the golden values of planes and lines with NumPy.

    python3 make_surface_golden.py ../resources/io/github/swag4j/swa/golden

Weights are float32, all arithmetic is float64. Made with numpy 2.
"""

import json
import pathlib
import sys

import numpy as np

SIZE = 12


def plane(w1, w2, w3):
    """Axes by the QR decomposition, signs such that w2 lies right and w3 above."""
    q, r = np.linalg.qr(np.stack([w2 - w1, w3 - w1], axis=1))
    q = q * np.sign(np.diag(r))
    return q[:, 0], q[:, 1]


def main():
    out = pathlib.Path(sys.argv[1])
    random = np.random.default_rng(20)
    vectors = random.normal(size=(4, SIZE)).astype(np.float32).astype(np.float64)
    w1, w2, w3, other = vectors
    u, v = plane(w1, w2, w3)
    x, y = (other - w1) @ u, (other - w1) @ v
    t = (other - w1) @ (w2 - w1) / np.sum((w2 - w1) ** 2)
    covariance = np.array([[2.0, 0.8], [0.8, 0.5]])
    values, axes = np.linalg.eigh(covariance)
    angle = np.arctan2(axes[1, 1], axes[0, 1])
    golden = {
        "vectors": vectors.tolist(),
        "u": u.tolist(),
        "v": v.tolist(),
        "places": [[float((w - w1) @ u), float((w - w1) @ v)] for w in (w1, w2, w3)],
        "other": [float(x), float(y), float(np.linalg.norm(other - w1 - x * u - y * v))],
        "at": (w1 + 0.7 * u - 1.3 * v).astype(np.float32).astype(np.float64).tolist(),
        "line": {
            "length": float(np.linalg.norm(w2 - w1)),
            "at": (-0.5 * w2 + 1.5 * w1).astype(np.float32).astype(np.float64).tolist(),
            "other": [float(t), float(np.linalg.norm(other - w1 - t * (w2 - w1)))],
        },
        "ellipse": {
            "covariance": covariance.tolist(),
            "axes": [float(2 * np.sqrt(values[1])), float(2 * np.sqrt(values[0]))],
            "angle": float((angle + np.pi / 2) % np.pi - np.pi / 2),
        },
    }
    (out / "surface.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
