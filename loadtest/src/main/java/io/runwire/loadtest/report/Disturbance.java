package io.runwire.loadtest.report;

/**
 * A fault that was injected, in milliseconds of the epoch.
 *
 * @param startMs when it began
 * @param readyMs when every part did its work again
 */
public record Disturbance(int number, String name, long startMs, long readyMs) {}
