// What those do who look after subscribers: they decline an organization and make another one a subscriber, change settings and
// subscriptions and put them back, and close what is over.
import {
    PASSWORD, app, fill, follow, followIn, go, heading, linkIn, look, mailTo, press, row, says, saysNot, search, signedIn,
    wrong,
} from "./hands.mjs";

const LEADS = "/manage/subscription/leads/";
const LIST = "/manage/subscription/subscribers/";
const OTHER = `${LIST}elsewhere/`;

/** An organization asks in Spanish. */
async function asks(rig) {
    const page = await rig.open("/subscribe/?lang=es");
    await rig.equal("the form speaks Spanish", await page.locator("html").getAttribute("lang"), "es");
    await look(rig, page, "the form for organizations in Spanish");
    await Promise.all([page.waitForEvent("load"), page.locator("#subscribe button.primary").click()]);
    await rig.check("all that is missing is told in Spanish", async () => (await page.locator(".mistakes a").count()) >= 6);
    await rig.equal("still in Spanish", await page.locator("html").getAttribute("lang"), "es");
    await look(rig, page, "the form for organizations in Spanish with mistakes");
    await fill(page, {
        organization_name: "Liga de Navegadores", website: "navegadores.example.org", first_name: "Inés", last_name: "Ruiz",
        email: "ines@example.org", ein: "12-3456789",
    });
    await page.locator("#plan").selectOption("nonprofit");
    await page.locator("#sms_mode").selectOption({ index: 1 });
    await Promise.all([page.waitForEvent("load"), page.locator("#subscribe button.primary").click()]);
    await rig.check("one is thanked", page.url().includes("/subscribe/thanks/"), page.url());
    await rig.equal("in Spanish", await page.locator("html").getAttribute("lang"), "es");
    await look(rig, page, "the thanks in Spanish");
}

async function leads(rig, page) {
    await go(rig, page, LEADS);
    await look(rig, page, "leads");
    await fill(page, { q: "springfield" });
    await search(page);
    await rig.equal("a lead is found", await page.locator("tbody tr").count(), 1);
    await follow(page, "Voters of Springfield");
    await look(rig, page, "a lead");
    await follow(page, "Reject");
    await look(rig, page, "whether to decline");
    await fill(page, { reject_reason: " " });
    await press(page, "Reject the lead");
    await wrong(rig, page, "declining", ["reject_reason"]);
    await fill(page, { reject_reason: "No voters there." });
    await press(page, "Reject the lead");
    await says(rig, page, "leads", "The lead of Voters of Springfield is rejected.");
    await page.locator("#status").selectOption("rejected");
    await search(page);
    await follow(page, "Voters of Springfield");
    await says(rig, page, "the lead", "No voters there.");
    await followIn(page, "rejected", "20");
    await look(rig, page, "a change of a lead");

    await go(rig, page, LEADS);
    await follow(page, "Liga de Navegadores");
    await follow(page, "Activate");
    await fill(page, { slug: "votenow" });
    await press(page, "Make it a subscriber");
    await wrong(rig, page, "making a subscriber", ["slug"]);
    await fill(page, { slug: "navegadores" });
    await press(page, "Make it a subscriber");
    await says(rig, page, "subscribers", "Liga de Navegadores is a subscriber now, and its first user is invited.");
    const first = await rig.open(linkIn(await mailTo(rig, page, "ines@example.org", (mail) => linkIn(mail, "/account/register/")), "/account/register/"));
    await fill(first, { first_name: "Inés", last_name: "Ruiz", password: PASSWORD, password_again: PASSWORD });
    await press(first, "Create my account");
    await follow(first, "Set up the second step");
    await app(first);
    await follow(first, "I have kept them");
    await rig.check("its first user works for it", first.url().endsWith("/manage/navegadores/"), first.url());
    await look(rig, first, "the overview of a new subscriber");
    await go(rig, first, "/manage/navegadores/register/");
    await look(rig, first, "a list with nothing in it");
    await go(rig, page, `${LEADS}?status=subscribed`);
    await follow(page, "Liga de Navegadores");
    await says(rig, page, "the lead", "A subscriber was made of this lead.");
}

