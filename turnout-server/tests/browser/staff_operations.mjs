// What keeps the service going: a blast that one plans and another approves, starts and stops; jobs that were given up; switches;
// the log of who did what; the forms that are installed.
import {
    app, begin, fill, follow, go, look, press, pressIn, says, saysNot, search, signedIn, told, until, untilRow, wrong,
} from "./hands.mjs";

const BLASTS = "/manage/operations/blasts/";
const JOBS = "/manage/operations/jobs/";
const SWITCHES = "/manage/operations/switches/";
const CHANGES = "/manage/operations/changes/";
const FORMS = "/manage/operations/forms/";

/** One plans, another approves. */
async function blasts(rig, page, second) {
    await go(rig, second, `${BLASTS}new/`);
    await fill(second, { name: "The day before", text: "Tomorrow is election day.", price: "a lot", budget: "20" });
    await press(second, "Plan it");
    await wrong(rig, second, "a plan", ["price", "filter"]);
    await fill(second, { price: "0.0083" });
    await second.locator("#list").setInputFiles({ name: "numbers.csv", mimeType: "text/csv", buffer: Buffer.from(told.list) });
    await press(second, "Plan it");
    await says(rig, second, "the plan", "The plan is made. Nothing is sent yet.");
    await says(rig, second, "the plan", "You planned it, so somebody else has to approve it.");
    await rig.equal("there is no button for it", await second.getByRole("button", { name: "Approve" }).count(), 0);
    await look(rig, second, "a plan of one's own");
    const path = new URL(second.url()).pathname;

    await go(rig, page, BLASTS);
    await look(rig, page, "blasts");
    await go(rig, page, path);
    await fill(page, { to: "12" });
    await press(page, "Send the test");
    await wrong(rig, page, "a test", ["to"]);
    await fill(page, { to: "(212) 555-0199" });
    await press(page, "Send the test");
    await says(rig, page, "the plan", "The text is not sent.");
    await look(rig, page, "a plan of another");

    // it is planned anew meanwhile: what was shown is not approved
    const seal = await page.locator('input[name="plan"]').inputValue();
    await go(rig, second, `${path}plan/`);
    await look(rig, second, "planning anew");
    await fill(second, { text: "Tomorrow is election day. Bring your ID." });
    await second.locator("#list").setInputFiles({ name: "numbers.csv", mimeType: "text/csv", buffer: Buffer.from(told.list) });
    await press(second, "Plan it");
    await says(rig, second, "the plan", "Bring your ID.");
    await press(page, "Approve this plan");
    await says(rig, page, "another plan", "Nothing was done: the plan is another one by now");
    await rig.check("it has another seal", async () => (await page.locator('input[name="plan"]').inputValue()) !== seal);
    await press(page, "Approve this plan");
    await says(rig, page, "the plan", "Approved. It can be started now.");
    await look(rig, page, "an approved plan");
    await press(page, "Start it");
    await press(page, "Stop it now");
    await says(rig, page, "the blast", "Stopped. No more texts of it are handed over.");
    await look(rig, page, "a blast that was stopped");
    await follow(page, "What became of each number");
    await rig.check("numbers are masked", async () => !/\+1617555\d{4}/.test(await page.locator("main").innerText()));
    await look(rig, page, "what became of each number");
    await page.locator('a[rel="next"]').click();
    await rig.check("there are more", page.url().includes("after="), page.url());
    await go(rig, page, path);
    await press(page, "Go on with the rest");
    await says(rig, page, "the blast", "It runs.");
    await look(rig, page, "a blast that runs");
    if (await page.getByRole("button", { name: "Stop it now" }).isVisible()) await press(page, "Stop it now");
    await says(rig, page, "the blast", "Who did what with it");
    for (const act of ["approved", "started", "stopped"]) await says(rig, page, "the blast's history", act);
}

