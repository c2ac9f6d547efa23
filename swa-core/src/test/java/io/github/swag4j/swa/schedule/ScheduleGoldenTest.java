package io.github.swag4j.swa.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.schedule.LearningRateSchedule.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Schedules against PyTorch's schedulers; values by make_training_golden.py. */
class ScheduleGoldenTest {
  private static final JsonObject GOLDEN = Golden.read("schedules.json");

  /** torch's test_swalr_no_anneal, _cosine_ and _linear_anneal_after_multiplicative. */
  @Test
  void annealingIsThatOfSwalr() {
    for (JsonElement each : GOLDEN.getAsJsonArray("swalr")) {
      JsonObject golden = each.getAsJsonObject();
      double[] initial = Golden.doubles(golden.get("initial"));
      double[] swa = Golden.doubles(golden.get("swa"));
      Shape shape = golden.get("shape").getAsString().equals("cos") ? Shape.COSINE : Shape.LINEAR;
      for (int group = 0; group < initial.length; group++) {
        LearningRateSchedule schedule =
            LearningRateSchedule.step(initial[group], golden.get("factor").getAsDouble(), 1)
                .annealedTo(
                    golden.get("start").getAsDouble(),
                    swa[group],
                    golden.get("length").getAsDouble(),
                    shape);
        for (int epoch = 0; epoch < golden.getAsJsonArray("rates").size(); epoch++) {
          double[] expected = Golden.doubles(golden.getAsJsonArray("rates").get(epoch));
          assertThat(schedule.rate(epoch))
              .as("%s epoch %d group %d", shape, epoch, group)
              .isCloseTo(expected[group], within(1e-15));
        }
      }
    }
  }

  /** SWALR with anneal_epochs = 0 sets the rate when it is made, before SWA has begun. */
  @Test
  void annealingOverNoTimeWaitsForItsStart() {
    LearningRateSchedule schedule =
        LearningRateSchedule.constant(0.05).annealedTo(5, 0.01, 0, Shape.COSINE);
    assertThat(schedule.rate(0)).isEqualTo(0.05);
    assertThat(schedule.rate(4.999)).isEqualTo(0.05);
    assertThat(schedule.rate(5)).isEqualTo(0.01);
  }

  /** torch's test_swalr_hypers. */
  @Test
  void annealingRefusesNumbersOutOfRange() {
    LearningRateSchedule constant = LearningRateSchedule.constant(0.05);
    assertThatThrownBy(() -> constant.annealedTo(5, 0.01, -1, Shape.LINEAR))
        .hasMessage("length must be finite and at least 0, got -1.0");
    assertThatThrownBy(() -> constant.annealedTo(5, -0.01, 5, Shape.LINEAR))
        .hasMessage("learning rate must be finite and at least 0, got -0.01");
    assertThatThrownBy(() -> constant.annealedTo(5, 0.01, 5, null)).hasMessage("shape");
  }

  /** SWALR works back the rate it came from at each step; what has no state needs none of that. */
  @Property
  void annealingIsMonotoneBetweenItsEnds(
      @ForAll @DoubleRange(min = 0.01, max = 1) double from,
      @ForAll @DoubleRange(min = 0.01, max = 1) double to,
      @ForAll @DoubleRange(min = 0.1, max = 20) double length,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll Shape shape) {
    LearningRateSchedule schedule =
        LearningRateSchedule.constant(from).annealedTo(3, to, length, shape);
    double earlier = schedule.rate(3 + share * length / 2);
    double later = schedule.rate(3 + share * length);
    assertThat(later).isBetween(Math.min(from, to) - 1e-15, Math.max(from, to) + 1e-15);
    assertThat((later - earlier) * Math.signum(to - from)).isGreaterThan(-1e-15);
    assertThat(schedule.rate(3)).isCloseTo(from, within(1e-15));
    assertThat(schedule.rate(4 + length)).isEqualTo(to);
  }

  /** torch's test_swa_lr_state_dict: a schedule joined anywhere gives what it would have given. */
  @Test
  void aScheduleHasNoStateToLose() {
    LearningRateSchedule whole = annealed();
    for (int epoch = 0; epoch < 20; epoch++) {
      assertThat(annealed().rate(epoch)).isEqualTo(whole.rate(epoch));
    }
    assertThat(annealed()).isEqualTo(whole);
  }

  private static LearningRateSchedule annealed() {
    return LearningRateSchedule.cosine(0.1, 0.001, 20).annealedTo(10, 0.05, 5, Shape.COSINE);
  }

