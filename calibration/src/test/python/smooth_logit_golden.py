"""Golden values of the smooth calibration error over log odds, by an independent NumPy program.

Reads fixtures/logits_id.csv below the only argument (calibration/src/test/resources) and writes
error/smooth_logit.json there. relplot's rules (kernel of width 4 sigma over the span of log odds,
forecasts clipped at 0.001, floors, meshes, ten bisections) are stated by formulas; the convolution is
a plain sum over all pairs of grid points.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.special import softmax

folder = pathlib.Path(sys.argv[1])
data = np.genfromtxt(folder / "fixtures" / "logits_id.csv", delimiter=",", skip_header=1)
p = softmax(data[:, :4], axis=1)
top, hit = p.max(1), (p.argmax(1) == data[:, 4]).astype(float)


def logit(v):
    return np.log(v / (1 - v))


def error(f, y, sigma, relplot):
    m = max(200, round(10 / sigma))
    t = np.arange(1, m - 1) / (m - 1)
    a, b = logit(np.clip(f, 0.001, 0.999)), logit(t)
    lo, hi = min(a.min(), b.min()), max(a.max(), b.max())
    a, b, s = (a - lo) / (hi - lo), (b - lo) / (hi - lo), 4 * sigma / (hi - lo)
    e = max(2000, round(20 / s)) // 2 + 1
    grid = np.zeros((2, e))
    for x, r in zip(a, f - y):
        i = min(int(x * (e - 1)), e - 2)
        share = x * (e - 1) - i
        grid[:, i] += (1 - share) * np.array([r, 1])
        grid[:, i + 1] += share * np.array([r, 1])
    c = (e - 1) // 2
    # Entry i of the smoothed grid meets entry j through kernel entry i + c - j, where there is one.
    at = np.arange(e)[:, None] + c - np.arange(e)[None, :]
    k = np.where((at >= 0) & (at < e),
                 np.exp(-((at / (e - 1) - 0.5) ** 2) / (2 * s * s)) / (np.sqrt(2 * np.pi) * s), 0)
    smooth = k @ grid.T
    rs, w = (np.interp(b * (e - 1), np.arange(e), smooth[:, j]) for j in (0, 1))
    w = w + 1e-4
    rs, density = np.abs(rs) / w, w / (t * (1 - t))
    # The ends of the mesh, t = 0 and 1, take the values of their neighbours. relplot adds them to the
    # sum of errors only, after the density is normalised, so that its result can exceed 1.
    rs, ends = (np.concatenate([v[:1], v, v[-1:]]) for v in (rs, density))
    return (rs * ends).sum() / (density if relplot else ends).sum()


def fixed(f, y, relplot):
    wide = lambda s: s < 0.001 or s < error(f, y, s, relplot)
    if wide(1):
        return error(f, y, 1, relplot), 1
    above, below = 1.0, 0.0
    for _ in range(10):
        mid = (above + below) / 2
        if wide(mid):
            below = mid
        else:
            above = mid
    return error(f, y, above, relplot), above


saturated = np.where(np.arange(500) % 3 == 0, 1.0, top)
out = {
    name: {
        "top_at": {str(s): error(top, hit, s, relplot) for s in (0.05, 0.2, 1)},
        "top": fixed(top, hit, relplot),
        "saturated": fixed(saturated, hit, relplot),
        "class_1": fixed(p[:, 1], (data[:, 4] == 1).astype(float), relplot),
        "sure_and_wrong": fixed(np.array([0.0]), np.array([1.0]), relplot),
    }
    for name, relplot in (("logit", False), ("logit_relplot", True))
}
(folder / "error").mkdir(exist_ok=True)
(folder / "error" / "smooth_logit.json").write_text(json.dumps(out) + "\n")
print(out)
