/** What commands and experiments that train networks have in common. */
package dev.feedlight.bench.training;
