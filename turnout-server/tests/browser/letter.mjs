// Forms that are printed and mailed: the voter is asked by mail, and says yes on a page. The server's Ohio allows that for
// both tools.
import { sound } from "./register.mjs";

const VOTER = {
    first_name: "Lucja",
    last_name: "Nowak",
    address1: "1 Main St",
    city: "Lima",
    state: "OH",
    zipcode: "45801",
    date_of_birth: "1990-06-19",
    email: "lucja@example.org",
    us_citizen: true,
};
const REST = {
    is_18_or_over: true,
    state_id_number: "QX471199",
    request_mailing_address1: "12 Elm Street",
    request_mailing_city: "Lima",
    request_mailing_state: "OH",
    request_mailing_zipcode: "45801",
    ignore_undeliverable: true,
};
export const TOOLS = [
    { api: "/v1/registration/register/", page: "/register-to-vote/confirm/" },
    { api: "/v1/absentee/request/", page: "/vote-by-mail/confirm/" },
];

/** Hands in a form that is to be mailed, and waits for the mail that asks; the address of its page without the host. */
export async function asked(rig, page, { api, page: path }) {
    const begun = await page.request.post(`${rig.base}${api}?incomplete=true`, { data: VOTER });
    const { uuid, regions } = await begun.json();
    const region = regions?.[0]?.external_id;
    const done = await page.request.patch(`${rig.base}${api}${uuid}/`, { data: { ...REST, region } });
    await rig.equal(`${api} makes the form`, done.status(), 200);
    for (let tries = 0; tries < 60; tries += 1) {
        const mails = await (await page.request.get(`${rig.base}/dev/outbox.json`)).text();
        const found = mails.match(new RegExp(`${path}\\?[A-Za-z0-9=&_%-]*token=[A-Za-z0-9_%-]+`));
        if (found) return found[0];
        await page.waitForTimeout(250);
    }
    await rig.check(`${path} is in a mail`, false);
    return path;
}

export default async function letter(rig) {
    const page = await rig.open("/");
    for (const tool of TOOLS) {
        const link = await asked(rig, page, tool);
        const { page: path } = tool;
        for (const language of ["en", "es"]) {
            await page.goto(`${rig.base}${link}&lang=${language}`);
            await rig.equal(`${path} speaks ${language}`, await page.locator("html").getAttribute("lang"), language);
            await sound(rig, page, `${path} (${language})`);
        }
        await page.goto(rig.base + link);
        await rig.shots(page, `letter-asked${path.replaceAll("/", "-")}`);
        await rig.check("nothing of the voter is shown", async () => !/Nowak|Elm|QX47/.test(await page.content()));
        await page.goto(rig.base + link);
        await rig.equal("following the link asks again", await page.locator("button.primary").count(), 1);

        // another's token opens nothing
        await page.locator('input[name="token"]').evaluate((it) => { it.value = "x"; });
        await page.locator("button.primary").click();
        await rig.equal("a wrong token leads nowhere", await page.locator("button.primary").count(), 0);
        await sound(rig, page, `${path}: nothing to be mailed`);
        await rig.shots(page, `letter-unknown${path.replaceAll("/", "-")}`);

        const plain = await rig.open(link, { javascript: false, phone: true });
        await plain.keyboard.press("Tab");
        for (let stops = 0; stops < 12 && !(await plain.locator("button.primary:focus").count()); stops += 1) {
            await plain.keyboard.press("Tab");
        }
        await Promise.all([plain.waitForURL("**said=1**"), plain.keyboard.press("Enter")]);
        await rig.equal("the keyboard alone says yes", await plain.locator("form button.primary").count(), 0);
        await page.goto(plain.url());
        await sound(rig, page, `${path}: said`);
        await rig.shots(page, `letter-said${path.replaceAll("/", "-")}`);
        await page.reload();
        await rig.check("and stays so", page.url().includes("said=1"), page.url());
    }
}
