package io.github.swag4j.cli;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.base.Remedy;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.swa.io.WeightFileRemedy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The library's remedies in the words of the program: its options. */
final class ProgramWords {
  private ProgramWords() {}

  /** What a failure says, with options for remedies. */
  static String of(Throwable e) {
    return Refusal.of(e).text(ProgramWords::of);
  }

  /** What a step gives; its failure in these words, after the name of the file it is about. */
  static <T> T named(Path file, Supplier<T> step) throws IOException {
    try {
      return step.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException(file + ": " + of(e), e);
    }
  }

  private static String of(Remedy remedy) {
    if (remedy instanceof PredictionRemedy known) {
      return of(known);
    }
    return remedy instanceof WeightFileRemedy known ? of(known) : remedy.words();
  }

  private static String of(WeightFileRemedy remedy) {
    return switch (remedy) {
      case WHICH_KEY -> "say which with --key";
      case ITS_KEY -> "say --key and its name";
      case ANOTHER_TYPE -> "say another --dtype";
      case LAST_INTEGERS -> "say --integers last";
    };
  }

  static String of(PredictionRemedy remedy) {
    return switch (remedy) {
      case AS_LOGITS -> "say --logits";
      case NOT_AS_LOGITS -> "leave --logits out";
      case RENORMALISE -> "say --renormalise";
      case SAY_LABELS -> "say --labels-are name or --labels-are index";
      case PERCENT -> "say --percent";
      case LABEL_COLUMN -> "with --label-column";
      case ID_COLUMN -> "with --id-column";
      case POSITIVE_CLASS -> "with --positive-class";
      case IGNORE_LABEL -> "with --ignore-label";
      case IGNORED_COLUMNS -> "with --ignore-columns";
      case CLASS_COLUMNS -> "with --class-columns";
      case PREDICTION_COLUMN -> "say 'evaluate' with --prediction-column";
      case CONFIDENCE_COLUMN -> "--confidence-column";
      case LIMITS -> ""; // no option sets them
      case MORE_HEAP -> "give more with SWAG4J_JAVA_OPTIONS=-Xmx";
      case STREAM -> "judge it with 'evaluate --stream'";
    };
  }
}
