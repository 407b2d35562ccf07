// What a subscriber's own people do: they look at what voters did, export it, put the tools into their site, look after the team,
// the settings, the subscription, keys and webhooks.
import { readFile } from "node:fs/promises";
import {
    fill, follow, followIn, go, heading, look, mailTo, press, pressIn, row, says, saysNot, search, signedIn, until, wrong,
} from "./hands.mjs";

const HOME = "/manage/votenow/";
const LISTS = [
    ["register", "Zoë Quill", "quill"],
    ["absentee", undefined, undefined],
    ["verifier", undefined, undefined],
    ["reminder", undefined, undefined],
    ["pollingplace", undefined, undefined],
];

/** Each list: by words, by filters, and one record with what happened to it. */
async function voters(rig, page) {
    await go(rig, page, HOME);
    await look(rig, page, "the overview");
    for (const [list, name, word] of LISTS) {
        await go(rig, page, `${HOME}${list}/`);
        const link = page.locator("tbody th a").first();
        const text = (await link.textContent()).trim();
        await rig.check(`${list}: there is a record`, !name || text === name, text);
        await look(rig, page, `the list ${list}`);
        await fill(page, { q: word ?? text.split(" ")[0] });
        await search(page);
        await says(rig, page, `${list} by a word`, text);
        await fill(page, { q: "nobody-of-that-name" });
        await search(page);
        await says(rig, page, `${list} by another word`, "Nothing was found.");
        await look(rig, page, `${list}, nothing found`);
        await follow(page, "Show everything");
        await page.locator("#state").selectOption("WY");
        await search(page);
        await says(rig, page, `${list} of another state`, "Nothing was found.");
        await page.locator("#state").selectOption("");
        await page.locator("#from").fill("2020-01-01");
        await page.locator("#to").fill("2020-01-02");
        await search(page);
        await says(rig, page, `${list} of other days`, "Nothing was found.");
        await go(rig, page, `${HOME}${list}/?from=yesterday`);
        await rig.check(`${list}: what is no day is told`, () => page.locator("#from-error").isVisible());
        await go(rig, page, `${HOME}${list}/`);
        await page.locator("#done").selectOption("no");
        await search(page);
        await saysNot(rig, page, `${list}, not finished`, text);
        await page.locator("#done").selectOption("yes");
        await search(page);
        await says(rig, page, `${list}, finished`, text);
        await follow(page, text);
        await says(rig, page, `a record of ${list}`, "What happened");
        await rig.check(`a record of ${list} has its events`, async () => (await page.locator("tbody tr").count()) >= 1);
        await look(rig, page, `a record of ${list}`);
    }
    await go(rig, page, `${HOME}register/`);
    await saysNot(rig, page, "registrations", "Strange Voter");
    await saysNot(rig, page, "registrations", "Unseen Voter");
}

/** An export that failed is asked for again, and one of some days is asked for. */
async function exports(rig, page) {
    await go(rig, page, `${HOME}reports/`);
    await look(rig, page, "exports, one of which failed");
    await press(page, "It failed: ask again");
    await says(rig, page, "exports", "The export is being made once more.");
    for (let tries = 0; tries < 80 && (await page.getByRole("link", { name: "Download" }).count()) < 2; tries += 1) {
        await page.waitForTimeout(250);
        await page.reload();
    }
    const file = await rig.download(page, () => page.getByRole("link", { name: "Download" }).first().click());
    const text = await readFile(file.path, "utf8");
    await rig.check("it has the subscriber's voters, and nobody else's", text.includes("Quill") && !text.includes("Strange"), file.name);
    await mailTo(rig, page, "member@example.org", (mail) => mail.text.includes("/download/") || mail.text.includes("/reports/"));
    await follow(page, "Ask for an export");
    await look(rig, page, "asking for an export");
    await page.locator("#type-1").check();
    await page.locator("#from").fill("2026-11-03");
    await page.locator("#to").fill("2026-11-01");
    await press(page, "Ask for the export");
    await wrong(rig, page, "days the wrong way round");
    await page.locator("#from").fill("2026-11-01");
    await page.locator("#to").fill("2026-11-03");
    await press(page, "Ask for the export");
    await says(rig, page, "exports", "The export is being made.");
    await says(rig, page, "exports", "Nov 1, 2026 to Nov 3, 2026");
}

