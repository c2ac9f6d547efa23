package io.github.swag4j.swa.djl;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is doubtful about the data of a refresh, each said once for a model. */
final class RefreshWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(BatchNormRefresh.class);

  /** With fewer values the standard error of a mean is above a tenth of the deviation. */
  private static final long FEW = 100;

  private static final int ENOUGH_BATCHES = 4;

  private boolean saidSingle;
  private boolean saidFew;
  private boolean saidSorted;

  void singleRow() {
    if (!saidSingle) {
      saidSingle = true;
      LOG.warn(
          "a batch of a single row is left out of batch-norm statistics, it has no variance: take a"
              + " batch size that does not leave one row over");
    }
  }

  void judge(List<BatchNormLayer> layers, BatchNormRefresh.Weighting weighting, long rows) {
    for (BatchNormLayer layer : layers) {
      if (!saidFew && layer.values() < FEW) {
        saidFew = true;
        LOG.warn(
            "batch-norm statistics of layer {} are of {} values a channel, which leaves the mean a"
                + " standard error of {} deviations: refresh from more rows",
            layer.name,
            layer.values(),
            String.format(java.util.Locale.ROOT, "%.2f", 1 / Math.sqrt(layer.values())));
      }
    }
    BatchNormLayer first = layers.get(0);
    if (weighting != BatchNormRefresh.Weighting.POOLED || first.batches() < ENOUGH_BATCHES) {
      return;
    }
    double spread = first.batchSpread(rows);
    // Chance gives chi-squared / (B - 1) or less: 5 standard deviations above its mean of 1.
    double limit = 1 + 5 * Math.sqrt(2.0 / (first.batches() - 1));
    if (!saidSorted && spread > limit) {
      saidSorted = true;
      LOG.warn(
          "the batches of a batch-norm refresh seem sorted: their means in layer {} lie {} times as"
              + " far apart as in mixed order ({} at most by chance), and statistics of deeper"
              + " layers come out wrong: shuffle the rows",
          first.name,
          String.format(java.util.Locale.ROOT, "%.1f", spread),
          String.format(java.util.Locale.ROOT, "%.1f", limit));
    }
  }
}
