/** Fig. 3: climate projection by a vision Transformer and a wide fully connected network. */
package dev.feedlight.bench.fig3;
