package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AveragingPlanTest {

  @Test
  void firstCollectedUnitIsTheOneAfterTheStart() {
    assertThat(collected(AveragingPlan.epochs().from(5), 8)).isEqualTo(List.of(6L, 7L, 8L));
  }

  @Test
  void frequencyCountsFromTheStart() {
    assertThat(collected(AveragingPlan.steps().from(5).every(2), 10)).isEqualTo(List.of(7L, 9L));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> AveragingPlan.epochs().from(-1))
        .hasMessage("start must be at least 0, got -1");
    assertThatThrownBy(() -> AveragingPlan.epochs().every(0))
        .hasMessage("every must be at least 1, got 0");
  }

  @Test
  void plansOfOtherProgramsCollectTheUnitsTheyWould() {
    for (int start : new int[] {0, 1, 2, 5, 7, 161}) {
      for (int every : new int[] {1, 2, 3, 5}) {
        String of = "start " + start + " every " + every;
        assertThat(collected(AveragingPlan.epochs().from(start).every(every), 300))
            .as("this library, %s", of)
            .isEqualTo(loop(1, 301, t -> t > start && (t - start) % every == 0));
        assertThat(collected(AveragingPlan.torchcontrib(start, every), 300))
            .as("torchcontrib: counter > swa_start and counter %% swa_freq == 0, %s", of)
            .isEqualTo(loop(1, 301, step -> step > start && step % every == 0));
        assertThat(collected(AveragingPlan.swaAuthors(start, every), 300))
            .as("timgaripov/swa: (epoch + 1) >= swa_start and ..., %s", of)
            .isEqualTo(finished(e -> e + 1 >= start && Math.floorMod(e + 1 - start, every) == 0));
        assertThat(collected(AveragingPlan.swaGaussian(start, every), 300))
            .as("swa_gaussian: (epoch + 1) > swa_start and ..., %s", of)
            .isEqualTo(finished(e -> e + 1 > start && (e + 1 - start) % every == 0));
      }
      assertThat(collected(AveragingPlan.torchOptim(start), 300))
          .as("torch.optim: if epoch > swa_start, start %d", start)
          .isEqualTo(finished(e -> e > start));
      if (start > 0) {
        assertThat(collected(AveragingPlan.lightning(start, 300), 300))
            .as("Lightning, when epoch e begins: start - 1 <= e <= max_epochs - 1, start %d", start)
            .isEqualTo(loop(0, 300, e -> start - 1 <= e && e <= 299));
      }
    }
  }

  @Test
  void start161Of300EpochsMeansFiveDifferentThings() {
    assertThat(collected(AveragingPlan.epochs().from(161), 300)).hasSize(139);
    assertThat(collected(AveragingPlan.swaGaussian(161, 1), 300)).hasSize(139);
    assertThat(collected(AveragingPlan.swaAuthors(161, 1), 300)).hasSize(140).startsWith(161L);
    assertThat(collected(AveragingPlan.torchOptim(161), 300)).hasSize(138).startsWith(163L);
    assertThat(collected(AveragingPlan.torchcontrib(161, 1), 300)).hasSize(139);
    assertThat(collected(AveragingPlan.lightning(161, 300), 300))
        .hasSize(140)
        .startsWith(160L)
        .endsWith(299L);
  }

  @Test
  void aPlanMayEnd() {
    assertThat(collected(AveragingPlan.epochs().from(2).every(2).until(6), 9))
        .isEqualTo(List.of(4L, 6L));
    assertThatThrownBy(() -> AveragingPlan.epochs().from(5).until(5))
        .hasMessage("the last unit must not be before the first, got first 6 and last 5");
  }

  @Test
  void startAndEveryMayBeSaidInEitherOrder() {
    assertThat(AveragingPlan.steps().every(4).from(10))
        .isEqualTo(AveragingPlan.steps().from(10).every(4));
    assertThat(AveragingPlan.steps().every(4).from(10).start()).isEqualTo(10);
  }

  /** Finished epochs of a loop that counts them from 0. */
  private static List<Long> finished(LongPredicate condition) {
    return loop(0, 300, condition).stream().map(e -> e + 1).toList();
  }

  private static List<Long> loop(long from, long to, LongPredicate condition) {
    return LongStream.range(from, to).filter(condition).boxed().toList();
  }

  private static List<Long> collected(AveragingPlan plan, long last) {
    return LongStream.rangeClosed(0, last).filter(plan::collectsAfter).boxed().toList();
  }
}
