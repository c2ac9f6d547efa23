package io.github.swag4j.studies.reinforce;

import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.reinforce.agent.Agent;
import io.github.swag4j.studies.reinforce.agent.Ddpg;
import io.github.swag4j.swa.AverageRule;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Trains an agent with averages of its actor kept aside, and judges them all on the same starts. No
 * average acts in the training or feeds its targets: the training has the same bits without them.
 */
final class AveragedTraining {
  /** Version of what the code finds. */
  static final int VERSION = 3;

  static final String LAST = "last weights";
  static final String AVERAGE = "average";
  static final String WINDOW = "last 10";
  static final String EXPONENTIAL = "exponential";
  static final String TARGET = "target actor";
  static final String BEST = "best checkpoint";

  /** Of the exponential average, for each collection. */
  static final double DECAY = 0.9;

  private static final int WINDOW_SIZE = 10;

  /**
   * How long and how often.
   *
   * @param updates of the agent in all
   * @param start updates after which averages begin
   * @param every updates between two collections
   * @param evaluations how often policies are judged in all
   * @param starts episodes of each judgement
   * @param finalStarts episodes of the last one, other starts than those before
   * @param gamma discount of the critic's values
   */
  record Plan(
      long updates,
      long start,
      long every,
      int evaluations,
      int starts,
      int finalStarts,
      double gamma) {

    /** When averages take in weights. */
    AveragingPlan collecting() {
      return AveragingPlan.steps().from(start).every(every);
    }

    /** Updates after which the evaluation of a number, from 1 on, is. */
    long until(int evaluation) {
      return updates * evaluation / evaluations;
    }

    /** How many of the evaluations are of weights that have been averaged more than once. */
    long evaluationsOfAverages() {
      long second =
          LongStream.rangeClosed(1, updates)
              .filter(collecting()::collectsAfter)
              .skip(1)
              .findFirst()
              .orElse(Long.MAX_VALUE);
      return IntStream.rangeClosed(1, evaluations).filter(e -> until(e) >= second).count();
    }

    Map<String, Object> described() {
      Map<String, Object> out = new TreeMap<>();
      out.put("version", VERSION);
      out.put("updates", updates);
      out.put("average-start", start);
      out.put("average-every", every);
      out.put("evaluations", evaluations);
      out.put("starts", starts);
      out.put("final-starts", finalStarts);
      return out;
    }
  }

  /**
   * What a seed found.
   *
   * @param steps environment steps at each evaluation
   * @param curves mean return by what acts, {@code [evaluations]}; before averages begin those of
   *     the last weights
   * @param finalReturn mean return of each at the end, over the final starts; also of the best
   *     checkpoint, the last weights of that evaluation after averages began which brought most
   * @param spread standard deviation of the evaluations after averages began
   * @param worst least of them
   * @param valueErrors root mean square of value minus discounted return at the final starts: the
   *     last critic for the last actor, and the averaged critic for the averaged actor
   */
  record Found(
      List<Long> steps,
      Map<String, List<Double>> curves,
      Map<String, Double> finalReturn,
      Map<String, Double> spread,
      Map<String, Double> worst,
      Map<String, Double> valueErrors) {}

  private final Agent agent;
  private final Plan plan;
  private final PolicyEvaluation judge;
  private final PolicyEvaluation last;
  private final Map<String, WeightAverage> averages = new LinkedHashMap<>();
  private final WeightAverage critic;

  AveragedTraining(Agent agent, Plan plan, PolicyEvaluation judge, PolicyEvaluation last) {
    this.agent = agent;
    this.plan = plan;
    this.judge = judge;
    this.last = last;
    AveragingPlan when = plan.collecting();
    averages.put(AVERAGE, WeightAverage.of(when, AverageRule.uniform()));
    averages.put(WINDOW, WeightAverage.of(when, AverageRule.last(WINDOW_SIZE)));
    averages.put(EXPONENTIAL, WeightAverage.of(when, AverageRule.exponential(DECAY).warmedUp()));
    critic = WeightAverage.of(when, AverageRule.uniform());
  }

  /** Trains to the end. */
  Found run(LongConsumer progress) {
    List<Long> steps = new ArrayList<>();
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    int first = plan.evaluations();
    Weights best = null;
    double most = Double.NEGATIVE_INFINITY;
    for (int e = 1; e <= plan.evaluations(); e++) {
      train(plan.until(e), progress);
      steps.add(agent.environmentSteps());
      if (critic.count() > 0) {
        first = Math.min(first, e - 1);
      }
      actors().forEach((name, weights) -> add(curves, name, judge, weights));
      double now = curves.get(LAST).get(e - 1);
      if (critic.count() > 0 && (best == null || now > most)) {
        best = Weights.copyOf(agent.actor());
        most = now;
      }
    }
    Map<String, Double> finals = new LinkedHashMap<>();
    Map<String, Double> spread = new LinkedHashMap<>();
    Map<String, Double> worst = new LinkedHashMap<>();
    for (Map.Entry<String, List<Double>> curve : curves.entrySet()) {
      List<Double> late = curve.getValue().subList(first, plan.evaluations());
      spread.put(curve.getKey(), OverSeeds.deviation(late, x -> x));
      worst.put(curve.getKey(), late.stream().mapToDouble(x -> x).min().orElse(Double.NaN));
    }
    Map<String, Double> errors = new LinkedHashMap<>();
    actors()
        .forEach(
            (name, weights) -> {
              PolicyEvaluation.Episodes found = last.of(agent.policy(weights), plan.gamma());
              finals.put(name, found.mean());
              WeightSource values =
                  name.equals(LAST) ? agent.critic() : name.equals(AVERAGE) ? averaged() : null;
              if (values != null) {
                errors.put(name, error(weights, values, found));
              }
            });
    if (best != null) {
      finals.put(BEST, last.of(agent.policy(best), plan.gamma()).mean());
    }
    return new Found(steps, curves, finals, spread, worst, errors);
  }

  private void train(long until, LongConsumer progress) {
    while (agent.updates() < until) {
      agent.update();
      if (critic.plan().collectsAfter(agent.updates())) {
        averages.values().forEach(average -> average.collect(agent.actor()));
        critic.collect(agent.critic());
      }
      progress.accept(agent.updates());
    }
  }

  /** All that can act, by name. */
  private Map<String, WeightSource> actors() {
    Map<String, WeightSource> actors = new LinkedHashMap<>();
    Weights live = Weights.copyOf(agent.actor());
    actors.put(LAST, live);
    averages.forEach((name, of) -> actors.put(name, of.count() == 0 ? live : of.average()));
    if (agent instanceof Ddpg ddpg) {
      actors.put(TARGET, Weights.copyOf(ddpg.targetActor()));
    }
    return actors;
  }

  private WeightSource averaged() {
    return critic.count() == 0 ? agent.critic() : critic.average();
  }

  private void add(
      Map<String, List<Double>> curves, String name, PolicyEvaluation by, WeightSource weights) {
    double mean = by.of(agent.policy(weights), plan.gamma()).mean();
    curves.computeIfAbsent(name, n -> new ArrayList<>()).add(mean);
  }

  private double error(
      WeightSource actor, WeightSource values, PolicyEvaluation.Episodes episodes) {
    double[] said = agent.values(actor, values, episodes.first());
    double squares = 0;
    for (int i = 0; i < said.length; i++) {
      double miss = said[i] - episodes.discounted()[i];
      squares += miss * miss;
    }
    return Math.sqrt(squares / said.length);
  }
}
