/**
 * Text for language models: corpora and their parts, a byte-level tokenizer, and windows of tokens.
 */
package dev.feedlight.data.text;
