/** Our training steps beside PyTorch's, on one device in one run. */
package dev.feedlight.bench.pytorch;
