package io.github.swag4j.cli.run;

import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Locale;

/**
 * The scale of the posterior's covariance as it was asked for: the paper's, a number, or whichever
 * predicts the held-out rows best. In {@code run.json} null, a number, or {@code "auto"}.
 *
 * @param number the scale, at least 0; null if none was given
 * @param auto whether held-out rows choose it
 */
@JsonAdapter(AskedScale.Json.class)
public record AskedScale(Double number, boolean auto) {

  /** Half with a low-rank part, 1 without. */
  public static final AskedScale PAPER = new AskedScale(null, false);

  /** Chosen after training. */
  public static final AskedScale AUTO = new AskedScale(null, true);

  /** What is typed for it, and written. */
  private static final String WORD = "auto";

  /** Checks the number. */
  public AskedScale {
    if (number != null && (auto || !(number >= 0 && Double.isFinite(number)))) {
      throw refusal(number.toString());
    }
  }

  /** A number. */
  public static AskedScale of(double scale) {
    return new AskedScale(scale, false);
  }

  /**
   * What an option says.
   *
   * @param word a number or {@code auto}; null for the paper's
   * @throws UsageException if it is neither
   */
  public static AskedScale named(String word) {
    if (word == null) {
      return PAPER;
    }
    if (word.equals(WORD)) {
      return AUTO;
    }
    try {
      return of(Double.parseDouble(word));
    } catch (NumberFormatException e) {
      throw refusal("'" + word + "'");
    }
  }

  private static UsageException refusal(String got) {
    return new UsageException("--scale must be a number of at least 0, or auto, got " + got);
  }

  /** Checks that there will be something to choose, and to choose by. */
  void requirePossible(Methods methods, Integer validationRows) {
    if (auto && methods.list().stream().noneMatch(Method::isSwag)) {
      throw new UsageException(
          "--scale auto chooses the scale that swag, swag-diag or multiswag draw samples at, got"
              + " --method "
              + String.join(",", methods.method())
              + ": add one of the three, or leave --scale out");
    }
    if (validationRows != null) {
      requireRows(validationRows);
    }
  }

  /**
   * Checks that there are rows to choose by.
   *
   * @throws UsageException if it is left to them and there are fewer than two
   */
  public void requireRows(int heldOut) {
    if (auto && heldOut < 2) {
      throw new UsageException(
          "--scale auto needs 2 held-out rows at least to choose the scale by, got "
              + heldOut
              + ": hold rows out with --validation, or give --scale a number");
    }
  }

  /** One value, whichever of the three it is. */
  static final class Json extends TypeAdapter<AskedScale> {
    @Override
    public void write(JsonWriter out, AskedScale scale) throws IOException {
      if (scale.auto()) {
        out.value(WORD);
      } else {
        out.value(scale.number()); // null where there is none
      }
    }

    @Override
    public AskedScale read(JsonReader in) throws IOException {
      JsonToken kind = in.peek();
      if (kind == JsonToken.NUMBER) {
        return of(in.nextDouble());
      }
      if (kind != JsonToken.STRING) {
        throw refusal(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      }
      String word = in.nextString();
      if (!word.equals(WORD)) {
        throw refusal('"' + word + '"');
      }
      return AUTO;
    }
  }
}
