package dev.feedlight.architecture.violating.device;

/** Stands for the interfaces of the device. */
public interface Seam {}
