/** Text from a language model: which token comes next, and what a prompt is gone on with. */
package dev.feedlight.lm;
