// What staff do on the management site, from a first password on: each form of a kind is filled in and sent as a person would, and
// what comes of it is looked at in light and dark and in a narrow window. The test (`tests/all/manage/staff.rs`) says in
// TURNOUT_STAFF where somebody who may everything, and somebody who may nothing yet, set their passwords.
import { readFile } from "node:fs/promises";
import { begin, code, follow, go, heading, look, press, printed, says, shownKey, told } from "./hands.mjs";

const { superuser, nobody } = told;

/** An app is set up with the key that is shown; printed codes are shown once; each lets in. */
async function secondStep(rig, page) {
    await press(page, "Use an app");
    await look(rig, page, "setting up an app");
    const key = await shownKey(page);
    await page.locator("#code").fill("000000");
    await press(page, "Done");
    await rig.check("a wrong code is told", () => page.locator(".mistakes").isVisible());
    await look(rig, page, "setting up an app with a wrong code");
    await page.locator("#code").fill(code(key));
    await press(page, "Done");
    await look(rig, page, "the first recovery codes");
    await page.goto(`${rig.base}/account/two_factor/backup/tokens/`);
    await press(page, "Print new codes");
    await look(rig, page, "new recovery codes");
    const codes = await printed(page);
    await rig.equal("ten codes are shown", codes.length, 10);
    await page.reload();
    await rig.check("and only once", async () => !(await page.content()).includes(codes[0]));
    return { key, codes };
}

async function works(rig, page) {
    await page.goto(`${rig.base}/manage/profile/change_subscriber/`);
    await press(page, "Default");
    await rig.check("one works for an organization", page.url().endsWith("/manage/default/"), page.url());
}

/** A voter registers, staff find the record and export it. */
async function exports(rig, page) {
    await page.goto(`${rig.base}/manage/default/reports/create/`);
    await press(page, "Ask for the export");
    await rig.check("what is missing is told", () => page.locator(".mistakes").isVisible());
    await look(rig, page, "an export of nothing");
    await page.locator("#type-0").check();
    await press(page, "Ask for the export");
    const link = page.getByRole("link", { name: "Download" }).first();
    for (let tries = 0; tries < 40 && !(await link.isVisible()); tries += 1) {
        await page.waitForTimeout(500);
        await page.reload();
    }
    await look(rig, page, "exports");
    const file = await rig.download(page, () => link.click());
    const text = await readFile(file.path, "utf8");
    await rig.check("the file is a table", text.includes(",") && file.name.endsWith(".csv"), file.name);
}

async function keys(rig, page) {
    await page.goto(`${rig.base}/manage/default/keys/`);
    await follow(page, "Make a key");
    await look(rig, page, "making a key");
    await page.locator("#description").fill("The browser's");
    await press(page, "Make the key");
    await look(rig, page, "a key's secret");
    await page.goto(`${rig.base}/manage/default/keys/`);
    await says(rig, page, "the list of keys", "The browser's");
    await follow(page, "Deactivate");
    await look(rig, page, "whether to revoke a key");
    await press(page, "Deactivate");
    await page.goto(`${rig.base}/manage/default/keys/`);
    await says(rig, page, "the list of keys", "There is no active key");
}

async function team(rig, page) {
    await page.goto(`${rig.base}/manage/default/invite/create/`);
    await page.locator("#email").fill("nobody");
    await press(page, "Invite");
    await rig.check("what is no address is told", () => page.locator(".mistakes").isVisible());
    await look(rig, page, "an invitation to no address");
    await page.locator("#email").fill("cleo@example.org");
    await press(page, "Invite");
    await says(rig, page, "the team", "cleo@example.org");
    await look(rig, page, "the team with an invitation");
    await follow(page, "Withdraw");
    await look(rig, page, "whether to withdraw an invitation");
    await press(page, "Withdraw");
    await rig.check("it is withdrawn", async () => (await page.locator("main").innerText()).includes("No invitation is open"));
}

async function endpoints(rig, page) {
    await page.goto(`${rig.base}/manage/default/webhooks/`);
    await follow(page, "Add an endpoint");
    await page.locator("#address").fill("no address");
    await press(page, "Add the endpoint");
    await rig.check("what an endpoint lacks is told", () => page.locator(".mistakes").isVisible());
    await look(rig, page, "an endpoint with mistakes");
    await page.locator("#address").fill("https://hooks.example.org/turnout");
    await page.locator('[id="registration.started"]').check();
    await press(page, "Add the endpoint");
    await look(rig, page, "an endpoint and its secret");
}

