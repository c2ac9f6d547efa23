package io.github.swag4j.calibration.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Forecasts;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmoothErrorOnRowsTest {
  private static final int ROWS = 4000;

  @Test
  void theImageOfARowIsWhatTheGridMakesOfIt() {
    for (double sigma : new double[] {0.001, 0.004, 0.03, 0.4, 1}) {
      MeshImages images = new MeshImages(sigma);
      for (double f : new double[] {0, 0.0007, 0.31, 0.5, 0.9999, 1}) {
        MeshImages.Image image = images.of(f);
        // A row that did not come, and one at the other end that did.
        double[] both = new double[images.mesh()];
        image.add(f, both);
        images.of(1 - f).add(-f, both);
        double[] density = new double[images.mesh()];
        image.add(1, density);
        images.of(1 - f).add(1, density);
        ResidualGrid two =
            new ResidualGrid(
                new double[] {f, 1 - f}, new double[] {0, 1}, new double[] {1, 1}, 0, false);
        assertThat(two.error(sigma))
            .isEqualTo(
                Arrays.stream(both).map(Math::abs).sum() / Arrays.stream(density).sum(),
                within(1e-12));
      }
    }
  }

  @Test
  void rowsCloserThanAWidthAreToldApartAtTheNarrowestWidth() {
    Random random = new Random(3);
    double[] forecasts = new double[ROWS];
    double[] came = new double[ROWS];
    double[] ones = new double[ROWS];
    Arrays.fill(ones, 1);
    for (int row = 0; row < ROWS; row++) {
      forecasts[row] = 1 - 0.005 * random.nextDouble();
      came[row] = random.nextDouble() < forecasts[row] ? 1 : 0;
    }
    SmoothErrorOnRows rows = new SmoothErrorOnRows(forecasts, came, ones);
    for (int draw = 0; draw < 20; draw++) {
      int[] times = new int[ROWS];
      random.ints(ROWS, 0, ROWS).forEach(row -> times[row]++);
      double exact = SmoothCalibrationError.of(repeated(forecasts, came, times)).value();
      // In 256 places, four widths apart, they are up to 2e-4 wide of it; errors are 0 to 2e-3.
      assertThat(rows.of(times)).isEqualTo(exact, within(4e-5));
    }
  }

  private static Forecasts repeated(double[] forecasts, double[] came, int[] times) {
    int rows = Arrays.stream(times).sum();
    double[] f = new double[rows];
    boolean[] y = new boolean[rows];
    int next = 0;
    for (int row = 0; row < forecasts.length; row++) {
      for (int m = 0; m < times[row]; m++) {
        f[next] = forecasts[row];
        y[next++] = came[row] == 1;
      }
    }
    return Forecasts.of(f, y);
  }
}