async function jobs(rig, page) {
    await go(rig, page, JOBS);
    await look(rig, page, "jobs");
    await page.locator("#state").selectOption("dead");
    await search(page);
    await says(rig, page, "jobs that were given up", "the payload is none");
    await look(rig, page, "jobs that were given up");
    await press(page, "Run the chosen ones again");
    await says(rig, page, "jobs", "Choose jobs first: check the boxes in the table.");
    await follow(page, "register.notify");
    await look(rig, page, "a job that was given up");
    await press(page, "Run again");
    await says(rig, page, "the job", "The job runs now.");
    await until(rig, page, "the job", "Given up");

    await go(rig, page, `${JOBS}?state=dead`);
    await page.locator('input[name="job"]').first().check();
    await press(page, "Run the chosen ones again");
    await says(rig, page, "jobs", "One job runs again.");
    await untilRow(rig, page, "jobs that were given up", "register.notify");
    await press(page, "Run all that were given up again");
    await says(rig, page, "jobs", "again.");
    await untilRow(rig, page, "jobs that were given up", "register.notify");
    await page.locator('input[name="job"]').first().check();
    await press(page, "Drop the chosen ones");
    await says(rig, page, "jobs", "One job is dropped.");
    await go(rig, page, `${JOBS}?state=cancelled`);
    await pressIn(page, "register.notify", "Run again");
    await says(rig, page, "the job", "The same is done once more, by this job.");
    await until(rig, page, "the job", "Given up");
    await press(page, "Drop");
    await says(rig, page, "jobs", "The job is dropped.");

    await go(rig, page, `${JOBS}?state=waiting&q=register.remind`);
    await pressIn(page, "register.remind", "Run now");
    await says(rig, page, "a job of tomorrow", "The job runs now.");
    await go(rig, page, "/manage/admin/");
    await follow(page, "Job results");
    await rig.check("what was done is listed", async () => (await page.locator("tbody tr").count()) > 0, page.url());
    await look(rig, page, "job results");
    await page.locator("tbody").getByRole("button", { name: "Run again" }).first().click();
    await page.waitForURL(/\/jobs\/[0-9a-f-]{36}\//);
    await says(rig, page, "a job that was done", "The same is done once more, by this job.");
    await go(rig, page, `${JOBS}?q=no.such`);
    await says(rig, page, "jobs of no kind", "No such jobs.");
}

async function switches(rig, page) {
    await go(rig, page, SWITCHES);
    await look(rig, page, "switches");
    await go(rig, page, `${SWITCHES}voter_action_check.max_check/`);
    await fill(page, { value: "many" });
    await press(page, "Set");
    await wrong(rig, page, "a number that is switched", ["value"]);
    await fill(page, { value: "7" });
    await press(page, "Set");
    await says(rig, page, "the switch", "within seconds.");
    await go(rig, page, `${SWITCHES}movote/`);
    await page.locator("#value-0").check();
    await press(page, "Set");
    await says(rig, page, "the switch", "movote is on within seconds.");
    await look(rig, page, "a switch with who set it");
    await press(page, "Take it back");
    await says(rig, page, "the switch", "What was set of movote is taken back.");
    await go(rig, page, `${SWITCHES}vbm_esign.MI/`);
    await look(rig, page, "a switch of one state");
    await page.locator("#value-0").check();
    await press(page, "Set");
    await rig.check("a state leads back to its feature", page.url().endsWith(`${SWITCHES}vbm_esign/`), page.url());
}

async function changes(rig, page) {
    await go(rig, page, CHANGES);
    await look(rig, page, "who did what");
    await fill(page, { kind: "blast" });
    await search(page);
    await says(rig, page, "what was done with blasts", "approved");
    await saysNot(rig, page, "what was done with blasts", "movote");
    await follow(page, "Superuser Example");
    await says(rig, page, "what one did", "Only what was done by Superuser Example");
    await look(rig, page, "what one did");
    await follow(page, "Show everything");
    await fill(page, { q: "movote" });
    await search(page);
    await rig.check("one thing's entries alone", async () => (await page.locator("tbody tr").count()) >= 2);
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await says(rig, page, "an entry", "What is different");
    await look(rig, page, "an entry of the log");
    await go(rig, page, `${CHANGES}?kind=nothing`);
    await says(rig, page, "the log of nothing", "Nothing of that kind was done.");
}

async function forms(rig, page) {
    await go(rig, page, FORMS);
    await look(rig, page, "forms");
    await follow(page, "Ohio");
    await says(rig, page, "the forms of a state", "Everything fits.");
    await look(rig, page, "the forms of a state");
    const previews = await page.getByRole("link", { name: "Preview as PDF" }).evaluateAll((all) => all.map((it) => it.getAttribute("href")));
    await rig.check("there are previews", previews.length >= 3, previews.join(" "));
    for (const path of previews) {
        const answer = await page.request.get(rig.base + path);
        await rig.check(`${path} is a PDF`, (await answer.body()).subarray(0, 5).toString() === "%PDF-", answer.status());
    }
}

export default async function operations(rig) {
    const page = await signedIn(rig, "Superuser");
    const second = await rig.open("/manage/login/");
    await begin(rig, second, told.second);
    await app(second);
    await blasts(rig, page, second);
    await jobs(rig, page);
    await switches(rig, page);
    await changes(rig, page);
    await forms(rig, page);
}
