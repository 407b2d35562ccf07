// The record pages of superusers: every kind, with its list and one of its records, and whatever can be done there.
import { fill, follow, go, heading, look, mailTo, press, row, says, saysNot, signedIn, told, wrong } from "./hands.mjs";

const ROOT = "/manage/admin/";

/** Finds a record by what somebody types. */
async function find(rig, page, kind, what) {
    await go(rig, page, `${ROOT}${kind}/`);
    await fill(page, { what });
    await press(page, "Find");
}

/** Every list, and the first record of each that has one. */
async function kinds(rig, page) {
    await go(rig, page, ROOT);
    await look(rig, page, "the kinds of records");
    const lists = await page.locator("main ul.links a").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
    const records = lists.filter((path) => path.startsWith(ROOT));
    await rig.equal("there are twenty kinds", records.length, 20);
    for (const path of records) {
        await go(rig, page, path);
        await look(rig, page, path);
        const first = page.locator("tbody th a").first();
        if ((await first.count()) === 0) {
            await says(rig, page, path, "There are none.");
            continue;
        }
        await Promise.all([page.waitForEvent("load"), first.click()]);
        await says(rig, page, `a record of ${path}`, "More about it");
        await look(rig, page, `a record of ${path}`);
    }
    await go(rig, page, `${ROOT}users/`);
    await press(page, "Find");
    await wrong(rig, page, "finding nothing typed", ["what"]);
    await fill(page, { what: "nobody-at-all@example.org" });
    await press(page, "Find");
    await wrong(rig, page, "finding nobody", ["what"]);
}

async function users(rig, page) {
    await find(rig, page, "users", "colleague@example.org");
    await rig.equal("somebody is found", await heading(page), "colleague@example.org");
    await follow(page, "Edit");
    await look(rig, page, "what somebody may do");
    await page.locator("#is_election_admin").check();
    await press(page, "Save");
    await says(rig, page, "the account", "Saved.");
    await find(rig, page, "users", told.people.Superuser.email);
    await follow(page, "Edit");
    await page.locator("#is_superuser").uncheck();
    await press(page, "Save");
    await wrong(rig, page, "shutting oneself out", ["is_superuser"]);
    await find(rig, page, "users", told.people.Stranger.email);
    await press(page, "Take them away");
    await says(rig, page, "the account", "The second factors are gone.");
    await go(rig, page, `${ROOT}users/${told.people.Stranger.id}/`);
    await follow(page, "What this person did");
    await rig.check("the log is narrowed", page.url().includes("by="), page.url());

    // who is shut out is signed out
    const member = await signedIn(rig, "Member");
    await find(rig, page, "users", told.people.Member.email);
    await follow(page, "Edit");
    await page.locator("#is_staff").uncheck();
    await press(page, "Save");
    await go(rig, member, "/manage/votenow/");
    await rig.check("who is shut out sees nothing", async () => !(await member.content()).includes("Registrations"), member.url());
    await look(rig, member, "shut out");
    await find(rig, page, "invites", "invited@example.org");
    await rig.equal("an invitation is found", await heading(page), "invited@example.org");
    await look(rig, page, "the record of an invitation");
}

async function subscribers(rig, page) {
    await find(rig, page, "subscribers", "votenow");
    await follow(page, "Edit");
    await look(rig, page, "what superusers decide about a subscriber");
    await page.locator("#is_first_party").check();
    await press(page, "Save");
    await says(rig, page, "the subscriber", "Saved.");
    await follow(page, "Add a slug");
    await look(rig, page, "another slug");
    await fill(page, { slug: "elsewhere" });
    await press(page, "Add it");
    await wrong(rig, page, "a slug that is taken", ["slug"]);
    await fill(page, { slug: "votesoon" });
    await press(page, "Add it");
    await says(rig, page, "the slug", "It is added.");
    await look(rig, page, "a slug that is not the default");
    await press(page, "Make it the default");
    await says(rig, page, "the slug", "The links of The votenow campaign go by it now.");
    await rig.equal("and is it", await page.getByRole("button", { name: "Make it the default" }).count(), 0);
    await find(rig, page, "slugs", "votenow");
    await rig.check("both are there", async () => (await page.locator("tbody tr").count()) === 2, page.url());
    await press(page, "Find");
}

/** What may be set of other kinds. */
async function edits(rig, page) {
    await go(rig, page, `${ROOT}field-types/rule_of_the_tests/`);
    await follow(page, "Edit");
    await look(rig, page, "editing a kind of fact");
    await fill(page, { long_name: " " });
    await press(page, "Save");
    await wrong(rig, page, "a kind of fact", ["long_name"]);
    await fill(page, { long_name: "What to bring", help_text: "Name the papers." });
    await press(page, "Save");
    await says(rig, page, "the kind of fact", "Saved.");
    await rig.equal("its name is another one", await heading(page), "What to bring");
    await go(rig, page, `${ROOT}states/OH/`);
    await follow(page, "Edit");
    await look(rig, page, "editing a state");
    await page.locator("#allow_absentee_print_and_forward").check();
    await press(page, "Save");
    await says(rig, page, "the state", "Saved.");
    await follow(page, "Regions of this state");
    await says(rig, page, "regions", "Only those in OH.");
    await follow(page, "Test County");
    await says(rig, page, "the region", "Addresses of office 6001");
    await rig.equal("a region is not edited", await page.getByRole("link", { name: "Edit", exact: true }).count(), 0);
    await look(rig, page, "a region with its offices");
    await find(rig, page, "api-keys", "votenow");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await follow(page, "Edit");
    await fill(page, { description: "the import of each night" });
    await press(page, "Save");
    await says(rig, page, "the key", "the import of each night");
    await go(rig, page, `${ROOT}interests/?of=pending`);
    await says(rig, page, "leads", "Only those that are: Pending review.");
    await follow(page, "Rejected");
    await look(rig, page, "rejected leads");
    await go(rig, page, `${ROOT}reports/`);
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await look(rig, page, "the record of an export");
}

