package io.github.swag4j.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * Messages of the library, whose remedies name methods, with the options of the program instead.
 */
final class ProgramWords {
  private ProgramWords() {}

  /** The same failure, in the program's words; one of the system's own kind stays as it is. */
  static IOException of(IOException e) {
    String message = e.getMessage();
    if (message == null || e instanceof FileSystemException || message.equals(of(message))) {
      return e;
    }
    return new IOException(of(message), e);
  }

  static String of(String message) {
    return message
        .replace(", or set limits", "")
        .replace(": set limits", "")
        .replace("if these are logits, give them as logits", "if these are logits, say --logits")
        .replace("or ask to renormalise", "or say --renormalise")
        .replace("to be read as such, got rows", "for --logits, got rows")
        .replace("read them without Options.withLogits", "leave --logits out")
        .replace("say which with Options.withLabels", "say --labels-are name or --labels-are index")
        .replace("give the name of one as the key", "say which with --key")
        .replace("or give its name as the key", "or say --key and its name")
        .replace("(or ask for the last file's)", "(or say --integers last)")
        .replace("choose another type, float32", "say another --dtype, float32")
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
