package io.github.swag4j.cli;

/**
 * Messages of the library, whose remedies name methods, with the options of the program instead.
 */
final class ProgramWords {
  private ProgramWords() {}

  static String of(String message) {
    return message
        .replace(", or set limits", "")
        .replace(": set limits", "")
        .replace("if these are logits, give them as logits", "if these are logits, say --logits")
        .replace("or ask to renormalise", "or say --renormalise")
        .replace("to be read as such, got rows", "for --logits, got rows")
        .replace("read them without Options.withLogits", "leave --logits out")
        .replace("say which with Options.withLabels", "say --labels-are name or --labels-are index")
        .replace("with Options.withIgnoredColumns", "with --ignore-columns")
        .replace("with Options.withClassColumns", "with --class-columns")
        .replaceAll(
            "raise -Xmx to ([0-9,]+m), or stream the file with StreamedSketch.*",
            "give more with SWAG4J_JAVA_OPTIONS=-Xmx$1, or judge it with 'evaluate --stream'")
        .replaceAll(
            "stream it with StreamedSketch.*|stream them into a CalibrationSketch",
            "judge it with 'evaluate --stream'");
  }
}
