package io.github.swag4j.vision.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.djl.EngineConvolutions;
import io.github.swag4j.swa.djl.ModelWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NetworksTest {
  static final Path GOLDEN = Path.of("src/test/resources/io/github/swag4j/vision/golden");
  private static final Shape CIFAR = new Shape(1, 3, 32, 32);

  @BeforeAll
  static void checkTheEngine() {
    EngineConvolutions.verified(Engine.getEngine("PyTorch"));
  }

  static JsonObject golden(String file) throws IOException {
    return JsonParser.parseString(Files.readString(GOLDEN.resolve(file), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  @Test
  void numbersOfWeightsAreThoseOfThePythonOriginals() throws IOException {
    for (Map.Entry<String, JsonElement> e : golden("counts.json").entrySet()) {
      assertThat(weights(Network.named(e.getKey()).orElseThrow(), 10))
          .as(e.getKey())
          .isEqualTo(e.getValue().getAsJsonObject().get("10").getAsLong());
    }
    assertThat(weights(Network.PRERESNET20, 100))
        .isEqualTo(golden("counts.json").getAsJsonObject("preresnet20").get("100").getAsLong());
  }

  /** Python's numbers, so that a changed golden file does not carry the test with it. */
  @Test
  void vgg16HasTheWeightsThatIzmailovsHas() {
    assertThat(weights(Network.VGG16, 10)).isEqualTo(15_245_130);
    assertThat(weights(Network.CNN_SMALL, 10)).isEqualTo(432 + 4_608 + 18_432 + 224 + 10_250);
    assertThat(weights(Network.MLP, 10)).isEqualTo(786_688 + 32_896 + 1_290);
  }

  private static long weights(Network network, int classes) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = network.block(classes, 0);
      block.initialize(manager, DataType.FLOAT32, CIFAR);
      return ModelWeights.of(block).layout().size();
    }
  }

  @Test
  void dropoutAddsNoWeights() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Network network :
          new Network[] {Network.VGG16_BN, Network.PRERESNET20, Network.PRERESNET56}) {
        Block block = network.block(10, 0.05);
        block.initialize(manager, DataType.FLOAT32, CIFAR);
        assertThat(ModelWeights.of(block).layout().size()).isEqualTo(weights(network, 10));
      }
    }
  }

  @Test
  void convolutionsBeginWithTheSpreadOfTheOriginals() {
    Engine.getEngine("PyTorch").setRandomSeed(5);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Networks.preResNet(20, 10, 0);
      block.initialize(manager, DataType.FLOAT32, CIFAR);
      for (Pair<String, Parameter> p : block.getParameters()) {
        NDArray array = p.getValue().getArray();
        Shape shape = array.getShape();
        if (shape.dimension() == 4 && shape.get(2) == 3 && shape.size() > 9_000) {
          float[] values = array.toFloatArray();
          double sum = 0;
          for (float v : values) {
            sum += (double) v * v;
          }
          // Of n normal numbers the mean square has a relative deviation of sqrt(2 / n): five.
          assertThat(sum / values.length)
              .isCloseTo(
                  2.0 / (9 * shape.get(0)),
                  within(5 * Math.sqrt(2.0 / values.length) * 2 / (9 * shape.get(0))));
        }
        if (p.getValue().getType() == Parameter.Type.BIAS) {
          assertThat(Math.abs(array.max().getFloat())).isBetween(1e-3f, 1 / 8f);
        }
      }
    }
  }

  @Test
  void residualNetworksTakeOtherSizesAndGreyImages() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Block block :
          new Block[] {Networks.preResNet(8, 3, 0), Networks.wideResNet(10, 1, 3, 0.1)}) {
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 28, 20));
        NDList out =
            block.forward(
                new ParameterStore(manager, false),
                new NDList(manager.ones(new Shape(2, 3, 28, 20))),
                false);
        assertThat(out.singletonOrThrow().getShape()).isEqualTo(new Shape(2, 3));
      }
    }
  }

  @Test
  void sizesThatANetworkCannotTakeAreRefusedWithThoseItCan() {
    assertThatThrownBy(() -> Network.VGG16.requireImageSize(28, 28))
        .hasMessageContaining("at least 32 x 32 for vgg16, got 28 x 28");
    assertThatThrownBy(() -> Network.VGG16_BN.requireImageSize(64, 64))
        .hasMessageContaining("at most 63 x 63 for vgg16-bn, got 64 x 64");
    Network.PRERESNET110.requireImageSize(64, 48);
    assertThatThrownBy(() -> Networks.preResNet(50, 10, 0)).hasMessageContaining("9 n + 2");
    assertThatThrownBy(() -> Networks.wideResNet(27, 10, 10, 0)).hasMessageContaining("6 n + 4");
    assertThatThrownBy(() -> Networks.cnn(10, 1, 3)).hasMessageContaining("dropout");
    assertThatThrownBy(() -> Networks.cnn(0, 0, 3)).hasMessageContaining("classes");
    assertThatThrownBy(() -> Networks.mlp(2, 0, 0)).hasMessageContaining("widths");
  }
}
