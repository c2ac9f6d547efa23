"""Golden values for detection, selective prediction, posterior samples and feature detectors.

Run with NumPy, SciPy and scikit-learn; writes the JSON file given as the only argument
(src/test/resources/ood/golden.json). Versions used are stored in the file.
"""

import itertools
import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.special import entr, logsumexp, rel_entr
from scipy.stats import beta, norm, rankdata
from sklearn.covariance import EmpiricalCovariance
from sklearn.metrics import (
    auc,
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from sklearn.neighbors import NearestNeighbors

rng = np.random.default_rng(20260218)


def placements(ins, outs):
    """Structural components by midranks (Sun and Xu 2014)."""
    n, m = len(ins), len(outs)
    both = rankdata(np.r_[outs, ins])
    v10 = (both[:m] - rankdata(outs)) / n
    v01 = 1 - (both[m:] - rankdata(ins)) / m
    return v10, v01


def fpr_at(labels, scores, level=0.95):
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    return fpr[np.argmax(tpr >= level)]


def trapezoid(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    return auc(recall, precision)


def detection(ins, outs):
    labels = np.r_[np.zeros(len(ins), int), np.ones(len(outs), int)]
    scores = np.r_[ins, outs]
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    v10, v01 = placements(ins, outs)
    se = np.sqrt(v10.var(ddof=1) / len(outs) + v01.var(ddof=1) / len(ins))
    return {
        "auroc": roc_auc_score(labels, scores),
        "auroc_se": se,
        "ap_out": average_precision_score(labels, scores),
        "ap_in": average_precision_score(1 - labels, -scores),
        "trapezoid_out": trapezoid(labels, scores),
        "trapezoid_in": trapezoid(1 - labels, -scores),
        "fpr95": fpr_at(labels, scores),
        "fpr95_id_positive": fpr_at(1 - labels, -scores),
        "detection_error": np.min((1 - tpr + fpr) / 2),
    }


def detection_cases():
    cases = []
    for n, m, decimals, shift in [
        (5, 3, 0, 0.5),
        (40, 60, 1, 1.0),
        (200, 20, 2, 0.3),
        (37, 211, 0, 2.0),
        (300, 300, 12, 1.5),
        (2, 2, 0, 0.0),
    ]:
        ins = np.round(rng.normal(size=n), decimals) + 0.0
        outs = np.round(rng.normal(size=m) + shift, decimals) + 0.0
        case = {"in": ins.tolist(), "out": outs.tolist()}
        case.update(detection(ins, outs))
        cases.append(case)
    return cases


def paired_cases():
    cases = []
    for n, m, decimals in [(50, 40, 1), (120, 200, 8)]:
        first = [np.round(rng.normal(size=n), decimals), np.round(rng.normal(size=m) + 1, decimals)]
        second = [
            np.round(first[0] + rng.normal(size=n) * 0.7, decimals),
            np.round(first[1] + rng.normal(size=m) * 0.7, decimals),
        ]
        a10, a01 = placements(*first)
        b10, b01 = placements(*second)
        cov = np.cov(np.c_[a10, b10].T) / m + np.cov(np.c_[a01, b01].T) / n
        se = np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
        z = (a10.mean() - b10.mean()) / se
        cases.append(
            {
                "first_in": first[0].tolist(),
                "first_out": first[1].tolist(),
                "second_in": second[0].tolist(),
                "second_out": second[1].tolist(),
                "first_auroc": a10.mean(),
                "second_auroc": b10.mean(),
                "se": se,
                "z": z,
                "p": 2 * norm.sf(abs(z)),
            }
        )
    return cases


def prefix_risks(confidences, wrong):
    order = np.argsort(-confidences, kind="stable")
    return np.cumsum(wrong[order]) / np.arange(1, len(wrong) + 1)


def selective_cases():
    cases = []
    for n, decimals in [(7, 1), (6, 0), (150, 1), (400, 9)]:
        confidences = np.round(rng.uniform(0.3, 1, size=n), decimals)
        wrong = (rng.uniform(size=n) > confidences * 0.8).astype(int)
        wrong[0], wrong[1] = 0, 1
        if n <= 7:
            orders = [list(p) for p in itertools.permutations(range(n))]
        else:
            orders = [rng.permutation(n) for _ in range(1 if decimals == 9 else 0)]
        case = {"confidences": confidences.tolist(), "correct": (wrong == 0).tolist()}
        if orders:
            risks = np.mean([prefix_risks(confidences[o], wrong[o]) for o in orders], axis=0)
            case["aurc"] = risks.mean()
            case["aurc_trapezoid"] = np.trapezoid(risks, dx=1) / (n - 1)
        thresholds = np.unique(confidences)[::-1]
        accepted = np.array([(confidences >= t).sum() for t in thresholds])
        errors = np.array([wrong[confidences >= t].sum() for t in thresholds])
        coverage, risk = accepted / n, errors / accepted
        case["aurc_linear"] = np.trapezoid(np.r_[risk[0], risk], np.r_[0, coverage])
        case["augrc"] = np.trapezoid(np.r_[0, errors / n], np.r_[0, coverage])
        case["failure_auroc"] = roc_auc_score(wrong, -confidences)
        case["failure_ap"] = average_precision_score(wrong, -confidences)
        case["success_ap"] = average_precision_score(1 - wrong, confidences)
        cases.append(case)
    return cases


def bounds():
    rows = []
    for errors, trials, delta in [
        (0, 10, 0.05),
        (1, 10, 0.05),
        (7, 200, 0.01),
        (199, 200, 0.1),
        (40, 5000, 0.001),
        (12345, 100000, 0.05),
    ]:
        rows.append([errors, trials, delta, beta.ppf(1 - delta, errors + 1, trials - errors)])
    return rows


def sample_cases():
    cases = []
    for s, n, c in [(2, 3, 2), (5, 8, 4), (12, 6, 10)]:
        p = rng.dirichlet(np.full(c, 0.4), size=(s, n))
        if c == 4:
            p[0, 0] = [1, 0, 0, 0]
            p[:, 1] = [0.25] * 4
        mean = p.mean(axis=0)
        votes = p.argmax(axis=2)
        counts = np.array([[np.sum(votes[:, r] == k) for k in range(c)] for r in range(n)])
        pairs = list(itertools.permutations(range(s), 2))
        with np.errstate(divide="ignore"):
            logs = np.log(p).mean(axis=0)
        geometric = np.exp(logs - logsumexp(logs, axis=1, keepdims=True))
        kl = np.mean([rel_entr(p[a], p[b]).sum(axis=1) for a, b in pairs], axis=0)
        cases.append(
            {
                "samples": p.tolist(),
                "total_entropy": entr(mean).sum(axis=1).tolist(),
                "expected_entropy": entr(p).sum(axis=2).mean(axis=0).tolist(),
                "mutual_information": rel_entr(p, mean).sum(axis=2).mean(axis=0).tolist(),
                "total_variance": (mean * (1 - mean)).sum(axis=1).tolist(),
                "aleatoric_variance": (p * (1 - p)).sum(axis=2).mean(axis=0).tolist(),
                "epistemic_variance": p.var(axis=0).sum(axis=1).tolist(),
                "variation_ratio": (1 - counts.max(axis=1) / s).tolist(),
                "disagreement": [
                    np.mean([votes[a, r] != votes[b, r] for a, b in pairs]) for r in range(n)
                ],
                "pairwise_kl": [None if np.isinf(v) else v for v in kl],
                "mean_of_logits": geometric.tolist(),
            }
        )
    return cases


def score_case():
    logits = np.round(rng.normal(size=(12, 5)) * 4, 6)
    validation = np.round(rng.normal(size=(60, 5)) * 2, 6)
    p = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    q = np.exp(validation - logsumexp(validation, axis=1, keepdims=True))
    ranked = np.sort(p, axis=1)[:, ::-1]
    typical = np.array([q[q.argmax(axis=1) == k].mean(axis=0) for k in range(5)])
    divergence = np.array([rel_entr(p, d).sum(axis=1) for d in typical])
    return {
        "logits": logits.tolist(),
        "validation": validation.tolist(),
        "msp": (1 - ranked[:, 0]).tolist(),
        "margin": (1 - (ranked[:, 0] - ranked[:, 1])).tolist(),
        "entropy": entr(p).sum(axis=1).tolist(),
        "max_logit": (-logits.max(axis=1)).tolist(),
        "energy": (-logsumexp(logits, axis=1)).tolist(),
        "energy(T=2.5)": (-2.5 * logsumexp(logits / 2.5, axis=1)).tolist(),
        "gen": (p**0.1 * (1 - p) ** 0.1).sum(axis=1).tolist(),
        "gen(gamma=0.3, M=2)": (ranked**0.3 * (1 - ranked) ** 0.3)[:, :2].sum(axis=1).tolist(),
        "kl_matching": divergence.min(axis=0).tolist(),
    }


def ash(x, rule, percentile):
    x = x.copy()
    keep = x.shape[1] - round(x.shape[1] * percentile / 100)
    out = np.zeros_like(x)
    for r in range(len(x)):
        top = np.argsort(-x[r])[:keep]
        total, kept = x[r].sum(), x[r, top].sum()
        if rule == "ash_b":
            out[r, top] = total / keep
        elif rule == "ash_s":
            out[r, top] = x[r, top] * np.exp(total / kept)
        else:
            out[r, top] = x[r, top]
    return out


def feature_case():
    classes, dimensions, rows = 3, 8, 90
    labels = np.arange(rows) % classes
    centres = rng.uniform(0, 2, size=(classes, dimensions))
    mix = rng.normal(size=(dimensions, dimensions)) * 0.3
    train = np.maximum(centres[labels] + rng.normal(size=(rows, dimensions)) @ mix, 0)
    train[:, 5] = 0.75  # a unit that never varies: the covariance is singular
    test = np.maximum(rng.uniform(-0.5, 3, size=(15, dimensions)), 0)
    test[:, 5] = 0.75
    train, test = np.round(train, 5), np.round(test, 5)
    weight = np.round(rng.normal(size=(classes, dimensions)), 4)
    bias = np.round(rng.normal(size=classes), 4)

    means = np.array([train[labels == k].mean(axis=0) for k in range(classes)])
    within = EmpiricalCovariance(assume_centered=True).fit(train - means[labels])
    overall = EmpiricalCovariance().fit(train)
    mahalanobis = np.min([within.mahalanobis(test - m) for m in means], axis=0)
    relative = mahalanobis - overall.mahalanobis(test)

    def unit(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    knn = NearestNeighbors(n_neighbors=4).fit(unit(train)).kneighbors(unit(test))[0][:, -1]

    principal = 3
    origin = -np.linalg.pinv(weight) @ bias
    moment = EmpiricalCovariance(assume_centered=True).fit(train - origin).covariance_
    values, vectors = np.linalg.eigh(moment)
    residual = vectors[:, : dimensions - principal]
    virtual = np.linalg.norm((train - origin) @ residual, axis=1)
    alpha = (train @ weight.T + bias).max(axis=1).mean() / virtual.mean()
    vim = alpha * np.linalg.norm((test - origin) @ residual, axis=1) - logsumexp(
        test @ weight.T + bias, axis=1
    )
    threshold = np.percentile(train.flatten(), 85)

    def energy(x):
        return (-logsumexp(x @ weight.T + bias, axis=1)).tolist()

    return {
        "train": train.tolist(),
        "labels": labels.tolist(),
        "test": test.tolist(),
        "weight": weight.tolist(),
        "bias": bias.tolist(),
        "mahalanobis": mahalanobis.tolist(),
        "relative_mahalanobis": relative.tolist(),
        "knn(k=4)": knn.tolist(),
        "vim": vim.tolist(),
        "vim_alpha": alpha,
        "react_threshold": threshold,
        "react": energy(np.minimum(test, threshold)),
        "ash_p": energy(ash(test, "ash_p", 65)),
        "ash_b": energy(ash(test, "ash_b", 65)),
        "ash_s": energy(ash(test, "ash_s", 65)),
    }


def dl4j():
    np.random.seed(12345)
    scores = np.random.rand(30, 1).ravel()
    labels = np.random.randint(0, 2, (30, 1)).ravel()
    return {"scores": scores.tolist(), "labels": labels.tolist()}


golden = {
    "versions": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "detection": detection_cases(),
    "paired": paired_cases(),
    "selective": selective_cases(),
    "bounds": bounds(),
    "samples": sample_cases(),
    "scores": score_case(),
    "features": feature_case(),
    "dl4j": dl4j(),
}
with open(sys.argv[1], "w") as file:
    json.dump(golden, file)
    file.write("\n")
