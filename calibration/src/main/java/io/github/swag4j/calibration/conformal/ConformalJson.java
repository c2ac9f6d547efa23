package io.github.swag4j.calibration.conformal;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Options;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Stratum;
import io.github.swag4j.calibration.provenance.DataFingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The JSON form of a {@link ConformalClassifier}. */
final class ConformalJson {
  private static final int FORMAT = 1;
  private static final long MAX_EXACT = 1L << 53;

  private ConformalJson() {}

  static JsonObject write(ConformalClassifier classifier) {
    Options options = classifier.options();
    ConformalScore score = options.score();
    DataFingerprint rows = classifier.fittedOn();
    List<Stratum> strata = classifier.strata();
    return new JsonObject()
        .put("format", FORMAT)
        .put("kind", "conformal")
        .put("classes", classifier.classes())
        .put("alpha", options.alpha())
        .put("score", score.kind().name())
        .put("lambda", score.lambda())
        .put("preferred_size", score.preferredSize())
        .put("randomised", score.randomised())
        // As text: JSON numbers hold 53 bits in most readers.
        .put("seed", Long.toString(score.seed()))
        .put("conditioning", options.conditioning().name())
        .put("never_empty", options.neverEmpty())
        .put("fitted_on", JsonObject.parse(rows.toJson()))
        .put("strata", strata.stream().map(Stratum::name).toList())
        .put("rows", strata.stream().mapToDouble(s -> s.coverage().calibrationRows()).toArray())
        .put("thresholds", strata.stream().mapToDouble(Stratum::threshold).toArray());
  }

  static ConformalClassifier read(JsonObject json) {
    json.requireOnly(
        "format",
        "kind",
        "classes",
        "alpha",
        "score",
        "lambda",
        "preferred_size",
        "randomised",
        "seed",
        "conditioning",
        "never_empty",
        "fitted_on",
        "strata",
        "rows",
        "thresholds");
    json.integer("format", FORMAT, FORMAT);
    if (!json.string("kind").equals("conformal")) {
      throw new JsonException("JSON kind must be conformal, got " + json.string("kind"));
    }
    int classes = (int) json.integer("classes", 2, 1 << 20);
    try {
      ConformalScore score =
          new ConformalScore(
              constant(json, "score", ConformalScore.Kind.class),
              json.number("lambda"),
              (int) json.integer("preferred_size", 0, Integer.MAX_VALUE),
              json.truth("randomised"),
              Long.parseLong(json.string("seed")));
      Options options =
          new Options(
              json.number("alpha"),
              score,
              constant(json, "conditioning", Conditioning.class),
              json.truth("never_empty"));
      return ConformalClassifier.restored(
          options,
          classes,
          DataFingerprint.fromJson(json.object("fitted_on").toString()),
          strata(json, options, classes));
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("JSON of a conformal classifier: " + e.getMessage());
    }
  }

  private static List<Stratum> strata(JsonObject json, Options options, int classes) {
    List<String> names = json.strings("strata");
    double[] rows = json.numbers("rows");
    double[] thresholds = json.numbers("thresholds");
    int least = options.conditioning() == Conditioning.CLASS ? classes : 1;
    int most = options.conditioning() == Conditioning.GROUP ? Integer.MAX_VALUE : least;
    if (names.size() < least
        || names.size() > most
        || rows.length != names.size()
        || thresholds.length != names.size()) {
      throw new JsonException(
          "JSON strata, rows and thresholds must have the same length, at least "
              + least
              + ", got "
              + names.size()
              + ", "
              + rows.length
              + " and "
              + thresholds.length);
    }
    List<Stratum> strata = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (!(rows[i] >= 0 && rows[i] <= MAX_EXACT && rows[i] == Math.rint(rows[i]))) {
        throw new JsonException("JSON rows[" + i + "] must be a count, got " + rows[i]);
      }
      CoverageDistribution coverage = CoverageDistribution.of((long) rows[i], options.alpha());
      boolean whole = thresholds[i] == Double.POSITIVE_INFINITY;
      if (!(thresholds[i] > Double.NEGATIVE_INFINITY) || whole != coverage.isWhole()) {
        throw new JsonException(
            "JSON thresholds["
                + i
                + "] must be "
                + (coverage.isWhole() ? "Infinity" : "finite")
                + " for "
                + (long) rows[i]
                + " rows, got "
                + thresholds[i]);
      }
      if (options.conditioning() == Conditioning.GROUP
          && i > 0
          && names.get(i - 1).compareTo(names.get(i)) >= 0) {
        throw new JsonException("JSON strata[" + i + "] must come after " + names.get(i - 1));
      }
      strata.add(new Stratum(names.get(i), thresholds[i], coverage));
    }
    return strata;
  }

  private static <E extends Enum<E>> E constant(JsonObject json, String name, Class<E> type) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(json.string(name))) {
        return value;
      }
    }
    throw new JsonException(
        "JSON "
            + name
            + " must be one of "
            + Arrays.toString(type.getEnumConstants())
            + ", got "
            + json.string(name));
  }
}
