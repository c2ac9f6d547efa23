package io.github.swag4j.cli;

import io.github.swag4j.cli.cluster.SparkCall;
import io.github.swag4j.cli.comparison.Comparison;
import io.github.swag4j.cli.comparison.ComparisonPage;
import io.github.swag4j.cli.comparison.ComparisonText;
import io.github.swag4j.cli.comparison.Gathering;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.cli.study.Job;
import io.github.swag4j.cli.study.StudyDirectory;
import io.github.swag4j.cli.study.StudyDirectory.State;
import io.github.swag4j.cli.study.StudyFile;
import io.github.swag4j.cli.study.StudyPlan;
import io.github.swag4j.cli.study.StudyRun;
import io.github.swag4j.cli.study.StudyRun.Failure;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Many trainings from one file, and the page that compares them. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Train every method of a file under every seed and every limit of training rows, judge it under"
          + " shifts of the test images where the file says some, and compare all on one page, with tables as CSV, Markdown and LaTeX.",
      "",
      "Jobs run in processes of their own, one thread each unless the file says otherwise. What is"
          + " done is not done again, and what was interrupted goes on, when the same command is"
          + " given again; a job that fails keeps none of the others from being done."
    },
    footer = {
      "",
      "A file",
      "  title: Few images",
      "  options: {data: fashion-mnist, epochs: 20}",
      "  methods: [[sgd, swa, swag], {method: [sgd, dropout], dropout: 0.1}]",
      "  seeds: [1, 2, 3]",
      "  train-limits: [1000, all]",
      "  shifts: [gaussian-noise, jpeg]",
      "",
      "Examples",
      "  swag4j study few-images.yaml --out few-images --plan",
      "  swag4j study few-images.yaml --out few-images",
      "  swag4j study few-images.yaml --out /shared/few-images --master spark://host:7077"
    })
