package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.snapshot.SnapshotCollector;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Options;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSeriesTest {
  private static final WeightLayout NETWORK =
      WeightLayout.of(
          List.of(
              new Tensor("0.weight", Role.WEIGHT, List.of(3L, 2L)),
              new Tensor("0.bias", Role.BIAS, List.of(3L)),
              new Tensor("1.weight", Role.SCALE, List.of(3L)),
              new Tensor("1.bias", Role.SHIFT, List.of(3L)),
              new Tensor("2.weight", Role.WEIGHT, List.of(2L, 3L)),
              new Tensor("2.bias", Role.BIAS, List.of(2L))));
  private static final Options RANK_2 = Options.defaults().withRank(2);

  @TempDir Path folder;

  private static Path torchCheckpoints() throws URISyntaxException {
    return Path.of(CheckpointSeriesTest.class.getResource("golden/checkpoints").toURI());
  }

  private static CheckpointSeries torch() throws Exception {
    return CheckpointSeries.inFolder(torchCheckpoints(), "epoch-*.pt", NETWORK)
        .withKey("state_dict")
        .leavingOut(name -> name.contains("running_"));
  }

  private static SwagCollector collector() {
    return new SwagCollector(AveragingPlan.epochs(), RANK_2);
  }

  private void write(String name, Weights weights) throws IOException {
    WeightFiles.write(folder.resolve(name), "average", weights, Map.of());
  }

  private static Weights weights(float value) {
    return Weights.of(
        Snapshots.LAYOUT,
        new float[] {value, 1, 2, 3, 4, 5},
        new float[] {value, value, 0},
        new float[] {-value});
  }

  @Test
  void checkpointsOfPyTorchAreCollectedInTheOrderOfTheirNumbers() throws Exception {
    CheckpointSeries series = torch();
    assertThat(series.names())
        .extracting(n -> Path.of(n).getFileName().toString())
        .containsExactly("epoch-2.pt", "epoch-9.pt", "epoch-10.pt");
    assertThat(series.weights(0).toArray(1)).containsExactly(2.375f, 2.4375f, 2.5f);
    SwagCollector collector = collector();
    collector.collectAll(series);
    SwagPosterior posterior = collector.posterior();
    assertThat(posterior.count()).isEqualTo(3);
    assertThat(posterior.mean().toArray(0)[0]).isEqualTo(7);
    // Deviations of epochs 9 and 10 from the means of 2 and 9, and of all three.
    assertThat(posterior.deviations().get(0).toArray(0)[0]).isEqualTo(3.5f);
    assertThat(posterior.deviations().get(1).toArray(0)[0]).isEqualTo(3);
  }

  @Test
  void filesAreCollectedAsTheSameWeightsFromMemory() throws IOException {
    SwagCollector live = collector();
    for (int n : new int[] {1, 2, 10, 11}) {
      live.collect(weights(n * n));
      write("weights-" + n + ".safetensors", weights(n * n));
    }
    SwagCollector files = collector();
    files.collectAll(CheckpointSeries.inFolder(folder, "*.safetensors", Snapshots.LAYOUT));
    assertSame(files.posterior(), live.posterior());
  }

  @Test
  void anEnsembleOfSnapshotsIsCollectedOldestFirst() throws IOException {
    SnapshotCollector snapshots =
        SnapshotCollector.start(
            folder.resolve("run"), AveragingPlan.epochs(), SnapshotCollector.Options.defaults());
    SwagCollector live = collector();
    for (int n = 1; n <= 4; n++) {
      live.collect(weights(n * n));
      snapshots.collect(weights(n * n), n);
    }
    SwagCollector collector = collector();
    collector.collectAll(CheckpointSeries.of(SnapshotEnsemble.open(folder.resolve("run"))));
    assertSame(collector.posterior(), live.posterior());
  }

  private static void assertSame(SwagPosterior got, SwagPosterior expected) {
    assertThat(got.count()).isEqualTo(expected.count());
    assertThat(got.mean()).isEqualTo(expected.mean());
    assertThat(got.variance()).isEqualTo(expected.variance());
    assertThat(got.deviations()).isEqualTo(expected.deviations());
  }

  @Test
  void collectingGoesOnAfterFiles() throws Exception {
    SwagCollector collector = collector();
    collector.collectAll(torch());
    collector.collectAll(torch());
    assertThat(collector.count()).isEqualTo(6);
  }

  @Test
  void aBadFileAmongGoodOnesLeavesTheCollectorAsItWas() throws IOException {
    write("w-1.safetensors", weights(1));
    write("w-2.safetensors", weights(2));
    write("w-3.safetensors", weights(1e20f));
    SwagCollector collector = collector();
    collector.collect(weights(7));
    assertThatThrownBy(
            () -> collector.collectAll(CheckpointSeries.inFolder(folder, "*", Snapshots.LAYOUT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 1.0E20 at a[0]");
    Files.writeString(folder.resolve("w-3.safetensors"), "no weights");
    assertThatThrownBy(
            () -> collector.collectAll(CheckpointSeries.inFolder(folder, "*", Snapshots.LAYOUT)))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("w-3.safetensors");
    assertThat(collector.count()).isEqualTo(1);
    assertThatThrownBy(() -> collector.collectAll(torch()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another model");
  }

  @Test
  void tensorsThatDoNotFitAreAllNamed() throws Exception {
    WeightLayout other =
        WeightLayout.of(
            List.of(
                new Tensor("0.weight", Role.WEIGHT, List.of(4L, 2L)),
                new Tensor("0.bias", Role.BIAS, List.of(3L)),
                new Tensor("head.bias", Role.BIAS, List.of(2L))));
    CheckpointSeries series =
        CheckpointSeries.inFolder(torchCheckpoints(), "*.pt", other).withKey("state_dict");
    assertThatThrownBy(() -> collector().collectAll(series))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("epoch-2.pt")
        .hasMessageContaining("0.weight must have shape [4, 2]")
        .hasMessageContaining("head.bias [2] has none")
        .hasMessageContaining("2.bias F32 [2]");
    assertThatThrownBy(
            () ->
                collector()
                    .collectAll(
                        CheckpointSeries.inFolder(torchCheckpoints(), "*.pt", NETWORK)
                            .withKey("state_dict")))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("1.running_mean")
        .hasMessageNotContaining("num_batches_tracked");
  }

  @Test
  void namesOfTheLayoutAreTranslated() throws Exception {
    WeightLayout layout =
        WeightLayout.of(
            NETWORK.tensors().stream()
                .map(t -> new Tensor("layer" + t.name(), t.role(), t.shape()))
                .toList());
    CheckpointSeries series =
        CheckpointSeries.inFolder(torchCheckpoints(), "*.pt", layout)
            .withKey("state_dict")
            .withNames(name -> name.substring("layer".length()))
            .leavingOut(name -> name.contains("running_"));
    assertThat(series.weights(1).toArray(0)[0]).isEqualTo(9);
  }

  @Test
  void anOrderThatWouldBeAGuessIsRefused() throws IOException {
    refused("has no files of names like *.pt", "*.pt");
    touch("epoch-1.pt", "epoch-2.pt", "best.pt");
    refused("differ in a number only, got [best.pt, epoch-1.pt]", "*.pt");
    assertThat(CheckpointSeries.inFolder(folder, "epoch-*.pt", NETWORK).size()).isEqualTo(2);
    touch("epoch-02.pt");
    refused("one checkpoint of a number, got", "epoch*.pt");
    touch("run1-epoch2.pt", "run2-epoch1.pt");
    refused("differ in one number, got run", "run*.pt");
    touch("epoch-1.safetensors");
    refused("differ in a number only", "epoch-1.*");
    // A number that is the same in all does not count.
    touch("vgg16-3.pt", "vgg16-20.pt", "vgg16-100000000000000000000.pt");
    assertThat(CheckpointSeries.inFolder(folder, "vgg16-*.pt", NETWORK).names())
        .extracting(n -> Path.of(n).getFileName().toString())
        .containsExactly("vgg16-3.pt", "vgg16-20.pt", "vgg16-100000000000000000000.pt");
    assertThatThrownBy(() -> CheckpointSeries.of(List.of(folder, folder), NETWORK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each once");
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Files.writeString(folder.resolve(name), "");
    }
  }

  private void refused(String message, String glob) {
    assertThatThrownBy(() -> CheckpointSeries.inFolder(folder, glob, NETWORK))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(message);
  }
}
