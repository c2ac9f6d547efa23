"""Golden values for the calibration tests, from torchmetrics, scikit-learn and SciPy where they
have the number, else from the peer's published rule written out in NumPy.

Run from the module's folder: OMP_NUM_THREADS=1 python src/test/python/oracle_calibration.py
Needs numpy, scipy, scikit-learn, torch, torchmetrics. Writes
src/test/resources/io/github/swag4j/calibration/oracle_calibration.json
"""

import json
import math
import pathlib

import numpy as np
import scipy.signal
import scipy.stats
import sklearn.calibration
import sklearn.isotonic
import sklearn.metrics
import torch
import torchmetrics.functional.classification as tm

OUT = "src/test/resources/io/github/swag4j/calibration/oracle_calibration.json"


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def logit_case(name, seed, n, k, sharp, saturated=0.0, weighted=False):
    rng = np.random.default_rng(seed)
    z = np.round(rng.normal(size=(n, k)) * 2, 3)
    p = softmax(z * sharp)
    labels = np.array([rng.choice(k, p=row) for row in p])
    scale = np.where(rng.random(n) < saturated, 500.0, 1.0)
    z = np.round(z * scale[:, None], 3)
    w = np.round(rng.random(n) * 3, 3) if weighted else None
    return dict(name=name, logits=z, labels=labels, weights=w)


def binary_case(name, p, y, w=None):
    return dict(name=name, positive=np.array(p, float), labels=np.array(y), weights=w)


def grid_case(seed, n):
    """Confidences exactly on the edges of common binnings."""
    rng = np.random.default_rng(seed)
    points = np.array([i / d for d in (2, 3, 5, 10, 15, 20) for i in range(d + 1)])
    p = rng.choice(points, size=n)
    return binary_case("on-edges", p, (rng.random(n) < p * 0.8 + 0.1).astype(int))


def binned(idx, c, y, w, total=None):
    total = w.sum() if total is None else total
    gaps, shares = [], []
    for b in np.unique(idx):
        m = idx == b
        if w[m].sum() > 0:
            gaps.append(abs((w[m] * c[m]).sum() - (w[m] * y[m]).sum()) / w[m].sum())
            shares.append(w[m].sum() / total)
    gaps, shares = np.array(gaps), np.array(shares)
    if not len(gaps):
        return dict(ece=0.0, mce=0.0, rmsce=0.0, ace=0.0)
    return dict(
        ece=float((gaps * shares).sum()),
        mce=float(gaps.max()),
        rmsce=float(np.sqrt((gaps**2 * shares).sum())),
        ace=float(gaps.mean()),
    )


def guo(c, y, w, bins):
    edges = np.arange(1, bins) / bins
    return binned(np.searchsorted(edges, c, side="left"), c, y, w)


def netcal(c, y, w, bins):
    eps = np.finfo(float).eps
    c = np.clip(c, eps, 1 - eps)
    return binned(np.digitize(c, np.linspace(0, 1, bins + 1)), c, y, w)


def mapie(c, y, w, bins):
    return binned(np.digitize(c, np.linspace(0, 1, bins), right=True), c, y, w)


def swag_paper(c, y, bins):
    step = (len(c) + bins - 1) // bins
    edges = np.append(np.sort(c)[::step], c.max())
    ece, used = 0.0, 0
    for lo, hi in zip(edges[:-1], edges[1:]):
        m = (c > lo) & (c < hi)
        if m.any():
            ece += abs(c[m].mean() - y[m].mean()) * m.mean()
            used += int(m.sum())
    return dict(ece=float(ece), used=used)


