"""Writes the files of foreign kinds that ForeignFilesTest names, and tables that pandas packs.

Run: python3 foreign_files.py DIR, with pandas, pyarrow, openpyxl, h5py, torch and safetensors.
The test's resources were written by pandas 3.0.6, pyarrow 25.0.1, openpyxl 3.1.5, h5py 3.16, torch
2.13 and safetensors 0.8.
"""

import pickle
import sqlite3
import sys
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import torch
from safetensors.numpy import save_file

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
table = pd.DataFrame(
    {"cat": [0.25, 0.5, 1.0], "dög": [0.75, 0.5, 0.0], "label": ["dög", "cat", "cat"]}
)
probs = table[["cat", "dög"]].to_numpy()

table.to_parquet(out / "table.parquet")
table.to_feather(out / "table.feather")
table.to_orc(out / "table.orc")
table.to_excel(out / "table.xlsx", index=False)
table.to_pickle(out / "table.pkl")
torch.save(torch.tensor(probs), out / "torch.pt")
torch.save(torch.tensor(probs), out / "legacy.pt", _use_new_zipfile_serialization=False)
save_file({"probs": probs}, out / "weights.safetensors")
with h5py.File(out / "table.h5", "w", libver="latest") as f:
    f["probs"] = probs
with sqlite3.connect(out / "table.sqlite") as db:
    db.execute("pragma page_size = 512")
    table.to_sql("predictions", db, index=False)
with open(out / "numbers.pickle", "wb") as f:
    pickle.dump(probs.tolist(), f, protocol=4)
table.to_html(out / "table.html")
for packing in ["bz2", "xz"]:
    table.to_csv(out / f"table.csv.{packing}", index=False)

# What is read.
table.to_csv(out / "read.csv.gz", index=False)
table.to_csv(out / "read.csv.zip", index=False)
table.to_csv(out / "utf16.csv", index=False, encoding="utf-16")
table.to_csv(out / "mark.csv", index=False, encoding="utf-8-sig")
table.to_csv(out / "tabs.tsv", index=False, sep="\t")
table.to_csv(out / "german.csv", index=False, sep=";", decimal=",")
table.to_json(out / "read.jsonl", orient="records", lines=True)
table.to_json(out / "accents.jsonl.gz", orient="records", lines=True, force_ascii=False)
