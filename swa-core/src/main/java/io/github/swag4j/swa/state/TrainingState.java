package io.github.swag4j.swa.state;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a part of training needs to go on as if it had never been interrupted: arrays and whole
 * numbers by name. Immutable; parts are put together under prefixes, so that a checkpoint is one
 * such value.
 */
public final class TrainingState {
  private final Map<String, float[]> tensors;
  private final Map<String, Long> numbers;

  private TrainingState(Map<String, float[]> tensors, Map<String, Long> numbers) {
    this.tensors = tensors;
    this.numbers = numbers;
  }

  /**
   * Begins an empty state.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The weights of a model or an average, by tensor name.
   *
   * @param weights what to copy
   * @return the state
   */
  public static TrainingState of(WeightSource weights) {
    Weights copy = Weights.copyOf(weights);
    Builder out = builder();
    for (int t = 0; t < copy.layout().tensors().size(); t++) {
      out.tensor(copy.layout().tensor(t).name(), copy.toArray(t));
    }
    return out.build();
  }

  /**
   * How far training has come.
   *
   * @param position epochs and steps
   * @return the state
   */
  public static TrainingState of(TrainingPosition position) {
    return builder().number("epochs", position.epochs()).number("steps", position.steps()).build();
  }

  /**
   * The weights this state holds under a layout's names.
   *
   * @param layout the tensors wanted
   * @return a copy
   * @throws IllegalArgumentException if one is missing or of another size
   */
  public Weights weights(WeightLayout layout) {
    float[][] values = new float[layout.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = tensor(layout.tensor(t).name(), layout.tensor(t).size());
    }
    return Weights.adopt(layout, values);
  }

  /**
   * The position this state holds.
   *
   * @return epochs and steps
   * @throws IllegalArgumentException if there is none
   */
  public TrainingPosition position() {
    return new TrainingPosition(number("epochs"), number("steps"));
  }

  /**
   * The names of all arrays with their lengths.
   *
   * @return lengths by name, in order
   */
  public Map<String, Integer> sizes() {
    Map<String, Integer> out = new LinkedHashMap<>();
    tensors.forEach((name, values) -> out.put(name, values.length));
    return out;
  }

  /**
   * An array.
   *
   * @param name its name
   * @return a copy
   * @throws IllegalArgumentException if there is none
   */
  public float[] tensor(String name) {
    return require("tensor", name, tensors.get(name)).clone();
  }

  /**
   * An array of a known length.
   *
   * @param name its name
   * @param size how long it must be
   * @return a copy
   * @throws IllegalArgumentException if there is none or its length differs
   */
  public float[] tensor(String name, int size) {
    float[] values = tensor(name);
    if (values.length != size) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " must have "
              + size
              + " values, got "
              + values.length
              + ": the state is of another model");
    }
    return values;
  }

  /**
   * All numbers.
   *
   * @return numbers by name, in order; unmodifiable
   */
  public Map<String, Long> numbers() {
    return numbers;
  }

  /**
   * A number.
   *
   * @param name its name
   * @return its value
   * @throws IllegalArgumentException if there is none
   */
  public long number(String name) {
    return require("number", name, numbers.get(name));
  }

  /**
   * The part that was added under a prefix.
   *
   * @param prefix the prefix
   * @return the part, with its own names; empty if nothing was added
   */
  public TrainingState part(String prefix) {
    Builder out = builder();
    String start = prefix + "/";
    tensors.forEach(
        (name, values) -> {
          if (name.startsWith(start)) {
            out.tensors.put(name.substring(start.length()), values);
          }
        });
    numbers.forEach(
        (name, value) -> {
          if (name.startsWith(start)) {
            out.numbers.put(name.substring(start.length()), value);
          }
        });
    return out.build();
  }

  /**
   * Checks that nothing is in the state that its reader does not know.
   *
   * @param known names of arrays and numbers
   * @param what what the state is, for the message
   * @throws IllegalArgumentException if there is another
   */
  public void requireOnly(Set<String> known, String what) {
    for (Set<String> names : List.of(tensors.keySet(), numbers.keySet())) {
      for (String name : names) {
        if (!known.contains(name)) {
          throw new IllegalArgumentException(
              what
                  + " must be of the same model and kind, got "
                  + name
                  + ", which it does not have");
        }
      }
    }
  }

  private static <T> T require(String what, String name, T found) {
    if (found == null) {
      throw new IllegalArgumentException(
          what + " " + name + " is not in the state: it is of another model or kind");
    }
    return found;
  }

  /** Puts a state together. */
  public static final class Builder {
    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds an array.
     *
     * @param name its name, not yet taken
     * @param values the values; copied
     * @return this builder
     */
    public Builder tensor(String name, float[] values) {
      requireNew(name, tensors.put(name, values.clone()));
      return this;
    }

    /**
     * Adds a number.
     *
     * @param name its name, not yet taken
     * @param value the value
     * @return this builder
     */
    public Builder number(String name, long value) {
      requireNew(name, numbers.put(name, value));
      return this;
    }

    /**
     * Adds a part.
     *
     * @param prefix what its names begin with, before a slash; not empty, without a slash
     * @param part the part
     * @return this builder
     */
    public Builder part(String prefix, TrainingState part) {
      if (prefix.isEmpty() || prefix.contains("/")) {
        throw new IllegalArgumentException(
            "prefix must not be empty and have no slash, got '" + prefix + "'");
      }
      part.tensors.forEach((name, v) -> requireNew(name, tensors.put(prefix + "/" + name, v)));
      part.numbers.forEach((name, v) -> requireNew(name, numbers.put(prefix + "/" + name, v)));
      return this;
    }

    /**
     * The state.
     *
     * @return what was added so far
     */
    public TrainingState build() {
      return new TrainingState(
          new LinkedHashMap<>(tensors), Collections.unmodifiableMap(new LinkedHashMap<>(numbers)));
    }

    private static void requireNew(String name, Object before) {
      if (before != null) {
        throw new IllegalArgumentException(
            "names of a state must be unique, got " + name + " twice");
      }
    }
  }
}
