/** Result files: one JSON object a line, the machine and commit they belong to, and a summary. */
package dev.feedlight.bench.results;
