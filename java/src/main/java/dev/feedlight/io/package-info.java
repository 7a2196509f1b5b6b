/**
 * Files that others read and write too: safetensors, NumPy's npy and npz, and strict JSON. Every
 * reader checks what a file declares against what the file can hold before it allocates for it, and
 * refuses the rest with a {@link dev.feedlight.io.FormatException}. Knows nothing of Feedlight but
 * {@code tensor}; what is read and written here are arrays, not networks.
 */
package dev.feedlight.io;
