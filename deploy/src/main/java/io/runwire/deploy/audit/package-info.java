/**
 * What an auditor asks for from the command line: where a run lies, its bundle, its proof.
 *
 * <p>Start at {@link io.runwire.deploy.audit.LedgerRuns}; the commands are in {@code cli}.
 */
@NullMarked
package io.runwire.deploy.audit;

import org.jspecify.annotations.NullMarked;
