package io.github.swag4j.cli;

import io.github.swag4j.cli.page.RunOutput;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How the commands that write a directory do so, and how they print what is in it. */
final class OutputOptions {
  @Option(names = "--overwrite", description = "Write into --out even if it is not empty.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print the results as one JSON object.")
  private boolean json;

  boolean json() {
    return json;
  }

  RunDirectory directory(Path out) throws IOException {
    return RunDirectory.create(out, overwrite);
  }

  /** The directory of a run to go on with. */
  RunDirectory resumed(Path out) throws IOException {
    if (overwrite) {
      throw new UsageException("--resume excludes --overwrite");
    }
    return RunDirectory.resumed(out);
  }

  void print(PrintWriter to, Results results, RunDirectory directory) throws IOException {
    RunOutput.print(to, results, directory, json);
  }
}
