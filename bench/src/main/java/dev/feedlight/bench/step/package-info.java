/** Training steps beside their bare matrix products, interleaved in one JVM. */
package dev.feedlight.bench.step;
