package io.github.swag4j.studies;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Studies stand on the program, on nothing of each other's, and nothing stands on them. */
class ArchitectureTest {
  private static final String ROOT = "io.github.swag4j";
  private static final String FRAME = ROOT + ".studies.frame..";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT + ".studies");

  @Test
  void aStudyKnowsTheFrameAndNoOtherStudy() {
    slices()
        .matching(ROOT + ".studies.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage(FRAME))
        .check(CLASSES);
  }

  @Test
  void theFrameKnowsNoEngine() {
    noClasses()
        .that()
        .resideInAPackage(FRAME)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void packagesOfStudiesHaveNoCycles() {
    slices().matching(ROOT + ".studies.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void studiesUseNoInsidesOfTheLibraries() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".studies..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..internal..")
                .and(resideOutsideOfPackage(ROOT + ".studies..")))
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  /** The archive of the program packs them; the program finds them without naming them. */
  @Test
  void noModuleButTheArchiveNamesThisOne() throws IOException {
    assertThat(modulesNaming("swag4j-studies"))
        .containsExactly("release/distribution/pom.xml", "studies/pom.xml");
  }

  private static Set<String> modulesNaming(String artifact) throws IOException {
    Path root = Path.of("..").toRealPath();
    Set<String> found = new TreeSet<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            // What builds made, and what is hidden, is nobody's module.
            return !folder.equals(root) && (name.equals("target") || name.startsWith("."))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.endsWith("pom.xml")
                && Files.readString(file).contains("<artifactId>" + artifact + "</artifactId>")) {
              found.add(root.relativize(file).toString().replace('\\', '/'));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
