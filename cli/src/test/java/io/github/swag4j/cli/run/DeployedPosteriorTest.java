package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.Cli;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves predicts elsewhere, where the training data are not. */
class DeployedPosteriorTest {
  @TempDir private Path folder;

  @Test
  void thePosteriorsFileHasTheBatchNormStatisticsThatItsSamplesPredictWith() throws IOException {
    Path run = folder.resolve("run");
    Cli cli =
        Cli.run(
            ("train --data quickstart --train-limit 200 --method swag --model cnn-small --epochs 3"
                    + " --swa-start 1 --samples 3 --batch-size 50 --threads 1 --seed 4 --out "
                    + run)
                .split(" ", -1));
    assertThat(cli.code()).as(cli.err()).isZero();
    RunDescription.Input input = RunDescription.read(new RunDirectory(run)).input();
    PosteriorFile file = PosteriorFiles.open(run.resolve("posterior.safetensors"));
    ImageData test = Datasets.ofThisMachine().load("quickstart", Split.TEST).limit(100);
    try (Model model = Model.newInstance("deployed", "PyTorch")) {
      model.setBlock(Network.CNN_SMALL.block(10, 0));
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, 28, 28));
      Predictions got =
          BayesianPredictor.of(model, file.posterior())
              .samples(3)
              .batchNormStatistics(file.statistics().orElseThrow())
              .predict(new ImageBatches(test, input.normalisation(), 50), null);
      Predictions stored = PredictionFiles.read(run.resolve("predictions/swag-quickstart.npz"));
      for (int row = 0; row < got.rows(); row++) {
        for (int k = 0; k < 10; k++) {
          assertThat(got.probability(row, k)).isCloseTo(stored.probability(row, k), within(1e-5));
        }
      }
    }
  }
}
