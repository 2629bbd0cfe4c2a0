// Starts Redoc; a file of its own, since the Content-Security-Policy allows no script inside the page.
const options = {
  disableSearch: true, // its worker would be code made at run time
  // Its own colours have too little contrast: https://www.w3.org/TR/WCAG22/#contrast-minimum
  theme: {
    colors: {
      responses: {
        success: { color: "#14661d", tabTextColor: "#2e7d32" },
        redirect: { color: "#6b4500", tabTextColor: "#e0a030" },
        error: { color: "#a31515", tabTextColor: "#ef5350" },
      },
    },
  },
};
Redoc.init(document.currentScript.dataset.schema, options, document.getElementById("redoc"));
