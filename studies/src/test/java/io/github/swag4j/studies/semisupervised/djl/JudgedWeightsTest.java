package io.github.swag4j.studies.semisupervised.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.schedule.CosineCycles;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which images batch norm is refreshed on: a network that keeps what it is shown. */
class JudgedWeightsTest {
  private static final int IMAGES = 300;

  /** Of its noise a number that is not whole would tell. */
  private static final Views NOISY = new Views(1, true, 5, Normalisation.same(0, 1, 1));

  private static final FewLabels FEW = FewLabels.draw(numbered(), 30, 210, 0, 1);

  private final List<Integer> shown = new ArrayList<>();
  private boolean whole = true;

  /** Image i is one pixel of value i. */
  private static ImageData numbered() {
    float[] values = new float[IMAGES];
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      values[i] = i;
      labels[i] = i % 2;
    }
    return ImageData.ofFloats("n", values, labels, ImageSize.grey(1, 1), List.of("even", "odd"));
  }

  private static Set<Integer> numbers(ImageData images) {
    Set<Integer> out = new HashSet<>();
    float[] value = new float[1];
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, value, 0);
      out.add((int) value[0]);
    }
    return out;
  }

  private Block network() {
    return new SequentialBlock()
        .add(new LambdaBlock(this::look))
        .add(BatchNorm.builder().build())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(2).build());
  }

  private NDList look(NDList inputs) {
    for (float value : inputs.singletonOrThrow().toFloatArray()) {
      shown.add(Math.round(value));
      whole &= value == Math.rint(value);
    }
    return inputs;
  }

  /** What is shown before the images that are predicted; a first batch is shown twice. */
  private Set<Integer> refreshedOn(int refreshed, boolean unlabelled) throws IOException {
    try (JudgedWeights judge = new JudgedWeights(this::network, FEW, NOISY, refreshed, unlabelled);
        ConsistencyTraining training =
            new ConsistencyTraining(
                this::network,
                FEW,
                NOISY,
                ConsistencyTraining.Options.of(
                        ConsistencyTraining.Method.SUPERVISED, new CosineCycles(0.1, 2, 4, 1), 2)
                    .withBatches(4, 4, false),
                1)) {
      Weights weights = training.student().capture();
      shown.clear();
      whole = true;
      judge.predict(weights, FEW.labelled());
    }
    assertThat(whole).as("no noise").isTrue();
    List<Integer> predicted = shown.subList(shown.size() - 30, shown.size());
    assertThat(new HashSet<>(predicted)).isEqualTo(numbers(FEW.labelled()));
    return new HashSet<>(shown.subList(0, shown.size() - 30));
  }

  @Test
  void batchNormSeesImagesWithAndWithoutLabelInTheirNaturalShare() throws IOException {
    Set<Integer> refreshed = refreshedOn(80, true);
    assertThat(refreshed).hasSize(80);
    Set<Integer> labelled = numbers(FEW.labelled());
    assertThat(refreshed.stream().filter(labelled::contains).count())
        .as("an eighth of them are labelled, 10 of 80; were they first, all 30 would be")
        .isBetween(3L, 17L);
    Set<Integer> all = new HashSet<>(labelled);
    all.addAll(numbers(FEW.unlabelled()));
    assertThat(all).containsAll(refreshed);
    assertThat(refreshedOn(1000, true)).isEqualTo(all);
  }

  @Test
  void onLabelsAloneItSeesThoseWithLabelAlone() throws IOException {
    assertThat(refreshedOn(1000, false)).isEqualTo(numbers(FEW.labelled()));
  }
}
