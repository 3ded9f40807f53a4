// Swagger UI over this server's own OpenAPI document. Nothing is loaded from elsewhere.
const darkMode = window.matchMedia('(prefers-color-scheme: dark)');
const followDarkMode = () => document.documentElement.classList.toggle('dark-mode', darkMode.matches);
darkMode.addEventListener('change', followDarkMode);
followDarkMode();

const ui = SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: 'openapi.json',
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'list',
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  onComplete: () => {
    const spec = ui.specSelectors.specJson();
    document.title = spec.getIn(['info', 'title']) + ' · API';
    const post = spec.getIn(['paths', '/predict', 'post']);
    if (post && !location.hash) {
      ui.layoutActions.show(['operations', post.getIn(['tags', 0]), post.get('operationId')], true);
    }
  },
});
