package io.runwire.processor;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One bound for the memory of all stores of the process. By default each of them, two per
 * partition, takes up to 50 MiB of cache and 48 MiB of write buffers.
 */
public final class RocksMemory implements RocksDBConfigSetter {
  private static final long CACHE_BYTES = 96L << 20;
  private static final long WRITE_BUFFER_BYTES = 48L << 20; // counted within the cache
  private static final long WRITE_BUFFER_PER_STORE_BYTES = 4L << 20;
  // By default an eighth of the write buffer is taken with the first row: too much times 128.
  private static final long ARENA_BLOCK_BYTES = 64L << 10;

  static {
    RocksDB.loadLibrary();
  }

  private static final Cache CACHE = new LRUCache(CACHE_BYTES);
  private static final WriteBufferManager WRITE_BUFFERS =
      new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(WRITE_BUFFER_PER_STORE_BYTES);
    options.setArenaBlockSize(ARENA_BLOCK_BYTES);
  }

  /** Cache and buffers are shared: they stay until the process ends. */
  @Override
  public void close(String storeName, Options options) {}
}
