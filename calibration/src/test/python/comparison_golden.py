"""Golden values of bootstrap intervals and permutation tests, by scipy.stats.

Usage: python comparison_golden.py > ../resources/comparison/golden.json
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(7)


def intervals(statistic, data, resamples, paired=False):
    out = {}
    for method in ("percentile", "basic", "BCa"):
        r = stats.bootstrap(
            data,
            statistic,
            n_resamples=resamples,
            confidence_level=0.9,
            method=method,
            paired=paired,
            vectorized=True,
            rng=np.random.default_rng(11),
            batch=5000,
        )
        out[method] = [float(r.confidence_interval.low), float(r.confidence_interval.high)]
        out["standard_error"] = float(r.standard_error)
    return out


losses = np.round(rng.exponential(1.0, 60), 4)
other = np.round(losses * 0.8 + rng.exponential(0.25, 60), 4)


def mean(x, axis=-1):
    return np.mean(x, axis=axis)


def mean_difference(x, y, axis=-1):
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def permutation(a, b, resamples):
    r = stats.permutation_test(
        (a, b),
        mean_difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        alternative="two-sided",
        rng=np.random.default_rng(3),
        batch=5000,
    )
    return {"difference": float(r.statistic), "p": float(r.pvalue)}


ties_a = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]
ties_b = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]

json.dump(
    {
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__},
        "losses": losses.tolist(),
        "other": other.tolist(),
        "level": 0.9,
        "mean": intervals(mean, (losses,), 100000),
        "paired_difference": intervals(mean_difference, (losses, other), 100000, paired=True),
        "two_factors": intervals(mean_difference, (losses, other[:9]), 100000),
        "permutation_exact": permutation(losses[:12], other[:12], 5000),
        "permutation_random": permutation(losses, other, 200000),
        "ties_a": ties_a,
        "ties_b": ties_b,
        "permutation_ties": permutation(np.array(ties_a), np.array(ties_b), 2000),
    },
    sys.stdout,
    indent=1,
)
print()
