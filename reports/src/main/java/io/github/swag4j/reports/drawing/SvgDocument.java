package io.github.swag4j.reports.drawing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * A figure as SVG.
 *
 * <p>Batik turns the geometry into elements; what it adds for the sake of completeness (an
 * attribute for every default, clip paths, invisible rectangles) is left out, colours become {@code
 * #rrggbb} with a class beside them that a page can restyle, and labels are written as real text.
 * Attributes are written in the order of their names, so the same figure gives the same bytes.
 */
public final class SvgDocument {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final String FONTS =
      "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  private static final List<String> GEOMETRY =
      List.of("x", "y", "x1", "y1", "x2", "y2", "width", "height", "d", "points", "cx", "cy", "r");
  private static final List<String> KEPT =
      List.of("rx", "ry", "transform", "fill-opacity", "stroke-width", "stroke-dasharray");
  private static final List<String> JOINS = List.of("stroke-linecap", "stroke-linejoin");

  private final Figure figure;
  private final String prefix;
  private final StringBuilder out = new StringBuilder(16_384);

  private SvgDocument(Figure figure, String prefix) {
    this.figure = figure;
    this.prefix = prefix;
  }

  /**
   * Writes a figure.
   *
   * @param figure the figure
   * @param prefix what the ids start with; must differ between figures of one page
   * @return an {@code <svg>} element
   */
  public static String of(Figure figure, String prefix) {
    return new SvgDocument(figure, prefix).write();
  }

  private String write() {
    out.append("<svg xmlns=\"").append(NAMESPACE).append("\" class=\"chart\" viewBox=\"0 0 ");
    out.append(figure.width()).append(' ').append(figure.height());
    out.append("\" width=\"").append(figure.width());
    out.append("\" height=\"").append(figure.height());
    out.append("\" role=\"img\" aria-labelledby=\"").append(prefix).append("title ");
    out.append(prefix).append("desc\" font-family=\"").append(FONTS);
    out.append("\" stroke-linejoin=\"round\">\n");
    element("title", "title", figure.title());
    element("desc", "desc", figure.description());
    geometry();
    figure.labels().forEach(this::label);
    figure.notes().forEach(this::note);
    return out.append("</svg>\n").toString();
  }

  private void element(String name, String id, String text) {
    out.append('<').append(name).append(" id=\"").append(prefix).append(id).append("\">");
    out.append(Markup.escape(text)).append("</").append(name).append(">\n");
  }

  private void geometry() {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
    context.setPrecision(2);
    context.setComment(null);
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    figure.paint(graphics);
    children(graphics.getTopLevelGroup());
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(NAMESPACE, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser must be available", e);
    }
  }

  private void children(Node parent) {
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element e && !e.getTagName().equals("defs")) {
        shape(e);
      }
    }
  }

  private void shape(Element e) {
    boolean group = e.getTagName().equals("g");
    if (!group && invisible(e)) {
      return;
    }
    int start = out.length();
    out.append('<').append(e.getTagName());
    attributes(e).forEach((k, v) -> out.append(' ').append(k).append("=\"").append(v).append('"'));
    if (!group) {
      out.append("/>\n");
      return;
    }
    out.append(">\n");
    int body = out.length();
    children(e);
    if (out.length() == body) {
      out.setLength(start);
    } else {
      out.append("</g>\n");
    }
  }

  /** XChart paints its backgrounds even when they are fully transparent. */
  private static boolean invisible(Element e) {
    return paintIsNone(e, "fill") && paintIsNone(e, "stroke");
  }

  private static boolean paintIsNone(Element e, String paint) {
    return inherited(e, paint).equals("none") || inherited(e, paint + "-opacity").equals("0");
  }

  private static String inherited(Element e, String name) {
    for (Node n = e; n instanceof Element at; n = n.getParentNode()) {
      if (at.hasAttribute(name)) {
        return at.getAttribute(name);
      }
    }
    return "";
  }

  private static Map<String, String> attributes(Element e) {
    Map<String, String> kept = new TreeMap<>();
    NamedNodeMap all = e.getAttributes();
    for (int i = 0; i < all.getLength(); i++) {
      String name = all.item(i).getNodeName();
      String value = all.item(i).getNodeValue();
      if (name.equals("fill") || name.equals("stroke")) {
        paint(kept, name, value);
      } else if (GEOMETRY.contains(name) || KEPT.contains(name) || JOINS.contains(name)) {
        kept.put(name, Markup.escape(value));
      }
    }
    return kept;
  }

  private static void paint(Map<String, String> kept, String name, String value) {
    Integer rgb = rgb(value);
    if (rgb == null) {
      kept.put(name, Markup.escape(value));
      return;
    }
    kept.put(name, String.format(Locale.ROOT, "#%06x", rgb));
    Ink ink = Ink.of(rgb);
    if (ink != null) {
      kept.merge("class", name.charAt(0) + "-" + ink.key(), (a, b) -> a + " " + b);
    }
  }

  private static Integer rgb(String value) {
    if (value.equals("white")) {
      return 0xffffff;
    }
    if (value.equals("black")) {
      return 0;
    }
    if (!value.startsWith("rgb(")) {
      return null;
    }
    String[] parts = value.substring(4, value.length() - 1).split(",", -1);
    int red = Integer.parseInt(parts[0].trim());
    int green = Integer.parseInt(parts[1].trim());
    return red << 16 | green << 8 | Integer.parseInt(parts[2].trim());
  }

  private void label(Figure.Label label) {
    Figure.Style style = label.style();
    String x = Numbers.coordinate(label.x());
    String y = Numbers.coordinate(label.y());
    out.append("<text class=\"f-").append(style.ink.key());
    out.append("\" fill=\"").append(style.ink.lightHex());
    out.append("\" font-size=\"").append(style.size).append('"');
    if (style.bold) {
      out.append(" font-weight=\"600\"");
    }
    if (label.anchor() != Figure.Anchor.START) {
      out.append(" text-anchor=\"").append(label.anchor().svg).append('"');
    }
    if (label.upward()) {
      out.append(" transform=\"rotate(-90 ").append(x).append(' ').append(y).append(")\"");
    }
    out.append(" x=\"").append(x).append("\" y=\"").append(y).append("\">");
    out.append(Markup.escape(label.text())).append("</text>\n");
  }

  private void note(Figure.Note note) {
    out.append("<rect class=\"note\" data-count=\"").append(note.count());
    out.append("\" data-series=\"").append(Markup.escape(note.series()));
    out.append("\" fill=\"none\" height=\"").append(Numbers.coordinate(note.region().getHeight()));
    out.append("\" pointer-events=\"all\" width=\"");
    out.append(Numbers.coordinate(note.region().getWidth()));
    out.append("\" x=\"").append(Numbers.coordinate(note.region().getX()));
    out.append("\" y=\"").append(Numbers.coordinate(note.region().getY())).append("\"><title>");
    out.append(Markup.escape(note.text())).append("</title></rect>\n");
  }
}
