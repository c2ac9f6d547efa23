"""Golden values for the recalibration and conformal packages.

Reads logits_id.csv and writes golden.json, both in the directory given as the only argument
(calibration/src/test/resources/recalibration). Needs numpy, scipy 1.17 and scikit-learn 1.9.
Optima come from scipy's exact trust-region Newton method or from scikit-learn, never from the Java code.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import gammaln, log_softmax, logsumexp, softmax
from scipy.stats import beta as beta_dist, betabinom
from sklearn.calibration import _sigmoid_calibration, _TemperatureScaling
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

folder = pathlib.Path(sys.argv[1])
data = np.genfromtxt(folder / "logits_id.csv", delimiter=",", skip_header=1)
z, y = data[:, :4], data[:, 4].astype(int)
FIT = 300
zf, yf, zt = z[:FIT], y[:FIT], z[FIT:]
# Weights 1, 2, 3, 1, 2, 3, ... for the weighted cases.
wf = 1.0 + np.arange(FIT) % 3
out = {"fit_rows": FIT}


def nll(logits, labels, w=None):
    return np.average(logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels], weights=w)


# Temperature -------------------------------------------------------------------------------------
def temperature(w=None):
    beta = minimize_scalar(lambda b: nll(b * zf, yf, w), bounds=(1e-3, 10), method="bounded",
                           options={"xatol": 1e-13}).x
    p = softmax(beta * zf, axis=1)
    var = (p * zf**2).sum(1) - (p * zf).sum(1) ** 2
    if w is None:
        error = 1 / np.sqrt(np.sum(var))
    else:  # sandwich: rows of different weight may be of different spread
        slope = (p * zf).sum(1) - zf[np.arange(len(yf)), yf]
        error = np.sqrt(np.sum((w * slope) ** 2)) / np.sum(w * var)
    return {"T": 1 / beta, "log_se": error / beta, "nll": nll(beta * zf, yf, w)}


out["temperature"] = temperature()
out["temperature_weighted"] = temperature(wf)
out["temperature_sklearn"] = 1 / float(_TemperatureScaling().fit(zf, yf).beta_)


# Vector, matrix, Dirichlet -----------------------------------------------------------------------
def linear(x, labels, w, full, lam, mu):
    n, k = x.shape
    w = np.ones(n) / n if w is None else w / w.sum()
    onehot = np.eye(k)[labels]
    # design[i] maps parameters to the k logits of row i
    m = k * k if full else k
    design = np.zeros((n, k, m + k))
    for c in range(k):
        if full:
            design[:, c, c * k:(c + 1) * k] = x
        else:
            design[:, c, c] = x[:, c]
        design[:, c, m + c] = 1
    pen = np.zeros(m + k)
    if full:
        off = 1 - np.eye(k)
        pen[:m] = (lam / (k * (k - 1)) * off).ravel()
    pen[m:] = mu / k

    def f(t):
        u = design @ t
        return np.sum(w * (logsumexp(u, axis=1) - (u * onehot).sum(1))) + np.sum(pen * t**2)

    def g(t):
        r = (softmax(design @ t, axis=1) - onehot) * w[:, None]
        return np.einsum("nk,nkd->d", r, design) + 2 * pen * t

    def h(t):
        p = softmax(design @ t, axis=1)
        s = np.einsum("nk,kl->nkl", p, np.eye(k)) - np.einsum("nk,nl->nkl", p, p)
        return np.einsum("n,nkd,nkl,nle->de", w, design, s, design, optimize=True) + 2 * np.diag(pen)

    t = np.concatenate([np.eye(k).ravel() if full else np.ones(k), np.zeros(k)])
    for _ in range(60):
        t = t - np.linalg.lstsq(h(t), g(t), rcond=None)[0] * (1 if np.abs(g(t)).max() < 1e-2 else 0.5)
    assert np.abs(g(t)).max() < 1e-13, np.abs(g(t)).max()
    check = minimize(f, t * 0.9, jac=g, hess=h, method="trust-exact", options={"gtol": 1e-10})
    assert abs(check.fun - f(t)) < 1e-10
    matrix = t[:m].reshape(k, k) if full else np.diag(t[:m])
    return f(t), lambda v: softmax(v @ matrix.T + t[m:], axis=1), t


for name, x, xt, full, lam, mu, w in [
    ("vector", zf, zt, False, 0, 0, None),
    ("vector_weighted", zf, zt, False, 0, 0, wf),
    ("matrix", zf, zt, True, 0.01, 0.01, None),
    ("matrix_unpenalised", zf, zt, True, 0, 0, None),
    ("matrix_strong", zf, zt, True, 1.0, 0.5, None),
    ("dirichlet", log_softmax(zf, axis=1), log_softmax(zt, axis=1), True, 0.01, 0.01, None),
]:
    value, predict, _ = linear(x, yf, w, full, lam, mu)
    out[name] = {"objective": value, "probabilities": predict(xt).tolist()}

# Multinomial logistic regression in scikit-learn has the optimum of unpenalised matrix scaling.
lr = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10000, solver="newton-cg").fit(zf, yf)
out["matrix_sklearn"] = lr.predict_proba(zt).tolist()

# Binary problem: is the most probable class right? -----------------------------------------------
p = softmax(z, axis=1)
conf, correct = p.max(1), (p.argmax(1) == y).astype(float)
cf, rf, ct = conf[:FIT], correct[:FIT], conf[FIT:]
tied = np.round(cf, 1)
grid = np.round(np.linspace(0, 1, 41), 3)


def odds(v):
    return np.log(v) - np.log1p(-v)


a, b = _sigmoid_calibration(odds(cf), rf, max_abs_prediction_threshold=1e9)
out["platt_sklearn"] = [a, b]


def platt(f, t01, w=None):
    w = np.ones(len(f)) if w is None else w
    pos, neg = np.sum(w * t01), np.sum(w * (1 - t01))
    t = np.where(t01 > 0, (pos + 1) / (pos + 2), 1 / (neg + 2))
    x = np.column_stack([f, np.ones(len(f))])
    v = np.zeros(2)
    for _ in range(100):
        q = 1 / (1 + np.exp(-(x @ v)))
        v = v - np.linalg.solve((x * (w * q * (1 - q))[:, None]).T @ x, x.T @ (w * (q - t)))
    return -v


out["platt"] = platt(odds(cf), rf).tolist()
out["platt_weighted"] = platt(odds(cf), rf, wf).tolist()
out["platt_libsvm_fixture_optimum"] = platt(np.array([5.0, -4, 1]), np.array([1.0, 0, 0])).tolist()


def beta_fit(s, t, w=None):
    f = np.column_stack([np.log(s), -np.log1p(-s)])
    def fit(cols):
        m = LogisticRegression(C=np.inf, tol=1e-12, max_iter=100000, solver="newton-cholesky")
        m.fit(f[:, cols], t, sample_weight=w)
        return m.coef_[0], float(m.intercept_[0])
    c, i = fit([0, 1])
    if c[0] < 0:
        c, i = fit([1])
        return [0.0, float(c[0]), i]
    if c[1] < 0:
        c, i = fit([0])
        return [float(c[0]), 0.0, i]
    return [float(c[0]), float(c[1]), i]


out["beta"] = beta_fit(cf, rf)
out["beta_weighted"] = beta_fit(cf, rf, wf)
# A case where the first coefficient comes out negative and is dropped.
rng = np.random.default_rng(5)
s_neg = np.round(rng.uniform(0.01, 0.99, 400), 6)
t_neg = (rng.uniform(size=400) < 1 / (1 + np.exp(-(0.7 * np.log(s_neg) * -1 - 2.5 * np.log1p(-s_neg) - 2)))).astype(float)
out["beta_dropped"] = {"s": s_neg.tolist(), "y": t_neg.tolist(), "abc": beta_fit(s_neg, t_neg)}
assert 0.0 in out["beta_dropped"]["abc"]


def isotonic(x, t, w=None):
    m = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(x, t, sample_weight=w)
    return {"thresholds": m.X_thresholds_.tolist(), "values": m.y_thresholds_.tolist(),
            "grid": m.predict(grid).tolist()}


out["grid"] = grid.tolist()
out["isotonic"] = isotonic(cf, rf)
out["isotonic_weighted"] = isotonic(cf, rf, wf)
out["isotonic_tied"] = isotonic(tied, rf)


def venn_abers(x, t):
    rows = []
    for s in grid:
        pair = []
        for label in (0.0, 1.0):
            m = IsotonicRegression(out_of_bounds="clip").fit(np.append(x, s), np.append(t, label))
            pair.append(float(m.predict([s])[0]))
        rows.append(pair)
    return rows


out["venn_abers"] = venn_abers(cf, rf)
out["venn_abers_tied"] = venn_abers(tied, rf)


def equal_mass(x, bins):
    """Last index (into distinct values) of each bin, ties never split."""
    v, counts = np.unique(x, return_counts=True)
    ends, reached, nxt = [], 0, 1
    for i, c in enumerate(counts):
        reached += c
        if reached * bins >= len(x) * nxt or i == len(v) - 1:
            ends.append(i)
            while nxt <= bins and reached * bins >= len(x) * nxt:
                nxt += 1
    return v, ends


def edges_of(v, ends):
    return np.array([v[e] + 0.5 * (v[e + 1] - v[e]) for e in ends[:-1]])


def step(x, t, edges):
    at = np.searchsorted(edges, x, side="left")
    bounds = np.concatenate([[0], edges, [1]])
    return [float(t[at == i].mean()) if (at == i).any() else float((bounds[i] + bounds[i + 1]) / 2)
            for i in range(len(edges) + 1)]


em = edges_of(*equal_mass(tied, 5))
out["histogram_mass_tied"] = {"edges": em.tolist(), "values": step(tied, rf, em)}
ew = np.arange(1, 10) / 10
out["histogram_width"] = {"edges": ew.tolist(), "values": step(cf, rf, ew)}


def bbq(x, t):
    n = len(x)
    v = np.unique(x)
    lo, hi = max(1, int(np.floor(np.cbrt(n) / 10))), min(len(v), int(np.ceil(np.cbrt(n) * 10)))
    logs, preds = [], []
    for bins in range(lo, hi + 1):
        e = edges_of(*equal_mass(x, bins))
        at, bounds = np.searchsorted(e, x, side="left"), np.concatenate([[0], e, [1]])
        total = 0
        value = np.zeros(len(e) + 1)
        prior = 2 / (len(e) + 1)
        for i in range(len(e) + 1):
            nb, mb = np.sum(at == i), np.sum(t[at == i])
            al = prior * (bounds[i] + bounds[i + 1]) / 2
            be = prior - al
            total += (gammaln(prior) - gammaln(nb + prior) + gammaln(mb + al) - gammaln(al)
                      + gammaln(nb - mb + be) - gammaln(be))
            value[i] = (mb + al) / (nb + prior)
        logs.append(total)
        preds.append(value[np.searchsorted(e, grid, side="left")])
    w = np.exp(np.array(logs) - logsumexp(logs))
    return (w @ np.array(preds)).tolist()


out["bbq"] = bbq(cf, rf)
out["bbq_tied"] = bbq(tied, rf)

g = 1 / (1 + np.exp(out["platt"][0] * odds(cf) + out["platt"][1]))
v, ends = equal_mass(g, 10)
out["scaling_binning"] = step(g, g, edges_of(v, ends))

# Conformal ---------------------------------------------------------------------------------------
CAL = 250


def scores(kind, lam=0.0, kreg=0):
    if kind == "lac":
        return 1 - p
    order = np.argsort(-p, axis=1, kind="stable")
    cs = np.take_along_axis(p, order, 1).cumsum(1) + lam * np.maximum(0, np.arange(1, 5) - kreg)
    s = np.empty_like(p)
    np.put_along_axis(s, order, cs, 1)
    return s


cases = []
for kind, lam, kreg in [("lac", 0, 0), ("aps", 0, 0), ("raps", 0.1, 2), ("raps", 0.01, 1)]:
    for alpha_percent in (2, 5, 10, 20, 50):
        s = scores(kind, lam, kreg)
        cal = np.sort(s[np.arange(CAL), y[:CAL]])
        rank = -(-(CAL + 1) * (100 - alpha_percent) // 100)
        q = cal[rank - 1]
        member = s[CAL:] <= q
        per_class = []
        for c in range(4):
            sc = np.sort(s[:CAL][y[:CAL] == c, c])
            r = -(-(len(sc) + 1) * (100 - alpha_percent) // 100)
            per_class.append(sc[r - 1] if r <= len(sc) else "Infinity")
        cases.append({"kind": kind.upper(), "lambda": lam, "preferred": kreg, "alpha": alpha_percent / 100,
                      "rank": int(rank), "threshold": q, "coverage": member[np.arange(500 - CAL), y[CAL:]].mean(),
                      "mean_size": member.sum(1).mean(), "sizes": np.bincount(member.sum(1), minlength=5).tolist(),
                      "per_class": per_class})
out["conformal"] = cases
out["coverage_intervals"] = [
    {"n": n, "alpha": al, "rank": k, "beta": list(beta_dist(k, n + 1 - k).ppf([0.025, 0.975])),
     "rows": m, "beta_binomial": [v / m for v in betabinom(m, k, n + 1 - k).ppf([0.025, 0.975])]}
    for n, al, k, m in [(250, 0.1, 226, 250), (19, 0.1, 18, 40), (1000, 0.05, 951, 5000)]]

# MAPIE's documented example: its classifier's probabilities; the sets MAPIE prints are in the Java test.
x_toy, y_toy = np.arange(9).reshape(-1, 1), np.array([0, 0, 1, 0, 1, 2, 1, 2, 2])
out["mapie_gaussian_nb"] = GaussianNB().fit(x_toy, y_toy).predict_proba(x_toy).tolist()


def clean(v):
    if isinstance(v, dict):
        return {k: clean(w) for k, w in v.items()}
    if isinstance(v, (list, tuple, np.ndarray)):
        return [clean(w) for w in v]
    return v if isinstance(v, (str, int)) else float(v)


(folder / "golden.json").write_text(json.dumps(clean(out)) + "\n")
