package io.github.swag4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The study runs, and its networks learn something. */
class RegressionStudyTest {

  @Test
  void tablesAreThoseThatThePackagesShip() throws IOException {
    RegressionTable diabetes = RegressionTable.read("diabetes");
    assertThat(diabetes.rows()).isEqualTo(442);
    assertThat(diabetes.columns()).isEqualTo(10);
    assertThat(Arrays.stream(diabetes.targets()).sum()).isEqualTo(67243);
    RegressionTable cars = RegressionTable.read("auto-mpg");
    assertThat(cars.rows()).isEqualTo(392);
    assertThat(cars.columns()).isEqualTo(9);
    assertThat(Arrays.stream(cars.targets()).average().orElseThrow())
        .isCloseTo(23.4459, within(1e-4));
  }

  @Test
  void everyRowIsInOnePartOfASplit() throws IOException {
    RegressionTable table = RegressionTable.read("diabetes");
    RegressionTable.Split split = table.split(3);
    double[] all =
        Stream.of(split.train(), split.validation(), split.test())
            .flatMapToDouble(part -> Arrays.stream(part.targets()))
            .map(y -> split.shift() + split.scale() * y)
            .sorted()
            .toArray();
    double[] sorted = table.targets().clone();
    Arrays.sort(sorted);
    assertThat(all).containsExactly(sorted, within(1e-9));
    assertThat(split.test().rows()).isEqualTo(44);
  }

  @Test
  void everyMethodPredictsBetterThanTheMeanOfTheTargets() throws IOException {
    Map<String, List<double[]>> results =
        RegressionStudy.run(RegressionTable.read("auto-mpg"), 1, 30);
    assertThat(results).hasSize(6);
    results.forEach(
        (method, splits) -> {
          assertThat(splits).as(method).hasSize(1);
          // The targets' standard deviation is 7.8 miles a gallon.
          assertThat(splits.get(0)[0]).as(method).isBetween(1.0, 6.0);
          assertThat(splits.get(0)[2]).as(method).isBetween(0.5, 4.0);
          assertThat(splits.get(0)[3]).as(method).isBetween(0.5, 1.0);
        });
    assertThat(RegressionStudy.markdown("auto-mpg", results))
        .contains("| SWAG, variance output | ");
  }
}
