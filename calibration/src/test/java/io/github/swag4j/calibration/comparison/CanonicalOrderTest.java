package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import io.github.swag4j.calibration.comparison.Bootstrap.Over;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CanonicalOrderTest {
  private static final Options QUICK = Options.defaults().withReplicates(100);

  private static int[] shuffle(int rows, long seed) {
    int[] order = IntStream.range(0, rows).toArray();
    Random random = new Random(seed);
    for (int i = rows - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  /** Probabilities in few steps, so that many rows tie in part or altogether. */
  private static Predictions tied(int rows, long seed) {
    Random random = new Random(seed);
    double[][] p = new double[rows][];
    int[] labels = new int[rows];
    double[] weights = new double[rows];
    String[] groups = new String[rows];
    for (int row = 0; row < rows; row++) {
      double a = random.nextInt(5) / 4.0;
      double b = (1 - a) * random.nextInt(3) / 2.0;
      p[row] = new double[] {a, b, 1 - a - b};
      labels[row] = random.nextInt(3);
      weights[row] = 1 + random.nextInt(2);
      groups[row] = "g" + random.nextInt(2);
    }
    return Predictions.builder()
        .probabilities(p)
        .labels(labels)
        .weights(weights)
        .groups(groups)
        .build();
  }

  private static double plainSum(Predictions p) {
    double sum = 0;
    for (int row = 0; row < p.rows(); row++) {
      sum += p.weight(row) * Math.exp(p.probability(row, p.label(row)));
    }
    return sum / p.rows();
  }

  @Property(tries = 40)
  void shuffledRowsGiveTheSameIntervalBitForBit(@ForAll long seed) {
    Predictions p = tied(60, seed);
    Predictions shuffled = p.select(shuffle(60, ~seed));
    for (Metric metric :
        new Metric[] {
          Metric.brier(), Metric.ece(15), Metric.ece(BinningConvention.EQUAL_MASS.withBins(4))
        }) {
      Options o = QUICK.withMethod(IntervalMethod.PERCENTILE).withSeed(seed);
      assertThat(Bootstrap.of(metric, shuffled, o)).isEqualTo(Bootstrap.of(metric, p, o));
    }
    Metric any = Metric.of("plain sum", CanonicalOrderTest::plainSum);
    assertThat(Bootstrap.of(any, shuffled, QUICK)).isEqualTo(Bootstrap.of(any, p, QUICK));
    Predictions plain = Predictions.of(probabilities(p), labels(p));
    Predictions soft = TestPredictions.softened(p, 0.3);
    int[] order = shuffle(60, ~seed);
    Options o = QUICK.withMethod(IntervalMethod.PERCENTILE);
    assertThat(PairedComparison.of(any, "a", plain.select(order), "b", soft.select(order), o))
        .isEqualTo(PairedComparison.of(any, "a", plain, "b", soft, o));
  }

  @ParameterizedTest
  @EnumSource(IntervalMethod.class)
  void theOrderOfManyRowsMovesNoEnd(IntervalMethod method) {
    // Above 1,000 rows the jackknife of BCa leaves out blocks, which must not move either.
    Predictions p = TestPredictions.random(1500, 3, 2, 8);
    Options o = QUICK.withMethod(method);
    assertThat(Bootstrap.of(Metric.brier(), p.select(shuffle(1500, 1)), o))
        .isEqualTo(Bootstrap.of(Metric.brier(), p, o))
        .isNotEqualTo(Bootstrap.of(Metric.brier(), p, o.withSeed(1)));
  }

  @Test
  void rowsAndDrawsAreDrawnAlikeInAnyOrder() {
    Predictions p = TestPredictions.withSamples(50, 3, 6, 4);
    Options o = QUICK.withOver(Over.ROWS_AND_DRAWS);
    assertThat(Bootstrap.of(Metric.nll(), p.select(shuffle(50, 1)), o))
        .isEqualTo(Bootstrap.of(Metric.nll(), p, o));
    Metric any = Metric.of("plain sum", CanonicalOrderTest::plainSum);
    assertThat(Bootstrap.of(any, p.select(shuffle(50, 1)), o))
        .as("also a function that sums in the order of the rows")
        .isEqualTo(Bootstrap.of(any, p, o));
  }

  @Test
  void exchangingMethodsOfOneNameTurnsTheIntervalAndNothingElse() {
    Predictions a = TestPredictions.withSamples(50, 3, 6, 4);
    Predictions b = TestPredictions.softened(a, 0.2);
    for (Over over : Over.values()) {
      Options o = QUICK.withMethod(IntervalMethod.PERCENTILE).withOver(over);
      PairedComparison given = PairedComparison.of(Metric.nll(), "net", a, "net", b, o);
      PairedComparison turned = PairedComparison.of(Metric.nll(), "net", b, "net", a, o);
      assertThat(turned.lower()).isEqualTo(-given.upper(), within(1e-12));
      assertThat(turned.upper()).isEqualTo(-given.lower(), within(1e-12));
      assertThat(turned.pValue()).isEqualTo(given.pValue());
      PairedComparison renamed = PairedComparison.of(Metric.nll(), "z", a, "a", b, o);
      assertThat(renamed.lower()).as("names decide nothing").isEqualTo(given.lower());
    }
  }

  @Property(tries = 30)
  void pairedComparisonsGroupsAndSwapsDoNotSeeTheOrder(@ForAll long seed) {
    Predictions a = tied(60, seed);
    Predictions b = TestPredictions.softened(a, 0.3);
    int[] order = shuffle(60, seed + 1);
    Predictions plain = Predictions.of(probabilities(a), labels(a));
    Metric ece = Metric.ece(10);
    Options o = QUICK.withMethod(IntervalMethod.PERCENTILE);
    PairedComparison given = PairedComparison.of(ece, "a", plain, "b", b, o);
    assertThat(PairedComparison.of(ece, "a", plain.select(order), "b", b.select(order), o))
        .isEqualTo(given);
    PairedComparison turned = PairedComparison.of(ece, "b", b, "a", plain, o);
    assertThat(turned.lower()).isEqualTo(-given.upper(), within(1e-12));
    assertThat(turned.pValue()).isEqualTo(given.pValue());
    assertThat(
            PairedPermutationTest.of(ece, plain.select(order), b.select(order), 100, seed).pValue())
        .isEqualTo(PairedPermutationTest.of(ece, plain, b, 100, seed).pValue());
    Options wide = o.withLevel(0.9);
    assertThat(GroupResults.of(Metric.brier(), a.select(order), wide))
        .isEqualTo(GroupResults.of(Metric.brier(), a, wide));
  }

  private static double[][] probabilities(Predictions p) {
    return IntStream.range(0, p.rows()).mapToObj(p::probabilities).toArray(double[][]::new);
  }

  private static int[] labels(Predictions p) {
    return IntStream.range(0, p.rows()).map(p::label).toArray();
  }

  @Test
  void withIdsARowKeepsItsDrawsWhateverIsPredictedForIt() {
    String[] ids =
        IntStream.range(0, 40).mapToObj(i -> "row " + i * 37 % 40).toArray(String[]::new);
    Predictions one = TestPredictions.builder(40, 3, 2, 1).ids(ids).build();
    Predictions other = TestPredictions.builder(40, 3, 2, 9).ids(ids).build();
    assertThat(CanonicalOrder.of(one)).isEqualTo(CanonicalOrder.of(other));
    String[] inOrder =
        Arrays.stream(CanonicalOrder.of(one)).mapToObj(i -> ids[i]).toArray(String[]::new);
    assertThat(inOrder).isSorted();
    assertThat(CanonicalOrder.of(TestPredictions.random(40, 3, 2, 1), other))
        .as("ids of either method will do")
        .isEqualTo(CanonicalOrder.of(other));
  }

  @Test
  void theOrderLooksAtEverythingPredictionsHold() {
    PredictionsBuilder base =
        Predictions.builder().logits(new double[][] {{1, 2}, {0, 1}}).labels(new int[] {1, 1});
    // Softmax forgets a constant; only the logits tell these rows apart.
    assertThat(CanonicalOrder.of(base.build())).containsExactly(1, 0);
    Predictions entropies =
        Predictions.builder()
            .probabilities(new double[][] {{0.5, 0.5}, {0.5, 0.5}})
            .expectedEntropy(new double[] {0.4, 0.3})
            .build();
    assertThat(CanonicalOrder.of(entropies)).containsExactly(1, 0);
    assertThat(CanonicalOrder.places(new int[] {2, 0, 1})).containsExactly(1, 2, 0);
  }
}
