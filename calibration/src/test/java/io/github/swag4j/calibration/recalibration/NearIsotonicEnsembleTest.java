package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.recalibration.NearIsotonicEnsemble.Criterion;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NearIsotonicEnsembleTest {
  private static final JsonObject GOLDEN =
      JsonParser.parseReader(
              new InputStreamReader(
                  Fixture.class.getResourceAsStream("/recalibration/enir.json"),
                  StandardCharsets.UTF_8))
          .getAsJsonObject();
  private static final double[] GRID = Fixture.numbers(Fixture.golden().get("grid"));
  private static final Predictions TOP = Fixture.top(Fixture.fit());

  private static void assertGolden(String name, Predictions fit, Criterion criterion) {
    NearIsotonicEnsemble fitted = NearIsotonicEnsemble.fit(fit, criterion);
    double[] expected = Fixture.numbers(GOLDEN.get(name));
    for (int i = 0; i < GRID.length; i++) {
      assertThat(fitted.predict(1, GRID[i]))
          .as("%s at %s", name, GRID[i])
          .isCloseTo(expected[i], within(1e-12));
    }
  }

  private static Predictions tied() {
    int[] y = new int[TOP.rows()];
    Arrays.setAll(y, TOP::label);
    return Predictions.binary(Fixture.numbers(GOLDEN.get("tied")), y);
  }

  @Test
  void ensemblesAreThoseOfAPathWalkedWithFractions() {
    assertGolden("enir", TOP, Criterion.BIC);
    assertGolden("enir_aic", TOP, Criterion.AIC);
    assertGolden("enir_tied", tied(), Criterion.BIC);
  }

  @Test
  void modelsOfAPathByHandComeInTheirOrder() {
    double[] x = {0, 1, 2, 3, 4, 5};
    TiedScores scores =
        new TiedScores(x, new double[] {1, 0, 0.75, 0.5, 0, 1}, new double[] {1, 2, 4, 2, 1, 5});
    JsonArray expected = GOLDEN.getAsJsonArray("small_path");
    List<double[]> models = new ArrayList<>();
    List<Double> lambdas = new ArrayList<>();
    NearIsotonicPath.walk(
        scores,
        path -> {
          models.add(values(path, 6));
          lambdas.add(path.lambda());
        });
    assertThat(models).hasSize(expected.size());
    for (int i = 0; i < models.size(); i++) {
      JsonObject model = expected.get(i).getAsJsonObject();
      assertThat(lambdas.get(i)).isCloseTo(model.get("lambda").getAsDouble(), within(1e-15));
      assertThat(models.get(i))
          .containsExactly(Fixture.numbers(model.get("values")), within(1e-15));
    }
  }

  private static double[] values(NearIsotonicPath path, int scores) {
    double[] out = new double[scores];
    for (int g = 0, from = 0; g >= 0; g = path.next(g)) {
      Arrays.fill(out, from, path.end(g) + 1, path.value(g));
      from = path.end(g) + 1;
    }
    return out;
  }

  @Property(tries = 200)
  void everyModelOfThePathIsOptimalAndTheLastIsIsotonicRegression(
      @ForAll @IntRange(min = 1, max = 60) int rows, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[rows];
    double[] y = new double[rows];
    double[] w = new double[rows];
    for (int i = 0; i < rows; i++) {
      x[i] = random.nextInt(40) / 40.0;
      y[i] = random.nextDouble() < 0.3 + 0.4 * x[i] ? 1 : 0;
      w[i] = seed % 2 == 0 ? 1 : 1 + random.nextInt(3);
    }
    TiedScores scores = new TiedScores(x, y, w);
    NearIsotonicPath last =
        NearIsotonicPath.walk(
            scores,
            path -> {
              assertOptimal(scores, path);
              assertNoLikelierThanItsBound(path);
            });
    IsotonicRegression isotonic = IsotonicRegression.fit(x, y, w);
    double[] z = values(last, scores.size());
    for (int i = 0; i < z.length; i++) {
      assertThat(z[i]).isCloseTo(isotonic.predict(scores.scores[i]), within(1e-12));
    }
  }

  /** By the bound models are left out without a look at their values. */
  private static void assertNoLikelierThanItsBound(NearIsotonicPath path) {
    double own = 0;
    double atMeans = 0;
    for (int g = 0; g >= 0; g = path.next(g)) {
      double share = path.positive(g) / path.weight(g);
      own += path.weight(g) * logLikelihood(share, path.value(g));
      atMeans += path.weight(g) * logLikelihood(share, share);
    }
    assertThat(own).isLessThanOrEqualTo(atMeans + 1e-9);
    assertThat(path.greatestLogLikelihood()).isCloseTo(atMeans, within(1e-9));
  }

  private static double logLikelihood(double share, double p) {
    return (share > 0 ? share * Math.log(p) : 0) + (share < 1 ? (1 - share) * Math.log1p(-p) : 0);
  }

  /**
   * u_i = sum_(j <= i) w_j (y_j - z_j) lies in [0, lambda]: lambda where z falls, 0 where it rises.
   */
  private static void assertOptimal(TiedScores scores, NearIsotonicPath path) {
    double[] z = values(path, scores.size());
    double u = 0;
    double slack = 1e-10;
    for (int i = 0; i < z.length; i++) {
      u += scores.sums[i] - scores.weights[i] * z[i];
      double fall = i == z.length - 1 ? -1 : z[i] - z[i + 1];
      double least = fall > slack ? path.lambda() : 0;
      double most = fall < -slack ? 0 : path.lambda();
      assertThat(u).isBetween(least - slack, most + slack);
    }
  }

  @Test
  void netcalSharesArraysBetweenModelsAndWeLeaveEachModelAsItWas() {
    // Its step to the next model moves the values of the one before in place, so that all models
    // but
    // the last predict what the path is at the next lambda.
    TiedScores scores =
        new TiedScores(
            new double[] {0, 1, 2, 3}, new double[] {1, 0, 1, 0}, new double[] {1, 1, 2, 1});
    List<double[]> models = new ArrayList<>();
    NearIsotonicPath.walk(scores, path -> models.add(values(path, 4)));
    // At lambda 1/2 the first two meet at 1/2; the third has come down to 3/4, the last up to 1/2.
    assertThat(models.get(0)).containsExactly(new double[] {0.5, 0.5, 0.75, 0.5}, within(1e-15));
    assertThat(models.get(1))
        .containsExactly(new double[] {0.5, 0.5, 2 / 3.0, 2 / 3.0}, within(1e-15));
  }

  @Test
  void rowsAlreadyInOrderAreKeptAsTheyAre() {
    Predictions p = Predictions.binary(new double[] {0.1, 0.2, 0.8, 0.9}, new int[] {0, 0, 1, 1});
    NearIsotonicEnsemble fitted = NearIsotonicEnsemble.fit(p);
    assertThat(fitted.predict(1, 0.2)).isZero();
    assertThat(fitted.predict(1, 0.8)).isEqualTo(1);
    assertThat(fitted.parameters().get("class_1.edges")).containsExactly(0.5);
  }

  @Test
  void classesGoOneAgainstTheRestAndShuffledRowsGiveTheSameMap() {
    Predictions fit = Fixture.fit();
    Predictions held = Fixture.held();
    Predictions out = NearIsotonicEnsemble.fit(fit).apply(held);
    Fixture.assertSameBits(NearIsotonicEnsemble.fit(Fixture.shuffled(fit, 3)).apply(held), out);
    Fixture.assertSameBits(
        Recalibrators.fromJson(NearIsotonicEnsemble.fit(fit).toJson()).apply(held), out);
    assertThat(CalibrationError.of(out).ece()).isLessThan(0.8 * CalibrationError.of(held).ece());
  }

  @Test
  void twentyThousandRowsFindTheMapTheyWereDrawnFrom() {
    SplittableRandom random = new SplittableRandom(1);
    double[] p = random.doubles(20_000).toArray();
    int[] y = new int[p.length];
    Arrays.setAll(y, i -> random.nextDouble() < p[i] * p[i] ? 1 : 0);
    NearIsotonicEnsemble fitted = NearIsotonicEnsemble.fit(Predictions.binary(p, y));
    for (double v = 0.05; v < 1; v += 0.1) {
      assertThat(fitted.predict(1, v)).isCloseTo(v * v, within(0.05));
    }
  }
}
