package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds the batch-norm layers of a block and its children, whatever they are made of. */
final class BatchNormLayers {
  private final List<BatchNormLayer> layers = new ArrayList<>();
  private final long blockRows;
  private final Function<Parameter, NDArray> values;

  private BatchNormLayers(long blockRows, Function<Parameter, NDArray> values) {
    this.values = values;
    this.blockRows = blockRows;
  }

  /**
   * The layers in order.
   *
   * @param inputs the block's input shapes
   * @param values the array of each parameter
   * @throws IllegalStateException if a layer does not know how many values reach it
   */
  static List<BatchNormLayer> of(Block block, Shape[] inputs, Function<Parameter, NDArray> values) {
    boolean known = inputs.length > 0 && inputs[0].dimension() > 0;
    BatchNormLayers found = new BatchNormLayers(known ? inputs[0].get(0) : 0, values);
    found.add("", block);
    return found.layers;
  }

  private void add(String prefix, Block block) {
    if (block instanceof SymbolBlock) {
      addModule(prefix, block);
      return;
    }
    Parameter mean = null;
    Parameter variance = null;
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (parameter.getType() == Parameter.Type.RUNNING_MEAN) {
        mean = parameter;
      } else if (parameter.getType() == Parameter.Type.RUNNING_VAR) {
        variance = parameter;
      }
    }
    if (mean != null && variance != null) {
      layers.add(
          new EngineBatchNorm(
              prefix,
              mean,
              values.apply(mean),
              values.apply(variance),
              seen(prefix, block),
              blockRows));
    }
    for (Pair<String, Block> child : block.getChildren()) {
      add(prefix + "/" + child.getKey(), child.getValue());
    }
  }

  private void addModule(String prefix, Block module) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    module.getDirectParameters().forEach(p -> parameters.put(p.getKey(), p.getValue()));
    String mean = "running_mean";
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.getType() == Parameter.Type.RUNNING_MEAN && name.endsWith(mean)) {
            String layer = name.substring(0, name.length() - mean.length());
            Parameter variance = parameters.get(layer + "running_var");
            String path = layer.isEmpty() ? layer : layer.substring(0, layer.length() - 1);
            layers.add(
                new ScriptBatchNorm(
                    prefix + "/" + path, values.apply(parameter), values.apply(variance)));
          }
        });
  }

  private static Shape seen(String name, Block layer) {
    Shape[] inputs = layer.getInputShapes();
    if (inputs.length == 0 || inputs[0].dimension() < 2) {
      throw new IllegalStateException(
          "batch-norm layer "
              + name
              + " does not know its input shape: initialise the block with"
              + " the shape of its input");
    }
    return inputs[0];
  }
}
