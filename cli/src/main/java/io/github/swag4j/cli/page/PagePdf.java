package io.github.swag4j.cli.page;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A page on paper: Chromium, or a browser made of it, prints the page in its own print layout. It
 * is asked for nothing but the file.
 *
 * @param browser the program
 */
public record PagePdf(Path browser) {

  /** Names the browser where it is not found by itself. */
  public static final String VARIABLE = "SWAG4J_CHROMIUM";

  private static final List<String> NAMES =
      List.of(
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable",
          "microsoft-edge",
          "chrome.exe",
          "msedge.exe");

  private static final List<String> PLACES =
      List.of(
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
          "/Applications/Chromium.app/Contents/MacOS/Chromium",
          "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
          "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe");

  private static final int MOST_SECONDS = 120;

  /** The browser of this machine, if it has one. */
  public static Optional<PagePdf> find() {
    return find(System.getenv());
  }

  static Optional<PagePdf> find(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable).map(PagePdf::new);
    }
    List<Path> candidates = new ArrayList<>();
    String path = environment.getOrDefault("PATH", "");
    for (String name : NAMES) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        if (!folder.isEmpty()) {
          candidates.add(Path.of(folder).resolve(name));
        }
      }
    }
    PLACES.forEach(place -> candidates.add(Path.of(place)));
    return candidates.stream()
        .filter(each -> Files.isRegularFile(each) && Files.isExecutable(each))
        .findFirst()
        .map(PagePdf::new);
  }

  /** What to say where there is none. */
  public static String missing() {
    return "--pdf needs Chromium, Chrome or Edge, found none: install one, or name it by "
        + VARIABLE
        + ", or leave --pdf out and print report.html, which has a layout for paper";
  }

  /**
   * Prints a page.
   *
   * @param page the page, {@code report.html}
   * @return the file beside it, {@code report.pdf}
   * @throws IOException if the browser does not do it
   */
  public Path print(Path page) throws IOException {
    Path pdf = page.resolveSibling(page.getFileName().toString().replaceFirst("\\.html$", ".pdf"));
    Path profile = Files.createTempDirectory("swag4j-print");
    Path log = profile.resolve("log");
    try {
      Files.deleteIfExists(pdf);
      Process printing =
          new ProcessBuilder(command(page, pdf, profile))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      printing.getOutputStream().close();
      boolean ended = printing.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        printing.destroyForcibly().waitFor();
      }
      if (!ended || !Files.exists(pdf) || Files.size(pdf) == 0) {
        throw new IOException(
            pdf
                + ": "
                + browser
                + (ended ? " did not write it" : " did not end in " + MOST_SECONDS + " s")
                + ": print "
                + page
                + " from a browser");
      }
      return pdf;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(pdf + ": printing was interrupted", e);
    } finally {
      delete(profile);
    }
  }

  private List<String> command(Path page, Path pdf, Path profile) {
    List<String> command = new ArrayList<>();
    command.add(browser.toString());
    command.addAll(
        List.of(
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-pdf-header-footer",
            "--user-data-dir=" + profile.resolve("profile"),
            "--print-to-pdf=" + pdf.toAbsolutePath()));
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--no-sandbox"); // without which it does not run as root
    }
    command.add(page.toAbsolutePath().toUri().toString());
    return command;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (var walk = Files.walk(folder)) {
      all = walk.toList();
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      // What the browser still writes at its end is in the system's folder for temporary files.
      if (!all.get(i).toFile().delete()) {
        all.get(i).toFile().deleteOnExit();
      }
    }
  }
}
