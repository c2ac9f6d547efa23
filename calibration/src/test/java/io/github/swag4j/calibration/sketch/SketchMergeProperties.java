package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The same rows give the same bits, whatever their order, parts, form and way of merging. */
class SketchMergeProperties {

  @Provide
  Arbitrary<BinningConvention> conventions() {
    return Arbitraries.of(
        BinningConvention.all().stream().filter(BinningConvention::hasFixedBins).toList());
  }

  @Property(tries = 150)
  void anyTreeOfMergesOverRowsInAnyOrderGivesTheSameBytes(
      @ForAll("conventions") BinningConvention convention,
      @ForAll @IntRange(min = 1, max = 600) int rows,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll long seed)
      throws SketchFormatException {
    float[] p = CalibrationSketchTest.probabilities(rows, classes, seed);
    int[] labels = CalibrationSketchTest.labels(rows, classes, ~seed);
    SplittableRandom random = new SplittableRandom(seed);
    double[] weights = SketchCases.weights(random, rows);
    CalibrationSketch whole = new CalibrationSketch(classes, convention);
    whole.add(LabelledRows.of(p, labels, whole.classes()).weights(weights), 0, rows);

    List<CalibrationSketch> forest = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(12); i++) {
      forest.add(new CalibrationSketch(classes, convention)); // some stay empty
    }
    for (int r : order(random, rows)) {
      addInSomeForm(forest.get(random.nextInt(forest.size())), random, p, labels, weights, r);
    }
    CalibrationSketch merged = merged(forest, random);

    assertThat(merged.toBytes()).isEqualTo(whole.toBytes());
    SketchBits.same(merged, whole);
    assertThat(
            CalibrationSketch.of(LabelledRows.of(p, labels, classes).weights(weights), convention)
                .toBytes())
        .isEqualTo(whole.toBytes());
  }

  /** As float32, float64 or predictions; a row of weight 1 with its weight or without. */
  private static void addInSomeForm(
      CalibrationSketch to,
      SplittableRandom random,
      float[] p,
      int[] labels,
      double[] weights,
      int r) {
    int classes = to.classes();
    double[] row = new double[classes];
    for (int k = 0; k < classes; k++) {
      row[k] = p[r * classes + k];
    }
    double[] weight = {weights[r]};
    int[] label = {labels[r]};
    boolean bare = weights[r] == 1 && random.nextBoolean();
    switch (random.nextInt(3)) {
      case 0 ->
          to.add(LabelledRows.of(p, labels, to.classes()).weights(bare ? null : weights), r, r + 1);
      case 1 ->
          to.add(LabelledRows.of(row, label, to.classes()).weights(bare ? null : weight), 0, 1);
      default -> {
        if (weights[r] > 0) {
          to.add(
              Predictions.builder()
                  .probabilities(row, classes)
                  .labels(label)
                  .weights(weight)
                  .build());
        } else {
          to.add(LabelledRows.of(row, label, to.classes()).weights(weight), 0, 1);
        }
      }
    }
  }

  private static CalibrationSketch merged(List<CalibrationSketch> forest, SplittableRandom random)
      throws SketchFormatException {
    while (forest.size() > 1) {
      CalibrationSketch from = forest.remove(random.nextInt(forest.size()));
      int i = random.nextInt(forest.size());
      CalibrationSketch to = forest.get(i);
      if (random.nextBoolean()) { // by way of another process
        from = CalibrationSketch.fromBytes(from.toBytes());
      }
      if (random.nextBoolean()) {
        to = CalibrationSketch.fromBytes(to.toBytes());
        forest.set(i, to);
      }
      to.merge(from);
    }
    return forest.get(0);
  }

  @Property(tries = 60)
  void rowsOfOneColumnMergeInAnyOrderToo(
      @ForAll("conventions") BinningConvention convention,
      @ForAll @IntRange(min = 1, max = 200) int rows,
      @ForAll boolean weighted,
      @ForAll long seed)
      throws SketchFormatException {
    SplittableRandom random = new SplittableRandom(seed);
    Predictions p = SketchCases.oneColumn(rows, convention.bins(), weighted, seed);
    double[] positive = new double[rows];
    int[] labels = new int[rows];
    double[] weights = weighted ? new double[rows] : null;
    for (int r = 0; r < rows; r++) {
      positive[r] = p.probability(r, 1);
      labels[r] = p.label(r);
      if (weighted) {
        weights[r] = p.weight(r);
      }
    }
    List<CalibrationSketch> forest = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      forest.add(new CalibrationSketch(2, convention));
    }
    for (int r : order(random, rows)) {
      forest
          .get(random.nextInt(4))
          .add(LabelledRows.ofPositive(positive, labels).weights(weights), r, r + 1);
    }
    CalibrationSketch whole = CalibrationSketch.of(p, convention);
    CalibrationSketch merged = merged(forest, random);
    assertThat(merged.toBytes()).isEqualTo(whole.toBytes());
    SketchBits.same(merged, whole);
  }

  private static int[] order(SplittableRandom random, int rows) {
    int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    for (int i = rows - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
    return order;
  }
}
