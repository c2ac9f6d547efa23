"""Golden values for the ensemble of near-isotonic regressions.

Reads logits_id.csv and writes enir.json, both in the directory given as the only argument
(calibration/src/test/resources/recalibration). Needs numpy and scipy. The path is walked with
fractions, so that groups which meet at the same lambda do so exactly; at one lambda on the way it is
held against a general solver.
"""

import json
import pathlib
import sys
from fractions import Fraction

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

folder = pathlib.Path(sys.argv[1])
data = np.genfromtxt(folder / "logits_id.csv", delimiter=",", skip_header=1)[:300]
p = softmax(data[:, :4], axis=1)
confidence, right = p.max(1), (p.argmax(1) == data[:, 4]).astype(int)
grid = np.array(json.loads((folder / "golden.json").read_text())["grid"])


def pools(x, t):
    values = np.unique(x)
    return values, [(Fraction(int(t[x == v].sum())), Fraction(int((x == v).sum()))) for v in values]


def path(pooled):
    """All models after a merge: lists of (sum, weight, value, members)."""
    groups = [[s, w, s / w, 1] for s, w in pooled]
    merged = [groups[0]]
    for g in groups[1:]:
        if g[2] == merged[-1][2]:
            merged[-1] = [merged[-1][0] + g[0], merged[-1][1] + g[1], g[2], merged[-1][3] + g[3]]
        else:
            merged.append(g)
    groups, lam = merged, Fraction(0)
    while True:
        k = len(groups)
        falls = [groups[i][2] > groups[i + 1][2] for i in range(k - 1)]
        slope = [(Fraction(i > 0 and falls[i - 1]) - Fraction(i < k - 1 and falls[i])) / groups[i][1]
                 for i in range(k)]
        step = [(groups[i + 1][2] - groups[i][2]) / (slope[i] - slope[i + 1])
                if slope[i] != slope[i + 1] else Fraction(-1) for i in range(k - 1)]
        ahead = [s for s in step if s > 0]
        if not ahead:
            return
        d = min(ahead)
        lam += d
        moved = [[s, w, v + d * m, c] for (s, w, v, c), m in zip(groups, slope)]
        groups = [moved[0]]
        for g in moved[1:]:
            if g[2] == groups[-1][2]:
                last = groups[-1]
                groups[-1] = [last[0] + g[0], last[1] + g[1], g[2], last[3] + g[3]]
            else:
                groups.append(g)
        yield lam, groups


def expand(groups):
    return np.concatenate([np.full(c, float(v)) for _, _, v, c in groups])


def criterion(pooled, groups, kind):
    z = expand(groups)
    s = np.array([float(a) for a, _ in pooled])
    w = np.array([float(b) for _, b in pooled])
    with np.errstate(divide="ignore", invalid="ignore"):
        like = np.where(s > 0, s * np.log(z), 0).sum() + np.where(w > s, (w - s) * np.log(1 - z), 0).sum()
    return len(groups) * (np.log(w.sum()) if kind == "bic" else 2) - 2 * like


def enir(x, t, kind):
    values, pooled = pools(x, t)
    models = [g for _, g in path(pooled)]
    c = np.array([criterion(pooled, g, kind) for g in models])
    weight = np.exp(-(c - c.min()) / 2)
    mean = (weight / weight.sum()) @ np.array([expand(g) for g in models])
    edges = (values[1:] + values[:-1]) / 2
    return mean[np.searchsorted(edges, grid, side="left")].tolist()


def check(pooled):
    """A general solver agrees with the path at one lambda."""
    y = np.array([float(a / b) for a, b in pooled])
    w = np.array([float(b) for _, b in pooled])
    models = list(path(pooled))
    lam, groups = models[len(models) // 2]
    n, lam = len(y), float(lam)
    # Dual: z = y - D'u / w with 0 <= u <= lam.
    z_of = lambda u: y + (np.append(0, u) - np.append(u, 0)) / w
    got = minimize(lambda u: (w * z_of(u) ** 2).sum() / 2, np.full(n - 1, lam / 2),
                   jac=lambda u: z_of(u)[1:] - z_of(u)[:-1], bounds=[(0, lam)] * (n - 1),
                   method="L-BFGS-B", options={"maxiter": 20000, "maxfun": 10**6, "ftol": 1e-16, "gtol": 1e-10})
    assert np.abs(z_of(got.x) - expand(groups)).max() < 1e-4, np.abs(z_of(got.x) - expand(groups)).max()


tied = np.round(confidence * 20) / 20
check(pools(tied, right)[1])
check(pools(confidence, right)[1])
small = list(path([(Fraction(a), Fraction(b)) for a, b in [(1, 1), (0, 2), (3, 4), (1, 2), (0, 1), (5, 5)]]))
out = {
    "tied": tied.tolist(),
    "enir": enir(confidence, right, "bic"),
    "enir_aic": enir(confidence, right, "aic"),
    "enir_tied": enir(tied, right, "bic"),
    "small_path": [{"lambda": float(l), "values": expand(g).tolist()} for l, g in small],
}
(folder / "enir.json").write_text(json.dumps(out) + "\n")
print(len(out["small_path"]), out["small_path"])
