// Shows the OpenAPI documents that the page names, the first one first. Credentials that are tried are not kept.
"use strict";

SwaggerUIBundle({
  dom_id: "#documentation",
  urls: JSON.parse(document.getElementById("documents").textContent),
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
