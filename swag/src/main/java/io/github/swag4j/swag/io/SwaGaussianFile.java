package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.SwagPosterior.Centre;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A posterior that Python collected: the {@code state_dict} of swa_gaussian's SWAG class, saved by
 * {@code torch.save} (alone or in a checkpoint) or by safetensors. Nothing in the file is executed.
 *
 * <p>The state dict does not say everything; what was taken for granted stands in {@link
 * #assumptions}. Where two readings would draw from different distributions, the file is refused
 * until {@link SwaGaussianOptions} settle it. The values are read to the heap, (K + 2) * 4 bytes a
 * weight. Immutable.
 *
 * @see <a href="https://github.com/wjmaddox/swa_gaussian">wjmaddox/swa_gaussian</a>
 */
public final class SwaGaussianFile {
  private final Path file;
  private final boolean keepsOrder;
  private final SwagPosterior posterior;
  private final long clamped;
  private final long uncertain;
  private final List<String> assumptions;

  private SwaGaussianFile(
      Path file,
      boolean keepsOrder,
      SwagPosterior posterior,
      long clamped,
      long uncertain,
      List<String> assumptions) {
    this.file = file;
    this.keepsOrder = keepsOrder;
    this.posterior = posterior;
    this.clamped = clamped;
    this.uncertain = uncertain;
    this.assumptions = List.copyOf(assumptions);
  }

  /**
   * Whether an open file of weights looks like one.
   *
   * @param file the file
   * @return true if it has {@code n_models} and square means
   */
  public static boolean isIn(TensorFile file) {
    return SwaGaussianNames.isIn(file);
  }

  /**
   * Reads a state dict that needs no explanation.
   *
   * @param file the file
   * @return what it holds
   * @throws WeightFormatException if it holds no such state dict, is damaged, or can be read in two
   *     ways
   * @throws IOException if reading fails
   */
  public static SwaGaussianFile read(Path file) throws IOException {
    return read(file, SwaGaussianOptions.defaults());
  }

  /**
   * Reads a state dict.
   *
   * @param file the file
   * @param options what it does not say
   * @return what it holds
   * @throws WeightFormatException if it holds no such state dict, is damaged, or can be read in two
   *     ways
   * @throws IOException if reading fails
   */
  public static SwaGaussianFile read(Path file, SwaGaussianOptions options) throws IOException {
    try (TensorFile opened = WeightFiles.open(file, options.key())) {
      SwaGaussianNames names = SwaGaussianNames.find(opened, options.prefix());
      long models = SwaGaussianMoments.models(opened, names.models());
      if (models < 2) {
        throw new WeightFormatException(
            file, "n_models must be at least 2, got " + models + ": collect more");
      }
      int rows = rows(file, names, options, models);
      int divisor = divisor(file, rows, options, models);
      // A sample of this library divides by the columns there are; theirs by max_num_models.
      double factor = rows == divisor ? 1 : Math.sqrt((rows - 1.0) / (divisor - 1.0));
      SwaGaussianMoments moments =
          new SwaGaussianMoments(opened, names, rows, factor, options.varianceClamp());
      WeightLayout layout = names.layout();
      List<Weights> columns = new ArrayList<>();
      for (float[][] column : moments.columns) {
        columns.add(Weights.adopt(layout, column));
      }
      double scale =
          options
              .scale()
              .orElse(rows == 0 ? SwagPosterior.DIAGONAL_SCALE : SwagPosterior.LOW_RANK_SCALE);
      SwagPosterior posterior =
          new SwagPosterior(
              new SwagPosterior.Options(divisor, options.varianceClamp(), Centre.RUNNING_MEAN),
              models,
              scale,
              Weights.adopt(layout, moments.mean),
              Weights.adopt(layout, moments.variance),
              columns);
      return new SwaGaussianFile(
          file,
          opened.keepsOrder(),
          posterior,
          moments.clamped,
          moments.uncertain,
          assumptions(opened, names, options, posterior, moments));
    }
  }

  /** Rows of deviations to take, the same for all parameters. */
  private static int rows(
      Path file, SwaGaussianNames names, SwaGaussianOptions options, long models)
      throws WeightFormatException {
    Map<Long, String> rows = new HashMap<>();
    for (SwaGaussianNames.Parameter p : names.parameters()) {
      rows.put(p.root() == null ? -1L : p.root().shape().get(0), p.tensor().name());
    }
    if (options.diagonal() || rows.keySet().equals(Set.of(-1L))) {
      return 0;
    }
    if (rows.size() > 1) {
      throw new WeightFormatException(
          file,
          "all parameters must have as many deviations, got "
              + rows
              + " (-1: none): SwaGaussianOptions.asDiagonal() leaves them out");
    }
    long all = rows.keySet().iterator().next();
    if (all > Math.min(models, SwagPosterior.MAX_RANK)) {
      throw new WeightFormatException(
          file,
          "deviations must be at most "
              + SwagPosterior.MAX_RANK
              + " and at most n_models "
              + models
              + ", got "
              + all
              + ": SwaGaussianOptions.asDiagonal() leaves them out");
    }
    if (all == 1) {
      throw new WeightFormatException(
          file,
          "has 1 deviation, which the class divides by the root of 0:"
              + " SwaGaussianOptions.asDiagonal() leaves it out");
    }
    return (int) all;
  }

  /** max_num_models, as far as it can be told. */
  private static int divisor(Path file, int rows, SwaGaussianOptions options, long models)
      throws WeightFormatException {
    if (rows == 0) {
      return 0;
    }
    // The class drops the oldest row once there are more models than max_num_models.
    boolean full = models > rows;
    if (!full && options.maxModels().isEmpty()) {
      throw new WeightFormatException(
          file,
          "n_models is "
              + models
              + " and there are as many deviations, so max_num_models, whose root samples are"
              + " divided by, may be "
              + rows
              + " or more: name it with SwaGaussianOptions.withMaxModels(20), or"
              + " withMaxModels("
              + rows
              + ") to divide by what there is");
    }
    int named = options.maxModels().orElse(rows);
    if (named < rows || full && named != rows) {
      throw new WeightFormatException(
          file,
          "max_num_models must be "
              + rows
              + (full ? "" : " or more")
              + ", since "
              + rows
              + " deviations of "
              + models
              + " models are there, got "
              + named);
    }
    return named;
  }

  private static List<String> assumptions(
      TensorFile file,
      SwaGaussianNames names,
      SwaGaussianOptions options,
      SwagPosterior posterior,
      SwaGaussianMoments moments) {
    List<String> out = new ArrayList<>();
    if (!names.areBelowBase()) {
      out.add(
          "names: without the base. of swa_gaussian's class, whose moments and divisor were taken"
              + " for granted all the same");
    }
    out.add(
        file.keepsOrder()
            ? "order: as in the state dict, which is that of the network's named_parameters()"
            : "order: as in the file, whose writer sorts names: map to a model by name");
    out.add(
        posterior.deviations().isEmpty()
            ? "deviations: none" + (options.diagonal() ? ", left out as asked" : "")
            : "deviations: "
                + posterior.deviations().size()
                + " from the running mean, divided by the root of max_num_models - 1 = "
                + (posterior.options().rank() - 1));
    out.add(
        String.format(
            Locale.ROOT,
            "variance: sq_mean - mean^2 in float64, at least var_clamp %s; of %,d weights %,d were"
                + " clamped, and %,d are below the rounding of sq_mean, which tells nothing of"
                + " their spread",
            options.varianceClamp(),
            posterior.layout().size(),
            moments.clamped,
            moments.uncertain));
    out.add(
        "scale: "
            + posterior.scale()
            + (options.scale().isPresent()
                ? ", as asked"
                : ", as in the paper; the state dict has none, and the class's sample() takes 1.0"));
    out.add(
        names.batchNorm().isEmpty()
            ? "batch norm: none in the state dict"
            : "batch norm: "
                + names.batchNorm().size()
                + " statistics left out, they are of the weights that were drawn last: refresh");
    List<String> others = new ArrayList<>(names.others());
    others.removeAll(names.batchNorm());
    if (!others.isEmpty()) {
      out.add("left out: " + String.join(", ", others));
    }
    out.add("samples: of this distribution, by this library's sampler, not torch's numbers");
    return out;
  }

  /**
   * What was taken for granted, a sentence each: order, deviations and their divisor, clamp, scale,
   * batch norm, buffers left out.
   *
   * @return sentences for people
   */
  public List<String> assumptions() {
    return assumptions;
  }

  /**
   * Weights whose variance was not above the clamp: in float32 the difference of moments cancels
   * where the spread is small beside the mean.
   *
   * @return a count
   */
  public long clamped() {
    return clamped;
  }

  /**
   * Weights whose variance is above the clamp, and below the distance of neighbouring numbers at
   * their sq_mean: rounding, not spread.
   *
   * @return a count
   */
  public long uncertain() {
    return uncertain;
  }

  /**
   * The posterior under the names of the network's parameters in PyTorch.
   *
   * @return the posterior
   */
  public SwagPosterior posterior() {
    return posterior;
  }

  /**
   * The posterior of a model whose n-th tensor is the network's n-th parameter.
   *
   * @param layout the model's weights
   * @return the posterior
   * @throws WeightFormatException if shapes differ, or the file does not keep the order
   */
  public SwagPosterior posterior(WeightLayout layout) throws WeightFormatException {
    if (!keepsOrder) {
      throw new WeightFormatException(
          file,
          "must keep the order of the parameters to be mapped by order, its writer sorts names:"
              + " map by name, or take the .pt file");
    }
    List<WeightLayout.Tensor> mine = posterior.layout().tensors();
    for (int t = 0; t < Math.max(mine.size(), layout.tensors().size()); t++) {
      String got = t < mine.size() ? mine.get(t).name() + " " + mine.get(t).shape() : "none";
      if (t >= layout.tensors().size()
          || t >= mine.size()
          || !mine.get(t).shape().equals(layout.tensor(t).shape())) {
        throw new WeightFormatException(
            file,
            "parameter "
                + t
                + " must have the shape of the model's "
                + (t < layout.tensors().size() ? layout.tensor(t) : "no more tensors")
                + ", got "
                + got);
      }
    }
    return arranged(layout, t -> t);
  }

  /**
   * The posterior of a model, mapped by name.
   *
   * @param layout the model's weights
   * @param nameInFile name of the network's parameter for a tensor of the layout
   * @return the posterior
   * @throws WeightFormatException if one is missing, used twice, of another shape, or not used
   */
  public SwagPosterior posterior(WeightLayout layout, UnaryOperator<String> nameInFile)
      throws WeightFormatException {
    Map<String, Integer> places = new HashMap<>();
    for (int t = 0; t < posterior.layout().tensors().size(); t++) {
      places.put(posterior.layout().tensor(t).name(), t);
    }
    Set<String> unused = new HashSet<>(places.keySet());
    List<Integer> order = new ArrayList<>();
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      String name = nameInFile.apply(tensor.name());
      Integer place = places.get(name);
      if (place == null
          || !unused.remove(name)
          || !posterior.layout().tensor(place).shape().equals(tensor.shape())) {
        throw new WeightFormatException(
            file,
            tensor
                + " must have a parameter of its own and of its shape, "
                + name
                + (place == null
                    ? " is none of " + places.keySet()
                    : " is " + posterior.layout().tensor(place)));
      }
      order.add(place);
    }
    if (!unused.isEmpty()) {
      throw new WeightFormatException(file, "parameters must all be in the model, not " + unused);
    }
    return arranged(layout, order::get);
  }

  private interface Order {
    int place(int tensor);
  }

  private SwagPosterior arranged(WeightLayout layout, Order order) {
    return new SwagPosterior(
        posterior.options(),
        posterior.count(),
        posterior.scale(),
        arranged(posterior.mean(), layout, order),
        arranged(posterior.variance(), layout, order),
        posterior.deviations().stream().map(d -> arranged(d, layout, order)).toList());
  }

  private static Weights arranged(Weights weights, WeightLayout layout, Order order) {
    List<FloatBuffer> views = new ArrayList<>();
    for (int t = 0; t < layout.tensors().size(); t++) {
      views.add(weights.values(order.place(t)));
    }
    return Weights.mapped(layout, views);
  }
}
