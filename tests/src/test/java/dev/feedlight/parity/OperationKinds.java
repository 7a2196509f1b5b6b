package dev.feedlight.parity;

import dev.feedlight.device.Operation;
import java.util.ArrayList;
import java.util.List;

/** The records of the sealed hierarchy of operations. */
public final class OperationKinds {
  private OperationKinds() {}

  /** All of them. */
  public static List<Class<?>> all() {
    List<Class<?>> kinds = new ArrayList<>();
    collect(Operation.class, kinds);
    return kinds;
  }

  private static void collect(Class<?> kind, List<Class<?>> kinds) {
    for (Class<?> permitted : kind.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        collect(permitted, kinds);
      } else {
        kinds.add(permitted);
      }
    }
  }
}
