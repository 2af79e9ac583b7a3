/*
 * For pages that were written for `Intercom(…)`: what they really call, done by Frontdesk. Comes by data-compat="intercom",
 * or in the place of the other script. What there is no counterpart for does nothing, without an error.
 */
(() => {
  /** What of the settings is no attribute of the visitor's own. */
  const OTHER = /^(api_base|app_id|name|email|user_id|user_hash|intercom_user_jwt|hide_default_launcher|custom_launcher_selector|alignment|action_color|background_color|horizontal_padding|vertical_padding|z_index|session_duration|installation_type|avatar|language_override)$/;

  const tag = document.currentScript;
  const stub = window.Intercom || {};
  const frontdesk = (...args) => window.frontdesk(...args);
  window.frontdesk = window.frontdesk || function () {
    (window.frontdesk.q = window.frontdesk.q || []).push(arguments);
  };

  let person = {};
  let selector = '.intercom-launcher';
  let ended;

  const settings = (given = {}) => {
    const { name, email, intercom_user_jwt: token, hide_default_launcher: hide, custom_launcher_selector: own } = given;
    if (name || email || token) {
      person = { ...person, ...(name && { name }), ...(email && { email }), ...(token && { token }) };
      frontdesk('identify', person);
    }
    const rest = Object.keys(given).filter((key) => !OTHER.test(key));
    if (given.user_id !== undefined) rest.push('user_id');
    if (rest.length) frontdesk('set', rest.reduce((set, key) => ({ ...set, [key]: given[key] }), {}));
    if (hide !== undefined) frontdesk(hide ? 'hide' : 'show');
    if (own) selector = own;
  };

  const methods = {
    boot(given) {
      // After a shutdown it is somebody new; a page that asks for consent gives it itself.
      if (ended) {
        frontdesk('show');
        if (!document.querySelector('script[data-consent="required"]')) frontdesk('consent', true);
        ended = false;
      }
      settings({ ...window.intercomSettings, ...given });
    },
    update: settings,
    shutdown() {
      person = {};
      ended = true;
      frontdesk('shutdown');
    },
    show: () => frontdesk('open'),
    showMessages: () => frontdesk('open'),
    showNewMessage: () => frontdesk('open'),
    showSpace: () => frontdesk('open'),
    hide: () => frontdesk('close'),
    onShow: (fn) => frontdesk('on', 'open', () => fn()),
    onHide: (fn) => frontdesk('on', 'close', () => fn()),
    onUnreadCountChange: (fn) => frontdesk('on', 'unread', (count) => fn(count)),
    trackEvent(event, data) {
      if (event) frontdesk('set', { event: data ? { name: event, ...data } : event });
    },
    reattach_activator() {},
  };

  const call = (method, ...args) => {
    if (Object.prototype.hasOwnProperty.call(methods, method)) methods[method](...args);
  };
  call.booted = true;
  window.Intercom = call;

  // Without a call the settings are enough, as they are there.
  const waiting = [...(stub.q || [])].map((args) => [...args]);
  if (window.intercomSettings && !waiting.some(([method]) => method === 'boot')) call('boot');
  waiting.forEach((args) => call(...args));

  document.addEventListener('click', (event) => {
    const found = event.target && event.target.closest && event.target.closest(selector);
    if (!found) return;
    event.preventDefault();
    frontdesk('toggle');
  });

  if (window.frontdesk.loaded) return;
  const script = document.createElement('script');
  script.src = new URL(tag.src).origin + '/embed.js';
  const { alignment, action_color: color } = window.intercomSettings || {};
  Object.assign(script.dataset, alignment === 'left' && { position: 'left' }, color && { color }, tag.dataset, { compat: '' });
  script.nonce = tag.nonce;
  document.head.append(script);
})();
