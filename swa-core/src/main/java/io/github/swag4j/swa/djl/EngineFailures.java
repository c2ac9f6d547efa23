package io.github.swag4j.swa.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the engine says of a batch it cannot run, in words that name the batch. */
final class EngineFailures {

  private EngineFailures() {}

  /**
   * Runs a forward pass.
   *
   * @throws IllegalArgumentException if the engine fails, with the shapes and types of the batch
   */
  static NDList explained(NDList batch, Supplier<NDList> forward) {
    try {
      return forward.get();
    } catch (EngineException | IllegalStateException | IndexOutOfBoundsException e) {
      String said = String.valueOf(e.getMessage()).strip();
      String remedy =
          batch.stream().anyMatch(a -> a.getDataType() == DataType.FLOAT64)
              ? ": weights are FLOAT32, convert the inputs with toType(DataType.FLOAT32, false)"
              : ": give batches of the shape and type the model takes";
      throw new IllegalArgumentException(
          "the model could not run a batch of "
              + describe(batch)
              + ", the engine says \""
              + said.lines().findFirst().orElse("nothing")
              + "\""
              + remedy,
          e);
    }
  }

  private static String describe(List<NDArray> batch) {
    return batch.stream()
        .map(a -> a.getDataType().name() + " " + a.getShape())
        .collect(Collectors.joining(" and "));
  }

  /**
   * Checks inputs before they are blamed on the weights.
   *
   * @throws IllegalArgumentException if a float32 input is not finite
   */
  static void requireFinite(NDList batch, long firstRow) {
    for (NDArray array : batch) {
      if (array.getDataType() != DataType.FLOAT32 || array.isEmpty()) {
        continue;
      }
      float[] values = array.toFloatArray();
      long rows = array.getShape().dimension() == 0 ? 1 : array.getShape().get(0);
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "inputs must be finite, got "
                  + values[i]
                  + " in row "
                  + (firstRow + i / (values.length / rows))
                  + ": clean the data");
        }
      }
    }
  }
}
