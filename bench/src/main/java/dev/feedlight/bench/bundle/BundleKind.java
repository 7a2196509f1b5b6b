package dev.feedlight.bench.bundle;

import java.util.ArrayList;
import java.util.List;

/** What a bundle is for, and what it holds for that. */
public enum BundleKind {
  /** A GPU box: no products of the processor, no pictures. */
  CUDA("cuda", 48, List.of(), List.of("org/bytedeco/", "org/knowm/", "de/erichseifert/")),

  /** Everything. */
  ALL("all", 96, List.of("java.desktop"), List.of());

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

  private final String label;
  private final int mostMebibytes;
  private final List<String> moreModules;
  private final List<String> leftOut;

  BundleKind(String label, int mostMebibytes, List<String> moreModules, List<String> leftOut) {
    this.label = label;
    this.mostMebibytes = mostMebibytes;
    this.moreModules = moreModules;
    this.leftOut = leftOut;
  }

  /**
   * Its name on the command line.
   *
   * @return {@code cuda} or {@code all}
   */
  public String label() {
    return label;
  }

  /**
   * What the archive may weigh (ours: a box is reached over slow lines).
   *
   * @return MiB
   */
  public int mostMebibytes() {
    return mostMebibytes;
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
