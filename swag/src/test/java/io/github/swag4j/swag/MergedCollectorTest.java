package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Centre;
import io.github.swag4j.swag.SwagPosterior.Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Parts of a chain that were collected apart are the chain. */
class MergedCollectorTest {
  private static final int SIZE = 5_000;
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("a", Role.WEIGHT, List.of((long) SIZE)),
              new Tensor("b", Role.BIAS, List.of(1L))));

  private static SwagCollector collector(int rank, Centre centre, Accumulation accumulation) {
    Options options = new Options(rank, 1e-30f, centre);
    return new SwagCollector(AveragingPlan.epochs(), options, accumulation);
  }

  private static Weights drawn(Random random) {
    float[] a = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      a[i] = (float) (i % 7 + (1 + i % 3) * random.nextGaussian());
    }
    return Weights.of(LAYOUT, a, new float[] {random.nextFloat()});
  }

  /** The sums as the saved state has them. */
  private static Map<String, double[]> doubles(SwagCollector collector) throws IOException {
    Path file = Files.createTempFile("collector", ".safetensors");
    collector.save(file);
    Map<String, double[]> out = new TreeMap<>();
    try (SafeTensors opened = SafeTensors.open(file)) {
      for (StoredTensor stored : opened.entries().values()) {
        if (stored.type().bytes() == Double.BYTES) {
          double[] values = new double[(int) stored.size()];
          ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          opened.read(stored, 0, bytes);
          bytes.flip().asDoubleBuffer().get(values);
          out.put(stored.name(), values);
        }
      }
    }
    Files.delete(file);
    return out;
  }

  @Property(tries = 30)
  void momentsOfPartsAreThoseOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 9) int first,
      @ForAll @IntRange(max = 9) int second,
      @ForAll @IntRange(min = 1, max = 9) int third)
      throws IOException {
    Random random = new Random(seed);
    SwagCollector whole = collector(0, Centre.RUNNING_MEAN, Accumulation.FLOAT64);
    SwagCollector merged = collector(0, Centre.RUNNING_MEAN, Accumulation.FLOAT64);
    for (int length : new int[] {first, second, third}) {
      SwagCollector part = collector(0, Centre.RUNNING_MEAN, Accumulation.FLOAT64);
      for (int n = 0; n < length; n++) {
        Weights weights = drawn(random);
        whole.collect(weights);
        part.collect(weights);
      }
      merged.merge(part);
    }
    assertThat(merged.count()).isEqualTo(whole.count());
    Map<String, double[]> expected = doubles(whole);
    Map<String, double[]> got = doubles(merged);
    assertThat(got.keySet()).isEqualTo(expected.keySet()).hasSize(4);
    expected.forEach(
        (name, values) -> {
          double count = name.startsWith("m2") ? whole.count() : 1;
          for (int i = 0; i < values.length; i++) {
            assertThat(got.get(name)[i] / count).isCloseTo(values[i] / count, within(1e-12));
          }
        });
  }

  @Property(tries = 30)
  void deviationsAreTheLastOfTheChainInItsOrder(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int first,
      @ForAll @IntRange(min = 1, max = 8) int second,
      @ForAll @IntRange(min = 2, max = 6) int rank,
      @ForAll @IntRange(max = 4) int after) {
    Random random = new Random(seed);
    SwagCollector whole = collector(rank, Centre.FINAL_MEAN, Accumulation.FLOAT64);
    SwagCollector merged = collector(rank, Centre.FINAL_MEAN, Accumulation.FLOAT64);
    SwagCollector later = collector(rank, Centre.FINAL_MEAN, Accumulation.FLOAT64);
    for (int n = 0; n < first + second; n++) {
      Weights weights = drawn(random);
      whole.collect(weights);
      (n < first ? merged : later).collect(weights);
    }
    merged.merge(later);
    for (int n = 0; n < after; n++) {
      Weights weights = drawn(random);
      whole.collect(weights);
      merged.collect(weights);
      later.collect(weights); // what goes on there changes nothing here
    }
    SwagPosterior expected = whole.posterior();
    SwagPosterior got = merged.posterior();
    assertThat(got.deviations()).hasSameSizeAs(expected.deviations());
    for (int k = 0; k < expected.deviations().size(); k++) {
      float[] a = expected.deviations().get(k).toArray(0);
      float[] b = got.deviations().get(k).toArray(0);
      for (int i = 0; i < SIZE; i++) {
        assertThat(b[i]).isCloseTo(a[i], within(1e-5f));
      }
    }
  }

  @Test
  void deviationsFromRunningMeansStayThoseOfTheirParts() {
    Random random = new Random(1);
    SwagCollector first = collector(3, Centre.RUNNING_MEAN, Accumulation.COMPENSATED);
    SwagCollector second = collector(3, Centre.RUNNING_MEAN, Accumulation.COMPENSATED);
    for (int n = 0; n < 3; n++) {
      first.collect(drawn(random));
    }
    for (int n = 0; n < 2; n++) {
      second.collect(drawn(random));
    }
    Weights lastOfFirst = first.posterior().deviations().get(2);
    List<Weights> ofSecond = second.posterior().deviations();
    first.merge(second);
    assertThat(first.posterior().deviations())
        .containsExactly(lastOfFirst, ofSecond.get(0), ofSecond.get(1));
  }

  @Test
  void collectorsThatDoNotBelongTogetherAreRefused() {
    SwagCollector one = collector(2, Centre.RUNNING_MEAN, Accumulation.COMPENSATED);
    Weights weights = drawn(new Random(2));
    one.collect(weights);
    one.collect(weights);
    SwagPosterior before = one.posterior();
    assertThatThrownBy(() -> one.merge(one)).hasMessageContaining("got itself");
    assertThatThrownBy(() -> one.merge(collector(3, Centre.RUNNING_MEAN, Accumulation.COMPENSATED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same options");
    assertThatThrownBy(() -> one.merge(collector(2, Centre.RUNNING_MEAN, Accumulation.FLOAT64)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FLOAT64");
    SwagCollector other = collector(2, Centre.RUNNING_MEAN, Accumulation.COMPENSATED);
    WeightLayout scalar = WeightLayout.of(List.of(new Tensor("x", Role.BIAS, List.of())));
    other.collect(Weights.of(scalar, new float[1]));
    assertThatThrownBy(() -> one.merge(other)).hasMessageContaining("another model");
    assertThat(one.count()).isEqualTo(2);
    assertThat(one.posterior().mean()).isEqualTo(before.mean());
    one.freeze();
    assertThatThrownBy(() -> other.merge(one)).isInstanceOf(IllegalStateException.class);
  }
}
