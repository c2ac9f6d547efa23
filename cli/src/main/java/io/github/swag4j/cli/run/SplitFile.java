package io.github.swag4j.cli.run;

import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Which rows of the training data a run was trained on and which it held out, so that another
 * program can take the same: {@code {"format":1,"data":"pets","rows":5,"order":"stratified",
 * "seed":1,"train":[3,0,4],"validation":[1]}}. Rows are counted from 0 in the order of the training
 * files; those of folders by their paths. What is in neither list was left out by a limit; the test
 * rows are all of the test files.
 */
public final class SplitFile {
  private static final int FORMAT = 1;

  private SplitFile() {}

  /** Writes it, whole or not at all. */
  public static void write(Path file, RunImages.Rows rows, RunConfig config) throws IOException {
    String text =
        "{\"format\":"
            + FORMAT
            + ",\"data\":"
            + RunDirectory.toJson(config.data().name())
            + ",\"rows\":"
            + rows.all()
            + ",\"order\":"
            + RunDirectory.toJson(config.data().order())
            + ",\"seed\":"
            + config.seed()
            + ",\n\"train\":"
            + list(rows.train())
            + ",\n\"validation\":"
            + list(rows.validation())
            + "}\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private static String list(int[] rows) {
    return Arrays.stream(rows)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
