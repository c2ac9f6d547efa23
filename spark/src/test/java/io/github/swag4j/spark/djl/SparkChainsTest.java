package io.github.swag4j.spark.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkChainsTest {
  private static final int NEVER = -1;
  private static SparkSession session;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private Chain chain(int failingStep) {
    return new CountedChain(folder.resolve("log").toString(), failingStep, 2);
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(folder.resolve("log"));
  }

  /** In local mode a task is tried once: the job fails, and is given again. */
  @Test
  void whatWasInterruptedGoesOnWhereItWasAndWhatIsDoneStays() throws IOException {
    SparkChains chains = SparkChains.in(folder.resolve("shared"), "small");
    List<Long> seeds = List.of(1L, 2L, 3L);
    assertThatThrownBy(() -> chains.run(session, seeds, chain(6)))
        .hasStackTraceContaining("step 6 fails once");
    List<Path> posteriors = chains.run(session, seeds, chain(6));
    assertThat(log()).hasSize(3 * CountedChain.STEPS).doesNotHaveDuplicates();
    assertThat(posteriors)
        .containsExactlyElementsOf(
            seeds.stream()
                .map(s -> folder.resolve("shared/chain-" + s + "/posterior.safetensors"))
                .toList());
    for (Path posterior : posteriors) {
      try (var inside = Files.list(posterior.getParent())) {
        assertThat(inside.map(p -> p.getFileName().toString()))
            .containsExactlyInAnyOrder("posterior.safetensors", "settings.txt");
      }
    }
    assertThat(PosteriorFiles.read(posteriors.get(0)).mean())
        .isNotEqualTo(PosteriorFiles.read(posteriors.get(1)).mean());

    chains.run(session, List.of(4L, 1L), chain(NEVER));
    assertThat(log()).hasSize(4 * CountedChain.STEPS).doesNotHaveDuplicates();
  }

  @Test
  void chainsOfOtherSettingsAreNotMixed() throws IOException {
    Path shared = folder.resolve("shared");
    SparkChains.in(shared, "rate 0.1").run(session, List.of(1L), chain(NEVER));
    assertThatThrownBy(
            () -> SparkChains.in(shared, "rate 0.2").run(session, List.of(1L), chain(NEVER)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"rate 0.2\", got \"rate 0.1\"");
  }

  @Test
  void aDamagedPosteriorIsAnErrorAndNotTrainedOver() throws IOException {
    SparkChains chains = SparkChains.in(folder.resolve("shared"), "small");
    Path posterior = chains.run(session, List.of(1L), chain(NEVER)).get(0);
    byte[] bytes = Files.readAllBytes(posterior);
    bytes[bytes.length - 5] ^= 1;
    Files.write(posterior, bytes);
    assertThatThrownBy(() -> chains.run(session, List.of(1L), chain(NEVER)))
        .isInstanceOf(IOException.class);
    assertThat(Files.readAllBytes(posterior)).isEqualTo(bytes);
  }

  @Test
  void aChainThatLeavesNothingIsAnError() {
    SparkChains chains = SparkChains.in(folder.resolve("shared"), "small");
    assertThatThrownBy(() -> chains.run(session, List.of(1L), (seed, work) -> {}))
        .hasStackTraceContaining("chain 1 must write");
  }

  @Test
  void seedsAreOneOrMoreEachAnother() {
    SparkChains chains = SparkChains.in(folder.resolve("shared"), "small");
    assertThatThrownBy(() -> chains.run(session, List.of(), chain(NEVER)))
        .hasMessage("seeds must be one or more, each another, got []");
    assertThatThrownBy(() -> chains.run(session, List.of(1L, 1L), chain(NEVER)))
        .hasMessage("seeds must be one or more, each another, got [1, 1]");
  }
}
