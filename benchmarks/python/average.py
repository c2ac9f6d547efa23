"""Peer of `average`: the straightforward script, load_file, sums in float32, save_file.

The files are those that the benchmark made in benchmarks/target/average.
"""
import os
import pathlib
import resource
import subprocess
import sys
import time


def child(out, files):
    from safetensors.torch import load_file, save_file

    sums = load_file(files[0])
    for file in files[1:]:
        for name, tensor in load_file(file).items():
            sums[name] += tensor
    for tensor in sums.values():
        tensor /= len(files)
    save_file(sums, out)


def main():
    folder = pathlib.Path(os.environ["SWAG4J_HOME"]) / "benchmarks" / "target" / "average"
    files = sorted(str(file) for file in folder.glob("[0-9]*.safetensors"))
    out = folder / "average.safetensors"
    for run in range(-1, 3):  # the first warms the file cache and is not counted
        start = time.perf_counter()
        subprocess.run([sys.executable, __file__, out, *files], check=True)
        if run >= 0:
            print(f"{1e3 * (time.perf_counter() - start):.3f}")
        out.unlink()
    print(f"# peak memory {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10} MB")


if len(sys.argv) > 1:
    child(sys.argv[1], sys.argv[2:])
else:
    main()
