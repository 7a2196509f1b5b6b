package dev.feedlight.bench.bundle;

import java.util.ArrayList;
import java.util.List;

/**
 * What a bundle is for, and what it holds for that.
 *
 * @param label its name on the command line
 * @param mostMebibytes what the archive may weigh (ours: a box is reached over slow lines)
 * @param moreModules of its Java, besides those that every bundle has
 * @param leftOut what entries of the jar that are not packed begin with
 */
public record BundleKind(
    String label, int mostMebibytes, List<String> moreModules, List<String> leftOut) {
  /** A GPU box: no products of the processor, no pictures. */
  public static final BundleKind CUDA =
      new BundleKind(
          "cuda", 48, List.of(), List.of("org/bytedeco/", "org/knowm/", "de/erichseifert/"));

  /** Everything. */
  public static final BundleKind ALL =
      new BundleKind("all", 96, List.of("java.desktop"), List.of());

  /** The kinds there are. */
  public static final List<BundleKind> KINDS = List.of(CUDA, ALL);

  /**
   * What Feedlight and its libraries need of Java: measured programs are forked (management), ask
   * for the machine's memory (jdk.management) and reach into it (jdk.unsupported).
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.compiler",
          "java.logging",
          "java.management",
          "java.net.http",
          "java.sql",
          "java.xml",
          "jdk.incubator.vector",
          "jdk.management",
          "jdk.unsupported");

  /** Copies the lists. */
  public BundleKind {
    moreModules = List.copyOf(moreModules);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * The archive's name unless another one is given.
   *
   * @return a file name
   */
  public String fileName() {
    return folderName() + ".tar.gz";
  }

  /** The one folder in the archive. */
  String folderName() {
    return "feedlight-" + label + "-linux-x86_64";
  }

  /** Modules of its Java, without those that they need themselves. */
  List<String> modules() {
    List<String> modules = new ArrayList<>(MODULES);
    modules.addAll(moreModules);
    return modules;
  }

  /** Whether an entry of the jar is packed. */
  boolean holds(String entry) {
    return leftOut.stream().noneMatch(entry::startsWith);
  }
}
