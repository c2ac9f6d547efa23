package io.github.swag4j.reports;

import io.github.swag4j.reports.drawing.Ink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** The style sheet of a page: the colours of {@link Ink}, light and dark, and the layout. */
final class PageStyle {
  private PageStyle() {}

  static String css() {
    StringBuilder out = new StringBuilder();
    out.append(":root { color-scheme: light dark; --best: #0072b233; --shade: #1c253055; ");
    out.append(variables(Ink::lightHex)).append("}\n");
    // Paper is white, and so a printout is light even where the screen is dark.
    out.append(
        "@media screen and (prefers-color-scheme: dark) { :root { --best: #58b4ea40; --shade: #a3afbd80; ");
    out.append(variables(Ink::darkHex)).append("} }\n");
    for (Ink ink : Ink.values()) {
      String value = "var(--" + ink.key() + ")";
      out.append(".chart .f-").append(ink.key()).append(" { fill: ").append(value).append("; }\n");
      out.append(".chart .s-").append(ink.key());
      out.append(" { stroke: ").append(value).append("; }\n");
    }
    return out.append(layout()).toString();
  }

  private static String variables(Function<Ink, String> hex) {
    StringBuilder out = new StringBuilder();
    for (Ink ink : Ink.values()) {
      out.append("--").append(ink.key()).append(": ").append(hex.apply(ink)).append("; ");
    }
    return out.toString();
  }

  private static String layout() {
    try (InputStream in = PageStyle.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("report.css must be readable beside the classes", e);
    }
  }
}
