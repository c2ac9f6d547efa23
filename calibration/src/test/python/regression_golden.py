"""Golden values of the regression metrics, from their definitions with SciPy, NumPy and scikit-learn.

Usage: python regression_golden.py > ../resources/regression/golden.json
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy import integrate, stats
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(20240611)


def integrated_crps(cdf, y, low, high):
    below = integrate.quad(lambda t: cdf(t) ** 2, low, y, epsabs=1e-13, epsrel=1e-12, limit=400)[0]
    above = integrate.quad(
        lambda t: (1 - cdf(t)) ** 2, y, high, epsabs=1e-13, epsrel=1e-12, limit=400
    )[0]
    return below + above


def gaussian():
    n = 40
    mean = np.round(rng.normal(0, 3, n), 3)
    sd = np.round(np.exp(rng.normal(0, 0.7, n)), 3)
    y = np.round(mean + sd * 1.4 * rng.standard_normal(n), 3)
    y[0] = mean[0]
    y[1] = mean[1] + 9 * sd[1]
    weights = np.round(rng.uniform(0, 3, n), 2)
    crps = [
        integrated_crps(
            lambda t: stats.norm.cdf(t, m, s), v, min(v, m - 40 * s), max(v, m + 40 * s)
        )
        for m, s, v in zip(mean, sd, y)
    ]
    nll = -stats.norm.logpdf(y, mean, sd)
    pit = stats.norm.cdf(y, mean, sd)
    levels = np.arange(1, 100) / 100
    q = stats.norm.ppf(levels[:, None], mean, sd)
    pinball = np.where(y >= q, (y - q) * levels[:, None], (q - y) * (1 - levels[:, None]))
    low = stats.norm.ppf((1 - levels[:, None]) / 2, mean, sd)
    high = stats.norm.ppf((1 + levels[:, None]) / 2, mean, sd)
    miss = np.maximum(low - y, 0) + np.maximum(y - high, 0)
    interval = (high - low) + 2 / (1 - levels[:, None]) * miss
    order = np.argsort(sd, kind="stable")
    ence = []
    uce = []
    for part in np.array_split(order, 4):
        rmv = np.sqrt(np.mean(sd[part] ** 2))
        rmse = np.sqrt(np.mean((mean - y)[part] ** 2))
        ence.append(abs(rmv - rmse) / rmv)
        uce.append(abs(rmv**2 - rmse**2) / 4)
    ks = stats.kstest(pit, "uniform", method="exact")
    proportions = np.linspace(0, 1, 21)
    return {
        "mean": mean.tolist(),
        "sd": sd.tolist(),
        "y": y.tolist(),
        "weights": weights.tolist(),
        "crps": crps,
        "nll": nll.tolist(),
        "pit": pit.tolist(),
        "mean_crps_weighted": float(np.average(crps, weights=weights)),
        "mean_nll_weighted": float(np.average(nll, weights=weights)),
        "pinball": float(pinball.mean()),
        "interval_score": float(interval.mean()),
        "rmse": float(np.sqrt(np.mean((mean - y) ** 2))),
        "mae": float(np.mean(abs(mean - y))),
        "sharpness": float(np.sqrt(np.mean(sd**2))),
        "ence4": float(np.mean(ence)),
        "uce4": float(np.sum(uce)),
        "ks": float(ks.statistic),
        "ks_p": float(ks.pvalue),
        "pit_histogram10": np.histogram(pit, bins=10, range=(0, 1))[0].tolist(),
        "observed_quantile21": [float(np.mean(pit <= p)) for p in proportions],
        "observed_quantile21_weighted": [
            float(np.sum(weights[pit <= p]) / weights.sum()) for p in proportions
        ],
        "picp90": float(np.mean((stats.norm.ppf(0.05, mean, sd) <= y) & (y <= stats.norm.ppf(0.95, mean, sd)))),
        "mpiw90": float(np.mean(2 * stats.norm.ppf(0.95) * sd)),
    }


def draws():
    n, m = 12, 17
    x = np.round(rng.gamma(2, 2, (m, n)), 1)  # one decimal, so that there are ties
    y = np.round(rng.gamma(2, 2, n), 1)
    standard, fair, integrated, pit = [], [], [], []
    for r in range(n):
        distance = np.mean(abs(x[:, r] - y[r]))
        pairs = np.sum(abs(x[:, r][:, None] - x[:, r][None, :]))
        standard.append(distance - pairs / (2 * m * m))
        fair.append(distance - pairs / (2 * m * (m - 1)))
        points = np.sort(np.append(x[:, r], y[r]))
        middle = (points[1:] + points[:-1]) / 2
        cdf = np.mean(x[:, r][:, None] <= middle, axis=0)
        integrated.append(float(np.sum(np.diff(points) * (cdf - (middle >= y[r])) ** 2)))
        pit.append((np.mean(x[:, r] < y[r]) + np.mean(x[:, r] <= y[r])) / 2)
    levels = [0.0, 0.05, 0.25, 0.5, 0.9, 1.0]
    return {
        "draws": x.tolist(),
        "y": y.tolist(),
        "crps_standard": standard,
        "crps_fair": fair,
        "crps_integrated": integrated,
        "pit": pit,
        "levels": levels,
        "quantiles": np.quantile(x, levels, axis=0).tolist(),
        "mean": x.mean(axis=0).tolist(),
        "sd": x.std(axis=0).tolist(),
    }


def isotonic():
    expected = np.round(rng.uniform(0, 1, 25), 3)
    observed = np.round(np.clip(expected**1.5 + rng.normal(0, 0.1, 25), 0, 1), 1)
    fit = IsotonicRegression(out_of_bounds="clip").fit(observed, expected)
    wanted = np.linspace(0, 1, 41)
    return {
        "expected": expected.tolist(),
        "observed": observed.tolist(),
        "wanted": wanted.tolist(),
        "nominal": fit.predict(wanted).tolist(),
    }


def normal():
    p = [1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.009, 0.011, 0.3, 0.5, 0.7, 0.995, 0.9999]
    z = [-37.0, -20.0, -8.0, -3.0, -0.1, 0.0, 0.5, 4.0, 8.5]
    return {
        "p": p,
        "quantile": stats.norm.ppf(p).tolist(),
        "z": z,
        "cdf": stats.norm.cdf(z).tolist(),
    }


json.dump(
    {
        "made_with": {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "gaussian": gaussian(),
        "draws": draws(),
        "isotonic": isotonic(),
        "normal": normal(),
    },
    sys.stdout,
    indent=1,
)
print()
