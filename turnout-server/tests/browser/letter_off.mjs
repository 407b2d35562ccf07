// The same where nobody mails forms: whoever says yes is told so, and the form to print is there still.
import { TOOLS, asked } from "./letter.mjs";
import { sound } from "./register.mjs";

export default async function letterOff(rig) {
    const page = await rig.open("/");
    for (const tool of TOOLS) {
        await page.goto(rig.base + (await asked(rig, page, tool)));
        const [answer] = await Promise.all([
            page.waitForResponse((response) => response.request().method() === "POST"),
            page.locator("button.primary").click(),
        ]);
        await page.waitForLoadState();
        await rig.equal(`${tool.page} cannot be mailed`, answer.status(), 503);
        await rig.equal("no button is left to press", await page.locator("button.primary").count(), 0);
        await sound(rig, page, `${tool.page}: nobody mails forms`);
        await rig.shots(page, `letter-off${tool.page.replaceAll("/", "-")}`);
    }
}
