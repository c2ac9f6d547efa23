package io.github.swag4j.swa.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;

/**
 * Sees to it that the PyTorch engine's convolutions are right. PyTorch leaves them to oneDNN, which
 * makes code for the processor it finds; version 3.7.1, in PyTorch 2.7.1, makes wrong code on some.
 * Where channels do not fill its blocks of 8 or 16, outputs and gradients lack terms without a
 * word, and turn to NaN now and then, because memory that nobody wrote comes in.
 *
 * <p>So a few small convolutions and their gradients are computed once and compared with their
 * definition, in whole numbers, where both are exact. If all agree, nothing is changed. If one
 * differs, oneDNN is switched off, through PyTorch's own switch (JNA), and the comparison made
 * again. PyTorch's own convolutions took 1.3 to 1.7 times as long a training step with one thread.
 *
 * <p>oneDNN is switched on again for models whose own convolutions it gets right. Each of them is
 * computed both ways, in whole numbers: outputs in training and inference, gradients by inputs,
 * weights and bias; with the rows and the size the model was initialised with, several others, and
 * both orders of memory. It is off again, and stays off, from the first model on that has one which
 * differs, or layers that cannot be checked: TorchScript modules, groups, transposed convolutions,
 * recurrent layers, layers of one's own with a parameter of two axes or more; or that predicts
 * inputs of another size than it was initialised with. What was on before has been right: models at
 * work become slower. A model without values is waited for with oneDNN off.
 *
 * <p>The switch is the process's, and models that this library never sees are not checked: a
 * program that computes with DJL alone too gives them to {@link #verified(Block)}, or calls {@link
 * #verified(Engine)}. Code without registered blocks, a lambda with constant weights, is not seen.
 * Safe for use by several threads.
 */
public final class EngineConvolutions {
  static final String REMEDY =
      "start the program with ONEDNN_MAX_CPU_ISA=SSE41 in its environment, or on another machine";

  private static final String PYTORCH = "PyTorch";

  private static volatile ConvolutionTrust trust;

  private EngineConvolutions() {}

  /**
   * Makes convolutions of every kind right: switches oneDNN off for good where one of a few is
   * wrong. For a program that computes with DJL alone. Does nothing for other engines.
   *
   * @param engine the engine that is in use
   * @throws IllegalStateException if convolutions are wrong and oneDNN cannot be switched off, or
   *     they are wrong without it
   */
  public static void verified(Engine engine) {
    if (PYTORCH.equals(engine.getEngineName())) {
      trust(engine).requireAll();
    }
  }

  /**
   * Makes a model's convolutions right: switches oneDNN off if it computes one of them wrongly, and
   * leaves it on otherwise, see the class. The library calls it when its own classes are first used
   * with a model or trainer; a program that computes with DJL alone before that calls it first. One
   * that has no values yet keeps oneDNN off where it is wrong in places, until the next call.
   *
   * @param block a model
   * @throws IllegalStateException if convolutions are wrong and oneDNN cannot be switched off, or
   *     they are wrong without it
   */
  public static void verified(Block block) {
    for (Parameter parameter : block.getParameters().values()) {
      if (parameter.isInitialized()) {
        verified(parameter.getArray().getManager().getEngine(), block);
        return;
      }
    }
    if (!block.getParameters().isEmpty()) {
      verified(Engine.getInstance(), block);
    }
  }

  /** A model that may have no values yet. */
  static void verified(Engine engine, Block block) {
    if (block != null && PYTORCH.equals(engine.getEngineName())) {
      trust(engine).require(block);
    }
  }

  /** Looks at inputs of a model that was verified. */
  static void verifiedSize(Block block, Shape inputs) {
    ConvolutionTrust known = trust;
    if (known != null && known.isChecked() && block.isInitialized()) {
      Shape[] declared = block.getInputShapes();
      if (declared != null && declared.length > 0) {
        known.requireSize(block, declared[0].getShape(), inputs.getShape());
      }
    }
  }

  private static synchronized ConvolutionTrust trust(Engine engine) {
    if (trust == null) {
      trust = new ConvolutionTrust(new Torch(engine));
    }
    return trust;
  }

  /** The engine of this process. */
  private record Torch(Engine engine) implements ConvolutionTrust.Machine {

    @Override
    public String firstWrong() {
      return ConvolutionProbe.firstWrong(engine);
    }

    @Override
    public String wrongBeside() {
      return ActivationComparison.firstWrong(engine);
    }

    @Override
    public String wrong(ConvolutionShape shape) {
      return ConvolutionComparison.firstWrong(engine, shape);
    }

    @Override
    public void leaveToOneDnn(boolean on) {
      try {
        OneDnn.set(on);
      } catch (LinkageError e) {
        throw new IllegalStateException(
            "the engine's convolutions must be right, they are not and oneDNN cannot be switched"
                + " off: "
                + REMEDY,
            e);
      }
    }

    @Override
    public int threads() {
      return TorchEngine.threads();
    }
  }
}
