"""Golden values for detection and selective prediction of weighted rows.

Run with NumPy, SciPy, scikit-learn and mpmath; writes the JSON file given as the only argument
(src/test/resources/ood/weighted_golden.json). Versions used are stored in the file.
"""

import itertools
import json
import sys

import mpmath
import numpy as np
import scipy
import sklearn
from scipy.integrate import quad
from scipy.special import digamma
from sklearn.metrics import (
    auc,
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

rng = np.random.default_rng(20261122)


def fpr_at(labels, scores, weights, level=0.95):
    fpr, tpr, _ = roc_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
    return fpr[np.argmax(tpr >= level)]


def trapezoid(labels, scores, weights):
    precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=weights)
    return auc(recall, precision)


def wins(ins, outs):
    """[out][in] 1 where the out row has the higher score, 1/2 where they tie."""
    return (outs[:, None] > ins) + 0.5 * (outs[:, None] == ins)


def placements(ins, outs, w, u):
    table = wins(ins, outs)
    return table @ w / w.sum(), u @ table / u.sum()


def mean_variance(residuals, weights):
    """Linearised variance of a weighted mean, corrected for the effective number of rows."""
    shares = weights / weights.sum()
    rows = 1 / np.sum(shares**2)
    return rows / (rows - 1) * np.sum(shares**2 * residuals**2)


def detection(ins, outs, w, u):
    labels = np.r_[np.zeros(len(ins), int), np.ones(len(outs), int)]
    scores, weights = np.r_[ins, outs], np.r_[w, u]
    present = weights > 0  # precision_recall_curve has no value where nothing is called positive
    labels, scores, weights = labels[present], scores[present], weights[present]
    fpr, tpr, _ = roc_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
    of_out, of_in = placements(ins, outs, w, u)
    auroc = roc_auc_score(labels, scores, sample_weight=weights)
    return {
        "auroc": auroc,
        "auroc_se": np.sqrt(mean_variance(of_out - auroc, u) + mean_variance(of_in - auroc, w)),
        "ap_out": average_precision_score(labels, scores, sample_weight=weights),
        "ap_in": average_precision_score(1 - labels, -scores, sample_weight=weights),
        "trapezoid_out": trapezoid(labels, scores, weights),
        "trapezoid_in": trapezoid(1 - labels, -scores, weights),
        "fpr95": fpr_at(labels, scores, weights),
        "fpr95_id_positive": fpr_at(1 - labels, -scores, weights),
        "detection_error": np.min((1 - tpr + fpr) / 2),
    }


def weights_of(kind, n):
    if kind == "whole":
        return rng.integers(1, 6, size=n).astype(float)
    if kind == "with zeros":
        return np.where(rng.uniform(size=n) < 0.3, 0.0, np.round(rng.exponential(size=n), 3))
    return np.round(rng.exponential(size=n) ** 2 + 0.001, 3) * kind


def detection_cases():
    cases = []
    for n, m, decimals, shift, kind in [
        (5, 4, 0, 0.5, "whole"),
        (40, 60, 1, 1.0, 1.0),
        (200, 20, 2, 0.3, 1e-3),
        (37, 211, 0, 2.0, "with zeros"),
        (300, 300, 12, 1.5, 50.0),
        (80, 90, 1, 0.8, "whole"),
    ]:
        ins = np.round(rng.normal(size=n), decimals) + 0.0
        outs = np.round(rng.normal(size=m) + shift, decimals) + 0.0
        w, u = weights_of(kind, n), weights_of(kind, m)
        case = {"in": ins, "in_weights": w, "out": outs, "out_weights": u}
        case = {key: values.tolist() for key, values in case.items()}
        case.update(detection(ins, outs, w, u))
        cases.append(case)
    return cases


def paired_cases():
    cases = []
    for n, m, decimals in [(50, 40, 1), (120, 200, 8)]:
        in1, out1 = np.round(rng.normal(size=n), decimals), np.round(rng.normal(size=m) + 1, decimals)
        in2 = np.round(in1 + rng.normal(size=n) * 0.7, decimals)
        out2 = np.round(out1 + rng.normal(size=m) * 0.7, decimals)
        w, u = rng.exponential(size=n), rng.exponential(size=m)
        a_out, a_in = placements(in1, out1, w, u)
        b_out, b_in = placements(in2, out2, w, u)
        first, second = a_out @ u / u.sum(), b_out @ u / u.sum()
        gap = first - second
        variance = mean_variance(a_out - b_out - gap, u) + mean_variance(a_in - b_in - gap, w)
        cases.append(
            {
                "first_in": in1.tolist(),
                "first_out": out1.tolist(),
                "second_in": in2.tolist(),
                "second_out": out2.tolist(),
                "in_weights": w.tolist(),
                "out_weights": u.tolist(),
                "first_auroc": first,
                "second_auroc": second,
                "se": np.sqrt(variance),
            }
        )
    return cases


