"""Peer of `auroc`: scikit-learn's roc_auc_score alone of one million scores."""
import time

import numpy as np
from sklearn.metrics import roc_auc_score

generator = np.random.default_rng(0)
labels = generator.integers(0, 2, size=1_000_000)
scores = generator.normal(size=1_000_000) + labels

for _ in range(3):
    roc_auc_score(labels, scores)
for _ in range(9):
    start = time.perf_counter()
    roc_auc_score(labels, scores)
    print(f"{1e3 * (time.perf_counter() - start):.6f}")
