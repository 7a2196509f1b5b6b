package dev.feedlight.selftest;

import java.util.function.Supplier;

/** Computes a value when it is first asked for, and keeps it. */
final class Once<T> implements Supplier<T> {
  private Supplier<T> source;
  private T value;

  Once(Supplier<T> source) {
    this.source = source;
  }

  @Override
  public T get() {
    if (source != null) {
      value = source.get();
      source = null;
    }
    return value;
  }
}
