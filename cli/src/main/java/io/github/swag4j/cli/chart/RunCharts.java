package io.github.swag4j.cli.chart;

import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.cli.page.ShiftNumbers;
import io.github.swag4j.cli.run.Courses;
import io.github.swag4j.cli.run.Phase;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.ScaleChoice;
import io.github.swag4j.cli.run.Schedules;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.posterior.ScaleChart;
import io.github.swag4j.reports.training.ScheduleChart;
import io.github.swag4j.reports.training.TrainingChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Charts of finished runs and of what was measured of them, read without an engine. */
final class RunCharts {
  private RunCharts() {}

  /** Loss, accuracy and rate of each epoch of the run's first network. */
  static Chart training(String title, Path path, Optional<Phase> asked) throws IOException {
    RunDirectory run = RunDirectory.open(path);
    RunDescription description = RunDescription.read(run);
    Courses history = RunDirectory.readJson(run.history(), Courses.class);
    Phase course = course(path, description.config(), asked);
    List<TrainingChart.Epoch> epochs = history.of(course);
    if (epochs.isEmpty()) {
      throw new IOException(run.history() + ": must have the epochs of " + course.id());
    }
    TrainingChart chart = TrainingChart.of(title(title, description, course), epochs);
    int start = description.config().averaging().swaStart();
    return course == Phase.AVERAGED ? chart.averagingAfter(start) : chart;
  }

  /** The learning rate that was planned, with the moments at which weights were collected. */
  static Chart schedule(String title, Path path, Optional<Phase> asked) throws IOException {
    RunDescription description = RunDescription.read(RunDirectory.open(path));
    RunConfig config = description.config();
    Phase course = course(path, config, asked);
    int epochs = config.optimiser().epochs();
    ScheduleChart chart =
        ScheduleChart.of(
                title(title, description, course),
                "Epoch",
                epochs,
                Schedules.course(config, course))
            .collectedAt(
                IntStream.rangeClosed(1, epochs)
                    .filter(epoch -> Schedules.isCollected(config, course, epoch))
                    .asDoubleStream()
                    .toArray());
    return course == Phase.AVERAGED ? chart.averagingAfter(config.averaging().swaStart()) : chart;
  }

  /** How the scale of a run's posteriors was chosen, or what a program of one's own has written. */
  static Chart scale(String title, Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      ScaleCurve curve = ScaleChoice.read(path);
      return ScaleChart.of(title.isEmpty() ? ScaleChoice.rows(curve) : title, curve);
    }
    RunDirectory run = RunDirectory.open(path);
    RunConfig config = RunDescription.read(run).config();
    ScaleCurve curve =
        ScaleChoice.of(run)
            .orElseThrow(
                () ->
                    new IOException(
                        run.scale()
                            + ": must be there, 'train --scale auto' writes it: the scale of this"
                            + " run was not chosen by held-out rows"));
    return ScaleChart.of(title.isEmpty() ? ScaleChoice.title(config, curve) : title, curve);
  }

  /** What {@code swag4j shift} found of a run, or wrote elsewhere. */
  static Chart shift(String title, Path path) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve("shift").resolve("shift.csv") : path;
    return ShiftNumbers.read(file).chart(title);
  }

  /** The course that is asked for, or the first there is. */
  private static Phase course(Path path, RunConfig config, Optional<Phase> asked)
      throws IOException {
    List<Phase> trained = Schedules.courses(config);
    if (asked.isEmpty() && !trained.isEmpty()) {
      return trained.get(0);
    }
    if (asked.filter(trained::contains).isEmpty()) {
      throw new IOException(
          path
              + ": has trainings "
              + trained.stream().map(Phase::id).toList()
              + asked.map(course -> ", got --course " + course.id()).orElse(""));
    }
    return asked.get();
  }

  private static String title(String title, RunDescription description, Phase course) {
    return title.isEmpty()
        ? description.modelName()
            + " on "
            + description.data().get("test").name()
            + ", "
            + course.id()
        : title;
  }
}
