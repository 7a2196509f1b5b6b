/** Fig. 2: a generative Transformer trained by backpropagation, DFA, ODFA and shallow training. */
package dev.feedlight.bench.fig2;
