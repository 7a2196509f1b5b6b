/**
 * What a user needs first: the engine that trains a network by backpropagation, direct feedback
 * alignment or its optical form. Everything else is one package deeper.
 */
package dev.feedlight;
