package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;
import dev.feedlight.bench.peers.PeerResults;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.device.Device;
import dev.feedlight.device.cpu.CpuDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What {@link Main} starts in a JVM of its own: arguments are folder, cells, seed, waiting, whether
 * a busy machine will do, and the command that repeats it.
 */
final class Measurement {
  private static final int BUSY_EXIT = 1;
  private static final int LOOK_MILLISECONDS = 1000;

  private Measurement() {}

  /** Measures and writes after every cell, so that an interrupted run keeps what it has. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PeerResults results = new PeerResults(Path.of(args[0]), args[5]);
    OtherLoad load = new OtherLoad();
    Thread.sleep(LOOK_MILLISECONDS);
    double before = load.share();
    if (before > OtherLoad.QUIET && !Boolean.parseBoolean(args[4])) {
      System.err.printf(
          Locale.ROOT,
          "peers: other processes use %.0f %% of this machine, more than %.0f %%: wait until it is"
              + " quiet, or measure with --busy, which flatters us%n",
          100 * before,
          100 * OtherLoad.QUIET);
      System.exit(BUSY_EXIT);
    }
    try (Device device = CpuDevice.open()) {
      LibTorch libTorch = new LibTorch();
      String peer = libTorch.description();
      System.out.println("feedlight    " + device.description());
      System.out.println("libtorch     " + peer);
      CellRun run =
          new CellRun(
              device, libTorch, Waiting.valueOf(args[3]), Long.parseLong(args[2]), System.out);
      double worst = before;
      for (PeerCell cell : PeerCell.parse(args[1])) {
        load.share();
        long start = System.nanoTime();
        List<ResultLine> lines = run.measure(cell);
        double share = load.share();
        worst = Math.max(worst, share);
        results.add(lines, List.of("peer: " + peer, loadNote(worst)));
        System.out.printf(
            Locale.ROOT,
            "%-12s done in %.0f s; other processes used %.0f %% of the machine%n",
            cell.label(),
            (System.nanoTime() - start) * 1e-9,
            100 * share);
      }
    }
    results.files().forEach(file -> System.out.println("wrote        " + file));
  }

  private static String loadNote(double share) {
    return String.format(
        Locale.ROOT,
        "other processes during the last run: at most %.0f %% of the machine in any cell%s",
        100 * share,
        share > OtherLoad.QUIET ? " (**too much: times and ratios mean little**)" : "");
  }
}
