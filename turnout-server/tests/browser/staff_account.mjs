// Somebody's own account: an invitation, telephones and codes on paper as second steps, a new name and a new password, where one
// is signed in, whom one works for, and the ways out. The test (`tests/all/manage/staff.rs`) has people of every role there.
import {
    PASSWORD, app, begin, code, enter, fill, firstStep, follow, followIn, go, heading, linkIn, look, mailTo, press, pressIn, printed,
    row, says, saysNot, sentTo, signedIn, told, wrong,
} from "./hands.mjs";

const FACTORS = "/account/two_factor/";
const SESSIONS = "/manage/profile/sessions/";
const NEW = "quiet rivers carve deep canyons";

const step = () => Math.floor(Date.now() / 30_000);

/** Waits until codes are other ones than they were then. */
async function later(page, than) {
    while (step() <= than) await page.waitForTimeout(500);
}

/** How many texts went to a number. */
async function texts(rig, page, to) {
    return (await sentTo(rig, page, to)).length;
}

/** The code of the newest text to a number that has this many. */
async function texted(rig, page, to, count) {
    for (let tries = 0; tries < 120 && (await texts(rig, page, to)) < count; tries += 1) await page.waitForTimeout(250);
    return (await mailTo(rig, page, to)).text.match(/\b\d{6}\b/)[0];
}

async function signOut(rig, page) {
    await go(rig, page, "/manage/logout/");
    await press(page, "Sign out");
}

/** A telephone is the first second step; its owner signs in by a text, and by a code on paper. */
async function byTelephone(rig) {
    const page = await rig.open("/manage/login/");
    await begin(rig, page, told.bob);
    await look(rig, page, "two ways to a second step");
    await fill(page, { number: "12" });
    await press(page, "Text me a code");
    await wrong(rig, page, "a telephone", ["number"]);
    await fill(page, { number: "(202) 555-0171" });
    await press(page, "Text me a code");
    await says(rig, page, "the page for the code", "+1202*****71");
    await look(rig, page, "the code of a new telephone");
    await texted(rig, page, "+12025550171", 1);
    await press(page, "Text it once more");
    await says(rig, page, "the page for the code", "Another code is on its way.");
    const first = await texted(rig, page, "+12025550171", 2);
    await fill(page, { code: first === "000000" ? "000001" : "000000" });
    await press(page, "Done");
    await wrong(rig, page, "the code of a new telephone", ["code"]);
    const then = step();
    await fill(page, { code: first });
    await press(page, "Done");
    await rig.equal("the telephone counts", await heading(page), "Your phone is set up");
    const codes = await printed(page);
    await rig.equal("there are codes on paper", codes.length, 10);
    await look(rig, page, "a telephone that counts");
    await follow(page, "I have kept them");
    await look(rig, page, "the first page of somebody without an organization");

    await signOut(rig, page);
    await look(rig, page, "signed out");
    await later(page, then);
    await firstStep(rig, page, told.bob.email, PASSWORD);
    await says(rig, page, "the second step", "that was texted to +1202*****71");
    await look(rig, page, "a code that was texted");
    const second = await texted(rig, page, "+12025550171", 3);
    await fill(page, { code: second });
    await enter(page);
    await rig.check("a texted code lets in", !page.url().includes("/manage/login/"), page.url());

    await signOut(rig, page);
    await firstStep(rig, page, told.bob.email, PASSWORD);
    await press(page, "Text a code to");
    await says(rig, page, "the second step", "A code is on its way to your phone.");
    await follow(page, "Use a recovery code instead");
    await look(rig, page, "a recovery code");
    await fill(page, { code: "aaaaa-bbbbb" });
    await enter(page);
    await wrong(rig, page, "a recovery code");
    await fill(page, { code: codes[0] });
    await enter(page);
    await rig.check("a code on paper lets in", !page.url().includes("/manage/login/"), page.url());
    await go(rig, page, "/account/two_factor/backup/tokens/");
    await says(rig, page, "the page of recovery codes", "You have 9 left.");
    await signOut(rig, page);
    await firstStep(rig, page, told.bob.email, PASSWORD);
    await follow(page, "Use a recovery code instead");
    await fill(page, { code: codes[0] });
    await enter(page);
    await rig.check("a code on paper is good once", () => page.locator(".mistakes").isVisible());
    await press(page, "Sign in as somebody else");
    await rig.equal("one can begin anew", await heading(page), "Sign in");
}

