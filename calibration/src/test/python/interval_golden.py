"""Golden values of intervals: bootstraps of ranking and binned metrics by NumPy, and intervals of the largest and the
mean gap by SciPy.

Usage: OMP_NUM_THREADS=1 python interval_golden.py > ../resources/comparison/interval_golden.json
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

ROWS = 240
RESAMPLES = 20000
LEVEL = 0.9
BINS = 10

rng = np.random.default_rng(12)
z = rng.normal(0, 1.4, (ROWS, 3))
true = np.exp(z) / np.exp(z).sum(1, keepdims=True)
stated = np.exp(1.6 * z)
stated = np.round(stated / stated.sum(1, keepdims=True), 6)
stated[:, 2] = 1 - stated[:, 0] - stated[:, 1]
labels = np.array([rng.choice(3, p=row) for row in true])


def risks(rows):
    """AURC, AUGRC and failure AUROC; a row that was drawn twice ties with itself."""
    confidence = stated[rows].max(1)
    wrong = (stated[rows].argmax(1) != labels[rows]).astype(float)
    order = np.argsort(-confidence, kind="stable")
    confidence, wrong = confidence[order], wrong[order]
    n = len(rows)
    aurc = augrc = pairs = accepted = errors = 0.0
    starts = np.flatnonzero(np.r_[True, confidence[1:] != confidence[:-1]])
    for start, end in zip(starts, np.r_[starts[1:], n]):
        size, bad = end - start, wrong[start:end].sum()
        steps = np.arange(1, size + 1)
        aurc += ((errors + bad * steps / size) / (accepted + steps)).sum()
        augrc += size * (errors + bad / 2)
        pairs += bad * (accepted - errors + (size - bad) / 2)
        accepted, errors = accepted + size, errors + bad
    auroc = pairs / errors / (n - errors) if 0 < errors < n else np.nan
    return aurc / n, augrc / n / n, auroc


def gaps(f, y, n):
    """Sums of f - y in equal-width bins (lo, hi]."""
    b = np.clip(np.ceil(f * BINS).astype(int) - 1, 0, BINS - 1)
    return np.bincount(b, f - y, BINS), np.bincount(b, minlength=BINS)


def classwise(rows):
    return np.mean([np.abs(gaps(stated[rows, k], labels[rows] == k, 0)[0]).sum() / len(rows) for k in range(3)])


everything = np.arange(ROWS)
drawn = [rng.integers(0, ROWS, ROWS) for _ in range(RESAMPLES)]


def summary(values, estimate):
    values = np.array(values)
    ends = np.percentile(values, [50 - 50 * LEVEL, 50 + 50 * LEVEL])
    return {"estimate": float(estimate), "se": float(values.std(ddof=1)), "lower": float(ends[0]), "upper": float(ends[1])}


selective = np.array([risks(rows) for rows in drawn])
out = {name: summary(selective[:, i], risks(everything)[i]) for i, name in enumerate(("aurc", "augrc", "failure_auroc"))}
out["classwise_ece"] = summary([classwise(rows) for rows in drawn], classwise(everything))

confidence = stated.max(1)
right = (stated.argmax(1) == labels).astype(float)
sums, counts = gaps(confidence, right, 0)


def ece(multiplicities):
    b = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    return np.abs(np.bincount(b, multiplicities * (confidence - right), BINS)).sum() / multiplicities.sum()


out["ece_poisson"] = summary([ece(rng.poisson(1, ROWS)) for _ in range(RESAMPLES)], ece(np.ones(ROWS)))

b = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
filled = [k for k in range(BINS) if counts[k]]
tail = (1 - LEVEL) / len(filled) / 2
near, far = [], []
for k in filled:
    n, hits, mean = counts[k], right[b == k].sum(), confidence[b == k].mean()
    lower = stats.beta.ppf(tail, hits, n - hits + 1) if hits else 0.0
    upper = stats.beta.ppf(1 - tail, hits + 1, n - hits) if hits < n else 1.0
    near.append(max(0.0, lower - mean, mean - upper))
    far.append(max(mean - lower, upper - mean))
out["mce"] = [max(near), max(far)]
out["ace"] = [float(np.mean(near)), float(np.mean(far))]

json.dump(
    {
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__},
        "level": LEVEL,
        "bins": BINS,
        "resamples": RESAMPLES,
        "probabilities": stated.tolist(),
        "labels": labels.tolist(),
        **out,
    },
    sys.stdout,
    indent=None,
)
