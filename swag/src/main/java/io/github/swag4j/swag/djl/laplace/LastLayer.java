package io.github.swag4j.swag.djl.laplace;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import java.util.List;

/**
 * The linear layer whose outputs are a model's logits. That it is the last one is not taken on
 * trust: {@link FeaturePass} computes the logits from its inputs and holds them against the
 * model's.
 *
 * @param model the whole model
 * @param layer the layer's geometry and its tensors' names in the model's layout
 * @param linear the block; null inside a TorchScript module, where only tensors are to be seen
 */
record LastLayer(Block model, LaplaceLayer layer, Block linear) {

  /**
   * Finds the layer: the last block in order that has parameters.
   *
   * @throws IllegalArgumentException if that is no linear layer, or its weights are used elsewhere
   */
  static LastLayer of(Block model) {
    WeightLayout layout = ModelWeights.of(model).layout();
    Block last = lastWithParameters(model);
    if (last instanceof SymbolBlock) {
      return new LastLayer(model, lastMatrix(layout), null);
    }
    if (!(last instanceof Linear)) {
      throw new IllegalArgumentException(
          "the last layer with parameters must be a Linear, got "
              + last.getClass().getSimpleName()
              + ": last-layer Laplace needs a model that ends in one; use DiagonalLaplace, or"
              + " BayesianPredictor with another posterior");
    }
    Parameter weight = last.getDirectParameters().get("weight");
    Parameter bias =
        last.getDirectParameters().contains("bias") ? last.getDirectParameters().get("bias") : null;
    String weightName = nameOf(model, weight);
    List<Long> shape = shapeOf(layout, weightName);
    return new LastLayer(
        model,
        new LaplaceLayer(
            layerName(weightName),
            weightName,
            bias == null || !bias.isInitialized() ? null : nameOf(model, bias),
            Math.toIntExact(shape.get(0)),
            Math.toIntExact(shape.get(1))),
        last);
  }

  private static Block lastWithParameters(Block block) {
    List<Block> children = block.getChildren().values();
    for (int i = children.size() - 1; i >= 0; i--) {
      if (!children.get(i).getParameters().isEmpty()) {
        return lastWithParameters(children.get(i));
      }
    }
    return block;
  }

  /** A parameter's only name in the model. */
  static String nameOf(Block model, Parameter parameter) {
    String name = null;
    for (Pair<String, Parameter> pair : model.getParameters()) {
      if (pair.getValue().equals(parameter)) {
        if (name != null) {
          throw new IllegalArgumentException(
              "the curvature of one layer needs weights of that layer alone, "
                  + name
                  + " and "
                  + pair.getKey()
                  + " are tied: use DiagonalLaplace, which adds up all uses");
        }
        name = pair.getKey();
      }
    }
    if (name == null) {
      throw new IllegalArgumentException(
          "the model must have the parameter " + parameter.getName());
    }
    return name;
  }

  /** What a weight tensor's layer is called. */
  static String layerName(String weight) {
    String stem = weight.replaceAll("[._]?weight$", "");
    return stem.isEmpty() ? weight : stem;
  }

  private static List<Long> shapeOf(WeightLayout layout, String name) {
    return layout.tensors().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow()
        .shape();
  }

  /** TorchScript names no layers: its last matrix is tried. */
  private static LaplaceLayer lastMatrix(WeightLayout layout) {
    for (int t = layout.tensors().size() - 1; t >= 0; t--) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      if (tensor.role() == Role.WEIGHT
          && tensor.shape().size() == 2
          && tensor.name().endsWith("weight")) {
        String stem = tensor.name().substring(0, tensor.name().length() - "weight".length());
        boolean hasBias =
            layout.tensors().stream()
                .anyMatch(
                    b ->
                        b.name().equals(stem + "bias")
                            && b.shape().equals(tensor.shape().subList(0, 1)));
        return new LaplaceLayer(
            layerName(tensor.name()),
            tensor.name(),
            hasBias ? stem + "bias" : null,
            Math.toIntExact(tensor.shape().get(0)),
            Math.toIntExact(tensor.shape().get(1)));
      }
    }
    throw new IllegalArgumentException(
        "the TorchScript module must have a linear layer at its end, got no matrix among "
            + layout);
  }
}
