// node tests/slack/render.js FOLDER
// Draws every message and view of the snapshots as Slack shows them on a phone: one picture each, and one sheet for
// each language. With --journey the pictures of the README anew. Signs need a font: fonts-noto-color-emoji.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "../browser/node_modules/@playwright/test/index.mjs";
import config from "../browser/playwright.config.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const SNAPSHOTS = ["shared/slack/tests/messages/snapshots", "functions/slack/tests/slack/snapshots"];
const PICTURES = join(root, "web/screenshots");
const LANGUAGES = { en: "en-US", ja: "ja-JP" };
const timeZone = "Asia/Tokyo";
// The snapshots are of these days.
const TODAY = ["2026-03-02", "2026-11-22"];
/** What the README shows, and what it calls those who have names there that no renderer likes. */
const JOURNEY = ["form_reviewed", "card-expired 1", "letters active", "letters expiring-soon"];
/** The form is of another day than the rest. */
const SAME_DAY = { 1795492800: 1772442720, 1795496400: 1772446320, 1795500000: 1772460720 };
const REASONS = {
  en: "INC-4711: payments are stuck, I have to look at the queue.",
  ja: "INC-4711：決済が滞留しているため、本番のキューを確認します。",
};
const kinder = (language) => [
  [/INC-1: fix: step 2.*?確認します/g, REASONS[language]],
  [/INC-1 <b>/g, "INC-4711"],
  [/Alice <!here>/g, "Alice"],
  [/payments \*prod\*|payments(?= \(1{12}\))/g, "payments-prod"],
  [/1{12}/g, "111122223333"],
  [/payments--prod--/g, "payments-prod-"],
  [/Production & more|production/g, "Production"],
  [/Leads & <friends>/g, "Leads"],
  [/One of these people has to/g, "2 of these people have to"],
  [/次のうち1名/g, "次のうち2名"],
  [/Gus Guest(, |、).*Twin One/g, "Bob$1佐藤 花子"],
  [/ok <@U1>/g, "👍"],
  [/U0BOB/g, "Bob"],
  [/U0CAROL/g, "佐藤 花子"],
  [new RegExp(Object.keys(SAME_DAY).join("|"), "g"), (at) => SAME_DAY[at]],
];

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function instant(seconds, format, language) {
  const at = new Date(seconds * 1000);
  const say = (options) => new Intl.DateTimeFormat(LANGUAGES[language], { timeZone, ...options }).format(at);
  const days = TODAY.map((day) => Math.floor((at - new Date(`${day}T00:00:00+09:00`)) / 86_400_000));
  const near = new Intl.RelativeTimeFormat(LANGUAGES[language], { numeric: "auto" });
  const day = days.find((distance) => Math.abs(distance) <= 1);
  const short = say({ dateStyle: "medium" });
  const pretty = day === undefined ? short : near.format(day, "day");
  const words = { date_short_pretty: pretty, time: say({ timeStyle: "short" }) };
  return format.replace(/\{(\w+)\}/g, (_, token) => words[token]);
}

/** A text object. NB. What is mrkdwn here is our own words: of its markup they use dates and links alone. */
function text(object, language) {
  if (object.type === "plain_text") return escaped(object.text);
  return object.text
    .replace(/<!date\^(\d+)\^([^|>]*)\|[^>]*>/g, (_, at, format) => instant(Number(at), format, language))
    .replace(/<(https?:[^|>]+)\|([^>]+)>/g, '<a href="$1">$2</a>')
    .replace(/<@(\w+)>/g, '<span class="mention">@$1</span>')
    .replace(/\*([^*\n]+)\*/g, "<b>$1</b>");
}

function run(element, language) {
  switch (element.type) {
    case "text":
      return element.style?.bold ? `<b>${escaped(element.text)}</b>` : escaped(element.text);
    case "date":
      return instant(element.timestamp, element.format, language);
    case "link":
      return `<a href="${escaped(element.url)}">${escaped(element.text)}</a>`;
    case "user":
      return `<span class="mention">@${element.user_id}</span>`;
    default:
      throw new Error(`an element that is not drawn: ${element.type}`);
  }
}

const RICH = { rich_text_section: "div", rich_text_quote: "blockquote", rich_text_preformatted: "pre" };
const rich = (part, language) =>
  `<${RICH[part.type]}>${part.elements.map((element) => run(element, language)).join("")}</${RICH[part.type]}>`;

function confirm(dialog, language) {
  const [title, words, yes, no] = ["title", "text", "confirm", "deny"].map((name) => text(dialog[name], language));
  return `<div class="asks"><b>${title}</b><p>${words}</p><span class="button">${no}</span> <span class="button filled ${dialog.style ?? "primary"}">${yes}</span></div>`;
}

