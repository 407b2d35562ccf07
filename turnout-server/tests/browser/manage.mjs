// The management site. Somebody who may see everything signs in, and follows every link there is: each page is looked at in
// light and dark and in a narrow window. What to look at comes from the test (`tests/all/manage/walk.rs`) as JSON in
// TURNOUT_MANAGE: who signs in, and every address of the site's table with an example of it, which is opened where no link
// led to it.
import { createHmac } from "node:crypto";
import { tabbed } from "./keyboard.mjs";
import { sound } from "./register.mjs";

/** Pages that the book shows, by their address in the table, with the names of their pictures. */
const SHOWN = {
    "/manage/login/": "manage-login",
    "/manage/{slug}/": "manage-home",
    "/manage/{slug}/register/": "manage-register",
    "/manage/{slug}/register/{uuid}/": "manage-record",
    "/manage/{slug}/users/": "manage-team",
    "/manage/election/state/{code}/": "manage-state",
    "/manage/election/state/{code}/{field}/": "manage-fact",
    "/manage/{slug}/embed/": "manage-embed",
    "/manage/{slug}/webhooks/{id}/": "manage-webhook",
    "/manage/operations/changes/": "manage-changes",
    "/manage/operations/jobs/": "manage-jobs",
    "/account/two_factor/": "manage-two-factor",
    "/account/two_factor/setup/app/": "manage-two-factor-app",
    "/manage/profile/sessions/": "manage-sessions",
};

/** So many pages of one line of the table are looked at. */
const ENOUGH = 2;

const { email, password, secret, pages, also, invitation, reset, texted } = JSON.parse(process.env.TURNOUT_MANAGE ?? "{}");
const paths = Object.keys(pages ?? {});

/** The code of an authenticator app (RFC 6238), of a step that was not shown yet. */
function code(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac("sha1", Buffer.from(secret, "hex")).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 0xf) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
}

/** Tells which line of the table an address is: the one with the fewest braces. */
function lines() {
    const braces = (path) => path.split("{").length;
    const all = [...paths].sort((one, other) => braces(one) - braces(other));
    const tests = all.map((path) => [path, new RegExp(`^${path.replace(/\{[a-z_]+\}/g, "[^/]+")}$`)]);
    return (path) => tests.find(([, test]) => test.test(path))?.[0];
}

async function headings(rig, page, name) {
    await rig.equal(`${name} has one heading`, await page.locator("h1").count(), 1);
    await rig.equal(`${name} has no script and no style of its own`, await page.locator("script, style, [style]").count(), 0);
}

