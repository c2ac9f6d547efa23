package io.github.swag4j.cli.run;

import java.util.Arrays;
import java.util.List;

/** The ways a run can predict. */
public enum Method {
  /** Weights after the last epoch of plain SGD. */
  SGD("sgd", "SGD"),
  /** Average of the weights along training. */
  SWA("swa", "SWA"),
  /** Gaussian posterior with a diagonal and low-rank covariance. */
  SWAG("swag", "SWAG"),
  /** Gaussian posterior with a diagonal covariance. */
  SWAG_DIAG("swag-diag", "SWAG-diag");

  private final String id;
  private final String title;

  Method(String id, String title) {
    this.id = id;
    this.title = title;
  }

  public String id() {
    return id;
  }

  public String title() {
    return title;
  }

  /** What is predicted with unless others are asked for. */
  public static final List<Method> DEFAULTS = List.of(SGD, SWA, SWAG);

  /** The methods of these ids; the defaults if there are none. */
  public static List<Method> named(List<String> ids) {
    return ids.isEmpty() ? DEFAULTS : ids.stream().map(Method::named).toList();
  }

  static Method named(String id) {
    return Arrays.stream(values())
        .filter(m -> m.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--method must be one of "
                        + String.join(", ", Arrays.stream(values()).map(m -> m.id).toList())
                        + ", got "
                        + id));
  }
}
