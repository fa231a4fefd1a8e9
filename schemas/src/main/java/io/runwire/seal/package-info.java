/**
 * Payload encryption: how the router seals a value with its thread's key, how edges open it, and
 * what is left when the key is gone.
 *
 * <p>Start at {@link io.runwire.seal.DataKey}, then {@link io.runwire.seal.KeyRing}, which is the
 * topic thread-keys as those who follow it see it. Nothing here connects, or starts a thread:
 * {@link io.runwire.seal.KeyFollower} reads by a consumer, and runs on a thread, that it is given.
 */
@NullMarked
package io.runwire.seal;

import org.jspecify.annotations.NullMarked;
