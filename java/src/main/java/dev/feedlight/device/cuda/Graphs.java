package dev.feedlight.device.cuda;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import jcuda.driver.CUgraphExec;

/**
 * The graphs of one device. A graph whose plan nobody holds any more is destroyed when the next one
 * is made, on the thread that has the device then.
 */
final class Graphs implements AutoCloseable {
  private final CudaDriver driver;
  private final ReferenceQueue<Runnable> forgotten = new ReferenceQueue<>();
  private final Set<Held> held = new HashSet<>();

  Graphs(CudaDriver driver) {
    this.driver = driver;
  }

  /** Knows the graph of a replay without keeping the replay alive. */
  private static final class Held extends PhantomReference<Runnable> {
    private final CUgraphExec graph;

    Held(Replay replay, CUgraphExec graph, ReferenceQueue<Runnable> queue) {
      super(replay, queue);
      this.graph = graph;
    }
  }

  /** Launches a graph, which holds copies of all arguments. */
  private record Replay(CudaDriver driver, CUgraphExec graph, String plan) implements Runnable {
    @Override
    public void run() {
      driver.launch(graph, plan);
    }
  }

  /**
   * Captures launches.
   *
   * @param plan its name, for messages
   * @param launches in their order
   * @return replays them once per call
   */
  Runnable capture(String plan, Runnable[] launches) {
    for (Object old = forgotten.poll(); old != null; old = forgotten.poll()) {
      driver.destroy(((Held) old).graph);
      held.remove(old);
    }
    CUgraphExec graph = driver.capture(plan, Launch.sequence(launches));
    Replay replay = new Replay(driver, graph, plan);
    held.add(new Held(replay, graph, forgotten));
    return replay;
  }

  @Override
  public void close() {
    held.forEach(one -> driver.destroy(one.graph));
    held.clear();
  }
}
