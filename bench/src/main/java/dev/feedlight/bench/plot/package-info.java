/**
 * Pictures of results. {@link dev.feedlight.bench.plot.FigureSheet} lays panels out under one title
 * and legend and writes the same picture as PNG and as SVG; XChart draws the curves inside a panel.
 * One unit of length is a pixel of the SVG, half a pixel of the PNG.
 */
package dev.feedlight.bench.plot;
