"""Writes golden values of fixed point and block floating point, from their definitions.

The definitions are those in QPyTorch's documentation (fixed_point_quantize: word length wl, fraction
length fl, clamping, symmetric; block_quantize: word length wl, dim), written anew in NumPy with float64
and Python integers:

    fixed:  delta = 2^-fl, x -> clip(round(x / delta), -2^(wl-1) [+1 if symmetric], 2^(wl-1) - 1) * delta
    block:  E = floor(log2(max |x|)) of the block, delta = 2^(E - wl + 2), the same with symmetric clipping;
            dim = -1 is one block, dim = 0 one block for each index of the first dimension

The last cases are of the public code of SWALP (its block_quantize), which clips block floating point to
-2^(wl-1) .. 2^(wl-1) - 1, as two's complement has it: one block, or one for each index of the first
dimension, with vectors whole. Some of their numbers become -2^(E+1), which symmetric clipping does not
give. Rows of zeros are not among them: that code makes them NaN.

Nearest values are drawn so that no quotient lies halfway between integers, where versions of QPyTorch
differ among themselves. Its stochastic rounding cannot be seeded on every path, so here the uniform
numbers of round(q) = floor(q + u) come from Philox-4x32-10, as in the Java class Draw. Run with NumPy:

    python swa-core/src/test/python/make_quantize_golden.py
"""

import json
import math
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).parents[1] / "resources/io/github/swag4j/swa/quantize/golden.json"
ROLES = {"WEIGHT": 1, "ACTIVATION": 2, "GRADIENT": 3, "ERROR": 4, "MOMENTUM": 5}


def philox(key, counter):
    k = [key & 0xFFFFFFFF, key >> 32 & 0xFFFFFFFF]
    x = list(counter)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [p1 >> 32 ^ x[1] ^ k[0], p1 & 0xFFFFFFFF, p0 >> 32 ^ x[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return x


def uniforms(seed, role, step, tensor, count):
    last = 1 << 30 | ROLES[role] << 24 | step >> 32
    words = []
    for block in range((count + 3) // 4):
        words += philox(seed, [block, tensor, step & 0xFFFFFFFF, last])
    return [w / 2**32 for w in words[:count]]


def rounded(x, delta, low, high, u):
    q = float(x) / delta
    if u is None:
        assert q % 1 != 0.5, "a tie"
        n = round(q)
    else:
        n = math.floor(q) + (1 if q - math.floor(q) + u >= 1 else 0)
    return max(low, min(high, n)) * delta


def fixed(values, wl, fl, symmetric, u):
    low = -(2 ** (wl - 1)) + (1 if symmetric else 0)
    high = 2 ** (wl - 1) - 1
    return [rounded(x, 2.0**-fl, low, high, None if u is None else u[i]) for i, x in enumerate(values)]


def block(values, wl, size, u, symmetric=True):
    high = 2 ** (wl - 1) - 1
    low = -high if symmetric else -high - 1
    out = []
    for start in range(0, len(values), size):
        part = values[start : start + size]
        top = float(np.max(np.abs(part)))
        if top == 0:
            out += [0.0] * len(part)
            continue
        exponent = math.frexp(top)[1] - 1
        delta = math.ldexp(1.0, exponent - wl + 2)
        for i, x in enumerate(part):
            out.append(rounded(x, delta, low, high, None if u is None else u[start + i]))
    return out


def bits(values):
    with_zero = np.asarray(values, np.float32) + np.float32(0)
    return [int(b) for b in with_zero.view(np.int32)]


def main():
    rng = np.random.default_rng(20190413)
    cases = []
    for wl, fl, symmetric in [(8, 6, False), (8, 6, True), (4, 2, False), (16, 12, False), (8, -3, False), (2, 0, True)]:
        for stochastic in (False, True):
            x = (rng.standard_normal(37) * 2.0 ** (wl - fl - 2)).astype(np.float32)
            draw = [7, "WEIGHT", 3, 2]
            u = uniforms(*draw, len(x)) if stochastic else None
            cases.append(
                dict(kind="fixed", word=wl, fraction=fl, symmetric=symmetric, stochastic=stochastic, draw=draw,
                     shape=[37], values=bits(x), expected=bits(fixed(x, wl, fl, symmetric, u))))
    for wl, dim, shape in [(8, -1, [6, 7]), (8, 0, [6, 7]), (4, 0, [5, 3, 2, 2]), (3, -1, [40]), (8, 0, [9]), (16, 0, [4, 10])]:
        for stochastic in (False, True):
            count = int(np.prod(shape))
            x = (rng.standard_normal(count) * 10.0 ** rng.integers(-6, 6, count)).astype(np.float32)
            if len(shape) > 1:
                x[: count // shape[0]] = 0
            size = count if dim == -1 else count // shape[0]
            draw = [-5, "ERROR", 2**33 + 17, 4]
            u = uniforms(draw[0] & (2**64 - 1), *draw[1:], count) if stochastic else None
            cases.append(
                dict(kind="block", word=wl, blocks="TENSOR" if dim == -1 else "FIRST_DIMENSION_ALWAYS",
                     symmetric=True, stochastic=stochastic, draw=draw, shape=shape,
                     values=bits(x), expected=bits(block(x, wl, size, u))))
    for wl, blocks, shape in [(8, "TENSOR", [6, 7]), (4, "TENSOR", [40]), (8, "FIRST_DIMENSION", [6, 7]),
                              (4, "FIRST_DIMENSION", [5, 3, 2, 2]), (8, "FIRST_DIMENSION", [9])]:
        for stochastic in (False, True):
            count = int(np.prod(shape))
            size = count if blocks == "TENSOR" or len(shape) == 1 else count // shape[0]
            x = rng.standard_normal(count).astype(np.float32)
            for start in range(0, count, size):
                # The largest of its block lies in the last half cell before the next power of two.
                top = float(np.max(np.abs(x[start : start + size])))
                x[start + 1] = -math.ldexp(2 - 2.0**-wl, math.frexp(top)[1] - 1)
            draw = [23, "GRADIENT", 5, 1]
            u = uniforms(*draw, count) if stochastic else None
            expected = block(x, wl, size, u, symmetric=False)
            assert stochastic or expected != block(x, wl, size, u)
            cases.append(
                dict(kind="block", word=wl, blocks=blocks, symmetric=False, stochastic=stochastic, draw=draw,
                     shape=shape, values=bits(x), expected=bits(expected)))
    lines = ",\n".join(json.dumps(c) for c in cases)
    TARGET.write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main()
