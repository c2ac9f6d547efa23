#!/usr/bin/env python3
"""Turns the runs of benchmarks/study into the tables of docs/results.md.

    study-tables.py OUT PART...

For each part OUT/PART and OUT/PART-dropout hold metrics.json (what the program wrote for several
seeds) and seed-N/metrics.json. Printed are, as Markdown, a table of means and standard deviations
over the seeds, one of differences from SGD with their tests, and one of the differences from SGD's
AUROC by entropy in each seed, with DeLong's test over the rows and Holm's correction over a seed's
tests. Rows of the dropout run are held against the SGD that was trained with the same dropout. At T
the mean probabilities p are p^(1/T) / sum p^(1/T), as in the program. Needs Python 3.8 and NumPy.
"""

import json
import math
import pathlib
import statistics
import sys

import numpy as np

TITLES = {
    "sgd": "SGD",
    "swa": "SWA",
    "swag": "SWAG",
    "swag-diag": "SWAG-diag",
    "multiswag": "MultiSWAG (3)",
    "ensemble": "Deep ensemble (3)",
    "dropout": "MC dropout",
    "laplace": "Laplace, last layer",
    "kfac-laplace": "Laplace, KFAC",
}
COLUMNS = [
    ("accuracy", "accuracy", max),
    ("nll", "NLL", min),
    ("ece", "ECE", min),
    ("nll_at_temperature", "NLL at T", min),
    ("ece_at_temperature", "ECE at T", min),
]
SCORES = ["entropy", "mutual_information"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def runs_of(out, part):
    """Title, method, numbers over the seeds, and the folder, of each method of a part."""
    rows = []
    for folder, suffix in ((out / part, ""), (out / f"{part}-dropout", ", trained with dropout")):
        if not (folder / "metrics.json").exists():
            sys.exit(f"{folder} must hold metrics.json: run benchmarks/study first")
        metrics = read(folder / "metrics.json")
        for method, numbers in metrics["methods"].items():
            title = TITLES.get(method, method) + (suffix if method == "sgd" else "")
            rows.append((title, method, numbers, folder, metrics))
    return rows


def aurocs(folder, seeds, method, score):
    """The AUROC of each seed, by the only out-of-distribution set; empty without that score."""
    values = []
    for seed in seeds:
        sets = read(folder / f"seed-{seed}" / "metrics.json")["ood"][method]
        if len(sets) != 1:
            sys.exit(f"{folder} must have one out-of-distribution set, got {sorted(sets)}")
        scores = next(iter(sets.values()))
        if score in scores:
            values.append(scores[score]["auroc"])
    return values


def entropies(file, temperature=1.0):
    """Entropy of each row at a temperature."""
    with np.load(file) as arrays:
        log = np.log(np.maximum(arrays["probs"].astype(np.float64), 1e-300)) / temperature
    log -= log.max(axis=1, keepdims=True)
    log -= np.log(np.exp(log).sum(axis=1, keepdims=True))
    return -(np.exp(log) * log).sum(axis=1)


def mutual_information(file):
    """Entropy of each row's mean prediction less the mean entropy of its samples."""
    with np.load(file) as arrays:
        return entropies(file) - arrays["expected_entropy"].astype(np.float64)


def midranks(values):
    """The rank of each value from 1 on, the mean of their ranks for equal ones."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def placements(inside, outside):
    """For each inner row the share of outer rows above it, for each outer row that of inner rows
    below it, ties counted half: the mean of either is the AUROC (Mann and Whitney)."""
    ranks = midranks(np.concatenate([inside, outside]))
    n, m = len(inside), len(outside)
    return 1 - (ranks[:n] - midranks(inside)) / m, (ranks[n:] - midranks(outside)) / n


def auroc(inside, outside):
    """The chance that an outer row has the greater score."""
    return placements(inside, outside)[1].mean()


def delong(first, second):
    """Difference of the AUROCs of two pairs of scores of the same rows, and its two-sided p
    (DeLong et al. 1988, eqs. 4 to 6)."""
    (first_in, first_out), (second_in, second_out) = placements(*first), placements(*second)
    difference = first_out.mean() - second_out.mean()
    error = math.sqrt(
        (first_out - second_out).var(ddof=1) / len(first_out)
        + (first_in - second_in).var(ddof=1) / len(first_in)
    )
    return difference, math.erfc(abs(difference) / error / math.sqrt(2)) if error else 1.0


def holm(p_values):
    """Holm's correction."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    corrected, least = [0.0] * len(p_values), 0.0
    for place, i in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - place) * p_values[i]))
        corrected[i] = least
    return corrected


