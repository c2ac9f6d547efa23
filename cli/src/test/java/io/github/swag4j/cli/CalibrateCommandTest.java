package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.recalibration.Recalibrators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calibrate copies, chooses and shows. */
class CalibrateCommandTest {
  @TempDir private Path folder;
  private String fit;
  private String out;

  @BeforeEach
  void fit() throws IOException {
    fit = Files.writeString(folder.resolve("fit.csv"), "cat,dog,eel,label\n" + text(400, 1)) + "";
    out = folder.resolve("out.csv").toString();
  }

  /** Rows whose logits are twice what they should be. */
  private static String text(int rows, long seed) {
    SplitMix random = new SplitMix(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] z = {1.3 * random.gaussian(), 1.3 * random.gaussian(), 1.3 * random.gaussian()};
      double calibrated = 0;
      double sharp = 0;
      for (double each : z) {
        calibrated += Math.exp(each);
        sharp += Math.exp(2 * each);
      }
      double u = random.uniform() * calibrated - Math.exp(z[0]);
      String label = u < 0 ? "cat" : u < Math.exp(z[1]) ? "dog" : "eel";
      lines.add(
          String.format(
              Locale.ROOT,
              "%.7f,%.7f,%.7f,%s",
              Math.exp(2 * z[0]) / sharp,
              Math.exp(2 * z[1]) / sharp,
              Math.exp(2 * z[2]) / sharp,
              label));
    }
    return String.join("\n", lines) + "\n";
  }

  @Test
  void everyColumnThatWasNotReadIsCopiedAsItStands() throws IOException {
    String apply =
        "when,dog,id,cat,note,eel,label,weight\n"
            + "2026-01-02T03:04,0.2,007,0.7,\"a, \"\"b\"\"\",0.1,cat,1.50\n"
            + "2026-01-03T03:04,0.5,008,0.25,,0.25,dog,2\n";
    Path file = Files.writeString(folder.resolve("apply.csv"), apply);
    Cli cli =
        Cli.run(
            "calibrate",
            "--fit",
            fit,
            "--apply",
            file.toString(),
            "-o",
            out,
            "--class-columns",
            "cat,dog,eel");
    assertThat(cli.code()).as(cli.err()).isZero();
    List<String> lines = Files.readAllLines(Path.of(out));
    String p = "0\\.\\d{1,9}";
    assertThat(lines.get(0)).isEqualTo("when,dog,id,cat,note,eel,label,weight");
    assertThat(lines.get(1))
        .matches("2026-01-02T03:04," + p + ",007," + p + ",\"a, \"\"b\"\"\"," + p + ",cat,1\\.50");
    assertThat(lines.get(2)).matches("2026-01-03T03:04," + p + ",008," + p + ",," + p + ",dog,2");
    assertThat(lines).hasSize(3);
    Cli judged = Cli.run("evaluate", out, "--class-columns", "cat,dog,eel", "--json");
    assertThat(judged.code()).as(judged.err()).isZero();
    assertThat(JsonParser.parseString(judged.out()).getAsJsonObject().get("accuracy").getAsDouble())
        .isEqualTo(1);
  }

  @Test
  void anotherFormatSaysWhatItHasNoPlaceFor() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "cat,dog,eel,day\n0.5,0.25,0.25,2\n");
    Cli cli =
        Cli.run(
            "calibrate",
            "--fit",
            fit,
            "--apply",
            file.toString(),
            "-o",
            folder.resolve("out.npz").toString(),
            "--class-columns",
            "cat,dog,eel");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains(QuietWriter.WARNING).contains("has no place for day: left out");
  }

  @Test
  void theBestMethodIsChosenByCrossFittingAndSaysWhatItWasComparedWith() throws IOException {
    Path test = Files.writeString(folder.resolve("test.csv"), "cat,dog,eel,label\n" + text(100, 2));
    String[] args = {
      "calibrate", "--fit", fit, "--apply", test + "", "-o", out, "--method", "best", "--overwrite"
    };
    Cli text = Cli.run(args);
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("(5 folds)")
        .contains("with its 95 % interval")
        .containsPattern("Chosen: \\w+, the least NLL\n")
        .contains(Recalibrators.methods());
    List<String> more = new ArrayList<>(List.of(args));
    more.add("--json");
    Cli json = Cli.run(more.toArray(new String[0]));
    JsonObject chosen =
        JsonParser.parseString(json.out()).getAsJsonObject().getAsJsonObject("chosen");
    assertThat(chosen.get("folds").getAsInt()).isEqualTo(5);
    assertThat(chosen.getAsJsonArray("compared")).hasSize(Recalibrators.methods().size() + 1);
    assertThat(chosen.get("clearly_better").getAsBoolean()).isTrue();
  }

  @Test
  void everyMethodsMapIsShownInWordsFromTheFitAndFromItsFile() {
    for (String method : Recalibrators.methods()) {
      String map = folder.resolve(method + ".json").toString();
      Cli fitted = Cli.run("calibrate", "--fit", fit, "--method", method, "--show", "--save", map);
      assertThat(fitted.code()).as(fitted.err()).isZero();
      Cli loaded = Cli.run("calibrate", "--load", map, "--show");
      assertThat(loaded.out()).isEqualTo(fitted.out());
      assertThat(loaded.out().lines().count()).as(method).isGreaterThan(2);
      if (!method.equals("temperature")) {
        assertThat(loaded.out()).contains("cat: ", "dog: ", "eel: ");
      }
    }
  }

  @Test
  void withoutShowFilesMustBeNamed() {
    Cli cli = Cli.run("calibrate", "--fit", fit, "-o", out);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--apply and --out").contains("got --out alone");
  }
}
