/**
 * How fast, measured beside the Python peers in the same run.
 *
 * <p>One class a benchmark, with a {@code main} that prints one time in milliseconds a line; the
 * peer is {@code benchmarks/python/NAME.py} and prints the same. {@code benchmarks/run NAME}
 * alternates the two and prints the medians and their ratio. Nothing here is part of the product.
 */
package io.github.swag4j.benchmarks;
