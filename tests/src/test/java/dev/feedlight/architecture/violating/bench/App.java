package dev.feedlight.architecture.violating.bench;

/** Stands for the app. */
public interface App {}
