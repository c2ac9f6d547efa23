package io.github.swag4j.studies.transfer;

import ai.djl.engine.Engine;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/** The parts of the study, each done once: choices under the first seed, then all seeds. */
final class TransferStudy {

  /** Version of what the code finds. */
  private static final int VERSION = 2;

  /**
   * A choice.
   *
   * @param scores what each rate scored on held-out rows
   */
  record Chosen(Map<String, Judge.Score> scores) {

    /** The rate of the least NLL; of equals the first. */
    double rate() {
      String best = null;
      for (Map.Entry<String, Judge.Score> each : scores.entrySet()) {
        if (best == null || each.getValue().nll() < scores.get(best).nll()) {
          best = each.getKey();
        }
      }
      if (best == null || scores.get(best).diverged()) {
        throw new UsageException(
            "--rates must have a rate at which training does not diverge, it does at "
                + scores.keySet()
                + ": name lower rates");
      }
      return Double.parseDouble(best);
    }
  }

  /**
   * What a number of training rows gave.
   *
   * @param rate chosen of SGD
   * @param averagedRate chosen while averaging
   * @param scratchRate chosen from scratch
   * @param tuned for each seed
   * @param scratch for each seed, SGD from scratch
   */
  record OfRows(
      Chosen rate,
      Chosen averagedRate,
      Chosen scratchRate,
      List<FineTuning.Found> tuned,
      List<Judged> scratch) {}

  /**
   * All that was found.
   *
   * @param sources the trained networks, for each seed
   * @param ofRows by the number of training rows
   * @param moreRate chosen rate of averaging from a trained network
   * @param more for each seed
   */
  record Found(
      List<SourceNetwork.Found> sources,
      Map<Integer, OfRows> ofRows,
      Chosen moreRate,
      List<MoreEpochs.Found> more) {}

  private final StudyRun run;
  private final Engine engine;
  private final TransferPlan plan;
  private final TransferImages source;
  private final TransferImages target;
  private final List<Integer> seeds;
  private final Progress progress;
  private final Map<Integer, SourceNetwork.Found> sources = new LinkedHashMap<>();
  private int done;

  /** Takes no target, null, if the plan has no rows of it. */
  TransferStudy(
      StudyRun run,
      Engine engine,
      TransferPlan plan,
      TransferImages source,
      TransferImages target,
      List<Integer> seeds) {
    this.run = run;
    this.engine = engine;
    this.plan = plan;
    this.source = source;
    this.target = target;
    this.seeds = seeds;
    int choices = 1 + plan.rows().size() * 3;
    int bySeed = 2 + plan.rows().size() * 2;
    this.progress = run.progress("transfer", choices + (long) seeds.size() * bySeed);
  }

  /** Does what is not done yet. */
  Found run() throws IOException {
    for (int seed : seeds) {
      sources.put(seed, source(seed));
    }
    Chosen moreRate = chooseMore();
    List<MoreEpochs.Found> more = new ArrayList<>();
    for (int seed : seeds) {
      more.add(more(seed, moreRate.rate()));
    }
    Map<Integer, OfRows> ofRows = new LinkedHashMap<>();
    for (int rows : plan.rows()) {
      ofRows.put(rows, ofRows(rows));
    }
    progress.show(done, "done");
    return new Found(List.copyOf(sources.values()), ofRows, moreRate, more);
  }

  /** Rows that a seed draws, as a network takes them, and who judges what is learnt from them. */
  private record Drawn(
      ImageData images, Normalisation normalisation, ImageBatches batches, Judge judge) {}

  private Drawn drawn(TransferImages from, int rows, int seed, Normalisation normalisation) {
    ImageData images = from.draw(rows, seed);
    Normalisation scaling = normalisation == null ? Normalisation.of(images) : normalisation;
    ImageBatches batches = new ImageBatches(images, scaling, plan.source().steps().batch());
    return new Drawn(
        images, scaling, batches, new Judge(from, batches, scaling, seed, plan.threads()));
  }

  private Drawn onSource(int seed) {
    return drawn(source, plan.source().rows(), seed, null);
  }

