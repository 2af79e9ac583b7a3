// What the website wishes of the widget's looks, as the loader wrote it into the frame's address. `style/tokens.css` makes
// every colour readable.
const wishes = new URLSearchParams(location.search);
const page = document.documentElement;

if (location.pathname === '/widget') {
  const theme = wishes.get('theme');
  const state = document.getElementById('state');
  // The page's own wish, else the colour of its site.
  const color = wishes.get('color') || (state && (JSON.parse(state.textContent).site || {}).color);
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme;
  if (color && CSS.supports('color', color)) page.style.setProperty('--accent', color);
}
