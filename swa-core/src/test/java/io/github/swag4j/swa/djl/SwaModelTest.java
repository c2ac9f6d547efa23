package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import ai.djl.util.RandomUtils;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.Weights;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SwaModelTest {

  private static SwaModel trained(TinyTraining tiny) {
    SwaModel swa = SwaModel.of(tiny.block, WeightAverage.uniform(AveragingPlan.epochs()));
    try (Trainer trainer = tiny.trainer(swa.listener())) {
      tiny.epochs(trainer, 3);
    }
    return swa;
  }

  @Test
  void theScopeHasTheAverageAndRestoresTheModelToTheBit() throws IOException {
    try (TinyTraining tiny = TinyTraining.withBatchNorm()) {
      SwaModel swa = trained(tiny);
      Weights weights = tiny.live();
      Weights statistics = tiny.statistics();
      float[] predictions = tiny.predictions();
      try (AppliedWeights averaged = swa.applied(tiny.batches())) {
        assertThat(averaged).isNotNull();
        assertThat(tiny.live()).isEqualTo(swa.average().average());
        assertThat(tiny.statistics()).isNotEqualTo(statistics);
        assertThat(tiny.predictions()).isNotEqualTo(predictions);
      }
      assertThat(tiny.live()).isEqualTo(weights);
      assertThat(tiny.statistics()).isEqualTo(statistics);
      assertThat(tiny.predictions()).isEqualTo(predictions);
    }
  }

  @Test
  void theScopeRestoresOnExceptions() {
    try (TinyTraining tiny = TinyTraining.withBatchNorm()) {
      SwaModel swa = trained(tiny);
      Weights weights = tiny.live();
      Weights statistics = tiny.statistics();
      assertThatThrownBy(
              () -> {
                try (AppliedWeights averaged = swa.applied(tiny.batches())) {
                  assertThat(averaged).isNotNull();
                  throw new IOException("evaluation failed");
                }
              })
          .isInstanceOf(IOException.class);
      assertThatThrownBy(
              () ->
                  swa.applied(
                      (manager, consumer) -> {
                        tiny.batches().forEach(manager, consumer);
                        throw new IOException("inputs failed");
                      }))
          .hasMessage("inputs failed");
      assertThat(tiny.live()).isEqualTo(weights);
      assertThat(tiny.statistics()).isEqualTo(statistics);
    }
  }

  /** Evaluating at the end of each epoch changes nothing of what comes after. */
  @Test
  void evaluatingTheAverageInMidTrainingLeavesTrainingAsItWas() throws IOException {
    Weights[] ends = new Weights[2];
    Weights[] statistics = new Weights[2];
    float[][] random = new float[2][];
    for (int run = 0; run < 2; run++) {
      Engine.getEngine("PyTorch").setRandomSeed(17);
      try (TinyTraining tiny = TinyTraining.withBatchNorm();
          NDManager manager = NDManager.newBaseManager()) {
        SwaModel swa = SwaModel.of(tiny.block, WeightAverage.uniform(AveragingPlan.epochs()));
        try (Trainer trainer = tiny.trainer(swa.listener())) {
          for (int epoch = 0; epoch < 3; epoch++) {
            tiny.epochs(trainer, 1);
            if (run == 1) {
              try (AppliedWeights averaged = swa.applied(tiny.batches())) {
                assertThat(averaged).isNotNull();
                tiny.predictions();
              }
            }
          }
        }
        ends[run] = tiny.live();
        statistics[run] = tiny.statistics();
        float[] drawn = manager.randomNormal(new Shape(3)).toFloatArray();
        random[run] = new float[] {drawn[0], drawn[1], drawn[2], RandomUtils.nextFloat()};
      }
    }
    assertThat(ends[1]).isEqualTo(ends[0]);
    assertThat(statistics[1]).isEqualTo(statistics[0]);
    assertThat(random[1]).isEqualTo(random[0]);
  }

  @Test
  void swappingTwiceIsNoChange() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      SwaModel swa = trained(tiny);
      Weights live = tiny.live();
      swa.swap();
      assertThat(tiny.live()).isEqualTo(swa.average().average());
      swa.swap();
      assertThat(tiny.live()).isEqualTo(live);
    }
  }

  @Test
  void theAverageIsNotAveragedIntoItself() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      SwaModel swa = trained(tiny);
      try (AppliedWeights averaged = swa.applied()) {
        assertThat(averaged).isNotNull();
        assertThatThrownBy(swa::update)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "other weights are in the model, close their scope first to update the average");
        try (Trainer trainer = tiny.trainer(swa.listener())) {
          assertThatThrownBy(() -> tiny.epochs(trainer, 1))
              .hasMessageContaining("close their scope first to collect weights");
        }
      }
      swa.update();
      assertThat(swa.average().count()).isEqualTo(4);
    }
  }

  @Test
  void aModelWithBatchNormNeedsInputs() {
    try (TinyTraining tiny = TinyTraining.withBatchNorm()) {
      SwaModel swa = trained(tiny);
      Weights live = tiny.live();
      assertThatThrownBy(swa::applied)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("give the training inputs too");
      assertThat(tiny.live()).isEqualTo(live);
    }
  }

  @Test
  void averagingThatNeverHappenedIsSaid() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      SwaModel swa = SwaModel.of(tiny.block, WeightAverage.uniform(AveragingPlan.epochs().from(9)));
      try (Trainer trainer = tiny.trainer(swa.listener())) {
        tiny.epochs(trainer, 3);
      }
      assertThatThrownBy(swa::applied)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing was averaged yet")
          .hasMessageContaining("10");
      assertThatThrownBy(() -> swa.install(tiny.batches()))
          .hasMessageContaining("nothing was averaged yet");
    }
  }

  @Test
  void anInstalledAverageIsReadyToPredict() throws IOException {
    try (TinyTraining tiny = TinyTraining.withBatchNorm()) {
      SwaModel swa = trained(tiny);
      float[] inScope;
      try (AppliedWeights averaged = swa.applied(tiny.batches())) {
        assertThat(averaged).isNotNull();
        inScope = tiny.predictions();
      }
      swa.install(tiny.batches());
      assertThat(tiny.live()).isEqualTo(swa.average().average());
      assertThat(tiny.predictions()).isEqualTo(inScope);
      swa.update();
    }
  }

  /** torchcontrib's test_swa_manual_group: only a part is averaged, the rest stays. */
  @Test
  void aPartOfAModelIsAveragedAlone() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      SwaModel head =
          SwaModel.of(
              tiny.block.getChildren().valueAt(2), WeightAverage.uniform(AveragingPlan.steps()));
      double sum = 0;
      int collected = 0;
      try (Trainer trainer = tiny.trainer()) {
        for (int step = 1; step <= 10; step++) {
          tiny.backward(trainer, 0, 24);
          trainer.step();
          if (step > 5 && step % 2 == 0) {
            head.update();
            sum += tiny.live().toArray(2)[0];
            collected++;
          }
        }
      }
      Weights before = tiny.live();
      head.swap();
      assertThat(tiny.live().toArray(0)).isEqualTo(before.toArray(0));
      assertThat(tiny.live().toArray(1)).isEqualTo(before.toArray(1));
      assertThat((double) tiny.live().toArray(2)[0]).isCloseTo(sum / collected, within(1e-6));
    }
  }
}
