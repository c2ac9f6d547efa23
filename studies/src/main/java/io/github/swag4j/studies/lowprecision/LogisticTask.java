package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.quantize.Draw;
import io.github.swag4j.swa.quantize.LowPrecisionAverage;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import io.github.swag4j.swa.quantize.Quantizer;
import io.github.swag4j.swa.quantize.Role;
import java.util.List;

/**
 * Softmax regression by SGD whose weights have few bits; the average of every step's weights over
 * the last half of the epochs is kept in high precision.
 */
final class LogisticTask {

  /** Version of what the code finds. */
  static final int VERSION = 1;

  /** A word with 2 bits before the point; this many behind it stand for floats. */
  static final int FLOATS = 0;

  /**
   * How it is trained.
   *
   * @param rate learning rate, constant
   * @param batch rows a step
   * @param epochs passes; weights of the second half are averaged
   * @param l2 weight of half the squared norm
   */
  record Settings(double rate, int batch, int epochs, double l2) {}

  /**
   * Errors in [0, 1] on the rows it is judged by, and mean training losses in nats.
   *
   * @param last of the last weights
   * @param average of their average
   * @param rounded of the average rounded to the weights' grid
   * @param lastLoss training loss of the last weights
   * @param averageLoss training loss of the average
   */
  record Found(double last, double average, double rounded, double lastLoss, double averageLoss) {}

  private final ImageRows train;
  private final ImageRows judged;
  private final Settings settings;
  private final int inputs;
  private final int classes;

  LogisticTask(ImageRows train, ImageRows judged, Settings settings) {
    this.train = train;
    this.judged = judged;
    this.settings = settings;
    this.inputs = train.height() * train.width();
    this.classes = train.classes();
  }

  /** Trains with words of so many fractional bits, or with floats. */
  Found train(int fractionBits, int seed) {
    Quantizer quantizer =
        fractionBits == FLOATS
            ? Quantizer.none()
            : Quantizer.stochastic(new FixedPoint(fractionBits + 2, fractionBits));
    long[] shape = {classes, inputs + 1};
    float[][] weights = {new float[classes * (inputs + 1)]};
    LowPrecisionAverage average = new LowPrecisionAverage(Quantizer.none(), seed, List.of(shape));
    int[] order = new int[train.rows()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    SplitMix random = new SplitMix(SplitMix.mix(seed + SplitMix.GAMMA));
    float[] gradient = new float[weights[0].length];
    int perEpoch = train.rows() / settings.batch();
    long step = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      random.shuffle(order);
      for (int b = 0; b < perEpoch; b++) {
        step++;
        gradient(weights[0], gradient, order, b * settings.batch());
        float rate = (float) settings.rate();
        for (int i = 0; i < gradient.length; i++) {
          weights[0][i] -= rate * gradient[i];
        }
        if (quantizer.rounds()) {
          quantizer.quantize(weights[0], new Draw(seed, Role.WEIGHT, step, 0), shape);
        }
        if (2 * epoch >= settings.epochs()) {
          average.add(weights);
        }
      }
    }
    float[] mean = average.mean()[0];
    float[] rounded =
        fractionBits == FLOATS ? mean : average.mean(Quantizer.nearest(quantizer.format()))[0];
    return new Found(error(weights[0]), error(mean), error(rounded), loss(weights[0]), loss(mean));
  }

  /** Mean gradient of cross-entropy over a batch, plus that of the penalty. */
  private void gradient(float[] weights, float[] gradient, int[] order, int from) {
    float l2 = (float) settings.l2();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = l2 * weights[i];
    }
    double[] p = new double[classes];
    for (int b = 0; b < settings.batch(); b++) {
      int row = order[from + b];
      float[] x = train.pixels()[row];
      probabilities(weights, x, p);
      p[train.labels()[row]] -= 1;
      for (int k = 0; k < classes; k++) {
        float factor = (float) (p[k] / settings.batch());
        int at = k * (inputs + 1);
        for (int j = 0; j < inputs; j++) {
          gradient[at + j] += factor * x[j];
        }
        gradient[at + inputs] += factor;
      }
    }
  }

  /** Softmax of the scores. */
  private void probabilities(float[] weights, float[] x, double[] p) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      int at = k * (inputs + 1);
      float score = weights[at + inputs];
      for (int j = 0; j < inputs; j++) {
        score += weights[at + j] * x[j];
      }
      p[k] = score;
      largest = Math.max(largest, score);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      p[k] = StrictMath.exp(p[k] - largest);
      sum += p[k];
    }
    for (int k = 0; k < classes; k++) {
      p[k] /= sum;
    }
  }

  private double error(float[] weights) {
    int wrong = 0;
    double[] p = new double[classes];
    for (int i = 0; i < judged.rows(); i++) {
      probabilities(weights, judged.pixels()[i], p);
      int best = 0;
      for (int k = 1; k < classes; k++) {
        if (p[k] > p[best]) {
          best = k;
        }
      }
      wrong += best == judged.labels()[i] ? 0 : 1;
    }
    return (double) wrong / judged.rows();
  }

  private double loss(float[] weights) {
    double sum = 0;
    double[] p = new double[classes];
    for (int i = 0; i < train.rows(); i++) {
      probabilities(weights, train.pixels()[i], p);
      sum -= StrictMath.log(Math.max(p[train.labels()[i]], Double.MIN_NORMAL));
    }
    return sum / train.rows();
  }
}
