"""Golden values for stacked weights.

Writes stacking.json into the directory given as the only argument (calibration/src/test/resources/
selection). Needs numpy and scipy: weights are scipy.optimize.minimize's (SLSQP), then polished by EM
steps until the bound max_m g_m - 1 on the distance from the greatest likelihood is below 1e-13.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.optimize import minimize

rng = np.random.default_rng(11)


def solve(p):
    members = p.shape[1]
    f = lambda w: -np.mean(np.log(np.maximum(p @ w, 1e-300)))
    grad = lambda w: -np.mean(p / np.maximum(p @ w, 1e-300)[:, None], axis=0)
    best = minimize(f, np.full(members, 1 / members), jac=grad, method="SLSQP",
                    bounds=[(0, 1)] * members, options={"ftol": 1e-15, "maxiter": 1000},
                    constraints={"type": "eq", "fun": lambda w: w.sum() - 1})
    w = np.clip(best.x, 1e-14, None)
    w /= w.sum()
    for _ in range(3_000_000):
        g = np.mean(p / (p @ w)[:, None], axis=0)
        if g.max() - 1 < 1e-13:
            break
        w *= g
        w /= w.sum()
    return w, g.max() - 1


out = []
for name, rows, quality in [
    ("all count", 200, [1.0, 1.2, 0.9, 1.1]),
    ("some are left out", 200, [0.2, 2.0, 0.1, 2.1, 0.3]),
    ("two", 30, [1.0, 0.5]),
]:
    logits = rng.normal(size=(rows, len(quality))) * 1.5 + np.array(quality)
    p = np.round(1 / (1 + np.exp(-logits)), 4)
    w, gap = solve(p)
    out.append({"name": name, "p": p.tolist(), "weights": w.tolist(), "gap": gap,
                "nll": -np.mean(np.log(p @ w)),
                "equal": -np.mean(np.log(p.mean(axis=1)))})
    print(name, w, gap)

pathlib.Path(sys.argv[1], "stacking.json").write_text(json.dumps(out) + "\n")
