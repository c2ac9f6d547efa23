package io.github.swag4j.site;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Follows the links of all pages of a folder, as far as they stay in it. */
public final class Links {
  private final Path site;
  private final Map<Path, Set<String>> anchors = new HashMap<>();
  private final List<String> broken = new ArrayList<>();

  private Links(Path site) {
    this.site = site.toAbsolutePath().normalize();
  }

  /**
   * Looks at a folder.
   *
   * @param args the folder
   * @throws IOException if a link leads nowhere, or a page cannot be read
   */
  public static void main(String[] args) throws IOException {
    List<String> broken = broken(Path.of(args[0]));
    if (!broken.isEmpty()) {
      throw new IOException(
          broken.size()
              + " broken links, among them\n"
              + String.join("\n", broken.subList(0, Math.min(broken.size(), 40))));
    }
  }

  /** The links that lead nowhere, each as "page: link: why". */
  static List<String> broken(Path site) throws IOException {
    Links links = new Links(site);
    List<Path> pages;
    try (Stream<Path> files = Files.walk(links.site)) {
      pages = files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
    for (Path page : pages) {
      links.look(page);
    }
    return links.broken;
  }

  private void look(Path page) throws IOException {
    Document document = Jsoup.parse(page.toFile(), "UTF-8");
    for (Element element : document.select("a[href], link[href], img[src], script[src]")) {
      String link = element.attr(element.hasAttr("href") ? "href" : "src");
      String why = whyBroken(page, link);
      if (why != null) {
        broken.add(site.relativize(page) + ": " + link + ": " + why);
      }
    }
  }

  private String whyBroken(Path page, String link) throws IOException {
    if (link.matches("[a-zA-Z][a-zA-Z+.-]*:.*")) {
      return null;
    }
    if (page.endsWith("constant-values.html") && link.equals("#io.github")) {
      // JDK 17's javadoc names a place there that it does not make.
      return null;
    }
    URI uri =
        URI.create(
            link.replace(" ", "%20")
                .replace("<", "%3C")
                .replace(">", "%3E")
                .replace("[", "%5B")
                .replace("]", "%5D"));
    Path target = uri.getPath().isEmpty() ? page : page.resolveSibling(uri.getPath()).normalize();
    if (!target.startsWith(site)) {
      return "leaves the site";
    }
    if (!Files.isRegularFile(target)) {
      return "no such file";
    }
    String fragment = uri.getFragment();
    boolean plain = fragment == null || fragment.isEmpty() || !target.toString().endsWith(".html");
    return plain || anchors(target).contains(fragment) ? null : "no such place on the page";
  }

  private Set<String> anchors(Path page) throws IOException {
    Set<String> known = anchors.get(page);
    if (known == null) {
      known = new HashSet<>();
      for (Element element : Jsoup.parse(page.toFile(), "UTF-8").select("[id], a[name]")) {
        known.add(element.hasAttr("id") ? element.id() : element.attr("name"));
      }
      anchors.put(page, known);
    }
    return known;
  }
}
