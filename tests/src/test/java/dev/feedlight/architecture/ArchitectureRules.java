package dev.feedlight.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The arrows between the packages and the habits of the house, as rules. They are written for any
 * root package, so that the same rules can be held against classes that break them.
 *
 * @param root the package that holds everything, {@code dev.feedlight} in production
 * @param cudaBinding the package of the Java binding of CUDA, {@code jcuda} in production
 */
record ArchitectureRules(String root, String cudaBinding) {

  /**
   * A rule and a class that breaks it.
   *
   * @param rule the rule
   * @param violator a class below the {@code violating} package, by its name from there
   */
  record Guarded(ArchRule rule, String violator) {
    @Override
    public String toString() {
      return rule.getDescription();
    }
  }

  List<Guarded> all() {
    return Stream.concat(arrows(), habits())
        .map(guarded -> new Guarded(guarded.rule().allowEmptyShould(true), guarded.violator()))
        .toList();
  }

  private Stream<Guarded> arrows() {
    return Stream.of(
        new Guarded(
            noClasses().that(library()).should().dependOnClassesThat(inside("bench..")),
            "nn.KnowsBench"),
        new Guarded(
            classes().that(library()).should().onlyDependOnClassesThat(library().or(allowed())),
            "nn.KnowsTestLibrary"),
        new Guarded(
            noClasses()
                .that(library())
                .and(not(resideInAPackage(root)))
                .should()
                .dependOnClassesThat(resideInAPackage(root)),
            "nn.KnowsEngine"),
        new Guarded(onlyKnows("tensor..", "tensor.."), "tensor.KnowsDevice"),
        new Guarded(onlyKnows("device", "device", "tensor.."), "device.KnowsBackend"),
        new Guarded(
            onlyKnows("device.cpu..", "device.cpu..", "device", "tensor.."),
            "device.cpu.KnowsReference"),
        new Guarded(
            onlyKnows("device.cuda..", "device.cuda..", "device", "tensor.."),
            "device.cuda.KnowsCpu"),
        new Guarded(
            onlyKnows("device.reference..", "device.reference..", "device", "tensor.."),
            "device.reference.KnowsCpu"),
        new Guarded(
            onlyKnows("selftest..", "selftest..", "device", "device.reference..", "tensor.."),
            "selftest.KnowsCpu"),
        new Guarded(
            noClasses()
                .that(inside("nn..", "learn..", "opu.."))
                .should()
                .dependOnClassesThat(inside("device.cpu..", "device.cuda..", "device.reference..")),
            "opu.KnowsBackend"),
        new Guarded(
            noClasses()
                .that(inside("data.."))
                .should()
                .dependOnClassesThat(inside("device..", "nn..", "learn..", "opu..")),
            "data.KnowsDevice"),
        new Guarded(onlyKnows("io..", "io..", "tensor.."), "io.KnowsDevice"),
        new Guarded(
            noClasses()
                .that(library())
                .and(not(inside("io..")))
                .should()
                .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."))
                .as("no classes of the library but io should depend on Jackson"),
            "nn.KnowsJackson"),
        new Guarded(
            noClasses()
                .that(not(inside("device.cuda..")))
                .should()
                .dependOnClassesThat(resideInAPackage(cudaBinding + ".."))
                .as("no classes outside device.cuda should depend on the binding of CUDA"),
            "learn.KnowsCudaBinding"),
        new Guarded(
            noClasses()
                .that(not(inside("data.netcdf..")))
                .should()
                .dependOnClassesThat(resideInAPackage("io.jhdf.."))
                .as("no classes outside data.netcdf should depend on jHDF"),
            "nn.KnowsHdf"),
        new Guarded(
            slices().matching(root + ".(**)").should().beFreeOfCycles(), "learn.KnowsNetwork"));
  }

  private Stream<Guarded> habits() {
    return Stream.of(
        new Guarded(
            noClasses().that(library()).should(ACCESS_STANDARD_STREAMS),
            "learn.UsesStandardOutput"),
        new Guarded(
            noClasses()
                .that(library())
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.logging..")),
            "learn.UsesPlatformLogging"),
        new Guarded(
            fields()
                .that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(not(generated()))
                .should()
                .beFinal(),
            "learn.HasStaticState"),
        new Guarded(
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager)(\\$.*)?"),
            "learn.SignalUtils"));
  }

  private ArchRule onlyKnows(String subject, String... known) {
    return classes()
        .that(inside(subject))
        .should()
        .onlyDependOnClassesThat(inside(known).or(not(resideInAPackage(root + ".."))))
        .as("%s of Feedlight should know nothing but %s".formatted(subject, List.of(known)));
  }

  private DescribedPredicate<JavaClass> inside(String... packages) {
    return resideInAnyPackage(
        Stream.of(packages).map(name -> root + "." + name).toArray(String[]::new));
  }

  private DescribedPredicate<JavaClass> library() {
    return resideInAPackage(root + "..").and(not(inside("bench.."))).as("of the library");
  }

  /** All that the library may use besides itself: it stays lean. */
  private DescribedPredicate<JavaClass> allowed() {
    return resideInAnyPackage(
            "java..",
            "com.sun.management", // the JDK's own: size of the machine's memory
            "jdk.incubator.vector..",
            "org.slf4j..",
            "io.jhdf..", // HDF5, for data.netcdf
            "com.fasterxml.jackson.core..", // the streaming core alone, for io
            cudaBinding + "..")
        .as("allowed outside it");
  }

  /** What JMH's annotation processor writes keeps its state in static fields. */
  private static DescribedPredicate<JavaClass> generated() {
    return resideInAPackage("..jmh_generated..").as("generated by JMH");
  }
}