def predictions(run, metrics, method):
    """Files of the test rows and of the other data."""
    (outside,) = metrics["ood"][method]
    (inside,) = (name for name in metrics["methods"][method] if name != "validation")
    return [run / "predictions" / f"{method}-{name}.npz" for name in (inside, outside)]


def checked(score, key, run, metrics, method):
    """A score of both files, whose AUROC must be the one that the program found."""
    scores = [score(file) for file in predictions(run, metrics, method)]
    (numbers,) = metrics["ood"][method].values()
    if abs(auroc(*scores) - numbers[key]["auroc"]) > 1e-4:
        sys.exit(f"{run}: the AUROC of {method} must be {numbers[key]['auroc']}, got {auroc(*scores)}")
    return scores


def aurocs_at_temperature(folder, seeds, method):
    """The AUROC by entropy of each seed, at the temperature fitted on its validation rows."""
    values = []
    for seed in seeds:
        run = folder / f"seed-{seed}"
        metrics = read(run / "metrics.json")
        checked(entropies, "entropy", run, metrics, method)
        temperature = metrics["temperature"][method]["temperature"]
        files = predictions(run, metrics, method)
        values.append(auroc(*(entropies(file, temperature) for file in files)))
    return values


def detections(folder, seeds):
    """By method and score: difference from SGD's AUROC by entropy and corrected p of each seed."""
    columns = {}
    for seed in seeds:
        run = folder / f"seed-{seed}"
        metrics = read(run / "metrics.json")
        base = checked(entropies, "entropy", run, metrics, "sgd")
        tests = {}
        for method, sets in metrics["ood"].items():
            (numbers,) = sets.values()
            for key, score in (("entropy", entropies), ("mutual_information", mutual_information)):
                if method != "sgd" and key in numbers:
                    tests[method, key] = delong(checked(score, key, run, metrics, method), base)
        for (test, (difference, _)), p in zip(tests.items(), holm([p for _, p in tests.values()])):
            columns.setdefault(test, []).append(f"{difference:+.4f} ({p:.4f})")
    return columns


def auroc_differences(rows):
    cells, seeds = [], []
    for folder in dict.fromkeys(folder for _, _, _, folder, _ in rows):
        seeds = read(folder / "metrics.json")["seeds"]
        for (method, score), each in detections(folder, seeds).items():
            cells.append([TITLES.get(method, method), score.replace("_", " ")] + each)
    return table(["method", "score"] + [f"AUROC minus SGD, seed {s} (p)" for s in seeds], cells)


def spread(values, best):
    """Mean and standard deviation; bold where the mean is the best as shown."""
    mean = f"{statistics.mean(values):.4f}"
    mean = f"**{mean}**" if mean == best else mean
    return f"{mean} ± {statistics.stdev(values):.4f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def means(rows):
    columns = []
    for key, name, better in COLUMNS:
        columns.append((name, better, [numbers.get(key, {}).get("values", []) for _, _, numbers, _, _ in rows]))
    for score in SCORES:
        columns.append(
            (
                f"AUROC, {score.replace('_', ' ')}",
                max,
                [aurocs(folder, metrics["seeds"], method, score) for _, method, _, folder, metrics in rows],
            )
        )
    columns.append(
        (
            "AUROC, entropy at T",
            max,
            [aurocs_at_temperature(folder, metrics["seeds"], method) for _, method, _, folder, metrics in rows],
        )
    )
    cells = [[title] for title, _, _, _, _ in rows]
    for _, better, values in columns:
        present = [statistics.mean(v) for v in values if v]
        best = f"{better(present):.4f}" if present else ""
        for row, each in zip(cells, values):
            row.append(spread(each, best) if each else "–")
    return table(["method"] + [name for name, _, _ in columns], cells)


def probability(value):
    return "–" if value is None else f"{value:.4f}"


def differences(rows):
    names = {key: name for key, name, _ in COLUMNS}
    cells = []
    for title, method, _, _, metrics in rows:
        for key, d in metrics["differences"]["methods"].get(method, {}).items():
            if key in names:
                cells.append(
                    [
                        title,
                        names[key],
                        f"{d['mean']:+.4f} ± {d['sd']:.4f}",
                        probability(d.get("p_rows_holm")),
                        probability(d.get("p_seeds_holm")),
                    ]
                )
    return table(["method", "metric", "minus SGD", "p, rows", "p, seeds"], cells)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    for part in sys.argv[2:]:
        rows = runs_of(out, part)
        print(f"### {part}\n\n{means(rows)}\n\n{differences(rows)}\n\n{auroc_differences(rows)}\n")


if __name__ == "__main__":
    main()