  private SourceNetwork.Found source(int seed) throws IOException {
    Map<String, Object> described = described(source, plan.source().rows(), seed);
    described.put("settings", plan.source());
    return part(
        sourcePart(seed),
        described,
        SourceNetwork.Found.class,
        finished -> {
          Drawn drawn = onSource(seed);
          try (Learner learner = learner(source, seed)) {
            return SourceNetwork.train(
                learner, drawn.batches(), drawn.judge(), plan.source(), file(seed), finished);
          }
        });
  }

  private static String sourcePart(int seed) {
    return "source-seed-" + seed;
  }

  private Path file(int seed) {
    return run.path().resolve("sources").resolve("seed-" + seed + ".safetensors");
  }

  private Learner learner(TransferImages images, int seed) {
    return new Learner(
        engine, plan.network(), images.pool().imageSize(), images.pool().classes(), seed);
  }

  private Weights trained(int seed) throws IOException {
    try (Learner alike = learner(source, seed)) {
      return SourceNetwork.read(alike, file(seed), sources.get(seed).sha256(), sourcePart(seed));
    }
  }

  /** Work on the source's own rows with the network that was trained on them. */
  private MoreEpochs moreEpochs(Learner learner, int seed) throws IOException {
    Drawn drawn = onSource(seed);
    return new MoreEpochs(learner, trained(seed), drawn.batches(), drawn.judge(), plan.more());
  }

  private Map<String, Object> describedMore(int seed) {
    Map<String, Object> described = described(source, plan.source().rows(), seed);
    described.put("settings", plan.more());
    described.put("source-weights", sources.get(seed).sha256());
    return described;
  }

  private Chosen chooseMore() throws IOException {
    int seed = seeds.get(0);
    Map<String, Object> described = describedMore(seed);
    described.put("rates", plan.rates());
    return part(
        "choose-more-epochs",
        described,
        Chosen.class,
        finished -> {
          try (Learner learner = learner(source, seed)) {
            return new Chosen(moreEpochs(learner, seed).averages(plan.rates(), finished));
          }
        });
  }

  private MoreEpochs.Found more(int seed, double averagedRate) throws IOException {
    Map<String, Object> described = describedMore(seed);
    described.put("averaged-rate", averagedRate);
    described.put("low-rate", plan.lowRate());
    return part(
        "more-epochs-seed-" + seed,
        described,
        MoreEpochs.Found.class,
        finished -> {
          try (Learner learner = learner(source, seed)) {
            return moreEpochs(learner, seed).run(averagedRate, plan.lowRate(), finished);
          }
        });
  }

  private OfRows ofRows(int rows) throws IOException {
    int first = seeds.get(0);
    Chosen rate = chooseRate(rows, first, true);
    Chosen averagedRate = chooseAveraged(rows, first, rate.rate());
    Chosen scratchRate = chooseRate(rows, first, false);
    List<FineTuning.Found> tuned = new ArrayList<>();
    List<Judged> scratch = new ArrayList<>();
    for (int seed : seeds) {
      FineTuning.Settings settings = plan.tuning(rate.rate(), averagedRate.rate());
      Map<String, Object> described = describedTuning(rows, seed, true);
      described.put("settings", settings);
      described.put("sampling", plan.sampling());
      tuned.add(
          part(
              "rows-" + rows + "-tuned-seed-" + seed,
              described,
              FineTuning.Found.class,
              finished ->
                  tune(
                      rows,
                      seed,
                      true,
                      settings,
                      (learner, drawn, tuning) -> tuning.run(plan.sampling(), finished))));
      scratch.add(scratch(rows, seed, scratchRate.rate()));
    }
    return new OfRows(rate, averagedRate, scratchRate, tuned, scratch);
  }

  private Judged scratch(int rows, int seed, double rate) throws IOException {
    FineTuning.Settings settings = plan.tuning(rate, rate);
    Map<String, Object> described = describedTuning(rows, seed, false);
    described.put("settings", settings);
    return part(
        "rows-" + rows + "-scratch-seed-" + seed,
        described,
        Judged.class,
        finished ->
            tune(
                rows,
                seed,
                false,
                settings,
                (learner, drawn, tuning) ->
                    drawn.judge().weights(learner, tuning.plain(finished))));
  }