/** The preview is the form that voters see. */
async function embedding(rig, page) {
    await go(rig, page, `${HOME}embed/`);
    await look(rig, page, "what is put into one's site");
    const preview = page.locator("iframe.preview").first();
    await preview.scrollIntoViewIfNeeded();
    const frame = preview.contentFrame();
    await frame.locator("h1").waitFor();
    await rig.equal("the preview shows the form", (await frame.locator("h1").textContent()).trim(), "Register to vote");
    const frames = await page.locator("figure.code", { hasText: "in a frame" }).first().innerText();
    await rig.check("the code is a frame", frames.includes("<iframe") && frames.includes("subscriber=votenow"), frames);
}

async function team(rig, page) {
    await go(rig, page, `${HOME}users/`);
    await look(rig, page, "the team");
    await followIn(page, "colleague@example.org", "Remove");
    await rig.equal("one is asked", await heading(page), "Remove Cal League (colleague@example.org)?");
    await look(rig, page, "whether to remove somebody");
    await follow(page, "Keep");
    await followIn(page, "colleague@example.org", "Remove");
    await press(page, "Remove from the team");
    await says(rig, page, "the team", "Cal League (colleague@example.org) was removed from the team.");
    await rig.equal("and is gone", await row(page, "colleague@example.org").count(), 0);
    await pressIn(page, "invited@example.org", "Send again");
    await says(rig, page, "the team", "A new invitation is on its way to invited@example.org.");
    await go(rig, page, `${HOME}invite/create/`);
    await fill(page, { email: "colleague@example.org" });
    await press(page, "Invite");
    await says(rig, page, "the team", "had an account already, and belongs to the team now.");
    await followIn(page, "invited@example.org", "Withdraw");
    await look(rig, page, "whether to withdraw an invitation");
    await press(page, "Withdraw the invitation");
    await says(rig, page, "the team", "The invitation was withdrawn.");
}

async function settings(rig, page) {
    await go(rig, page, `${HOME}settings/`);
    await look(rig, page, "the settings");
    await fill(page, { name: "", url: "nonsense", privacy_policy: "no address", actionnetwork_key: "a-key" });
    await press(page, "Save");
    await wrong(rig, page, "settings", ["name", "url", "privacy_policy", "sync_actionnetwork"]);
    await fill(page, {
        name: "Vote Now", url: "https://votenow.example.org", privacy_policy: "https://votenow.example.org/privacy",
        terms_of_service: "https://votenow.example.org/terms", actionnetwork_key: "a-key-of-ours",
    });
    await page.locator('input[name="sms_mode"][value="none"]').check();
    await page.locator("#sync_actionnetwork").check();
    await page.locator("#sync_bluelink").check();
    await page.locator("#language").selectOption("es");
    await press(page, "Save");
    await says(rig, page, "the settings", "Saved.");
    await rig.equal("the name is kept", await page.locator("#name").inputValue(), "Vote Now");
    await rig.check("how voters agree to texts is kept", () => page.locator('input[name="sms_mode"][value="none"]').isChecked());
    await rig.check("who takes voters along is kept", () => page.locator("#sync_bluelink").isChecked());
    await rig.equal("the language is kept", await page.locator("#language").inputValue(), "es");
    await rig.check("the key is not shown", async () => !(await page.content()).includes("a-key-of-ours"));
    await look(rig, page, "saved settings");
    const form = await rig.open("/register/OH/?subscriber=votenow");
    await rig.equal("voters are not asked for texts of it", await form.locator("#sms_opt_in_subscriber").count(), 0);
}

async function subscription(rig, page) {
    await go(rig, page, `${HOME}subscription/`);
    await says(rig, page, "the subscription", "Premium");
    await look(rig, page, "the subscription");
    await fill(page, { primary_contact_email: "nobody", primary_contact_phone: "12" });
    await press(page, "Save");
    await wrong(rig, page, "whom we speak with", ["primary_contact_email", "primary_contact_phone"]);
    await fill(page, { primary_contact_email: "zoe@example.org", primary_contact_phone: "617-555-7890" });
    await press(page, "Save");
    await says(rig, page, "the subscription", "Saved.");
    await rig.equal("the number is kept", await page.locator("#primary_contact_phone").inputValue(), "(617) 555-7890");
}

/** A key opens the API until it is ended. */
async function keys(rig, page) {
    await go(rig, page, `${HOME}keys/create/`);
    await press(page, "Make the key");
    await wrong(rig, page, "a key", ["description"]);
    await fill(page, { description: "The browser's" });
    await press(page, "Make the key");
    await look(rig, page, "a key's secret");
    const [id, secret] = await page.locator("figure.code code").allTextContents();
    const check = async () => {
        const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
        return (await fetch(`${rig.base}/v1/apikey/check/`, { headers: { authorization } })).status;
    };
    await rig.equal("the key opens the API", await check(), 200);
    await follow(page, "I have copied it");
    await look(rig, page, "keys");
    await followIn(page, "The browser's", "Deactivate");
    await look(rig, page, "whether to end a key");
    await press(page, "Deactivate the key");
    await says(rig, page, "keys", "The key was deactivated.");
    await rig.check("it opens nothing any more", async () => (await check()) >= 400);
}

