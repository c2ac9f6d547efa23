package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The picture in the README is that of today's code. */
class ArchitecturePictureTest {
  private static final Path PICTURE =
      Path.of("").toAbsolutePath().resolveSibling("docs/images/architecture.svg");

  @Test
  void thePictureShowsTodaysPackages() throws IOException {
    String drawn =
        new ArchitecturePicture(
                new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.github.swag4j"))
            .svg()
            .replace("\r\n", "\n");
    if (Boolean.getBoolean("draw")) {
      Files.writeString(PICTURE, drawn);
    }
    assertThat(withoutCounts(Files.readString(PICTURE).replace("\r\n", "\n")))
        .as(
            "draw it again: ./mvnw -pl cli -am test -Dtest=ArchitecturePictureTest -Ddraw=true"
                + " -Dsurefire.failIfNoSpecifiedTests=false")
        .isEqualTo(withoutCounts(drawn));
  }

  /** A file more in a package, or a class more that uses another module, is no other picture. */
  private static String withoutCounts(String svg) {
    return svg.replaceAll(">\\d+( files?)?<", "><");
  }
}
