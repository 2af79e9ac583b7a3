// What the website wishes of the widget's looks, as the loader wrote it into the frame's address. `style/tokens.css` makes
// every colour readable.
const wishes = new URLSearchParams(location.search);
const page = document.documentElement;

/** Light or dark, or as the visitor's system. */
const show = (theme) => {
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme;
  else delete page.dataset.theme;
};

/** The colour, such that one does not see through it: what is written on it is written on nothing else. */
const opaque = (color) => {
  page.style.color = color;
  const known = getComputedStyle(page).color;
  page.style.color = '';
  const made = `rgb(from ${color} r g b / 1)`;
  // With alpha it is written as rgba, or with a slash.
  return !/^rgba|\//.test(known) || !CSS.supports('color', made) ? color : made;
};

if (location.pathname === '/widget') {
  const theme = wishes.get('theme');
  // The page's own wish, else the colour of its site.
  const color = wishes.get('color') || page.dataset.color;
  show(theme);
  if (color && CSS.supports('color', color)) page.style.setProperty('--accent', opaque(color));

  // As the website's page is, which its loader sees: it is asked here, and tells of what changes.
  const origin = wishes.get('origin') || '';
  if (theme === 'page' && parent !== window && /^https?:/.test(origin)) {
    addEventListener('message', ({ source, origin: from, data }) => {
      if (source === parent && from === origin && data && data.frontdesk === 1 && data.type === 'theme') show(data.theme);
    });
    parent.postMessage({ frontdesk: 1, type: 'look' }, origin);
  }
}

// The log of a plain page is a frame in it, and looks as that does.
if (location.pathname === '/widget/log' && parent !== window) {
  const around = parent.document.documentElement;
  const look = () => {
    show(around.dataset.theme);
    page.style.setProperty('--accent', around.style.getPropertyValue('--accent'));
  };
  look();
  new MutationObserver(look).observe(around, { attributes: true });
}
