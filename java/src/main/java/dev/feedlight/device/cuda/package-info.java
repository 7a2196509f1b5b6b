/**
 * The CUDA backend: kernels of the .cu files in {@code kernels/}, launched through the CUDA driver
 * by way of JCuda; plans are CUDA graphs.
 */
package dev.feedlight.device.cuda;