/** A fact is seen before it is kept, kept, and put back. */
async function facts(rig, page) {
    await page.goto(`${rig.base}/manage/election/state/OH/`);
    await follow(page, "State online voter registration tool");
    const path = new URL(page.url()).pathname;
    await page.locator("#text").fill("not an address");
    await press(page, "Save");
    await rig.check("what is no address is told", () => page.locator(".mistakes").isVisible());
    await look(rig, page, "a fact with a mistake");
    await page.locator("#text").fill("https://vote.example.org/oh");
    await page.locator("#source").fill("The Secretary of State");
    await press(page, "Save");
    await page.goto(`${rig.base}/manage/election/state/OH/`);
    await says(rig, page, "the state", "https://vote.example.org/oh");
    await page.goto(`${rig.base}/manage/election/replace/`);
    await page.locator("#old").fill("vote.example.org");
    await page.locator("#new").fill("votes.example.org");
    await press(page, "Show what would change");
    await look(rig, page, "what a replacement would change");
    await press(page, "Replace");
    await page.goto(`${rig.base}${path}`);
    await rig.equal("the text was replaced", await page.locator("#text").inputValue(), "https://votes.example.org/oh");
    await page.goto(`${rig.base}${path}history/`);
    await look(rig, page, "the history of a fact");
}

async function switches(rig, page) {
    await page.goto(`${rig.base}/manage/operations/switches/drip/`);
    await page.locator("#value-1").check();
    await press(page, "Set");
    await page.goto(`${rig.base}/manage/operations/switches/drip/`);
    await look(rig, page, "a switch that somebody set");
    await press(page, "Take it back");
}

/** A plan says what it would cost; who planned it does not approve it. */
async function blasts(rig, page) {
    await page.goto(`${rig.base}/manage/operations/blasts/new/`);
    await press(page, "Plan it");
    await rig.check("what a plan lacks is told", () => page.locator(".mistakes").isVisible());
    await look(rig, page, "a plan with mistakes");
    await page.locator("#name").fill("Browser");
    await page.locator("#text").fill("Ohio votes on November 3. Reply STOP to stop.");
    await page.locator("#filter").fill("state = OH and opted_in");
    await page.locator("#price").fill("0.01");
    await page.locator("#budget").fill("10");
    await press(page, "Plan it");
    await look(rig, page, "a plan");
}

/** An organization asks to become a subscriber, and is made one. */
async function leads(rig, page) {
    const visitor = await rig.open("/subscribe/");
    await look(rig, visitor, "the form for organizations");
    await press(visitor, "Send");
    await rig.check("all that is missing is told", async () => (await visitor.locator(".mistakes a").count()) >= 6);
    await look(rig, visitor, "the form for organizations with mistakes");
    const fields = {
        organization_name: "League of Browsers", website: "browsers.example.org", first_name: "Dee", last_name: "Ray",
        email: "dee@example.org", ein: "12-3456789",
    };
    for (const [name, value] of Object.entries(fields)) await visitor.locator(`#${name}`).fill(value);
    await visitor.locator("#plan").selectOption({ label: "Non-profit" });
    await visitor.locator("#sms_mode").selectOption({ index: 1 });
    await press(visitor, "Send");
    await rig.check("one is thanked", visitor.url().endsWith("/subscribe/thanks/"), visitor.url());
    await look(rig, visitor, "the thanks");
    await page.goto(`${rig.base}/manage/subscription/leads/`);
    await follow(page, "League of Browsers");
    await look(rig, page, "a lead");
    await follow(page, "Activate");
    await look(rig, page, "making a subscriber");
    await press(page, "Make it a subscriber");
    await rig.check("that it has no slug is told", () => page.locator(".mistakes").isVisible());
    await page.locator("#slug").fill("browsers");
    await press(page, "Make it a subscriber");
    await page.goto(`${rig.base}/manage/subscription/subscribers/?q=browsers`);
    await says(rig, page, "the list of subscribers", "League of Browsers");
}

/** What is not there, not open, too old, or over. */
async function refusals(rig, page, bob) {
    await page.goto(`${rig.base}/manage/default/nowhere/`);
    await look(rig, page, "a page that is not there");
    await bob.goto(`${rig.base}/manage/operations/jobs/`);
    await rig.check("what is not open to somebody is not shown", async () => !(await heading(bob)).includes("Jobs"));
    await look(rig, bob, "a page that is not open");
    await page.goto(`${rig.base}/manage/operations/switches/drip/`);
    await page.locator("#value-0").check();
    await page.locator('main input[name="csrf"]').first().evaluate((field) => { field.value = "old"; });
    await press(page, "Set");
    await look(rig, page, "a form that cannot be used any more");
    await page.goto(`${rig.base}/manage/operations/switches/drip/`);
    await rig.check("nothing was set by it", async () => (await page.locator("main").innerText()).includes("Nobody set it"));
    await page.context().clearCookies();
    await page.goto(`${rig.base}/manage/operations/switches/`);
    await rig.check("without a session one is asked in", page.url().includes("/manage/login/?next="), page.url());
}

export default async function staff(rig) {
    const page = await rig.open("/manage/login/");
    await begin(rig, page, superuser);
    await secondStep(rig, page);
    await works(rig, page);
    await exports(rig, page);
    await keys(rig, page);
    await team(rig, page);
    await endpoints(rig, page);
    await facts(rig, page);
    await switches(rig, page);
    await blasts(rig, page);
    await leads(rig, page);
    const bob = await rig.open("/manage/login/");
    await begin(rig, bob, nobody);
    await secondStep(rig, bob);
    await refusals(rig, page, bob);
}