/** A member invites somebody, who gets a mail, an account, and a place in the team. */
async function invited(rig, member) {
    await go(rig, member, "/manage/votenow/invite/create/");
    await fill(member, { email: "cleo@example.org" });
    await press(member, "Invite");
    await says(rig, member, "the team", "An invitation is on its way to cleo@example.org.");
    const first = linkIn(await mailTo(rig, member, "cleo@example.org"), "/account/register/");
    await pressIn(member, "cleo@example.org", "Send again");
    await says(rig, member, "the team", "A new invitation is on its way");
    const link = linkIn(await mailTo(rig, member, "cleo@example.org", (mail) => !mail.text.includes(first)), "/account/register/");
    const page = await rig.open(first);
    await rig.equal("the link before opens nothing", await heading(page), "Page not found");
    await go(rig, page, link);
    await says(rig, page, "the invitation", "You were invited to the team of The votenow campaign.");
    await look(rig, page, "an invitation");
    await fill(page, { first_name: "Cleo", last_name: "Vance", password: "cleo1234", password_again: "cleo1234" });
    await press(page, "Create my account");
    await wrong(rig, page, "an invitation", ["password"]);
    await page.locator("#time_zone").selectOption({ index: 2 });
    await fill(page, { password: PASSWORD, password_again: PASSWORD });
    await press(page, "Create my account");
    await rig.equal("one is welcome", await heading(page), "Welcome, Cleo");
    await look(rig, page, "an accepted invitation");
    await follow(page, "Set up the second step");
    const { codes } = await app(page);
    await follow(page, "I have kept them");
    await rig.check("one works for the team at once", page.url().endsWith("/manage/votenow/"), page.url());
    await go(rig, member, "/manage/votenow/users/");
    await says(rig, member, "the team", "Cleo Vance");
    await go(rig, page, link);
    await rig.check("the link is used", page.url().endsWith("/success/"), page.url());
    return { page, codes };
}

/** A name and a clock, by which moments are shown. */
async function profile(rig, page) {
    await go(rig, page, "/manage/profile/update_profile/");
    await look(rig, page, "name and time zone");
    await fill(page, { first_name: "x".repeat(200), last_name: "Vance-Ortega" });
    await press(page, "Save");
    await wrong(rig, page, "a name", ["first_name"]);
    await fill(page, { first_name: "Cléo" });
    await page.locator("#time_zone").selectOption("US/Hawaii");
    await press(page, "Save");
    await says(rig, page, "the profile", "Saved.");
    await rig.equal("the name is kept", await page.locator("#first_name").inputValue(), "Cléo");
    await rig.check("and greets", async () => (await page.locator(".reader").innerText()).includes("Cléo Vance-Ortega"));
    await go(rig, page, SESSIONS);
    await says(rig, page, "where one is signed in", "HST");
}

