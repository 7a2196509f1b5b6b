package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.UnavailableDeviceException;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.data.DataException;
import dev.feedlight.data.DownloadException;
import dev.feedlight.device.DeviceException;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.learn.NotFiniteException;
import dev.feedlight.opu.CalibrationException;
import dev.feedlight.tensor.ShapeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;

/** The one place where exceptions become an exit code and a line on standard error. */
final class Failures {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int INTERRUPTED = 130;

  private final Streams streams;
  private final boolean verbose;

  Failures(Streams streams, boolean verbose) {
    this.streams = streams;
    this.verbose = verbose;
  }

  int report(Throwable failure, CommandLine command) {
    streams.err().println("feedlight: " + message(failure, command));
    if (verbose) {
      failure.printStackTrace(streams.err());
    }
    return exitCode(failure);
  }

  private static int exitCode(Throwable failure) {
    return switch (failure) {
      case UsageException _, CommandLine.ParameterException _ -> USAGE;
      case DownloadException _ ->
          FAILED; // a network's or a disk's failure, though data is what lacks
      case DataException _, ShapeException _, CalibrationException _ -> USAGE;
      case UnavailableDeviceException _ -> USAGE;
      default -> FAILED;
    };
  }

  private static String message(Throwable failure, CommandLine command) {
    return switch (failure) {
      case UsageException e -> oneLine(e) + help(command);
      case CommandLine.ParameterException e -> oneLine(e) + help(e.getCommandLine());
      case DataException e -> oneLine(e);
      case ShapeException e -> oneLine(e);
      case CalibrationException e -> oneLine(e);
      case DeviceException e -> oneLine(e);
      case NotFiniteException e -> oneLine(e);
      case CheckpointException e -> oneLine(e);
      case CommandFailedException e -> oneLine(e);
      case NoPicturesException e -> oneLine(e);
      case UncheckedIOException e -> oneLine(e.getCause());
      // Their messages hold no more than a path.
      case FileSystemException e -> e.getClass().getSimpleName() + ": " + oneLine(e);
      case IOException e -> oneLine(e);
      case OutOfMemoryError e ->
          "the Java heap is too small ("
              + e.getMessage()
              + "); set JAVA_TOOL_OPTIONS=-Xmx... to a larger one";
      default ->
          "internal error, "
              + failure.getClass().getSimpleName()
              + ": "
              + oneLine(failure)
              + " (run again with --verbose for the stack trace)";
    };
  }

  private static String help(CommandLine command) {
    return " (see " + command.getCommandSpec().qualifiedName() + " --help)";
  }

  private static String oneLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
