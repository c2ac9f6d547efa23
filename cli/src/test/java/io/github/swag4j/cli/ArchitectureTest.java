package io.github.swag4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The house's plan: arrows point down only, and the engine stays in its rooms. */
class ArchitectureTest {
  private static final String ROOT = "io.github.swag4j";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void arrowsPointDownOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("cli")
        .definedBy(ROOT + ".cli..")
        .layer("reports")
        .definedBy(ROOT + ".reports..")
        .layer("swag")
        .definedBy(ROOT + ".swag..")
        .layer("vision")
        .definedBy(ROOT + ".vision..")
        .layer("swa-core")
        .definedBy(ROOT + ".swa..")
        .layer("calibration")
        .definedBy(ROOT + ".calibration..")
        .layer("parquet")
        .definedBy(ROOT + ".parquet..")
        .layer("base")
        .definedBy(ROOT + ".base..")
        .whereLayer("parquet")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("reports")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("swag")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("vision")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("swa-core")
        .mayOnlyBeAccessedByLayers("swag", "vision", "cli")
        .whereLayer("calibration")
        .mayOnlyBeAccessedByLayers("swag", "reports", "parquet", "cli")
        .ensureAllClassesAreContainedInArchitectureIgnoring(ROOT)
        .check(CLASSES);
  }

  @Test
  void onlyTheDjlPackagesTheNetworksAndTheProgramKnowTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "..djl..", ROOT + ".cli..", ROOT + ".vision", ROOT + ".vision.networks..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void calibrationNeedsWhatItsPageOfDependenciesNames() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".calibration..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.apache.commons.math3..",
            "ch.randelshofer.fastdoubleparser..",
            ROOT + ".base..",
            ROOT + ".calibration..")
        .check(CLASSES);
  }

  @Test
  void librariesDoNotWriteToStandardOutput() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void librariesKnowNoLoggingBackEnd() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.slf4j.simple..", "ch.qos.logback..", "org.apache.logging..", "java.util.logging..")
        .check(CLASSES);
  }

  @Test
  void modulesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theProgramsRoomsStandOnEachOther() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + ".cli..")
        .layer("commands")
        .definedBy(ROOT + ".cli")
        .layer("page")
        .definedBy(ROOT + ".cli.page..")
        .layer("run")
        .definedBy(ROOT + ".cli.run..")
        .layer("data")
        .definedBy(ROOT + ".cli.data..")
        .layer("config")
        .definedBy(ROOT + ".cli.config..")
        .layer("comparison")
        .definedBy(ROOT + ".cli.comparison..")
        .layer("chart")
        .definedBy(ROOT + ".cli.chart..")
        .layer("surface")
        .definedBy(ROOT + ".cli.surface..")
        .layer("study")
        .definedBy(ROOT + ".cli.study..")
        .layer("cluster")
        .definedBy(ROOT + ".cli.cluster..")
        .whereLayer("commands")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("chart")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("surface")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("study")
        .mayOnlyBeAccessedByLayers("commands")
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("commands", "study")
        .whereLayer("comparison")
        .mayOnlyBeAccessedByLayers("commands", "study")
        .whereLayer("page")
        .mayOnlyBeAccessedByLayers("commands", "comparison", "chart")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("commands", "study")
        .whereLayer("run")
        .mayOnlyBeAccessedByLayers(
            "commands", "page", "config", "comparison", "study", "cluster", "surface", "chart")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("commands", "run", "surface")
        .check(CLASSES);
  }

  /** Each package is a slice, also one that lies in another: io and io.csv are two. */
  @Test
  void packagesInsideAModuleHaveNoCycles() {
    for (String module :
        List.of("base", "swa", "swag", "vision", "calibration", "parquet", "reports", "cli")) {
      slices()
          .assignedFrom(packagesOf(module))
          .should()
          .beFreeOfCycles()
          .because("a circle of packages is one package in several folders")
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  private static SliceAssignment packagesOf(String module) {
    String root = ROOT + "." + module;
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass c) {
        String name = c.getPackageName();
        return name.equals(root) || name.startsWith(root + ".")
            ? SliceIdentifier.of(name)
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "the packages of " + module;
      }
    };
  }

  /** What is public for the neighbour's sake only. */
  @Test
  void nobodyOutsideAModuleUsesItsInsides() {
    String calibration = ROOT + ".calibration";
    noClasses()
        .that()
        .resideOutsideOfPackage(calibration + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            calibration + ".internal..",
            calibration + ".io.csv..",
            calibration + ".io.internal..",
            calibration + ".io.npz..",
            calibration + ".recalibration.fit..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".swa..", ROOT + ".swag..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".swa.internal..")
        .check(CLASSES);
  }
}
