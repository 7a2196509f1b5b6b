package dev.feedlight.architecture.violating;

/** Stands for the engine, which the packages below must not know. */
public interface Engine {}
