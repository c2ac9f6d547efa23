package io.github.swag4j.studies.frame;

import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** What every study is told: where to, which seeds, and how to print. A mixin of picocli. */
public final class StudyOptions {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory of the study. Called again with it, the command goes on after the last part"
              + " that was finished.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The first seed (default: ${DEFAULT-VALUE}).")
  private int seed;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds, counted up from --seed (default: as many as the study says).")
  private Integer seeds;

  @Option(
      names = "--overwrite",
      description = "Do parts again that were made with other settings, instead of refusing them.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print the results as one JSON object.")
  private boolean json;

  /**
   * Seeds of the study.
   *
   * @param usual how many there are unless the user says so
   * @return {@code seed, seed + 1, ...}, at least one
   * @throws UsageException if the user asks for less than one, or for more than there are
   */
  public List<Integer> seeds(int usual) {
    int count = seeds == null ? usual : seeds;
    if (count < 1 || seed > Integer.MAX_VALUE - count) {
      throw new UsageException(
          "--seeds must be at least 1 and the last seed below 2^31, got "
              + count
              + " from "
              + seed);
    }
    return IntStream.range(seed, seed + count).boxed().toList();
  }

  /**
   * Opens the directory.
   *
   * @param study name of the study, one word for each kind of run directory
   * @param err where notes and progress go
   * @return the directory, locked until it is closed
   * @throws IOException if it cannot be made, is not this study's, or another program writes there
   */
  public StudyRun open(String study, PrintWriter err) throws IOException {
    return StudyRun.open(out, study, overwrite, err);
  }

  /**
   * Whether results are printed as JSON.
   *
   * @return false for tables
   */
  public boolean json() {
    return json;
  }
}
