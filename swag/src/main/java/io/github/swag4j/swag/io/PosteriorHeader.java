package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swag.SampleMode;
import io.github.swag4j.swag.SampleMode.Parts;
import io.github.swag4j.swag.StoredMoments;
import io.github.swag4j.swag.SwagPosterior;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a posterior file says of itself, checked against itself. Version 1 has neither roles nor a
 * checksum of the header; from version 2 on nothing unknown may be in a file, since it could mean
 * another distribution.
 */
record PosteriorHeader(
    int version,
    WeightLayout layout,
    SwagPosterior.Options options,
    long count,
    int columns,
    double scale,
    String sampler,
    SampleMode mode,
    Provenance provenance,
    Optional<Statistics> statistics) {

  static final String KIND = "swag-posterior";
  static final String MEAN = "mean/";
  static final String VARIANCE = "variance/";
  static final String DEVIATIONS = "deviations/";
  static final String STATISTICS = "statistics/";

  private static final String FORMAT = "format";
  private static final String VERSION = "2";

  /** Of a posterior without variances, which readers of version 2 need. */
  private static final String WITHOUT_VARIANCES = "3";

  private static final String ROLES = "roles";
  private static final String STATISTICS_LAYOUT = "statistics_layout";
  private static final String STATISTICS_ROLES = "statistics_roles";
  private static final String STATISTICS_SEED = "statistics_seed";
  private static final String STATISTICS_FIRST = "statistics_first";
  private static final String STATISTICS_SAMPLES = "statistics_samples";
  private static final String COVARIANCE = "scale * (diag(variance) + D D^T / (columns - 1))";

  /** Views of tensors, each some 64 bytes of heap; a model of 8,000 tensors has 512 columns. */
  private static final long MOST_VIEWS = 1 << 22;

  private static final Set<String> KNOWN =
      Set.of(
          FORMAT,
          "writer",
          "kind",
          "layout",
          ROLES,
          "count",
          "rank",
          "columns",
          "centre",
          "variance_floor",
          "scale",
          "covariance",
          "sampler",
          STATISTICS_LAYOUT,
          STATISTICS_ROLES,
          STATISTICS_SEED,
          STATISTICS_FIRST,
          STATISTICS_SAMPLES,
          SafeTensorsWriter.CHECKSUM,
          SafeTensorsWriter.HEADER_CHECKSUM);

  /** Which samples the batch-norm statistics belong to. */
  record Statistics(WeightLayout layout, long seed, int first, int samples) {}

  /** The metadata of a file that is written now. */
  static Map<String, String> metadata(
      SwagPosterior posterior, Provenance provenance, Optional<SampleStatistics> statistics) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put(FORMAT, posterior.hasVariance() ? VERSION : WITHOUT_VARIANCES);
    out.put(ROLES, roles(posterior.layout()));
    out.put("count", Long.toString(posterior.count()));
    out.put("rank", Integer.toString(posterior.options().rank()));
    out.put("columns", Integer.toString(StoredMoments.columns(posterior)));
    out.put("centre", posterior.options().centre().name());
    out.put("variance_floor", Float.toString(posterior.options().varianceFloor()));
    out.put("scale", Double.toString(posterior.scale()));
    out.put("covariance", COVARIANCE);
    out.put("sampler", posterior.sampler().id());
    out.putAll(posterior.mode().toMetadata());
    statistics.ifPresent(
        s -> {
          out.put(STATISTICS_LAYOUT, s.layout().hash());
          out.put(STATISTICS_ROLES, roles(s.layout()));
          out.put(STATISTICS_SEED, Long.toString(s.seed()));
          out.put(STATISTICS_FIRST, Integer.toString(s.first()));
          out.put(STATISTICS_SAMPLES, Integer.toString(s.samples().size()));
        });
    out.putAll(provenance.toMetadata());
    return out;
  }

  private static String roles(WeightLayout layout) {
    return layout.tensors().stream().map(t -> t.role().name()).collect(Collectors.joining(","));
  }

  /** The shape of a tensor's columns or samples. */
  static List<Long> rows(WeightLayout.Tensor tensor, int rows) {
    List<Long> shape = new ArrayList<>();
    shape.add((long) rows);
    shape.addAll(tensor.shape());
    return shape;
  }

  /** Reads and checks. */
  static PosteriorHeader read(Path file, SafeTensors opened) throws WeightFormatException {
    String kind = opened.requireMetadata("kind");
    if (!kind.equals(KIND)) {
      throw new WeightFormatException(
          file,
          "metadata kind must be "
              + KIND
              + ", got "
              + kind
              + ": "
              + (kind.equals(LaplaceFiles.KIND)
                  ? "it holds a Laplace posterior, read it with LaplaceFiles"
                  : "it holds no posterior"));
    }
    String version = opened.requireMetadata(FORMAT);
    if (!List.of("1", VERSION, WITHOUT_VARIANCES).contains(version)) {
      throw new WeightFormatException(
          file,
          "metadata format must be 1, "
              + VERSION
              + " or "
              + WITHOUT_VARIANCES
              + ", got "
              + version
              + ": the file comes from a newer version, use that one");
    }
    try {
      return read(file, opened, Integer.parseInt(version));
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
    }
  }

  private static PosteriorHeader read(Path file, SafeTensors opened, int version)
      throws WeightFormatException {
    if (version > 1) {
      requireKnown(file, opened);
    }
    int rank = Integer.parseInt(opened.requireMetadata("rank"));
    int columns = Integer.parseInt(opened.requireMetadata("columns"));
    if (columns < 0 || columns > rank) {
      throw new WeightFormatException(
          file, "columns must be between 0 and rank " + rank + ", got " + columns);
    }
    SwagPosterior.Options options =
        new SwagPosterior.Options(
            rank,
            Float.parseFloat(opened.requireMetadata("variance_floor")),
            SwagPosterior.Centre.valueOf(opened.requireMetadata("centre")));
    long count = Long.parseLong(opened.requireMetadata("count"));
    if (count < Math.max(2, columns)) {
      throw new WeightFormatException(
          file, "count must be at least 2 and at least columns " + columns + ", got " + count);
    }
    double scale = Double.parseDouble(opened.requireMetadata("scale"));
    if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new WeightFormatException(file, "scale must be finite and at least 0, got " + scale);
    }
    WeightLayout layout =
        layout(file, opened, MEAN, version == 1 ? null : opened.requireMetadata(ROLES), 0);
    requireHash(file, layout, opened.requireMetadata("layout"));
    if (layout.tensors().size() * (columns + 2L) > MOST_VIEWS) {
      throw new WeightFormatException(
          file,
          "tensors times columns must be at most "
              + MOST_VIEWS
              + ", got "
              + layout.tensors().size()
              + " tensors of "
              + columns
              + " columns");
    }
    TensorType deviations =
        version > 1 && isBfloat16(opened.entries()) ? TensorType.BF16 : TensorType.F32;
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      require(file, opened, MEAN + tensor.name(), tensor.shape());
      if (hasVariances(version)) {
        require(file, opened, VARIANCE + tensor.name(), tensor.shape());
      }
      require(file, opened, DEVIATIONS + tensor.name(), rows(tensor, columns), deviations);
    }
    Optional<Statistics> statistics = statistics(file, opened);
    if (version > 1) {
      requireNoOthers(file, opened, layout, version, statistics);
    }
    SampleMode mode = version == 1 ? SampleMode.DEFAULT : SampleMode.ofMetadata(opened.metadata());
    if (!hasVariances(version) && (mode.parts() != Parts.LOW_RANK || columns < 2)) {
      throw new WeightFormatException(
          file,
          "format "
              + WITHOUT_VARIANCES
              + ", without variances, must be of the low-rank part alone with 2 columns or more,"
              + " got parts "
              + mode.parts()
              + " and "
              + columns
              + " columns");
    }
    return new PosteriorHeader(
        version,
        layout,
        options,
        count,
        columns,
        scale,
        opened.requireMetadata("sampler"),
        mode,
        Provenance.of(opened),
        statistics);
  }

  private static void requireKnown(Path file, SafeTensors opened) throws WeightFormatException {
    opened.requireMetadata(SafeTensorsWriter.HEADER_CHECKSUM);
    String checksum = opened.requireMetadata(SafeTensorsWriter.CHECKSUM);
    if (!checksum.matches("crc32c:[0-9a-f]{8}")) {
      throw new WeightFormatException(
          file, "metadata checksum must be crc32c: and 8 digits, got " + checksum);
    }
    Set<String> mode = SampleMode.ofMetadata(opened.metadata()).toMetadata().keySet();
    for (String key : opened.metadata().keySet()) {
      if (!KNOWN.contains(key) && !mode.contains(key) && !key.startsWith(Provenance.PREFIX)) {
        throw new WeightFormatException(
            file,
            "metadata must not have "
                + key
                + ", which this version does not know: the file comes from a newer version, use"
                + " that one");
      }
    }
  }

  /** The tensors of one part, in the file's order. */
  private static WeightLayout layout(
      Path file, SafeTensors opened, String part, String roles, int leading)
      throws WeightFormatException {
    String[] words = roles == null || roles.isEmpty() ? new String[0] : roles.split(",", -1);
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    for (StoredTensor stored : opened.entries().values()) {
      if (!stored.name().startsWith(part)) {
        continue;
      }
      int at = tensors.size();
      if (roles != null && at >= words.length || stored.shape().size() < leading) {
        throw new WeightFormatException(
            file, "tensor " + stored.name() + " must have a role and " + leading + " dimensions");
      }
      tensors.add(
          new WeightLayout.Tensor(
              stored.name().substring(part.length()),
              roles == null ? Role.OTHER : Role.valueOf(words[at]),
              stored.shape().subList(leading, stored.shape().size())));
    }
    if (roles != null && tensors.size() != words.length) {
      throw new WeightFormatException(
          file, part + " must have " + words.length + " tensors, got " + tensors.size());
    }
    return WeightLayout.of(tensors);
  }

  private static void requireHash(Path file, WeightLayout layout, String hash)
      throws WeightFormatException {
    if (!layout.hash().equals(hash)) {
      throw new WeightFormatException(
          file,
          "tensors must be those of layout "
              + hash
              + ", got "
              + layout.hash()
              + ": another program changed names, shapes or their order");
    }
  }

  private static boolean hasVariances(int version) {
    return version != Integer.parseInt(WITHOUT_VARIANCES);
  }

  /** Whether the file has variances. */
  boolean hasVariances() {
    return hasVariances(version);
  }

  /** Whether deviations are bfloat16: all are, if one is. */
  static boolean isBfloat16(Map<String, StoredTensor> entries) {
    return entries.values().stream()
        .anyMatch(e -> e.name().startsWith(DEVIATIONS) && e.type() == TensorType.BF16);
  }

  private static void require(Path file, SafeTensors opened, String name, List<Long> shape)
      throws WeightFormatException {
    require(file, opened, name, shape, TensorType.F32);
  }

  private static void require(
      Path file, SafeTensors opened, String name, List<Long> shape, TensorType expected)
      throws WeightFormatException {
    opened.requireShape(name, shape);
    TensorType type = opened.entries().get(name).type();
    if (type != expected) {
      throw new WeightFormatException(
          file,
          "tensor "
              + name
              + " must be "
              + expected
              + (expected == TensorType.BF16 ? " as other deviations are" : "")
              + ", got "
              + type);
    }
  }

  private static Optional<Statistics> statistics(Path file, SafeTensors opened)
      throws WeightFormatException {
    if (!opened.metadata().containsKey(STATISTICS_LAYOUT)) {
      return Optional.empty();
    }
    int samples = Integer.parseInt(opened.requireMetadata(STATISTICS_SAMPLES));
    int first = Integer.parseInt(opened.requireMetadata(STATISTICS_FIRST));
    if (samples < 1 || first < 0 || first > Integer.MAX_VALUE - samples) {
      throw new WeightFormatException(
          file, "statistics must be of samples from 0 on, got " + samples + " from " + first);
    }
    WeightLayout layout =
        layout(file, opened, STATISTICS, opened.requireMetadata(STATISTICS_ROLES), 1);
    requireHash(file, layout, opened.requireMetadata(STATISTICS_LAYOUT));
    if ((layout.tensors().size() + 1L) * samples > MOST_VIEWS) {
      throw new WeightFormatException(
          file,
          "statistics must be of at most "
              + MOST_VIEWS
              + " tensors, got "
              + layout.tensors().size()
              + " of "
              + samples
              + " samples");
    }
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      require(file, opened, STATISTICS + tensor.name(), rows(tensor, samples));
    }
    long seed = Long.parseLong(opened.requireMetadata(STATISTICS_SEED));
    return Optional.of(new Statistics(layout, seed, first, samples));
  }

  private static void requireNoOthers(
      Path file,
      SafeTensors opened,
      WeightLayout layout,
      int version,
      Optional<Statistics> statistics)
      throws WeightFormatException {
    int parts = hasVariances(version) ? 3 : 2;
    int expected =
        parts * layout.tensors().size()
            + statistics.map(s -> s.layout().tensors().size()).orElse(0);
    if (opened.entries().size() != expected) {
      throw new WeightFormatException(
          file,
          "tensors must be a mean"
              + (parts == 3 ? ", variance" : "")
              + " and deviations each, "
              + expected
              + " in all, got "
              + opened.entries().size());
    }
  }
}
