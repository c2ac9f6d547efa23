package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.AbstractList;
import java.util.List;

/**
 * What a posterior knows of the iterates.
 *
 * @param options how it was estimated
 * @param count weight vectors that were collected
 * @param mean their mean
 * @param variance their variance, above 0; null where it was not kept
 * @param columns the last deviations, oldest first
 */
record SwagMoments(
    SwagPosterior.Options options,
    long count,
    Weights mean,
    Weights variance,
    List<DeviationColumn> columns) {

  SwagMoments {
    columns = List.copyOf(columns);
  }

  static SwagMoments checked(
      SwagPosterior.Options options,
      long count,
      Weights mean,
      Weights variance,
      List<Weights> deviations) {
    SwagMoments unread = unread(options, count, mean, variance, deviations);
    requireVariances(variance);
    return unread;
  }

  /** Only layouts are looked at. */
  static SwagMoments unread(
      SwagPosterior.Options options,
      long count,
      Weights mean,
      Weights variance,
      List<Weights> deviations) {
    if (variance != null) {
      mean.layout().requireSame(variance.layout());
    }
    deviations.forEach(column -> mean.layout().requireSame(column.layout()));
    return new SwagMoments(
        options, count, mean, variance, deviations.stream().map(DeviationColumn::of).toList());
  }

  private static void requireVariances(Weights variance) {
    for (int t = 0; t < variance.layout().tensors().size(); t++) {
      FloatBuffer values = variance.values(t);
      for (int i = 0; i < values.limit(); i++) {
        if (!(values.get(i) > 0 && values.get(i) < Float.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "variances must be finite and above 0, got "
                  + values.get(i)
                  + " at "
                  + variance.layout().tensor(t).name()
                  + "["
                  + i
                  + "]: raise them to the variance floor");
        }
      }
    }
  }

  /** Checks that there is a low-rank part. */
  void requireLowRank() {
    if (columns.size() < 2) {
      throw new IllegalStateException(
          "a low-rank part needs at least 2 deviations, got "
              + columns.size()
              + ": collect more weight vectors, with a rank of 2 or more");
    }
  }

  /** Checks that there is what is to be drawn. */
  void require(SampleMode.Parts parts) {
    if (parts == SampleMode.Parts.LOW_RANK) {
      requireLowRank();
    } else {
      requireVariances("a diagonal part");
    }
  }

  /** Checks that there are variances. */
  void requireVariances(String what) {
    if (variance == null) {
      throw new IllegalStateException(
          what
              + " needs variances of the iterates, and this posterior has deviations only: collect"
              + " with variances");
    }
  }

  /** The columns of the low-rank part: one alone is none. */
  List<DeviationColumn> lowRank() {
    return columns.size() < 2 ? List.of() : columns;
  }

  /** The same without a low-rank part. */
  SwagMoments withoutColumns() {
    requireVariances("a diagonal part");
    return new SwagMoments(options.withRank(0), count, mean, variance, List.of());
  }

  /** The columns as weights; those of bfloat16 are widened when they are asked for. */
  List<Weights> deviations() {
    if (columns.stream().allMatch(DeviationColumn.Singles.class::isInstance)) {
      return columns.stream().map(column -> column.weights(mean.layout())).toList();
    }
    return new AbstractList<>() {
      @Override
      public Weights get(int index) {
        return columns.get(index).weights(mean.layout());
      }

      @Override
      public int size() {
        return columns.size();
      }
    };
  }
}
