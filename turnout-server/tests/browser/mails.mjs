// Every mail as a mail program shows it: `/dev/mail/` is asked for them, and each is looked at in light and dark, wide and
// narrow. The server sandboxes mails so that nothing runs in them, so their HTML is put into an empty page of the rig's.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** What the book shows. */
const SHOWN = ["register.form.en", "register.confirm.es", "absentee.to_office.en", "absentee.next_steps.en"];

export default async function mails(rig) {
    const list = await rig.open("/dev/mail/");
    await rig.accessible(list, "the list of mails and texts");
    const paths = await list.$$eval("ul.mails a", (links) => links.map((link) => link.getAttribute("href")));
    await rig.check("there are mails in two languages", paths.length > 40, paths.length);

    const page = await rig.open(paths[0]);
    await rig.accessible(page, paths[0]);
    await rig.check("a mail stands on its page, rendered and plain", async () => {
        const plain = await page.textContent("pre.plain");
        return (await page.isVisible("iframe.mail")) && plain.length > 200;
    });

    const context = await rig.browser.newContext({ viewport: { width: 660, height: 800 } });
    const blank = await context.newPage();
    for (const path of paths) {
        const name = path.split("/").slice(3, 5).join(".");
        const answer = await fetch(`${rig.base}${path.split("?")[0]}html/`);
        const html = await answer.text();
        await rig.check(`${name} is no longer than what mail programs show whole`, html.length < 100_000, html.length);
        await blank.setContent(html);
        for (const colorScheme of ["light", "dark"]) {
            await blank.emulateMedia({ colorScheme });
            await rig.accessible(blank, `${name} in the ${colorScheme}`);
        }
        await blank.setViewportSize({ width: 320, height: 800 });
        const wide = await blank.evaluate(() => document.documentElement.scrollWidth);
        await rig.check(`${name} fits a narrow screen`, wide <= 320, wide);
        await blank.setViewportSize({ width: 660, height: 800 });
        if (SHOWN.includes(name)) await shoot(blank, name);
    }
}

/** Both colors, into TURNOUT_SCREENSHOTS, if that is set. */
async function shoot(page, name) {
    const folder = process.env.TURNOUT_SCREENSHOTS;
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const path = join(folder, `mail-${name}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
    }
}
