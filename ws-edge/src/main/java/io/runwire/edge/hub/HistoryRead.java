package io.runwire.edge.hub;

/**
 * A thread's records that a subscription wants to read behind the windows.
 *
 * @param reader who reads, opaque: readers take turns
 * @param from the offset of the first record to look at
 * @param until where to end at the latest (exclusive)
 * @param maxBytes of the frames read, though one always fits
 */
public record HistoryRead(
    String reader, int partition, String thread, long from, long until, int maxBytes) {}
