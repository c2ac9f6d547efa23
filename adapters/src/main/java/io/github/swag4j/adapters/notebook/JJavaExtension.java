package io.github.swag4j.adapters.notebook;

import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.MetricsTable;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/**
 * Shows a {@link Chart} as SVG and a {@link MetricsTable} as HTML where one is the last expression
 * of a cell, or given to {@code display}, in a notebook of the JJava kernel. Found as a service
 * when the jar is added to the notebook, so nothing has to be called.
 */
public final class JJavaExtension implements Extension {
  private static final MIMEType SVG = MIMEType.parse("image/svg+xml");
  private static final MIMEType HTML = MIMEType.TEXT_HTML;

  /** An extension, as the kernel makes it. */
  public JJavaExtension() {}

  @Override
  public void install(BaseKernel kernel) {
    register(kernel.getRenderer());
  }

  static void register(Renderer renderer) {
    renderer
        .createRegistration(Chart.class)
        .preferring(SVG)
        .supporting(HTML)
        .register(
            (chart, context) -> {
              context.renderIfRequested(SVG, () -> chart.toSvg());
              context.renderIfRequested(HTML, () -> chart.toHtml());
            });
    renderer
        .createRegistration(MetricsTable.class)
        .preferring(HTML)
        .register((table, context) -> context.renderIfRequested(HTML, () -> table.toHtml()));
  }
}
