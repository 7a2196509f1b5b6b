/** Times of single kernels beside their floors. */
package dev.feedlight.bench.kernels;
