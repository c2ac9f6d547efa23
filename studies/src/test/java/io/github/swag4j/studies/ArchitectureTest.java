package io.github.swag4j.studies;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Studies stand on the program, on nothing of each other's, and nothing stands on them. */
class ArchitectureTest {
  private static final String ROOT = "io.github.swag4j";
  private static final List<String> STUDIES =
      List.of("lowprecision", "reinforce", "semisupervised", "transfer");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void nothingDependsOnStudies() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".studies..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".studies..")
        .check(CLASSES);
  }

  @Test
  void aStudyKnowsTheFrameAndNoOtherStudy() {
    for (String study : STUDIES) {
      String own = ROOT + ".studies." + study + "..";
      noClasses()
          .that()
          .resideInAPackage(own)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              STUDIES.stream()
                  .filter(other -> !other.equals(study))
                  .map(other -> ROOT + ".studies." + other + "..")
                  .toArray(String[]::new))
          .allowEmptyShould(true)
          .check(CLASSES);
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".studies.frame..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(own, "ai.djl..")
          .check(CLASSES);
    }
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
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".swa.internal..", ROOT + ".calibration.internal..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
