// Starts Swagger UI; a file of its own, since the Content-Security-Policy allows no script inside the page.
SwaggerUIBundle({
  url: document.currentScript.dataset.schema,
  dom_id: "#swagger",
  deepLinking: true,
  tryItOutEnabled: true,
});
