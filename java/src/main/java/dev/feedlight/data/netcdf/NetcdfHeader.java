package dev.feedlight.data.netcdf;

import java.util.List;

/**
 * What opening a file gives.
 *
 * @param attributes of the whole file
 * @param variables all, their values not yet read
 */
record NetcdfHeader(NetcdfAttributes attributes, List<NetcdfVariable> variables) {}
