package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableColumn.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a table in a folder, as Spark, pandas, DuckDB and others write it: part files in the
 * order of their names, in folders called {@code name=value} or not, each of which is a column
 * then. What begins with a dot or an underscore is not of the table.
 */
final class ParquetFolder {
  private static final int MOST_NESTING = 16;
  private static final String UNKNOWN = "__HIVE_DEFAULT_PARTITION__";

  private final Path root;
  private final List<ParquetPart> parts = new ArrayList<>();

  /** Names of the columns that folders say; null until the first file is found. */
  private List<String> partitions;

  private ParquetFolder(Path root) {
    this.root = root;
  }

  /** Whether a folder is a table, or looks so much like one that it is to be refused as such. */
  static boolean holdsParquet(Path folder) throws IOException {
    return Files.exists(folder.resolve("_delta_log")) || isIceberg(folder) || holds(folder, 0);
  }

  /** Whether a folder is a table of Iceberg, whose files of rows are in one called data. */
  private static boolean isIceberg(Path folder) throws IOException {
    Path metadata = folder.resolve("metadata");
    if (!Files.isDirectory(metadata)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(metadata, "*.metadata.json*")) {
      return files.iterator().hasNext();
    }
  }

  private static boolean isOfIceberg(Path folder) throws IOException {
    for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (isIceberg(at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(Path folder, int depth) throws IOException {
    for (Path entry : entries(folder)) {
      boolean directory = Files.isDirectory(entry);
      if (directory
          ? depth < MOST_NESTING && isPartition(entry) && holds(entry, depth + 1)
          : isParquet(entry)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPartition(Path folder) {
    return name(folder).indexOf('=') > 0;
  }

  private static boolean isParquet(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ParquetFooter.isParquet(in.readNBytes(4));
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** What is of a table, by name. */
  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(each -> !name(each).startsWith(".") && !name(each).startsWith("_"))
          .sorted((a, b) -> name(a).compareTo(name(b)))
          .toList();
    }
  }

  /** Whether a folder, or one it lies in, as a partition does, holds a name. */
  private static boolean isBelow(Path folder, String name) {
    for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(name))) {
        return true;
      }
    }
    return false;
  }

  static ParquetTable open(Path root) throws IOException {
    for (String lake : List.of("_delta_log", ".hoodie")) {
      if (isBelow(root, lake)) {
        throw lake(root, lake);
      }
    }
    if (isOfIceberg(root)) {
      throw lake(root, "the metadata of an Iceberg table");
    }
    if (Files.exists(root.resolve("_temporary"))) {
      throw refuse(
          root,
          "a folder must be written to its end, got _temporary: wait for the job that writes it, or"
              + " run it again if it failed");
    }
    ParquetFolder folder = new ParquetFolder(root);
    folder.walk(root, List.of(), List.of(), 0);
    return folder.table();
  }

  private static PredictionFileException lake(Path root, String got) {
    return refuse(
        root,
        "a folder must hold Parquet files and nothing that says which of them count, got "
            + got
            + ": rows that were deleted are still in some files; read the table with Spark and"
            + " write it anew");
  }

  private static PredictionFileException refuse(Path file, String problem) {
    return new PredictionFileException(file, "", problem);
  }

  private void walk(Path folder, List<String> names, List<String> values, int depth)
      throws IOException {
    for (Path entry : entries(folder)) {
      if (!Files.isDirectory(entry)) {
        part(entry, names, values);
      } else if (isPartition(entry) && depth < MOST_NESTING) {
        String name = name(entry);
        int equals = name.indexOf('=');
        String value = decoded(name.substring(equals + 1));
        List<String> deeper = new ArrayList<>(values);
        deeper.add(value.equals(UNKNOWN) ? null : value);
        walk(entry, with(names, decoded(name.substring(0, equals))), deeper, depth + 1);
      } else {
        throw refuse(
            entry,
            "a folder in a folder of Parquet files must be called name=value, got '"
                + name(entry)
                + "': give one of the folders, or take it out");
      }
    }
  }

  private static List<String> with(List<String> names, String name) {
    List<String> more = new ArrayList<>(names);
    more.add(name);
    return more;
  }

  /** Percent signs and two digits stand for what names of folders cannot have. */
  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name; // a percent sign that is one
    }
  }

  private void part(Path file, List<String> names, List<String> values) throws IOException {
    if (!isParquet(file)) {
      throw refuse(
          file,
          "every file in a folder of Parquet files must be one, got another: take it out, or begin"
              + " its name with _");
    }
    if (partitions != null && !partitions.equals(names)) {
      throw refuse(
          file, "folders must be called by the same names, got " + names + " after " + partitions);
    }
    partitions = names;
    parts.add(new ParquetPart(file, new ArrayList<>(values)));
  }

  private ParquetTable table() throws IOException {
    List<TableColumn> columns = null;
    Map<String, String> properties = null;
    long rows = 0;
    for (ParquetPart part : parts) {
      ParquetFooter footer = ParquetFooter.read(part.file());
      List<TableColumn> these = ParquetTable.columns(footer);
      if (columns != null && !columns.equals(these)) {
        throw unlike(part, these, columns);
      }
      columns = these;
      properties = properties == null ? footer.properties() : properties;
      rows += footer.rows();
    }
    List<TableColumn> all = new ArrayList<>(columns);
    for (String name : partitions) {
      if (all.stream().anyMatch(column -> column.name().equals(name))) {
        throw refuse(
            root, "names of columns must be unique, got '" + name + "' in files and of folders");
      }
      all.add(new TableColumn(name, Kind.VALUE, List.of(), "text"));
    }
    return new ParquetTable(parts, all, columns.size(), rows, properties);
  }

  private PredictionFileException unlike(
      ParquetPart part, List<TableColumn> these, List<TableColumn> columns) {
    return refuse(
        part.file(),
        "all files of a folder must have the columns of the first, "
            + shown(columns)
            + " in "
            + name(parts.get(0).file())
            + ", got "
            + shown(these));
  }

  private static String shown(List<TableColumn> columns) {
    List<String> shown = new ArrayList<>();
    for (TableColumn column : columns) {
      shown.add(column.name() + " (" + column.what() + ")");
    }
    return String.join(", ", shown);
  }
}
