package dev.feedlight.architecture.violating.learn;

interface SignalUtils {}
