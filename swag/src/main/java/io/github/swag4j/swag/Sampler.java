package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Algorithm that turns (seed, sample index) into weights, named and versioned in posterior files: a
 * file read by a newer version draws the samples it always drew, bit for bit.
 */
public enum Sampler {
  /** Philox words, normal quantiles in double precision, sums in double precision. */
  PHILOX_V1("philox4x32-10/as241-v1"),

  /** Threefry words, quantiles by table, sums in float32: some ten times faster. The default. */
  THREEFRY_V2("threefry4x32-20/table-v2");

  private final String id;

  Sampler(String id) {
    this.id = id;
  }

  /**
   * Its name in files.
   *
   * @return algorithm and version
   */
  public String id() {
    return id;
  }

  List<Weights> draw(SwagPosterior posterior, long seed, int first, int count) {
    if (first < 0 || count < 1 || first > Integer.MAX_VALUE - (count - 1)) {
      throw new IllegalArgumentException(
          count == 1
              ? "sample index must be at least 0, got " + first
              : "samples must be one or more, with indices from 0 to 2^31 - 1, got "
                  + count
                  + " from "
                  + first);
    }
    if (posterior.isPoint()) {
      return Collections.nCopies(count, posterior.mean());
    }
    return this == PHILOX_V1
        ? PhiloxSampler.sample(posterior, seed, first, count)
        : new ThreefrySampler(posterior).sample(seed, first, count);
  }

  /** The older one draws what it always drew, and nothing else. */
  void requireMode(SampleMode mode) {
    if (this == PHILOX_V1 && !mode.equals(SampleMode.DEFAULT)) {
      throw new IllegalArgumentException(
          "sampler "
              + id
              + " draws all weights by both parts only, got "
              + mode
              + ": take withSampler(Sampler."
              + THREEFRY_V2
              + ") first");
    }
  }

  /**
   * The sampler of a name.
   *
   * @param id as in {@link #id()}
   * @return the sampler
   * @throws IllegalArgumentException if this version does not know it
   */
  public static Sampler named(String id) {
    return Arrays.stream(values())
        .filter(s -> s.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sampler must be one of "
                        + Arrays.stream(values()).map(Sampler::id).collect(Collectors.joining(", "))
                        + ", got "
                        + id
                        + ": the file comes from a newer version, use that one"));
  }
}
