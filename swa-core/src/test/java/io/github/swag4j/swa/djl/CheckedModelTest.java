package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.weights.Weights;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The engine itself, in processes of their own because the switch is a process's. */
class CheckedModelTest {
  private static final int ROWS = 16;
  private static final int STEPS = 4;

  /** Trains good channels through the listener, then others, and prints what the switch says. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      EngineDefaults.apply();
      Engine engine = Engine.getEngine("PyTorch");
      System.out.println("doubted=" + (ConvolutionProbe.firstWrong(engine) != null));
      train(true, 32, 64, 128);
      System.out.println("good=" + isOn());
      float difference = largestDifference(24, 16);
      System.out.println("bad=" + isOn());
      System.out.println("difference=" + difference);
    }
  }

  /** PyTorch's own answer. */
  private static boolean isOn() {
    NativeLibrary torch =
        NativeLibrary.getInstance(TorchEngine.directory().resolve("libtorch_cpu.so").toString());
    Pointer context = torch.getFunction("_ZN2at13globalContextEv").invokePointer(new Object[0]);
    return (torch
                .getFunction("_ZNK2at7Context17userEnabledMkldnnEv")
                .invokeInt(new Object[] {context})
            & 1)
        == 1;
  }

  /** Outputs of ones against their definition, once the library has seen the model. */
  private static float largestDifference(int in, int out) {
    Block block = convolution(out);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      block.initialize(manager, DataType.FLOAT32, new Shape(3, in, 9, 9));
      for (Parameter parameter : block.getParameters().values()) {
        parameter.getArray().set(new float[(int) parameter.getArray().size()]);
        parameter.getArray().addi(manager.create(1f));
      }
      float largest = 0;
      try (InferencePass pass = InferencePass.of(block)) {
        float[] values =
            pass.run(new NDList(pass.manager().ones(new Shape(3, in, 9, 9)))).toFloatArray();
        for (int i = 0; i < values.length; i++) {
          int row = i / 9 % 9;
          int column = i % 9;
          float terms = in * (row == 0 || row == 8 ? 2 : 3) * (column == 0 || column == 8 ? 2 : 3);
          largest = Math.max(largest, Math.abs(values[i] - terms));
        }
      }
      return largest;
    }
  }

  private static Block convolution(int channels) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(channels)
        .optPadding(new Shape(1, 1))
        .optBias(false)
        .build();
  }

  /** Without ReLU and maxima, where rounding alone turns a whole term on or off now and then. */
  private static List<Weights> train(boolean listener, int... channels) {
    SequentialBlock block = new SequentialBlock();
    for (int each : channels) {
      block
          .add(convolution(each))
          .add(BatchNorm.builder().build())
          .add(Activation::tanh)
          .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
    }
    block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(10).build());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                TorchSgd.builder()
                    .setLearningRateTracker(Tracker.fixed(0.01f))
                    .optMomentum(0.9f)
                    .build())
            .optDevices(new Device[] {Device.cpu()});
    if (listener) {
      config.addTrainingListeners(
          SwaTrainingListener.of(WeightAverage.uniform(AveragingPlan.epochs())));
    }
    List<Weights> gradients = new ArrayList<>();
    try (Model model = Model.newInstance("cnn", Device.cpu(), "PyTorch")) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(ROWS, 1, 28, 28));
        Random random = new Random(3);
        fill(block, random);
        for (int step = 0; step < STEPS; step++) {
          step(trainer, random);
          gradients.add(
              Weights.copyOf(
                  ModelWeights.of(block, Selection.weights(), p -> p.getArray().getGradient())));
          trainer.notifyListeners(each -> each.onTrainingBatch(trainer, null));
          trainer.step();
        }
        trainer.notifyListeners(each -> each.onEpoch(trainer));
      }
    }
    return gradients;
  }

  /** Scaled as usual; the engine's own random numbers are not asked. */
  private static void fill(Block block, Random random) {
    for (Parameter parameter : block.getParameters().values()) {
      if (parameter.getType() == Parameter.Type.WEIGHT) {
        NDArray array = parameter.getArray();
        float[] values = new float[(int) array.size()];
        double scale = Math.sqrt(2.0 * array.getShape().get(0) / values.length);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (scale * random.nextGaussian());
        }
        array.set(values);
      }
    }
  }

  private static void step(Trainer trainer, Random random) {
    float[] x = new float[ROWS * 28 * 28];
    float[] y = new float[ROWS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      y[i] = i % 10;
    }
    try (NDManager batch = trainer.getManager().newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      NDArray inputs = batch.create(x, new Shape(ROWS, 1, 28, 28));
      NDArray targets = batch.create(y, new Shape(ROWS));
      collector.backward(
          trainer.getLoss().evaluate(new NDList(targets), trainer.forward(new NDList(inputs))));
    }
  }

  private static String run(String... properties) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(properties));
    command.add("-Dai.djl.offline=true");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Program.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void channelsThatFillBlocksLeaveOneDnnOnAndOthersSwitchItOffWhereItIsWrong() throws Exception {
    String said = run("-Dai.djl.pytorch.num_threads=1");
    assertThat(said).contains("good=true", "difference=0.0");
    if (said.contains("doubted=true")) {
      assertThat(said)
          .contains("bad=false")
          .containsOnlyOnce("oneDNN stays on: every convolution of this model was checked")
          .containsOnlyOnce("is switched off")
          .contains("24 channels in and 16 out");
    } else {
      assertThat(said).contains("bad=true").doesNotContain("oneDNN");
    }
  }

  /** Largest absolute difference over the largest absolute value. */
  private static double difference(Weights a, Weights b) {
    double difference = 0;
    double largest = 0;
    for (int t = 0; t < a.layout().tensors().size(); t++) {
      for (int i = 0; i < a.values(t).limit(); i++) {
        difference = Math.max(difference, Math.abs(a.values(t).get(i) - b.values(t).get(i)));
        largest = Math.max(largest, Math.abs(a.values(t).get(i)));
      }
    }
    return difference / largest;
  }

  @Test
  void gradientsOfTrainingAreThoseOfPyTorchsOwnConvolutions() {
    List<Weights> with;
    List<Weights> without;
    EngineConvolutions.verified(Engine.getEngine("PyTorch"));
    try {
      OneDnn.set(true);
      with = train(false, 32, 64, 128);
    } finally {
      OneDnn.set(false);
    }
    without = train(false, 32, 64, 128);
    for (int step = 0; step < STEPS; step++) {
      assertThat(difference(with.get(step), without.get(step)))
          .as("step %d", step)
          .isLessThan(1e-5);
    }
  }
}
