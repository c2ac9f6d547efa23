"""Golden values of the detectors fdbd, scale, dice and she.

Reads golden.json in the directory given as the only argument (calibration/src/test/resources/ood) for
the features and the head, and writes boundary.json there. Needs numpy.
"""

import json
import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
golden = json.loads((folder / "golden.json").read_text())["features"]
train, test, w, b = (np.array(golden[k]) for k in ("train", "test", "weight", "bias"))

z = test @ w.T + b
fdbd = []
for x, logits in zip(test, z):
    c = logits.argmax()
    others = [k for k in range(len(b)) if k != c]
    gaps = [abs(logits[c] - logits[k]) / np.linalg.norm(w[c] - w[k]) for k in others]
    fdbd.append(-np.mean(gaps) / np.linalg.norm(x - train.mean(0)))

keep = test.shape[1] - round(test.shape[1] * 0.65)
top = np.sort(test, axis=1)[:, -keep:]
scaled = test * np.exp(test.sum(1) / top.sum(1))[:, None]
zs = scaled @ w.T + b
m = zs.max(1)
scale = -(m + np.log(np.exp(zs - m[:, None]).sum(1)))


def energy(logits):
    top = logits.max(1)
    return -(top + np.log(np.exp(logits - top[:, None]).sum(1)))


share = w * train.mean(0)
dice = energy(test @ (w * (share > np.percentile(share, 70))).T + b)

# The head of she predicts the class with the nearest mean.
labels = np.array(golden["labels"])
means = np.array([train[labels == k].mean(0) for k in range(labels.max() + 1)])
predict = lambda x: (x @ means.T - (means**2).sum(1) / 2).argmax(1)
right = predict(train) == labels
patterns = np.array([train[right & (labels == k)].mean(0) for k in range(len(means))])
assert not right.all()
she = -(test * patterns[predict(test)]).sum(1)
(folder / "boundary.json").write_text(json.dumps({"fdbd": fdbd, "scale": scale.tolist(), "dice": dice.tolist(), "she": she.tolist()}) + "\n")
