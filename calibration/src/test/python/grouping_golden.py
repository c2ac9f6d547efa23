"""Golden values of GroupingLoss.ofGroups: NumPy and SciPy, from the formulas of Perez-Lebel et al. 2023.

    python grouping_golden.py > ../resources/io/github/swag4j/calibration/error/grouping.json
"""
import json

import numpy as np
from scipy.stats import linregress

rng = np.random.default_rng(20)
n = 600
group = rng.integers(0, 5, n)
p = np.round(rng.uniform(0.02, 0.98, n), 6)
q = np.clip(p + 0.12 * (group - 2), 0.02, 0.98)
y = (rng.random(n) < q).astype(int)

cases = []
for bins in (1, 4, 10):
    b = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    plug = bias = induced = 0.0
    for k in range(bins):
        here = b == k
        m = here.sum()
        if m == 0:
            continue
        rate = y[here].mean()
        size = np.bincount(group[here], minlength=5)
        assert not (size == 1).any(), "groups of one row would be taken together"
        size = size[size > 0]
        rates = np.array([y[here & (group == g)].mean() for g in np.unique(group[here])])
        plug += m / n * np.sum(size / m * (rates - rate) ** 2)
        bias += m / n * (np.sum(size / m * rates * (1 - rates) / (size - 1)) - rate * (1 - rate) / (m - 1))
        line = linregress(p[here], y[here])
        induced += m / n * (line.slope**2 - line.stderr**2) * p[here].var()
    cases.append({"bins": bins, "plugIn": plug, "bias": bias, "induced": induced})

print(json.dumps({"p": p.tolist(), "y": y.tolist(), "group": group.tolist(), "cases": cases}))