def hendrycks(c, y, size):
    """Ties are spread over the orders they may come in: the mean outcome of each tie."""
    order = np.argsort(c, kind="stable")
    c, y = c[order], y[order].astype(float)
    for v in np.unique(c):
        y[c == v] = y[c == v].mean()
    total = 0.0
    for b in range(len(c) // size - 1):
        part = slice(b * size, (b + 1) * size)
        total += size / len(c) * (c[part].mean() - y[part].mean()) ** 2
    return math.sqrt(total)


def equal_mass_edges(c, bins):
    parts = np.array_split(np.sort(c), min(bins, len(c)))
    return np.unique([(a[-1] + b[0]) / 2 for a, b in zip(parts[:-1], parts[1:])] + [1.0])


def verified(c, y, w, bins):
    idx = np.searchsorted(equal_mass_edges(c, bins), c)
    out = binned(idx, c, y, w)
    square = 0.0
    for b in np.unique(idx):
        m = idx == b
        if m.sum() >= 2:
            a = y[m].mean()
            square += m.mean() * ((c[m].mean() - a) ** 2 - a * (1 - a) / (m.sum() - 1))
    out["debiased_l2"] = math.sqrt(max(square, 0.0))
    return out


def torchmetrics_errors(case, p, labels, bins):
    """Multi-class input is rounded to float32 for its bins; the sums are repeated in float64, as
    float32 sums are good to 1e-7 only. The public function is there to prove that they agree."""
    binary = "positive" in case
    c = p[:, 1] if binary else p.max(axis=1)
    y = labels.astype(float) if binary else (p.argmax(axis=1) == labels).astype(float)
    dtype = torch.float64 if binary else torch.float32
    edges = torch.linspace(0, 1, bins + 1, dtype=dtype)
    idx = torch.bucketize(torch.tensor(c).to(dtype), edges, right=True).numpy()
    exact = binned(idx, c, y, np.ones(len(c)))
    out = dict(l1=exact["ece"], l2=exact["rmsce"], max=exact["mce"])
    for norm, value in out.items():
        if binary:
            peer = tm.binary_calibration_error(
                torch.tensor(c), torch.tensor(labels), n_bins=bins, norm=norm)
        else:
            peer = tm.multiclass_calibration_error(
                torch.tensor(p), torch.tensor(labels), num_classes=p.shape[1], n_bins=bins, norm=norm)
        assert abs(float(peer) - value) < (1e-12 if binary else 1e-6), (case["name"], norm, float(peer), value)
    return out


def walk(c, y):
    values = np.unique(c)
    steps = np.array([(y[c == v] - v).sum() for v in values])
    path = np.concatenate([[0.0], np.cumsum(steps)])
    sigma = math.sqrt((c * (1 - c)).sum())
    return np.abs(path).max() / sigma, (path.max() - path.min()) / sigma


def smooth(c, y, w):
    """relplot's smECE with the reflected Gaussian kernel, at the width that equals it."""

    def smoothed(values, s, t):
        m = max(2000, round(20 / s)) // 2 + 1
        grid = np.zeros(m)
        left = np.clip((c * (m - 1)).astype(int), 0, m - 2)
        frac = c * (m - 1) - left
        np.add.at(grid, left, (1 - frac) * values)
        np.add.at(grid, left + 1, frac * values)
        at = np.linspace(0, 1, m)
        ker = np.exp(-((at - 0.5) ** 2) / (2 * s * s)) / (math.sqrt(2 * math.pi) * s)
        ext = np.concatenate([grid[::-1][:-1], grid, grid[::-1][1:]])
        out = scipy.signal.convolve(ext, ker, "valid")[m // 2 : m // 2 + m]
        return np.interp(t, at, out)

    def error(s):
        t = np.linspace(0, 1, max(round(10 / s), 200))
        return np.abs(smoothed(w * (c - y), s, t)).sum() / (smoothed(w, s, t) + 1e-4).sum()

    def below(s):
        return s < 0.001 or s < error(s)

    if below(1):
        return error(1), 1.0
    hi, lo = 1.0, 0.0
    for _ in range(10):
        mid = (hi + lo) / 2
        if below(mid):
            lo = mid
        else:
            hi = mid
    return float(error(hi)), hi


def intervals(k, n):
    r = scipy.stats.binomtest(int(k), int(n))
    return [list(r.proportion_ci(0.95, "exact")), list(r.proportion_ci(0.95, "wilson"))]


def evaluate(case):
    labels = case["labels"]
    if "positive" in case:
        p = np.stack([1 - case["positive"], case["positive"]], axis=1)
        c, y = case["positive"], labels.astype(float)
    else:
        p = softmax(case["logits"])
        c, y = p.max(axis=1), (p.argmax(axis=1) == labels).astype(float)
    n, k = p.shape
    weighted = case["weights"] is not None
    w = case["weights"] if weighted else np.ones(n)
    top = p.argmax(axis=1)
    e = {}
    for bins in (1, 10, 15, 20):
        e[f"guo{bins}"] = guo(c, y, w, bins)
    e["netcal10"] = netcal(c, y, w, 10)
    e["mapie50"] = mapie(c, y, w, 50)
    if not weighted:
        for bins in (10, 15):
            e[f"torchmetrics{bins}"] = torchmetrics_errors(case, p, labels, bins)
        true, pred = sklearn.calibration.calibration_curve(y, c, n_bins=5)
        e["sklearn5"] = dict(prob_true=true.tolist(), prob_pred=pred.tolist())
        e["swag_paper20"] = swag_paper(p.max(axis=1), (top == labels).astype(float), 20)
        if n >= 20:
            e["hendrycks20"] = hendrycks(p.max(axis=1), (top == labels).astype(float), 20)
        e["verified15"] = verified(c, y, w, 15)
        ks, kuiper = walk(c, y)
        e["ks"], e["kuiper"] = ks, kuiper
        z = ((y - c) * (1 - 2 * c)).sum() / math.sqrt(((1 - 2 * c) ** 2 * c * (1 - c)).sum())
        e["spiegelhalter"] = dict(z=z, p=2 * scipy.stats.norm.sf(abs(z)))
        idx = np.searchsorted(equal_mass_edges(c, 10), c)
        chi = sum(
            (idx == b).sum() * (y[idx == b].mean() - c[idx == b].mean()) ** 2
            / (c[idx == b].mean() * (1 - c[idx == b].mean())) for b in np.unique(idx))
        e["hosmer_lemeshow"] = dict(
            chi2=float(chi), p=float(scipy.stats.chi2.sf(chi, len(np.unique(idx)))))
    classwise = []
    for j in range(k):
        classwise.append(guo(p[:, j], (labels == j).astype(float), w, 15)["ece"])
    e["classwise15"] = classwise
    per_label = {int(j): guo(p[top == j, j], (labels[top == j] == j).astype(float), w[top == j], 15)["ece"]
                 for j in np.unique(top)}
    e["label_conditional15"] = dict(
        mean=float(np.mean(list(per_label.values()))),
        weighted=float(sum(w[top == j].sum() / w.sum() * v for j, v in per_label.items())))
    r = w * (y - c)
    e["mmce"] = float(np.sqrt(r @ np.exp(-2.5 * np.abs(c[:, None] - c[None, :])) @ r) / w.sum())
    e["smece"], e["smece_width"] = smooth(c, y, w)
    iso = sklearn.isotonic.IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    fit = iso.fit(c, y, sample_weight=w).predict(c)
    brier = np.average((c - y) ** 2, weights=w)
    cal = np.average((fit - y) ** 2, weights=w)
    rate = np.average(y, weights=w)
    e["corp"] = dict(mcb=brier - cal, dsc=rate * (1 - rate) - cal, unc=rate * (1 - rate))
    e["corp_at"] = [[q, float(iso.predict([q])[0])] for q in (0.0, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)]
    classes = list(range(k))
    py = p[np.arange(n), labels]
    e["nll"] = float(np.average(-np.log(np.maximum(py, 1e-300)), weights=w))
    if (py > 1e-14).all():
        assert abs(e["nll"] - sklearn.metrics.log_loss(labels, p, labels=classes, sample_weight=w)) < 1e-10
    one_hot = np.eye(k)[labels]
    e["brier"] = float(np.average(((p - one_hot) ** 2).sum(axis=1), weights=w))
    e["spherical"] = float(np.average(py / np.sqrt((p**2).sum(axis=1)), weights=w))
    e["rps"] = float(np.average(
        ((np.cumsum(p, axis=1) - np.cumsum(one_hot, axis=1))[:, :-1] ** 2).sum(axis=1), weights=w))
    e["accuracy"] = float(sklearn.metrics.accuracy_score(labels, top, sample_weight=w))
    present = np.isin(top, np.unique(labels))
    if present.all():
        e["balanced_accuracy"] = float(
            sklearn.metrics.balanced_accuracy_score(labels, top, sample_weight=w))
    e["confusion"] = sklearn.metrics.confusion_matrix(labels, top, labels=classes).tolist()
    second = np.sort(p, axis=1)[:, -2:]
    if k > 2 and (np.sort(p, axis=1)[:, -3] < second[:, 0]).all():  # scikit-learn has its own order of ties
        e["top2"] = float(sklearn.metrics.top_k_accuracy_score(
            labels, p, k=2, labels=classes, sample_weight=w))
    return e


def listed(case):
    return {key: v.tolist() if isinstance(v, np.ndarray) else v for key, v in case.items() if v is not None}


def mapie_walks():
    """The random cases of MAPIE's own tests."""
    rng = np.random.RandomState(1)
    y_off = rng.choice([0, 1], size=100)
    s_off = rng.uniform(size=100)
    rng = np.random.RandomState(1)
    s_on = rng.uniform(size=100)
    y_on = (rng.uniform(size=100) <= s_on).astype(int)
    return dict(off=dict(score=s_off.tolist(), label=y_off.tolist()),
                on=dict(score=s_on.tolist(), label=y_on.tolist()))


def main():
    rng = np.random.default_rng(99)
    p = rng.beta(0.6, 0.6, size=400)
    cases = [
        logit_case("overconfident-500x3", 1, 500, 3, 0.5),
        logit_case("underconfident-300x10", 2, 300, 10, 2.0),
        logit_case("saturated-200x4", 3, 200, 4, 0.7, saturated=0.5),
        logit_case("fewer-rows-than-bins-7x4", 4, 7, 4, 0.8),
        logit_case("two-columns-250x2", 5, 250, 2, 1.0),
        logit_case("weighted-300x5", 6, 300, 5, 0.6, weighted=True),
        binary_case("positive-class-400", p, (rng.random(400) < 0.2 + 0.6 * p).astype(int)),
        grid_case(8, 600),
    ]
    out = dict(
        cases=[dict(listed(c), expected=evaluate(c)) for c in cases],
        intervals=[dict(k=k, n=n, expected=intervals(k, n))
                   for k, n in ((0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (57, 113), (999, 1000), (5000, 100000))],
        mapie_walks=mapie_walks(),
        torch_edges={str(n): [torch.linspace(0, 1, n + 1, dtype=torch.float64).tolist(),
                              torch.linspace(0, 1, n + 1, dtype=torch.float32).tolist()]
                     for n in (7, 10, 15, 33)},
    )
    pathlib.Path(OUT).write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
