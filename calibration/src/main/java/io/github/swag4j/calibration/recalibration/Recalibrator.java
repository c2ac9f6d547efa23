package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.DataFingerprint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fitted map from predicted to recalibrated probabilities.
 *
 * <p>Immutable and deterministic; safe for use by several threads. {@link #toJson()} and {@link
 * Recalibrators#fromJson(String)} carry it into another process, where it gives the same bits.
 *
 * @see Recalibrators
 */
public sealed interface Recalibrator permits FittedRecalibrator {

  /**
   * Where logarithms of given probabilities are needed, smaller probabilities are raised to this
   * one first; logits are used as they are.
   */
  double PROBABILITY_FLOOR = 1e-12;

  /**
   * The method's name, such as {@code temperature}.
   *
   * @return the name under which {@link Recalibrators#fit} knows it
   */
  String method();

  /**
   * Number of classes it was fitted on.
   *
   * @return the classes, at least 2
   */
  int classes();

  /**
   * Names of the classes it was fitted on.
   *
   * @return {@code [classes]}; empty if they had no names, or it was made from parameters
   */
  Optional<List<String>> classNames();

  /**
   * The rows it was fitted on.
   *
   * @return their fingerprint, empty if it was made from parameters
   */
  Optional<DataFingerprint> fittedOn();

  /**
   * Recalibrates predictions that were not used to fit.
   *
   * <p>Labels, ids, groups, weights and class names are kept. Posterior samples and expected
   * entropies are not, since they describe the probabilities from before. Logits are kept,
   * recalibrated, where the method maps logits to logits and logits were given.
   *
   * @param predictions predictions of the same classes
   * @return the recalibrated predictions
   * @throws IllegalArgumentException if the number of classes differs, if both know their classes'
   *     names and these differ or stand in another order, if logits are needed and missing, or if
   *     these are the labelled rows of the fit or hold too many of them, on which any judgement
   *     would flatter; the rule is that of {@link DataFingerprint}
   */
  Predictions apply(Predictions predictions);

  /**
   * Recalibrates any predictions, also those of the fit: for showing the fit itself, never for
   * judging it.
   *
   * @param predictions predictions of the same classes
   * @return the recalibrated predictions, as {@link #apply}
   * @throws IllegalArgumentException if the number of classes differs, if both know their classes'
   *     names and these differ or stand in another order, or if logits are needed and missing
   */
  Predictions applyInSample(Predictions predictions);

  /**
   * Refuses the rows of the fit, and rows too many of which were fitted.
   *
   * @param predictions predictions to be judged
   * @throws IllegalArgumentException if they are labelled rows of the fit by the rule of {@link
   *     DataFingerprint}, in any order
   */
  void requireUnseen(Predictions predictions);

  /**
   * Everything that was fitted, by name: matrices row by row, class-wise values under {@code
   * class_k.name}.
   *
   * @return the parameters, copied
   */
  Map<String, double[]> parameters();

  /**
   * What the map does, for people: a formula with its numbers, and values where a formula says
   * little.
   *
   * @return lines of text; classes by their names where these are known
   */
  List<String> inWords();

  /**
   * The recalibrator as JSON text.
   *
   * @return one JSON object on one line, numbers to the last bit
   */
  String toJson();
}