const option = (one, language) =>
  `<span class="option">${text(one.text, language)}${one.description ? `<small>${text(one.description, language)}</small>` : ""}</span>`;

/** What is pressed, chosen or written in. */
function element(it, language) {
  const hollow = (inner, sign) => `<div class="field">${inner}<i>${sign}</i></div>`;
  const chosen = it.initial_options ?? (it.initial_option ? [it.initial_option] : []);
  const shown = chosen.map((one) => option(one, language)).join("");
  const empty = it.placeholder ? `<span class="empty">${text(it.placeholder, language)}</span>` : "";
  switch (it.type) {
    case "button":
      return `<span class="button ${it.style ?? ""}">${text(it.text, language)}${it.url ? " ↗" : ""}</span>${it.confirm ? confirm(it.confirm, language) : ""}`;
    case "plain_text_input":
      return `<div class="field ${it.multiline ? "tall" : ""}">${escaped(it.initial_value ?? "")}</div>`;
    case "datetimepicker":
      return hollow(it.initial_date_time ? instant(it.initial_date_time, "{date_short_pretty} {time}", language) : empty, "📅");
    case "static_select":
    case "multi_static_select":
      return `${hollow(shown || empty, "▾")}<div class="list">${it.options.map((one) => option(one, language)).join("")}</div>`;
    case "external_select":
    case "multi_external_select":
      return hollow(shown || empty, "▾");
    case "radio_buttons":
    case "checkboxes":
      return it.options.map((one) => `<div>○ ${option(one, language)}</div>`).join("");
    default:
      throw new Error(`an element that is not drawn: ${it.type}`);
  }
}

function input(block, language) {
  const optional = { en: "(optional)", ja: "（任意）" }[language];
  const hint = block.hint ? `<small>${text(block.hint, language)}</small>` : "";
  return `<b>${text(block.label, language)}</b> ${block.optional ? optional : ""}${element(block.element, language)}${hint}`;
}

function drawn(block, language) {
  const each = (draw) => block.elements.map((one) => draw(one, language)).join("");
  switch (block.type) {
    case "header":
      return text(block.text, language);
    case "divider":
      return "<hr>";
    case "section": {
      const fields = (block.fields ?? []).map((field) => `<p>${text(field, language)}</p>`).join("");
      const words = `<div>${block.text ? text(block.text, language) : ""}<div class="fields">${fields}</div></div>`;
      return words + (block.accessory ? `<div>${element(block.accessory, language)}</div>` : "");
    }
    case "context":
      return each(text);
    case "actions":
      return each(element);
    case "rich_text":
      return each(rich);
    case "input":
      return input(block, language);
    default:
      throw new Error(`a block that is not drawn: ${block.type}`);
  }
}

const body = (blocks, language) =>
  blocks.map((block) => `<div class="block ${block.type}">${drawn(block, language)}</div>`).join("");

function surface(it, language) {
  const bar = (name, style) => (it[name] ? `<span class="${style}">${text(it[name], language)}</span>` : "<span></span>");
  switch (it.type) {
    case "modal":
      return `<div class="bar">${bar("close", "")}<b>${text(it.title, language)}</b>${bar("submit", "send")}</div>${body(it.blocks, language)}`;
    case "home":
      return `<div class="bar"><b>Kari</b></div>${body(it.blocks, language)}`;
    default: {
      const notification = `<div class="notification">🔔 ${it.text}</div>`;
      return `${notification}<div class="message"><div class="face">仮</div><div><b>Kari</b> <small>APP</small>${body(it.blocks, language)}</div></div>`;
    }
  }
}

/** Everything in a snapshot that has blocks, and lines of text as they are. */
function* surfaces(document, name) {
  if (Array.isArray(document.blocks)) yield [name, (language) => surface(document, language)];
  else for (const [key, inner] of Object.entries(document)) {
    const part = Array.isArray(document) ? Number(key) + 1 : key.replaceAll('"', "");
    const called = part === "card" ? name : `${name} ${part}`;
    const lines = () => Object.entries(inner).map(([of, line]) => `<p><small>${of}</small><br>${escaped(line)}</p>`);
    if (key === "lines" || key === "errors") yield [called, () => lines().join("")];
    else if (typeof inner === "object") yield* surfaces(inner, called);
  }
}

