// The phone of the demonstration: what is typed is an SMS, what comes back is shown by segments.
"use strict";

const COST = 0.05; // euros a segment, about
const screen = document.getElementById("screen");
const words = document.getElementById("words");
const bill = document.getElementById("bill");
const typed = []; // what was typed, that the up and down arrows recall
let recalled = 0;
let token = "";
let paid = 0;

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

function show(tag, text, name) {
  const line = document.createElement(tag);
  line.textContent = text;
  if (name) line.className = name;
  screen.append(line);
  screen.scrollTop = screen.scrollHeight;
}

function segments(count) {
  return `${count} segment${count > 1 ? "s" : ""}`;
}

function price(count) {
  return `environ ${(count * COST).toFixed(2).replace(".", ",")} €`;
}

function told(parts) {
  if (!parts.length) show("small", "Silence : aucun SMS n'est envoyé.");
  parts.forEach((part, index) => {
    show("p", part.text, "told");
    show("small", `Segment ${index + 1} sur ${parts.length}, ${part.encoding}, ${part.size} signes`);
  });
  if (parts.length) show("small", `${segments(parts.length)}, ${price(parts.length)}`);
  paid += parts.length;
  bill.textContent = `${segments(paid)} envoyé${paid > 1 ? "s" : ""}, ${price(paid)}.`;
}

async function say(text) {
  token ||= (await post("/api/session", {})).token;
  const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  told((await post("/api/phone", { token, id, text })).segments);
}

document.getElementById("keys").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = words.value;
  words.value = "";
  recalled = typed.push(text);
  show("p", text, "typed");
  try {
    await say(text);
  } catch (error) {
    show("small", error instanceof TypeError ? "Le réseau ne répond pas. Réessayez." : error.message);
  }
});

words.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !typed.length) return;
  event.preventDefault();
  recalled = Math.min(Math.max(recalled + step, 0), typed.length);
  words.value = typed[recalled] ?? "";
});
