package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Printing a page, with programs in place of a browser, since not every machine has one. */
class PagePdfTest {
  @TempDir private Path folder;

  private Path program(String name, String does) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + does + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void theBrowserIsAskedForThePageAndWritesThePdfBesideIt() throws IOException {
    Path page = Files.writeString(folder.resolve("report.html"), "<p>page</p>");
    Path browser =
        program(
            "chromium",
            "for a in \"$@\"; do case $a in --print-to-pdf=*) out=${a#*=};; esac; last=$a; done\n"
                + "echo \"$last\" > \"$out\"");
    Path pdf = new PagePdf(browser).print(page);
    assertThat(pdf).isEqualTo(folder.resolve("report.pdf"));
    assertThat(pdf).content().startsWith("file:///").contains("report.html");
  }

  @Test
  void aBrowserThatWritesNothingIsAnErrorAndLeavesNoOldPdfBehind() throws IOException {
    Path page = Files.writeString(folder.resolve("report.html"), "<p>page</p>");
    Files.writeString(folder.resolve("report.pdf"), "of an earlier page");
    Path browser = program("chromium", "exit 3");
    assertThatThrownBy(() -> new PagePdf(browser).print(page))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not write it: print ");
    assertThat(folder.resolve("report.pdf")).doesNotExist();
  }

  @Test
  void theBrowserIsLookedForOnThePathAndWhereItIsNamed() throws IOException {
    Path browser = program("chromium-browser", "true");
    assertThat(PagePdf.find(Map.of("PATH", "/nowhere:" + folder)))
        .map(PagePdf::browser)
        .contains(browser);
    assertThat(PagePdf.find(Map.of("PATH", "", PagePdf.VARIABLE, browser.toString())))
        .map(PagePdf::browser)
        .contains(browser);
    assertThat(PagePdf.find(Map.of(PagePdf.VARIABLE, folder.resolve("none").toString()))).isEmpty();
  }

  @Test
  void withoutABrowserThatIsSaidBeforeAnythingIsWritten() throws Exception {
    Path csv = folder.resolve("a.csv");
    Files.writeString(csv, "cat,dog,label\n0.9,0.1,cat\n0.2,0.8,dog\n");
    Path report = folder.resolve("page");
    Cli cli =
        Cli.runInNewProcess(
            folder,
            List.of(),
            Map.of(PagePdf.VARIABLE, folder.resolve("none").toString()),
            "evaluate",
            csv.toString(),
            "--report",
            report.toString(),
            "--pdf");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("--pdf needs Chromium, Chrome or Edge, found none");
    assertThat(report).doesNotExist();
    Cli alone = Cli.run("evaluate", csv.toString(), "--pdf");
    assertThat(alone.code()).isEqualTo(2);
    assertThat(alone.err()).contains("--pdf prints the page of --report");
  }
}
