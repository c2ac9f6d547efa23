package io.github.swag4j.swa.djl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code text inside a TorchScript archive, and the two edits of it that make batch-norm
 * statistics reachable. DJL lists a module's parameters but not its buffers, so {@code
 * running_mean} and {@code running_var} are declared parameters; and each {@code torch.batch_norm}
 * goes through {@link #FUNCTION}, which gives a batch's own statistics when the sign of the running
 * variance asks for them. Values and outputs are unchanged by both.
 *
 * <p>A traced module has its mode as a literal in the text. Traced in training mode, it would drop
 * out and normalise by the batch for ever: the literal becomes the module's own flag.
 */
final class TorchScriptCode {

  /** Where the added function is in an archive, under its root folder. */
  static final String FUNCTION_FILE = "code/__torch__/swag4j.py";

  /**
   * Batch normalisation that can be asked. A running variance without the sign bit: as always. Else
   * it is (running mean, running variance) = (inf, -inf): leave the number of values a channel in
   * the mean; (0, -inf): normalise by the batch and leave its mean and minus its unbiased variance;
   * anything else: this layer ran before in the pass, leave (-inf, -1). These are asked in
   * evaluation mode. In training mode the sign bit asks for evaluation with the running mean and
   * the variance without the sign, which is how dropout alone is active.
   */
  static final String FUNCTION =
      """
      def batch_norm(input: Tensor,
          weight: Optional[Tensor],
          bias: Optional[Tensor],
          running_mean: Optional[Tensor],
          running_var: Optional[Tensor],
          training: bool,
          momentum: float,
          eps: float,
          cudnn_enabled: bool) -> Tensor:
        if torch.__is__(running_var, None):
          asked = False
        else:
          known = unchecked_cast(Tensor, running_var)
          asked = bool(torch.select(torch.signbit(known), 0, 0))
        if asked:
          mean = unchecked_cast(Tensor, running_mean)
          variance = unchecked_cast(Tensor, running_var)
          if training:
            result = torch.batch_norm(input, weight, bias, mean, torch.abs(variance), \
      False, momentum, eps, cudnn_enabled)
          elif bool(torch.select(torch.isinf(variance), 0, 0)):
            if bool(torch.select(torch.isinf(mean), 0, 0)):
              count = torch.floordiv(torch.numel(input), torch.numel(mean))
              _0 = torch.fill_(mean, count)
              _1 = torch.fill_(variance, -1)
              result = input
            else:
              own_mean = torch.zeros_like(mean)
              own_variance = torch.zeros_like(variance)
              result = torch.batch_norm(input, weight, bias, own_mean, own_variance, \
      True, 1., eps, cudnn_enabled)
              _2 = torch.copy_(mean, own_mean)
              _3 = torch.copy_(variance, torch.neg(own_variance))
          else:
            _4 = torch.fill_(mean, torch.neg(inf))
            _5 = torch.fill_(variance, -1)
            result = input
          output = result
        else:
          output = torch.batch_norm(input, weight, bias, running_mean, running_var, training, \
      momentum, eps, cudnn_enabled)
        return output
      """;

  private static final String ASKED = "__torch__.swag4j.batch_norm";
  private static final Pattern NORM = Pattern.compile("(?<![\\w.])torch\\.batch_norm\\(");
  private static final Pattern DROPOUT =
      Pattern.compile("(?<![\\w.])torch\\.(?:feature_)?(?:alpha_)?dropout_?\\(");
  private static final Pattern TENSORS =
      Pattern.compile("(__parameters__ = \\[)([^\\]]*)(\\]\\s+__buffers__ = \\[)([^\\]]*)(\\])");
  private static final Pattern RECEIVER = Pattern.compile("\\n {2}def \\w+\\((\\w+)");
  private static final String STATISTICS = "\"running_mean\", \"running_var\", ";
  private static final int NORM_MODE = 5;
  private static final int DROPOUT_MODE = 2;

  /** An argument's place in the text. */
  private record Span(int from, int to) {
    String of(String source) {
      return source.substring(from, to).strip();
    }
  }

  private TorchScriptCode() {}

  /** Whether a module in this text has parameters. */
  static boolean hasParameters(String source) {
    Matcher m = TENSORS.matcher(source);
    while (m.find()) {
      if (!m.group(2).isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** Whether batch normalisation or dropout was traced here in this mode. */
  static boolean isTraced(String source, boolean training) {
    String literal = literal(training);
    return modes(source, NORM, NORM_MODE).stream().anyMatch(s -> s.of(source).equals(literal))
        || modes(source, DROPOUT, DROPOUT_MODE).stream()
            .anyMatch(s -> s.of(source).equals(literal));
  }

  /** Makes statistics reachable, and the mode of traced modules their own flag. */
  static String expose(String source) {
    String switched = switchable(source, NORM, NORM_MODE);
    switched = switchable(switched, DROPOUT, DROPOUT_MODE);
    return TENSORS
        .matcher(asking(switched))
        .replaceAll(
            m ->
                m.group(4).contains(STATISTICS)
                    ? Matcher.quoteReplacement(
                        m.group(1)
                            + m.group(2)
                            + STATISTICS
                            + m.group(3)
                            + m.group(4).replace(STATISTICS, "")
                            + m.group(5))
                    : Matcher.quoteReplacement(m.group()));
  }

  /** Undoes {@link #expose}, but for the mode of traced modules. */
  static String restore(String source) {
    String plain = source.replace(ASKED, "torch.batch_norm");
    return TENSORS
        .matcher(plain)
        .replaceAll(
            m ->
                m.group(2).contains(STATISTICS)
                    ? Matcher.quoteReplacement(
                        m.group(1)
                            + m.group(2).replace(STATISTICS, "")
                            + m.group(3)
                            + STATISTICS
                            + m.group(4)
                            + m.group(5))
                    : Matcher.quoteReplacement(m.group()));
  }

  private static String asking(String source) {
    StringBuilder out = new StringBuilder();
    int copied = 0;
    Matcher m = NORM.matcher(withoutTexts(source));
    while (m.find()) {
      out.append(source, copied, m.start()).append(ASKED).append('(');
      copied = m.end();
    }
    return out.append(source, copied, source.length()).toString();
  }

  private static String switchable(String source, Pattern call, int argument) {
    StringBuilder out = new StringBuilder(source);
    List<Span> modes = modes(source, call, argument);
    for (int i = modes.size() - 1; i >= 0; i--) {
      Span mode = modes.get(i);
      String receiver = receiver(source, mode.from());
      if (mode.of(source).equals(literal(true)) && receiver != null) {
        out.replace(mode.from(), mode.to(), " " + receiver + ".training");
      }
    }
    return out.toString();
  }

  private static String literal(boolean value) {
    String word = Boolean.toString(value);
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** The name of the module in the method around a place, or null in a function. */
  private static String receiver(String source, int at) {
    int method = source.lastIndexOf("\n  def ", at);
    int function = Math.max(source.lastIndexOf("\ndef ", at), source.startsWith("def ") ? 0 : -1);
    if (method < 0 || method < function) {
      return null;
    }
    Matcher m = RECEIVER.matcher(source).region(method, at);
    return m.lookingAt() ? m.group(1) : null;
  }

  private static List<Span> modes(String source, Pattern call, int argument) {
    List<Span> found = new ArrayList<>();
    String calls = withoutTexts(source);
    Matcher m = call.matcher(calls);
    while (m.find()) {
      List<Span> arguments = arguments(calls, m.end());
      if (arguments.size() > argument) {
        found.add(arguments.get(argument));
      }
    }
    return found;
  }

  /** The same code, place for place, with blanks inside quotes: a message is no call. */
  private static String withoutTexts(String source) {
    char[] chars = source.toCharArray();
    boolean quoted = false;
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] == '"') {
        quoted = !quoted;
      } else if (quoted && chars[i] == '\\' && i + 1 < chars.length) {
        chars[i++] = ' ';
        chars[i] = ' ';
      } else if (quoted) {
        chars[i] = ' ';
      }
    }
    return new String(chars);
  }

  /** The arguments of a call, from behind its opening bracket; calls nest. */
  private static List<Span> arguments(String calls, int start) {
    List<Span> spans = new ArrayList<>();
    int depth = 0;
    int from = start;
    for (int i = start; i < calls.length(); i++) {
      char c = calls.charAt(i);
      if (c == '(' || c == '[') {
        depth++;
      } else if (depth > 0 && (c == ')' || c == ']')) {
        depth--;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        spans.add(new Span(from, i));
        from = i + 1;
        if (c == ')') {
          return spans;
        }
      }
    }
    return spans;
  }
}
