/* <jalon-chat>: the conversation with Jalon, on any page.
 *
 * One custom element in a shadow root. No dependency, no cookie, no request but to the server this
 * script comes from. What people and the directory write is only ever set as text.
 */
(() => {
  "use strict";

  if (customElements.get("jalon-chat")) return;

  const SERVER = new URL(".", document.currentScript.src);
  const STORE = "jalon";
  const MAX_ENTRIES = 200;
  const ANSWER_TIMEOUT = 20000; // ms; the server answers or gives up long before
  const TYPING_DELAY = 400; // ms; a fast answer needs no announcement
  const QUICK_EXIT = "https://meteofrance.com/";

  const TEXTS = {
    title: "Jalon",
    subtitle: "Assistant automatique",
    restart: "Recommencer",
    quickExit: "Quitter vite",
    quickExitHint: "efface la conversation et ouvre un site de météo",
    conversation: "Conversation avec Jalon",
    you: "Vous :",
    jalon: "Jalon :",
    label: "Votre message",
    placeholder: "Exemple : crèche à Bondy",
    send: "Envoyer",
    notice: "N'écrivez ni nom, ni numéro personnel.",
    typing: "Jalon écrit…",
    restarted: "Nouvelle conversation.",
    notSent: "Votre message n'est pas encore parti. Vérifiez votre connexion, puis réessayez.",
    notOpened: "Jalon ne répond pas. Vérifiez votre connexion, puis réessayez.",
    retry: "Réessayer",
    choices: "Choix proposés",
    call: "Appeler le",
    write: "Écrire à",
    route: "Voir le trajet",
    book: "Prendre rendez-vous",
    source: "Source",
    about: (name) => ` : ${name}`,
    newTab: "(nouvel onglet)",
    when: "Quand",
    address: "Adresse",
    hours: "Horaires",
    distance: (km, about) => `à ${about ? "environ " : ""}${Math.round(km)} km`,
    dated: (date) => `Information ${date}.`,
    dateUnknown: "Date de l'information inconnue.",
  };

  const STYLE = `
:host {
  display: block; height: 44rem; max-height: calc(100vh - 2rem); max-height: calc(100dvh - 2rem);
  --paper: #fff; --soft: #f3f6f5; --ink: #1b2a29; --quiet: #4b5b59; --accent: #0e5a55;
  --on-accent: #fff; --said: #dcecea; --line: #cad5d3; --edge: #667775; --alert: #8c2f14;
  --alert-paper: #fdf1ec; --pole: #c8452b;
}
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #141d1c; --soft: #1d2827; --ink: #edf3f2; --quiet: #b3c2c0; --accent: #86d5cb;
    --on-accent: #0a1f1d; --said: #21403d; --line: #374644; --edge: #8fa19e; --alert: #ffb8a2;
    --alert-paper: #35211b; --pole: #e8735a;
  }
}
*, *::before, *::after { box-sizing: border-box; }
.widget {
  /* Nothing of the host page's style comes in; the text has the size chosen in the browser. */
  all: initial; color-scheme: light dark;
  display: flex; flex-direction: column; height: 100%; overflow: hidden;
  font: medium/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 1em;
  text-align: start; overflow-wrap: anywhere;
}
h2, h3, p, ol, ul, dl, dd { margin: 0; padding: 0; }
ol, ul { list-style: none; }
button, textarea { font: inherit; color: inherit; }
button, a { touch-action: manipulation; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
header {
  display: flex; flex-wrap: wrap; align-items: center; gap: .5em .75em;
  padding: .75em 1em; border-bottom: 1px solid var(--line);
}
.pole {
  flex: none; width: .5em; height: 2.4em; border-radius: .25em;
  background: linear-gradient(var(--pole) 33%, #fff 33% 66%, var(--pole) 66%);
  border: 1px solid var(--edge);
}
.names { flex: 1 1 auto; }
h2 { font-size: 1.15em; line-height: 1.2; }
.names p, .notice { font-size: .875em; color: var(--quiet); }
.tools { display: flex; flex-wrap: wrap; gap: .5em; }
.tools button { padding-inline: .65em; font-size: .9375em; }
button {
  min-height: 44px; padding: .45em .9em; border: 1px solid var(--edge); border-radius: .6em;
  background: var(--paper); cursor: pointer; line-height: 1.3;
}
button:hover { background: var(--soft); }
form button { flex: none; }
.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.primary:hover { background: var(--accent); text-decoration: underline; }
.log {
  position: relative; flex: 1 1 auto; min-height: 8em; overflow-y: auto; padding: 1em;
  overscroll-behavior: contain;
}
.log:focus-visible { outline-offset: -4px; }
.turn { display: flex; flex-direction: column; gap: .6em; margin-bottom: 1.1em; }
.bubble { max-width: 34em; padding: .7em 1em; border: 1px solid transparent; border-radius: 1em; }
.bubble p + p { margin-top: .4em; }
.from-jalon .bubble { align-self: flex-start; background: var(--soft); border-bottom-left-radius: .25em; }
.from-you .bubble { align-self: flex-end; background: var(--said); border-bottom-right-radius: .25em; }
p a { display: inline-block; min-width: 24px; min-height: 24px; color: var(--accent); font-weight: 600; }
.choices { display: flex; flex-wrap: wrap; gap: .5em; }
.choices button { border-color: var(--accent); color: var(--accent); font-weight: 600; text-align: start; }
.failed {
  align-self: flex-end; max-width: 34em; padding: .7em 1em; border: 1px solid var(--alert);
  border-radius: .6em; background: var(--alert-paper); color: var(--alert);
}
.failed button { margin-top: .5em; color: var(--ink); }
.cards { display: grid; gap: .75em; }
.card { padding: .9em 1em; border: 1px solid var(--line); border-radius: .8em; }
.card > * + * { margin-top: .55em; }
h3 { font-size: 1.05em; line-height: 1.3; }
.place { color: var(--quiet); font-size: .9375em; margin-top: .15em; }
dl { display: grid; gap: .3em; }
dt { display: inline; font-weight: 600; }
dt::after { content: " : "; }
dd { display: inline; }
.actions { display: flex; flex-wrap: wrap; gap: .5em; }
.actions a {
  display: inline-flex; align-items: center; min-height: 44px; padding: .4em .9em;
  border: 1px solid var(--accent); border-radius: .6em; color: var(--accent); font-weight: 600;
  text-decoration: none; line-height: 1.3;
}
.actions a:hover { text-decoration: underline; }
.actions a.primary { color: var(--on-accent); }
.advice { padding-inline-start: .75em; border-inline-start: 3px solid var(--pole); }
.meta { font-size: .9375em; color: var(--quiet); }
.status { padding: 0 1em; font-size: .9375em; color: var(--quiet); }
form { padding: .5em 1em .75em; border-top: 1px solid var(--line); }
label { display: block; font-weight: 600; margin-bottom: .25em; }
.field { display: flex; align-items: flex-end; gap: .5em; }
textarea {
  flex: 1 1 auto; min-width: 0; min-height: 44px; max-height: 8em; padding: .55em .8em; resize: none;
  border: 1px solid var(--edge); border-radius: .6em; background: var(--paper); line-height: 1.4;
}
textarea::placeholder { color: var(--quiet); opacity: 1; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.notice { margin-top: .35em; }
@media (max-width: 26em) {
  .log, header, form { padding-inline: .75em; }
  header { padding-block: .4em; }
  .pole, .names p { display: none; }
  .tools button { padding-inline: .5em; }
}
/* Zoomed in, or a phone held sideways: one scroll, the page's, and nothing is cramped. */
@media (max-height: 30em) {
  :host { height: auto; max-height: none; }
  .log { overflow: visible; }
}
@media (prefers-reduced-motion: no-preference) {
  .log { scroll-behavior: smooth; }
}
@media (forced-colors: active) {
  .bubble, .card { border-color: CanvasText; }
}
`;

  /* Building the page */

  /** An element with its properties, attributes (`aria-…`, `role`) and children; text stays text. */
  function element(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in node) node[name] = value;
      else node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  }

  function hiddenText(text) {
    return element("span", { className: "hidden" }, text);
  }

  /** A link, or nothing when the address is not one that a person may safely follow. */
  function link(href, label, name, properties = {}) {
    let url;
    try {
      url = new URL(href);
    } catch {
      return null;
    }
    if (!["http:", "https:", "tel:", "mailto:", "sms:"].includes(url.protocol)) return null;
    const leaves = url.protocol.startsWith("http");
    const context = [name && TEXTS.about(name), leaves && ` ${TEXTS.newTab}`].filter(Boolean);
    return element(
      "a",
      {
        href: url.href,
        ...(leaves ? { target: "_blank", rel: "noopener noreferrer" } : {}),
        ...properties,
      },
      label,
      context.length ? hiddenText(context.join("")) : null,
    );
  }

  /* Phone numbers in sentences: ten digits, an emergency number, « le 15 » but not « le 15 mars ». */
  const PHONES = new RegExp(
    "(?:^|[^\\p{L}\\d])(?:(0[1-9](?:[ .\\u00a0\\u202f]?\\d{2}){4})|(112|114|115|119|3114|3919)|le (15|17|18))" +
      "(?![\\d:,]\\d| ?(?:h(?!\\p{L})|heure|janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)" +
      "|,? (?:rue|avenue|boulevard|place|allée|chemin|route|quai|impasse|cours|square))(?!\\d)",
    "giu",
  );

  /** French signs stay on the line of the word they go with. */
  function typeset(text) {
    return text.replace(/ (?=[»:;?!])/g, "\u00a0").replace(/« /g, "«\u00a0");
  }

  /** A line of Jalon's, in which phone numbers can be called. */
  function lineWithPhones(text) {
    const line = typeset(text);
    const paragraph = element("p", { dir: "auto" });
    let done = 0;
    for (const match of line.matchAll(PHONES)) {
      const number = match[1] ?? match[2] ?? match[3];
      const start = match.index + match[0].length - number.length;
      const scheme = number === "114" ? "sms" : "tel";
      paragraph.append(line.slice(done, start), link(`${scheme}:${dialled(number)}`, number));
      done = start + number.length;
    }
    paragraph.append(line.slice(done));
    return paragraph;
  }

  /** « 01 48 13 13 20 » or « +33148131320 » as digits to dial; "" when it is no phone number. */
  function dialled(phone) {
    const digits = String(phone).replace(/[^\d+]/g, "");
    if (!/^\+?\d{2,15}$/.test(digits)) return "";
    return digits.replace(/^0(?=\d{9}$)/, "+33");
  }

  /** How a French number is read: « 01 48 13 13 20 ». */
  function readable(phone) {
    const digits = dialled(phone).replace(/^\+33(?=\d{9}$)/, "0");
    return /^0\d{9}$/.test(digits) ? digits.match(/\d\d/g).join("\u00a0") : digits;
  }

  function frenchDate(iso) {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso) || [];
    if (!year) return null;
    const date = new Date(Date.UTC(year, month - 1, day));
    const words = new Intl.DateTimeFormat("fr", { dateStyle: "long", timeZone: "UTC" }).format(date);
    return `du ${words.replace(/^1 /, "1er ")}`;
  }

  function shorten(text, limit) {
    const flat = String(text).replace(/\s+/g, " ").trim();
    return flat.length <= limit ? flat : `${flat.slice(0, limit).replace(/\s\S*$/, "")}…`;
  }

  function firstSentence(text) {
    return shorten(/^.*?[.!?](?=\s|$)/s.exec(String(text).trim())?.[0] ?? text, 180);
  }

  /** One record of `custom.results` as a card, numbered in a list; a missing field takes no room. */
  function card(record, number) {
    const name = shorten(record.nom ?? "", 150);
    const title = number ? `${number}. ${name}` : name;
    const place = [record.commune, record.distance_km >= 1 && TEXTS.distance(record.distance_km, record.distance_approchee)];
    return element(
      "li",
      {},
      element(
        "article",
        { className: "card" },
        element("h3", { dir: "auto" }, title),
        textOrNothing("p", place.filter(Boolean).join(", "), "place"),
        textOrNothing("p", record.pourquoi ?? firstSentence(record.description ?? "")),
        facts(record),
        contactLinks(record, name),
        advice(record),
        provenance(record, name),
      ),
    );
  }

  function textOrNothing(tag, text, className = "") {
    return text ? element(tag, { className, dir: "auto" }, text) : null;
  }

  function facts(record) {
    const known = [
      [TEXTS.when, record.quand],
      [TEXTS.address, record.adresse],
      [TEXTS.hours, record.horaires_texte || record.horaires],
    ].filter(([, value]) => value);
    if (!known.length) return null;
    const rows = known.map(([term, value]) =>
      element("div", {}, element("dt", {}, term), element("dd", { dir: "auto" }, value)),
    );
    return element("dl", {}, ...rows);
  }

  function contactLinks(record, name) {
    const links = [];
    const number = dialled(record.telephone ?? "");
    if (number) {
      links.push(link(`tel:${number}`, `${TEXTS.call} ${readable(number)}`, name, { className: "primary" }));
    }
    if (/^[^\s@<>?&]+@[^\s@<>?&]+$/.test(record.courriel ?? "")) {
      links.push(link(`mailto:${record.courriel}`, `${TEXTS.write} ${record.courriel}`));
    }
    if (record.rendez_vous) links.push(link(record.rendez_vous, TEXTS.book, name));
    if (record.adresse) links.push(link(routeTo(record), TEXTS.route, name));
    const safe = links.filter(Boolean);
    return safe.length ? element("div", { className: "actions" }, ...safe) : null;
  }

  function routeTo({ adresse, commune }) {
    const town = commune && !adresse.toLowerCase().includes(commune.toLowerCase()) ? `, ${commune}` : "";
    return `https://www.openstreetmap.org/directions?to=${encodeURIComponent(adresse + town)}`;
  }

  function advice(record) {
    const lines = (record.avertissements ?? []).filter((line) => line !== TEXTS.dateUnknown);
    if (!lines.length) return null;
    return element("div", { className: "advice" }, ...lines.map(lineWithPhones));
  }

  function provenance(record, name) {
    const date = record.date_texte || (record.date_maj && frenchDate(record.date_maj));
    const paragraph = element("p", { className: "meta" }, date ? TEXTS.dated(date) : TEXTS.dateUnknown);
    const source = record.source && link(record.source, TEXTS.source, name);
    if (source) paragraph.append(" ", source);
    return paragraph;
  }

  /** One message of Jalon's: a bubble, or a lead, cards and a closing line. */
  function answerParts(message) {
    const { text = "", custom = {} } = message;
    const results = Array.isArray(custom.results) ? custom.results : [];
    if (!results.length) return [bubble(text)];
    return [
      bubble(custom.intro ?? text),
      element("ol", { className: "cards" }, ...results.map((record, index) => card(record, results.length > 1 && index + 1))),
      bubble(custom.suite ?? ""),
    ];
  }

  function bubble(text) {
    const lines = text.split("\n").filter((line) => line.trim());
    return lines.length ? element("div", { className: "bubble" }, ...lines.map(lineWithPhones)) : "";
  }

  /* What the tab remembers: gone when it closes */

  class Memory {
    constructor() {
      try {
        Object.assign(this, JSON.parse(sessionStorage.getItem(STORE)));
      } catch {
        // A browser that refuses storage still talks; it only forgets at reload.
      }
      this.token ??= null;
      this.entries ??= []; // {from: "you" | "jalon", …} in the order of the log
      this.queue ??= []; // {id, text | payload}: said, not answered yet
    }

    save() {
      this.entries.splice(0, this.entries.length - MAX_ENTRIES);
      try {
        sessionStorage.setItem(STORE, JSON.stringify(this));
      } catch {
        // See above.
      }
    }

    clear() {
      Object.assign(this, { token: null, entries: [], queue: [] });
      try {
        sessionStorage.removeItem(STORE);
      } catch {
        // See above.
      }
    }
  }

  /* The server */

  /** A refusal of the server: its HTTP status, and a sentence for the person. */
  class Refusal extends Error {
    constructor(status, message) {
      super(message);
      this.status = status;
    }
  }

  async function post(path, body, signal) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT);
    signal.addEventListener("abort", () => abort.abort());
    try {
      const response = await fetch(new URL(path, SERVER), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: abort.signal,
      });
      const answer = await response.json();
      if (!response.ok) throw new Refusal(response.status, answer.error?.message ?? TEXTS.notSent);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The key by which the server knows a message that is sent again. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* The element */

  class JalonChat extends HTMLElement {
    #memory = new Memory();
    #life = new AbortController(); // of one conversation: a new one ignores late answers
    #sending = false;
    #typing = 0;

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const adopted = "adoptedStyleSheets" in root;
      if (adopted) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        root.adoptedStyleSheets = [sheet];
      }
      root.append(adopted ? "" : element("style", {}, STYLE), this.#build());
      this.#showEnd();
      this.#start();
    }

    #build() {
      this.log = element("div", {
        className: "log",
        role: "log",
        "aria-live": "polite",
        "aria-label": TEXTS.conversation,
        tabIndex: 0,
      });
      // Filled before it is in the page: a reload must not be read out again from the start.
      this.#fillLog();
      this.status = element("p", { className: "status", role: "status" });
      return element(
        "section",
        { className: "widget", lang: "fr", "aria-label": TEXTS.title },
        this.#header(),
        this.log,
        this.status,
        this.#form(),
      );
    }

    #header() {
      const restart = element("button", { type: "button", onclick: () => this.#restart() }, TEXTS.restart);
      const leave = element(
        "button",
        { type: "button", title: TEXTS.quickExitHint, onclick: () => this.#leave() },
        TEXTS.quickExit,
      );
      return element(
        "header",
        {},
        element("span", { className: "pole", "aria-hidden": "true" }),
        element(
          "div",
          { className: "names" },
          element("h2", {}, TEXTS.title),
          element("p", {}, TEXTS.subtitle),
        ),
        element("div", { className: "tools" }, restart, leave),
      );
    }

    #form() {
      this.field = element("textarea", {
        id: "message",
        rows: 1,
        placeholder: TEXTS.placeholder,
        autocomplete: "off",
        enterKeyHint: "send",
        oninput: () => this.#fitField(),
        onkeydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          this.#submit();
        },
      });
      this.field.setAttribute("aria-describedby", "notice");
      const onsubmit = (event) => {
        event.preventDefault();
        this.#submit();
      };
      return element(
        "form",
        { onsubmit },
        element("label", { htmlFor: "message" }, TEXTS.label),
        element(
          "div",
          { className: "field" },
          this.field,
          element("button", { type: "submit", className: "primary" }, TEXTS.send),
        ),
        element("p", { className: "notice", id: "notice" }, TEXTS.notice),
      );
    }

    #fitField() {
      this.field.style.height = "auto";
      this.field.style.height = `${this.field.scrollHeight + 2}px`;
    }

    /* What the person does */

    #submit() {
      const text = this.field.value.trim();
      if (!text) return;
      this.field.value = "";
      this.#fitField();
      this.#say({ text }, text);
    }

    #choose(button) {
      const turn = this.#say({ payload: button.payload }, button.title);
      // The button is gone; the answer's first link or choice comes right after this turn.
      turn.focus({ preventScroll: true });
    }

    /** Queue a message (`text` or `payload`) and show what was said. */
    #say(content, said) {
      const id = newId();
      this.#memory.queue.push({ id, ...content });
      const turn = this.#add({ from: "you", text: said, id });
      this.#send();
      return turn;
    }

    #restart() {
      this.#forget();
      this.status.textContent = TEXTS.restarted;
      this.#start();
    }

    #leave() {
      this.#forget();
      location.replace(QUICK_EXIT);
    }

    #forget() {
      this.#life.abort();
      this.#life = new AbortController();
      this.#sending = false;
      this.#showTyping(false);
      this.#memory.clear();
      this.log.replaceChildren();
      this.field.value = "";
      this.#fitField();
    }

    /* The conversation */

    async #start() {
      if (this.#memory.queue.length) return this.#send();
      if (this.#memory.entries.length) return;
      const { signal } = this.#life;
      try {
        await this.#open(signal);
      } catch (error) {
        if (!signal.aborted) this.#fail(this.log, error.status ? error.message : TEXTS.notOpened);
      }
    }

    /** Get a token, and show the welcome unless the conversation is already under way. */
    async #open(signal) {
      const { token, messages } = await post("api/session", {}, signal);
      this.#memory.token = token;
      if (this.#memory.entries.some((entry) => entry.from === "jalon")) return;
      messages.forEach((message) => this.#add({ from: "jalon", ...message }));
    }

    /** Send what is queued, one message at a time, in order. */
    async #send() {
      if (this.#sending) return;
      this.#sending = true;
      const { signal } = this.#life;
      this.#clearFailure();
      this.#showTyping(true);
      try {
        while (this.#memory.queue.length) await this.#sendFirst(signal);
      } catch (error) {
        if (!signal.aborted) this.#explain(error);
      }
      if (signal.aborted) return;
      this.#showTyping(false);
      this.#sending = false;
    }

    async #sendFirst(signal) {
      const message = this.#memory.queue[0];
      const { messages } = await this.#deliver(message, signal);
      if (signal.aborted) return;
      this.#memory.queue.shift();
      const turns = messages.map((answer) => this.#add({ from: "jalon", ...answer }));
      this.#show(this.#turnOf(message.id) ?? turns[0]);
    }

    async #deliver(message, signal) {
      if (!this.#memory.token) await this.#open(signal);
      try {
        return await post("api/message", { token: this.#memory.token, ...message }, signal);
      } catch (error) {
        if (error.status !== 401) throw error;
        await this.#open(signal);
        return post("api/message", { token: this.#memory.token, ...message }, signal);
      }
    }

    /** A message that was refused comes back to the field; any other waits for another try. */
    #explain(error) {
      const message = this.#memory.queue[0];
      const refused = error.status >= 400 && error.status < 500 && ![401, 429].includes(error.status);
      const turn = this.#turnOf(message.id);
      if (!refused) {
        this.#fail(turn, error.status ? error.message : TEXTS.notSent);
        return;
      }
      this.#memory.queue.shift();
      this.#memory.entries = this.#memory.entries.filter((entry) => entry.id !== message.id);
      turn.remove();
      this.#add({ from: "jalon", text: error.message, buttons: [], custom: {} });
      if (message.text && !this.field.value) {
        this.field.value = message.text;
        this.#fitField();
      }
    }

    /* What is shown */

    #fillLog() {
      const { entries } = this.#memory;
      const last = entries.map((entry) => entry.from).lastIndexOf("you");
      entries.forEach((entry, index) => this.log.append(this.#turn(entry, index > last)));
    }

    #add(entry) {
      if (entry.from === "you") this.log.querySelectorAll(".choices").forEach((node) => node.remove());
      this.#memory.entries.push(entry);
      this.#memory.save();
      const turn = this.#turn(entry, true);
      this.log.append(turn);
      if (entry.from === "you") this.#show(turn);
      return turn;
    }

    #turn(entry, open) {
      const mine = entry.from === "you";
      const turn = element(
        "div",
        { className: `turn from-${entry.from}`, tabIndex: -1 },
        element("p", { className: "hidden" }, mine ? TEXTS.you : TEXTS.jalon),
      );
      if (mine) {
        turn.dataset.id = entry.id;
        turn.append(element("div", { className: "bubble" }, element("p", { dir: "auto" }, entry.text)));
      } else {
        turn.append(...answerParts(entry));
        if (open && entry.buttons?.length) turn.append(this.#choices(entry.buttons));
      }
      return turn;
    }

    #choices(buttons) {
      return element(
        "div",
        { className: "choices", role: "group", "aria-label": TEXTS.choices },
        ...buttons.map((button) =>
          element("button", { type: "button", onclick: () => this.#choose(button) }, button.title),
        ),
      );
    }

    #turnOf(id) {
      return this.log.querySelector(`[data-id="${id}"]`);
    }

    #fail(place, message) {
      const onclick = () => {
        this.#clearFailure();
        if (place === this.log) this.log.focus();
        else place.focus();
        this.#start();
      };
      const retry = element("button", { type: "button", onclick }, TEXTS.retry);
      place.append(element("div", { className: "failed" }, element("p", {}, message), retry));
      this.#showEnd();
    }

    #clearFailure() {
      this.log.querySelectorAll(".failed").forEach((node) => node.remove());
    }

    #showTyping(typing) {
      clearTimeout(this.#typing);
      if (!typing) this.status.textContent = "";
      else this.#typing = setTimeout(() => (this.status.textContent = TEXTS.typing), TYPING_DELAY);
    }

    /** Scroll to what was just said, so that a long answer is read from its start. */
    #show(turn) {
      if (this.log.scrollHeight > this.log.clientHeight) this.log.scrollTop = turn.offsetTop - 12;
      else turn.scrollIntoView({ block: "nearest" });
    }

    #showEnd() {
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  customElements.define("jalon-chat", JalonChat);
})();
