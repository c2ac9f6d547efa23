package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/**
 * GELU computed by oneDNN and by PyTorch's own code: beside convolutions and LSTM the only float32
 * operation of PyTorch 2.7.1 that is left to oneDNN, and one that can be in any block unseen.
 */
final class ActivationComparison {
  private static final int LONGEST = 100;

  /** Both approximate the error function, to about 1e-6; a term that is missing shows far above. */
  private static final float TOLERANCE = 1e-4f;

  private ActivationComparison() {}

  /**
   * Compares; oneDNN is off afterwards.
   *
   * @return what differs, or null
   */
  static String firstWrong(Engine engine) {
    for (int size = 1; size <= LONGEST; size++) {
      try (NDManager manager = engine.newBaseManager(Device.cpu())) {
        OneDnn.set(false);
        float[] right = compute(manager, size);
        OneDnn.set(true);
        float[] values = compute(manager, size);
        for (int i = 0; i < right.length; i++) {
          if (!(Math.abs(values[i] - right[i]) <= TOLERANCE)) {
            return "wrong GELU of " + size + " numbers";
          }
        }
      } finally {
        OneDnn.set(false);
      }
    }
    return null;
  }

  /** Values and gradients. */
  private static float[] compute(NDManager manager, int size) {
    NDArray x = manager.create(ConvolutionProbe.whole(size, size), new Shape(size));
    float[] both = new float[2 * size];
    TorchEngine.recorded(
        () -> {
          x.setRequiresGradient(true);
          NDArray y = Activation.gelu(x);
          TorchEngine.backward(y, manager.create(ConvolutionProbe.whole(size, 3), new Shape(size)));
          System.arraycopy(y.toFloatArray(), 0, both, 0, size);
        });
    System.arraycopy(x.getGradient().toFloatArray(), 0, both, size, size);
    return both;
  }
}
