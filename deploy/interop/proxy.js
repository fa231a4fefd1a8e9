import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';

/** A proxy before an edge that lets plain HTTP through, and WebSockets only once it has been told to. */
export async function startProxy(edge) {
  const { hostname: host, port } = new URL(edge);
  let open = false;
  const proxy = createServer((incoming, outgoing) => {
    const { url: path, method, headers } = incoming;
    const onward = request({ host, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  proxy.on('upgrade', ({ url, headers }, socket, head) => {
    if (!open) return socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    const onward = connect(port, host);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    onward.write(`GET ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    return onward.on('error', () => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `ws://127.0.0.1:${proxy.address().port}`,
    letWebSocketsThrough() {
      open = true;
    },
    stop() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
