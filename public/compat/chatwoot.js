/*
 * For pages that were written for `chatwootSDK.run(…)` and `$chatwoot`: what they really call, done by Frontdesk. Comes by
 * data-compat="chatwoot", or in the place of the other script. What there is no counterpart for does nothing.
 */
(() => {
  const tag = document.currentScript;
  const frontdesk = (...args) => window.frontdesk(...args);
  window.frontdesk = window.frontdesk || function () {
    (window.frontdesk.q = window.frontdesk.q || []).push(arguments);
  };

  const settings = () => window.chatwootSettings || {};
  const tell = (name, detail) => window.dispatchEvent(new CustomEvent('chatwoot:' + name, { detail }));
  const nothing = () => {};
  const without = (key) => typeof key === 'string' && frontdesk('set', { [key]: null });

  /** Brings the loader, unless it is there, with what the settings say of its looks. */
  const bring = () => {
    if (window.frontdesk.loaded) return;
    const { position, locale, launcherTitle, type, darkMode } = settings();
    const script = document.createElement('script');
    script.src = new URL(tag.src).origin + '/embed.js';
    Object.assign(
      script.dataset,
      position === 'left' && { position },
      locale && { lang: locale },
      type === 'expanded_bubble' && launcherTitle && { launcher: launcherTitle },
      /^(auto|light)$/.test(darkMode) && { theme: darkMode },
      tag.dataset,
      { compat: '' },
    );
    script.nonce = tag.nonce;
    document.head.append(script);
  };

  const run = ({ websiteToken, baseUrl } = {}) => {
    if (window.$chatwoot) return;
    const me = (window.$chatwoot = {
      websiteToken,
      baseUrl,
      hasLoaded: false,
      isOpen: false,
      hideMessageBubble: Boolean(settings().hideMessageBubble),
      position: settings().position || 'right',
      toggle(state) {
        frontdesk(state === 'open' ? 'open' : state === 'close' ? 'close' : 'toggle');
      },
      toggleBubbleVisibility(state) {
        me.hideMessageBubble = state === 'hide';
        frontdesk(me.hideMessageBubble ? 'hide' : 'show');
      },
      popoutChatWindow: () => frontdesk('open'),
      setUser(identifier, { name, email, ...more } = {}) {
        frontdesk('identify', { name, email });
        const { avatar_url: _, identifier_hash: __, ...known } = more;
        frontdesk('set', { identifier, ...known });
      },
      setCustomAttributes: (values) => frontdesk('set', values || {}),
      deleteCustomAttribute: without,
      setConversationCustomAttributes: (values) => frontdesk('set', values || {}),
      deleteConversationCustomAttribute: without,
      setLabel: (label) => frontdesk('set', { label }),
      removeLabel: nothing,
      setLocale: nothing,
      setColorScheme: nothing,
      reset() {
        frontdesk('shutdown');
        if (!me.hideMessageBubble) frontdesk('show');
        // Somebody new; a page that asks for consent gives it itself.
        if (!document.querySelector('script[data-consent="required"]')) frontdesk('consent', true);
      },
    });
    if (me.hideMessageBubble) frontdesk('hide');
    frontdesk('on', 'open', () => {
      me.isOpen = true;
      tell('opened');
    });
    frontdesk('on', 'close', () => {
      me.isOpen = false;
      tell('closed');
    });
    frontdesk('on', 'message', ({ text, by, at }) => {
      // Of an agent (1), in seconds.
      const message = { content: text, content_type: 'text', message_type: 1, created_at: Math.round(at / 1000), sender: { name: by, type: 'user' } };
      tell('on-message', { ...message, text, by, at });
    });
    frontdesk('on', 'chat-started', () => tell('on-start-conversation', { hasConversation: false }));
    frontdesk('on', 'ready', () => {
      me.hasLoaded = true;
      tell('ready');
    });
    bring();
  };

  window.chatwootSDK = { run };
  // Of a page that has one script tag for all there is no call to wait for.
  if (window.frontdesk.loaded) run();
})();
