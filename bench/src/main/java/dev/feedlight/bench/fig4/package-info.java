/**
 * The paper's Fig. 4, time per sample against width and depth, measured by JMH. The benchmark
 * classes stand on their own; {@link dev.feedlight.bench.fig4.Fig4Run} runs them and turns what
 * they measure into results, pictures and a summary.
 */
package dev.feedlight.bench.fig4;
