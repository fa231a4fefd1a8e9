const PATH = '/v1/ws';

/** The WebSocket URLs behind what the caller named: origins or full URLs, ws(s) or http(s), one or several. */
export function endpointsOf(url) {
  const urls = [url].flat().map(endpointOf);
  if (urls.length === 0) throw new TypeError('url: [] (expected: at least one)');
  return urls;
}

function endpointOf(given) {
  let url;
  try {
    url = new URL(given, globalThis.location?.href);
  } catch {
    throw new TypeError(`url: ${given} (expected: an origin or a URL that ends in ${PATH})`);
  }
  if (!/^(ws|http)s?:$/.test(url.protocol)) {
    throw new TypeError(`url: ${url.protocol} (expected: ws:, wss:, http: or https:)`);
  }
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  if (!url.pathname.endsWith(PATH)) url.pathname = url.pathname.replace(/\/*$/, PATH);
  return url.href;
}
