package io.github.swag4j.calibration.io.columns;

import java.util.Set;
import java.util.regex.Pattern;

/** Names people give to columns that are no classes, and to the one probability of a class. */
final class UsualColumns {
  /** Identifiers, files, folds, times, predictions and what is computed from them, weights. */
  private static final Set<String> BESIDE =
      Set.of(
          ("id ids idx index row rows rowid rownum row_number row_index rowname row_names no nr num"
                  + " number key uuid guid name names file filename path image img img_path url"
                  + " sample example case record item document doc user customer patient subject"
                  + " fold folds cv resample split set subset partition part batch epoch step"
                  + " iteration iter seed run model model_name method version config dataset source"
                  + " predict predicted prediction predictions pred preds y_pred y_hat yhat"
                  + " pred_class class_pred predicted_class prediction_class pred_label"
                  + " predicted_label prediction_label label_pred output_class argmax top1 into"
                  + " correct is_correct hit error loss nll entropy confidence conf max_prob margin"
                  + " date time timestamp datetime created created_at updated_at day week month year"
                  + " hour minute second ts weight weights w sample_weight sample_weights importance"
                  + " count counts n freq frequency group groups cluster site region rank order"
                  + " train test is_train is_test text comment note notes description")
              .split(" "));

  private static final Pattern BESIDE_ENDS =
      Pattern.compile(
          "(.+_)?(id|idx|index|uuid|date|time|timestamp|fold|weight|path|file|filename)");

  /** What one column is called that holds the probability of the positive class. */
  private static final Set<String> PROBABILITY =
      Set.of(
          ("p prob probs proba probability probabilities p_hat phat y_prob y_proba y_probs y_score"
                  + " y_scores score scores pred_prob pred_proba pred_probability y_pred_prob"
                  + " y_pred_proba predict_proba predicted_prob predicted_proba"
                  + " predicted_probability prediction_probability p1 p_1 prob1 prob_1 proba_1"
                  + " probability_1 p_pos prob_pos p_positive prob_positive posterior sigmoid")
              .split(" "));

  /** The same of a column of logits. */
  private static final Set<String> LOGIT =
      Set.of("logit", "logits", "score", "scores", "y_score", "raw", "raw_score", "decision", "z");

  /** What the probability of whichever class was predicted is called. */
  private static final Set<String> CONFIDENCE =
      Set.of(
          "confidence conf max_prob max_probability top1_prob top_prob msp certainty".split(" "));

  private static final Set<String> PREDICTED_CLASS =
      Set.of(
          ("predict predicted prediction predictions pred preds y_pred y_hat yhat pred_class"
                  + " class_pred predicted_class prediction_class pred_label predicted_label"
                  + " prediction_label label_pred output_class argmax top1")
              .split(" "));

  private UsualColumns() {}

  /** Whether a column's name says that it stands beside the classes. */
  static boolean isBeside(String name) {
    String plain = NameText.plain(name);
    return BESIDE.contains(plain)
        || BESIDE_ENDS.matcher(plain).matches()
        || plain.startsWith("id_")
        || name.toLowerCase(java.util.Locale.ROOT).startsWith("unnamed: ");
  }

  /** Whether a column's name says that it holds the class predicted. */
  static boolean isPredictedClass(String name) {
    return PREDICTED_CLASS.contains(NameText.plain(name));
  }

  /** Whether a column's name says that it holds the probability of the class predicted. */
  static boolean isConfidence(String name) {
    return CONFIDENCE.contains(NameText.plain(name));
  }

  /** Whether a column's name says that it holds the probability, or logit, of one class. */
  static boolean isProbability(String name, boolean logits) {
    return (logits ? LOGIT : PROBABILITY).contains(NameText.plain(name));
  }
}
