#!/usr/bin/env python3
"""Makes the golden values of the SWAG posterior's tests with NumPy, dense and in float64.

    OMP_NUM_THREADS=1 python3 make_golden.py ../resources/io/github/swag4j/swag/golden

Float32 values are written as the doubles equal to them. Made with numpy 2.4 and scipy 1.17.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.stats import multivariate_normal

SHAPES = {"a": [2, 3], "b": [3], "c": [1]}
RANK = 4


def log_density(point, mean, covariance):
    """Dense, by Cholesky; SciPy's must agree."""
    factor = np.linalg.cholesky(covariance)
    z = np.linalg.solve(factor, point - mean)
    own = -0.5 * (z @ z + len(mean) * np.log(2 * np.pi)) - np.log(np.diag(factor)).sum()
    assert abs(own - multivariate_normal(mean, covariance).logpdf(point)) < 1e-9 * abs(own)
    return own


def main():
    rng = np.random.default_rng(1902)
    centre = np.array([0.5, -1, 2, 0, 0.25, -3, 1, 1, 1, 10])
    spread = np.array([0.3, 0.1, 0.2, 0.05, 0.4, 0.1, 1e-2, 2e-2, 5e-2, 0.5])
    drift = rng.standard_normal(10) * spread
    steps = np.linspace(-1, 1, 8)[:, None]
    snapshots = centre + steps * drift + spread * rng.standard_normal((8, 10))
    snapshots = snapshots.astype(np.float32).astype(np.float64)

    mean = snapshots.mean(axis=0)
    variance = ((snapshots - mean) ** 2).mean(axis=0)
    running = np.stack([snapshots[: n + 1].mean(axis=0) for n in range(8)])
    deviations = (snapshots - running)[-RANK:].T
    recentred = (snapshots - mean)[-RANK:].T
    low_rank = deviations @ deviations.T / (RANK - 1)
    covariance = 0.5 * (np.diag(variance) + low_rank)
    covariance_recentred = 0.5 * (np.diag(variance) + recentred @ recentred.T / (RANK - 1))
    points = (mean + np.sqrt(variance) * rng.standard_normal((3, 10))).astype(np.float32)
    points = points.astype(np.float64)
    densities = [
        {
            "point": p.tolist(),
            "log_density": log_density(p, mean, covariance),
            "log_density_scale_1": log_density(p, mean, 2 * covariance),
            "log_density_recentred": log_density(p, mean, covariance_recentred),
            "log_density_diagonal": log_density(p, mean, np.diag(variance)),
        }
        for p in points
    ]
    content = {
        "shapes": SHAPES,
        "rank": RANK,
        "scale": 0.5,
        "snapshots": snapshots.tolist(),
        "mean": mean.tolist(),
        "variance": variance.tolist(),
        "deviations": {
            "layout": "[weight][column], oldest column first",
            "running_mean": deviations.tolist(),
            "final_mean": recentred.tolist(),
        },
        "covariance": covariance.tolist(),
        "covariance_recentred": covariance_recentred.tolist(),
        "covariance_diagonal_only": np.diag(variance).tolist(),
        "densities": densities,
    }
    folder = pathlib.Path(sys.argv[1])
    text = json.dumps(content, indent=1) + "\n"
    (folder / "covariance.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
