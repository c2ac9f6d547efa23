package io.github.swag4j.adapters.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;

/** With the renderer of JJava's kernel, without a notebook. */
class JJavaExtensionTest {
  private static ReliabilityChart chart() {
    Predictions predictions =
        Predictions.of(new double[][] {{0.9, 0.1}, {0.4, 0.6}, {0.7, 0.3}}, new int[] {0, 1, 1});
    return ReliabilityChart.of("Three rows", ReliabilityDiagram.of(predictions));
  }

  private static DisplayData rendered(Object shown) {
    Renderer renderer = new Renderer();
    JJavaExtension.register(renderer);
    return renderer.render(shown);
  }

  @Test
  void aChartShowsItselfAsSvgWithItsWordsBeside() {
    ReliabilityChart chart = chart();
    DisplayData data = rendered(chart);
    assertThat(data.getData(MIMEType.parse("image/svg+xml"))).isEqualTo(chart.toSvg());
    assertThat(data.getData(MIMEType.TEXT_PLAIN)).isEqualTo(chart.toString());
    assertThat(chart.toString()).startsWith("Three rows: ").contains(chart.description());
    assertThat(chart.toHtml()).startsWith("<figure><svg").endsWith("</figure>");
  }

  @Test
  void aTableShowsItselfAsHtml() {
    MetricsTable table =
        MetricsTable.builder("method").lowerIsBetter("NLL").row("SWAG", 0.42).build();
    DisplayData data = rendered(table);
    assertThat(data.getData(MIMEType.TEXT_HTML)).isEqualTo(table.toHtml());
    assertThat((String) data.getData(MIMEType.TEXT_PLAIN)).contains("SWAG");
  }

  @Test
  void theKernelFindsTheExtension() {
    assertThat(ServiceLoader.load(Extension.class))
        .anySatisfy(extension -> assertThat(extension).isInstanceOf(JJavaExtension.class));
  }
}
