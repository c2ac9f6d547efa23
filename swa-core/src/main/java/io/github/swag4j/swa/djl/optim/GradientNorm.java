package io.github.swag4j.swa.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Clips all gradients by their common norm before each step, as torch.nn.utils.clip_grad_norm_: if
 * the Euclidean norm of all gradients together is above {@code maxNorm}, they are multiplied by
 * maxNorm / (norm + 1e-6).
 *
 * <p>An optimiser in DJL sees one parameter at a time. DJL's loop calls {@code onTrainingBatch}
 * after the backward pass and before the step, so as a listener this works in EasyTrain; a loop of
 * one's own may call {@link #clip} there. For training on one device.
 *
 * @see <a href="https://arxiv.org/abs/1211.5063">Pascanu et al. 2013, algorithm 1</a>
 */
public final class GradientNorm extends TrainingListenerAdapter {
  private final double maxNorm;
  private double last = Double.NaN;

  private GradientNorm(double maxNorm) {
    this.maxNorm = maxNorm;
  }

  /**
   * A listener that clips.
   *
   * @param maxNorm the largest norm, above 0
   * @return the listener, for {@code TrainingConfig.addTrainingListeners}
   * @throws IllegalArgumentException if it is not above 0
   */
  public static GradientNorm clippedTo(double maxNorm) {
    requireMaxNorm(maxNorm);
    return new GradientNorm(maxNorm);
  }

  /**
   * The norm before clipping in the last step.
   *
   * @return the norm, NaN before any
   */
  public double last() {
    return last;
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    if (trainer.getDevices().length != 1) {
      throw new IllegalStateException(
          "gradients are clipped on one device, got "
              + trainer.getDevices().length
              + ": give the TrainingConfig optDevices with one");
    }
    last = clip(trainer.getModel().getBlock(), maxNorm);
  }

  /**
   * Clips the gradients a backward pass left.
   *
   * @param model the model
   * @param maxNorm the largest norm, above 0
   * @return the norm before clipping
   * @throws IllegalArgumentException if maxNorm is not above 0
   * @throws IllegalStateException if the norm is not finite; gradients are as they were then
   */
  public static double clip(Block model, double maxNorm) {
    requireMaxNorm(maxNorm);
    double squares = 0;
    float[] block = new float[ParameterBlocks.SIZE];
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Parameter parameter : model.getParameters().values()) {
      if (hasGradient(parameter) && seen.add(parameter)) {
        try (NDArray gradient = parameter.getArray().getGradient()) {
          squares += squares(TensorMemory.view(gradient), block);
        }
      }
    }
    double norm = Math.sqrt(squares);
    if (!Double.isFinite(norm)) {
      throw new IllegalStateException(
          "the norm of the gradients must be finite, got " + norm + ": lower the learning rate");
    }
    double factor = maxNorm / (norm + 1e-6);
    if (factor < 1) {
      for (Parameter parameter : seen) {
        try (NDArray gradient = parameter.getArray().getGradient()) {
          gradient.muli((float) factor);
        }
      }
    }
    return norm;
  }

  private static boolean hasGradient(Parameter parameter) {
    return parameter.isInitialized()
        && parameter.requiresGradient()
        && parameter.getArray().hasGradient();
  }

  private static double squares(FloatBuffer values, float[] block) {
    double sum = 0;
    for (int from = 0; from < values.capacity(); from += block.length) {
      int length = Math.min(block.length, values.capacity() - from);
      values.get(from, block, 0, length);
      for (int i = 0; i < length; i++) {
        sum += (double) block[i] * block[i];
      }
    }
    return sum;
  }

  private static void requireMaxNorm(double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException("maxNorm must be above 0, got " + maxNorm);
    }
  }
}
