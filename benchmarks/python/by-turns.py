"""Lets train-epoch and its PyTorch peer run epoch by epoch, so that a noisy machine slows both alike.

    PYTHON=python3 EPOCHS=20 python3 benchmarks/python/by-turns.py

after `benchmarks/run train-epoch 1` (which builds). Both processes live all the time and wait for
their turn; the first three epochs of each are warm-up. Prints medians, the median of the ratios of
neighbours (PyTorch's time by ours: above 1 is faster) and their quartiles.
"""
import os
import pathlib
import statistics
import subprocess

here = pathlib.Path(__file__).resolve().parent
target = here.parent / "target"
epochs = int(os.environ.setdefault("EPOCHS", "20"))
os.environ["TURNS"] = "1"
os.environ["SWAG4J_HOME"] = str(here.parent.parent)
commands = {
    "ours": ["java", "-cp", f"{target}/classes:{target}/lib/*"]
    + ["io.github.swag4j.benchmarks.TrainEpochBenchmark"],
    "torch": [os.environ.get("PYTHON", "python3"), str(here / "train-epoch.py")],
}
processes = {
    name: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for name, command in commands.items()
}
times = {name: [] for name in commands}
for turn in range(epochs + 3):
    for name, process in processes.items():
        process.stdin.write("\n")
        process.stdin.flush()
        times[name].append(float(process.stdout.readline()))
for name, process in processes.items():
    process.stdin.close()
    print(process.stdout.read().strip())
times = {name: values[3:] for name, values in times.items()}
for name, values in times.items():
    print(f"  {name:6} median {statistics.median(values):9.1f} ms   ({epochs} times, least {min(values):.1f})")
ratios = [torch / ours for ours, torch in zip(times["ours"], times["torch"])]
low, middle, high = statistics.quantiles(ratios, n=4)
print(f"  ratio  median {middle:.2f}   (quartiles {low:.2f} to {high:.2f})")
