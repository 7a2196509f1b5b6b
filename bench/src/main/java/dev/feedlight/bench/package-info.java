/** The app: JMH benchmarks, experiments, plots and the command line. */
package dev.feedlight.bench;
