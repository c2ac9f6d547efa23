package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.WeightLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which part of a {@link SwagPosterior}'s Gaussian is drawn, of which tensors, and who shares the
 * noise. With s the scale, V the diagonal of variances, D the K deviations:
 *
 * <table>
 *   <caption>The distributions</caption>
 *   <tr><th>parts</th><th>covariance</th><th>K</th><th>default scale</th></tr>
 *   <tr><td>both</td><td>s (V + D D^T / (K - 1))</td><td>at least 2</td><td>1/2</td></tr>
 *   <tr><td>diagonal, by {@link SwagPosterior#diagonal}</td><td>s V</td><td>below 2</td>
 *   <td>1</td></tr>
 *   <tr><td>low rank</td><td>s D D^T / (K - 1)</td><td>at least 2</td><td>1</td></tr>
 * </table>
 *
 * <p>Block-wise, the K numbers z2 are drawn anew for each tensor, by the same rules of scale and K:
 * D D^T keeps only the blocks of one tensor with itself. Tensors that are not stochastic stay at
 * the mean. Antithetic samples 2 i and 2 i + 1 are mean + noise and mean - noise: each is drawn
 * from the same distribution as ever, and their average is the mean, so that what is linear in the
 * weights has no sampling error.
 *
 * <p>All of it changes which samples there are and nothing else: a sample is a function of (seed,
 * index) still, and a weight that is stochastic in two selections gets the same noise in both.
 *
 * @param parts what the covariance is made of
 * @param blockwise whether each tensor has its own z2
 * @param antithetic whether samples come in pairs of opposite noise
 * @param stochastic names of the tensors that are drawn, in the order of the layout; empty for all
 */
public record SampleMode(
    Parts parts, boolean blockwise, boolean antithetic, Optional<List<String>> stochastic) {

  /** What the covariance is made of. */
  public enum Parts {
    /** The diagonal, and the low-rank part where there are two deviations or more. */
    BOTH,
    /** The low-rank part alone: samples stay on the plane that the deviations span. */
    LOW_RANK;

    double defaultScale(int columns) {
      return this == BOTH && columns >= 2
          ? SwagPosterior.LOW_RANK_SCALE
          : SwagPosterior.DIAGONAL_SCALE;
    }
  }

  /** All tensors, both parts, z2 shared, no pairs: the paper's. */
  public static final SampleMode DEFAULT =
      new SampleMode(Parts.BOTH, false, false, Optional.empty());

  /** Names of the metadata that {@link #toMetadata} gives. */
  public static final Set<String> METADATA =
      Set.of("sample_parts", "sample_blockwise", "sample_antithetic", "sample_stochastic");

  private static final String PARTS = "sample_parts";
  private static final String BLOCKWISE = "sample_blockwise";
  private static final String ANTITHETIC = "sample_antithetic";
  private static final String STOCHASTIC = "sample_stochastic";

  /**
   * Checks that something is drawn.
   *
   * @param parts what the covariance is made of
   * @param blockwise whether each tensor has its own z2
   * @param antithetic whether samples come in pairs of opposite noise
   * @param stochastic names of the tensors that are drawn; empty for all
   * @throws IllegalArgumentException if no tensor is drawn, or one is named twice
   */
  public SampleMode {
    Objects.requireNonNull(parts, "parts");
    stochastic = stochastic.map(List::copyOf);
    if (stochastic.isPresent()) {
      List<String> names = stochastic.get();
      if (names.isEmpty() || names.stream().distinct().count() != names.size()) {
        throw new IllegalArgumentException(
            "stochastic tensors must be one or more, each once, got "
                + names
                + ": for none at all take a scale of 0");
      }
    }
  }

  /**
   * Words for a file's metadata, one entry for each thing that is not the default's. A reader that
   * does not know them draws another distribution: only a file of a format that requires them may
   * have them.
   *
   * @return the entries, none for the default
   * @throws IllegalStateException if a tensor's name has a line break
   */
  public Map<String, String> toMetadata() {
    Map<String, String> out = new LinkedHashMap<>();
    if (parts != Parts.BOTH) {
      out.put(PARTS, parts.name());
    }
    if (blockwise) {
      out.put(BLOCKWISE, "true");
    }
    if (antithetic) {
      out.put(ANTITHETIC, "true");
    }
    stochastic.ifPresent(
        names -> {
          if (names.stream().anyMatch(name -> name.indexOf('\n') >= 0)) {
            throw new IllegalStateException("names of stochastic tensors must be of one line");
          }
          out.put(STOCHASTIC, String.join("\n", names));
        });
    return out;
  }

  /**
   * The mode that {@link #toMetadata} wrote.
   *
   * @param metadata a file's; entries of other names are passed over
   * @return the mode
   * @throws IllegalArgumentException if an entry is none that it writes
   */
  public static SampleMode ofMetadata(Map<String, String> metadata) {
    String parts = metadata.get(PARTS);
    String names = metadata.get(STOCHASTIC);
    return new SampleMode(
        parts == null ? Parts.BOTH : Parts.valueOf(parts),
        isSet(metadata, BLOCKWISE),
        isSet(metadata, ANTITHETIC),
        names == null ? Optional.empty() : Optional.of(List.of(names.split("\n", -1))));
  }

  private static boolean isSet(Map<String, String> metadata, String name) {
    String value = metadata.get(name);
    if (value != null && !value.equals("true")) {
      throw new IllegalArgumentException(name + " must be true or missing, got " + value);
    }
    return value != null;
  }

  /** All that the moments have. */
  static SampleMode of(SwagMoments moments) {
    if (moments.variance() != null) {
      return DEFAULT;
    }
    moments.requireLowRank();
    return DEFAULT.withParts(Parts.LOW_RANK);
  }

  /** The places of the tensors that are drawn. */
  int[] places(WeightLayout layout) {
    List<Integer> places = new ArrayList<>();
    for (int t = 0; t < layout.tensors().size(); t++) {
      if (stochastic.isEmpty() || stochastic.get().contains(layout.tensor(t).name())) {
        places.add(t);
      }
    }
    if (stochastic.isPresent() && places.size() != stochastic.get().size()) {
      throw new IllegalArgumentException(
          "stochastic tensors must be of the posterior's, got " + stochastic.get());
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Groups of the places that share z2. */
  int[][] groups(int[] places) {
    if (!blockwise) {
      return new int[][] {places};
    }
    int[][] groups = new int[places.length][];
    for (int i = 0; i < places.length; i++) {
      groups[i] = new int[] {places[i]};
    }
    return groups;
  }

  SampleMode withParts(Parts other) {
    return new SampleMode(other, blockwise, antithetic, stochastic);
  }

  SampleMode withBlockwise(boolean other) {
    return new SampleMode(parts, other, antithetic, stochastic);
  }

  SampleMode withAntithetic(boolean other) {
    return new SampleMode(parts, blockwise, other, stochastic);
  }

  SampleMode withStochastic(List<String> names) {
    return new SampleMode(parts, blockwise, antithetic, Optional.of(names));
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (parts == Parts.LOW_RANK) {
      words.add("low rank only");
    }
    if (blockwise) {
      words.add("block-wise");
    }
    if (antithetic) {
      words.add("antithetic pairs");
    }
    stochastic.ifPresent(names -> words.add("stochastic in " + String.join(", ", names)));
    return String.join(", ", words);
  }
}
