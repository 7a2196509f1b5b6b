/** What the emulated unit does by itself: projections of files, speckle, quality of read-out. */
package dev.feedlight.bench.optics;
