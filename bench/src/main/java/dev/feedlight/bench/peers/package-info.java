/** Our training step beside those of other libraries: cells, goals, tables; nothing of theirs. */
package dev.feedlight.bench.peers;
