package io.github.swag4j.cli.page;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDirectory;
import java.io.PrintWriter;

/** What a command says of a run on standard output. */
public final class RunOutput {
  private static final Gson GSON = new Gson();

  private RunOutput() {}

  public static void print(PrintWriter out, Results results, RunDirectory run, boolean json) {
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("run", run.path().toString());
      RunMetrics.json(results).entrySet().forEach(e -> object.add(e.getKey(), e.getValue()));
      out.println(GSON.toJson(object));
      return;
    }
    out.println("Calibration on " + results.testSet());
    MethodGrounds grounds = MethodGrounds.of(results);
    out.println(ResultTables.calibration(results, grounds).toText().stripTrailing());
    if (results.methods().size() > 1) {
      out.println(grounds.stars());
    }
    String caption = ResultTables.temperatureCaption(results);
    if (!caption.isEmpty()) {
      out.println(caption);
    }
    for (String ood : results.oodSets()) {
      out.println();
      out.println("Out-of-distribution detection: " + ood + " against " + results.testSet());
      DetectionSection found = RunDetections.of(results).bySet().get(ood);
      out.println(found.table().toText().stripTrailing());
      out.println(found.stars());
    }
    if (PairedDifferences.exist(results)) {
      out.println();
      out.println(PairedDifferences.CAPTION);
      out.println(PairedDifferences.table(results).toText().stripTrailing());
    }
  }
}
