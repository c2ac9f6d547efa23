package io.github.swag4j.swa.weights;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The tensors of a model in a fixed order: names, shapes, roles, and where each starts in the flat
 * weight vector.
 *
 * <p>Two models can exchange weights if and only if their layouts are equal: the same names and
 * shapes in the same order. Roles tell what tensors do and do not count, here as little as in
 * {@link #hash} and {@link #requireSame}: other tools know nothing of them. Immutable.
 */
public final class WeightLayout {

  /** What a tensor does in its layer. */
  public enum Role {
    /** Kernel or matrix. */
    WEIGHT,
    /** Additive bias. */
    BIAS,
    /** Multiplier after normalisation (gamma). */
    SCALE,
    /** Offset after normalisation (beta). */
    SHIFT,
    /** Running mean of batch normalisation. */
    RUNNING_MEAN,
    /** Running variance of batch normalisation. */
    RUNNING_VARIANCE,
    /** Anything else. */
    OTHER
  }

  /**
   * One tensor.
   *
   * @param name unique, not empty
   * @param role what it does
   * @param shape dimensions, each at least 0; empty for a scalar
   */
  public record Tensor(String name, Role role, List<Long> shape) {
    /**
     * Checks the shape.
     *
     * @param name unique, not empty
     * @param role what it does
     * @param shape dimensions, each at least 0; empty for a scalar
     * @throws IllegalArgumentException if the name is empty, a dimension is negative or the tensor
     *     holds 2^31 values or more
     */
    public Tensor {
      Objects.requireNonNull(role, "role");
      if (name.isEmpty()) {
        throw new IllegalArgumentException("a tensor's name must not be empty");
      }
      shape = List.copyOf(shape);
      long size = shape.contains(0L) ? 0 : 1;
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new IllegalArgumentException(
              "shape of " + name + " must have dimensions of at least 0, got " + shape);
        }
        // By division: the product could pass 2^63.
        if (size > 0 && dimension > MAX_TENSOR_SIZE / size) {
          throw new IllegalArgumentException(
              "tensor " + name + " must hold at most " + MAX_TENSOR_SIZE + " values, got " + shape);
        }
        size *= dimension;
      }
    }

    /**
     * Number of values.
     *
     * @return the product of the dimensions
     */
    public int size() {
      long size = 1;
      for (long dimension : shape) {
        size *= dimension;
      }
      return (int) size;
    }
  }

  private static final int MAX_TENSOR_SIZE = Integer.MAX_VALUE - 8;

  private final List<Tensor> tensors;
  private final long[] offsets;
  private final long size;

  private WeightLayout(List<Tensor> tensors) {
    this.tensors = List.copyOf(tensors);
    this.offsets = new long[tensors.size()];
    long at = 0;
    Map<String, Integer> seen = new HashMap<>();
    for (int t = 0; t < offsets.length; t++) {
      Tensor tensor = tensors.get(t);
      if (seen.putIfAbsent(tensor.name(), t) != null) {
        throw new IllegalArgumentException(
            "tensor names must be unique, got " + tensor.name() + " twice");
      }
      offsets[t] = at;
      at += tensor.size();
    }
    this.size = at;
  }

  /**
   * A layout of tensors in the given order.
   *
   * @param tensors the tensors, names unique
   * @return the layout
   * @throws IllegalArgumentException if a name occurs twice
   */
  public static WeightLayout of(List<Tensor> tensors) {
    return new WeightLayout(tensors);
  }

  /**
   * The tensors in order.
   *
   * @return an unmodifiable list
   */
  public List<Tensor> tensors() {
    return tensors;
  }

  /**
   * One tensor.
   *
   * @param index its place in the order
   * @return the tensor
   */
  public Tensor tensor(int index) {
    return tensors.get(index);
  }

  /**
   * Where a tensor starts in the flat vector.
   *
   * @param index its place in the order
   * @return the offset, in values
   */
  public long offset(int index) {
    return offsets[index];
  }

  /**
   * Number of values in all tensors.
   *
   * @return the length of the flat weight vector
   */
  public long size() {
    return size;
  }

  /**
   * Fingerprint of names and shapes in order; stored in files so that weights never enter another
   * model. Roles do not count: other tools know nothing of them.
   *
   * @return 64 hexadecimal digits (SHA-256)
   */
  public String hash() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (Tensor tensor : tensors) {
      digest.update(
          (tensor.name() + '\0' + tensor.shape() + '\n').getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Checks that weights of another layout fit this one.
   *
   * @param other the other layout
   * @throws IllegalArgumentException if they differ, naming the first tensor that does
   */
  public void requireSame(WeightLayout other) {
    int t = firstDifference(other);
    if (t < 0) {
      return;
    }
    throw new IllegalArgumentException(
        "tensor "
            + t
            + " must be "
            + describe(t)
            + ", got "
            + other.describe(t)
            + ": the weights belong to another model");
  }

  /** The first place where names or shapes differ, -1 if there is none. */
  @SuppressWarnings("ReferenceEquality") // a short cut, before all is compared
  private int firstDifference(WeightLayout other) {
    if (this == other) {
      return -1;
    }
    int n = Math.min(tensors.size(), other.tensors.size());
    for (int t = 0; t < n; t++) {
      Tensor a = tensors.get(t);
      Tensor b = other.tensors.get(t);
      if (!a.name().equals(b.name()) || !a.shape().equals(b.shape())) {
        return t;
      }
    }
    return tensors.size() == other.tensors.size() ? -1 : n;
  }

  private String describe(int index) {
    if (index == tensors.size()) {
      return "none, there are only " + index;
    }
    return tensors.get(index).name() + " " + tensors.get(index).shape();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof WeightLayout other && firstDifference(other) < 0;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (Tensor tensor : tensors) {
      hash = 31 * (31 * hash + tensor.name().hashCode()) + tensor.shape().hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    return tensors.size() + " tensors, " + size + " weights";
  }
}
