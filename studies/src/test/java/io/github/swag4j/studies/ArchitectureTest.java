package io.github.swag4j.studies;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Studies stand on the program, and on nothing of each other's. That nothing stands on them, the
 * modules say: none names this one.
 */
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
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".swa.internal..", ROOT + ".calibration.internal..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