/** Two browsers: one ends the other, or all others, and a new password does so too. */
async function sessions(rig, page, codes) {
    const enters = async (password, at) => {
        const other = await rig.open("/manage/login/?way=recovery");
        await fill(other, { email: "cleo@example.org", password });
        await enter(other);
        if (await other.getByRole("link", { name: "Use a recovery code instead" }).isVisible()) {
            await follow(other, "Use a recovery code instead");
        }
        await fill(other, { code: codes[at] });
        await enter(other);
        await go(rig, other, SESSIONS);
        return other;
    };
    const isOut = async (other, name) => {
        await go(rig, other, "/manage/votenow/users/");
        await rig.check(`${name}: the other browser is out`, other.url().includes("/manage/login/?next="), other.url());
        await says(rig, other, name, "Your session has ended. Please sign in again to go on.");
    };
    const second = await enters(PASSWORD, 0);
    await rig.equal("two browsers are listed", await second.locator("tbody tr").count(), 2);
    await go(rig, page, SESSIONS);
    await look(rig, page, "where one is signed in, twice");
    await pressIn(page, "Sign out", "Sign out");
    await says(rig, page, "where one is signed in", "You are signed out there.");
    await isOut(second, "a session that was ended");
    await look(rig, second, "signing in after the session was ended");

    const third = await enters(PASSWORD, 1);
    await go(rig, page, SESSIONS);
    await press(page, "Sign out everywhere else");
    await says(rig, page, "where one is signed in", "You are signed out everywhere else.");
    await isOut(third, "all other sessions");

    const fourth = await enters(PASSWORD, 2);
    await go(rig, page, "/manage/profile/change_password/");
    await look(rig, page, "a new password");
    await fill(page, { old_password: "wrong", password: NEW, password_again: NEW });
    await press(page, "Change the password");
    await wrong(rig, page, "a new password", ["old_password"]);
    await fill(page, { old_password: PASSWORD, password: "12345678", password_again: "12345678" });
    await press(page, "Change the password");
    await rig.check("a password of digits is not taken", () => page.locator(".mistakes").isVisible());
    await fill(page, { old_password: PASSWORD, password: NEW, password_again: `${NEW}!` });
    await press(page, "Change the password");
    await rig.check("two passwords are told", () => page.locator(".mistakes").isVisible());
    await fill(page, { old_password: PASSWORD, password: NEW, password_again: NEW });
    await press(page, "Change the password");
    await says(rig, page, "the password", "Your password was changed.");
    await isOut(fourth, "a changed password");
    await fill(fourth, { email: "cleo@example.org", password: PASSWORD });
    await enter(fourth);
    await rig.check("the old password opens nothing", () => fourth.locator(".mistakes").isVisible());
    const fifth = await enters(NEW, 3);
    await rig.equal("the new one does", await heading(fifth), "Where you are signed in");
    return fifth;
}

/** The way to a new password by mail. */
async function forgotten(rig, page) {
    await signOut(rig, page);
    await go(rig, page, "/manage/login/");
    await follow(page, "I do not know my password");
    await fill(page, { email: "cleo@example.org" });
    await press(page, "Send the link");
    await rig.equal("one is told to look", await heading(page), "Look at your mail");
    await look(rig, page, "what is said of the mail");
    const link = linkIn(await mailTo(rig, page, "cleo@example.org", (mail) => mail.text.includes("/password_reset_confirm/")), "/manage/password_reset_confirm/");
    await go(rig, page, link);
    await look(rig, page, "choosing a new password");
    await fill(page, { password: "seventeen", password_again: "eighteen" });
    await press(page, "Save the password");
    await wrong(rig, page, "choosing a new password");
    await fill(page, { password: PASSWORD, password_again: PASSWORD });
    await press(page, "Save the password");
    await rig.equal("it is changed", await heading(page), "Your password was changed");
    await look(rig, page, "a password that was changed");
    await go(rig, page, link);
    await rig.equal("the link is good once", await heading(page), "This link cannot be used any more");
    await look(rig, page, "a link that was used");
    await follow(page, "Send me a new link");
    await firstStep(rig, page, "cleo@example.org", PASSWORD);
    await rig.equal("the new password lets in", await heading(page), "Your code");
}

