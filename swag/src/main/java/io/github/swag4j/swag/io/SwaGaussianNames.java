package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which buffers of a SWAG's state dict belong to which parameter. The class registers {@code
 * PARAMETER_mean}, {@code PARAMETER_sq_mean} and, with deviations, {@code PARAMETER_cov_mat_sqrt}
 * in the parameter's own module, below {@code base.}, or without that where nothing is below it;
 * other buffers of the network stay as they were, batch norm's {@code running_mean} among them.
 */
record SwaGaussianNames(
    StoredTensor models, String base, List<Parameter> parameters, List<String> others) {
  static final String MODELS = "n_models";

  private static final String BASE = "base.";
  private static final String MEAN = "_mean";
  private static final String SQUARE = "_sq_mean";
  private static final String ROOT = "_cov_mat_sqrt";

  /** A parameter and its buffers; root is null without deviations. */
  record Parameter(
      WeightLayout.Tensor tensor, StoredTensor mean, StoredTensor square, StoredTensor root) {}

  /** Whether a file looks like such a state dict. */
  static boolean isIn(TensorFile file) {
    Set<String> names = file.entries().keySet();
    return names.stream().anyMatch(SwaGaussianNames::isModels)
        && names.stream().anyMatch(name -> name.endsWith(SQUARE));
  }

  private static boolean isModels(String name) {
    return name.equals(MODELS) || name.endsWith("." + MODELS);
  }

  static SwaGaussianNames find(TensorFile file, Optional<String> prefix)
      throws WeightFormatException {
    Path path = file.file();
    Map<String, StoredTensor> entries = file.entries();
    List<String> found = entries.keySet().stream().filter(SwaGaussianNames::isModels).toList();
    String models =
        prefix.map(p -> p + MODELS).orElseGet(() -> found.isEmpty() ? MODELS : found.get(0));
    if (!entries.containsKey(models)) {
      throw new WeightFormatException(
          path,
          "must be a state dict of swa_gaussian's SWAG, it has no "
              + models
              + (found.isEmpty() ? "" : ", but " + found));
    }
    if (found.size() > 1 && prefix.isEmpty()) {
      throw new WeightFormatException(
          path,
          "must have one SWAG, got "
              + found
              + ": name one with SwaGaussianOptions.withPrefix(\"...\"), what stands before its"
              + " n_models");
    }
    String before = models.substring(0, models.length() - MODELS.length());
    boolean below =
        entries.keySet().stream().anyMatch(n -> n.startsWith(before + BASE) && n.endsWith(SQUARE));
    String base = below ? before + BASE : before;
    Set<String> used = new HashSet<>(Set.of(models));
    List<Parameter> parameters = new ArrayList<>();
    for (StoredTensor mean : entries.values()) {
      if (mean.name().startsWith(base) && mean.name().endsWith(MEAN)) {
        String stem = mean.name().substring(0, mean.name().length() - MEAN.length());
        if (entries.containsKey(stem + SQUARE)) {
          parameters.add(parameter(path, entries, base, stem, used));
        }
      }
    }
    for (String name : entries.keySet()) {
      if (name.endsWith(SQUARE) && name.startsWith(base) && !used.contains(name)) {
        throw new WeightFormatException(path, "tensor " + name + " must have its _mean beside it");
      }
    }
    if (parameters.isEmpty()) {
      throw new WeightFormatException(
          path,
          "must have means and square means of parameters, PARAMETER"
              + MEAN
              + " and PARAMETER"
              + SQUARE
              + (before.isEmpty() ? "" : " below " + before)
              + ", it has none");
    }
    List<String> others = entries.keySet().stream().filter(n -> !used.contains(n)).toList();
    return new SwaGaussianNames(entries.get(models), base, parameters, others);
  }

  private static Parameter parameter(
      Path path, Map<String, StoredTensor> entries, String base, String stem, Set<String> used)
      throws WeightFormatException {
    StoredTensor mean = entries.get(stem + MEAN);
    StoredTensor square = entries.get(stem + SQUARE);
    for (StoredTensor each : List.of(mean, square)) {
      if (!used.add(each.name())) {
        throw new WeightFormatException(
            path,
            "tensor "
                + each.name()
                + " is the mean of one parameter and the square mean of another, as their names"
                + " are: the class has overwritten one, rename the parameter and collect again");
      }
      if (!each.type().isReal() || !each.shape().equals(mean.shape())) {
        throw new WeightFormatException(
            path, "tensor " + each + " must be of real numbers and shape " + mean.shape());
      }
    }
    StoredTensor root = entries.get(stem + ROOT);
    if (root != null) {
      used.add(root.name());
      if (!root.type().isReal() || root.shape().size() != 2 || root.shape().get(1) != mean.size()) {
        throw new WeightFormatException(
            path, "tensor " + root + " must be of real numbers and shape [K, " + mean.size() + "]");
      }
    }
    try {
      WeightLayout.Tensor tensor =
          new WeightLayout.Tensor(stem.substring(base.length()), role(entries, stem), mean.shape());
      return new Parameter(tensor, mean, square, root);
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(path, e.getMessage());
    }
  }

  private static Role role(Map<String, StoredTensor> entries, String stem) {
    int dot = stem.lastIndexOf('.');
    boolean norm = entries.containsKey(stem.substring(0, dot + 1) + "running_mean");
    return switch (stem.substring(dot + 1)) {
      case "weight" -> norm ? Role.SCALE : Role.WEIGHT;
      case "bias" -> norm ? Role.SHIFT : Role.BIAS;
      default -> Role.OTHER;
    };
  }

  WeightLayout layout() {
    return WeightLayout.of(parameters.stream().map(Parameter::tensor).toList());
  }

  /** Whether parameters are where swa_gaussian's class has them. */
  boolean areBelowBase() {
    return base.endsWith(BASE);
  }

  /** Batch norm's buffers, which belong to the weights that were loaded last. */
  List<String> batchNorm() {
    return others.stream()
        .filter(n -> n.matches(".*running_(mean|var)|.*num_batches_tracked"))
        .toList();
  }
}
