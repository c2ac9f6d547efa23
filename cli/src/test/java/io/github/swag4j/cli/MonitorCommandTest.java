package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.base.SplitMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What happens to files that serving programs write, and to those who watch them. */
class MonitorCommandTest {
  private static final String HEADER = "id,time,cat,dog,label\n";

  @TempDir private Path folder;
  private Path served;
  private String reference;

  @BeforeEach
  void reference() throws IOException {
    StringBuilder text = new StringBuilder("cat,dog,label\n");
    for (String row : rows(0, 300, 1)) {
      text.append(row.split(",", 3)[2]).append('\n');
    }
    reference = Files.writeString(folder.resolve("reference.csv"), text).toString();
    served = folder.resolve("served.csv");
  }

  /** Rows of a calibrated classifier of two classes; "sharper" moves its logits apart. */
  private static List<String> rows(int from, int to, double sharper) {
    List<String> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      SplitMix random = new SplitMix(SplitMix.mix(i + 77L));
      double z = 2 * random.gaussian();
      boolean cat = random.uniform() < 1 / (1 + Math.exp(-z));
      double p = 1 / (1 + Math.exp(-sharper * z));
      rows.add(
          String.format(
              Locale.ROOT, "r%d,2026-11-28,%.6f,%.6f,%s", i, p, 1 - p, cat ? "cat" : "dog"));
    }
    return rows;
  }

  private void append(List<String> rows) throws IOException {
    Files.writeString(
        served,
        String.join("\n", rows) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private Cli monitor(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("monitor", served.toString(), "--reference", reference, "--window", "100"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  private static List<JsonObject> lines(String text) {
    return text.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  @Test
  void aChangeRaisesAnAlarmAndNoChangeDoesNot() throws IOException {
    Files.writeString(served, HEADER);
    append(rows(1000, 1200, 1));
    append(rows(1200, 1400, 3));
    Cli text = monitor();
    assertThat(text.code()).as(text.err()).isZero();
    List<String> windows = text.out().lines().filter(line -> line.startsWith("window")).toList();
    assertThat(windows).hasSize(4);
    assertThat(windows.subList(0, 2)).allMatch(line -> line.endsWith("| no change"));
    assertThat(windows.subList(2, 4)).allMatch(line -> line.contains("ALARM: mean confidence (p"));
    assertThat(text.out()).contains("at most 0.1 % of windows raise one");
    Cli json = monitor("--json", "--fail-on-alarm");
    assertThat(json.code()).isEqualTo(3);
    List<JsonObject> objects = lines(json.out());
    assertThat(objects).hasSize(5);
    assertThat(objects.get(3).get("alarm").getAsBoolean()).isTrue();
    assertThat(objects.get(4).get("alarms").getAsInt()).isEqualTo(2);
  }

  @Test
  void rowsThatAreNotValidAreCountedAndSaidAndStopNothing() throws IOException {
    Files.writeString(served, HEADER);
    append(rows(0, 40, 1));
    append(
        List.of(
            "x,t,NaN,0.5,cat",
            "x,t,0.9,0.9,cat",
            "x,t,0.5",
            "x,t,0.5,0.5,bird",
            "x,t,a\"b\"\"\",1,cat"));
    append(rows(40, 100, 1));
    Cli cli = monitor("--json");
    assertThat(cli.code()).isZero();
    assertThat(cli.err())
        .contains("'cat' must be a finite number, got 'NaN'")
        .contains("sums to 1.8")
        .contains("5 columns, got 3")
        .contains("one of cat, dog or an index below 2, got 'bird'");
    assertThat(lines(cli.out()).get(0).get("refused").getAsLong()).isEqualTo(5);
    assertThat(lines(cli.out()).get(0).get("rows").getAsLong()).isEqualTo(100);
  }

  @Test
  void labelsThatComeLaterAreJoinedById() throws IOException {
    List<String> rows = rows(0, 200, 1);
    StringBuilder bare = new StringBuilder("id,cat,dog\n");
    StringBuilder labels = new StringBuilder("id,label\n");
    for (String row : rows) {
      String[] f = row.split(",", -1);
      bare.append(f[0]).append(',').append(f[2]).append(',').append(f[3]).append('\n');
      labels.insert(9, f[0] + "," + f[4] + "\n"); // the last first
    }
    Path late = Files.writeString(folder.resolve("labels.csv"), labels);
    Files.writeString(served, bare);
    String whole = monitor("--json", "--late-labels", late.toString()).out();
    Files.writeString(served, HEADER + String.join("\n", rows) + "\n");
    String atOnce = monitor("--json").out();
    assertThat(whole).isEqualTo(atOnce);
    assertThat(whole).contains("\"labelled\":100");
  }

  @Test
  void aStateGoesOnWhereTheLastCallEndedAndHalfALineWaits() throws IOException {
    Path state = folder.resolve("served.state");
    Path out = folder.resolve("windows.jsonl");
    List<String> all = rows(0, 300, 1);
    Files.writeString(served, HEADER);
    append(all.subList(0, 150));
    String half = all.get(150);
    Files.writeString(served, half.substring(0, 9), StandardOpenOption.APPEND);
    String[] options = {"--state", state.toString(), "-o", out.toString()};
    Cli first = monitor(options);
    assertThat(first.err()).contains("the last line has no end yet");
    assertThat(Files.readAllLines(out)).hasSize(1);
    Files.writeString(served, half.substring(9) + "\n", StandardOpenOption.APPEND);
    append(all.subList(151, 300));
    Files.writeString(out, "{\"window\":2,", StandardOpenOption.APPEND); // killed as it wrote
    assertThat(monitor(options).code()).isZero();
    Files.writeString(served, HEADER + String.join("\n", all) + "\n");
    List<String> whole = monitor("--json").out().lines().limit(3).toList();
    assertThat(Files.readAllLines(out)).isEqualTo(whole);
  }

  @Test
  void aStateThatIsDamagedOrOfAnotherReferenceIsRefused() throws IOException {
    Path state = folder.resolve("served.state");
    Files.writeString(served, HEADER);
    append(rows(0, 120, 1));
    monitor("--state", state.toString());
    Path other = folder.resolve("other.csv");
    Files.writeString(other, "cat,dog,label\n0.5,0.5,cat\n0.4,0.6,dog\n");
    Cli changed =
        Cli.run(
            "monitor",
            served + "",
            "--reference",
            other + "",
            "--state",
            state + "",
            "--window",
            "100");
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.err()).contains("another reference");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length / 2] ^= 4;
    Files.write(state, bytes);
    assertThat(monitor("--state", state.toString()).err()).contains("it is damaged");
    assertThat(monitor("--state", served.toString()).err()).contains("must be a state");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aFileThatIsRotatedOrCutOffIsReadOnWithoutLosingRows() throws Exception {
    Path state = folder.resolve("served.state");
    Path out = folder.resolve("windows.jsonl");
    Files.writeString(served, HEADER);
    append(rows(0, 90, 1));
    CompletableFuture<Cli> running =
        CompletableFuture.supplyAsync(
            () ->
                monitor(
                    "--follow",
                    "--poll",
                    "0.02",
                    "--stop-after",
                    "3",
                    "--state",
                    state.toString(),
                    "-o",
                    out.toString()));
    await(state);
    // The last line of the old file was never ended.
    Files.writeString(served, rows(90, 91, 1).get(0), StandardOpenOption.APPEND);
    Files.move(served, folder.resolve("served.1"), StandardCopyOption.ATOMIC_MOVE);
    Path fresh = Files.writeString(folder.resolve("fresh"), HEADER);
    Files.move(fresh, served, StandardCopyOption.ATOMIC_MOVE);
    append(rows(91, 110, 1));
    await(out);
    Files.writeString(served, HEADER + String.join("\n", rows(110, 115, 1)) + "\n");
    Thread.sleep(300);
    append(rows(115, 200, 1));
    Cli cli = running.get(60, TimeUnit.SECONDS);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("was rotated").contains("was cut off");
    Files.writeString(served, HEADER + String.join("\n", rows(0, 200, 1)) + "\n");
    assertThat(Files.readAllLines(out))
        .isEqualTo(monitor("--json").out().lines().limit(2).toList());
  }

  private static void await(Path file) throws Exception {
    for (int i = 0; i < 1000 && !Files.exists(file); i++) {
      Thread.sleep(20);
    }
    for (int i = 0; i < 1000 && Files.size(file) == 0; i++) {
      Thread.sleep(20);
    }
    Thread.sleep(200);
  }

  @Test
  void prometheusFindsTheNewestWindowInAWholeFile() throws IOException {
    Path prometheus = folder.resolve("swag4j.prom");
    Files.writeString(served, HEADER);
    append(rows(1000, 1100, 1));
    append(rows(1100, 1200, 3));
    monitor("--prometheus", prometheus.toString(), "--name", "pets \"v2\"");
    String text = Files.readString(prometheus);
    String name = "{name=\"pets \\\"v2\\\"\"";
    assertThat(text)
        .contains("# TYPE swag4j_monitor_rows_total counter\n")
        .contains("swag4j_monitor_rows_total" + name + "} 200\n")
        .contains("swag4j_monitor_alarm" + name + ",measure=\"confidence\"} 1\n")
        .contains("swag4j_monitor_accuracy" + name + ",of=\"reference\"} 0.");
    assertThat(text.lines())
        .allMatch(
            line ->
                line.startsWith("# ")
                    || line.matches("[a-z0-9_]+\\{([a-z]+=\"([^\"\\\\]|\\\\.)*\",?)+} [-0-9.eE]+"));
    assertThat(folder.toFile().list()).noneMatch(file -> file.endsWith(".part"));
  }

  @Test
  void jsonLinesWithTheClassesAsFieldsAreRead() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String row : rows(0, 100, 1)) {
      String[] f = row.split(",", -1);
      text.append(
          String.format(
              Locale.ROOT,
              "{\"id\":\"%s\",\"model\":{\"v\":2},\"dog\":%s,\"cat\":%s,\"label\":\"%s\"}%n",
              f[0],
              f[3],
              f[2],
              f[4]));
    }
    Files.writeString(served, text);
    String json = monitor("--json").out();
    Files.writeString(served, HEADER);
    append(rows(0, 100, 1));
    assertThat(monitor("--json").out()).isEqualTo(json);
  }

  @Test
  void columnsThatCouldBeSeveralAreRefused() throws IOException {
    Files.writeString(served, "a_cat,a_dog,b_cat,b_dog\n0.5,0.5,0.5,0.5\n");
    assertThat(monitor().err()).contains("a_* and b_*").contains("--class-columns");
    Files.writeString(served, "prob_cat,prob_dog\n0.5,0.5\n");
    assertThat(monitor("--json").code()).isZero();
    Files.writeString(served, "cat,label\n0.5,cat\n");
    assertThat(monitor().err()).contains("a column for each class of the reference, cat, dog");
    assertThat(monitor("--window", "5").code()).isEqualTo(2);
    assertThat(monitor("--false-alarms", "2").code()).isEqualTo(2);
  }

  @Test
  void whatIsWrongIsSaidWithItsFile() throws IOException {
    Files.writeString(served, "cat;dog\n0,5;0,5\n");
    assertThat(monitor().err()).contains(served + ", line 1: served rows must have commas");
    Files.writeString(served, HEADER);
    append(rows(0, 100, 1));
    Path late = Files.writeString(folder.resolve("late.csv"), "id;label\nr0;cat\n");
    assertThat(monitor("--late-labels", late.toString()).err()).contains(late + ", line 1: ");
    assertThat(monitor("--late-labels", folder.toString()).err())
        .contains(folder + ": must be a file, got a folder");
    assertThat(monitor("--stop-after", "-1").code()).isEqualTo(2);
    Path out = folder.resolve("new/folder/windows.jsonl");
    assertThat(monitor("-o", out.toString()).code()).isZero();
    assertThat(out).isNotEmptyFile();
  }
}
