package io.github.swag4j.cli.surface;

import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swag.djl.surface.SurfacePoint;
import java.util.List;
import java.util.Map;

/**
 * What is said in each surface's description alike.
 *
 * @param command what a person types to have it again
 * @param versions program and engine
 */
record SurfaceDescriptions(String command, Map<String, String> versions) {

  SurfaceResult.Marked marked(String name, PlanePlace place, SurfacePoint p) {
    return new SurfaceResult.Marked(
        name,
        place.x(),
        place.y(),
        place.distance(),
        p.trainLoss(),
        p.trainError(),
        p.testLoss(),
        p.testError());
  }

  SurfaceResult of(
      String surface,
      Map<String, String> facts,
      List<SurfacePoint> points,
      List<SurfaceResult.Marked> marked,
      double[][] covariance) {
    return new SurfaceResult(
        SurfaceResult.FORMAT,
        surface,
        command,
        versions,
        facts,
        points.size(),
        points.stream().filter(SurfacePoint::isHole).count(),
        marked,
        covariance);
  }
}
