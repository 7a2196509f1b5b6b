/** A self-contained archive of Feedlight: a Java of its own, the jar, the kernels, a launcher. */
package dev.feedlight.bench.bundle;
