package io.runwire.producer.runner;

/**
 * A sub-agent of a run, which works beside others.
 *
 * @param name shown to the user as a step; told apart from its siblings by it
 */
public record Branch(String name, Agent agent) {}
