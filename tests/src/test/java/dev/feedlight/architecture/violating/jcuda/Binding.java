package dev.feedlight.architecture.violating.jcuda;

/** Stands for the Java binding of CUDA. */
public interface Binding {}
