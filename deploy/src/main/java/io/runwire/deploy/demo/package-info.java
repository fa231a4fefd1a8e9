/**
 * An agent for demonstrations that does real work on real files, so that what is shown is true: a
 * keyword search, not a language model.
 *
 * <p>Start at {@link io.runwire.deploy.demo.DemoAgent}. Knows agents' API and the file system, and
 * nothing of Kafka, edges or the command line.
 */
@NullMarked
package io.runwire.deploy.demo;

import org.jspecify.annotations.NullMarked;
