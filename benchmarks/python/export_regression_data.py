"""Writes the regression data sets of RegressionStudy from the Python packages that ship them.

diabetes   scikit-learn's package (BSD-3-Clause): Efron, Hastie, Johnstone, Tibshirani 2004, "Least
           Angle Regression", 442 patients, 10 numbers, disease progression after a year.
           Inputs in the units measured (scaled=False).
auto-mpg   cars.json of vega_datasets 0.9.0 (BSD-3-Clause): the ASA's Data Exposition of 1983, from
           StatLib, as in the UCI repository ("Auto MPG"); the 392 cars of which all is known, fuel
           consumption from 6 numbers, the year and the origin as three columns of 0 and 1.

Run: python export_regression_data.py FOLDER, with scikit-learn and vega_datasets (or the path of its
wheel in VEGA_WHEEL) at hand.
"""

import csv
import json
import os
import pathlib
import sys
import zipfile

from sklearn.datasets import load_diabetes

folder = pathlib.Path(sys.argv[1])


def write(name, columns, rows):
    with open(folder / f"{name}.csv", "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    print(name, len(rows), "rows,", len(columns) - 1, "inputs")


def number(x):
    return repr(int(x)) if float(x) == int(x) else repr(round(float(x), 6))


def cars():
    wheel = os.environ.get("VEGA_WHEEL")
    if wheel:
        with zipfile.ZipFile(wheel) as z:
            return json.loads(z.read("vega_datasets/_data/cars.json"))
    from vega_datasets import local_data

    return json.loads(pathlib.Path(local_data.cars.filepath).read_text())


diabetes = load_diabetes(scaled=False)
write(
    "diabetes",
    [*diabetes.feature_names, "progression"],
    [[number(v) for v in row] + [number(y)] for row, y in zip(diabetes.data, diabetes.target)],
)

numbers = ["Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration"]
origins = ["USA", "Europe", "Japan"]
rows = []
for car in cars():
    if car["Miles_per_Gallon"] is None or any(car[n] is None for n in numbers):
        continue
    rows.append(
        [number(car[n]) for n in numbers]
        + [car["Year"][:4]]
        + [number(car["Origin"] == o) for o in origins]
        + [number(car["Miles_per_Gallon"])]
    )
write("auto-mpg", [*(n.lower() for n in numbers), "year", *(o.lower() for o in origins), "mpg"], rows)
