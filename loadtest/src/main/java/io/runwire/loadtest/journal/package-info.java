/**
 * What the parties of a run wrote down: producers what they sent, an independent reader what the
 * log holds, clients what they were handed. Text, one line each, tab-separated, append-only.
 *
 * <p>In a report's directory: {@code sent-*.tsv}, {@code logged.tsv}, {@code seen-*.tsv}. Each
 * record's javadoc gives the columns of its lines, so that another language can write them.
 *
 * <p>Start at {@link io.runwire.loadtest.journal.Journals}. Must not import the rest of loadtest:
 * who judges and who drives meet here.
 */
@NullMarked
package io.runwire.loadtest.journal;

import org.jspecify.annotations.NullMarked;
