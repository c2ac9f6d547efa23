package io.github.swag4j.cli;

import io.github.swag4j.cli.page.RunOutput;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the commands that write a directory do so, and how they print what is in it. */
final class OutputOptions {
  @Option(names = "--overwrite", description = "Write into --out even if it is not empty.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print the results as one JSON object.")
  private boolean json;

  @Mixin private PdfOption pdf;

  boolean json() {
    return json;
  }

  boolean overwrite() {
    return overwrite;
  }

  RunDirectory directory(Path out) throws IOException {
    pdf.require(out);
    return RunDirectory.create(out, overwrite);
  }

  /** The directory of a run to go on with. */
  RunDirectory resumed(Path out) throws IOException {
    if (overwrite) {
      throw new UsageException("--resume excludes --overwrite");
    }
    pdf.require(out);
    return RunDirectory.resumed(out);
  }

  void print(PrintWriter to, Results results, RunDirectory directory) throws IOException {
    RunOutput.print(to, results, directory, json);
  }

  /** Says where the page is, and prints it where that was asked for. */
  void report(PrintWriter to, RunDirectory directory) throws IOException {
    Optional<Path> printed = pdf.print(directory);
    if (!json) {
      to.printf(Locale.ROOT, "%nReport: %s%n", directory.report().toAbsolutePath().normalize());
      printed.ifPresent(file -> to.println("PDF: " + file.toAbsolutePath().normalize()));
    }
  }
}