  /** Each rate from the same start. */
  private Chosen chooseRate(int rows, int seed, boolean transferred) throws IOException {
    Map<String, Object> described = describedTuning(rows, seed, transferred);
    described.put("rates", plan.rates());
    described.put("settings", plan.tuning(0, 0));
    return part(
        "choose-rows-" + rows + (transferred ? "-tuned" : "-scratch"),
        described,
        Chosen.class,
        finished -> {
          Map<String, Judge.Score> scores = new LinkedHashMap<>();
          for (double rate : plan.rates()) {
            scores.put(
                Double.toString(rate),
                tune(
                    rows,
                    seed,
                    transferred,
                    plan.tuning(rate, rate),
                    (learner, drawn, tuning) ->
                        Judge.Score.unlessDiverged(
                            () -> drawn.judge().score(learner, tuning.plain(finished)))));
          }
          return new Chosen(scores);
        });
  }

  private Chosen chooseAveraged(int rows, int seed, double rate) throws IOException {
    Map<String, Object> described = describedTuning(rows, seed, true);
    described.put("rates", plan.rates());
    described.put("settings", plan.tuning(rate, 0));
    return part(
        "choose-rows-" + rows + "-averaged",
        described,
        Chosen.class,
        finished ->
            tune(
                rows,
                seed,
                true,
                plan.tuning(rate, rate),
                (learner, drawn, tuning) -> new Chosen(tuning.averages(plan.rates(), finished))));
  }

  /** What is done with a network on rows of the target. */
  @FunctionalInterface
  private interface Tuning<T> {
    T of(Learner learner, Drawn drawn, FineTuning tuning) throws IOException;
  }

  /**
   * Begins with the source's network, whose images are scaled as they were when it was trained, or
   * anew. Both have the same order of rows and, but for a head that is kept, the same last layer.
   */
  private <T> T tune(
      int rows, int seed, boolean transferred, FineTuning.Settings settings, Tuning<T> work)
      throws IOException {
    Normalisation scaling = transferred ? onSource(seed).normalisation() : null;
    Drawn drawn = drawn(target, rows, seed, scaling);
    try (Learner learner = learner(target, targetSeed(seed))) {
      if (transferred) {
        learner.begin(trained(seed), plan.head());
      }
      FineTuning tuning = new FineTuning(learner, drawn.batches(), drawn.judge(), settings);
      return work.of(learner, drawn, tuning);
    }
  }

  /** Not the source's: a new network does not begin with the weights that the source began with. */
  private static int targetSeed(int seed) {
    return (int) SplitMix.mix(seed * SplitMix.GAMMA + 1);
  }

  private Map<String, Object> describedTuning(int rows, int seed, boolean transferred) {
    Map<String, Object> described = described(target, rows, seed);
    if (transferred) {
      described.put("head", plan.head());
      described.put("source-weights", sources.get(seed).sha256());
    }
    return described;
  }

  private Map<String, Object> described(TransferImages images, int rows, int seed) {
    Map<String, Object> described = new TreeMap<>();
    described.put("version", VERSION);
    described.put("network", plan.network().id());
    described.put("training-pool", images.pool().sha256());
    described.put("validation", images.validation().sha256());
    described.put("test", images.test().sha256());
    described.put("rows", rows);
    described.put("seed", seed);
    described.put("threads", plan.threads());
    return described;
  }

  /** Work that says which epochs it has finished. */
  @FunctionalInterface
  private interface Work<T> {
    T with(IntConsumer finished) throws IOException;
  }

  private <T> T part(String id, Map<String, ?> described, Class<T> type, Work<T> work)
      throws IOException {
    Callable<T> called = () -> work.with(epoch -> progress.show(done, id + ", epoch " + epoch));
    T found = run.part(id, described, type, called);
    progress.show(++done, id);
    return found;
  }
}
