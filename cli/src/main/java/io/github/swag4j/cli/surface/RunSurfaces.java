package io.github.swag4j.cli.surface;

import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The surfaces that were asked for, one after the other.
 *
 * @param planes {@code fge} and {@code swag}, or none
 * @param line two solutions, or none
 * @param flatness whether random directions are wanted
 * @param resume whether to go on with what is there
 * @param overwrite whether to begin again
 */
public record RunSurfaces(
    List<String> planes, List<String> line, boolean flatness, boolean resume, boolean overwrite) {

  /** Checks what was asked for. */
  public RunSurfaces {
    planes = List.copyOf(planes);
    line = List.copyOf(line);
    if (planes.isEmpty() && line.isEmpty() && !flatness) {
      throw new UsageException(
          "a surface must be named: --plane fge, --plane swag, --line sgd,swa or --flatness");
    }
    for (String plane : planes) {
      if (!plane.equals("fge") && !plane.equals("swag")) {
        throw new UsageException("--plane must be fge or swag, got '" + plane + "'");
      }
    }
    if (planes.stream().distinct().count() < planes.size()) {
      throw new UsageException("--plane must name a plane once, got " + String.join(",", planes));
    }
    if (!line.isEmpty()) {
      LineSurface.ends(line);
    }
    if (resume && overwrite) {
      throw new UsageException("--resume excludes --overwrite");
    }
  }

  /**
   * Makes room for all before anything is evaluated.
   *
   * @throws IOException if one is there and nothing was said of it
   */
  public void begin(RunDirectory run) throws IOException {
    for (String plane : planes) {
      new SurfaceFiles(run, "plane-" + plane).begin(resume, overwrite);
    }
    if (!line.isEmpty()) {
      new SurfaceFiles(run, lineName()).begin(resume, overwrite);
    }
    if (flatness) {
      new SurfaceFiles(run, "flatness").begin(resume, overwrite);
    }
  }

  private String lineName() {
    return "line-" + String.join("-", line);
  }

  /**
   * Evaluates, draws and describes them.
   *
   * @param command what a person types to have them again
   * @param versions program and engine
   * @return each with the files it left
   * @throws IOException if weights, data or files cannot be read or written
   */
  public Map<SurfaceResult, List<Path>> make(
      SurfaceRun run, String command, Map<String, String> versions) throws IOException {
    SurfaceDescriptions descriptions = new SurfaceDescriptions(command, versions);
    Map<SurfaceResult, List<Path>> made = new LinkedHashMap<>();
    for (String plane : planes) {
      SurfaceFiles own = new SurfaceFiles(run.directory(), "plane-" + plane);
      PlaneSurface surface =
          plane.equals("fge") ? PlaneSurface.fge(run, own) : PlaneSurface.swag(run, own);
      made.put(surface.make(descriptions), own.written());
    }
    if (!line.isEmpty()) {
      SurfaceFiles own = new SurfaceFiles(run.directory(), lineName());
      made.put(LineSurface.of(run, own, line).make(descriptions), own.written());
    }
    if (flatness) {
      SurfaceFiles own = new SurfaceFiles(run.directory(), "flatness");
      made.put(FlatnessSurface.of(run, own).make(descriptions), own.written());
    }
    return made;
  }
}