def plateaus(confidences, wrong, weights):
    """Weight and wrong weight of each distinct confidence, the highest first."""
    for threshold in np.unique(confidences)[::-1]:
        tied = confidences == threshold
        yield weights[tied].sum(), (weights * wrong)[tied].sum()


def prefix_sum(confidences, wrong, weights):
    """Sum of expected error rates with weights as numbers of rows, by digamma functions."""
    accepted = errors = total = 0.0
    for size, added in plateaus(confidences, wrong, weights):
        rate = added / size
        slope = digamma(accepted + size + 1) - digamma(accepted + 1)
        total += added + (errors - rate * accepted) * slope
        accepted, errors = accepted + size, errors + added
    return total


def over_all_orders(confidences, wrong, weights):
    """Mean AURC over all orders of ties, every row repeated as often as it weighs."""
    repeats = weights.astype(int)
    confidences, wrong = np.repeat(confidences, repeats), np.repeat(wrong, repeats)
    curves = []
    for order in itertools.permutations(range(len(wrong))):
        by_confidence = sorted(order, key=lambda row: -confidences[row])
        curves.append(np.cumsum(wrong[by_confidence]) / np.arange(1, len(wrong) + 1))
    risks = np.mean(curves, axis=0)
    n = len(risks)
    return risks.mean(), np.trapezoid(risks, dx=1) / (n - 1)


def selective(confidences, wrong, weights):
    total = weights.sum()
    case = {
        "confidences": confidences.tolist(),
        "correct": (wrong == 0).tolist(),
        "weights": weights.tolist(),
    }
    if total <= 8 and np.all(weights == np.rint(weights)):
        case["aurc"], case["aurc_trapezoid"] = over_all_orders(confidences, wrong, weights)
    else:
        # Weights that sum to less than (sum w)^2 / sum w^2 cannot be numbers of rows: they are made to.
        rows = weights / min(1.0, np.sum(weights**2) / weights.sum())
        case["aurc"] = prefix_sum(confidences, wrong, rows) / rows.sum()
    accepted = errors = area = 0.0
    coverage, generalised, risk = [0.0], [0.0], []
    for size, added in plateaus(confidences, wrong, weights):
        a, e, s, d = accepted, errors, size, added
        area += d if a == 0 else quad(lambda t: (e + d * t / s) / (a + t), 0, s, epsabs=1e-14)[0]
        accepted, errors = accepted + size, errors + added
        coverage.append(accepted / total)
        generalised.append(errors / total)
        risk.append(errors / accepted)
    case["aurc_continuous"] = area / total
    case["aurc_linear"] = np.trapezoid(np.r_[risk[0], risk], coverage)
    case["augrc"] = np.trapezoid(generalised, coverage)
    case["failure_auroc"] = roc_auc_score(wrong, -confidences, sample_weight=weights)
    case["failure_ap"] = average_precision_score(wrong, -confidences, sample_weight=weights)
    case["success_ap"] = average_precision_score(1 - wrong, confidences, sample_weight=weights)
    return case


def selective_cases():
    small = selective(
        np.array([0.9, 0.8, 0.8, 0.5]), np.array([1, 0, 1, 0]), np.array([1.0, 2.0, 1.0, 3.0])
    )
    cases = [small]
    for n, decimals, scale in [(60, 1, 1.0), (150, 2, 30.0), (300, 9, 0.01), (40, 0, 1.0)]:
        confidences = np.round(rng.uniform(0.3, 1, size=n), decimals)
        wrong = (rng.uniform(size=n) > confidences * 0.8).astype(int)
        wrong[0], wrong[1] = 0, 1
        cases.append(selective(confidences, wrong, rng.exponential(size=n) * scale + scale / 100))
    return cases


def harmonic():
    """digamma(a + s + 1) - digamma(a + 1), from 60 digits."""
    mpmath.mp.dps = 60
    rows = []
    for a, s in [
        (0, 0.25),
        (0, 3.5),
        (0.001, 1e-6),
        (7.25, 0.5),
        (15.5, 0.125),
        (100, 17),
        (1e6, 0.75),
        (1e9, 1.5),
        (1e9, 1e-3),
        (3.5, 1e7),
        (123456.789, 1e5 + 0.5),
        (1e12, 2.5),
    ]:
        start = mpmath.mpf(a) + 1
        rows.append([a, s, float(mpmath.digamma(start + mpmath.mpf(s)) - mpmath.digamma(start))])
    return rows


golden = {
    "versions": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "mpmath": mpmath.__version__,
    },
    "detection": detection_cases(),
    "paired": paired_cases(),
    "selective": selective_cases(),
    "harmonic": harmonic(),
}
with open(sys.argv[1], "w") as file:
    json.dump(golden, file)
    file.write("\n")
