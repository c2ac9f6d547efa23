package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AverageRule;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Buffers;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Averages of a part of the tensors, or of running statistics too. */
class SelectedAverageTest {

  @TempDir Path folder;

  private static SwaModel pair(Block block, Buffers buffers, Selection selection) {
    AveragingPlan plan = AveragingPlan.epochs();
    return SwaModel.of(
            block, WeightAverage.of(plan, AverageRule.uniform(), Accumulation.COMPENSATED, buffers))
        .selecting(selection);
  }

  /** torch's use_buffers=True: no pass over the data. */
  @Test
  void selectedStatisticsAreAveragedAndNeedNoInputs() {
    try (TinyTraining tiny = TinyTraining.withBatchNorm()) {
      SwaModel swa = pair(tiny.block, Buffers.AVERAGED, Selection.all());
      double sum = 0;
      try (Trainer trainer = tiny.trainer(swa.listener())) {
        for (int epoch = 0; epoch < 3; epoch++) {
          tiny.epochs(trainer, 1);
          sum += tiny.statistics().toArray(0)[0];
        }
      }
      Weights live = tiny.live();
      Weights statistics = tiny.statistics();
      try (AppliedWeights averaged = swa.applied()) {
        assertThat(averaged).isNotNull();
        assertThat((double) tiny.statistics().toArray(0)[0]).isCloseTo(sum / 3, within(1e-6));
      }
      assertThat(tiny.live()).isEqualTo(live);
      assertThat(tiny.statistics()).isEqualTo(statistics);
      swa.install();
      assertThat((double) tiny.statistics().toArray(0)[0]).isCloseTo(sum / 3, within(1e-6));
      assertThat(tiny.live()).isNotEqualTo(live);
    }
  }

  @Test
  void selectedStatisticsAreCopiedIfTheAverageSaysSo() {
    try (TinyTraining tiny = TinyTraining.withBatchNorm()) {
      SwaModel swa = pair(tiny.block, Buffers.COPIED, Selection.all());
      try (Trainer trainer = tiny.trainer(swa.listener())) {
        tiny.epochs(trainer, 3);
      }
      Weights statistics = tiny.statistics();
      swa.install();
      assertThat(tiny.statistics()).isEqualTo(statistics);
    }
  }

  @Test
  void frozenLayersTakeNoMemoryOfAnAverageAlongTraining() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      tiny.block.getChildren().valueAt(0).freezeParameters(true);
      SwaModel swa = pair(tiny.block, Buffers.AVERAGED, Selection.weights().withoutFrozen());
      Weights before = tiny.live();
      try (Trainer trainer = tiny.trainer(swa.listener())) {
        tiny.epochs(trainer, 3);
      }
      assertThat(swa.average().count()).isEqualTo(3);
      assertThat(swa.average().average().layout().size()).isEqualTo(5 * 3 + 3);
      Weights live = tiny.live();
      swa.install();
      assertThat(tiny.live().toArray(0)).isEqualTo(before.toArray(0));
      assertThat(tiny.live().toArray(2)).isEqualTo(swa.average().average().toArray(0));
      assertThat(tiny.live().toArray(2)).isNotEqualTo(live.toArray(2));
    }
  }

  /** The weights of the whole would be those of training and the average's, mixed. */
  @Test
  void aPartThatHasItsAverageKeepsTheWholeFromBeingAveraged() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      SwaModel whole = pair(tiny.block, Buffers.AVERAGED, Selection.weights());
      SwaModel head =
          pair(tiny.block.getChildren().valueAt(2), Buffers.AVERAGED, Selection.weights());
      head.update();
      try (AppliedWeights averaged = head.applied()) {
        assertThat(averaged).isNotNull();
        assertThatThrownBy(whole::update).hasMessageContaining("close their scope first");
      }
      whole.update();
      try (AppliedWeights averaged = whole.applied()) {
        assertThat(averaged).isNotNull();
        assertThatThrownBy(head::update).hasMessageContaining("close their scope first");
      }
      assertThat(whole.average().count()).isEqualTo(1);
    }
  }

  private Path archive() throws IOException {
    Path file = folder.resolve("cnn-scripted.pt");
    try (InputStream in = Golden.class.getResourceAsStream("golden/torchscript/cnn-scripted.pt")) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  @Test
  void statisticsThatCannotBeSeenAreNotTakenForSelected() throws Exception {
    try (Model model = Model.newInstance("cnn-scripted", Device.cpu(), "PyTorch")) {
      model.load(archive(), null, Map.of("trainParam", "true"));
      SwaModel swa = pair(model.getBlock(), Buffers.AVERAGED, Selection.all());
      swa.update();
      assertThatThrownBy(swa::applied)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be reached");
    }
  }

  /** The engine calls a module's norm scales weights: they were decayed. */
  @Test
  void decayLeavesOutTheScalesOfAModulesNormalisation() throws IOException {
    try (Model model = TorchScriptModels.load(archive())) {
      Block block = model.getBlock();
      TorchSgd sgd =
          TorchSgd.builder()
              .setLearningRateTracker(Tracker.fixed(0.1f))
              .optWeightDecays(1f)
              .optWithoutDecayOfBiasAndNorm(block)
              .build();
      int[] left = new int[2];
      block
          .getParameters()
          .forEach(
              pair -> {
                var array = pair.getValue().getArray();
                if (!pair.getValue().requiresGradient()) {
                  return;
                }
                TensorMemory.view(array).put(0, 2f);
                try (var zero = array.zerosLike()) {
                  sgd.update(pair.getValue().getId(), array, zero);
                }
                boolean matrix = array.getShape().dimension() > 1;
                left[matrix ? 1 : 0]++;
                assertThat(TensorMemory.view(array).get(0))
                    .as(pair.getKey())
                    .isCloseTo(matrix ? 1.8f : 2f, within(1e-6f));
              });
      assertThat(left).doesNotContain(0);
    }
  }
}
