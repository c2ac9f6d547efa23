package io.github.swag4j.adapters.onnx;

import io.github.swag4j.calibration.Predictions;
import java.nio.file.Path;

/** A program that averages with ONNX Runtime, to be run without DJL on its class path. */
public final class WithoutDjl {

  private WithoutDjl() {}

  /** Prints the confidence of a row, of many and alone. */
  public static void main(String[] args) throws Exception {
    OnnxBayesianPredictor predictor =
        OnnxBayesianPredictor.open(Path.of(args[0]), Path.of(args[1]))
            .session(options -> options.setIntraOpNumThreads(1));
    float[][] rows = Fixtures.rows("net.safetensors", 6);
    long[] shape = {2, 5, 5};
    Predictions predictions = predictor.predict(OnnxInputs.rows("x", rows, shape, 6), null);
    try (OnnxServingPredictor serving = predictor.serve()) {
      double alone = serving.predict(rows[3], shape).confidence();
      System.out.println(Math.abs(alone - predictions.confidence(3)) < 1e-6 ? "same" : "other");
    }
    try {
      Class.forName("ai.djl.Model");
      System.out.println("with DJL");
    } catch (ClassNotFoundException e) {
      System.out.println("without DJL");
    }
  }
}