/** Files, letters and faxes. */
async function papers(rig, page) {
    await go(rig, page, `${ROOT}files/${told.ids.file}/`);
    await press(page, "Mail the link");
    await says(rig, page, "the file", "The link is on its way.");
    await mailTo(rig, page, "voter@example.org");
    await press(page, "Delete the file");
    await says(rig, page, "the file", "The file is deleted.");
    await saysNot(rig, page, "the file", "Mail its link");
    await look(rig, page, "a file that was deleted");
    await find(rig, page, "files", "votenow");
    await says(rig, page, "files", "Only those of The votenow campaign.");
    await look(rig, page, "files of a subscriber");
    await follow(page, "Show all");

    await go(rig, page, `${ROOT}letters/${told.ids.letter}/`);
    await look(rig, page, "a letter that nobody has");
    await press(page, "Hand it over");
    await says(rig, page, "the letter", "The letter is handed over now.");

    await go(rig, page, `${ROOT}faxes/`);
    await follow(page, "Pending");
    await says(rig, page, "faxes", "Only those that are: Pending.");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await look(rig, page, "a fax that nobody has");
    await press(page, "Hand it over");
    await says(rig, page, "the fax", "Nothing was done: its job is not known any more.");
    await go(rig, page, `${ROOT}faxes/?of=sent`);
    await look(rig, page, "faxes that were sent");
}

/** A number, its texts, and what it agreed to. */
async function numbers(rig, page) {
    await find(rig, page, "messages", "(617) 555-0190");
    await says(rig, page, "texts of a number", "Only those of one telephone number.");
    await saysNot(rig, page, "texts of a number", "5550190");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await says(rig, page, "a text", "Bring your ID.");
    await look(rig, page, "a text");
    await find(rig, page, "numbers", "+16175550190");
    await look(rig, page, "a number");
    await follow(page, "What it agreed to");
    await look(rig, page, "what a number agreed to");
    await press(page, "Enter the no");
    await wrong(rig, page, "a no without a reason");
    await page.locator("#stop_scope").selectOption("all");
    await fill(page, { stop_reason: "A letter of June 2." });
    await press(page, "Enter the no");
    await says(rig, page, "what a number agreed to", "The no is entered.");
    await says(rig, page, "what a number agreed to", "Stopped");
    await look(rig, page, "a no that came by letter");
    await page.locator("#undo_scope").selectOption("purpose:chase");
    await fill(page, { undo_reason: "It was wrong." });
    await press(page, "Take it back");
    await wrong(rig, page, "taking back what nobody said");
    await page.locator("#undo_scope").selectOption("all");
    await fill(page, { undo_reason: "It was the number of a namesake." });
    await press(page, "Take it back");
    await says(rig, page, "what a number agreed to", "It is taken back.");
    await look(rig, page, "a no that was taken back");
    await follow(page, "+16175550190");
    await follow(page, "Texts to and from this number");
    await rig.check("its texts are listed", async () => (await page.locator("tbody tr").count()) >= 1, page.url());
}

/** Sites that are built anew when facts change. */
async function hooks(rig, page) {
    await go(rig, page, `${ROOT}update-webhooks/`);
    await follow(page, "Add one");
    await look(rig, page, "a new update webhook");
    await fill(page, { name: " ", url: "ftp://builds.example.org/secret" });
    await press(page, "Add it");
    await wrong(rig, page, "an update webhook", ["name", "url"]);
    await fill(page, { name: "The second site", url: "https://builds.example.org/hooks/second" });
    await press(page, "Add it");
    await says(rig, page, "the webhook", "It is added.");
    await saysNot(rig, page, "the webhook", "builds.example.org");
    await look(rig, page, "an update webhook");
    await follow(page, "Give it another address");
    await look(rig, page, "another address");
    await press(page, "Save");
    await wrong(rig, page, "another address", ["url"]);
    await fill(page, { url: "https://builds.example.org/hooks/third" });
    await press(page, "Save");
    await says(rig, page, "the webhook", "It has another address.");
    await follow(page, "Edit");
    await look(rig, page, "editing an update webhook");
    await press(page, "Save");
    await says(rig, page, "the webhook", "Saved.");
    await press(page, "Call it now");
    await says(rig, page, "the webhook", "It is called now, if it is one that is called.");
    await press(page, "Delete it");
    await says(rig, page, "update webhooks", "It is gone.");
    await rig.equal("and is", await row(page, "The second site").count(), 0);
}

export default async function records(rig) {
    const page = await signedIn(rig, "Superuser");
    await kinds(rig, page);
    await users(rig, page);
    await subscribers(rig, page);
    await edits(rig, page);
    await papers(rig, page);
    await numbers(rig, page);
    await hooks(rig, page);
}
