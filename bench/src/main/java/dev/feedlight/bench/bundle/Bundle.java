package dev.feedlight.bench.bundle;

import dev.feedlight.bench.results.Commit;
import dev.feedlight.device.cuda.CudaException;
import dev.feedlight.device.cuda.KernelImages;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a bundle: {@code bin/feedlight}, a Java by jlink in {@code runtime/}, the jar in {@code
 * lib/}. It is unpacked anywhere on a Linux box and runs by its launcher; forked JVMs of
 * measurements are the bundle's own.
 */
public final class Bundle {
  /** Of everything in it: the same as in the build's jars. */
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private static final double MEBIBYTE = 1 << 20;

  private final BundleKind kind;
  private final Path jar;
  private final KernelImages images;
  private final Optional<ToolProvider> jlink;

  /**
   * What came of it.
   *
   * @param file the archive
   * @param bytes its size
   */
  public record Made(Path file, long bytes) {
    /**
     * Its size.
     *
     * @return MiB
     */
    public double mebibytes() {
      return bytes / MEBIBYTE;
    }
  }

  /**
   * A bundle of the running program, its kernels and its Java.
   *
   * @param kind what it is for
   * @return makes it
   * @throws BundleException if the program does not run from the built jar
   */
  public static Bundle ofThisProgram(BundleKind kind) {
    return new Bundle(kind, ownJar(), KernelImages.find(), ToolProvider.findFirst("jlink"));
  }

  /**
   * A bundle of given parts.
   *
   * @param kind what it is for
   * @param jar the app's jar with all its libraries
   * @param images the kernels
   * @param jlink of the JDK, if it has one
   */
  public Bundle(BundleKind kind, Path jar, KernelImages images, Optional<ToolProvider> jlink) {
    this.kind = kind;
    this.jar = jar;
    this.images = images;
    this.jlink = jlink;
  }

  private static Path ownJar() {
    CodeSource source = Bundle.class.getProtectionDomain().getCodeSource();
    try {
      Path place = Path.of(source.getLocation().toURI());
      if (Files.isRegularFile(place)) {
        return place;
      }
      throw new BundleException(
          "a bundle is made from the built jar, not from "
              + place
              + ": run ./feedlight bundle, which builds it");
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new BundleException("cannot find the jar that this runs from", e);
    }
  }

  /**
   * Makes the archive. It appears under its name when it is whole.
   *
   * @param target file name
   * @param replace whether a file of that name may be replaced
   * @return the archive
   * @throws BundleException if the file is there and may not be replaced, if there are no kernels
   *     or no jlink, or if the archive is too large; there is no new file then
   * @throws IOException if something cannot be read or written
   */
  public Made make(Path target, boolean replace) throws IOException {
    if (Files.exists(target) && !replace) {
      throw new BundleException(target + " is there already: name another --out, or use --force");
    }
    ToolProvider linker =
        jlink.orElseThrow(
            () ->
                new BundleException(
                    "the Java of "
                        + System.getProperty("java.home")
                        + " has no jlink: set FEEDLIGHT_JAVA_HOME to a whole JDK 25 or newer"));
    BundleJar packed = new BundleJar(jar, kernels(), Commit.ENTRY, Commit.current());
    Path work = Files.createTempDirectory("feedlight-bundle");
    try {
      Path root = Files.createDirectory(work.resolve(kind.folderName()));
      link(linker, root.resolve("runtime"));
      packed.write(Files.createDirectory(root.resolve("lib")).resolve("feedlight.jar"), kind, TIME);
      Path launcher = Files.createDirectory(root.resolve("bin")).resolve("feedlight");
      Files.write(launcher, resource("launcher.sh"));
      Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.write(root.resolve("LICENSE"), packed.license());
      Files.write(root.resolve("README.txt"), resource(kind.label() + ".txt"));
      return archive(root, target, replace);
    } finally {
      Durable.deleteTree(work);
    }
  }

  private Map<String, byte[]> kernels() {
    try {
      return images.files();
    } catch (CudaException e) {
      throw new BundleException(
          "built without nvcc: "
              + e.reason()
              + "; install nvcc of CUDA 13, cmake, make and g++ and build again, or bring a jar"
              + " that was built where they are",
          e);
    }
  }

  private void link(ToolProvider linker, Path target) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    int code =
        linker.run(
            out,
            out,
            "--add-modules",
            String.join(",", kind.modules()),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            target.toString());
    if (code != 0) {
      throw new BundleException(
          "jlink failed (" + code + "): " + said.toString().strip().replaceAll("\\R", "; "));
    }
  }

  private Made archive(Path root, Path target, boolean replace) throws IOException {
    long most = kind.mostMebibytes() * (long) MEBIBYTE;
    long[] bytes = new long[1];
    AtomicFile.writeChannel(
        target,
        channel -> {
          OutputStream file = Channels.newOutputStream(channel);
          TarWriter tar = new TarWriter(new BestGzip(file), TIME);
          tar.addTree(kind.folderName(), root);
          tar.finish();
          bytes[0] = channel.position();
          if (bytes[0] > most) {
            throw new BundleException(
                "the bundle for "
                    + kind.label()
                    + " would be "
                    + bytes[0]
                    + " bytes, more than "
                    + kind.mostMebibytes()
                    + " MiB");
          }
          if (!replace && Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
          }
        });
    return new Made(target, bytes[0]);
  }

  /** Slower and smaller. */
  private static final class BestGzip extends GZIPOutputStream {
    private static final int BUFFER = 1 << 16;

    BestGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Bundle.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
