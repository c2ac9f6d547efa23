package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("conv.weight", Role.WEIGHT, List.of(2L, 2L)),
              new Tensor("conv.bias", Role.BIAS, List.of(2L)),
              new Tensor("none", Role.OTHER, List.of(0L))));

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults().withRank(2));
    collector.collect(weights(1, 2));
    collector.collect(weights(3, 2));
    collector.collect(weights(5, 8));
    WeightLayout statistics =
        WeightLayout.of(List.of(new Tensor("bn", Role.RUNNING_MEAN, List.of(1L))));
    file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(
        file,
        collector.posterior(),
        Provenance.unknown()
            .with(Provenance.SEED, "42")
            .with(Provenance.RATES, "0.05\u001b[31m then 0.01"),
        new SampleStatistics(9, 0, List.of(Weights.of(statistics, new float[] {1}))));
  }

  private static Weights weights(float a, float b) {
    return Weights.of(LAYOUT, new float[] {a, a, -a, a}, new float[] {b, b}, new float[0]);
  }

  @Test
  void infoOfAPosteriorSaysHowItWasCollectedAndWhatItHoldsLayerByLayer() {
    Cli cli = Cli.run("info", file.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains("posterior.safetensors: SWAG posterior of format 2, ")
        .containsPattern("iterates +3\n")
        .containsPattern("rank +2, 2 deviations held\n")
        .containsPattern("scale +0.5\n")
        .containsPattern("centre +RUNNING_MEAN\n")
        .containsPattern("sampler +threefry4x32-20/table-v2\n")
        .containsPattern("weights +6 in 3 tensors\n")
        .containsPattern("batch norm +statistics of 1 sample from 0, seed 9\n")
        .containsPattern("seed +42\n")
        .containsPattern("rates +0.05\\\\u001b\\[31m then 0.01\n")
        .containsPattern("effective rank +1\\.\\d\\d of 2\n")
        .containsPattern("conv.weight +\\[2, 2\\] +weight +3.000 +1.633 ")
        .containsPattern("conv.bias +\\[2\\] +bias +4.000 +2.828 ")
        .containsPattern("none +\\[0\\] +other +- +- +-\n")
        .doesNotContain("\u001b");
  }

  @Test
  void infoOfAPosteriorAsJsonHasTheNumbers() throws IOException {
    JsonObject json =
        JsonParser.parseString(Cli.run("info", file.toString(), "--json").out()).getAsJsonObject();
    assertThat(json.get("bytes").getAsLong()).isEqualTo(Files.size(file));
    assertThat(json.get("count").getAsLong()).isEqualTo(3);
    assertThat(json.get("scale").getAsDouble()).isEqualTo(0.5);
    assertThat(json.getAsJsonObject("provenance").get("seed").getAsString()).isEqualTo("42");
    assertThat(json.getAsJsonObject("statistics").get("seed").getAsLong()).isEqualTo(9);
    JsonObject layer = json.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertThat(layer.get("role").getAsString()).isEqualTo("WEIGHT");
    assertThat(layer.get("mean_magnitude").getAsDouble()).isEqualTo(3);
    // Iterates 1, 3, 5: deviations from the running means are 1 and 2.
    assertThat(layer.get("sd_iterates").getAsDouble()).isCloseTo(Math.sqrt(8 / 3.0), within(1e-6));
    assertThat(layer.get("sd_samples").getAsDouble())
        .isCloseTo(Math.sqrt(0.5 * (8 / 3.0 + 1 + 4)), within(1e-6));
    assertThat(
            json.getAsJsonArray("layers").get(2).getAsJsonObject().get("sd_samples").isJsonNull())
        .isTrue();
    // Deviations are 4 x (1, 2) and 2 x (0, 4): sums of squares and products 4, 8, 48.
    double root = Math.sqrt(44 * 44 / 4.0 + 64);
    assertThat(json.getAsJsonArray("spectrum").get(0).getAsDouble())
        .isCloseTo(0.5 * (26 + root), within(1e-5));
    assertThat(json.getAsJsonArray("spectrum").get(1).getAsDouble())
        .isCloseTo(0.5 * (26 - root), within(1e-5));
    double p = (26 + root) / 52;
    assertThat(json.get("effective_rank").getAsDouble())
        .isCloseTo(Math.exp(-p * Math.log(p) - (1 - p) * Math.log(1 - p)), within(1e-6));
  }

  @Test
  void theHeaderAloneIsReadWhenAskedFor() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 40] ^= 1;
    Files.write(file, bytes);
    Cli refused = Cli.run("info", file.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("data must have checksum");
    Cli header = Cli.run("info", file.toString(), "--header", "--json");
    assertThat(header.code()).isZero();
    JsonObject json = JsonParser.parseString(header.out()).getAsJsonObject();
    assertThat(json.get("rank").getAsInt()).isEqualTo(2);
    assertThat(json.has("layers")).isFalse();
  }

  @Test
  void infoOfAPosteriorLoadsNoEngine() throws IOException, InterruptedException {
    Path classes = folder.resolve("classes.txt");
    Cli cli =
        Cli.runInNewProcess(
            folder, List.of("-Xlog:class+load:file=" + classes), "info", file.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readString(classes))
        .contains("io.github.swag4j.cli.PosteriorInfo")
        .doesNotContain("ai.djl.");
  }

  @Test
  void controlCharactersOfAFileAreWrittenOut() throws IOException {
    Path hostile = folder.resolve("hostile.safetensors");
    new SafeTensorsWriter()
        .metadata("note", "\u001b]0;owned\u0007\nkind: fine")
        .tensor("w\u001b[2J\n  float32 forged", List.of(1L), List.of(FloatBuffer.allocate(1)))
        .write(hostile);
    Cli cli = Cli.run("info", hostile.toString());
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("note: \\u001b]0;owned\\u0007\\nkind: fine")
        .contains("w\\u001b[2J\\n  float32 forged")
        .doesNotContain("\u001b");
    JsonObject json =
        JsonParser.parseString(Cli.run("info", hostile.toString(), "--json").out())
            .getAsJsonObject();
    assertThat(json.getAsJsonArray("tensors").get(0).getAsJsonObject().get("name").getAsString())
        .isEqualTo("w\u001b[2J\n  float32 forged");
    Path other = folder.resolve("other.safetensors");
    new SafeTensorsWriter()
        .tensor("v\u001b[2J", List.of(1L), List.of(FloatBuffer.allocate(1)))
        .write(other);
    Cli refused =
        Cli.run(
            "average", hostile.toString(), other.toString(), "-o", folder.resolve("o").toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("\\u001b[2J").doesNotContain("\u001b");
  }

  /** As JSON a name may have half a surrogate pair; as UTF-8 it cannot be written. */
  @Test
  void anAverageOfATensorWhoseNameCannotBeWrittenIsRefused() throws IOException {
    Path strange = folder.resolve("strange.safetensors");
    String header = "{\"w\\ud800\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    byte[] bytes = new byte[8 + header.length() + 4];
    bytes[0] = (byte) header.length();
    System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, bytes, 8, header.length());
    Files.write(strange, bytes);
    Path out = folder.resolve("average.safetensors");
    Cli cli = Cli.run("average", strange.toString(), "-o", out.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains("the name of tensor must be valid Unicode to be written, w\\ud800 has half a");
    assertThat(out).doesNotExist();
    assertThat(Cli.run("info", strange.toString()).out()).contains("w\\ud800");
  }

  @Test
  void aStateDictOfPythonsSwagSaysHowItWouldBeTaken() throws Exception {
    Path theirs = folder.resolve("swag.safetensors");
    new SafeTensorsWriter()
        .tensor(
            new StoredTensor("n_models", TensorType.I64, List.of(1L)),
            sink -> sink.write(ByteBuffer.wrap(new byte[] {4, 0, 0, 0, 0, 0, 0, 0})))
        .tensor("base.w_mean", List.of(1L), List.of(FloatBuffer.wrap(new float[] {1})))
        .tensor("base.w_sq_mean", List.of(1L), List.of(FloatBuffer.wrap(new float[] {2})))
        .write(theirs);
    Cli cli = Cli.run("info", theirs.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("a SWAG of swa_gaussian:").contains("deviations: none");
    assertThat(Cli.run("info", theirs.toString(), "--json").out())
        .contains("\"swa_gaussian\":[\"")
        .contains("deviations: none");
  }
}
