package io.github.swag4j.cli.surface;

import java.util.List;
import java.util.Map;

/**
 * What {@code surfaces/NAME.json} says.
 *
 * @param format version of the file
 * @param surface its name
 * @param command what a person types to have it again
 * @param versions program and engine
 * @param facts what its points are determined by
 * @param points how many were evaluated, the marked ones among them
 * @param notFinite at how many of them a loss is not finite
 * @param marked the weight vectors it shows
 * @param covariance of projected samples in the plane of a posterior, scale included, else null
 */
public record SurfaceResult(
    int format,
    String surface,
    String command,
    Map<String, String> versions,
    Map<String, String> facts,
    int points,
    long notFinite,
    List<Marked> marked,
    double[][] covariance) {

  static final int FORMAT = 1;

  /**
   * A weight vector, and what it is worth itself, not its foot in the picture.
   *
   * @param name what it is called
   * @param x along the first axis
   * @param y along the second axis
   * @param distance from its foot to itself
   * @param trainLoss in nats
   * @param trainError in [0, 1]
   * @param testLoss in nats
   * @param testError in [0, 1]
   */
  public record Marked(
      String name,
      double x,
      double y,
      double distance,
      double trainLoss,
      double trainError,
      double testLoss,
      double testError) {}
}
