package io.runwire.edge.feed;

import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Notes when a consumer hears from the brokers which topics there are; Kafka tells a deserializer
 * that listens. A consumer fetches by topic id, so it can read of a topic that was created again
 * only after it has heard of it, and by nothing else does it let anyone know.
 */
final class TopicNews extends ByteArrayDeserializer implements ClusterResourceListener {
  private volatile long heardAtNs = System.nanoTime();

  @Override
  public void onUpdate(ClusterResource cluster) {
    heardAtNs = System.nanoTime();
  }

  long heardAtNs() {
    return heardAtNs;
  }
}
