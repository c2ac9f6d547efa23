package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NegativeLogTest {

  private static void close(double p) {
    double expected = -StrictMath.log(p);
    assertThat(NegativeLog.of(p))
        .as("p = %s", p)
        .isCloseTo(expected, within(1e-15 * (1 + expected)));
  }

  @Test
  void logarithmsAreThoseOfTheLibrary() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      double u = random.nextDouble();
      close(u);
      close(1 - u * 1e-3);
      close(Math.max(1e-300, Math.scalb(0.5 + u / 2, -random.nextInt(990))));
    }
    for (int i = 0; i <= 128; i++) {
      close(Math.nextUp(0.5 + i / 256.0));
      close(Math.nextDown(0.5 + i / 256.0));
    }
  }

  @Test
  void oneHasLogarithmZero() {
    assertThat(NegativeLog.of(1)).isZero();
  }

  @Test
  void manyAtOnceHaveTheBitsOfOneByOne() {
    double[] p = new SplittableRandom(2).doubles(1000).toArray();
    for (int i = 0; i < p.length; i += 3) {
      p[i] = Math.scalb(p[i], -i % 990);
    }
    p[0] = 1;
    double[] logs = new double[p.length];
    new NegativeLog(p.length).of(p.length, p, logs);
    for (int i = 0; i < p.length; i++) {
      assertThat(logs[i]).isEqualTo(NegativeLog.of(p[i]));
    }
  }
}
