package dev.feedlight.bench;

import dev.feedlight.bench.cli.CommandLineApp;
import dev.feedlight.bench.cli.Interruption;
import dev.feedlight.bench.cli.Streams;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong arguments or input, 130 interrupted. */
public final class Main {
  private static final int INTERRUPTED = 130;

  private Main() {}

  /**
   * Runs a command and ends the JVM with its exit code. An interrupt (Ctrl-C) ends it with 130, as
   * the JVM does by itself; a command that writes checkpoints writes one before.
   *
   * @param args arguments, see {@code --help}
   */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    AtomicBoolean finished = new AtomicBoolean();
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!finished.get()) {
                    endAtOnceIfInterruptedAgain();
                    interruption.endInOrder(System.err);
                  }
                }));
    int code = CommandLineApp.run(args, Streams.ofProcess(), interruption);
    finished.set(true);
    System.exit(code);
  }

  /**
   * While the JVM ends it takes no notice of another Ctrl-C. Where it has {@code sun.misc.Signal},
   * which the compiler only knows as deprecated, that can be mended.
   */
  private static void endAtOnceIfInterruptedAgain() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object halt =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> {
                Runtime.getRuntime().halt(INTERRUPTED);
                return null;
              });
      Object interrupt = signal.getConstructor(String.class).newInstance("INT");
      signal.getMethod("handle", signal, handler).invoke(null, interrupt, halt);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Then a second Ctrl-C waits like the first.
    }
  }

  /**
   * Runs a command within this JVM, as if nobody watched.
   *
   * @param args arguments, see {@code --help}
   * @param out standard output
   * @param err standard error
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return CommandLineApp.run(args, new Streams(out, err, false), new Interruption());
  }
}
