/**
 * libtorch (through its JavaCPP binding) on the same training steps as ours, in turns in one JVM.
 */
package dev.feedlight.bench.peers.libtorch;
