package io.github.swag4j.cli.surface;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.Chart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one surface in {@code RUN/surfaces}: the points evaluated so far, and once all are
 * there a table, its description and charts. The description comes last: with it a surface is
 * finished.
 */
final class SurfaceFiles {
  private final Path folder;
  private final String name;
  private final List<Path> written = new ArrayList<>();

  SurfaceFiles(RunDirectory run, String name) {
    this.folder = run.path().resolve("surfaces");
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Where points are saved as they come. */
  Path points() {
    return folder.resolve(name + ".points");
  }

  Path json() {
    return folder.resolve(name + ".json");
  }

  /** Files written, in order. */
  List<Path> written() {
    return List.copyOf(written);
  }

  /**
   * Makes room, or finds what to go on with.
   *
   * @throws IOException if something is there and nothing was said of it
   */
  void begin(boolean resume, boolean overwrite) throws IOException {
    if (overwrite) {
      Files.deleteIfExists(json());
      clear();
      return;
    }
    if (resume) {
      return;
    }
    if (Files.exists(json())) {
      throw new IOException(
          folder.resolve(name)
              + ": has this surface already: say --overwrite to begin again, or --resume to draw it"
              + " anew from its points");
    }
    if (Files.exists(points())) {
      throw new IOException(
          folder.resolve(name)
              + ": has a surface that was interrupted: go on with --resume, or say --overwrite");
    }
  }

  private void clear() throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> own = Files.newDirectoryStream(folder, name + "{.,-}*")) {
        for (Path file : own) {
          // line-sgd-swa is none of line-sgd's.
          if (file.getFileName()
              .toString()
              .matches(name + "(-[a-z]+-[a-z]+)?\\.(points|csv|svg)")) {
            Files.delete(file);
          }
        }
      }
    }
  }

  void chart(String suffix, Chart chart) throws IOException {
    Path file = folder.resolve(name + suffix + ".svg");
    chart.write(file);
    written.add(file);
  }

  /** Writes a table of numbers at full precision. */
  void csv(String header, List<String> rows) throws IOException {
    Path file = folder.resolve(name + ".csv");
    StringBuilder text = new StringBuilder(header).append('\n');
    rows.forEach(row -> text.append(row).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
    written.add(file);
  }

  /** Writes the description, which makes the surface a finished one. */
  void finish(Object description) throws IOException {
    RunDirectory.writeJson(json(), description);
    written.add(json());
  }
}
