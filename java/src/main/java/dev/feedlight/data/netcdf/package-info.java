/**
 * NetCDF files: the classic formats by a reader of our own, NetCDF-4 through jHDF. Both give the
 * same {@link dev.feedlight.data.netcdf.NetcdfFile}.
 */
package dev.feedlight.data.netcdf;
