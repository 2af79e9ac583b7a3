// The website wishes the chat to be light or dark as its own page is, and to stay so.
const page = document.documentElement;

/** Light or dark, or as the visitor's system. */
const show = (theme) => {
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme;
  else delete page.dataset.theme;
};

if (location.pathname === '/widget') {
  // Its loader sees how it is: it is asked here, and tells of what changes.
  const origin = new URLSearchParams(location.search).get('origin') || '';
  if (parent !== window && /^https?:/.test(origin)) {
    addEventListener('message', ({ source, origin: from, data }) => {
      if (source === parent && from === origin && data && data.frontdesk === 1 && data.type === 'theme') show(data.theme);
    });
    parent.postMessage({ frontdesk: 1, type: 'look' }, origin);
  }
} else if (parent !== window) {
  // The log of a plain page is a frame in it, and is as that is.
  const around = parent.document.documentElement;
  const look = () => show(around.dataset.theme);
  look();
  new MutationObserver(look).observe(around, { attributeFilter: ['data-theme'] });
}
