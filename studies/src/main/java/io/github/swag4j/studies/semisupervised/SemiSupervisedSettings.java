package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Method;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Options;
import io.github.swag4j.swa.schedule.CosineCycles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What every training of the study has in common, as options of the command. */
final class SemiSupervisedSettings {

  /**
   * What is chosen for each method.
   *
   * @param peak the first learning rate
   * @param wave half wave of its cosine, in multiples of the decay
   * @param consistency weight of the consistency loss; 0 of training on labels alone
   */
  record Choice(double peak, double wave, double consistency) {
    @Override
    public String toString() {
      String rate = "rate " + peak + ", half wave " + wave;
      return consistency > 0 ? rate + ", weight " + consistency : rate;
    }
  }

  @Option(
      names = "--unlabelled",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Images without label (default: ${DEFAULT-VALUE}).")
  private int unlabelled;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Passes over the images without label (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--decay",
      paramLabel = "N",
      defaultValue = "2",
      description = "Epochs until the first cycle ends (default: ${DEFAULT-VALUE}).")
  private int decay;

  @Option(
      names = "--cycle",
      paramLabel = "N",
      defaultValue = "1",
      description = "Epochs of a cycle (default: ${DEFAULT-VALUE}).")
  private int cycle;

  @Option(
      names = "--collections",
      paramLabel = "N",
      defaultValue = "4",
      description = "Weights that fast-SWA collects in a cycle (default: ${DEFAULT-VALUE}).")
  private int collections;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images with and images without label in a batch (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--peaks",
      paramLabel = "RATE",
      split = ",",
      defaultValue = "0.1",
      description =
          "First learning rates to choose from; on labels alone their halves and quarters too"
              + " (default: ${DEFAULT-VALUE}).")
  private double[] peaks;

  @Option(
      names = "--half-waves",
      paramLabel = "X",
      split = ",",
      defaultValue = "1.2,2",
      description =
          "Half waves of the cosine to choose from, in multiples of --decay, at least 1: the longer,"
              + " the higher the rates of the cycles (default: ${DEFAULT-VALUE}).")
  private double[] halfWaves;

  @Option(
      names = "--consistency",
      paramLabel = "WEIGHT",
      split = ",",
      defaultValue = "3,10",
      description =
          "Weights of the consistency loss, a mean over images and classes, to choose from (default:"
              + " ${DEFAULT-VALUE}).")
  private double[] consistency;

  @Option(
      names = "--ramp-up",
      paramLabel = "N",
      defaultValue = "2",
      description = "Epochs until consistency has that weight (default: ${DEFAULT-VALUE}).")
  private int rampUp;

  /** Refuses what cannot be trained. */
  void check() {
    // fast-SWA begins a cycle before the decay ends: not with the weights that nothing has trained.
    if (epochs < decay || cycle < 1 || cycle >= decay || collections < 1 || batch < 1) {
      throw new UsageException(
          "--epochs must be at least --decay, --decay more than --cycle, and --cycle, --collections"
              + " and --batch at least 1, got --epochs, --decay, --cycle, --collections, --batch "
              + List.of(epochs, decay, cycle, collections, batch));
    }
    if (unlabelled < batch) {
      throw new UsageException("--unlabelled must be at least --batch, got " + unlabelled);
    }
    int steps = unlabelled / batch * cycle;
    if (steps % collections != 0) {
      throw new UsageException(
          "--collections must divide the " + steps + " steps of a cycle, got " + collections);
    }
    if (Arrays.stream(peaks).anyMatch(p -> !(p > 0))
        || Arrays.stream(halfWaves).anyMatch(w -> !(w >= 1))
        || Arrays.stream(consistency).anyMatch(w -> !(w > 0))
        || rampUp < 0) {
      throw new UsageException(
          "--peaks and --consistency must be above 0, --half-waves at least 1 and --ramp-up at least"
              + " 0");
    }
  }

  int unlabelled() {
    return unlabelled;
  }

  int epochs() {
    return epochs;
  }

  int decay() {
    return decay;
  }

  int cycle() {
    return cycle;
  }

  int collections() {
    return collections;
  }

  /**
   * All that a method may be trained with. On labels alone also at a half and a quarter of the
   * rates: in a mixed batch the cross-entropy counts half, so that the same rate is twice as much
   * there, and the baseline would be worse for nothing but its rate.
   */
  List<Choice> choices(Method method) {
    boolean alone = method == Method.SUPERVISED;
    List<Choice> choices = new ArrayList<>();
    for (double peak : peaks) {
      for (double share : alone ? new double[] {1, 0.5, 0.25} : new double[] {1}) {
        for (double wave : halfWaves) {
          for (double weight : alone ? new double[1] : consistency) {
            choices.add(new Choice(share * peak, wave, weight));
          }
        }
      }
    }
    return choices.stream().distinct().toList();
  }

  Options options(Method method, Choice choice) {
    CosineCycles rates = new CosineCycles(choice.peak(), decay, choice.wave() * decay, cycle);
    return Options.of(method, rates, rampUp)
        .withBatches(batch, batch, false)
        .withConsistency(choice.consistency());
  }

  /** Everything that decides what a training finds but for its data and seed. */
  Map<String, Object> described(Method method, Choice choice) {
    Map<String, Object> out = new TreeMap<>();
    out.put("version", FewLabelsTask.VERSION);
    out.put("options", options(method, choice).toString());
    out.put("unlabelled", unlabelled);
    out.put("epochs", epochs);
    out.put("collections", collections);
    return out;
  }
}