async function settings(rig, page) {
    await go(rig, page, LIST);
    await look(rig, page, "subscribers");
    await fill(page, { q: "elsewhere" });
    await search(page);
    await follow(page, "The elsewhere campaign");
    await look(rig, page, "the settings of a subscriber");
    await fill(page, { name: "", url: "nonsense", email: "nobody", language: "klingon?" });
    await press(page, "Save");
    await wrong(rig, page, "settings", ["name", "url", "email", "language"]);
    await fill(page, { name: "Elsewhere and more", url: "https://elsewhere.example.org", email: "", language: "es", actionnetwork_key: "hush" });
    await page.locator("#sync_actionnetwork").check();
    await page.locator("#has_api_access").uncheck();
    await press(page, "Save");
    await says(rig, page, "subscribers", "The settings of Elsewhere and more are saved.");
    await go(rig, page, `${OTHER}edit/`);
    await rig.check("a key is never shown", async () => !(await page.content()).includes("hush"));
    await rig.check("what was taken is taken", async () => !(await page.locator("#has_api_access").isChecked()));
    await go(rig, page, `${OTHER}history/`);
    await look(rig, page, "the history of a subscriber");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await says(rig, page, "the change", "Elsewhere and more");
    await look(rig, page, "a change of a subscriber");
    await press(page, "Go back to before this change");
    await says(rig, page, "the settings", "The earlier settings are back.");
    await rig.equal("the name is back", await page.locator("#name").inputValue(), "The elsewhere campaign");
    await rig.check("and its programs", () => page.locator("#has_api_access").isChecked());
}

async function subscription(rig, page) {
    await go(rig, page, LIST);
    await followIn(page, "The elsewhere campaign", "Subscription");
    await look(rig, page, "a subscription");
    await fill(page, { primary_contact_email: "nobody", expires: "soon" });
    await press(page, "Save");
    await wrong(rig, page, "a subscription", ["primary_contact_email", "expires"]);
    await fill(page, { primary_contact_email: "pays@example.org", expires: "2027-01-31", ein: "98-7654321", internal_notes: "Pays late." });
    await page.locator("#plan").selectOption("free");
    await press(page, "Save");
    await says(rig, page, "subscribers", "The subscription of The elsewhere campaign is saved.");
    await rig.check("the plan is another one", async () => (await row(page, "The elsewhere campaign").innerText()).includes("Free"));
    await go(rig, page, `${OTHER}subscription_history/`);
    await look(rig, page, "the history of a subscription");
    await Promise.all([page.waitForEvent("load"), page.locator("tbody th a").first().click()]);
    await look(rig, page, "a change of a subscription");
    await press(page, "Go back to before this change");
    await says(rig, page, "the subscription", "The earlier plan, end and EIN are back.");
    await rig.check("the plan is not the free one", async () => (await page.locator("#plan").inputValue()) !== "free");
}

/** The people of a subscriber that is closed are told. */
async function closes(rig, page) {
    const stranger = await signedIn(rig, "Stranger");
    await rig.check("somebody works there", stranger.url().endsWith("/manage/elsewhere/"), stranger.url());
    const status = async (word) => {
        await go(rig, page, `${OTHER}edit/`);
        await page.locator("#status").selectOption(word);
        await press(page, "Save");
    };
    await status("disabled");
    await go(rig, stranger, "/manage/");
    await says(rig, stranger, "the first page", "No organization is open to you at the moment.");
    await look(rig, stranger, "no organization that is open");
    await go(rig, stranger, "/manage/elsewhere/");
    await rig.equal("its pages are gone", await heading(stranger), "Page not found");
    await status("active");
    await go(rig, stranger, "/manage/");
    await rig.check("and come back", stranger.url().endsWith("/manage/elsewhere/"), stranger.url());
    const shut = await signedIn(rig, "NotStaff");
    await go(rig, shut, "/manage/");
    await rig.equal("to whom the site is closed", await heading(shut), "Not open to you");
    await look(rig, shut, "a site that is closed to somebody");
    await saysNot(rig, shut, "a site that is closed", "votenow");
    const member = await signedIn(rig, "Member");
    await go(rig, member, LEADS);
    await rig.equal("leads are not for members", await heading(member), "Not open to you");
}

export default async function subscribers(rig) {
    await asks(rig);
    const page = await signedIn(rig, "SubscriberAdmin");
    await leads(rig, page);
    await settings(rig, page);
    await subscription(rig, page);
    await closes(rig, page);
}
