package dev.feedlight.device;

import java.util.SortedMap;

/**
 * Memory of a device as Feedlight sees it.
 *
 * @param liveBytes allocated and not freed
 * @param peakBytes highest value of {@code liveBytes} so far
 * @param capacityBytes the most that may be live
 * @param scopes live bytes by scope name
 */
public record MemoryReport(
    long liveBytes, long peakBytes, long capacityBytes, SortedMap<String, Long> scopes) {}
