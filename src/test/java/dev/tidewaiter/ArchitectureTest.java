package dev.tidewaiter;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tidewaiter.model.Secret;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The packages, and who may know whom.
///
/// Each rule runs over what is there, and [#theTableNamesExactlyThePackagesThatExist] keeps one
/// from passing because there is nothing.
class ArchitectureTest {
  private static final String ROOT = "dev.tidewaiter";

  /// A package, with those it may depend on.
  private static final Map<String, Set<String>> MAY_DEPEND_ON =
      Map.ofEntries(
          Map.entry("model", Set.of()),
          Map.entry("policy", Set.of("model")),
          Map.entry("source", Set.of("model")),
          Map.entry("config", Set.of("model", "policy")),
          Map.entry("secrets", Set.of("model")),
          Map.entry("registry", Set.of("model", "secrets")),
          Map.entry("desired", Set.of("model", "config", "policy")),
          Map.entry("plan", Set.of("model")),
          Map.entry("target", Set.of("model", "plan", "policy", "desired")),
          Map.entry("reconcile", allBut("serve", "intake", "cli")),
          Map.entry("serve", Set.of("model", "policy", "plan", "reconcile")),
          Map.entry("intake", Set.of("model", "config", "secrets", "registry", "target")),
          Map.entry("cli", allBut()));

  /// Packages whose sub-packages are adapters, each a leaf that only `cli` names.
  private static final List<String> CAPABILITIES =
      List.of("source", "secrets", "registry", "target");

  /// A library, by the packages it consists of, with the only package of ours that may name it.
  private static final Map<String, String> HOME_OF =
      Map.ofEntries(
          Map.entry("org.eclipse.jgit..", "source.git"),
          Map.entry("org.apache.sshd..", "source.git"),
          Map.entry("io.fabric8..", "target.kubernetes"),
          Map.entry("io.vertx..", "target.kubernetes"),
          Map.entry("io.netty..", "target.kubernetes"),
          Map.entry("com.fasterxml.jackson.core..", "target.kubernetes"),
          Map.entry("com.fasterxml.jackson.databind..", "target.kubernetes"),
          Map.entry("com.networknt..", "config"),
          Map.entry("org.snakeyaml..", "config"),
          Map.entry("io.github.jopenlibs..", "secrets.vault"),
          Map.entry("software.amazon.awssdk..", "registry.ecr"),
          Map.entry("com.google.auth..", "registry.google"),
          Map.entry("com.google.api.client..", "registry.google"),
          Map.entry("org.apache.hc..", "registry.oci"),
          Map.entry("picocli..", "cli"),
          Map.entry("ch.qos.logback..", "cli"),
          Map.entry("io.helidon..", "serve"));

  /// What every package may name: the JDK, JSON, logging, annotations.
  private static final List<String> EVERYWHERE =
      List.of(
          "java..",
          "javax.crypto..",
          "javax.net..",
          "javax.security..",
          "tools.jackson..",
          "com.fasterxml.jackson.annotation..",
          "org.slf4j..",
          "org.jspecify.annotations..",
          "com.google.errorprone.annotations..");

  /// What a package without I/O, clock and libraries may name of the JDK.
  private static final String[] PURE = {
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.math",
    "java.nio.charset",
    "java.security",
    "java.security.spec",
    "java.time..",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "javax.crypto..",
    "org.jspecify.annotations.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void theTableNamesExactlyThePackagesThatExist() {
    var existing = new TreeSet<String>();
    CLASSES.forEach(type -> existing.add(topPackageOf(type)));
    assertThat(existing).isEqualTo(new TreeSet<>(MAY_DEPEND_ON.keySet()));
  }

