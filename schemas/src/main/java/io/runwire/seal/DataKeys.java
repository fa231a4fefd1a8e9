package io.runwire.seal;

import io.runwire.seal.ThreadKeys.Wrapped;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The data keys that were unwrapped lately. Thread-safe; two may unwrap the same key at once. */
public final class DataKeys {
  private static final int MOST = 10_000;

  private final KeyWrapper wrapper;
  private final Map<KeyName, DataKey> recent =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<KeyName, DataKey> eldest) {
              return size() > MOST;
            }
          });

  public DataKeys(KeyWrapper wrapper) {
    this.wrapper = wrapper;
  }

  /**
   * The key, unwrapped.
   *
   * @throws KeysUnavailableException if it cannot be unwrapped now
   */
  public DataKey unwrapped(Wrapped key) {
    DataKey known = recent.get(key.name());
    if (known != null) {
      return known;
    }
    DataKey unwrapped = DataKey.of(wrapper.unwrap(key.name(), key.bytes()));
    recent.put(key.name(), unwrapped);
    return unwrapped;
  }

  /** A new key, wrapped. */
  public byte[] wrapNew(KeyName name) {
    return wrapper.wrap(name, DataKey.random());
  }

  /** Forgets a key. */
  public void forget(KeyName name) {
    recent.remove(name);
  }
}
