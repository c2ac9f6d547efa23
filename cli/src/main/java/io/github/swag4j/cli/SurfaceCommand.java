package io.github.swag4j.cli;

import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.surface.RunSurfaces;
import io.github.swag4j.cli.surface.SurfaceResult;
import io.github.swag4j.cli.surface.SurfaceRun;
import io.github.swag4j.cli.surface.SurfaceSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Loss surfaces of a finished run. */
@Command(
    name = "surface",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Loss surfaces of a finished run: how loss and error change between and around its"
          + " solutions.",
      "",
      "At each point weights are written into a copy of the network, batch norm is refreshed for"
          + " them from the training rows, and training and test rows are run. Points are saved as"
          + " they come: after an interruption --resume goes on with them, to the same bits. Charts"
          + " (SVG), a table of the points (CSV) and a description (JSON) go into RUN/surfaces."
    },
    footer = {
      "",
      "Examples",
      "  swag4j surface run --plane fge --rows 2000 --test-rows 2000",
      "  swag4j surface run --line sgd,swa --margin 1",
      "  swag4j surface run --plane swag --grid 31 --resume",
      "  swag4j surface run --flatness --directions 10"
    })
final class SurfaceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Directory of a finished run.")
  private Path path;

  @Option(
      names = "--plane",
      paramLabel = "fge|swag",
      split = ",",
      splitSynopsisLabel = ",",
      description =
          "Planes to go over, with commas between. fge: through the first, middle and last"
              + " snapshot, their mean and SWA shown where they are nearest; the run must have been"
              + " trained with --method fge. swag: the two leading deviations through the mean,"
              + " with the ellipses of 1, 2 and 3 standard deviations of what SWAG draws over the"
              + " log-posterior surface.")
  private List<String> planes = List.of();

  @Option(
      names = "--line",
      paramLabel = "A,B",
      split = ",",
      splitSynopsisLabel = ",",
      description = "The line between two of sgd and swa, past both ends.")
  private List<String> line = List.of();

  @Option(
      names = "--flatness",
      description =
          "Loss and error of SWA and SGD under random perturbations of growing radius,"
              + " filter-normalised.")
  private boolean flatness;

  @Option(
      names = "--grid",
      paramLabel = "N",
      defaultValue = "" + SurfaceSettings.GRID,
      description =
          "Points on each side of a plane and along a line; of flatness half as many radii"
              + " (default: ${DEFAULT-VALUE}).")
  private int grid;

  @Option(
      names = "--margin",
      paramLabel = "X",
      description =
          "How far to go past what is shown on each side, as a share of its extent (default: 0.35"
              + " for fge, 0.1 for swag, 0.5 for a line).")
  private Double margin;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "Training rows that the loss and batch norm come from, the first of the run's order"
              + " (default: all).")
  private Integer rows;

  @Option(
      names = "--test-rows",
      paramLabel = "N",
      description =
          "Only N of the test rows, the classes in proportion, drawn by the run's seed (default:"
              + " all).")
  private Integer testRows;

  @Option(
      names = "--directions",
      paramLabel = "N",
      defaultValue = "" + SurfaceSettings.DIRECTIONS,
      description = "Random directions of --flatness (default: ${DEFAULT-VALUE}).")
  private int directions;

  @Option(
      names = "--radius",
      paramLabel = "X",
      defaultValue = "" + SurfaceSettings.RADIUS,
      description =
          "Largest radius of --flatness, as a share of each filter's length (default:"
              + " ${DEFAULT-VALUE}).")
  private double radius;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Points at a time, each on one thread; the numbers do not depend on it (default: the"
              + " number of cores).")
  private Integer workers;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the run's data files are, if they have moved.")
  private Path dataDir;

  @Option(
      names = "--resume",
      description =
          "Go on with the points that are there, under the same options; a finished surface is"
              + " drawn anew.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Begin again where the surface is there.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print a JSON object for each surface.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    int atATime = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
    SurfaceSettings settings =
        new SurfaceSettings(grid, margin, rows, testRows, directions, radius, atATime);
    RunSurfaces surfaces = new RunSurfaces(planes, line, flatness, resume, overwrite);
    RunDirectory run = RunDirectory.open(path);
    RunDescription description = RunDescription.read(run);
    PrintWriter err = spec.commandLine().getErr();
    RunLock lock = RunLock.of(run.path(), err);
    try {
      // Each worker has one of the engine's threads.
      TorchEngine.start(1, err);
      try (SurfaceRun opened = SurfaceRun.open(run, description, settings, dataDir, err)) {
        surfaces.begin(run);
        List<String> words = spec.root().commandLine().getParseResult().originalArgs();
        print(surfaces.make(opened, CheckpointOptions.resuming(words), description.versions()));
      }
    } finally {
      lock.close();
    }
    return 0;
  }

  private void print(Map<SurfaceResult, List<Path>> made) {
    PrintWriter out = spec.commandLine().getOut();
    made.forEach(
        (surface, files) -> {
          if (json) {
            out.println(SurfaceText.json(surface, files));
          } else {
            SurfaceText.print(out, surface, files);
          }
        });
  }
}
