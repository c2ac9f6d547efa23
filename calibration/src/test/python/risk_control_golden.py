"""Golden values for risk control and top-k and naive conformal sets.

Writes risk.json into the directory given as the only argument (calibration/src/test/resources/
conformal); reads ../fixtures/logits_id.csv from there. Needs numpy and scipy: p-values are
scipy.stats.binom's, thresholds are found by scanning every candidate.
"""

import json
import math
import pathlib
import sys

import numpy as np
from scipy.special import rel_entr, softmax
from scipy.stats import binom

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(7)
out = {"p_values": [], "recall": [], "top_k": [], "naive": []}

for n in (1, 5, 40, 1000):
    for alpha in (0.05, 0.1, 0.3):
        for hits in sorted({0, 1, n // 20, n // 10, n // 2, n}):
            r = hits / n
            a = min(r, alpha)
            hoeffding = math.exp(-n * (rel_entr(a, alpha) + rel_entr(1 - a, 1 - alpha)))
            tail = binom.cdf(hits, n, alpha)
            out["p_values"].append({"n": n, "alpha": alpha, "risk": r,
                                    "general": min(1, hoeffding, math.e * tail),
                                    "binary": min(1, hoeffding, tail)})

p = np.round(rng.beta(1, 2, (60, 5)), 2)
y = rng.random((60, 5)) < p
y[3] = False
out["probabilities"] = p.tolist()
out["labels"] = y.tolist()
for alpha in (0.01, 0.03, 0.1, 0.25, 0.6):
    best, risk = -np.inf, 0.0
    for t in np.unique(p[y]):
        missed = (y & (p < t)).sum(1) / np.maximum(y.sum(1), 1)
        if (missed.sum() + 1) / 61 <= alpha + 1e-12:
            best, risk = t, missed.mean()
    out["recall"].append({"alpha": alpha, "threshold": None if best == -np.inf else best, "risk": risk})

data = np.genfromtxt(folder.parent / "fixtures" / "logits_id.csv", delimiter=",", skip_header=1)
q, label = softmax(data[:, :4], axis=1), data[:, 4].astype(int)
rank = 1 + (q[:, None, :] > q[:, :, None]).sum(2)
for percent in (5, 10, 20, 50, 80):
    k = -(-251 * (100 - percent) // 100)
    threshold = int(np.sort(rank[np.arange(250), label[:250]])[k - 1])
    sets = rank[250:] <= threshold
    out["top_k"].append({"alpha": percent / 100, "threshold": threshold,
                         "coverage": sets[np.arange(250), label[250:]].mean(),
                         "mean_size": sets.sum(1).mean()})
    order = np.argsort(-q, axis=1)
    total = np.take_along_axis(q, order, 1).cumsum(1)
    size = (total < 1 - percent / 100).sum(1) + 1
    out["naive"].append({"alpha": percent / 100, "mean_size": size.mean(),
                         "coverage": (rank[np.arange(500), label] <= size).mean()})
(folder / "risk.json").write_text(json.dumps(out) + "\n")
