package io.github.swag4j.swa.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.AveragingPlan.Unit;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The rate, plans and ramp-up of fast-SWA, with the numbers its authors' code gives. */
class CosineCyclesTest {
  private static final CosineCycles PAPER = LearningRateSchedule.cosineCycles(1, 180, 210, 30);

  @Test
  void ratesAreThoseOfTheAuthorsCode() {
    double[] epochs = {0, 30, 90, 150, 165, 179, 180, 209, 210};
    double[] rates = {1, 0.95048, 0.61126, 0.18826, 0.10908, 0.05281, 0.18826, 0.05281, 0.18826};
    for (int i = 0; i < epochs.length; i++) {
      assertThat(PAPER.rate(epochs[i])).as("epoch %s", epochs[i]).isCloseTo(rates[i], within(6e-6));
    }
    assertThat(PAPER.rate(210 - 1e-3)).isCloseTo(0.04952, within(1e-4));
  }

  @Test
  void theRampUpIsThatOfTheAuthorsCode() {
    RampUp ramp = new RampUp(100, 5);
    double[] weights = {0.00674, 0.04076, 0.16530, 0.44933, 0.81873, 1};
    for (int epoch = 0; epoch < weights.length; epoch++) {
      assertThat(ramp.weight(epoch)).isCloseTo(100 * weights[epoch], within(6e-4));
    }
    assertThat(ramp.weight(1e9)).isEqualTo(100);
    assertThat(new RampUp(7, 0).weight(0)).isEqualTo(7);
    assertThat(new RampUp(0, 3).weight(1)).isZero();
    assertThatThrownBy(() -> ramp.weight(-1)).hasMessageContaining("at least 0, got -1");
    assertThatThrownBy(() -> new RampUp(Double.NaN, 1)).hasMessageContaining("peak must be finite");
  }

  @Property(tries = 60)
  void theRateFallsButForTheReturns(
      @ForAll @IntRange(min = 1, max = 40) int cycle,
      @ForAll @IntRange(max = 60) int before,
      @ForAll @IntRange(max = 50) int longer) {
    int decay = cycle + before;
    CosineCycles schedule = new CosineCycles(0.1, decay, decay + longer, cycle);
    int parts = 8; // of a unit: no rounding
    for (int i = 1; i < parts * (decay + 3 * cycle); i++) {
      double time = (double) i / parts;
      double fall = schedule.rate(time - 1.0 / parts) - schedule.rate(time);
      boolean back = time >= decay && (time - decay) % cycle == 0;
      assertThat(fall > 0).as("at %s", time).isEqualTo(!back);
      // Continuous: no step of the half cosine is steeper than pi/2 its mean slope.
      assertThat(back || fall <= 0.1 * Math.PI / 2 / (decay + longer) / parts + 1e-12).isTrue();
      assertThat(schedule.rate(time)).isBetween(0.0, 0.1);
    }
    // Each cycle is the last of the decay again.
    assertThat(schedule.rate(decay + cycle + 0.25 * cycle))
        .isCloseTo(schedule.rate(decay - 0.75 * cycle), within(1e-12));
  }

  /** The integral of cos1 from a to b is (b - a) / 2 + (sin(pi b) - sin(pi a)) / (2 pi). */
  @Property(tries = 20)
  void aCycleSumsUpToTheClosedForm(
      @ForAll @DoubleRange(min = 1, max = 5) double cycle,
      @ForAll @DoubleRange(max = 9) double before,
      @ForAll @DoubleRange(max = 9) double longer) {
    double decay = cycle + before;
    double half = decay + longer;
    CosineCycles schedule = new CosineCycles(2, decay, half, cycle);
    int parts = 2000;
    double sum = 0;
    for (int i = 0; i < parts; i++) {
      sum += schedule.rate(decay + 4 * cycle + cycle * (i + 0.5) / parts) * cycle / parts;
    }
    double a = (decay - cycle) / half;
    double b = decay / half;
    double share = (b - a) / 2 + (Math.sin(Math.PI * b) - Math.sin(Math.PI * a)) / (2 * Math.PI);
    assertThat(sum).isCloseTo(2 * half * share, within(1e-5));
  }

  @Property(tries = 100)
  void plansCollectWhatTheAuthorsCodeDoes(
      @ForAll @IntRange(min = 1, max = 30) int cycle,
      @ForAll @IntRange(max = 50) int before,
      @ForAll @IntRange(min = 1, max = 30) int every) {
    int decay = cycle + before;
    CosineCycles schedule = new CosineCycles(0.1, decay, 2.0 * decay, cycle);
    TreeSet<Long> swa = new TreeSet<>();
    TreeSet<Long> fast = new TreeSet<>();
    long end = decay + 4L * cycle + 7;
    for (long e = decay; e <= end; e += cycle) {
      swa.add(e);
    }
    for (long e = (long) decay - cycle; e <= end; e += every) {
      fast.add(e);
    }
    assertThat(collected(schedule.swaPlan(Unit.EPOCH), end)).containsExactlyElementsOf(swa);
    assertThat(collected(schedule.fastSwaPlan(Unit.STEP, every), end))
        .containsExactlyElementsOf(fast);
    swa.add((long) decay - cycle);
    assertThat(collected(schedule.fastSwaPlan(Unit.EPOCH, cycle), end))
        .as("once a cycle it is SWA and one point more")
        .containsExactlyElementsOf(swa);
  }

  private static List<Long> collected(AveragingPlan plan, long end) {
    return LongStream.rangeClosed(0, end).filter(plan::collectsAfter).boxed().toList();
  }

  /** The last step before a collection trains at the lowest rate of the cycle. */
  @Test
  void stepsCountedInEpochsEndTheirCycleAtTheLowestRate() {
    CosineCycles schedule = LearningRateSchedule.cosineCycles(0.1, 3, 5, 1);
    int steps = 7; // an epoch; a seventh is no binary fraction
    AveragingPlan plan = schedule.stretched(steps).swaPlan(Unit.STEP);
    for (int step = 1; step < 10 * steps; step++) {
      boolean lowest =
          step >= 3 * steps
              && schedule.rate((double) step / steps) > schedule.rate((step - 1.0) / steps);
      assertThat(plan.collectsAfter(step)).as("step %d", step).isEqualTo(lowest);
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> LearningRateSchedule.cosineCycles(0.1, 10, 9, 2))
        .hasMessage(
            "halfWave must be at least decay 10.0, got 9.0: past its half wave a cosine rises"
                + " again");
    assertThatThrownBy(() -> LearningRateSchedule.cosineCycles(0.1, 10, 12, 11))
        .hasMessage("cycle must be at most decay 10.0, got 11.0");
    assertThatThrownBy(() -> LearningRateSchedule.cosineCycles(0, 10, 12, 1))
        .hasMessageContaining("peak must be finite and above 0");
    assertThatThrownBy(() -> LearningRateSchedule.cosineCycles(1, 2.5, 3, 1).swaPlan(Unit.EPOCH))
        .hasMessageContaining("decay must be a whole number of units to collect there, got 2.5");
  }
}
