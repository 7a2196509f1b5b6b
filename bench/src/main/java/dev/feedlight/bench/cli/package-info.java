/**
 * The command line: parsing and validation, then a call of the library. Exit codes: 0 done, 1
 * failed while running, 2 wrong arguments or input, 130 interrupted.
 */
package dev.feedlight.bench.cli;
