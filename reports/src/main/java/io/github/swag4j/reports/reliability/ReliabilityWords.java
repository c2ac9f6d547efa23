package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.drawing.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a reliability diagram is said to show, as a whole and bin by bin. */
record ReliabilityWords(ReliabilityDiagram diagram) {

  /** Else the forecasts are probabilities of one class, of which there is no accuracy. */
  boolean judgesTopLabel() {
    return diagram.binning().event().equals("top label");
  }

  List<ReliabilityDiagram.Bin> filled() {
    List<ReliabilityDiagram.Bin> filled = new ArrayList<>();
    for (ReliabilityDiagram.Bin bin : diagram.bins()) {
      if (!bin.isEmpty()) {
        filled.add(bin);
      }
    }
    return filled;
  }

  String note(ReliabilityDiagram.Bin bin) {
    double gap = bin.meanConfidence() - bin.accuracy();
    String verdict =
        judgesTopLabel()
            ? (gap > 0 ? "over-confident by " : "under-confident by ")
            : (gap > 0 ? "too high by " : "too low by ");
    return (judgesTopLabel() ? "Confidence " : "Probability ")
        + Numbers.fixed(bin.lower(), 3)
        + " to "
        + Numbers.fixed(bin.upper(), 3)
        + ": "
        + rows(bin.count())
        + (judgesTopLabel() ? ", accuracy " : ", observed share ")
        + Numbers.fixed(bin.accuracy(), 3)
        + " (95 % interval "
        + Numbers.fixed(bin.clopperPearson().lower(), 3)
        + " to "
        + Numbers.fixed(bin.clopperPearson().upper(), 3)
        + ")"
        + (judgesTopLabel() ? ", mean confidence " : ", mean probability ")
        + Numbers.fixed(bin.meanConfidence(), 3)
        + (gap == 0 ? "" : ", " + verdict + Numbers.fixed(Math.abs(gap), 3));
  }

  String describe() {
    int blank = diagram.bins().size() - filled().size();
    return "Reliability diagram, "
        + diagram.binning().describe()
        + ": "
        + diagram.bins().size()
        + " bins, "
        + blank
        + " of them empty. "
        + (judgesTopLabel() ? "Accuracy " : "Observed share ")
        + Numbers.metric(diagram.accuracy())
        + (judgesTopLabel() ? ", mean confidence " : ", mean probability ")
        + Numbers.metric(diagram.meanConfidence())
        + ", expected calibration error "
        + Numbers.metric(diagram.ece())
        + ", largest gap "
        + Numbers.metric(worst() == null ? Double.NaN : Math.abs(worst().overconfidence()))
        + (worst() == null ? "" : " in a bin of " + rows(worst().count()))
        + ".";
  }

  static String rows(long count) {
    return Numbers.count(count) + (count == 1 ? " row" : " rows");
  }

  /** The bin of the maximum calibration error; null if no bin has rows. */
  ReliabilityDiagram.Bin worst() {
    return filled().stream()
        .max(Comparator.comparingDouble(bin -> Math.abs(bin.overconfidence())))
        .orElse(null);
  }
}
