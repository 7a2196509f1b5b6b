package dev.feedlight.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.feedlight.architecture.ArchitectureRules.Guarded;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the rules against the library and the app, and against classes that break each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {
  private static final String VIOLATING = "dev.feedlight.architecture.violating";

  private final JavaClasses production =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.feedlight");
  private final JavaClasses violating = new ClassFileImporter().importPackages(VIOLATING);

  static List<Guarded> productionRules() {
    return new ArchitectureRules("dev.feedlight", "jcuda").all();
  }

  static List<Guarded> violatedRules() {
    return new ArchitectureRules(VIOLATING, VIOLATING + ".jcuda").all();
  }

  @Test
  void libraryIsAmongTheImportedClasses() {
    assertThat(production.contain("dev.feedlight.tensor.package-info")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("productionRules")
  void holds(Guarded guarded) {
    guarded.rule().check(production);
  }

  @ParameterizedTest
  @MethodSource("violatedRules")
  void canFail(Guarded guarded) {
    assertThat(violating.contain(VIOLATING + "." + guarded.violator())).isTrue();
    assertThat(guarded.rule().evaluate(violating).getFailureReport().getDetails())
        .as(guarded.toString())
        .anySatisfy(detail -> assertThat(detail).contains(VIOLATING + "." + guarded.violator()));
  }
}
