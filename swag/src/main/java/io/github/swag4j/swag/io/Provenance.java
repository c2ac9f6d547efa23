package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.WeightFormatException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a posterior comes from, kept in its file in words: for people and for a later comparison.
 * Nothing is computed from it. Immutable.
 *
 * @param facts words by key, in order; keys are small letters, digits and underscores, up to 64
 */
public record Provenance(Map<String, String> facts) {

  /** When weights were collected, e.g. {@code after each epoch past 15}. */
  public static final String PLAN = "plan";

  /** The learning rates of the iterates. */
  public static final String RATES = "rates";

  /** Fingerprint of the training data, e.g. its SHA-256. */
  public static final String DATA = "data";

  /** Seed of the training. */
  public static final String SEED = "seed";

  /** What of a run it is, where several files have the same tensors, e.g. {@code swa}. */
  public static final String METHOD = "method";

  /** Name and version of the program that trained. */
  public static final String PROGRAM = "program";

  /** Before the keys in the metadata of a file. */
  static final String PREFIX = "provenance.";

  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /**
   * Checks the keys.
   *
   * @param facts words by key
   * @throws IllegalArgumentException if a key is none
   */
  public Provenance {
    Map<String, String> copy = new LinkedHashMap<>();
    facts.forEach(
        (key, value) -> {
          if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                "keys of a provenance must be small letters, digits and underscores, at most 64,"
                    + " got "
                    + key);
          }
          copy.put(key, String.valueOf(value));
        });
    facts = Collections.unmodifiableMap(copy);
  }

  /**
   * Nothing is known.
   *
   * @return a provenance without facts
   */
  public static Provenance unknown() {
    return new Provenance(Map.of());
  }

  /**
   * The same with one more fact.
   *
   * @param key {@link #PLAN}, {@link #RATES}, {@link #DATA}, {@link #SEED}, {@link #METHOD}, {@link
   *     #PROGRAM}, or another
   * @param value words
   * @return the provenance
   * @throws IllegalArgumentException if the key is none
   */
  public Provenance with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(key, value);
    return new Provenance(more);
  }

  /**
   * As the metadata of a file.
   *
   * @return words by key, each key with {@code provenance.} before it
   */
  public Map<String, String> toMetadata() {
    Map<String, String> out = new LinkedHashMap<>();
    facts.forEach((key, value) -> out.put(PREFIX + key, value));
    return out;
  }

  /**
   * What the metadata of a file say of it.
   *
   * @param opened any file
   * @return the facts among them, perhaps none
   * @throws WeightFormatException if a key is none
   */
  public static Provenance of(SafeTensors opened) throws WeightFormatException {
    Map<String, String> facts = new LinkedHashMap<>();
    opened
        .metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX)) {
                facts.put(key.substring(PREFIX.length()), value);
              }
            });
    try {
      return new Provenance(facts);
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(opened.file(), "metadata is not valid: " + e.getMessage());
    }
  }

  /**
   * A fact.
   *
   * @param key its key
   * @return the words, empty if it is not known
   */
  public Optional<String> fact(String key) {
    return Optional.ofNullable(facts.get(key));
  }
}