/** Sends the form by the Enter key. */
function enter(page) {
    return Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

/** Looks at a page whose heading is that one. */
async function look(rig, page, name, heading) {
    await rig.equal(`${name} says so`, (await page.locator("h1").textContent()).trim(), heading);
    await headings(rig, page, name);
    await sound(rig, page, name);
}

/** Types a new password twice, the second time with that behind it. */
async function typePasswords(page, tail = "") {
    await page.locator("#password").fill("seven wild geese went north");
    await page.locator("#password_again").fill(`seven wild geese went north${tail}`);
    await enter(page);
}

/** What the mail of an invitation leads to. */
async function invited(rig) {
    const page = await rig.open(invitation);
    await look(rig, page, "an invitation", await page.locator("h1").textContent());
    await rig.shots(page, "manage-invitation");
    await page.locator("#first_name").fill("Zoë");
    await page.locator("#last_name").fill("Lee");
    await typePasswords(page, "!");
    await rig.check("two passwords are told", () => page.locator(".mistakes").isVisible());
    await sound(rig, page, "an invitation with a mistake");
    await typePasswords(page);
    await look(rig, page, "an accepted invitation", "Welcome, Zoë");
    const later = await rig.open(invitation);
    await look(rig, later, "an invitation that was used", "This invitation was accepted");
}

/** The way to a new password. */
async function forgotten(rig) {
    const page = await rig.open("/manage/password_reset/");
    await look(rig, page, "asking for a new password", "A new password");
    await page.locator("#email").fill("nobody");
    await enter(page);
    await rig.check("what is no address is told", () => page.locator(".mistakes").isVisible());
    await sound(rig, page, "asking with a mistake");
    await page.locator("#email").fill("nobody@example.org");
    await enter(page);
    await look(rig, page, "what is said of the mail", "Look at your mail");
    await page.goto(rig.base + reset);
    await look(rig, page, "a new password", "Choose a new password");
    await typePasswords(page, "!");
    await rig.check("two new passwords are told", () => page.locator(".mistakes").isVisible());
    await sound(rig, page, "a new password with a mistake");
    await typePasswords(page);
    await look(rig, page, "a changed password", "Your password was changed");
    await page.goto(rig.base + reset);
    await look(rig, page, "a link that was used", "This link cannot be used any more");
}

/** Who has nothing but a telephone is asked for the code that was texted. */
async function byText(rig) {
    const page = await rig.open("/manage/login/");
    await page.locator("#email").fill(texted);
    await page.locator("#password").fill(password);
    await enter(page);
    await look(rig, page, "a texted code", "Your code");
    await rig.check("it is said where it went", () => page.getByText("that was texted to").isVisible());
    await page.locator("#code").fill("000");
    await enter(page);
    await rig.check("a wrong texted code is told", () => page.locator(".mistakes").isVisible());
    await sound(rig, page, "a wrong texted code");
}

/** The way in, with its mistakes. */
async function signIn(rig) {
    const page = await rig.open("/manage/profile/sessions/");
    await rig.check("who is not signed in is asked to", page.url().includes("/manage/login/?next="), page.url());
    await sound(rig, page, "signing in");
    await headings(rig, page, "signing in");
    await rig.shots(page, SHOWN["/manage/login/"]);
    await page.locator("#email").fill(email);
    await page.locator("#password").fill("wrong");
    await enter(page);
    await rig.check("a wrong password is told", () => page.locator(".mistakes").isVisible());
    await rig.equal("the address is kept", await page.locator("#email").inputValue(), email);
    await rig.equal("the password is not", await page.locator("#password").inputValue(), "");
    await sound(rig, page, "a wrong password");
    await page.locator("#password").fill(password);
    await enter(page);
    await rig.equal("the code is asked for", await page.locator("#code").count(), 1);
    await sound(rig, page, "the code");
    await rig.shots(page, "manage-code");
    await page.locator("#code").fill("12");
    await enter(page);
    await rig.check("a wrong code is told", () => page.locator(".mistakes").isVisible());
    await sound(rig, page, "a wrong code");
    await page.locator("#code").fill(code(Math.floor(Date.now() / 30_000)));
    await enter(page);
    await rig.check("one arrives where one wanted to", page.url().endsWith("/manage/profile/sessions/"), page.url());
    return page;
}

/** Addresses of the site that a page leads to, without what begins after `#`. */
function links(page) {
    return page.locator("a[href]").evaluateAll((all) =>
        all
            .map((it) => new URL(it.href, document.baseURI))
            .filter((it) => it.host === location.host && /^\/(manage|account|subscribe)\//.test(it.pathname))
            .map((it) => it.pathname + it.search),
    );
}

async function walk(rig, page) {
    const line = lines();
    const seen = new Map();
    const waiting = ["/manage/"];
    const known = new Set(waiting);
    const examples = paths.map((path) => [path, pages[path]]);
    while (waiting.length > 0 || examples.length > 0) {
        if (waiting.length === 0) {
            const [path, example] = examples.shift();
            if (seen.has(path) || !example) continue;
            waiting.push(example);
        }
        const address = waiting.shift();
        const path = address.split("?")[0];
        const of = line(path);
        if (!of || of.startsWith("/manage/logout") || (seen.get(of) ?? 0) >= ENOUGH) continue;
        seen.set(of, (seen.get(of) ?? 0) + 1);
        const answer = await page.request.get(rig.base + address, { maxRedirects: 0 });
        if (answer.status() !== 302 && answer.status() !== 303) await rig.equal(`${address} is there`, answer.status(), 200);
        // files are downloaded, not looked at
        if (!(answer.headers()["content-type"] ?? "text/html").startsWith("text/html")) continue;
        await page.goto(rig.base + address);
        if (new URL(page.url()).pathname === path) {
            await headings(rig, page, address);
            await sound(rig, page, address);
            if (SHOWN[of] && seen.get(of) === 1) await rig.shots(page, SHOWN[of]);
            if (seen.get(of) === 1) await tabbed(rig, page, address);
        }
        for (const link of await links(page)) {
            if (known.has(link)) continue;
            known.add(link);
            waiting.push(link);
        }
    }
    for (const address of also) {
        await page.goto(rig.base + address);
        await headings(rig, page, address);
        await sound(rig, page, address);
        const record = (await links(page)).find((it) => it.startsWith(address) && it.length > address.length + 30);
        if (!record) continue;
        await page.goto(rig.base + record);
        await headings(rig, page, record);
        await sound(rig, page, record);
    }
    await page.goto(rig.base + also.find((it) => it.endsWith("/reports/")));
    await rig.check("an export that failed can be asked for again", () =>
        page.getByRole("button", { name: "It failed: ask again" }).isVisible(),
    );
    console.log(`seen ${JSON.stringify([...seen.keys()])}`);
}

export default async function manage(rig) {
    await invited(rig);
    await forgotten(rig);
    await byText(rig);
    const page = await signIn(rig);
    await walk(rig, page);
    await page.goto(`${rig.base}/manage/`);
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Sign out" }).click()]);
    await rig.check("one can sign out", () => page.getByRole("link", { name: "Sign in" }).isVisible());
    await sound(rig, page, "signed out");
    await page.goto(`${rig.base}/manage/profile/sessions/`);
    await rig.check("and is out", page.url().includes("/manage/login/"), page.url());
}
