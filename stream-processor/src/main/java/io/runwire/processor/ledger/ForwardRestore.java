package io.runwire.processor.ledger;

import io.runwire.processor.topology.Incarnation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's store, restored from its changelog so that it only ever moves forward.
 *
 * <p>What stands last in a changelog is not always the latest: a processor that was frozen or cut
 * off and whose partitions went elsewhere still writes what it folds until it learns of it. Taken
 * as it stands that would open ended runs again, and the watchdog would call their agents lost once
 * a minute for ever. So of two rows, or two positions, the one that is further on counts, and the
 * index is made from the rows.
 *
 * <p>Kafka Streams has no setting for it, but a store asks its context to be restored; the plain
 * store here is given a context that passes everything on and puts another callback in that
 * request.
 */
final class ForwardRestore implements KeyValueBytesStoreSupplier {
  private static final byte[] INDEXED = new byte[0];

  private final KeyValueBytesStoreSupplier plain;

  /**
   * @param plain makes the stores themselves
   */
  ForwardRestore(KeyValueBytesStoreSupplier plain) {
    this.plain = plain;
  }

  @Override
  public String name() {
    return plain.name();
  }

  @Override
  public String metricsScope() {
    return plain.metricsScope();
  }

  @Override
  @SuppressWarnings("unchecked") // a proxy knows no type parameters
  public KeyValueStore<Bytes, byte[]> get() {
    KeyValueStore<Bytes, byte[]> store = plain.get();
    return changing(
        KeyValueStore.class,
        store,
        "init",
        0,
        context -> restoring((StateStoreContext) context, store));
  }

  private static StateStoreContext restoring(
      StateStoreContext context, KeyValueStore<Bytes, byte[]> store) {
    StateRestoreCallback forward = (key, value) -> restore(store, key, value);
    return changing(StateStoreContext.class, context, "register", 1, callback -> forward);
  }

  /** Takes over a record of the changelog. */
  static void restore(KeyValueStore<Bytes, byte[]> store, byte[] key, byte @Nullable [] value) {
    Bytes at = Bytes.wrap(key);
    String name = new String(key, StandardCharsets.UTF_8);
    if (LedgerKeys.isRow(name)) {
      restoreRow(store, at, value);
    } else if (name.equals(LedgerKeys.POSITION)) {
      byte[] before = store.get(at);
      if (value != null && (before == null || next(value) > next(before))) {
        store.put(at, value);
      }
    } else if (name.equals(Incarnation.KEY)) {
      store.put(at, value);
    }
  }

  private static void restoreRow(
      KeyValueStore<Bytes, byte[]> store, Bytes at, byte @Nullable [] value) {
    byte[] stored = store.get(at);
    LedgerRow before = stored == null ? null : LedgerRow.decode(stored);
    LedgerRow after = value == null ? null : LedgerRow.decode(value);
    if (before != null && after != null && after.lastOffset() <= before.lastOffset()) {
      return;
    }
    List<String> was = before == null ? List.of() : LedgerKeys.index(before);
    List<String> is = after == null ? List.of() : LedgerKeys.index(after);
    if (!is.equals(was)) {
      was.forEach(entry -> store.delete(key(entry)));
      is.forEach(entry -> store.put(key(entry), INDEXED));
    }
    store.put(at, value);
  }

  private static long next(byte[] position) {
    return LedgerPosition.decode(position).next();
  }

  private static Bytes key(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private interface Change {
    Object of(Object argument);
  }

  /** Passes all calls on, with one argument of one method changed. */
  private static <T> T changing(Class<T> type, T to, String method, int argument, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method)) {
                arguments[argument] = change.of(arguments[argument]);
              }
              try {
                return called.invoke(to, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