/** A telephone beside the app; then the telephone without it; then nothing, and an app again. */
async function factors(rig, member) {
    await go(rig, member, FACTORS);
    await look(rig, member, "second factors");
    await followIn(member, "Authenticator app", "Remove");
    await look(rig, member, "whether to remove the app");
    await press(member, "Remove the app");
    await says(rig, member, "second factors", "Nothing was removed: this is the only way");
    await follow(member, "Add a phone");
    await look(rig, member, "another telephone");
    await fill(member, { number: "+1 202 555 0172" });
    await press(member, "Text me a code");
    const then = step();
    await fill(member, { code: await texted(rig, member, "+12025550172", 1) });
    await press(member, "Done");
    await rig.equal("codes on paper are shown with it", (await printed(member)).length, 10);
    await go(rig, member, FACTORS);
    await says(rig, member, "second factors", "+1202*****72");
    await follow(member, "Add a phone");
    await fill(member, { number: "202-555-0172" });
    await press(member, "Text me a code");
    await wrong(rig, member, "a telephone that is known", ["number"]);

    // who has an app may have a code texted, too
    await later(member, then);
    const other = await rig.open("/manage/login/");
    await firstStep(rig, other, told.people.Member.email, told.password);
    await says(rig, other, "the second step", "Open the authenticator app");
    await press(other, "Text a code to +1202*****72");
    await look(rig, other, "a code of an app, or a text");
    await fill(other, { code: await texted(rig, other, "+12025550172", 2) });
    await enter(other);
    await rig.check("the telephone lets in", !other.url().includes("/manage/login/"), other.url());

    await go(rig, member, FACTORS);
    await followIn(member, "Authenticator app", "Remove");
    await press(member, "Remove the app");
    await says(rig, member, "second factors", "The authenticator app was removed.");
    await followIn(member, "+1202*****72", "Remove");
    await look(rig, member, "whether to remove a telephone");
    await press(member, "Remove the phone");
    await says(rig, member, "second factors", "Nothing was removed: this is the only way");
    await follow(member, "Add an authenticator app");
    await look(rig, member, "where codes come from");
    await app(member);
    await rig.check("the app is there again", async () => (await row(member, "Authenticator app").count()) === 1);
    await says(rig, member, "second factors", "Your app is set up.");
    await followIn(member, "+1202*****72", "Remove");
    await press(member, "Remove the phone");
    await says(rig, member, "second factors", "The phone was removed.");
    await saysNot(rig, member, "second factors", "+1202*****72");

    await follow(member, "Turn two-factor authentication off");
    await look(rig, member, "whether to turn it off");
    await fill(member, { password: "wrong" });
    await press(member, "Turn it off");
    await wrong(rig, member, "turning it off", ["password"]);
    await fill(member, { password: told.password });
    await press(member, "Turn it off");
    await says(rig, member, "second factors", "It is off.");
    await go(rig, member, "/manage/votenow/");
    await rig.check("the site is closed without one", member.url().endsWith(FACTORS), member.url());
    await app(member);
    await follow(member, "I have kept them");
    await rig.check("and opens with another one", member.url().endsWith("/manage/votenow/"), member.url());
}

/** Whoever may work for several chooses one. */
async function workplaces(rig) {
    const page = await signedIn(rig, "Superuser");
    await go(rig, page, "/manage/profile/change_subscriber/");
    await look(rig, page, "organizations");
    await pressIn(page, "The elsewhere campaign", "Work for it");
    await rig.check("one works for another one", page.url().endsWith("/manage/elsewhere/"), page.url());
    await says(rig, page, "its first page", "You work for The elsewhere campaign now.");
    await rig.check("it stands above every page", async () => (await page.locator(".reader").innerText()).includes("The elsewhere campaign"));
    await go(rig, page, "/manage/votenow/register/");
    await rig.equal("pages of the one before are closed", await heading(page), "Page not found");
    await look(rig, page, "a page of another organization");
    await go(rig, page, "/manage/profile/change_subscriber/");
    await follow(page, "Where you work now");
    await rig.check("one is led there", page.url().endsWith("/manage/elsewhere/"), page.url());
}

/** A session ends while somebody fills in a form. */
async function ended(rig, page) {
    while (Date.now() < told.ends.until + 500) await page.waitForTimeout(250);
    await fill(page, { first_name: "Too", last_name: "Late" });
    await press(page, "Save");
    await rig.check("who is too late signs in again", page.url().includes("/manage/login/?next=%2Fmanage%2Fprofile%2Fupdate_profile"), page.url());
    await says(rig, page, "signing in", "Your session has ended. Please sign in again to go on.");
    await look(rig, page, "signing in after the session has ended");
    await fill(page, { email: told.people.Stranger.email, password: told.password });
    await enter(page);
    await fill(page, { code: code(Buffer.from(told.people.Stranger.secret, "hex")) });
    await enter(page);
    await rig.check("and is back where one was", page.url().endsWith("/manage/profile/update_profile/"), page.url());
    await rig.equal("nothing was changed", await page.locator("#first_name").inputValue(), "Stranger");
}

export default async function account(rig) {
    const ends = await rig.open("/manage/login/");
    await ends.context().addCookies([{ name: "turnout_session", value: told.ends.cookie, url: rig.base }]);
    await go(rig, ends, "/manage/profile/update_profile/");
    await rig.equal("somebody is signed in for a while", await heading(ends), "Name and time zone");
    const member = await signedIn(rig, "Member");
    const { page, codes } = await invited(rig, member);
    await profile(rig, page);
    const last = await sessions(rig, page, codes);
    await forgotten(rig, last);
    await factors(rig, member);
    await byTelephone(rig);
    await workplaces(rig);
    await ended(rig, ends);
}
