package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that looks at a page, with a browser that a few lines of shell stand in for. */
class CheckPageTest {
  private static final Path SCRIPT = Path.of("check-page").toAbsolutePath();

  /** Measures, takes pictures and prints as the variables WIDE, PAGES and SAYS have it. */
  private static final String BROWSER =
      """
      #!/bin/sh
      [ -z "$SAYS" ] || echo "CONSOLE $SAYS" >&2
      for argument in "$@"; do
        case $argument in
          --dump-dom) echo "<pre>wide $WIDE high 2000</pre>" ;;
          --screenshot=*) echo picture > "${argument#*=}" ;;
          --print-to-pdf=*)
            for page in $(seq "$PAGES"); do echo "<< /Type /Page >>"; done > "${argument#*=}" ;;
        esac
      done
      """;

  @TempDir private Path folder;
  private Path page;
  private Path browser;

  private record Run(int code, String text) {}

  @BeforeEach
  void write() throws IOException {
    page = Files.writeString(folder.resolve("report.html"), "<!DOCTYPE html><p>a page</p>\n");
    browser = Files.writeString(folder.resolve("browser"), BROWSER);
    assertThat(browser.toFile().setExecutable(true)).isTrue();
  }

  private Run run(Map<String, String> settings, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder process = new ProcessBuilder("sh", SCRIPT.toString());
    process.command().addAll(List.of(arguments));
    process.environment().put("WIDE", "390");
    process.environment().put("PAGES", "5");
    process.environment().put("SAYS", "");
    process.environment().put("CHROMIUM", browser.toString());
    process.environment().putAll(settings);
    Path text = folder.resolve("output");
    int code = process.redirectErrorStream(true).redirectOutput(text.toFile()).start().waitFor();
    return new Run(code, Files.readString(text, StandardCharsets.UTF_8));
  }

  @Test
  void aPageThatFitsPassesWithItsPicturesAndPaper() throws Exception {
    Run run = run(Map.of(), page.toString());
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(run.text()).contains("paper: 5 pages of A4");
    assertThat(folder.resolve("check"))
        .isDirectoryContaining("glob:**1280-dark.png")
        .isDirectoryContaining("glob:**390-light.png")
        .isDirectoryContaining("glob:**page.pdf");
  }

  @Test
  void aPageThatScrollsSidewaysOnAPhoneFails() throws Exception {
    Run run = run(Map.of("WIDE", "412"), page.toString());
    assertThat(run.code()).isOne();
    assertThat(run.text()).contains("must not scroll sideways at 390 pixels, is 412 wide");
  }

  @Test
  void morePaperThanAllowedAndWordsOnTheConsoleFail() throws Exception {
    Run long7 = run(Map.of("PAGES", "7"), page.toString());
    assertThat(long7.code()).isOne();
    assertThat(long7.text()).contains("must print on at most 6 pages, got 7");
    assertThat(run(Map.of("PAGES", "7", "MOST_PAGES", "7"), page.toString()).code()).isZero();
    assertThat(run(Map.of("SAYS", "an error"), page.toString()).text())
        .contains("the console must stay empty");
  }

  @Test
  void anythingOutsideThePageFails() throws Exception {
    Files.writeString(page, "<!DOCTYPE html><img src=\"https://example.org/a.png\">\n");
    Run run = run(Map.of(), page.toString());
    assertThat(run.code()).isOne();
    assertThat(run.text()).contains("must need nothing outside itself");
  }

  @Test
  void withoutAPageItSaysWhatItNeeds() throws Exception {
    Run run = run(Map.of(), folder.resolve("none.html").toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.text()).contains("none.html must be a file");
  }
}
