package io.github.swag4j.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Finished runs, and the bytes of files. */
public final class RunDirectories {
  private static final int DEEPEST = 4;

  private RunDirectories() {}

  /**
   * The run in a directory, or the finished runs below it, in the order of their names; numbers in
   * these count as numbers.
   *
   * @throws IOException if there is none
   */
  public static List<RunDirectory> below(Path directory) throws IOException {
    if (new RunDirectory(directory).isRun()) {
      return List.of(new RunDirectory(directory));
    }
    List<Path> runs;
    try (Stream<Path> walk = Files.walk(directory, DEEPEST)) {
      runs =
          walk.filter(Files::isDirectory)
              .filter(path -> new RunDirectory(path).isRun())
              .sorted(Comparator.comparing(path -> padded(path.toString())))
              .toList();
    }
    if (runs.isEmpty()) {
      return List.of(RunDirectory.open(directory)); // says what is missing
    }
    return runs.stream().map(RunDirectory::new).toList();
  }

  private static String padded(String name) {
    return name.replaceAll("(\\d+)", "0000000000$1").replaceAll("0+(\\d{10})", "$1");
  }

  /** The hash of a file's bytes. */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
