// What a mail leads a voter to: the form, a new link to it, that it was deleted, and no more such mails.
import { readFile } from "node:fs/promises";
import { fill, go, heading, linkIn, look, mailTo, press, pressIn, says, signedIn } from "./hands.mjs";

const VOTER = {
    first_name: "Lucja", last_name: "Nowak", address1: "1 Main St", city: "Lima", state: "OH", zipcode: "45801",
    date_of_birth: "1990-06-19", email: "lucja@example.org", us_citizen: true, is_18_or_over: true, state_id_number: "QX471199",
};
const BEGUN = { ...VOTER, email: "nova@example.org", us_citizen: undefined, is_18_or_over: undefined, state_id_number: undefined };

async function inSpanish(rig, page, name, path) {
    await go(rig, page, `${path}${path.includes("?") ? "&" : "?"}lang=es`);
    await rig.equal(`${name} speaks Spanish`, await page.locator("html").getAttribute("lang"), "es");
    await look(rig, page, `${name} in Spanish`);
}

async function downloads(rig, staff) {
    const page = await rig.open("/");
    const done = await page.request.post(`${rig.base}/v1/registration/register/`, { data: VOTER });
    await rig.equal("a voter registers", done.status(), 200);
    const link = linkIn(await mailTo(rig, page, VOTER.email, (mail) => mail.tag === "register.form"), "/download/");
    const saved = await rig.download(page, () => page.evaluate((href) => { location.href = href; }, link));
    await rig.check("the mail leads to the form", async () => (await readFile(saved.path, "latin1")).startsWith("%PDF-"));

    // a link that works no more
    const id = link.match(/\/download\/([0-9a-f-]{36})/)[1];
    await go(rig, page, link.replace(/token=[^&]*/, "token=old"));
    await rig.equal("an old link leads to a new one", await heading(page), "Your link has expired");
    await look(rig, page, "a link that has expired");
    await inSpanish(rig, page, "a link that has expired", `/download/?id=${id}`);
    await go(rig, page, `/download/?id=${id}`);
    await press(page, "Send me a new link");
    await rig.equal("it is on its way", await heading(page), "A new link is on its way");
    await look(rig, page, "a new link on its way");
    const again = linkIn(await mailTo(rig, page, VOTER.email, (mail) => mail.tag === "file.new_link"), "/download/");
    const second = await rig.download(page, () => page.evaluate((href) => { location.href = href; }, again));
    await rig.check("the new link leads to the form", async () => (await readFile(second.path, "latin1")).startsWith("%PDF-"));

    await go(rig, staff, "/manage/admin/files/");
    await fill(staff, { what: id });
    await press(staff, "Find");
    await says(rig, staff, "the record of the form", "It is noted that you looked at this.");
    await press(staff, "Delete the file");
    await says(rig, staff, "the record of the form", "The file is deleted.");
    await go(rig, page, again);
    await rig.equal("a deleted form is told", await heading(page), "This form was deleted");
    await look(rig, page, "a deleted form");
    await inSpanish(rig, page, "a deleted form", new URL(page.url()).pathname + new URL(page.url()).search);
    await go(rig, page, `/download/?id=${id}`);
    await press(page, "Send me a new link");
    await rig.equal("and no link is sent to it", await heading(page), "This form was deleted");
}

async function unsubscribes(rig, staff) {
    const page = await rig.open("/");
    const begun = await page.request.post(`${rig.base}/v1/registration/register/?incomplete=true`, { data: BEGUN });
    const { action_id: action } = await begun.json();
    const data = { action, event_type: "FinishExternal" };
    await page.request.post(`${rig.base}/v1/event/track/?tool=register`, { data });
    // it would be written in some minutes
    await go(rig, staff, "/manage/operations/jobs/?state=waiting&q=register.next_steps");
    await pressIn(staff, "register.next_steps", "Run now");
    const mail = await mailTo(rig, page, BEGUN.email, (it) => it.unsubscribe_url);
    const path = new URL(mail.unsubscribe_url).pathname + new URL(mail.unsubscribe_url).search;
    await go(rig, page, path);
    await rig.equal("one is asked", await heading(page), "No more reminders?");
    await look(rig, page, "whether to get no more");
    await rig.check("the address is not shown", async () => !(await page.content()).includes(BEGUN.email));
    await inSpanish(rig, page, "whether to get no more", path);
    await go(rig, page, path);
    await press(page, "Send me no more");
    await rig.equal("one gets no more", await heading(page), "You get no more reminders");
    await look(rig, page, "no more reminders");
    await press(page, "I want them after all");
    await rig.equal("it can be taken back", await heading(page), "You get reminders again");
    await look(rig, page, "reminders again");
    await go(rig, page, path.replace(/t=[^&]*$/, "t=none"));
    await press(page, "Send me no more");
    await rig.equal("a link of somebody else's making does nothing", await heading(page), "We could not find your form");
    await look(rig, page, "a link that is none of ours");
}

export default async function mails(rig) {
    const staff = await signedIn(rig, "Superuser");
    await downloads(rig, staff);
    await unsubscribes(rig, staff);
}
