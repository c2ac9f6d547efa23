package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the guide to monitoring runs as it stands there. */
class MonitoringGuideTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path GUIDE = ROOT.resolve("docs/guide/monitoring.md");
  private static final List<String> WRITTEN =
      List.of("served.state", "windows.jsonl", "swag4j.prom");

  @TempDir private Path folder;

  @Test
  void everyCommandDoesWhatThePageSays() throws IOException {
    lateLabels();
    String page = Files.readString(GUIDE);
    Matcher command =
        Pattern.compile("(?m)^    (?:cat (\\S+) \\| )?\\./swag4j (.*)$").matcher(page);
    List<Cli> done = new ArrayList<>();
    while (command.find()) {
      String[] args =
          Arrays.stream(command.group(2).split(" ", -1)).map(this::place).toArray(String[]::new);
      InputStream before = System.in;
      try {
        if (command.group(1) != null) {
          System.setIn(
              new ByteArrayInputStream(Files.readAllBytes(ROOT.resolve(command.group(1)))));
        }
        done.add(Cli.run(args));
      } finally {
        System.setIn(before);
      }
    }
    assertThat(done).hasSize(5);
    Matcher shown = Pattern.compile("```text\\R(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(shown.find()).isTrue();
    assertThat(done.get(0).out().replace(ROOT + "/", "")).startsWith(shown.group(1));
    assertThat(done.get(1).code()).as(done.get(1).err()).isEqualTo(3);
    assertThat(done.get(1).out().lines().filter(line -> line.startsWith("window")))
        .first()
        .asString()
        .contains("ALARM")
        .contains("mean entropy (p");
    for (int i : new int[] {0, 2, 3, 4}) {
      assertThat(done.get(i).code()).as(done.get(i).err()).isZero();
    }
    for (String file : WRITTEN) {
      assertThat(folder.resolve(file)).isNotEmptyFile();
    }
    assertThat(done.get(4).out())
        .contains("window 2, rows 126 to 250: ")
        .contains("accuracy")
        .doesNotContain("waiting for labels");
  }

  @Test
  void aWindowWhoseLabelsComeLaterIsReportedOnceMore() throws IOException {
    lateLabels();
    Path labels = folder.resolve("labels.csv");
    List<String> all = Files.readAllLines(labels);
    Files.write(labels, all.subList(0, 50));
    String[] call = {
      "monitor",
      folder.resolve("served.csv") + "",
      "--reference",
      ROOT.resolve("docs/guide/data/test.csv") + "",
      "--late-labels",
      labels + "",
      "--window",
      "125",
      "--state",
      folder.resolve("served.state") + ""
    };
    assertThat(windows(Cli.run(call)))
        .hasSize(2)
        .allMatch(line -> line.endsWith("| no change yet, waiting for labels"));
    Files.write(labels, all);
    assertThat(windows(Cli.run(call)))
        .hasSize(2)
        .allMatch(line -> line.contains("accuracy") && line.endsWith("| no change"));
  }

  private static List<String> windows(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.out().lines().filter(line -> line.startsWith("window")).toList();
  }

  private String place(String word) {
    if (word.startsWith("docs/")) {
      return ROOT.resolve(word).toString();
    }
    boolean file = WRITTEN.contains(word) || word.matches("(served|labels)\\.csv");
    return file ? folder.resolve(word).toString() : word;
  }

  /** The guide's validation rows with ids and without labels, and their labels by id. */
  private void lateLabels() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/guide/data/validation.csv"));
    List<String> header = List.of(lines.get(0).split(",", -1));
    int label = header.indexOf("label");
    int id = header.indexOf("id");
    StringBuilder rows = new StringBuilder();
    StringBuilder labels = new StringBuilder("id,label\n");
    for (int i = 0; i < lines.size(); i++) {
      List<String> fields = new ArrayList<>(List.of(lines.get(i).split(",", -1)));
      String name = i == 0 ? "id" : id >= 0 ? fields.get(id) : "r" + i;
      if (i > 0) {
        labels.append(name).append(',').append(fields.get(label)).append('\n');
      }
      fields.remove(label);
      rows.append(id >= 0 ? "" : name + ",").append(String.join(",", fields)).append('\n');
    }
    Files.writeString(folder.resolve("served.csv"), rows);
    Files.writeString(folder.resolve("labels.csv"), labels);
  }
}
