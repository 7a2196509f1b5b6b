/** Which device a command runs on, and how fast that device is. */
package dev.feedlight.bench.device;
