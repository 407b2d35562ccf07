// What somebody does in a browser, and what is looked at on every page: shared by the scenarios of the management site.
import { createHmac } from "node:crypto";
import { tabbed } from "./keyboard.mjs";
import { sound } from "./register.mjs";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What the test says: who signs in, and what is there. */
export const told = JSON.parse(process.env.TURNOUT_STAFF ?? "{}");

/** A password that one chooses. */
export const PASSWORD = "seven wild geese went north";

/** The bytes of a key as a page shows it. */
function bytes(key) {
    const bits = [...key.replace(/\s/g, "")].map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, "0")).join("");
    return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of an authenticator app with this key (RFC 6238), in base32 or in bytes, so many steps from now. */
export function code(key, later = 0) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
    const mac = createHmac("sha1", typeof key === "string" ? bytes(key) : key).update(counter).digest();
    return String((mac.readUInt32BE(mac[19] & 0xf) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The key that the page shows to an app. */
export async function shownKey(page) {
    return (await page.locator("main").innerText()).match(/\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b/)[0];
}

/** The codes on paper that the page shows. */
export async function printed(page) {
    return (await page.locator("main").innerText()).match(/\b[a-z0-9]{5}-[a-z0-9]{5}\b/g) ?? [];
}

/** Does what leads to another page. */
export function sends(page, act) {
    return Promise.all([page.waitForEvent("load"), act()]);
}

export function enter(page) {
    return sends(page, () => page.keyboard.press("Enter"));
}

export function press(page, name, exact = false) {
    return sends(page, () => page.locator("main").getByRole("button", { name, exact }).first().click());
}

export function follow(page, name, exact = false) {
    return sends(page, () => page.locator("main").getByRole("link", { name, exact }).first().click());
}

/** The row of a table that says so. */
export function row(page, text) {
    return page.locator("tbody tr", { hasText: text }).first();
}

/** Presses a button in the row of a table that says so. */
export function pressIn(page, text, name) {
    return sends(page, () => row(page, text).getByRole("button", { name }).first().click());
}

export function followIn(page, text, name) {
    return sends(page, () => row(page, text).getByRole("link", { name }).first().click());
}

/** Sends the words and filters over a list. */
export async function search(page) {
    await sends(page, () => page.getByRole("search").getByRole("button", { name: "Search" }).click());
}

/** Types each value into the field of that name. */
export async function fill(page, values) {
    for (const [name, value] of Object.entries(values)) await page.locator(`[id="${name}"]`).fill(value);
}

export function go(rig, page, path) {
    return page.goto(path.startsWith("http") ? path : rig.base + path);
}

export async function heading(page) {
    return (await page.locator("h1").textContent()).trim();
}

/** Looks at the page that is there now. */
export async function look(rig, page, name) {
    await rig.equal(`${name} has one heading`, await page.locator("h1").count(), 1);
    await rig.equal(`${name} has no script and no style of its own`, await page.locator("script, style, [style]").count(), 0);
    await sound(rig, page, name);
    await tabbed(rig, page, name);
}

export async function says(rig, page, name, text) {
    const words = await page.locator("main").innerText();
    // capitals may be the style's
    await rig.check(`${name} says: ${text}`, words.toLowerCase().includes(text.toLowerCase()), words.slice(0, 600));
}

export async function saysNot(rig, page, name, text) {
    const words = await page.locator("main").innerText();
    await rig.check(`${name} does not say: ${text}`, !words.toLowerCase().includes(text.toLowerCase()), words.slice(0, 600));
}

/** The page tells what to correct, and these fields are said to be wrong. */
export async function wrong(rig, page, name, fields = []) {
    await rig.check(`${name}: what is wrong is told`, () => page.locator(".mistakes").isVisible(), page.url());
    for (const field of fields) {
        const described = await page.locator(`.mistakes a[href="#${field}"], .mistakes a[href^="#${field}-"]`).count();
        await rig.check(`${name}: ${field} is told`, described > 0);
    }
    await look(rig, page, `${name} with mistakes`);
}

/** The link of a mail, a password, and what waits behind it. */
export async function begin(rig, page, { link, email }) {
    await go(rig, page, link);
    await fill(page, { password: PASSWORD, password_again: PASSWORD });
    await enter(page);
    await firstStep(rig, page, email, PASSWORD);
    await rig.check(`${email} has to set up a second step`, page.url().endsWith("/account/two_factor/"), page.url());
}

/** Address and password. */
export async function firstStep(rig, page, email, password) {
    await go(rig, page, "/manage/login/");
    await fill(page, { email, password });
    await enter(page);
}

/** An app is set up; gives its key and the codes on paper. */
export async function app(page) {
    await press(page, "Use an app");
    const key = await shownKey(page);
    await fill(page, { code: code(key) });
    await press(page, "Done");
    return { key, codes: await printed(page) };
}

/** Somebody of those whom the test put there signs in; the page is where one arrives. */
export async function signedIn(rig, role, options = {}) {
    const { email, secret } = told.people[role];
    const page = await rig.open("/manage/login/", options);
    await firstStep(rig, page, email, told.password);
    await fill(page, { code: code(Buffer.from(secret, "hex")) });
    await enter(page);
    await rig.check(`${role} is signed in`, !page.url().includes("/manage/login/"), page.url());
    return page;
}

/** Everything that was sent to an address or number, the newest first. */
export async function sentTo(rig, page, to) {
    const mails = await (await page.request.get(`${rig.base}/dev/outbox.json`)).json();
    return mails.filter((mail) => mail.to.address === to);
}

/** The newest mail or text to an address or number that fits, once it is there. */
export async function mailTo(rig, page, to, fits = () => true) {
    for (let tries = 0; tries < 120; tries += 1) {
        const found = (await sentTo(rig, page, to)).find(fits);
        if (found) return found;
        await page.waitForTimeout(250);
    }
    await rig.check(`there is a mail to ${to}`, false);
    throw new Error(`nothing was sent to ${to}`);
}

/** The path of the first address in a mail that begins so. */
export function linkIn(mail, path) {
    const at = mail.text.match(new RegExp(`https?://[^\\s/]+(${path}[^\\s)>\\]]*)`));
    return at?.[1];
}

/** Opens a page again and again until its table has a row that says so. */
export async function untilRow(rig, page, name, text) {
    for (let tries = 0; tries < 80 && (await row(page, text).count()) === 0; tries += 1) {
        await page.waitForTimeout(250);
        await page.reload();
    }
    await rig.check(`${name} has a row: ${text}`, async () => (await row(page, text).count()) > 0, page.url());
}

/** Opens a page again and again until it says so. */
export async function until(rig, page, name, text) {
    for (let tries = 0; tries < 80; tries += 1) {
        if ((await page.locator("main").innerText()).toLowerCase().includes(text.toLowerCase())) break;
        await page.waitForTimeout(250);
        await page.reload();
    }
    await says(rig, page, name, text);
}
