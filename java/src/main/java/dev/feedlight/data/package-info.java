/**
 * Data sets: readers that check what they read, the embedded subset, and synthetic data of any
 * size.
 */
package dev.feedlight.data;
