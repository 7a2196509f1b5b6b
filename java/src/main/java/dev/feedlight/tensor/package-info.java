/**
 * Shapes, element types and tensors: the nouns that all other packages share. Depends on nothing
 * else of Feedlight. Sizes and offsets are {@code long} throughout.
 */
package dev.feedlight.tensor;
