package io.github.swag4j.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.swag4j.base.Printable;
import io.github.swag4j.swag.SampleMode;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorSummary;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code info} says of a posterior.
 *
 * @param file the file
 * @param statistics batch-norm statistics in it
 * @param summary what its values say; empty if they were not to be read
 */
record PosteriorInfo(
    PosteriorFile file, Optional<SampleStatistics> statistics, Optional<PosteriorSummary> summary) {

  /** More would fill the screen; --json has all. */
  private static final int SHOWN = 20;

  /** Reads the values if they are wanted, every one checked. */
  static PosteriorInfo of(PosteriorFile file, boolean values) throws IOException {
    if (!values) {
      return new PosteriorInfo(file, file.statistics(), Optional.empty());
    }
    file.verify();
    // The moments are all that is looked at: a sampler of a newer version does not matter.
    return new PosteriorInfo(
        file, file.statistics(), Optional.of(PosteriorSummary.of(file.moments())));
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: SWAG posterior of format %d, %,d bytes%n",
        file.path(),
        file.version(),
        file.bytes());
    facts()
        .forEach(
            (name, value) -> out.printf(Locale.ROOT, "  %-16s %s%n", name, Printable.line(value)));
    summary.ifPresent(s -> print(out, s));
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("iterates", Long.toString(file.count()));
    facts.put(
        "rank",
        file.options().rank()
            + ", "
            + file.columns()
            + " deviations held"
            + (file.hasBfloat16Deviations() ? " in bfloat16" : ""));
    facts.put("scale", Double.toString(file.scale()));
    facts.put("centre", file.options().centre().name());
    facts.put(
        "variance floor",
        file.hasVariance()
            ? Float.toString(file.options().varianceFloor())
            : "none, deviations alone were collected");
    facts.put("sampler", file.sampler());
    if (!file.mode().equals(SampleMode.DEFAULT)) {
      facts.put("drawn", file.mode().toString());
    }
    facts.put(
        "weights",
        String.format(
            Locale.ROOT,
            "%,d in %,d tensors",
            file.layout().size(),
            file.layout().tensors().size()));
    facts.put(
        "batch norm",
        statistics
            .map(
                s ->
                    String.format(
                        Locale.ROOT,
                        "statistics of %,d %s from %d, seed %d",
                        s.samples().size(),
                        s.samples().size() == 1 ? "sample" : "samples",
                        s.first(),
                        s.seed()))
            .orElse("no statistics in the file"));
    facts.putAll(file.provenance().facts());
    return facts;
  }

  private static void print(PrintWriter out, PosteriorSummary summary) {
    if (!summary.spectrum().isEmpty()) {
      double total = summary.spectrum().stream().mapToDouble(d -> d).sum();
      out.printf(
          Locale.ROOT,
          "  %-16s %.2f of %d%n",
          "effective rank",
          summary.effectiveRank(),
          summary.spectrum().size());
      StringBuilder shares = new StringBuilder();
      for (double value :
          summary.spectrum().subList(0, Math.min(SHOWN, summary.spectrum().size()))) {
        shares.append(String.format(Locale.ROOT, " %.1f", total > 0 ? 100 * value / total : 0));
      }
      out.printf(
          Locale.ROOT,
          "  %-16s %.4g in all, in per cent:%s%s%n",
          "spectrum",
          total,
          shares,
          summary.spectrum().size() > SHOWN ? " ..." : "");
    }
    out.println();
    List<PosteriorSummary.Layer> layers = summary.layers();
    List<String> names = layers.stream().map(l -> Printable.line(l.name())).toList();
    List<String> shapes = layers.stream().map(l -> l.shape().toString()).toList();
    int name = width("tensor", names);
    int shape = width("shape", shapes);
    String format = "  %-" + name + "s  %-" + shape + "s  %-16s  %12s  %12s  %12s%n";
    out.printf(
        Locale.ROOT, format, "tensor", "shape", "role", "mean |mean|", "sd iterates", "sd samples");
    for (int t = 0; t < layers.size(); t++) {
      PosteriorSummary.Layer layer = layers.get(t);
      out.printf(
          Locale.ROOT,
          format,
          names.get(t),
          shapes.get(t),
          layer.role().name().toLowerCase(Locale.ROOT),
          number(layer.meanMagnitude()),
          number(layer.iterateDeviation()),
          number(layer.sampleDeviation()));
    }
  }

  private static int width(String title, List<String> cells) {
    return cells.stream().mapToInt(String::length).reduce(title.length(), Math::max);
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "-";
  }

  JsonObject toJson() {
    JsonObject object = new JsonObject();
    object.addProperty("file", file.path().toString());
    object.addProperty("format", "safetensors");
    object.addProperty("kind", "swag-posterior");
    object.addProperty("version", file.version());
    object.addProperty("bytes", file.bytes());
    object.addProperty("count", file.count());
    object.addProperty("rank", file.options().rank());
    object.addProperty("columns", file.columns());
    object.addProperty("scale", file.scale());
    object.addProperty("centre", file.options().centre().name());
    object.addProperty("variance_floor", file.options().varianceFloor());
    object.addProperty("sampler", file.sampler());
    JsonObject mode = new JsonObject();
    file.mode().toMetadata().forEach(mode::addProperty);
    object.add("mode", mode);
    object.addProperty("weights", file.layout().size());
    object.addProperty("tensors", file.layout().tensors().size());
    object.addProperty("layout", file.layout().hash());
    JsonObject provenance = new JsonObject();
    file.provenance().facts().forEach(provenance::addProperty);
    object.add("provenance", provenance);
    object.add("statistics", statistics.map(PosteriorInfo::toJson).orElse(null));
    if (summary.isPresent()) {
      JsonArray spectrum = new JsonArray();
      summary.get().spectrum().forEach(spectrum::add);
      object.add("spectrum", spectrum);
      object.addProperty("effective_rank", summary.get().effectiveRank());
      JsonArray layers = new JsonArray();
      summary.get().layers().forEach(layer -> layers.add(toJson(layer)));
      object.add("layers", layers);
    }
    return object;
  }

  private static JsonObject toJson(SampleStatistics statistics) {
    JsonObject object = new JsonObject();
    object.addProperty("seed", statistics.seed());
    object.addProperty("first", statistics.first());
    object.addProperty("samples", statistics.samples().size());
    return object;
  }

  private static JsonObject toJson(PosteriorSummary.Layer layer) {
    JsonObject object = new JsonObject();
    object.addProperty("name", layer.name());
    JsonArray shape = new JsonArray();
    layer.shape().forEach(shape::add);
    object.add("shape", shape);
    object.addProperty("role", layer.role().name());
    add(object, "mean_magnitude", layer.meanMagnitude());
    add(object, "sd_iterates", layer.iterateDeviation());
    add(object, "sd_samples", layer.sampleDeviation());
    return object;
  }

  /** JSON knows no NaN, which an empty tensor has. */
  private static void add(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    } else {
      object.add(name, JsonNull.INSTANCE);
    }
  }
}
