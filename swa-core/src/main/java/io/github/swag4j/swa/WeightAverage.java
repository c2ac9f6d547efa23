package io.github.swag4j.swa;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.BlockValues;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.internal.CollectorFile;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * Running average of weights: uniform (SWA), exponential (EMA), of the last n, or by a rule of
 * one's own.
 *
 * <p>Uniform: mean += (w - mean) / n for the n-th weights, so n equal weights average to themselves
 * exactly. Exponential: ema += (1 - decay) (w - ema), beginning with the first weights. Mutable,
 * one owner. 8 bytes a weight, 4 with {@link Accumulation#FLOAT32}; a window 4 for each of its
 * weights.
 *
 * <p>Weights are checked before the average is changed: after a refusal it is what it was.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, Averaging Weights Leads to
 *     Wider Optima and Better Generalization, algorithm 1</a>
 */
public final class WeightAverage implements WeightCollector {
  private static final String KIND = "weight-average-state";
  private static final String MEAN = "mean";

  /** Differences of weights below it do not overflow. */
  private static final double SAFE_SIZE = 0x1p127;

  private final AveragingPlan plan;
  private final AverageRule rule;
  private final Accumulation accumulation;
  private final Buffers buffers;
  private WeightLayout layout;
  private BlockValues average;
  private WeightWindow window;
  private long count;

  /** Product of the decays so far: the share of the average of nothing in a debiased average. */
  private double remaining = 1;

  private WeightAverage(
      AveragingPlan plan, AverageRule rule, Accumulation accumulation, Buffers buffers) {
    this.plan = Objects.requireNonNull(plan, "plan");
    this.rule = Objects.requireNonNull(rule, "rule");
    this.accumulation = Objects.requireNonNull(accumulation, "accumulation");
    this.buffers = Objects.requireNonNull(buffers, "buffers");
  }

  /**
   * The average of stochastic weight averaging: all weights count the same.
   *
   * @param plan when to collect
   * @return an empty average
   */
  public static WeightAverage uniform(AveragingPlan plan) {
    return of(plan, AverageRule.uniform());
  }

  /**
   * An exponential moving average.
   *
   * @param plan when to collect
   * @param decay share of the old average kept at each collection, in [0, 1)
   * @return an empty average
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public static WeightAverage exponential(AveragingPlan plan, double decay) {
    return of(plan, AverageRule.exponential(decay));
  }

  /**
   * An average by a rule, compensated, with running statistics averaged where they are given.
   *
   * @param plan when to collect
   * @param rule how to average
   * @return an empty average
   */
  public static WeightAverage of(AveragingPlan plan, AverageRule rule) {
    return of(plan, rule, Accumulation.COMPENSATED, Buffers.AVERAGED);
  }

  /**
   * An average by a rule.
   *
   * @param plan when to collect
   * @param rule how to average
   * @param accumulation how the average is kept; a window keeps float32 weights and sums in float64
   * @param buffers what is done with running statistics that are among the weights
   * @return an empty average
   */
  public static WeightAverage of(
      AveragingPlan plan, AverageRule rule, Accumulation accumulation, Buffers buffers) {
    return new WeightAverage(plan, rule, accumulation, buffers);
  }

  @Override
  public AveragingPlan plan() {
    return plan;
  }

  /**
   * How it averages.
   *
   * @return the rule
   */
  public AverageRule rule() {
    return rule;
  }

  @Override
  public long count() {
    return count;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if a rule of one's own gives what is not finite; nothing is taken
   *     in then
   */
  @Override
  public void collect(WeightSource weights) {
    if (layout != null) {
      layout.requireSame(weights.layout());
    }
    BlockCut cut = layout == null ? new BlockCut(weights.layout()) : cut();
    FloatBuffer[] views = Blocks.views(weights);
    boolean safe = Blocks.areBelow(cut, views, SAFE_SIZE);
    if (!safe) {
      Blocks.requireBelow(
          weights.layout(),
          views,
          0x1p128,
          "weights to average",
          "training has diverged, lower the learning rate");
    }
    double kept = rule instanceof AverageRule.Exponential e ? remaining * decay(e) : remaining;
    if (rule instanceof AverageRule.Last last) {
      window = window == null ? new WeightWindow(cut, last.size()) : window;
      window.add(views);
    } else {
      BlockValues before = average == null ? new BlockValues(cut, accumulation) : average;
      average =
          safe && !(rule instanceof AverageRule.Custom)
              ? move(before, views)
              : update(before, views);
    }
    layout = cut.layout();
    remaining = kept;
    count++;
  }

  private BlockCut cut() {
    return window == null ? average.cut() : window.cut();
  }

  private double decay(AverageRule.Exponential exponential) {
    return exponential.decayAt(exponential.debias() ? count : Math.max(0, count - 1));
  }

  private double share() {
    if (count == 0) {
      return 1;
    }
    if (rule instanceof AverageRule.Exponential exponential) {
      double decay = decay(exponential);
      return exponential.debias() ? (1 - decay) / (1 - remaining * decay) : 1 - decay;
    }
    return 1.0 / (count + 1);
  }

  private double share(BlockCut cut, int block, double usual) {
    WeightLayout.Role role = cut.layout().tensor(cut.tensor(block)).role();
    boolean statistic =
        role == WeightLayout.Role.RUNNING_MEAN || role == WeightLayout.Role.RUNNING_VARIANCE;
    return statistic && buffers == Buffers.COPIED ? 1 : usual;
  }

  /** In place. */
  private BlockValues move(BlockValues values, FloatBuffer[] views) {
    BlockCut cut = values.cut();
    double usual = share();
    cut.forEach(
        () -> {
          BlockValues.Scratch scratch = new BlockValues.Scratch(cut);
          return block -> {
            views[cut.tensor(block)].get(cut.from(block), scratch.weights, 0, cut.length(block));
            values.moveTowards(block, scratch, share(cut, block, usual));
          };
        });
    return values;
  }

  /** In float64, into new blocks: nothing is lost when the rule fails. */
  private BlockValues update(BlockValues values, FloatBuffer[] views) {
    BlockCut cut = values.cut();
    BlockValues out = new BlockValues(cut, accumulation);
    double usual = share();
    BlockUpdate towards =
        (mean, w, length, n) -> {
          for (int i = 0; i < length; i++) {
            mean[i] += (w[i] - mean[i]) * usual;
          }
        };
    BlockUpdate change = rule instanceof AverageRule.Custom custom ? custom.update() : towards;
    BlockUpdate copy = (mean, w, length, n) -> Arrays.setAll(mean, i -> i < length ? w[i] : 0);
    cut.forEach(
        () -> {
          BlockValues.Scratch scratch = new BlockValues.Scratch(cut);
          return block -> {
            int length = cut.length(block);
            views[cut.tensor(block)].get(cut.from(block), scratch.weights, 0, length);
            values.read(block, scratch.wide);
            boolean copied = share(cut, block, 0) == 1;
            (copied ? copy : change).update(scratch.wide, scratch.weights, length, count);
            requireFloats(cut, block, scratch.wide);
            out.write(block, scratch.wide);
          };
        });
    return out;
  }

  private static void requireFloats(BlockCut cut, int block, double[] values) {
    for (int i = 0; i < cut.length(block); i++) {
      if (!Float.isFinite((float) values[i])) {
        throw new IllegalStateException(
            "the update rule must give finite float32 values, got "
                + values[i]
                + " at "
                + cut.layout().tensor(cut.tensor(block)).name()
                + "["
                + (cut.from(block) + i)
                + "]: the average is as it was");
      }
    }
  }

  /**
   * The average of what was collected so far.
   *
   * @return a copy
   * @throws IllegalStateException if nothing was collected
   */
  public Weights average() {
    if (count == 0) {
      throw new IllegalStateException(
          "nothing was averaged yet: collecting begins after unit " + (plan.start() + 1));
    }
    return Weights.adopt(layout, window == null ? average.toTensors() : window.mean(buffers));
  }

  @Override
  public String toString() {
    return "average of " + count + " weight vectors" + (layout == null ? "" : ", " + layout);
  }

  /**
   * Saves the state, so that {@link #load} goes on bit for bit.
   *
   * @param file where to, in the safetensors format; replaced atomically
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    SafeTensorsWriter writer =
        CollectorFile.start(KIND, layout, count)
            .metadata("rule", rule.getClass().getSimpleName())
            .metadata("accumulation", accumulation.name())
            .metadata("buffers", buffers.name())
            .metadata("remaining", Double.toString(remaining));
    if (rule instanceof AverageRule.Exponential e) {
      writer
          .metadata("decay", Double.toString(e.decay()))
          .metadata("debias", Boolean.toString(e.debias()))
          .metadata("warm_up", e.warmUp().name());
    } else if (rule instanceof AverageRule.Last last) {
      writer.metadata("size", Integer.toString(last.size()));
    }
    if (average != null) {
      CollectorFile.add(writer, MEAN, average);
    } else if (window != null) {
      window.addTo(writer);
    }
    writer.write(file);
  }

  /**
   * Goes on where {@link #save} stopped.
   *
   * @param file the file
   * @param plan when to collect
   * @return the average
   * @throws WeightFormatException if the file is damaged or of another kind, or holds the average
   *     of a rule of one's own, which a file cannot hold
   * @throws IOException if reading fails
   */
  public static WeightAverage load(Path file, AveragingPlan plan) throws IOException {
    return load(file, plan, null);
  }

  /**
   * Goes on where {@link #save} stopped, with a rule of one's own.
   *
   * @param file the file
   * @param plan when to collect
   * @param custom the rule the average was made with; null for the library's rules
   * @return the average
   * @throws WeightFormatException if the file is damaged or of another kind, or the rule does not
   *     belong to it
   * @throws IOException if reading fails
   */
  public static WeightAverage load(Path file, AveragingPlan plan, BlockUpdate custom)
      throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      CollectorFile.requireKind(file, opened, KIND);
      try {
        return read(file, opened, plan, custom);
      } catch (IllegalArgumentException e) {
        throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
      }
    }
  }

  private static WeightAverage read(
      Path file, SafeTensors opened, AveragingPlan plan, BlockUpdate custom) throws IOException {
    WeightAverage out =
        new WeightAverage(
            plan,
            rule(file, opened, custom),
            Accumulation.valueOf(opened.requireMetadata("accumulation")),
            Buffers.valueOf(opened.requireMetadata("buffers")));
    out.count = Long.parseLong(opened.requireMetadata("count"));
    out.remaining = Double.parseDouble(opened.requireMetadata("remaining"));
    if (out.count < 0 || !(out.remaining >= 0 && out.remaining <= 1)) {
      throw new IllegalArgumentException("count " + out.count + ", remaining " + out.remaining);
    }
    if (out.count == 0) {
      return out;
    }
    if (out.rule instanceof AverageRule.Last last) {
      out.window = WeightWindow.read(file, opened, last.size(), out.count);
      out.layout = out.window.cut().layout();
    } else {
      out.layout = CollectorFile.layout(file, opened, MEAN);
      BlockCut cut = new BlockCut(out.layout);
      out.average = CollectorFile.values(file, opened, MEAN, cut, out.accumulation);
    }
    return out;
  }

  private static AverageRule rule(Path file, SafeTensors opened, BlockUpdate custom)
      throws WeightFormatException {
    String name = opened.requireMetadata("rule");
    if (name.equals("Custom") == (custom == null)) {
      throw new WeightFormatException(
          file,
          custom == null
              ? "holds the average of a rule of one's own: give load the rule"
              : "holds an average by the rule " + name + ", give load no other");
    }
    return switch (name) {
      case "Uniform" -> AverageRule.uniform();
      case "Exponential" ->
          new AverageRule.Exponential(
              Double.parseDouble(opened.requireMetadata("decay")),
              Boolean.parseBoolean(opened.requireMetadata("debias")),
              warmUp(opened.requireMetadata("warm_up")));
      case "Last" -> AverageRule.last(Integer.parseInt(opened.requireMetadata("size")));
      case "Custom" -> AverageRule.custom(custom);
      default -> throw new WeightFormatException(file, "has a rule of another version: " + name);
    };
  }

  /** Files of before there was more than one way to warm up say whether there was one. */
  private static AverageRule.WarmUp warmUp(String stored) {
    return switch (stored) {
      case "false" -> AverageRule.WarmUp.NONE;
      case "true" -> AverageRule.WarmUp.TENSORFLOW;
      default -> AverageRule.WarmUp.valueOf(stored);
    };
  }
}
