package io.runwire.deploy.replay;

import java.util.List;

/**
 * What edges reported of an event.
 *
 * @param deliveries of it, in the order of the reports
 * @param givenUp connections that were given up with this event, or one before it, undelivered;
 *     each is told once, with the first event that it concerns
 */
public record Evidence(List<Delivery> deliveries, List<GivenUp> givenUp) {}
