// What those do who keep the facts about elections, and who look after signed applications: a fact is put back as it was, links of
// regions and what is known better about offices are added, changed, put back and deleted, and an application is looked at.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fill, follow, followIn, go, heading, look, mailTo, press, row, says, saysNot, search, signedIn, wrong } from "./hands.mjs";

const FACT = "/manage/election/state/OH/rule_of_the_tests/";
const LINKS = "/manage/absentee_overrides/";
const DASHBOARD = "/manage/absentee_dashboard/";
/** A white picture, one pixel large, as a signature. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AwAI/AL+p5qgoAAAAABJRU5ErkJggg==";
const NUMBER = "QX471199";

const run = promisify(execFile);

/** A fact is changed, looked at, overtaken, and put back. */
async function facts(rig, page) {
    await go(rig, page, "/manage/election/fieldinformationtype/");
    await look(rig, page, "the kinds of facts");
    await follow(page, "rule_of_the_tests");
    await look(rig, page, "a fact of all states");
    await follow(page, "Ohio");
    await rig.check("one came by the kind", page.url().includes("ref=fieldinformationtype"), page.url());
    await look(rig, page, "a fact in Markdown");
    await fill(page, { text: "Bring **two** of:\n\n- a bill", source: "The Secretary of State", checked_on: "2026-11-01" });
    await press(page, "Show a preview");
    await says(rig, page, "the preview", "Nothing is saved yet.");
    await rig.equal("Markdown is shown as it is read", (await page.locator(".prose strong").first().textContent()).trim(), "two");
    await look(rig, page, "the preview of a fact");
    const other = await page.context().newPage();
    await go(rig, other, FACT);
    await press(page, "Save");
    await says(rig, page, "the fact of all states", "Saved. Everybody sees it from now on.");
    await go(rig, page, "/manage/election/state/OH/");
    await says(rig, page, "the state", "The Secretary of State");

    // somebody who opened it before does not undo that unseen
    await fill(other, { text: "Bring nothing at all." });
    await press(other, "Save");
    await wrong(rig, other, "a fact that was overtaken");
    await says(rig, other, "a fact that was overtaken", "Somebody else changed this fact since you opened it.");
    await other.close();

    await go(rig, page, FACT);
    await follow(page, "History");
    await look(rig, page, "the history of a fact");
    const newest = page.locator("tbody th a").first();
    await Promise.all([page.waitForEvent("load"), newest.click()]);
    await rig.equal("what is gone is shown", await page.locator("del", { hasText: "**one**" }).count(), 1);
    await rig.equal("what is new is shown", await page.locator("ins", { hasText: "**two**" }).count(), 1);
    await look(rig, page, "a change of a fact");
    await press(page, "Go back to before this change");
    await says(rig, page, "the fact", "Saved. Everybody sees it from now on.");
    await rig.check("it says what it said", async () => (await page.locator("#text").inputValue()).includes("Bring **one** of:"));
    await follow(page, "History");
    await says(rig, page, "the history", "restored");
}

async function links(rig, page) {
    await go(rig, page, LINKS);
    await look(rig, page, "links of regions");
    await follow(page, "Add a link");
    await look(rig, page, "in which state");
    await follow(page, "Ohio", true);
    await look(rig, page, "a new link");
    await fill(page, { url: "https://ballots.example.org/untouched" });
    await press(page, "Save");
    await wrong(rig, page, "a link of no region", ["region"]);
    await page.locator("#region").selectOption({ label: "Untouched County" });
    await fill(page, { url: "no address" });
    await press(page, "Save");
    await wrong(rig, page, "a new link", ["url"]);
    await rig.equal("the region is kept", await page.locator("#region").inputValue(), "6002");
    await fill(page, { url: "https://ballots.example.org/untouched" });
    await press(page, "Save");
    await says(rig, page, "links of regions", "Saved. Voters of the region are led there from now on.");
    await go(rig, page, `${LINKS}new/?state=FL`);
    await says(rig, page, "Florida", "are taken from a list each day");
    await go(rig, page, LINKS);
    await follow(page, "Untouched County");
    await fill(page, { url: "ftp://x" });
    await press(page, "Save");
    await wrong(rig, page, "a link", ["url"]);
    await fill(page, { url: "https://ballots.example.org/second" });
    await press(page, "Save");
    await says(rig, page, "links of regions", "https://ballots.example.org/second");
    await followIn(page, "Untouched County", "History");
    await look(rig, page, "the history of a link");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await look(rig, page, "a change of a link");
    await press(page, "Go back to before this change");
    await says(rig, page, "links of regions", "The earlier link is back.");
    await says(rig, page, "links of regions", "https://ballots.example.org/untouched");
    await followIn(page, "Untouched County", "Delete");
    await look(rig, page, "whether to delete a link");
    await press(page, "Delete the link");
    await says(rig, page, "links of regions", "Deleted. Voters of the region are led to the page of their state.");
    await rig.equal("it is gone", await row(page, "Untouched County").count(), 0);
}