async function webhooks(rig, page) {
    await go(rig, page, `${HOME}webhooks/`);
    await look(rig, page, "webhooks");
    await follow(page, "the list of volunteers");
    await look(rig, page, "an endpoint with deliveries");
    await page.locator("#status").selectOption("dead");
    await search(page);
    await rig.equal("what was given up is listed alone", await page.locator("tbody tr").count(), 1);
    await pressIn(page, "registration.completed", "Send again");
    await says(rig, page, "the endpoint", "It is being sent again, under the same id.");
    await press(page, "Pause");
    await says(rig, page, "the endpoint", "The endpoint is paused");
    await look(rig, page, "a paused endpoint");
    await press(page, "Resume");
    await says(rig, page, "the endpoint", "The endpoint is on");
    if (await page.getByRole("button", { name: "Send a test" }).isVisible()) {
        await press(page, "Send a test");
        await says(rig, page, "the endpoint", "A test is on its way.");
        await until(rig, page, "the endpoint", "webhook.test");
    }
    await follow(page, "Change", true);
    await look(rig, page, "changing an endpoint");
    await fill(page, { address: "no address" });
    await press(page, "Save");
    await wrong(rig, page, "an endpoint", ["address"]);
    await fill(page, { address: "https://hooks.example.org/v2" });
    await page.locator('[id="lookup.started"]').check();
    await press(page, "Save");
    await says(rig, page, "the endpoint", "The endpoint was changed.");
    await says(rig, page, "the endpoint", "lookup.started");
    await follow(page, "Change the secret");
    await look(rig, page, "whether to change the secret");
    await press(page, "Make a new secret");
    await rig.check("the new secret is shown", async () => (await page.locator("figure.code code").textContent()).startsWith("whsec_"));
    await look(rig, page, "a new secret");
    await follow(page, "I have copied it");
    await rig.check("and never again", async () => !(await page.content()).includes("whsec_"));
    await says(rig, page, "the endpoint", "Secret changed");
    await follow(page, "Send a time again");
    await look(rig, page, "sending a time again");
    await fill(page, { from: "soon" });
    await press(page, "Send again");
    await wrong(rig, page, "a time", ["from"]);
    await fill(page, { from: new Date(Date.now() - 3_600_000).toISOString().slice(0, 16) });
    await press(page, "Send again");
    await says(rig, page, "the endpoint", "That time is being sent again.");
    await follow(page, "Remove", true);
    await look(rig, page, "whether to remove an endpoint");
    await press(page, "Remove the endpoint");
    await says(rig, page, "webhooks", "The endpoint was removed.");
    await says(rig, page, "webhooks", "There is no endpoint yet.");
}

/** What is closed to a subscriber of the free plan, and to one without programs. */
async function closed(rig) {
    const free = await signedIn(rig, "DataOff");
    await rig.check("one arrives", free.url().endsWith("/manage/frugal/"), free.url());
    await look(rig, free, "the overview of the free plan");
    for (const path of ["register/", "reports/"]) {
        await go(rig, free, `/manage/frugal/${path}`);
        await rig.equal(`the free plan has no ${path}`, await heading(free), "Page not found");
    }
    await go(rig, free, "/manage/frugal/settings/");
    await look(rig, free, "the settings of the free plan");
    await rig.equal("without texts", await free.locator('input[name="sms_mode"]').count(), 0);
    const keyless = await signedIn(rig, "ApiOff");
    for (const path of ["keys/", "webhooks/"]) {
        await go(rig, keyless, `/manage/keyless/${path}`);
        await rig.equal(`no ${path} without programs`, await heading(keyless), "Page not found");
    }
    await go(rig, keyless, "/manage/votenow/");
    await rig.equal("nor another subscriber's pages", await heading(keyless), "Page not found");
    await look(rig, keyless, "a page of another subscriber");
}

export default async function own(rig) {
    const page = await signedIn(rig, "Member");
    await voters(rig, page);
    await exports(rig, page);
    await embedding(rig, page);
    await team(rig, page);
    await settings(rig, page);
    await subscription(rig, page);
    await keys(rig, page);
    await webhooks(rig, page);
    await closed(rig);
}
