package dev.feedlight.data.netcdf;

/**
 * A dimension.
 *
 * @param name as in the file
 * @param length what it has now; 0 only where an unlimited one has no records yet
 * @param unlimited whether files may grow along it
 */
public record NetcdfDimension(String name, long length, boolean unlimited) {}
