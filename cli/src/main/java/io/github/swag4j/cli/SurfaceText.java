package io.github.swag4j.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.surface.SurfaceResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A surface on the terminal. */
final class SurfaceText {
  private SurfaceText() {}

  static void print(PrintWriter out, SurfaceResult surface, List<Path> files) {
    out.printf(
        Locale.ROOT,
        "%s: %d points%s%n",
        surface.surface(),
        surface.points(),
        surface.notFinite() == 0
            ? ""
            : ", at " + surface.notFinite() + " of them the loss is not finite");
    out.printf(
        Locale.ROOT,
        "  %-12s %10s %10s %10s %10s %10s %10s%n",
        "weights",
        "x",
        "y",
        "off plane",
        "train loss",
        "test loss",
        "test error");
    for (SurfaceResult.Marked m : surface.marked()) {
      out.printf(
          Locale.ROOT,
          "  %-12s %10.3f %10.3f %10.3f %10.4f %10.4f %8.2f %%%n",
          m.name(),
          m.x(),
          m.y(),
          m.distance(),
          m.trainLoss(),
          m.testLoss(),
          100 * m.testError());
    }
    files.forEach(file -> out.println("  " + file));
  }

  static String json(SurfaceResult surface, List<Path> files) {
    JsonObject object = RunDirectory.toJson(surface).getAsJsonObject();
    JsonArray names = new JsonArray();
    files.forEach(file -> names.add(file.toString()));
    object.add("files", names);
    return new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(object);
  }
}
