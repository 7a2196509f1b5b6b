/**
 * The seam between what is computed and where: a device owns memory and runs operations, which are
 * checked once and then handed to the kernels of that device. Code above this package uses only
 * these interfaces.
 */
package dev.feedlight.device;
