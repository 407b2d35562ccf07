// Whoever tries too often has to wait: at the password, at the code, at the link to a new password, and on the public pages. The
// test (`tests/all/manage/staff.rs`) starts the server with small limits.
import { code, enter, fill, firstStep, go, heading, look, mailTo, press, says, told } from "./hands.mjs";

const WAIT = "There were too many attempts. Please try again in";

async function atThePassword(rig) {
    const { email } = told.people.Member;
    const page = await rig.open("/manage/login/");
    for (let tries = 0; tries < 3; tries += 1) {
        await firstStep(rig, page, email, `guess ${tries}`);
        await says(rig, page, `guess ${tries} of a password`, "do not go together");
    }
    await firstStep(rig, page, email, told.password);
    await says(rig, page, "the right password after three guesses", WAIT);
    await look(rig, page, "signing in after three guesses");
    await go(rig, page, "/manage/profile/sessions/");
    await rig.check("nobody is in", page.url().includes("/manage/login/"), page.url());
}

async function atTheCode(rig) {
    const { email, secret } = told.people.DataOff;
    const page = await rig.open("/manage/login/");
    await firstStep(rig, page, email, told.password);
    const right = code(Buffer.from(secret, "hex"));
    for (let tries = 0; tries < 3; tries += 1) {
        await fill(page, { code: right === "000000" ? "000001" : "000000" });
        await enter(page);
        await says(rig, page, `guess ${tries} of a code`, "That is not the code");
    }
    await fill(page, { code: right });
    await enter(page);
    await says(rig, page, "the right code after three guesses", WAIT);
    await look(rig, page, "a code after three guesses");
}

/** Two links are mailed, to whoever it is; what is said is the same where nobody has that address. */
async function atTheMail(rig) {
    const { email } = told.people.SubscriberAdmin;
    const page = await rig.open("/manage/password_reset/");
    for (const address of [email, "nobody-has-this@example.org"]) {
        for (let tries = 0; tries < 3; tries += 1) {
            await go(rig, page, "/manage/password_reset/");
            await fill(page, { email: address });
            await enter(page);
            if (tries < 2) await rig.equal(`link ${tries} to ${address} is on its way`, await heading(page), "Look at your mail");
            else await says(rig, page, `a third link to ${address}`, WAIT);
        }
    }
    await look(rig, page, "a link to a new password too many");
    await mailTo(rig, page, email);
}

async function onPublicPages(rig) {
    const fields = {
        organization_name: "League of Guessers", website: "guessers.example.org", first_name: "Dee", last_name: "Ray",
        email: "dee@example.org", ein: "12-3456789",
    };
    const page = await rig.open("/subscribe/");
    for (const isFirst of [true, false]) {
        await go(rig, page, "/subscribe/");
        await fill(page, fields);
        await page.locator("#plan").selectOption({ label: "Non-profit" });
        await page.locator("#sms_mode").selectOption({ index: 1 });
        await press(page, "Send");
        await rig.equal(`${isFirst ? "one" : "another"} wish is taken`, page.url().endsWith("/subscribe/thanks/"), isFirst);
    }
    await look(rig, page, "a wish too many");
    for (const isFirst of [true, false]) {
        await go(rig, page, `/download/?id=${told.file}`);
        await press(page, "Send me a new link");
        await rig.equal(`${isFirst ? "one" : "another"} link is sent`, page.url().includes("sent=1"), isFirst);
    }
    await look(rig, page, "a link too many");
}

export default async function limits(rig) {
    await atThePassword(rig);
    await atTheCode(rig);
    await atTheMail(rig);
    await onPublicPages(rig);
}