  @Test
  void stepAndCosineAreTorchs() {
    double[] step = Golden.doubles(GOLDEN.get("step"));
    for (int epoch = 0; epoch < step.length; epoch++) {
      assertThat(LearningRateSchedule.step(0.1, 0.1, 3).rate(epoch))
          .isCloseTo(step[epoch], within(1e-15));
    }
    double[] cosine = Golden.doubles(GOLDEN.get("cosine"));
    for (int epoch = 0; epoch < cosine.length; epoch++) {
      assertThat(LearningRateSchedule.cosine(0.1, 0.001, 8).rate(epoch))
          .isCloseTo(cosine[epoch], within(1e-15));
    }
    assertThat(LearningRateSchedule.cosine(0.1, 0, 8).rate(20)).isZero();
  }

  @Test
  void sawtoothIsThePapersInStepsAndInEpochs() {
    double[] rates = Golden.doubles(GOLDEN.get("sawtooth"));
    CyclicSchedule steps = LearningRateSchedule.sawtooth(0.05, 0.01, 4);
    LearningRateSchedule epochs = steps.stretched(1.0 / 391);
    for (int step = 0; step < rates.length; step++) {
      assertThat(steps.rate(step)).isCloseTo(rates[step], within(1e-15));
      assertThat(epochs.rate(step / 391.0)).isCloseTo(rates[step], within(1e-15));
    }
    // A million steps on, rounding has not moved a step into its neighbour.
    for (int step = 1_000_000; step < 1_000_012; step++) {
      assertThat(epochs.rate(step / 391.0)).isCloseTo(rates[(step - 1_000_000) % 4], within(1e-15));
    }
  }

  @Test
  void triangularIsThatOfFastGeometricEnsembling() {
    JsonObject golden = GOLDEN.getAsJsonObject("fge");
    double[] rates = Golden.doubles(golden.get("rates"));
    double iterations = golden.get("iterations").getAsDouble();
    CyclicSchedule schedule = LearningRateSchedule.triangular(0.05, 0.01, 4);
    for (int i = 0; i < rates.length; i++) {
      assertThat(schedule.rate(i / iterations)).isCloseTo(rates[i], within(1e-15));
    }
    AveragingPlan plan = schedule.plan(AveragingPlan.Unit.EPOCH, 0);
    List<Double> collected =
        LongStream.rangeClosed(0, 8)
            .filter(plan::collectsAfter)
            .mapToObj(finished -> finished - 1.0)
            .toList();
    assertThat(collected)
        .containsExactlyElementsOf(
            Arrays.stream(Golden.doubles(golden.get("collected"))).boxed().toList());
  }

  @Test
  void thePlanOfACyclicRateCollectsWhatWasTrainedAtTheLowest() {
    CyclicSchedule cyclic = LearningRateSchedule.sawtooth(0.05, 0.01, 5);
    LearningRateSchedule schedule = LearningRateSchedule.constant(0.1).then(12, cyclic);
    AveragingPlan plan = cyclic.plan(AveragingPlan.Unit.STEP, 12);
    for (int finished = 1; finished < 60; finished++) {
      // The step that finished last trained with the rate one before.
      boolean lowest = Math.abs(schedule.rate(finished - 1) - 0.01) < 1e-12;
      assertThat(plan.collectsAfter(finished)).as("step %d", finished).isEqualTo(lowest);
    }
  }

  @Test
  void aLowestRateInTheMiddleOfAnEpochIsRefusedAsAPlan() {
    assertThatThrownBy(
            () -> LearningRateSchedule.triangular(0.05, 0.01, 3).plan(AveragingPlan.Unit.EPOCH, 0))
        .hasMessageContaining("must be a whole number of units to collect there, got 1.5");
  }

  @Test
  void schedulesAreComposed() {
    LearningRateSchedule schedule =
        LearningRateSchedule.step(0.4, 0.5, 2)
            .warmedUp(4, 0)
            .then(10, LearningRateSchedule.constant(0.01));
    assertThat(schedule.rate(0)).isZero();
    assertThat(schedule.rate(1)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.rate(4)).isEqualTo(0.4);
    assertThat(schedule.rate(6)).isEqualTo(0.2);
    assertThat(schedule.rate(9.999)).isEqualTo(0.1);
    assertThat(schedule.rate(10)).isEqualTo(0.01);
  }

  @Test
  void aLambdaIsASchedule() {
    LearningRateSchedule own = time -> 0.1 / (1 + time);
    assertThat(own.then(3, LearningRateSchedule.constant(1)).rate(1)).isEqualTo(0.05);
  }
}
