package io.github.swag4j.cli;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The picture of modules and packages, drawn from what the code itself uses: a package stands above
 * those it uses, packages that use each other stand side by side, and an arrow between modules says
 * how many classes go that way.
 */
final class ArchitecturePicture {
  private static final String ROOT = "io.github.swag4j.";
  private static final int WIDTH = 1080;
  private static final int BOX_WIDTH = 118;
  private static final int BOX_HEIGHT = 34;
  private static final int GAP = 8;
  private static final int HEADER = 26;
  private static final int FLOOR_GAP = 44;

  /** What each step of the data's way is called, and the class that takes it. */
  private static final List<String> WAY =
      List.of(
          "ModelWeights",
          "SwagCollector",
          "SwagPosterior",
          "BayesianPredictor",
          "Predictions",
          "CalibrationError",
          "ReliabilityChart",
          "ReportPage");

  private record Place(int x, int y, int width, int height) {}

  private final Map<String, Set<String>> packages = new TreeMap<>();
  private final Map<String, Integer> files = new TreeMap<>();
  private final Map<String, Set<String>> uses = new TreeMap<>();
  private final Map<String, Map<String, Integer>> between = new TreeMap<>();
  private final Map<String, String> homes = new TreeMap<>();

  ArchitecturePicture(JavaClasses classes) {
    for (JavaClass c : classes) {
      String own = c.getPackageName();
      if (!own.startsWith(ROOT)) {
        continue;
      }
      packages.computeIfAbsent(module(own), m -> new TreeSet<>()).add(own);
      if (c.isTopLevelClass() && !c.getSimpleName().equals("package-info")) {
        files.merge(own, 1, Integer::sum);
        homes.put(c.getSimpleName(), own);
      }
      Set<String> modules = new TreeSet<>();
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        String other = d.getTargetClass().getBaseComponentType().getPackageName();
        if (other.startsWith(ROOT) && !other.equals(own)) {
          uses.computeIfAbsent(own, p -> new TreeSet<>()).add(other);
          if (!module(other).equals(module(own))) {
            modules.add(module(other));
          }
        }
      }
      for (String m : modules) {
        between.computeIfAbsent(module(own), k -> new TreeMap<>()).merge(m, 1, Integer::sum);
      }
    }
  }

  private static String module(String name) {
    String rest = name.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** Longest way down, where those that reach each other count as one. */
  private static Map<String, Integer> floors(Set<String> nodes, Map<String, Set<String>> uses) {
    Map<String, Set<String>> reach = new TreeMap<>();
    for (String node : nodes) {
      Set<String> seen = new TreeSet<>();
      List<String> open = new ArrayList<>(List.of(node));
      while (!open.isEmpty()) {
        for (String next : uses.getOrDefault(open.remove(open.size() - 1), Set.of())) {
          if (nodes.contains(next) && seen.add(next)) {
            open.add(next);
          }
        }
      }
      reach.put(node, seen);
    }
    Map<String, Integer> floors = new TreeMap<>();
    for (int round = 0; round < nodes.size(); round++) {
      for (String node : nodes) {
        int floor = 0;
        for (String below : reach.get(node)) {
          boolean mutual = below.equals(node) || reach.get(below).contains(node);
          floor = Math.max(floor, floors.getOrDefault(below, 0) + (mutual ? 0 : 1));
        }
        floors.put(node, floor);
      }
    }
    return floors;
  }

  private static List<List<String>> rows(Set<String> nodes, Map<String, Set<String>> uses) {
    Map<Integer, List<String>> byFloor = new TreeMap<>();
    floors(nodes, uses)
        .forEach(
            (node, floor) -> byFloor.computeIfAbsent(-floor, f -> new ArrayList<>()).add(node));
    return new ArrayList<>(byFloor.values());
  }

  /** The picture, the same text for the same code. */
  String svg() {
    Map<String, Set<String>> moduleUses = new TreeMap<>();
    between.forEach((m, others) -> moduleUses.put(m, others.keySet()));
    StringBuilder boxes = new StringBuilder();
    Map<String, Place> places = new LinkedHashMap<>();
    int y = 16;
    for (List<String> floor : rows(packages.keySet(), moduleUses)) {
      y += floor(floor, y, places, boxes) + FLOOR_GAP;
    }
    StringBuilder body = new StringBuilder();
    arrows(places, body); // below the boxes that they pass
    body.append(boxes);
    int height = way(y - FLOOR_GAP + 30, body);
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
        font-family="Helvetica, Arial, sans-serif" role="img">
        <title>Modules and packages of swag4j</title>
        <desc>Each box is a package with its number of files. A module or package uses only what \
        stands below it; numbers at arrows count the classes that do.</desc>
        <defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">\
        <path d="M0,0 L8,4 L0,8 z" fill="#5b6b7b"/></marker></defs>
        <rect width="%d" height="%d" fill="#ffffff"/>
        %s</svg>
        """,
        WIDTH,
        height,
        WIDTH,
        height,
        WIDTH,
        height,
        body);
  }

  private int floor(List<String> modules, int y, Map<String, Place> places, StringBuilder body) {
    Map<String, List<List<String>>> inside = inside(modules);
    int space = (WIDTH - widest(inside)) / (modules.size() + 1);
    int x = space;
    int tallest = 0;
    for (String module : modules) {
      int width = width(inside.get(module));
      int height = HEADER + inside.get(module).size() * (BOX_HEIGHT + GAP);
      places.put(module, new Place(x, y, width, height));
      module(module, inside.get(module), places.get(module), body);
      tallest = Math.max(tallest, height);
      x += width + space;
    }
    return tallest;
  }

  /** The rows of modules side by side, of as many packages as the picture is wide. */
  private Map<String, List<List<String>>> inside(List<String> modules) {
    for (int most = 5; most > 0; most--) {
      Map<String, List<List<String>>> inside = new LinkedHashMap<>();
      for (String module : modules) {
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row : rows(packages.get(module), uses)) {
          for (int i = 0; i < row.size(); i += most) {
            rows.add(row.subList(i, Math.min(i + most, row.size())));
          }
        }
        inside.put(module, rows);
      }
      if (widest(inside) + GAP * (modules.size() + 1) <= WIDTH) {
        return inside;
      }
    }
    throw new IllegalStateException("modules must fit side by side, got " + modules);
  }

  private static int widest(Map<String, List<List<String>>> inside) {
    return inside.values().stream().mapToInt(ArchitecturePicture::width).sum();
  }

  private static int width(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(1);
    return columns * (BOX_WIDTH + GAP) + GAP;
  }

  private void module(String module, List<List<String>> rows, Place place, StringBuilder body) {
    box(body, place, "#f3f6f9", "#8a9aa9");
    text(
        body,
        place.x() + 10,
        place.y() + 18,
        14,
        "bold",
        "start",
        module.equals("swa") ? "swa-core" : module);
    int y = place.y() + HEADER;
    for (List<String> row : rows) {
      int used = row.size() * (BOX_WIDTH + GAP) - GAP;
      int x = place.x() + (place.width() - used) / 2;
      for (String name : row) {
        box(body, new Place(x, y, BOX_WIDTH, BOX_HEIGHT), "#ffffff", "#b9c4ce");
        text(body, x + BOX_WIDTH / 2, y + 15, 12, "normal", "middle", label(name));
        int count = files.getOrDefault(name, 0);
        String number = count + (count == 1 ? " file" : " files");
        text(body, x + BOX_WIDTH / 2, y + 28, 10, "normal", "middle", number);
        x += BOX_WIDTH + GAP;
      }
      y += BOX_HEIGHT + GAP;
    }
  }

  private static String label(String name) {
    String rest = name.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(dot);
  }

  private void arrows(Map<String, Place> places, StringBuilder body) {
    between.forEach(
        (from, others) ->
            others.forEach(
                (to, count) -> {
                  if (to.equals("base")) {
                    return; // everything stands on it
                  }
                  Place a = places.get(from);
                  Place b = places.get(to);
                  int x1 = towards(a, b);
                  int x2 = towards(b, a);
                  int y1 = a.y() + a.height();
                  body.append(
                      String.format(
                          Locale.ROOT,
                          "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#5b6b7b\""
                              + " stroke-width=\"1.3\" marker-end=\"url(#head)\"/>%n",
                          x1,
                          y1,
                          x2,
                          b.y()));
                  text(
                      body,
                      (x1 + x2) / 2 + 5,
                      (y1 + b.y()) / 2 + 4,
                      11,
                      "normal",
                      "start",
                      "" + count);
                }));
  }

  /** Where on a box's edge an arrow to another one begins, so that two arrows do not meet. */
  private static int towards(Place from, Place to) {
    int centre = from.x() + from.width() / 2;
    int other = to.x() + to.width() / 2;
    int reach = from.width() / 4;
    return centre + Math.max(-reach, Math.min(reach, (other - centre) / 3));
  }

  private int way(int y, StringBuilder body) {
    text(body, 16, y, 13, "bold", "start", "The way of the data");
    int step = (WIDTH - 32) / WAY.size();
    for (int i = 0; i < WAY.size(); i++) {
      String name = WAY.get(i);
      int x = 16 + i * step;
      String home = homes.get(name);
      if (home == null) {
        throw new IllegalStateException(
            "the way of the data names " + name + ", which is no class");
      }
      box(body, new Place(x, y + 12, step - 18, 40), "#eef7ef", "#7fa886");
      text(body, x + (step - 18) / 2, y + 29, 11, "normal", "middle", name);
      text(body, x + (step - 18) / 2, y + 44, 9, "normal", "middle", home.substring(ROOT.length()));
      if (i > 0) {
        body.append(
            String.format(
                Locale.ROOT,
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#5b6b7b\""
                    + " stroke-width=\"1.3\" marker-end=\"url(#head)\"/>%n",
                x - 17,
                y + 32,
                x - 1,
                y + 32));
      }
    }
    return y + 68;
  }

  private static void box(StringBuilder body, Place p, String fill, String stroke) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"%s\""
                + " stroke=\"%s\"/>%n",
            p.x(),
            p.y(),
            p.width(),
            p.height(),
            fill,
            stroke));
  }

  private static void text(
      StringBuilder body, int x, int y, int size, String weight, String anchor, String words) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-size=\"%d\" font-weight=\"%s\" text-anchor=\"%s\""
                + " fill=\"#22303c\">%s</text>%n",
            x,
            y,
            size,
            weight,
            anchor,
            words));
  }
}
