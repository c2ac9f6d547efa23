package io.github.swag4j.reports.drawing;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.geom.AffineTransform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.util.Matrix;

/**
 * A figure as one page of PDF, 360 units being 3.3 inches, the column of most papers. Letters are
 * outlines: publishers refuse files whose fonts are not embedded.
 */
public final class PdfDocument {
  private static final double POINTS_A_UNIT = 3.3 * 72 / 360;

  private PdfDocument() {}

  /** The bytes of the file; nothing in them depends on the time. */
  public static byte[] of(Figure figure) throws IOException {
    FontCheck.require();
    float width = (float) (figure.width() * POINTS_A_UNIT);
    float height = (float) (figure.height() * POINTS_A_UNIT);
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(new PDRectangle(width, height));
      document.addPage(page);
      PdfBoxGraphics2D graphics = new PdfBoxGraphics2D(document, figure.width(), figure.height());
      figure.paint(graphics);
      for (Figure.Label label : figure.labels()) {
        PngDocument.text(graphics, label, true);
      }
      graphics.dispose();
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.transform(
            new Matrix(AffineTransform.getScaleInstance(POINTS_A_UNIT, POINTS_A_UNIT)));
        content.drawForm(graphics.getXFormObject());
      }
      PDDocumentInformation facts = document.getDocumentInformation();
      facts.setTitle(figure.title());
      facts.setSubject(figure.description());
      facts.setCreator("swag4j");
      Calendar epoch = new GregorianCalendar(TimeZone.getTimeZone("UTC"), java.util.Locale.ROOT);
      epoch.setTimeInMillis(0);
      facts.setCreationDate(epoch);
      document.setDocumentId(0L);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.save(bytes);
      return bytes.toByteArray();
    }
  }
}