  @Test
  void packagesDependOnlyOnThoseListed() {
    MAY_DEPEND_ON.forEach(
        (name, others) -> {
          String[] rest =
              MAY_DEPEND_ON.keySet().stream()
                  .filter(other -> !other.equals(name) && !others.contains(other))
                  .map(ArchitectureTest::below)
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage(below(name))
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(rest)
              .check(CLASSES);
        });
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheCompositionRootNamesAnAdapter() {
    Set<String> adapters = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String[] parts = type.getPackageName().substring(ROOT.length() + 1).split("\\.", -1);
      if (parts.length > 1 && CAPABILITIES.contains(parts[0])) {
        adapters.add(parts[0] + "." + parts[1]);
      }
    }
    assertThat(adapters).contains("source.git", "secrets.vault", "target.kubernetes");
    for (String adapter : adapters) {
      noClasses()
          .that()
          .resideOutsideOfPackages(below(adapter), below("cli"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(below(adapter))
          .check(CLASSES);
    }
  }

  @Test
  void everyLibraryHasOneHome() {
    HOME_OF.forEach(
        (library, home) ->
            noClasses()
                .that()
                .resideOutsideOfPackage(below(home))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES));
    var known =
        Stream.of(Stream.of(ROOT + ".."), EVERYWHERE.stream(), HOME_OF.keySet().stream())
            .flatMap(packages -> packages)
            .toArray(String[]::new);
    classes().should().onlyDependOnClassesThat().resideInAnyPackage(known).check(CLASSES);
  }

  @Test
  void valuesRulesAndPlansAreWithoutInputAndOutputAndLibraries() {
    for (String name : List.of("model", "policy", "plan", "desired")) {
      classes()
          .that()
          .resideInAPackage(below(name))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(PURE).or(resideInAPackage(ROOT + "..")).or(isPrimitiveOrArray()))
          .check(CLASSES);
      noClasses()
          .that()
          .resideInAPackage(below(name))
          .should()
          .dependOnClassesThat(assignableTo(Clock.class).or(assignableTo(InstantSource.class)))
          .check(CLASSES);
    }
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CLASSES)
        .allSatisfy(
            type ->
                assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
                    .as(type.getPackageName())
                    .isTrue());
  }

  @Test
  void noFieldHoldsASecretInTheClear() {
    for (Class<?> open : List.of(String.class, char[].class, byte[].class)) {
      fields()
          .that()
          .areNotStatic()
          .and()
          .haveNameMatching("(?i).*(password|token|secret|secretKey|privateKey)")
          .should()
          .notHaveRawType(open)
          .check(CLASSES);
    }
  }

  @Test
  void onlyThoseWhoHandASecretOverRevealIt() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            below("model"),
            // The digest of a certificate, which is as public as the certificate.
            below("desired"),
            below("registry"),
            below("intake"),
            below("secrets"),
            below("source.git"),
            below("target.kubernetes"),
            below("target.host"))
        .should()
        .accessTargetWhere(target(owner(assignableTo(Secret.class))).and(named("reveal")))
        .check(CLASSES);
  }

  @Test
  void timeAndEnvironmentAreInjected() {
    var clocks = named("now|systemUTC|systemDefaultZone|system|tick.*");
    var ofSystem = named("currentTimeMillis|getenv");
    noClasses()
        .that()
        .resideOutsideOfPackage(below("cli"))
        .should()
        .accessTargetWhere(target(owner(resideInAPackage("java.time.."))).and(clocks))
        .orShould()
        .accessTargetWhere(target(owner(assignableTo(System.class))).and(ofSystem))
        .check(CLASSES);
  }

  @Test
  void noStaticFieldChanges() {
    fields().that().areStatic().should().beFinal().check(CLASSES);
  }

  private static Set<String> allBut(String... excluded) {
    var all =
        new TreeSet<>(
            Set.of(
                "model",
                "policy",
                "source",
                "config",
                "secrets",
                "registry",
                "desired",
                "plan",
                "target",
                "reconcile",
                "serve",
                "intake",
                "cli"));
    all.removeAll(Set.of(excluded));
    return all;
  }

  private static DescribedPredicate<JavaAccess<?>> named(String pattern) {
    return target(nameMatching(pattern));
  }

  private static DescribedPredicate<JavaClass> isPrimitiveOrArray() {
    return DescribedPredicate.describe(
        "primitives and arrays", type -> type.isPrimitive() || type.isArray());
  }

  private static String below(String name) {
    return ROOT + "." + name + "..";
  }

  private static String topPackageOf(JavaClass type) {
    String rest = type.getPackageName().substring(ROOT.length() + 1);
    return rest.replaceFirst("\\..*", "");
  }
}
