package io.github.swag4j.cli;

import io.github.swag4j.cli.page.PagePdf;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether a page is printed to a PDF as well. */
final class PdfOption {
  @Option(
      names = "--pdf",
      description =
          "Print the page to report.pdf beside it, with Chromium, Chrome or Edge where one is found.")
  private boolean pdf;

  /**
   * Fails before the work is done where the PDF could not be printed after it.
   *
   * @param report where the page goes, null where there is none
   */
  void require(Path report) throws IOException {
    if (pdf && report == null) {
      throw new UsageException("--pdf prints the page of --report: say where that goes");
    }
    if (pdf && PagePdf.find().isEmpty()) {
      throw new IOException(PagePdf.missing());
    }
  }

  /** Prints the page of a directory if that was asked for. */
  Optional<Path> print(RunDirectory directory) throws IOException {
    if (!pdf) {
      return Optional.empty();
    }
    PagePdf printer = PagePdf.find().orElseThrow(() -> new IOException(PagePdf.missing()));
    return Optional.of(printer.print(directory.report()));
  }
}