async function drawings(journey) {
  const all = [];
  for (const folder of SNAPSHOTS) {
    for (const file of (await readdir(join(root, folder))).sort()) {
      const [, name, , language = "en"] = /__(?:views__)?(.*?)([-_](en|ja))?\.snap$/.exec(file);
      if (name.startsWith("signed")) continue;
      const written = (await readFile(join(root, folder, file), "utf8")).split("---\n").slice(2).join("---\n");
      const changes = journey ? kinder(language) : [];
      const document = JSON.parse(changes.reduce((text, [what, by]) => text.replace(what, by), written));
      // Of the form, the form alone.
      if (journey && name === JOURNEY[0]) document.blocks = document.blocks.slice(4);
      for (const [called, draw] of surfaces(document, name)) all.push({ name: called, language, html: draw(language) });
    }
  }
  return all;
}

const STYLE = `
  @font-face { font-family: signs; src: local("Noto Color Emoji"); unicode-range: U+26AA, U+1F300-1FAFF }
  * { box-sizing: border-box; margin: 0 }
  body { font: 15px/1.47 signs, "Noto Sans CJK JP", "Noto Sans", sans-serif; color: #1d1c1d; background: #d8d8dc; padding: 12px }
  h2 { font-size: 12px; font-weight: normal; color: #555 } .sheet { columns: 390px auto; column-gap: 16px } .sheet.journey { columns: 3; width: 1202px }
  .one { break-inside: avoid; padding-bottom: 16px; width: 390px }
  .surface { background: #fff; border-radius: 8px; padding: 12px; overflow-wrap: anywhere; white-space: pre-wrap }
  .message { display: flex; gap: 8px } .message > div:last-child { flex: 1; min-width: 0 }
  .face { width: 36px; height: 36px; flex: none; border-radius: 6px; background: #16191f; color: #fff; text-align: center; line-height: 36px }
  .notification, small, .context { font-size: 12.5px; color: #616061 } .notification { border-bottom: 1px dashed #ccc; margin-bottom: 8px }
  .block { padding: 4px 0 } .header { font-size: 18px; font-weight: bold; line-height: 1.3 }
  .section { display: flex; justify-content: space-between; gap: 8px } .fields { columns: 2 }
  blockquote { border-left: 4px solid #ddd; padding-left: 10px; margin: 4px 0 }
  pre { font: 12px/1.5 "DejaVu Sans Mono", monospace; background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; white-space: pre-wrap }
  a { color: #1264a3; text-decoration: none } .mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px }
  .button { display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 3px 12px; margin: 2px 8px 2px 0; font-weight: bold; font-size: 14px; white-space: nowrap }
  .button.primary { background: #007a5a; border-color: #007a5a; color: #fff } .button.danger { border-color: #e01e5a; color: #e01e5a } .button.filled.danger { background: #e01e5a; color: #fff }
  .asks { border: 1px dashed #aaa; border-radius: 6px; padding: 6px; margin: 4px 0; font-size: 12.5px }
  .field { border: 1px solid #999; border-radius: 4px; padding: 4px 10px; min-height: 34px; display: flex; justify-content: space-between }
  .field.tall { min-height: 66px } .field i { font-style: normal } .empty { color: #777 }
  .option { margin-right: 6px } .field .option { background: #f0f0f0; border-radius: 4px; padding: 0 6px } .option small { display: block }
  .list { font-size: 12.5px; color: #616061 } .bar { display: flex; justify-content: space-between; border-bottom: 1px solid #ddd; padding-bottom: 8px; margin-bottom: 4px }
  .send { color: #007a5a; font-weight: bold } hr { border: 0; border-top: 1px solid #ddd; width: 100% }
  .journey h2, .journey .notification, .journey .asks, .journey .list { display: none }`;

const page = (drawings, style) =>
  `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div class="sheet ${style}">${drawings
    .map(({ name, html }) => `<div class="one"><h2>${escaped(name)}</h2><div class="surface">${html}</div></div>`)
    .join("")}</div>`;

const journey = process.argv[2] === "--journey";
const folder = journey ? PICTURES : process.argv[2];
if (folder === undefined) throw new Error("say into which folder: node tests/slack/render.js FOLDER");
await mkdir(folder, { recursive: true });
const all = await drawings(journey);
const browser = await chromium.launch(config.use.launchOptions);
try {
  for (const language of Object.keys(LANGUAGES)) {
    const tab = await browser.newPage({ viewport: { width: journey ? 1226 : 1660, height: 100 }, locale: LANGUAGES[language] });
    const said = all.filter((drawing) => drawing.language === language);
    const shown = journey ? JOURNEY.map((name) => said.find((drawing) => drawing.name === name)) : said;
    await tab.setContent(page(shown, journey ? "journey" : ""));
    const name = journey ? `slack.${language}` : `sheet.${language}`;
    await tab.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    if (journey) continue;
    for (const [number, one] of (await tab.locator(".one").all()).entries()) {
      await one.screenshot({ path: join(folder, `${shown[number].name.replaceAll(" ", "-")}.${language}.png`) });
    }
  }
} finally {
  await browser.close();
}
