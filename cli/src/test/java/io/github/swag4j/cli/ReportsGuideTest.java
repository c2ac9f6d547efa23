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

/** Every file and every command of the guide to configurations, reports and studies. */
class ReportsGuideTest {
  private static final Path GUIDE =
      Path.of("").toAbsolutePath().resolveSibling("docs/guide/reports.md");
  private static final Pattern FILE =
      Pattern.compile("```yaml\n# (\\S+\\.yaml)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMANDS = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  /** Names of files and directories are those of the test's folder. */
  private String moved(String word) {
    return word.matches("small\\.yaml|study\\.yaml|(first|second|again|page|study)(/.*)?")
        ? folder.resolve(word).toString()
        : word;
  }

  @Test
  void everyCommandDoesWhatThePageSays() throws IOException {
    String guide = Files.readString(GUIDE);
    Matcher file = FILE.matcher(guide);
    while (file.find()) {
      Files.writeString(folder.resolve(file.group(1)), file.group(2));
    }
    Matcher block = COMMANDS.matcher(guide);
    int found = 0;
    String last = "";
    while (block.find()) {
      for (String line : block.group(1).split("\n", -1)) {
        if (line.startsWith("$ ./swag4j ")) {
          last = run(line.substring("$ ./swag4j ".length()));
          found++;
        }
      }
    }
    assertThat(found).isEqualTo(5);
    assertThat(last).contains("train-400/sgd-dropout/seed-2", "4 jobs");
    assertThat(folder.resolve("again/posterior.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("first/posterior.safetensors"));
    assertThat(folder.resolve("second/config.yaml")).content().contains("seed: 2", "epochs: 4");
    assertThat(folder.resolve("page/report.html")).content().contains("SGD, epochs 4");
    for (String table : List.of("means", "differences", "detection")) {
      for (String kind : List.of("csv", "md", "tex")) {
        assertThat(folder.resolve("page/tables/" + table + "." + kind)).isNotEmptyFile();
      }
    }
  }

  private String run(String command) {
    List<String> words = new ArrayList<>();
    String[] typed = command.split(" +", -1);
    for (int i = 0; i < typed.length; i++) {
      words.add(i == 0 ? typed[i] : moved(typed[i]));
    }
    Cli cli = Cli.run(words.toArray(String[]::new));
    assertThat(cli.code()).as(command + "\n" + cli.err()).isZero();
    return cli.out();
  }
}
