package dev.feedlight.device.cpu;

import java.util.HashMap;
import java.util.Map;

/**
 * Compiled products by shape, because compiling one costs about 1 ms. Prepared plans keep using
 * theirs, so a product lives until the device is closed. Thread-safe.
 */
final class MatmulCache implements AutoCloseable {
  private final OneDnn oneDnn;
  private final Map<MatmulShape, Matmul> products = new HashMap<>();
  private boolean closed;

  MatmulCache(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  /**
   * A product, compiled at most once.
   *
   * @throws OneDnnException if oneDNN has no code for it
   */
  synchronized Matmul get(MatmulShape shape) {
    if (closed) {
      throw new IllegalStateException("this cache of products is closed");
    }
    Matmul product = products.get(shape);
    if (product == null) {
      product = new Matmul(oneDnn, shape);
      products.put(shape, product);
    }
    return product;
  }

  /** Frees all products; nothing may be running. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    products.values().forEach(Matmul::close);
    products.clear();
  }
}
