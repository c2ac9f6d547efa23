package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.List;
import java.util.Map;

/**
 * A metric of {@link PredictionMetrics} in the words of a page.
 *
 * @param key its name in JSON
 * @param name its name on the page
 * @param how what it is, with the bins where it has some
 */
record MetricWords(String key, String name, String how) {

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("accuracy", "accuracy"),
          Map.entry("mean_confidence", "mean confidence"),
          Map.entry("overconfidence", "overconfidence"),
          Map.entry("nll", "NLL"),
          Map.entry("brier", "Brier"),
          Map.entry("ece", "ECE"),
          Map.entry("mce", "MCE"),
          Map.entry("rmsce", "RMSCE"),
          Map.entry("ace", "ACE"),
          Map.entry("ece_equal_mass", "ECE, equal mass"),
          Map.entry("classwise_ece", "class-wise ECE"),
          Map.entry("ece_debiased", "debiased ECE (L2)"),
          Map.entry("smece", "smooth ECE"),
          Map.entry("aurc", "AURC"),
          Map.entry("augrc", "AUGRC"),
          Map.entry("failure_auroc", "failure AUROC"),
          Map.entry("spiegelhalter_p", "Spiegelhalter p"),
          Map.entry("confidence_brier", "Brier of confidence"));

  private static MetricWords of(String key, String how) {
    return new MetricWords(key, name(key), how);
  }

  /** What a metric is called in tables and on pages. */
  static String name(String key) {
    return NAMES.get(key);
  }

  boolean isPValue() {
    return key.equals("spiegelhalter_p");
  }

  /** Every metric that is not a count, in the order of the JSON. */
  static List<MetricWords> all(BinningConvention binning) {
    String inBins = " between confidence and accuracy in bins; " + binning;
    return List.of(
        of("accuracy", "share of rows whose most probable class is right"),
        of("mean_confidence", "mean of the largest probability"),
        of("nll", "mean of -ln p(label), in nats; lower is better"),
        of("brier", "mean of the squared error summed over the classes, 0 to 2; lower is better"),
        of("ece", "weighted mean gap" + inBins),
        of("mce", "largest gap" + inBins),
        of("rmsce", "root mean square gap" + inBins),
        of("ace", "gap" + inBins + ", each bin counting the same"),
        of("ece_equal_mass", "the same with other bins; " + PredictionMetrics.equalMass(binning)),
        of("classwise_ece", "mean over the classes of their ECE; " + binning),
        of("ece_debiased", "root of the squared gaps without bias; " + binning),
        of("smece", "a kernel's width in place of bins"),
        of("aurc", "area under the risk-coverage curve; lower is better"),
        of("augrc", "area under the generalised risk-coverage curve; lower is better"),
        of(
            "failure_auroc",
            "how well confidence tells right rows from wrong ones; higher is better"),
        of("spiegelhalter_p", "two-sided p-value: small where calibration is unlikely"));
  }
}
