/**
 * A reader's position in the log, as clients carry it.
 *
 * <p>Start at {@link io.runwire.cursor.Cursor}. Pure.
 */
@NullMarked
package io.runwire.cursor;

import org.jspecify.annotations.NullMarked;
