package io.github.swag4j.studies.frame;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.cli.page.PageStamp;
import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReportPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a study shows: tables and charts in the order they were added, as one page {@code
 * report.html}, each table as CSV and Markdown in {@code tables/}, each chart as SVG and PNG in
 * {@code figures/}, all results in {@code results.json}, and the tables on standard output.
 */
public final class StudyPage {
  private static final Gson GSON = new Gson();

  private final StudyRun run;
  private final ReportPage.Builder page;
  private final Map<String, String> titles = new LinkedHashMap<>();
  private final Map<String, MetricsTable> tables = new LinkedHashMap<>();
  private final List<String> findings = new ArrayList<>();
  private final JsonObject results = new JsonObject();

  /**
   * Begins a page.
   *
   * @param run where it goes
   * @param title its heading
   */
  public StudyPage(StudyRun run, String title) {
    this.run = run;
    this.page = ReportPage.titled(title);
    results.addProperty("study", run.study());
    results.addProperty("run", run.path().toString());
  }

  /**
   * A sentence of summary, on top of the page and at the end of the terminal's output.
   *
   * @param text what was found, or not found, with its numbers
   * @return this page
   */
  public StudyPage finding(String text) {
    page.lead(text);
    findings.add(text);
    return this;
  }

  /**
   * A new section.
   *
   * @param heading plain text
   * @param text a paragraph on what was done; may be empty
   * @return this page
   */
  public StudyPage section(String heading, String text) {
    page.section(heading);
    if (!text.isEmpty()) {
      page.paragraph(text);
    }
    return this;
  }

  /**
   * A table.
   *
   * @param name of its files, for example {@code word-lengths}
   * @param table the table
   * @param caption what its columns are
   * @return this page
   * @throws IOException if its files cannot be written
   */
  public StudyPage table(String name, MetricsTable table, String caption) throws IOException {
    page.table(table, caption);
    tables.put(name, table);
    titles.put(name, caption);
    table.writeCsv(file("tables", name + ".csv"));
    byte[] markdown = table.toMarkdown().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file("tables", name + ".md"), out -> out.write(markdown));
    return this;
  }

  /**
   * A chart.
   *
   * @param name of its files, for example {@code noise-ball}
   * @param chart the chart
   * @param caption what to see in it
   * @return this page
   * @throws IOException if its files cannot be written
   */
  public StudyPage chart(String name, Chart chart, String caption) throws IOException {
    page.chart(chart, caption);
    chart.write(file("figures", name + ".svg"));
    chart.write(file("figures", name + ".png"));
    return this;
  }

  /**
   * Adds to results.json and to what {@code --json} prints.
   *
   * @param name a field
   * @param value a record, map, list, number or text
   * @return this page
   */
  public StudyPage result(String name, Object value) {
    results.add(name, RunDirectory.toJson(value));
    return this;
  }

  private Path file(String folder, String name) {
    return run.path().resolve(folder).resolve(name);
  }

  /**
   * Writes the page and results.json, and prints them.
   *
   * @param settings what decided the results, by name, in a fixed order
   * @param spec of the command that made them: what was typed, and where results are printed
   * @param json whether as one JSON object
   * @throws IOException if a file cannot be written
   */
  public void write(Map<String, String> settings, CommandSpec spec, boolean json)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PageStamp stamp = PageStamp.now();
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("command", typed(spec));
    results.add("settings", RunDirectory.toJson(new LinkedHashMap<>(all)));
    RunDirectory.writeJson(run.path().resolve("results.json"), results);
    all.putAll(stamp.settings());
    page.section("How it was made").settings(all).footer(stamp.footer());
    Path report = run.path().resolve("report.html");
    page.build().write(report);
    if (json) {
      out.println(GSON.toJson(results));
      return;
    }
    tables.forEach(
        (name, table) -> {
          out.println(titles.get(name));
          out.println(table.toText());
        });
    findings.forEach(out::println);
    out.printf(Locale.ROOT, "%nReport: %s%n", report.toAbsolutePath().normalize());
  }

  private static String typed(CommandSpec spec) {
    List<String> words = spec.root().commandLine().getParseResult().originalArgs();
    return LauncherName.get() + " " + String.join(" ", words);
  }
}
