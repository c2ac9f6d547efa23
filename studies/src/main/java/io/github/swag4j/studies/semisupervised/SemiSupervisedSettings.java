package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.cli.run.UsageException;
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
   * What is chosen for each way of training.
   *
   * @param peak the first learning rate
   * @param wave half wave of its cosine, in multiples of the decay
   * @param consistency weight of the consistency loss; 0 of training without
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
          "First learning rates to choose from, with their halves and quarters (default:"
              + " ${DEFAULT-VALUE}).")
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
          "Weights of the consistency loss, a mean over images and classes, to choose from: the"
              + " first with every rate, the others with the best of these (default:"
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
   * The rates that every way of training is tried with, those of consistency with its first weight.
   * Halves and quarters, because in a mixed batch the cross-entropy counts half: the same rate is
   * twice as much on labels alone, and one grid of few rates would favour one or the other.
   */
  List<Choice> rates(Way way) {
    List<Choice> choices = new ArrayList<>();
    for (double peak : peaks) {
      for (double share : new double[] {1, 0.5, 0.25}) {
        for (double wave : halfWaves) {
          choices.add(new Choice(share * peak, wave, way.isConsistent() ? consistency[0] : 0));
        }
      }
    }
    return choices.stream().distinct().toList();
  }

  /** The other weights of consistency at a rate; none of training without. */
  List<Choice> weights(Way way, Choice rate) {
    return Arrays.stream(consistency)
        .skip(1)
        .filter(weight -> way.isConsistent() && weight != rate.consistency())
        .distinct()
        .mapToObj(weight -> new Choice(rate.peak(), rate.wave(), weight))
        .toList();
  }

  /** How many choices a way is tried with, if not all of its rates diverge. */
  int tries(Way way) {
    List<Choice> rates = rates(way);
    return rates.size() + weights(way, rates.get(0)).size();
  }

  Options options(Way way, Choice choice) {
    CosineCycles rates = new CosineCycles(choice.peak(), decay, choice.wave() * decay, cycle);
    return Options.of(way.method(), rates, rampUp)
        .withBatches(batch, batch, way.isMixed())
        .withConsistency(choice.consistency());
  }

  /** Everything that decides what a training finds but for its data and seed. */
  Map<String, Object> described(Way way, Choice choice) {
    Map<String, Object> out = new TreeMap<>();
    out.put("version", FewLabelsTask.VERSION);
    out.put("options", options(way, choice).toString());
    out.put("unlabelled", unlabelled);
    out.put("epochs", epochs);
    out.put("collections", collections);
    return out;
  }
}
