"""Makes the golden files of the NPY/NPZ reader: run with an output folder.

Written by NumPy itself, so that what it really writes is what is read. Values: probabilities from
the generator below, one array per file in another type, order or container.
"""
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)

rng = np.random.default_rng(7)
rows, classes = 6, 3
p64 = rng.dirichlet(np.ones(classes), rows)
p32 = p64.astype(np.float32)
p16 = p64.astype(np.float16)
labels = rng.integers(0, classes, rows)
entropy = (rng.random(rows) * 0.9).astype(np.float32)

np.savez(out / "float32.npz", probs=p32, labels=labels, expected_entropy=entropy)
np.savez_compressed(out / "float32-deflated.npz", probs=p32, labels=labels)
np.savez(out / "float64-fortran.npz", predictions=np.asfortranarray(p64), targets=labels)
np.savez(out / "float16.npz", probabilities=p16, y=labels.astype(np.uint8))
np.savez(out / "float32-big-endian.npz", probs=p32.astype(">f4"), labels=labels.astype(">i2"))
np.savez(out / "float64-big-endian-fortran.npz",
         probs=np.asfortranarray(p64.astype(">f8")), labels=labels.astype(">u4"))
np.savez(out / "float16-big-endian.npz", probs=p16.astype(">f2"), labels=labels.astype("i1"))
np.savez(out / "logits.npz", logits=np.log(p64), labels=labels.astype("i4"))
np.savez(out / "binary-vector.npz", probs=p64[:, 0], labels=(labels == 0))
np.savez(out / "binary-column.npz", probs=p32[:, :1], labels=(labels == 0).astype("u2"))
np.savez(out / "texts.npz", probs=p64, ids=np.array([f"r{i}-é中😀" for i in range(rows)]),
         groups=np.array([b"one", b"two", b"three"] * 2), class_names=np.array(["a", "b", "ç"]),
         weights=np.arange(1.0, rows + 1), labels=labels.reshape(-1, 1).astype("u8"))
np.savez(out / "samples-fortran.npz", probs=p64, labels=labels,
         samples=np.asfortranarray(np.stack([p64, p64[:, ::-1]])))
np.save(out / "float32.npy", p32)


def member(array, version):
    buffer = io.BytesIO()
    npy.write_array(buffer, array, version=version)
    return buffer.getvalue()


with zipfile.ZipFile(out / "versions-zip64.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, array, version in [("probs", p32, (2, 0)), ("labels", labels, (3, 0))]:
        with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
            entry.write(member(array, version))

halves = np.arange(0, 1 << 16, dtype=np.uint16)
finite = halves.view(np.float16)[np.isfinite(halves.view(np.float16))]
some = finite[np.r_[0:1030, 1030 : len(finite) : 13]]  # subnormal and smallest normal ones whole
np.savez_compressed(out / "halves.npz", halves=some, doubles=some.astype(np.float64))

np.savez(out / "bad-objects.npz", probs=np.array([{"a": 1}], dtype=object))
np.savez(out / "bad-float-labels.npz", probs=p32, labels=labels.astype("f8"))
np.savez(out / "bad-structured.npz", probs=np.zeros(3, dtype=[("a", "f4"), ("b", "f4")]))
np.savez(out / "bad-two-names.npz", probs=p32, predictions=p32, labels=labels)
np.savez(out / "bad-no-names.npz", p32, labels)
np.savez(out / "bad-logits-as-probs.npz", probs=np.log(p32), labels=labels)
np.savez(out / "bad-logits-disagree.npz", probs=p64[::-1], logits=np.log(p64), labels=labels)
np.savez(out / "bad-lengths.npz", probs=p32, labels=labels[:-1])
np.savez(out / "bad-label.npz", probs=p32, labels=np.where(np.arange(rows) == 4, 3, labels))
np.savez(out / "bad-complex.npz", probs=p64.astype(np.complex64))

(out / "expected.json").write_text(json.dumps({
    "float64": p64.tolist(), "float32": p32.astype(np.float64).tolist(),
    "float16": p16.astype(np.float64).tolist(), "labels": labels.tolist(),
    "expected_entropy": entropy.astype(np.float64).tolist()}, indent=1) + "\n")
