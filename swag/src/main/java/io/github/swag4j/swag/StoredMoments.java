package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a posterior's moments to and from files, for who writes a format of one's own: nothing
 * is read that is not asked for.
 */
public final class StoredMoments {
  private StoredMoments() {}

  /**
   * A posterior of moments that are not looked at here, because they lie in a file that is larger
   * than the memory: who makes it answers for them. {@code PosteriorFiles.read} checks them.
   *
   * @param options how it was estimated
   * @param count weight vectors that were collected
   * @param scale factor of the covariance, at least 0
   * @param mean their mean
   * @param variance their variance, samples are NaN where one is below 0; null for a posterior of
   *     the low-rank part alone
   * @param deviations columns of the low-rank part, oldest first
   * @return the posterior
   * @throws IllegalArgumentException if the scale is negative or not finite, or layouts differ
   * @throws IllegalStateException if there are neither variances nor two deviations
   */
  public static SwagPosterior posterior(
      SwagPosterior.Options options,
      long count,
      double scale,
      Weights mean,
      Weights variance,
      List<Weights> deviations) {
    return SwagPosterior.of(SwagMoments.unread(options, count, mean, variance, deviations), scale);
  }

  /**
   * The same of deviations in bfloat16, which samples are drawn from as they lie there.
   *
   * @param options how it was estimated
   * @param count weight vectors that were collected
   * @param scale factor of the covariance, at least 0
   * @param mean their mean
   * @param variance their variance, samples are NaN where one is below 0; null for a posterior of
   *     the low-rank part alone
   * @param deviations columns of the low-rank part, oldest first: the bits of each tensor
   * @return the posterior
   * @throws IllegalArgumentException if the scale is negative or not finite, or layouts differ
   * @throws IllegalStateException if there are neither variances nor two deviations
   */
  public static SwagPosterior posteriorOfBfloat16(
      SwagPosterior.Options options,
      long count,
      double scale,
      Weights mean,
      Weights variance,
      List<List<ShortBuffer>> deviations) {
    if (variance != null) {
      mean.layout().requireSame(variance.layout());
    }
    List<Integer> sizes = mean.layout().tensors().stream().map(WeightLayout.Tensor::size).toList();
    List<DeviationColumn> columns = new ArrayList<>();
    for (List<ShortBuffer> column : deviations) {
      if (!column.stream().map(ShortBuffer::limit).toList().equals(sizes)) {
        throw new IllegalArgumentException(
            "a column must have a buffer of its values for each tensor of " + mean.layout());
      }
      columns.add(new DeviationColumn.Halves(column.toArray(ShortBuffer[]::new)));
    }
    return SwagPosterior.of(new SwagMoments(options, count, mean, variance, columns), scale);
  }

  /**
   * Whether all deviations of a posterior are kept as bfloat16.
   *
   * @param posterior the posterior
   * @return false if one is float32, or there are none
   */
  public static boolean areBfloat16(SwagPosterior posterior) {
    List<DeviationColumn> columns = posterior.moments().columns();
    return !columns.isEmpty()
        && columns.stream().allMatch(DeviationColumn.Halves.class::isInstance);
  }

  /**
   * Columns of the low-rank part.
   *
   * @param posterior the posterior
   * @return K
   */
  public static int columns(SwagPosterior posterior) {
    return posterior.moments().columns().size();
  }

  /**
   * Values of a deviation, also of bfloat16 without widening the whole column.
   *
   * @param posterior the posterior
   * @param column which, from 0 for the oldest
   * @param tensor which tensor of the layout
   * @param from the first value
   * @param into filled from 0
   * @param length how many
   */
  public static void readDeviation(
      SwagPosterior posterior, int column, int tensor, int from, float[] into, int length) {
    posterior.moments().columns().get(column).read(tensor, from, into, length);
  }
}
