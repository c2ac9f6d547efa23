package io.github.swag4j.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/** One page: Markdown as GitHub reads it, between the head and the foot that all pages share. */
final class MarkdownPage {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .attributeProviderFactory(
              context ->
                  (node, tag, attributes) -> {
                    if (node instanceof TableBlock && tag.equals("table")) {
                      attributes.put("tabindex", "0");
                    }
                  })
          .build();

  private final String frame;
  private final String version;

  /** A page's text, and the files of the repository it links to, relative to itself. */
  record Rendered(String html, List<String> links) {}

  MarkdownPage(String version) {
    this.version = version;
    try (InputStream in = MarkdownPage.class.getResourceAsStream("frame.html")) {
      frame = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the page of a Markdown file lies: a README is the index of its folder. */
  static String place(String link) {
    return link.replaceFirst("(^|/)README\\.md$", "$1index.html").replaceFirst("\\.md$", ".html");
  }

  Rendered render(Path place, String markdown) {
    Node document = PARSER.parse(markdown);
    List<String> links = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            link.setDestination(relinked(link.getDestination(), links));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            image.setDestination(relinked(image.getDestination(), links));
            visitChildren(image);
          }
        });
    String up = "../".repeat(place.getNameCount() - 1);
    String html =
        frame
            .replace("${title}", escaped(title(document, place)))
            .replace("${version}", escaped(version))
            .replace("${up}", up)
            .replace("${content}", RENDERER.render(document));
    return new Rendered(html, links);
  }

  /** Notes a file that is linked to, and returns where it will be; links to elsewhere stay. */
  private static String relinked(String destination, List<String> links) {
    if (destination.startsWith("#") || destination.matches("[a-z]+:.*")) {
      return destination;
    }
    int hash = destination.indexOf('#');
    String file = hash < 0 ? destination : destination.substring(0, hash);
    links.add(file);
    return place(file) + (hash < 0 ? "" : destination.substring(hash));
  }

  private static String title(Node document, Path place) {
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading) {
        return TextContentRenderer.builder().build().render(node).strip();
      }
    }
    return place.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
