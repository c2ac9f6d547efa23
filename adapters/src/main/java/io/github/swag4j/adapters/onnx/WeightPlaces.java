package io.github.swag4j.adapters.onnx;

import io.github.swag4j.adapters.onnx.OnnxGraph.Initializer;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Where in a model's bytes the tensors of a posterior and of batch-norm statistics go. No
 * initializer is left as it was in silence: what the model has and neither brings is refused.
 * Constants of nodes and sparse initializers, which exporters do not make of weights, are not
 * looked at.
 */
final class WeightPlaces {
  private static final int LISTED = 6;

  private static final String REMEDY =
      ": export the model so that weights keep their names and batch norm stays, with"
          + " torch.onnx.export(..., optimize=False), or dynamo=False with"
          + " do_constant_folding=False; leavingOut(...) names what the model has and the posterior"
          + " need not bring";

  private final List<Initializer> weights;
  private final List<Initializer> statistics;

  private WeightPlaces(List<Initializer> weights, List<Initializer> statistics) {
    this.weights = weights;
    this.statistics = statistics;
  }

  /**
   * Finds the places.
   *
   * @param model the model
   * @param posterior tensors of the weights
   * @param statistics tensors of batch norm, null to leave the model's own
   * @param names the name in the model of a tensor's name
   * @param leftOut initializers of the model that stay as they are
   * @throws IllegalArgumentException if a tensor has no place of its shape, or an initializer has
   *     no tensor
   */
  static WeightPlaces of(
      OnnxModel model,
      WeightLayout posterior,
      WeightLayout statistics,
      UnaryOperator<String> names,
      Predicate<String> leftOut) {
    List<String> problems = new ArrayList<>();
    Set<String> used = new HashSet<>();
    List<Initializer> weights = find(model, posterior, names, used, problems);
    List<Initializer> norms =
        statistics == null ? List.of() : find(model, statistics, names, used, problems);
    for (Initializer initializer : model.graph().initializers().values()) {
      String name = initializer.name();
      boolean norm =
          model.graph().means().contains(name) || model.graph().variances().contains(name);
      if (initializer.isWeights()
          && !used.contains(name)
          && !leftOut.test(name)
          && !(norm && statistics == null)) {
        problems.add("the model has " + name + " " + initializer.shape() + ", for which none is");
      }
    }
    if (!problems.isEmpty()) {
      int more = problems.size() - LISTED;
      throw new IllegalArgumentException(
          "tensors of the posterior must be those of "
              + model.name()
              + ", got: "
              + String.join("; ", problems.subList(0, Math.min(LISTED, problems.size())))
              + (more > 0 ? "; and " + more + " more" : "")
              + REMEDY);
    }
    return new WeightPlaces(weights, norms);
  }

  private static List<Initializer> find(
      OnnxModel model,
      WeightLayout layout,
      UnaryOperator<String> names,
      Set<String> used,
      List<String> problems) {
    Set<String> readable = new HashSet<>();
    model.layout().tensors().forEach(t -> readable.add(t.name()));
    List<Initializer> places = new ArrayList<>();
    for (Tensor tensor : layout.tensors()) {
      String name = names.apply(tensor.name());
      Initializer place = model.graph().initializers().get(name);
      if (place == null) {
        problems.add(name + " " + tensor.shape() + " is no initializer of the model");
      } else if (!readable.contains(name)) {
        problems.add(name + " must be float32 in the model, stored in one piece");
      } else if (!place.shape().equals(tensor.shape())) {
        problems.add(name + " " + tensor.shape() + " has shape " + place.shape() + " in the model");
      } else if (!used.add(name)) {
        problems.add(name + " is given twice");
      }
      places.add(place);
    }
    return places;
  }

  /** Writes values over those of the model. */
  void write(byte[] bytes, Weights sample, Weights sampleStatistics) {
    write(bytes, weights, sample);
    if (!statistics.isEmpty()) {
      write(bytes, statistics, sampleStatistics);
    }
  }

  private static void write(byte[] bytes, List<Initializer> places, Weights values) {
    for (int t = 0; t < places.size(); t++) {
      OnnxModel.floats(bytes, places.get(t)).put(values.values(t));
    }
  }
}
