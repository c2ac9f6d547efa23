package io.github.swag4j.cli.cluster;

import io.github.swag4j.cli.run.UsageException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The jars of this program, as they can be sent to another machine. */
public final class ProgramJars {
  private static final String SPARK = "swag4j-spark";

  private final List<Path> entries;
  private final Path folder;

  private ProgramJars(List<Path> entries, Path folder) {
    this.entries = entries;
    this.folder = folder;
  }

  /**
   * Those of this process.
   *
   * @param folder where folders of classes are packed, for which there is no jar
   */
  public static ProgramJars ofThisProcess(Path folder) throws IOException {
    Set<Path> entries = new LinkedHashSet<>();
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!each.isEmpty()) {
        add(Path.of(each).toAbsolutePath().normalize(), entries);
      }
    }
    return new ProgramJars(List.copyOf(entries), folder);
  }

  /** Adds what is there, with what a jar's manifest names in turn. */
  private static void add(Path entry, Set<Path> entries) throws IOException {
    if (!Files.exists(entry) || !entries.add(entry) || Files.isDirectory(entry)) {
      return;
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      Manifest manifest = jar.getManifest();
      String names =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      for (String name : names == null ? new String[0] : names.strip().split("\\s+")) {
        URI at = entry.toUri().resolve(name);
        if ("file".equals(at.getScheme())) {
          add(Path.of(at), entries);
        }
      }
    }
  }

  /**
   * The jar of the module for Spark: on the class path, or beside one of its jars.
   *
   * @throws UsageException if there is none
   */
  public Path spark() throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path entry : entries) {
      if (isSpark(entry)) {
        return packed(entry);
      }
      folders.add(entry.getParent());
    }
    for (Path beside : folders) {
      try (Stream<Path> files = Files.list(beside)) {
        List<Path> found = files.filter(ProgramJars::isSpark).filter(Files::isRegularFile).toList();
        if (!found.isEmpty()) {
          return found.get(0);
        }
      }
    }
    throw new UsageException(
        "--master needs swag4j-spark.jar beside the program's other jars, got none in "
            + String.join(", ", folders.stream().map(Path::toString).toList())
            + ": in a checkout ./swag4j builds it, an archive of the program has it in lib/");
  }

  private static boolean isSpark(Path entry) {
    String name = String.valueOf(entry.getFileName());
    boolean classes = Files.exists(entry.resolve("io/github/swag4j/spark/program"));
    return classes || name.matches(SPARK + "(-[0-9][^-]*(-SNAPSHOT)?)?\\.jar");
  }

  /** Jars whose file names begin with one of some names. */
  public List<Path> named(String... names) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path entry : entries) {
      String file = String.valueOf(entry.getFileName());
      String module =
          Files.isDirectory(entry)
              ? "swag4j-" + String.valueOf(entry.getParent().getParent().getFileName())
              : file;
      for (String name : names) {
        if (module.startsWith(name)) {
          found.add(packed(entry));
        }
      }
    }
    return found;
  }

  /** All jars. */
  public List<Path> all() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path entry : entries) {
      jars.add(packed(entry));
    }
    return jars;
  }

  /** Classes that a build keeps in folders, as a jar that can be sent. */
  private Path packed(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return entry;
    }
    Path jar = folder.resolve("classes-" + entries.indexOf(entry) + ".jar");
    if (Files.exists(jar)) {
      return jar;
    }
    try (OutputStream bytes = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(bytes);
        Stream<Path> files = Files.walk(entry)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(entry.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
