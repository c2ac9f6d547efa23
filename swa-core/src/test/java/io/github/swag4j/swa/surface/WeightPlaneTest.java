package io.github.swag4j.swa.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Planes, lines and directions keep distances and go through what they were made of. */
class WeightPlaneTest {

  /** 8 values in two filters, 3 of a bias, 1 scalar. */
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("kernel", Role.WEIGHT, List.of(2L, 2L, 2L)),
              new Tensor("bias", Role.BIAS, List.of(3L)),
              new Tensor("scalar", Role.OTHER, List.of())));

  private static Weights weights(double... flat) {
    float[][] values = new float[3][];
    int from = 0;
    for (int t = 0; t < 3; t++) {
      values[t] = new float[LAYOUT.tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = (float) flat[from++];
      }
    }
    return Weights.of(LAYOUT, values);
  }

  private static Weights random(long seed, double scale) {
    Random random = new Random(seed);
    return weights(random.doubles(12).map(v -> scale * (v - 0.5)).toArray());
  }

  private static double[] flat(Weights weights) {
    return doubles(t -> weights.toArray(t));
  }

  private interface Tensors {
    float[] of(int tensor);
  }

  private static double[] doubles(Tensors tensors) {
    double[] out = new double[12];
    int at = 0;
    for (int t = 0; t < 3; t++) {
      for (float value : tensors.of(t)) {
        out[at++] = value;
      }
    }
    return out;
  }

  private static double[] flat(WeightDirection direction) {
    double[] out = new double[12];
    int at = 0;
    for (int t = 0; t < 3; t++) {
      for (double value : direction.toArray(t)) {
        out[at++] = value;
      }
    }
    return out;
  }

  private static double distance(Weights a, Weights b) {
    return WeightDirection.between(a, b).length();
  }

  @Property(tries = 200)
  void theThreeVectorsLieInThePlaneAtTheirDistances(@ForAll long seed, @ForAll boolean large) {
    double scale = large ? 1e4 : 1e-3;
    Weights first = random(seed, scale);
    Weights second = random(seed + 1, scale);
    Weights third = random(seed + 2, scale);
    WeightPlane plane = WeightPlane.through(first, second, third);
    assertThat(plane.first().length()).isCloseTo(1, within(1e-14));
    assertThat(plane.second().length()).isCloseTo(1, within(1e-14));
    assertThat(plane.first().dot(plane.second())).isCloseTo(0, within(1e-14));
    PlanePlace b = plane.project(second);
    PlanePlace c = plane.project(third);
    assertThat(plane.project(first)).isEqualTo(new PlanePlace(0, 0, 0));
    assertThat(b.x()).isCloseTo(distance(first, second), within(1e-13 * scale));
    assertThat(b.y()).isCloseTo(0, within(1e-13 * scale));
    assertThat(c.y()).isPositive();
    assertThat(b.distance()).isLessThan(1e-13 * scale);
    assertThat(c.distance()).isLessThan(1e-13 * scale);
    assertThat(Math.hypot(c.x(), c.y())).isCloseTo(distance(first, third), within(1e-13 * scale));
    assertThat(Math.hypot(c.x() - b.x(), c.y() - b.y()))
        .isCloseTo(distance(second, third), within(1e-13 * scale));
    assertThat(flat(plane.at(c.x(), c.y()))).containsExactly(flat(third), within(1e-7 * scale));
  }

  @Property(tries = 100)
  void aPlaceProjectsOntoItselfAndTheDistanceIsThatToItsFoot(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -3, max = 3) double x,
      @ForAll @DoubleRange(min = -3, max = 3) double y) {
    WeightPlane plane =
        WeightPlane.through(random(seed, 1), random(seed + 1, 1), random(seed + 2, 1));
    PlanePlace place = plane.project(plane.at(x, y));
    assertThat(place.x()).isCloseTo(x, within(1e-6));
    assertThat(place.y()).isCloseTo(y, within(1e-6));
    assertThat(place.distance()).isLessThan(1e-6);
    Weights other = random(seed + 3, 1);
    PlanePlace foot = plane.project(other);
    assertThat(distance(other, plane.at(foot.x(), foot.y())))
        .isCloseTo(foot.distance(), within(1e-6));
  }

  @Test
  void numpyHasTheSamePlaneAndLine() {
    JsonObject golden = Golden.read("surface.json");
    JsonArray vectors = golden.getAsJsonArray("vectors");
    Weights[] w = new Weights[4];
    Arrays.setAll(w, i -> weights(Golden.doubles(vectors.get(i))));
    WeightPlane plane = WeightPlane.through(w[0], w[1], w[2]);
    assertThat(flat(plane.first())).containsExactly(Golden.doubles(golden.get("u")), within(1e-14));
    assertThat(flat(plane.second()))
        .containsExactly(Golden.doubles(golden.get("v")), within(1e-14));
    for (int i = 0; i < 3; i++) {
      double[] place = Golden.doubles(golden.getAsJsonArray("places").get(i));
      PlanePlace mine = plane.project(w[i]);
      assertThat(new double[] {mine.x(), mine.y()}).containsExactly(place, within(1e-13));
    }
    PlanePlace other = plane.project(w[3]);
    assertThat(new double[] {other.x(), other.y(), other.distance()})
        .containsExactly(Golden.doubles(golden.get("other")), within(1e-13));
    assertThat(flat(plane.at(0.7, -1.3)))
        .containsExactly(Golden.doubles(golden.get("at")), within(1e-7));
    JsonObject line = golden.getAsJsonObject("line");
    WeightLine mine = WeightLine.between(w[0], w[1]);
    assertThat(mine.length()).isCloseTo(line.get("length").getAsDouble(), within(1e-13));
    assertThat(flat(mine.at(-0.5))).containsExactly(Golden.doubles(line.get("at")), within(1e-6));
    PlanePlace beside = mine.project(w[3]);
    assertThat(new double[] {beside.x(), beside.distance()})
        .containsExactly(Golden.doubles(line.get("other")), within(1e-13));
  }

  @Test
  void numpyHasTheSameEllipse() {
    JsonObject golden = Golden.read("surface.json").getAsJsonObject("ellipse");
    double[] c = Golden.doubles(golden.get("covariance"));
    JsonElement axes = golden.get("axes");
    Ellipse ellipse = Ellipse.of(1, -1, c[0], c[1], c[3], 2);
    assertThat(new double[] {ellipse.major(), ellipse.minor()})
        .containsExactly(Golden.doubles(axes), within(1e-12));
    assertThat(ellipse.angle()).isCloseTo(golden.get("angle").getAsDouble(), within(1e-12));
    double det = c[0] * c[3] - c[1] * c[1];
    for (double[] p : ellipse.places(40)) {
      double x = p[0] - 1;
      double y = p[1] + 1;
      double mahalanobis = (c[3] * x * x - 2 * c[1] * x * y + c[0] * y * y) / det;
      assertThat(mahalanobis).isCloseTo(4, within(1e-9));
    }
    assertThatThrownBy(() -> Ellipse.of(0, 0, 1, 2, 1, 1)).hasMessageContaining("semidefinite");
  }

  @Test
  void theEndsOfALineAreTheVectorsBitForBit() {
    Weights from = random(7, 1);
    Weights to = random(8, 1);
    WeightLine line = WeightLine.between(from, to);
    assertThat(line.at(0)).isEqualTo(from);
    assertThat(line.at(1)).isEqualTo(to);
    assertThat(distance(line.at(2), from)).isCloseTo(2 * line.length(), within(1e-6));
    assertThat(distance(line.at(-1), from)).isCloseTo(line.length(), within(1e-6));
  }

  @Test
  void aRandomDirectionHasTheLengthsOfTheFiltersAndLeavesBiasesAlone() {
    Weights around = random(3, 2);
    WeightDirection direction = WeightDirection.filterNormalised(around, 11, 0);
    double[] kernel = direction.toArray(0);
    float[] weights = around.toArray(0);
    for (int filter = 0; filter < 2; filter++) {
      double own = 0;
      double wanted = 0;
      for (int i = 4 * filter; i < 4 * filter + 4; i++) {
        own += kernel[i] * kernel[i];
        wanted += (double) weights[i] * weights[i];
      }
      assertThat(own).isCloseTo(wanted, within(1e-12));
    }
    assertThat(direction.toArray(1)).containsOnly(0);
    assertThat(direction.toArray(2)).containsOnly(0);
    WeightDirection again = WeightDirection.filterNormalised(around, 11, 0);
    assertThat(again.toArray(0)).isEqualTo(kernel);
    assertThat(WeightDirection.filterNormalised(around, 11, 1).toArray(0)).isNotEqualTo(kernel);
    assertThat(WeightDirection.filterNormalised(around, 12, 0).toArray(0)).isNotEqualTo(kernel);
    WeightLayout biases = WeightLayout.of(List.of(new Tensor("bias", Role.BIAS, List.of(2L))));
    Weights none = Weights.of(biases, new float[] {1, 2});
    assertThatThrownBy(() -> WeightDirection.filterNormalised(none, 1, 0))
        .hasMessageContaining("two dimensions");
  }

  @Test
  void vectorsOnOneLineSpanNoPlane() {
    Weights a = weights(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    Weights b = weights(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24);
    Weights c = weights(4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48);
    assertThatThrownBy(() -> WeightPlane.through(a, b, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not lie on one line")
        .hasMessageContaining("take others");
    assertThatThrownBy(() -> WeightPlane.through(a, b, a)).hasMessageContaining("two are equal");
    assertThatThrownBy(() -> WeightLine.between(a, a)).hasMessageContaining("different");
    Weights infinite = weights(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, Double.POSITIVE_INFINITY);
    assertThatThrownBy(() -> WeightPlane.through(a, b, infinite)).hasMessageContaining("finite");
  }

  @Test
  void aGridIsSquareAndHoldsItsPlacesWithTheMargin() {
    SurfaceGrid grid =
        SurfaceGrid.around(List.of(new PlanePlace(0, 0, 0), new PlanePlace(4, 2, 9)), 0.25, 5);
    assertThat(grid).isEqualTo(new SurfaceGrid(-1, 5, -2, 4, 5, 5));
    assertThat(grid.x(0)).isEqualTo(-1);
    assertThat(grid.x(4)).isEqualTo(5);
    assertThat(grid.y(2)).isEqualTo(1);
    assertThat(grid.size()).isEqualTo(25);
    assertThatThrownBy(() -> SurfaceGrid.around(List.of(new PlanePlace(1, 1, 0)), 1, 5))
        .hasMessageContaining("finite range");
    assertThatThrownBy(() -> new SurfaceGrid(0, 1, 0, 1, 1, 5)).hasMessageContaining("columns");
  }
}
