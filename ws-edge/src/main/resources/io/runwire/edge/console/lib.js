/** The one place that names the libraries' versions: WebJars, as the edge serves them. */
export { html, nothing, render, svg } from '/webjars/lit-html/3.3.2/lit-html.js';
export { guard } from '/webjars/lit-html/3.3.2/directives/guard.js';
export { live } from '/webjars/lit-html/3.3.2/directives/live.js';
export { repeat } from '/webjars/lit-html/3.3.2/directives/repeat.js';
