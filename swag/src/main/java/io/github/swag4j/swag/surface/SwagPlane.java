package io.github.swag4j.swag.surface;

import io.github.swag4j.swa.surface.Ellipse;
import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swa.surface.WeightDirection;
import io.github.swag4j.swa.surface.WeightPlane;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SampleMode;
import io.github.swag4j.swag.Subspace;
import io.github.swag4j.swag.SwagPosterior;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plane of the two leading deviations of a SWAG posterior through its mean, and the normal
 * distribution that samples have in it once they are projected: with P = [u v] the orthonormal
 * axes, covariance P^T S P, S = scale (diag(variance) + D D^T / (K - 1)) as the posterior's {@link
 * SampleMode} makes it. Samples themselves lie far off the plane, by the square root of the sum of
 * all other variances. Immutable.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, figure 1 and section 4</a>
 */
public final class SwagPlane {
  private final WeightPlane plane;
  private final double xx;
  private final double xy;
  private final double yy;
  private final List<PlanePlace> columns;

  private SwagPlane(WeightPlane plane, double xx, double xy, double yy, List<PlanePlace> columns) {
    this.plane = plane;
    this.xx = xx;
    this.xy = xy;
    this.yy = yy;
    this.columns = List.copyOf(columns);
  }

  /**
   * The plane of a posterior.
   *
   * @param posterior with two independent deviations at least
   * @return the plane, its origin the mean, its first axis the direction of most low-rank variance
   * @throws IllegalArgumentException if the deviations have a rank below 2
   * @throws IllegalStateException if its scale is 0, where nothing is drawn but the mean
   */
  public static SwagPlane of(SwagPosterior posterior) {
    if (posterior.isPoint()) {
      throw new IllegalStateException(
          "a posterior of scale 0 is a point and has no ellipses: take withScale of another");
    }
    Subspace leading = Subspace.principal(posterior, 2);
    WeightPlane plane =
        WeightPlane.spanned(
            posterior.mean(),
            WeightDirection.of(leading.directions().get(0)),
            WeightDirection.of(leading.directions().get(1)));
    Covariance covariance = new Covariance(posterior, plane);
    covariance.add();
    double scale = posterior.scale();
    return new SwagPlane(
        plane,
        scale * covariance.xx,
        scale * covariance.xy,
        scale * covariance.yy,
        columns(posterior, plane));
  }

  private static List<PlanePlace> columns(SwagPosterior posterior, WeightPlane plane) {
    List<PlanePlace> places = new ArrayList<>();
    for (Weights column : posterior.deviations()) {
      WeightDirection way = WeightDirection.of(column);
      places.add(plane.project(way.from(posterior.mean(), 1)));
    }
    return places;
  }

  /**
   * The plane.
   *
   * @return through the mean
   */
  public WeightPlane plane() {
    return plane;
  }

  /**
   * Where mean plus each deviation lies, oldest first. Deviations from the final mean give the
   * iterates themselves; those from running means, the paper's, give about them.
   *
   * @return one place for each column
   */
  public List<PlanePlace> deviations() {
    return columns;
  }

  /**
   * The covariance of projected samples.
   *
   * @return {@code [2][2]}, scale included
   */
  public double[][] covariance() {
    return new double[][] {{xx, xy}, {xy, yy}};
  }

  /**
   * The ellipse at a number of standard deviations.
   *
   * @param sigmas Mahalanobis distance, above 0
   * @return around the mean, at (0, 0)
   * @throws IllegalArgumentException if sigmas is not above 0
   */
  public Ellipse ellipse(double sigmas) {
    return Ellipse.of(0, 0, xx, xy, yy, sigmas);
  }

  /** P^T (V + D D^T / (K - 1)) P of the stochastic tensors, without the scale. */
  private static final class Covariance {
    private final SwagPosterior posterior;
    private final WeightPlane plane;
    private double xx;
    private double xy;
    private double yy;

    Covariance(SwagPosterior posterior, WeightPlane plane) {
      this.posterior = posterior;
      this.plane = plane;
    }

    void add() {
      SampleMode mode = posterior.mode();
      List<Weights> columns = posterior.deviations();
      double[][] shared = new double[columns.size()][2];
      WeightLayout layout = posterior.layout();
      Optional<List<String>> drawn = mode.stochastic();
      for (int t = 0; t < layout.tensors().size(); t++) {
        if (drawn.isPresent() && !drawn.get().contains(layout.tensor(t).name())) {
          continue;
        }
        double[] u = plane.first().toArray(t);
        double[] v = plane.second().toArray(t);
        if (mode.parts() == SampleMode.Parts.BOTH) {
          diagonal(posterior.variance().values(t), u, v);
        }
        double[][] own = mode.blockwise() ? new double[columns.size()][2] : shared;
        for (int k = 0; k < own.length; k++) {
          products(columns.get(k).values(t), u, v, own[k]);
        }
        if (mode.blockwise()) {
          lowRank(own);
        }
      }
      if (!mode.blockwise()) {
        lowRank(shared);
      }
    }

    private void diagonal(FloatBuffer variances, double[] u, double[] v) {
      for (int i = 0; i < u.length; i++) {
        double variance = variances.get(i);
        xx += variance * u[i] * u[i];
        xy += variance * u[i] * v[i];
        yy += variance * v[i] * v[i];
      }
    }

    private static void products(FloatBuffer column, double[] u, double[] v, double[] into) {
      for (int i = 0; i < u.length; i++) {
        into[0] += column.get(i) * u[i];
        into[1] += column.get(i) * v[i];
      }
    }

    private void lowRank(double[][] products) {
      for (double[] product : products) {
        xx += product[0] * product[0] / (products.length - 1);
        xy += product[0] * product[1] / (products.length - 1);
        yy += product[1] * product[1] / (products.length - 1);
      }
    }
  }

  @Override
  public String toString() {
    return "plane of the leading deviations, covariance " + xx + ", " + xy + ", " + yy;
  }
}
