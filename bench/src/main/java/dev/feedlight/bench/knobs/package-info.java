/** What each part of the optics does to training: the experiment behind docs/opu.md's defaults. */
package dev.feedlight.bench.knobs;
