package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.Predictions;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramWordsTest {

  private static String words(PredictionRemedy remedy) {
    return ProgramWords.of(new HeldException(Refusal.of(remedy)));
  }

  private static final class HeldException extends RuntimeException implements Refusal.Holder {
    private static final long serialVersionUID = 1L;
    private final Refusal refusal;

    HeldException(Refusal refusal) {
      this.refusal = refusal;
    }

    @Override
    public Refusal refusal() {
      return refusal;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRemedyOfTheProgramNamesNoMethodAndOnlyOptionsThereAre(PredictionRemedy remedy) {
    String words = words(remedy);
    assertThat(words).doesNotContain("Options.", "StreamedSketch");
    String help = Cli.run("evaluate", "--help").out() + Cli.run("ood", "--help").out();
    Stream<String> options =
        Pattern.compile("--[a-z-]+").matcher(words).results().map(found -> found.group());
    assertThat(options).allSatisfy(option -> assertThat(help).contains(option));
  }

  @Test
  void theLibrarysOwnMessageNamesMethods() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Predictions.of(new double[][] {{0.5, 0.4}}, new int[1]));
    assertThat(refused).hasMessageEndingWith("give them as logits, or ask to renormalise");
    assertThat(ProgramWords.of(refused)).endsWith("say --logits, or say --renormalise");
  }
}
