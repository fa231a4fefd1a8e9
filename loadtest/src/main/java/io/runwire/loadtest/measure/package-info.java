/**
 * Measurements: a system is started, warmed up, loaded by plan, and its figures are held against
 * what was promised. What is compared alternates in one run, since no two runs meet the same
 * machine.
 *
 * <p>Start at {@link io.runwire.loadtest.measure.StalledBench}; what all of them stand on is {@link
 * io.runwire.loadtest.measure.Rig}. Must not import the edge's or the router's code.
 */
@NullMarked
package io.runwire.loadtest.measure;

import org.jspecify.annotations.NullMarked;
