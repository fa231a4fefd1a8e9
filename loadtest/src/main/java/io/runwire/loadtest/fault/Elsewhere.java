package io.runwire.loadtest.fault;

/**
 * A fault that is not injected here.
 *
 * @param description why not, or what will bring it
 */
public record Elsewhere(int number, String name, String description) implements Entry {}
