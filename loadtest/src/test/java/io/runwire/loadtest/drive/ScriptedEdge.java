package io.runwire.loadtest.drive;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A server that does on its socket what a test tells it, in the test's own thread. */
final class ScriptedEdge implements AutoCloseable {
  private static final int PATIENCE_MS = (int) Duration.ofSeconds(10).toMillis();

  private final ServerSocket server;

  ScriptedEdge() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MS);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/v1/ws");
  }

  /** The next connection, as TCP gives it. */
  Peer accept() throws IOException {
    return new Peer(server.accept());
  }

  /** The next connection, upgraded. */
  Peer upgrade() throws IOException {
    Peer peer = accept();
    peer.upgrade();
    return peer;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** One connection. */
  static final class Peer implements AutoCloseable {
    final Socket socket;
    private final DataInputStream in;

    private Peer(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(PATIENCE_MS);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Reads the request and returns its key. */
    String key() throws IOException {
      String key = "";
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.startsWith("Sec-WebSocket-Key: ")) {
          key = line.substring("Sec-WebSocket-Key: ".length());
        }
      }
      return key;
    }

    void upgrade() throws IOException {
      sends(
          ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Accept: "
                  + Upgrade.accept(key())
                  + "\r\nSec-WebSocket-Protocol: runwire.v1\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }

    void sends(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    void says(String json) throws IOException {
      sends(ServerFrames.text(json));
    }

    /** The client's next frame, e.g. {@code 1 text}: its opcode and its payload, unmasked. */
    String hears() throws IOException {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      if ((first & 0xf0) != 0x80 || (second & 0x80) == 0) {
        throw new IOException("not one whole masked frame: " + first + " " + second);
      }
      int length = second & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if ((first & 0xf) == Opcode.CLOSE) {
        return "close " + (((payload[0] & 0xff) << 8) | (payload[1] & 0xff));
      }
      return (first & 0xf) + " " + new String(payload, StandardCharsets.UTF_8);
    }

    /** Whether the client hung up, after whatever it still sent. */
    boolean hearsTheEnd() throws IOException {
      try {
        while (true) {
          in.readByte();
        }
      } catch (EOFException e) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (char c = (char) in.readUnsignedByte(); c != '\n'; c = (char) in.readUnsignedByte()) {
        if (c != '\r') {
          line.append(c);
        }
      }
      return line.toString();
    }
  }
}