final class StudyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The study, in YAML.")
  private Path file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the study: its runs, its page and its tables.")
  private Path out;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Jobs at a time (default: the number of cores, divided by the most threads of a job).")
  private Integer jobs;

  @Option(names = "--plan", description = "List the jobs and how far each is, and do nothing.")
  private boolean plan;

  @Option(
      names = "--redo-changed",
      description =
          "Do jobs again that were done under other options than the file has now; without it the"
              + " study is refused.")
  private boolean redo;

  @Mixin private ClusterOptions cluster;

  @Override
  public Integer call() throws IOException {
    cluster.check();
    if (jobs != null && jobs < 1) {
      throw new UsageException("--jobs must be at least 1, got " + jobs);
    }
    if (jobs != null && cluster.isAsked()) {
      throw new UsageException(
          "--jobs is of this machine, and a cluster does as many jobs as it has cores: say"
              + " --spark-conf spark.cores.max=N for fewer");
    }
    StudyFile study = StudyFile.read(file, Nearest::hint);
    CommandSpec train = new CommandLine(new TrainCommand()).getCommandSpec();
    List<Job> all = StudyPlan.jobs(study, train, Nearest::hint, TrainCommand::config);
    StudyDirectory directory = new StudyDirectory(out);
    directory.requireStudy();
    Map<State, List<Job>> states = states(directory, all);
    if (plan) {
      print(directory, all);
      return 0;
    }
    requireUnchanged(directory, states.get(State.CHANGED));
    directory.open(file);
    PrintWriter err = spec.commandLine().getErr();
    RunLock lock = RunLock.of(out, err);
    try {
      for (Job job : states.get(State.CHANGED)) {
        directory.forget(job);
      }
      List<Failure> failures = perform(directory, all, states.get(State.DONE));
      report(study, directory, all, failures);
      if (!failures.isEmpty()) {
        throw new IOException(failed(failures, all.size()));
      }
    } finally {
      lock.close();
    }
    return 0;
  }

  private static Map<State, List<Job>> states(StudyDirectory directory, List<Job> all)
      throws IOException {
    Map<State, List<Job>> states = new EnumMap<>(State.class);
    for (State state : State.values()) {
      states.put(state, new ArrayList<>());
    }
    for (Job job : all) {
      states.get(directory.state(job)).add(job);
    }
    return states;
  }

  private void requireUnchanged(StudyDirectory directory, List<Job> changed) throws IOException {
    if (changed.isEmpty() || redo) {
      return;
    }
    Job first = changed.get(0);
    throw new IOException(
        out
            + ": "
            + changed.size()
            + (changed.size() == 1 ? " job was" : " jobs were")
            + " done under other options, "
            + first.name()
            + " under "
            + directory.changes(first)
            + ": put the file back, name another --out, or say --redo-changed");
  }

  private void print(StudyDirectory directory, List<Job> all) throws IOException {
    MetricsTable.Builder table =
        MetricsTable.builder("job", "methods", "epochs", "networks", "state");
    for (Job job : all) {
      table.row(
          List.of(
              job.name(),
              String.join(", ", job.config().methods().method()),
              Integer.toString(job.config().optimiser().epochs()),
              Integer.toString(job.config().methods().networks()),
              directory.state(job).words()));
    }
    PrintWriter to = spec.commandLine().getOut();
    to.print(table.build().toText());
    to.printf(Locale.ROOT, "%d jobs, %d at a time%n", all.size(), atOnce(all));
  }

  private int atOnce(List<Job> all) {
    int threads = all.stream().mapToInt(job -> job.config().threads()).max().orElse(1);
    return jobs != null ? jobs : Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
  }

  private List<Failure> perform(StudyDirectory directory, List<Job> all, List<Job> done)
      throws IOException {
    List<Job> left = new ArrayList<>(all);
    left.removeAll(done);
    PrintWriter err = spec.commandLine().getErr();
    int atOnce = atOnce(all);
    err.printf(
        Locale.ROOT,
        "%d jobs, %d done already, %s%n",
        all.size(),
        done.size(),
        cluster.isAsked() ? "on the cluster" : atOnce + " at a time");
    StudyRun run = new StudyRun(directory, all.size(), done.size(), err);
    if (!cluster.isAsked() || left.isEmpty()) {
      return run.run(left, atOnce);
    }
    int threads = all.stream().mapToInt(job -> job.config().threads()).max().orElse(1);
    try (SparkCall call = cluster.call()) {
      // One job writes into its folder at a time.
      call.setting("spark.speculation=false").setting("spark.task.cpus=" + threads);
      return run.run(left, call);
    }
  }

  private void report(
      StudyFile study, StudyDirectory directory, List<Job> all, List<Failure> failures)
      throws IOException {
    Gathering gathering = new Gathering();
    int found = 0;
    for (Job job : all) {
      if (directory.state(job) == State.DONE) {
        Set<String> apart = study.limited() ? Set.of("train-limit") : Set.of();
        gathering.run(directory.run(job), job.group(), apart);
        found++;
      }
    }
    if (found == 0) {
      return;
    }
    Comparison compared = gathering.comparison(null);
    PrintWriter err = spec.commandLine().getErr();
    gathering.notes().forEach(note -> err.println("swag4j: note: " + note));
    String command = CheckpointOptions.line(((Main) spec.root().userObject()).words());
    List<String> remarks =
        failures.isEmpty() ? List.of() : List.of(failed(failures, all.size()) + ".");
    RunDirectory page = new RunDirectory(out);
    new ComparisonPage(study.title(), compared, gathering, command, remarks).write(page);
    PrintWriter to = spec.commandLine().getOut();
    to.print(ComparisonText.of(compared));
    to.printf(Locale.ROOT, "%nReport: %s%n", page.report().toAbsolutePath().normalize());
  }

  private static String failed(List<Failure> failures, int all) {
    return failures.size()
        + " of "
        + all
        + " jobs failed: "
        + failures.stream()
            .map(each -> each.job().name() + " (" + each.why() + "; " + each.log() + ")")
            .collect(Collectors.joining(", "))
        + ": mend that and repeat the command, which does what is left";
  }
}
