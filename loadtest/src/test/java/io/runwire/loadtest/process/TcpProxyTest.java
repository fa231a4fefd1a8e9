package io.runwire.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int PATIENCE_MS = 5_000;
  private static final int QUIET_MS = 200;

  private ServerSocket server;
  private TcpProxy proxy;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.open(Ports.next(), server.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    accepted = server.accept();
    client.setSoTimeout(PATIENCE_MS);
    accepted.setSoTimeout(PATIENCE_MS);
    // The proxy has it in its books as soon as something has passed.
    write(client, "?");
    assertThat(read(accepted, 1)).isEqualTo("?");
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    accepted.close();
    server.close();
  }

  @Test
  void passesBytesAndEndsInBothDirections() throws IOException {
    write(client, "up");
    assertThat(read(accepted, 2)).isEqualTo("up");
    write(accepted, "down");
    assertThat(read(client, 4)).isEqualTo("down");
    client.shutdownOutput();
    assertThat(accepted.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void holdsEverythingBackWhileCutAndLetsItGoAfterwards() throws IOException {
    proxy.set(Traffic.CUT);
    write(client, "late");
    accepted.setSoTimeout(QUIET_MS);
    assertThatThrownBy(() -> accepted.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    proxy.set(Traffic.FREE);
    accepted.setSoTimeout(PATIENCE_MS);
    assertThat(read(accepted, 4)).isEqualTo("late");
  }

  @Test
  void passesOneWayOnly() throws IOException {
    proxy.set(Traffic.ONE_WAY);
    write(client, "up");
    assertThat(read(accepted, 2)).isEqualTo("up");
    write(accepted, "down");
    client.setSoTimeout(QUIET_MS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void resetsBothSides() {
    proxy.reset();
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void letsTheConnectingSideVanishUnnoticed() throws IOException {
    proxy.vanish();
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    accepted.setSoTimeout(QUIET_MS);
    assertThatThrownBy(() -> accepted.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    accepted.setSoTimeout(PATIENCE_MS);
    proxy.forget();
    assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void slicesAndDelaysWithoutChangingAByte() throws IOException {
    proxy.set(Traffic.sliced(1));
    String text = "größer ✓ ".repeat(50);
    write(client, text);
    assertThat(read(accepted, text.getBytes(StandardCharsets.UTF_8).length)).isEqualTo(text);
  }

  @Test
  void passesNoMoreBytesThanItsLimit() throws IOException {
    proxy.set(Traffic.limited(1_000));
    long startNs = System.nanoTime();
    // The first piece may still pass by the traffic of before; the third waits for what the second
    // one has used up.
    for (int i = 0; i < 3; i++) {
      write(client, "x".repeat(600));
      assertThat(read(accepted, 600)).hasSize(600);
    }
    assertThat(System.nanoTime() - startNs).isGreaterThan(400_000_000L);
  }

  @Test
  void refusesToConnectWhereNobodyListens() throws IOException {
    server.close();
    try (Socket late = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThatThrownBy(() -> late.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(Socket from, int bytes) throws IOException {
    return new String(from.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
  }
}
