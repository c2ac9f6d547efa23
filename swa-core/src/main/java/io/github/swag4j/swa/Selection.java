package io.github.swag4j.swa;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which tensors take part. Immutable: each method narrows what the one before left.
 *
 * <p>{@code Selection.all().without(Role.BIAS).withoutNames(".*head.*")}
 */
public final class Selection {
  private final Predicate<WeightLayout.Tensor> wanted;
  private final boolean frozen;

  private Selection(Predicate<WeightLayout.Tensor> wanted, boolean frozen) {
    this.wanted = wanted;
    this.frozen = frozen;
  }

  /**
   * All tensors.
   *
   * @return the selection
   */
  public static Selection all() {
    return new Selection(tensor -> true, true);
  }

  /**
   * All tensors but the running statistics of batch normalisation.
   *
   * @return the selection
   */
  public static Selection weights() {
    return all().without(WeightLayout.Role.RUNNING_MEAN, WeightLayout.Role.RUNNING_VARIANCE);
  }

  /**
   * Without tensors that training does not change: they take no memory and no time.
   *
   * @return the selection
   */
  public Selection withoutFrozen() {
    return new Selection(wanted, false);
  }

  /**
   * Only tensors of some roles.
   *
   * @param roles the roles
   * @return the selection
   */
  public Selection only(WeightLayout.Role... roles) {
    Set<WeightLayout.Role> set = set(roles);
    return new Selection(wanted.and(tensor -> set.contains(tensor.role())), frozen);
  }

  /**
   * No tensors of some roles.
   *
   * @param roles the roles
   * @return the selection
   */
  public Selection without(WeightLayout.Role... roles) {
    Set<WeightLayout.Role> set = set(roles);
    return new Selection(wanted.and(tensor -> !set.contains(tensor.role())), frozen);
  }

  private static Set<WeightLayout.Role> set(WeightLayout.Role... roles) {
    Set<WeightLayout.Role> set = EnumSet.noneOf(WeightLayout.Role.class);
    set.addAll(List.of(roles));
    return set;
  }

  /**
   * Only tensors of some names.
   *
   * @param pattern a regular expression the whole name must match
   * @return the selection
   */
  public Selection onlyNames(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return new Selection(wanted.and(t -> compiled.matcher(t.name()).matches()), frozen);
  }

  /**
   * No tensors of some names.
   *
   * @param pattern a regular expression the whole name must match
   * @return the selection
   */
  public Selection withoutNames(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return new Selection(wanted.and(t -> !compiled.matcher(t.name()).matches()), frozen);
  }

  /**
   * Whether a tensor takes part.
   *
   * @param tensor the tensor
   * @param trained whether training changes it
   * @return true if so
   */
  public boolean includes(WeightLayout.Tensor tensor, boolean trained) {
    return (trained || frozen) && wanted.test(tensor);
  }

  /**
   * What is selected of other weights; a view. Whether their tensors are frozen is not known: all
   * count as trained.
   *
   * @param source the weights
   * @return the selected weights
   * @throws IllegalArgumentException if there are none
   */
  public WeightSource of(WeightSource source) {
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int t = 0; t < source.layout().tensors().size(); t++) {
      if (includes(source.layout().tensor(t), true)) {
        tensors.add(source.layout().tensor(t));
        places.add(t);
      }
    }
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException(
          "a selection must leave a tensor, got none of " + source.layout());
    }
    WeightLayout layout = WeightLayout.of(tensors);
    return new WeightSource() {
      @Override
      public WeightLayout layout() {
        return layout;
      }

      @Override
      public FloatBuffer values(int tensor) {
        return source.values(places.get(tensor));
      }
    };
  }
}
