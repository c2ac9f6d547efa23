package io.github.swag4j.vision.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.djl.EngineConvolutions;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.CifarFiles;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** PreResNet-20 of the articles' program and ours, from the same weights on the same files. */
class GoldenTrainingTest {
  private static final int BATCH = 32;

  @Test
  void anEpochOfPreResNet20HasPyTorchsLosses() throws IOException {
    EngineConvolutions.verified(Engine.getEngine("PyTorch"));
    JsonObject golden = NetworksTest.golden("training.json");
    ImageData train =
        CifarFiles.read("cifar10", NetworksTest.GOLDEN.resolve("cifar10"), Split.TRAIN);
    Normalisation normalisation = Normalisation.of(train);
    for (int c = 0; c < 3; c++) {
      assertThat(normalisation.mean().get(c))
          .isCloseTo(golden.getAsJsonArray("mean").get(c).getAsDouble(), within(1e-7));
    }
    ImageBatches batches = new ImageBatches(train, normalisation, BATCH);
    try (Model model = Model.newInstance("preresnet20", Device.cpu(), "PyTorch")) {
      model.setBlock(Network.PRERESNET20.block(10, 0));
      model
          .getBlock()
          .initialize(
              model.getNDManager(), DataType.FLOAT32, ImageBatches.inputShape(train.imageSize()));
      takeWeights(model, golden.getAsJsonArray("names"));
      assertLogits(model, batches, golden.getAsJsonArray("logits_before"));
      List<Double> losses = epoch(model, batches);
      JsonArray expected = golden.getAsJsonArray("losses");
      assertThat(losses).hasSize(expected.size());
      double sum = 0;
      for (int i = 0; i < losses.size(); i++) {
        assertThat(losses.get(i)).isCloseTo(expected.get(i).getAsDouble(), within(1e-4));
        sum += losses.get(i);
      }
      assertThat(sum / losses.size())
          .isCloseTo(golden.get("epoch_loss").getAsDouble(), within(1e-4));
    }
  }

  /** Our weights are in the order of the original's parameters. */
  private static void takeWeights(Model model, JsonArray names) throws IOException {
    ModelWeights weights = ModelWeights.of(model.getBlock());
    WeightLayout layout = weights.layout();
    float[][] values = new float[layout.tensors().size()][];
    assertThat(values).hasNumberOfRows(names.size());
    try (SafeTensors file =
        SafeTensors.open(NetworksTest.GOLDEN.resolve("preresnet20.safetensors"))) {
      for (int t = 0; t < values.length; t++) {
        file.requireShape(names.get(t).getAsString(), layout.tensors().get(t).shape());
        values[t] = halves(file, names.get(t).getAsString());
      }
    }
    weights.write(Weights.of(layout, values));
  }

  /** A tensor of float16, as the golden file has them to be small; none is infinite. */
  private static float[] halves(SafeTensors file, String name) throws IOException {
    StoredTensor tensor = file.entries().get(name);
    int count = (int) tensor.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    file.read(tensor, 0, bytes);
    bytes.flip();
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int half = bytes.getShort() & 0xffff;
      int exponent = half >> 10 & 31;
      double fraction = (half & 1023) / 1024.0;
      double size =
          exponent == 0 ? fraction * 0x1p-14 : (1 + fraction) * Math.scalb(1.0, exponent - 15);
      values[i] = (float) (half >> 15 == 0 ? size : -size);
    }
    return values;
  }

  private static void assertLogits(Model model, ImageBatches batches, JsonArray expected) {
    try (Trainer trainer = trainer(model)) {
      batches.forEach(
          trainer.getManager(),
          IntStream.range(0, expected.size()).toArray(),
          (inputs, labels) -> {
            NDArray logits = trainer.evaluate(new NDList(inputs)).singletonOrThrow();
            for (int r = 0; r < expected.size(); r++) {
              float[] row = logits.get(r).toFloatArray();
              for (int c = 0; c < row.length; c++) {
                assertThat((double) row[c])
                    .isCloseTo(expected.get(r).getAsJsonArray().get(c).getAsDouble(), within(1e-4));
              }
            }
          });
    }
  }

  private static List<Double> epoch(Model model, ImageBatches batches) {
    List<Double> losses = new ArrayList<>();
    try (Trainer trainer = trainer(model)) {
      batches.forEach(
          trainer.getManager(),
          IntStream.range(0, batches.size()).toArray(),
          (inputs, labels) -> {
            try (GradientCollector collector = trainer.newGradientCollector()) {
              NDList outputs = trainer.forward(new NDList(inputs));
              NDArray loss = trainer.getLoss().evaluate(new NDList(labels), outputs);
              collector.backward(loss);
              losses.add((double) loss.getFloat());
            }
            trainer.step();
          });
    }
    return losses;
  }

  private static Trainer trainer(Model model) {
    return model.newTrainer(
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(
                TorchSgd.builder()
                    .setLearningRateTracker(Tracker.fixed(0.05f))
                    .optMomentum(0.9f)
                    .optWeightDecays(3e-4f)
                    .build()));
  }
}
