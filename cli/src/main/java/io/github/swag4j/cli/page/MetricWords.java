package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.List;

/**
 * A metric of {@link PredictionMetrics} in the words of a page.
 *
 * @param key its name in JSON
 * @param name its name on the page
 * @param how what it is, with the bins where it has some
 */
record MetricWords(String key, String name, String how) {

  boolean isPValue() {
    return key.equals("spiegelhalter_p");
  }

  /** Every metric that is not a count, in the order of the JSON. */
  static List<MetricWords> all(BinningConvention binning) {
    String inBins = " between confidence and accuracy in bins; " + binning;
    return List.of(
        new MetricWords("accuracy", "accuracy", "share of rows whose most probable class is right"),
        new MetricWords("mean_confidence", "mean confidence", "mean of the largest probability"),
        new MetricWords("nll", "NLL", "mean of -ln p(label), in nats; lower is better"),
        new MetricWords(
            "brier",
            "Brier",
            "mean of the squared error summed over the classes, 0 to 2; lower is better"),
        new MetricWords("ece", "ECE", "weighted mean gap" + inBins),
        new MetricWords("mce", "MCE", "largest gap" + inBins),
        new MetricWords("rmsce", "RMSCE", "root mean square gap" + inBins),
        new MetricWords("ace", "ACE", "gap" + inBins + ", each bin counting the same"),
        new MetricWords(
            "ece_equal_mass",
            "ECE, equal mass",
            "the same with other bins; " + PredictionMetrics.equalMass(binning)),
        new MetricWords(
            "classwise_ece", "class-wise ECE", "mean over the classes of their ECE; " + binning),
        new MetricWords(
            "ece_debiased", "debiased L2", "root of the squared gaps without bias; " + binning),
        new MetricWords("smece", "smooth ECE", "a kernel's width in place of bins"),
        new MetricWords("aurc", "AURC", "area under the risk-coverage curve; lower is better"),
        new MetricWords(
            "augrc", "AUGRC", "area under the generalised risk-coverage curve; lower is better"),
        new MetricWords(
            "failure_auroc",
            "failure AUROC",
            "how well confidence tells right rows from wrong ones; higher is better"),
        new MetricWords(
            "spiegelhalter_p",
            "Spiegelhalter p",
            "two-sided p-value: small where calibration is unlikely"));
  }
}
