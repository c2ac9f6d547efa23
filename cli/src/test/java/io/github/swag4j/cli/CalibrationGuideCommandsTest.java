package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the guide prints what the page shows below it. */
class CalibrationGuideCommandsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path GUIDE = ROOT.resolve("docs/guide/calibration.md");
  private static final Pattern BLOCK =
      Pattern.compile("```console\n\\$ \\./swag4j ([^\n]+)\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path out;

  /** Reads where the page's files are and writes into a folder of its own. */
  private String moved(String word) {
    if (word.startsWith("docs/")) {
      return ROOT.resolve(word).toString();
    }
    return word.endsWith(".csv") ? out.resolve(word).toString() : word;
  }

  @Test
  void everyCommandPrintsWhatThePageShows() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(GUIDE));
    int found = 0;
    while (block.find()) {
      String command = block.group(1);
      String shown = block.group(2);
      List<String> words = new ArrayList<>();
      for (String word : command.split(" +", -1)) {
        words.add(moved(word));
      }
      Cli cli = Cli.run(words.toArray(new String[0]));
      assertThat(cli.code()).as(command + "\n" + cli.err()).isZero();
      String printed =
          cli.out()
              .replace(System.lineSeparator(), "\n")
              .replace(ROOT + "/", "")
              .replace(out + "/", "");
      assertThat(trimmed(printed)).as(command).isEqualTo(trimmed(shown));
      found++;
    }
    assertThat(found).isEqualTo(8);
  }

  /** Columns are as wide as the paths of the machine; the numbers are what counts. */
  private static String trimmed(String text) {
    return text.replaceAll("-{3,}", "---")
        .replaceAll("─+", "---")
        .replaceAll(" +", " ")
        .replaceAll(" \n", "\n");
  }
}
