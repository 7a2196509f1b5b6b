/**
 * Climate projection as ClimateBench poses it (D. Watson-Parris et al., "ClimateBench v1.0", JAMES
 * 14, 2022): from the forcings of a year to the map of a climate variable; its metrics, and the
 * baselines that every model is held against.
 */
package dev.feedlight.data.climate;
