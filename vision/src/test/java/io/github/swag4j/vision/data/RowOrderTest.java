package io.github.swag4j.vision.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowOrderTest {

  @Property
  void everyOrderHasEveryRowOnce(
      @ForAll @Size(max = 60) List<@IntRange(max = 5) Integer> rows, @ForAll long seed) {
    int[] labels = array(rows);
    for (RowOrder order : RowOrder.values()) {
      assertThat(Arrays.stream(order.of(labels, seed)).sorted().toArray())
          .isEqualTo(IntStream.range(0, labels.length).toArray());
    }
  }

  @Property
  void anyStretchHasEachClassInItsShare(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(max = 3) Integer> rows,
      @ForAll long seed,
      @ForAll @IntRange(max = 200) int from,
      @ForAll @IntRange(max = 200) int length) {
    int[] labels = array(rows);
    int begin = Math.min(from, labels.length);
    int end = Math.min(begin + length, labels.length);
    int[] order = RowOrder.STRATIFIED.of(labels, seed);
    for (int c = 0; c <= 3; c++) {
      int label = c;
      double share = (double) count(labels, c) / labels.length;
      long found = IntStream.range(begin, end).filter(i -> labels[order[i]] == label).count();
      // Each of the four classes is at most two places off at either end.
      assertThat((double) found).isBetween(share * (end - begin) - 8, share * (end - begin) + 8);
    }
  }

  private static int[] array(List<Integer> labels) {
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long count(int[] labels, int label) {
    return Arrays.stream(labels).filter(l -> l == label).count();
  }

  @Test
  void theSeedDecidesAndNothingElse() {
    int[] labels = IntStream.range(0, 100).map(i -> i / 25).toArray();
    int[] order = RowOrder.STRATIFIED.of(labels, 7);
    assertThat(RowOrder.STRATIFIED.of(labels.clone(), 7)).isEqualTo(order);
    assertThat(RowOrder.STRATIFIED.of(labels, 7)).isNotEqualTo(RowOrder.STRATIFIED.of(labels, 8));
  }

  @Test
  void theOnlyRowOfAClassIsInTheFirstHalf() {
    int[] labels = new int[200];
    labels[199] = 1;
    for (int seed = 0; seed < 100; seed++) {
      int[] order = RowOrder.STRATIFIED.of(labels, seed);
      assertThat(IntStream.range(0, 102)).anyMatch(i -> order[i] == 199);
    }
  }
}
