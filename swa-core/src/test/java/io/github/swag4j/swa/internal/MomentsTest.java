package io.github.swag4j.swa.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of squares as they are kept, before they are rounded to float32. */
class MomentsTest {
  private static final int SIZE = 2000;
  private static final int ITERATES = 50;

  @ParameterizedTest
  @EnumSource
  void medianErrorOfSumsOfSquaresBesideAMeanOfOne(Accumulation accumulation) {
    double[] sds = {1e-3, 1e-4, 1e-5};
    double[] single = {1e-4, 1e-3, 1e-2};
    for (int c = 0; c < sds.length; c++) {
      double limit =
          switch (accumulation) {
            case FLOAT32 -> single[c];
            case COMPENSATED -> 1e-6;
            case FLOAT64 -> 1e-9;
          };
      assertThat(medianError(accumulation, sds[c])).as("sd %s", sds[c]).isLessThan(limit);
    }
  }

  private static double medianError(Accumulation accumulation, double sd) {
    BlockCut cut =
        new BlockCut(WeightLayout.of(List.of(new Tensor("w", Role.WEIGHT, List.of((long) SIZE)))));
    BlockValues mean = new BlockValues(cut, accumulation);
    BlockValues m2 = new BlockValues(cut, accumulation);
    BlockValues.Scratch scratch = new BlockValues.Scratch(cut);
    Random random = new Random(7);
    double[][] seen = new double[ITERATES][SIZE];
    for (int n = 0; n < ITERATES; n++) {
      for (int i = 0; i < SIZE; i++) {
        scratch.weights[i] = (float) (1 + sd * random.nextGaussian());
        seen[n][i] = scratch.weights[i];
      }
      BlockValues.moments(mean, m2, 0, scratch, 1.0 / (n + 1));
    }
    double[] got = new double[SIZE];
    m2.read(0, got);
    double[] errors = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      int at = i;
      double exactMean = Arrays.stream(seen).mapToDouble(w -> w[at]).sum() / ITERATES;
      double exact = Arrays.stream(seen).mapToDouble(w -> Math.pow(w[at] - exactMean, 2)).sum();
      errors[i] = Math.abs(got[i] / exact - 1);
    }
    Arrays.sort(errors);
    return errors[SIZE / 2];
  }
}
