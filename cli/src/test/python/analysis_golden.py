"""Golden values of evaluate --ci, --by and --over, compare, abstain and conformal.

By NumPy, SciPy and scikit-learn alone, of the 500 logits of the shared fixture, of which the script
also makes the files that the test reads: a second method, a site and a day for each row.

Usage: python analysis_golden.py ../resources/io/github/swag4j/cli/analysis
"""

import csv
import datetime
import json
import math
import pathlib
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics

folder = pathlib.Path(sys.argv[1])
fixture = pathlib.Path(__file__).parents[4] / "calibration/src/test/resources/fixtures/logits_id.csv"
table = np.genfromtxt(fixture, delimiter=",", skip_header=1)
first = np.round(table[:, :4], 6)
labels = table[:, 4].astype(int)
rows, classes = first.shape
ids = ["r%03d" % i for i in range(rows)]
# Sites of 125 to 213 rows; the third gets rows that the model is wrong about more often.
wrong = first.argmax(axis=1) != labels
sites = np.array(["east", "north", "west"])[
    np.where(wrong & (np.arange(rows) % 3 == 0), 2, np.where(np.arange(rows) % 7 < 3, 0, 1))
]
days = [str(datetime.date(2026, 1, 1) + datetime.timedelta(days=i // 9)) for i in range(rows)]
second = np.round(0.6 * first + 0.25 * np.roll(first, 1, axis=1), 6)


def write(name, logits, chosen):
    with open(folder / name, "w", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(["id", "site", "day", "l0", "l1", "l2", "l3", "label"])
        for i in chosen:
            lines.writerow(
                [ids[i], sites[i], days[i], *("%.6f" % v for v in logits[i]), labels[i]]
            )


everything = np.arange(rows)
write("first.csv", first, everything)
write("second.csv", second, everything)
write("second-shuffled.csv", second, np.random.default_rng(5).permutation(rows))
write("fit.csv", first, everything[:250])
write("test.csv", first, everything[250:])


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def losses(p, y):
    right = (p.argmax(axis=1) == y).astype(float)
    hot = np.eye(classes)[y]
    return {
        "accuracy": right,
        "nll": -np.log(p[np.arange(len(y)), y]),
        "brier": ((p - hot) ** 2).sum(axis=1),
        "mean_confidence": p.max(axis=1),
        "overconfidence": p.max(axis=1) - right,
    }


def ece_parts(p, y):
    confidence = p.max(axis=1)
    bins = np.minimum(np.ceil(confidence * 15).astype(int) - 1, 14)
    return bins, confidence - (p.argmax(axis=1) == y)


def ece(bins, gaps):
    return np.abs(np.bincount(bins, weights=gaps, minlength=15)).sum() / len(gaps)


def holm(p):
    order = np.argsort(p, kind="stable")
    out = np.empty(len(p))
    most = 0.0
    for j, i in enumerate(order):
        most = max(most, min(1.0, (len(p) - j) * p[i]))
        out[i] = most
    return out.tolist()


p1, p2 = softmax(first), softmax(second)
l1, l2 = losses(p1, labels), losses(p2, labels)
golden = {
    "made_with": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "sklearn": sklearn.__version__,
    }
}

# evaluate --ci
intervals = {}
for key, values in l1.items():
    r = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=40000,
        confidence_level=0.95,
        method="BCa",
        rng=np.random.default_rng(1),
        batch=2000,
    )
    intervals[key] = {
        "value": float(values.mean()),
        "lower": float(r.confidence_interval.low),
        "upper": float(r.confidence_interval.high),
        "standard_error": float(r.standard_error),
    }
assert abs(intervals["nll"]["value"] - metrics.log_loss(labels, p1)) < 1e-12
assert abs(intervals["accuracy"]["value"] - metrics.accuracy_score(labels, p1.argmax(axis=1))) < 1e-12
bins, gaps = ece_parts(p1, labels)
rng = np.random.default_rng(2)
drawn = []
for _ in range(40000):
    chosen = rng.integers(0, rows, rows)
    drawn.append(ece(bins[chosen], gaps[chosen]))
value = ece(bins, gaps)
low, high = np.quantile(drawn, [0.025, 0.975])
intervals["ece"] = {
    "value": float(value),
    "lower": float(2 * value - high),
    "upper": float(2 * value - low),
    "standard_error": float(np.std(drawn, ddof=1)),
}
golden["ci"] = intervals

# evaluate --by site
groups = {}
tests = {"accuracy": [], "nll": [], "brier": []}
names = sorted(set(sites))
for name in names:
    inside = sites == name
    groups[name] = {
        "n": int(inside.sum()),
        "accuracy": float(metrics.accuracy_score(labels[inside], p1[inside].argmax(axis=1))),
        "nll": float(metrics.log_loss(labels[inside], p1[inside], labels=range(classes))),
        "brier": float(l1["brier"][inside].mean()),
        "ece": float(ece(*ece_parts(p1[inside], labels[inside]))),
    }
    # Bonferroni: the level of one of three intervals
    r = stats.bootstrap(
        (l1["nll"][inside],),
        np.mean,
        n_resamples=40000,
        confidence_level=1 - 0.05 / 3,
        method="BCa",
        rng=np.random.default_rng(3),
    )
    groups[name]["nll_lower"] = float(r.confidence_interval.low)
    groups[name]["nll_upper"] = float(r.confidence_interval.high)
    groups[name]["nll_standard_error"] = float(r.standard_error)
    right = l1["accuracy"]
    square = [
        [right[inside].sum(), (1 - right[inside]).sum()],
        [right[~inside].sum(), (1 - right[~inside]).sum()],
    ]
    tests["accuracy"].append(float(stats.fisher_exact(square).pvalue))
    for key in ("nll", "brier"):
        tests[key].append(
            float(stats.ttest_ind(l1[key][inside], l1[key][~inside], equal_var=False).pvalue)
        )
golden["by"] = {
    "groups": groups,
    "p_of_rest": {key: dict(zip(names, holm(p))) for key, p in tests.items()},
    "worst": {
        "accuracy": min(names, key=lambda n: groups[n]["accuracy"]),
        "nll": max(names, key=lambda n: groups[n]["nll"]),
    },
}

# evaluate --over day
changes = {}
ends = np.array([i for i in range(rows - 1) if days[i] != days[i + 1]])


def farthest(values):
    return np.abs(np.cumsum(values)[ends]).max()


for key in ("accuracy", "nll", "brier", "overconfidence"):
    strayed = l1[key] - l1[key].mean()
    spread = math.sqrt((strayed**2).sum())
    seen = farthest(strayed)
    place = int(ends[np.abs(np.cumsum(strayed)[ends]).argmax()]) + 1
    rng = np.random.default_rng(4)
    as_far = sum(farthest(rng.permutation(strayed)) >= seen - 1e-10 for _ in range(20000))
    changes[key] = {
        "statistic": float(seen / spread),
        "at": days[place],
        "before": float(l1[key][:place].mean()),
        "after": float(l1[key][place:].mean()),
        "p": (1 + as_far) / 20001,
    }
golden["over"] = changes

# compare first.csv second.csv
differences = {}
for key in ("accuracy", "nll", "brier"):
    d = l2[key] - l1[key]
    r = stats.bootstrap(
        (d,), np.mean, n_resamples=40000, method="BCa", rng=np.random.default_rng(6), batch=2000
    )
    test = stats.permutation_test(
        (l2[key], l1[key]),
        lambda a, b, axis=-1: np.mean(a, axis=axis) - np.mean(b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=100000,
        batch=5000,
        rng=np.random.default_rng(7),
    )
    differences[key] = {
        "difference": float(d.mean()),
        "lower": float(r.confidence_interval.low),
        "upper": float(r.confidence_interval.high),
        "standard_error": float(r.standard_error),
        "p": float(test.pvalue),
    }
other_bins, other_gaps = ece_parts(p2, labels)
rng = np.random.default_rng(8)
drawn, swapped = [], []
for _ in range(20000):
    chosen = rng.integers(0, rows, rows)
    drawn.append(ece(other_bins[chosen], other_gaps[chosen]) - ece(bins[chosen], gaps[chosen]))
    turn = rng.random(rows) < 0.5
    swapped.append(
        ece(np.where(turn, bins, other_bins), np.where(turn, gaps, other_gaps))
        - ece(np.where(turn, other_bins, bins), np.where(turn, other_gaps, gaps))
    )
difference = ece(other_bins, other_gaps) - ece(bins, gaps)
low, high = np.quantile(drawn, [0.025, 0.975])
differences["ece"] = {
    "difference": float(difference),
    "lower": float(low),
    "upper": float(high),
    "standard_error": float(np.std(drawn, ddof=1)),
    "p": (1 + int((np.abs(swapped) >= abs(difference) - 1e-12).sum())) / 20001,
}
golden["compare"] = differences

# abstain --fit fit.csv --error 0.45 --confidence 0.9 --apply test.csv: Geifman and El-Yaniv 2017
fit, test = slice(0, 250), slice(250, 500)
confidence, right = p1.max(axis=1), l1["accuracy"].astype(bool)


def upper(errors, trials, delta):
    return 1.0 if errors == trials else float(stats.beta.ppf(1 - delta, errors + 1, trials - errors))


thresholds = np.unique(confidence[fit])[::-1]
tries = len(thresholds).bit_length()
low, high, best = 0, len(thresholds) - 1, None
while low <= high:
    middle = (low + high) // 2
    taken = confidence[fit] >= thresholds[middle]
    errors = int((~right[fit] & taken).sum())
    bound = upper(errors, int(taken.sum()), 0.1 / tries)
    if bound <= 0.45:
        best = (float(thresholds[middle]), int(taken.sum()), errors, bound)
        low = middle + 1
    else:
        high = middle - 1
taken = confidence[test] >= best[0]
errors = int((~right[test] & taken).sum())
exact = stats.binomtest(errors, int(taken.sum())).proportion_ci(0.9, method="exact")
golden["abstain"] = {
    "threshold": best[0],
    "fit_answered": best[1],
    "fit_wrong": best[2],
    "bound": best[3],
    "answered": int(taken.sum()),
    "wrong": errors,
    "lower": float(exact.low),
    "upper": float(exact.high),
}

# conformal --fit fit.csv --coverage 0.9 --apply test.csv
scores = 1 - p1
own = scores[np.arange(rows), labels]
rank = math.ceil(251 * 0.9 - 1e-9)
limit = np.sort(own[fit])[rank - 1]
sets = scores[test] <= limit
covered = sets[np.arange(250), labels[test]]
per_class = {}
for k in range(classes):
    of = np.sort(own[fit][labels[fit] == k])
    own_rank = math.ceil((len(of) + 1) * 0.9 - 1e-9)
    per_class[str(k)] = float(of[own_rank - 1]) if own_rank <= len(of) else None
golden["conformal"] = {
    "threshold": float(limit),
    "coverage": float(covered.mean()),
    "mean_size": float(sets.sum(axis=1).mean()),
    "sizes": np.bincount(sets.sum(axis=1), minlength=classes + 1).tolist(),
    "class_coverage": [float(covered[labels[test] == k].mean()) for k in range(classes)],
    "class_thresholds": per_class,
}
(folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
