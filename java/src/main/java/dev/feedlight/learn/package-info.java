/**
 * Learning rules, which decide how each block gets its error signal, and the optimizers that turn
 * the resulting gradients into updates.
 */
package dev.feedlight.learn;