/** What is known better about an office than its supplier says. */
async function offices(rig, page) {
    for (const slug of ["vbm_app_submission_email", "vbm_app_submission_fax"]) {
        await go(rig, page, `/manage/election/state/OH/${slug}/`);
        await page.locator('input[name="text"][value="True"]').check();
        await press(page, "Save");
        await says(rig, page, `${slug} of Ohio`, "Saved.");
    }
    await go(rig, page, DASHBOARD);
    await look(rig, page, "states that sign online");
    await follow(page, "Ohio");
    await look(rig, page, "the regions of a state");
    await page.locator("#overrides_only").check();
    await search(page);
    await says(rig, page, "regions with an override", "Test County");
    await saysNot(rig, page, "regions with an override", "Untouched County");
    await page.locator("#overrides_only").uncheck();
    await page.locator("#filter").selectOption("leo_fax");
    await search(page);
    await says(rig, page, "regions by fax", "No region is like that.");
    await look(rig, page, "no region");
    await go(rig, page, `${DASHBOARD}OH/?overrides_only=true`);
    await follow(page, "Test County");
    await says(rig, page, "the region", "Printed at home");
    await look(rig, page, "a region with an override");
    await follow(page, "Change the override");
    await look(rig, page, "changing an override");
    await fill(page, { email: "no address", phone: "12", fax: "12" });
    await press(page, "Save");
    await wrong(rig, page, "an override", ["phone", "fax"]);
    await page.locator('input[name="method"][value="leo_email"]').check();
    await fill(page, { email: "second@example.org", phone: "(419) 555-0100", fax: "", notes: "Asked by telephone." });
    await press(page, "Save");
    await says(rig, page, "the region", "Saved. Requests go there so from now on.");
    await says(rig, page, "the region", "By e-mail");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await rig.check("what is new is shown", async () => (await page.locator("ins").allTextContents()).includes("second@example.org"));
    await look(rig, page, "a change of an override");
    await press(page, "Go back to before this change");
    await says(rig, page, "the region", "What the override said before is back.");
    await says(rig, page, "the region", "Printed at home");
    await go(rig, page, `${DASHBOARD}OH/6001/history/`);
    await look(rig, page, "the history of an override");
    await go(rig, page, `${DASHBOARD}OH/6001/`);
    await follow(page, "Delete the override");
    await look(rig, page, "whether to delete an override");
    await press(page, "Delete the override");
    await says(rig, page, "the region", "Deleted. What the supplier says of the office holds.");
    await look(rig, page, "a region without an override");
    await follow(page, "Add an override");
    await look(rig, page, "a new override");
    await page.locator('input[name="method"][value="leo_email"]').check();
    await fill(page, { email: "clerk@example.org" });
    await press(page, "Save");
    await says(rig, page, "the region", "clerk@example.org");
}

/** A voter signs online; the office gets it; staff look at it without the number. */
async function applications(rig, page) {
    const upload = await page.request.post(`${rig.base}/v1/storage/secure_upload/?upload_type=Signature`, {
        headers: { "content-type": "image/png" }, data: Buffer.from(PNG, "base64"),
    });
    const { uuid: signature } = await upload.json();
    const data = {
        first_name: "Ludmilla", last_name: "Nowak", address1: "1 Main St", city: "Lima", state: "OH", zipcode: "45801",
        date_of_birth: "1990-06-19", email: "ludmilla@example.org", us_citizen: true, is_18_or_over: true, state_id_number: NUMBER,
        region: 6001, signature,
    };
    const done = await page.request.post(`${rig.base}/v1/absentee/request/`, { data });
    const request = await done.json();
    await rig.equal("a voter signs online", request.esign_method, "leo_email", JSON.stringify(request));
    const mail = await mailTo(rig, page, "clerk@example.org");
    await rig.check("the office gets the form", mail.attachments.length > 0);

    await go(rig, page, `${DASHBOARD}applications/`);
    await look(rig, page, "applications");
    await fill(page, { q: "ludmilla" });
    await search(page);
    await rig.equal("one is found", await page.locator("tbody tr").count(), 1);
    await fill(page, { q: "somebody" });
    await search(page);
    await says(rig, page, "no application", "No application was found.");
    await go(rig, page, `${DASHBOARD}OH/6001/`);
    await follow(page, "Applications");
    await says(rig, page, "applications to a region", "Only those to Test County.");
    await look(rig, page, "applications to a region");
    await follow(page, "Ludmilla Nowak");
    await says(rig, page, "the application", "ludmilla@example.org");
    await saysNot(rig, page, "the application", NUMBER);
    await look(rig, page, "an application");
    const link = await page.getByRole("link", { name: "Open the preview (PDF)" }).getAttribute("href");
    const preview = await page.request.get(rig.base + link);
    await rig.equal("the preview is a PDF", preview.headers()["content-type"], "application/pdf");
    const file = join(rig.folder, "preview.pdf");
    await writeFile(file, await preview.body());
    const { stdout: text } = await run("pdftotext", [file, "-"]);
    await rig.check("it has the voter", text.includes("Nowak"), text);
    await rig.check("its number reads XXXX", text.includes("XXXX") && !text.includes(NUMBER), text);
    await go(rig, page, `/manage/operations/changes/?kind=ballot_request&q=${request.uuid}`);
    await says(rig, page, "the log", "previewed");
}

/** Each of the two has the own pages, and not the other's. */
async function roles(rig) {
    const elections = await signedIn(rig, "ElectionAdmin");
    const esign = await signedIn(rig, "EsignAdmin");
    for (const [page, open, shut] of [[elections, LINKS, DASHBOARD], [esign, DASHBOARD, LINKS]]) {
        await go(rig, page, open);
        await rig.equal(`${open} is open`, await page.locator("table").count(), 1);
        await go(rig, page, shut);
        await rig.equal(`${shut} is not`, await heading(page), "Not open to you");
    }
    await look(rig, esign, "a page of another role");
}

export default async function kept(rig) {
    const page = await signedIn(rig, "Superuser");
    await facts(rig, page);
    await links(rig, page);
    await offices(rig, page);
    await applications(rig, page);
    await roles(rig);
}
